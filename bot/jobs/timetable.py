"""What happens by itself, and how often. Rows in the database are the truth; the scheduler only ticks."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from types import TracebackType

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.interval import IntervalTrigger

from bot.domain.metrics import Metrics, NoMetrics

log = logging.getLogger(__name__)

TICK_S = 10.0


@dataclass(frozen=True, slots=True)
class Job:
    """Something done every `seconds`; its services are bound into `run`. After a failed run the next one comes."""

    name: str
    seconds: float
    run: Callable[[], Awaitable[object]]


class Timetable:
    """Runs jobs in the loop of its `async with` block, each at most once at a time.

    A run that could not start on time is made up for once, however late; runs missed beside it are not.
    """

    def __init__(self, jobs: Sequence[Job] = (), *, metrics: Metrics | None = None) -> None:
        self._jobs = (Job("tick", TICK_S, self._tick), *jobs)
        self._metrics = metrics or NoMetrics()
        self._scheduler = AsyncIOScheduler(timezone="UTC")
        self._ticked: float | None = None
        self._ending = False

    @property
    def tick_age(self) -> float | None:
        """Seconds since the clock last ticked; None before it runs."""
        return None if self._ticked is None else time.monotonic() - self._ticked

    async def __aenter__(self) -> "Timetable":
        for job in self._jobs:
            self._scheduler.add_job(
                self._run,
                IntervalTrigger(seconds=job.seconds, timezone="UTC"),
                args=(job,),
                id=job.name,
                misfire_grace_time=None,
                coalesce=True,
                max_instances=1,
            )
        self._scheduler.start()
        await self._tick()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._ending = True
        self._scheduler.shutdown(wait=False)

    async def _run(self, job: Job) -> None:
        began, outcome = time.monotonic(), "failed"
        try:
            await job.run()
            outcome = "done"
        except asyncio.CancelledError:
            if self._ending:
                return  # the scheduler would log an orderly stop as an error
            raise
        except Exception as error:
            log.error("a job failed", exc_info=error, extra={"job": job.name})
        self._metrics.count("jobs", task=job.name, outcome=outcome)
        self._metrics.observe("job_seconds", time.monotonic() - began, task=job.name)

    async def _tick(self) -> None:
        self._ticked = time.monotonic()
