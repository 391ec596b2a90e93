"""Tells people who help what waits, at their hour, and of reports that concern today; each at most once."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping

from bot.domain.admin import Admin
from bot.domain.clock import Clock, system_clock
from bot.domain.metrics import Metrics, NoMetrics
from bot.domain.news import Alert, Reader
from bot.domain.reminder import Blocked, NotSent, Outcome, Rejected, Unsure
from bot.jobs.send_reminders import SEND_S, Deliver
from bot.services.limiter import Limiter
from bot.services.news import News
from bot.services.reports import local_day
from bot.views.screen import Screen

log = logging.getLogger(__name__)

Counts = Callable[[Admin], Awaitable[Mapping[str, int]]]
"""How much waits in somebody's scope, by kind."""
Compose = Callable[[str, Mapping[str, int] | Alert], Screen]
"""What is said, in a language, of all that waits or of one report."""


class TellAdmins:
    """The clock's work; one round at a time."""

    def __init__(
        self,
        news: News,
        counts: Counts,
        limiter: Limiter,
        compose: Compose,
        deliver: Deliver,
        *,
        clock: Clock = system_clock,
        metrics: Metrics | None = None,
    ) -> None:
        self._news, self._counts, self._limiter = news, counts, limiter
        self._compose, self._deliver = compose, deliver
        self._clock, self._metrics = clock, metrics or NoMetrics()
        self._left: list[tuple[Alert, Reader]] = []  # taken, and surely not sent yet

    async def run(self) -> None:
        """Tell all that is due now; a fault in one keeps nobody else waiting. Raises StoreError."""
        if await self._limiter.resting():
            return
        self._left += [(alert, reader) for alert, some in await self._news.alerts() for reader in some]
        await self._alerts()
        for reader in await self._news.due():
            await self._digest(reader)

    async def _alerts(self) -> None:
        """Each that still concerns today; what was not sent for sure stays for the next round."""
        taken, self._left = self._left, []
        for alert, reader in taken:
            if local_day(alert.meeting, self._clock()).isoweekday() != alert.meeting.weekday:
                continue
            outcome = await self._send("alert", reader, alert, silent=reader.sleeps(self._clock()))
            if isinstance(outcome, NotSent):
                self._left.append((alert, reader))

    async def _digest(self, reader: Reader) -> None:
        day = await self._news.take(reader)
        if day is None:
            return
        try:
            counts = await self._counts(reader.admin)
        except Exception as error:
            log.error("what waits cannot be counted", exc_info=error)
            return
        if counts and isinstance(await self._send("digest", reader, counts, silent=False), NotSent):
            await self._news.give_back(reader, day)

    async def _send(self, kind: str, reader: Reader, what: Mapping[str, int] | Alert, *, silent: bool) -> Outcome:
        outcome = await self._outcome(reader, what, silent)
        if isinstance(outcome, NotSent) and outcome.everybody:
            await self._limiter.pause(outcome.after_s)
        if isinstance(outcome, Blocked):
            await self._news.drop(reader)
        self._metrics.count("reminders", kind=kind, outcome=type(outcome).__name__.lower())
        return outcome

    async def _outcome(self, reader: Reader, what: Mapping[str, int] | Alert, silent: bool) -> Outcome:
        if rest := await self._limiter.take():
            return NotSent(rest)
        try:
            screen = self._compose(reader.language, what)
        except Exception as error:
            log.error("news for somebody who helps cannot be written", exc_info=error)
            return Rejected()
        try:
            async with asyncio.timeout(SEND_S):
                return await self._deliver(reader.chat, screen, silent)
        except Exception as error:
            log.error("news for somebody who helps may not have arrived", exc_info=error)
            return Unsure()
