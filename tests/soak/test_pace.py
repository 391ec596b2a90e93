"""A small version of the long run: the same on a clock that needs no waiting, and four at once for a moment."""

import asyncio
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.reminder import Due, Outcome, Sent
from bot.jobs.send_reminders import SendReminders
from bot.services.keys import KeyRing
from bot.services.limiter import Limiter
from bot.services.outbox import Outbox
from bot.store.database import Database
from bot.views.screen import Screen
from tests.reminding import KEY
from tests.soak.claims import longest_wait
from tests.soak.filling import keep, list_meetings
from tests.soak.pace import audited, grants, most_over, wishes_at
from tests.soak.reminders import opened
from tests.soak.worker import pace

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


async def test_many_that_are_due_at_once_leave_at_the_set_rate_least_time_left_first(
    sqlite_db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    wishes, meetings = wishes_at(300, NOON, people=75)
    await list_meetings(sqlite_db, meetings, NOON)
    ring = KeyRing(sqlite_db, setting=KEY)
    await keep(sqlite_db, ring, wishes, NOON)
    at, granted, left = [0.0], list[float](), list[datetime]()

    async def sleep(seconds: float) -> None:
        at[0] += seconds
        await asyncio.sleep(0)

    async def compose(due: Due) -> Screen:
        assert due.start is not None
        left.append(due.start)
        return Screen("A reminder")

    async def take() -> float:
        rest = await Limiter.take(limiter)
        granted.append(at[0])
        return rest

    async def deliver(chat: int, screen: Screen, silent: bool) -> Outcome:
        return Sent()

    limiter = Limiter(sqlite_db, 25, clock=lambda: at[0], sleep=sleep)
    monkeypatch.setattr(limiter, "take", take)
    clock = lambda: NOON + timedelta(seconds=at[0])  # noqa: E731
    sender = SendReminders(Outbox(sqlite_db, ring), limiter, compose, deliver, clock=clock, rate=25)
    await sender.tick()
    assert len(left) == len(granted) == 300
    assert (len(granted) - 1) / (granted[-1] - granted[0]) == pytest.approx(25, rel=0.02)
    assert longest_wait(list(zip(granted, left, strict=True))) < 2.5  # two batches of a second each are in hand


def test_the_fullest_window_of_any_length_is_found() -> None:
    steady = [(number / 25, 1.0) for number in range(100)]
    assert most_over(steady, 25) <= 0
    assert most_over([*steady, (4.0, 6.0)], 25) == pytest.approx(1.0)
    assert most_over([(0.0, 5.0), (0.2, 5.0), (0.4, 6.0)], 25) == pytest.approx(1.0)


def test_the_longest_wait_behind_a_later_meeting_is_found() -> None:
    early, late = NOON, NOON + timedelta(minutes=1)
    assert longest_wait([(1.0, early), (2.0, early), (3.0, late)]) == 0
    assert longest_wait([(1.0, late), (2.0, early), (4.5, early), (9.0, late)]) == 3.5


@pytest.mark.postgres
async def test_four_at_once_never_get_more_than_rate_and_burst_in_any_window(upgraded_postgres: str) -> None:
    await audited(upgraded_postgres)
    async with AsyncExitStack() as stack:
        databases = [await stack.enter_async_context(opened(upgraded_postgres)) for _ in range(4)]
        await asyncio.gather(*(pace(database, "50", "1.5") for database in databases))
    found = await grants(upgraded_postgres)
    assert sum(many for _, many in found) > 20
    assert most_over(found, 50) <= 0
