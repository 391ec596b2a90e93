"""What the operator notices of the clock."""

import asyncio
import logging
import time

import pytest

from bot.jobs.timetable import Job, Timetable
from tests.chat.common import until


class Counts:
    def __init__(self) -> None:
        self.outcomes: list[tuple[str, str]] = []

    def count(self, name: str, **labels: str) -> None:
        self.outcomes.append((labels["task"], labels["outcome"]))

    def observe(self, name: str, seconds: float, **labels: str) -> None:
        assert seconds >= 0


async def test_a_job_runs_again_and_again_and_not_after_the_stop() -> None:
    runs: list[float] = []

    async def note() -> None:
        runs.append(time.monotonic())

    async with Timetable([Job("note", 0.1, note)]):
        await until(lambda: len(runs) >= 4)
    seen = len(runs)
    assert runs[3] - runs[0] > 0.1  # one every tenth of a second, though one may be late
    await asyncio.sleep(0.3)
    assert len(runs) == seen


async def test_a_job_that_fails_is_logged_without_its_words_and_comes_again(caplog: pytest.LogCaptureFixture) -> None:
    counts = Counts()
    runs: list[int] = []

    async def fails_once() -> None:
        runs.append(1)
        if len(runs) == 1:
            raise ValueError("about a person")

    with caplog.at_level(logging.ERROR, "bot"):
        async with Timetable([Job("clumsy", 0.1, fails_once)], metrics=counts):
            await until(lambda: len(runs) >= 2 and len(counts.outcomes) >= 2)
    assert counts.outcomes[:2] == [("clumsy", "failed"), ("clumsy", "done")]
    assert [record.getMessage() for record in caplog.records if record.name == "bot.jobs.timetable"] == [
        "a job failed"
    ]


async def test_a_stop_in_the_middle_of_a_job_is_no_error(caplog: pytest.LogCaptureFixture) -> None:
    began = asyncio.Event()

    async def slow() -> None:
        began.set()
        await asyncio.sleep(60)

    async with Timetable([Job("slow", 0.1, slow)]):
        await began.wait()
    await asyncio.sleep(0.1)
    assert [record.getMessage() for record in caplog.records if record.levelno >= logging.WARNING] == []


async def test_a_slow_job_never_runs_twice_at_once() -> None:
    running, most = 0, 0

    async def slow() -> None:
        nonlocal running, most
        running += 1
        most = max(most, running)
        await asyncio.sleep(0.25)
        running -= 1

    logging.getLogger("apscheduler").setLevel(logging.ERROR)
    async with Timetable([Job("slow", 0.1, slow)]):
        await asyncio.sleep(0.7)
    assert most == 1


async def test_the_age_of_the_tick_is_unknown_before_the_clock_runs_and_small_after() -> None:
    timetable = Timetable()
    assert timetable.tick_age is None
    async with timetable:
        assert timetable.tick_age is not None
        assert timetable.tick_age < 1


async def test_a_blocked_loop_makes_the_tick_late_but_loses_no_run() -> None:
    runs: list[int] = []

    async def note() -> None:
        runs.append(1)

    async with Timetable([Job("note", 0.1, note)]):
        await asyncio.sleep(0.05)
        time.sleep(0.6)  # five runs are missed
        await asyncio.sleep(0.08)
        assert 1 <= len(runs) <= 2  # the one made up for, perhaps the next one
