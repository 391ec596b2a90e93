"""What must hold although processes die, clocks jump and rows are bad: the rarer ones."""

import asyncio
import logging
import shutil
import time
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.domain.errors import StoreError
from bot.domain.reminder import Blocked, Kind, Outcome, Sent
from bot.services.outbox import Begun
from bot.store.database import Database
from bot.store.outbox import LEASE, SENDING
from tests.reminding import DAY, HOUR, MONDAY, SOMEBODY, TUESDAY, WEEK, World, opened_world

DUE = TUESDAY - HOUR
OTHER = 5550101


async def begun(world: World) -> Begun:
    """The one message that is due, marked as being sent."""
    await world.outbox.plan(DUE)
    (lease,) = await world.outbox.take(DUE, 1)
    found = await world.outbox.begin(lease, DUE)
    assert found is not None
    return found


async def test_who_comes_after_somebody_that_left_keeps_their_reminder_when_the_old_message_is_refused(
    db: Database,
) -> None:
    world, meeting = await opened_world(db)
    await world.wanted(meeting)
    world.now = DUE
    old = await begun(world)
    await world.people.forget(SOMEBODY)
    await world.wanted(meeting, chat=OTHER, weekly=True)
    assert not await world.outbox.finish(old, Blocked(), DUE)
    assert len(await world.reminders.of(OTHER)) == 1


async def test_a_lease_of_a_deleted_message_does_not_hold_for_the_one_that_got_its_number(db: Database) -> None:
    world, meeting = await opened_world(db)
    await world.wanted(meeting)
    old = await begun(world)
    await world.people.forget(SOMEBODY)
    await world.wanted(meeting, chat=OTHER)
    new = await begun(world)
    assert not await world.outbox.finish(old, Blocked(), DUE)
    assert not await world.outbox.finish(old, Sent(), DUE)
    assert await world.outbox.finish(new, Sent(), DUE)


@pytest.mark.parametrize("step", ["plan", "reap", "take"])
async def test_the_watchdog_sees_ticks_that_never_go_well(
    sqlite_db: Database, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    world, meeting = await opened_world(sqlite_db)
    await world.wanted(meeting)
    world.now = DUE

    async def fails(*_: object) -> None:
        raise StoreError("Something is wrong with that.")

    monkeypatch.setattr(world.outbox, step, fails)
    await world.sender.run()
    await asyncio.sleep(0.05)
    first = world.sender.age_s
    assert first is not None, "it is known from the first tick on how long nothing went well"
    await world.sender.run()
    await asyncio.sleep(0.05)
    assert (world.sender.age_s or 0) >= first + 0.04
    monkeypatch.undo()
    began = time.monotonic()
    await world.tick()
    assert (world.sender.age_s or 0) <= time.monotonic() - began
    assert len(world.arrived) == 1


async def test_a_fault_while_messages_leave_is_told_once_and_they_come_at_the_next_tick(
    sqlite_db: Database, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    world, meeting = await opened_world(sqlite_db)
    await world.wanted(meeting)
    world.now = DUE

    async def fails() -> float:
        raise StoreError("The database does not answer.")

    with caplog.at_level(logging.ERROR):
        monkeypatch.setattr(world.limiter, "take", fails)
        await world.sender.run()
        while not caplog.messages:
            await asyncio.sleep(0.01)
    assert caplog.messages == ["reminders could not be sent"]
    assert len(asyncio.all_tasks()) == 1, "nothing goes on unseen"
    world.restart()
    await world.tick(DUE + LEASE)
    assert len(world.arrived) == 1


async def test_later_says_nothing_about_a_time_that_is_over(db: Database) -> None:
    world, meeting = await opened_world(db)
    await world.wanted(meeting)
    await world.tick(DUE)
    assert await world.reminders.later(SOMEBODY, meeting.id, TUESDAY.date()) == DUE + timedelta(minutes=10)
    world.now = TUESDAY + timedelta(minutes=1)  # nothing was sent in between
    assert await world.reminders.later(SOMEBODY, meeting.id, TUESDAY.date()) is None


# -- clocks


async def test_a_clock_that_leaps_a_day_ahead_and_back_repeats_nothing_and_loses_only_that_day(db: Database) -> None:
    world, meeting = await opened_world(db)
    await world.wanted(meeting, weekly=True)
    await world.tick(MONDAY + 2 * DAY)  # wrong: it is still Monday
    await world.tick(MONDAY + HOUR)
    await world.tick(DUE)
    await world.tick(DUE + timedelta(minutes=1))
    reminded = [one.due.start for one in world.arrived]
    assert len(reminded) == len(set(reminded)) <= 1
    await world.tick(DUE + WEEK)
    assert [one.due.start for one in world.arrived][-1] == TUESDAY + WEEK


# -- edits after the last step


async def test_who_was_reminded_already_hears_of_the_new_time_once_and_is_not_reminded_again(db: Database) -> None:
    world, meeting = await opened_world(db)
    await world.wanted(meeting, weekly=True)
    await world.tick(DUE)
    await world.synced(replace(meeting, start=20 * 60 + 30))
    await world.tick(DUE + timedelta(minutes=1))
    await world.tick(TUESDAY + timedelta(minutes=31))
    assert world.kinds() == [Kind.REMINDER, Kind.NOTICE]
    await world.tick(DUE + WEEK + timedelta(minutes=90))
    assert world.kinds() == [Kind.REMINDER, Kind.NOTICE, Kind.REMINDER]
    assert world.arrived[-1].due.start == TUESDAY + WEEK + timedelta(minutes=90)


# -- the power goes

Step = Callable[[World], Awaitable[object]]


def copied(database: Database, folder: Path) -> str:
    """The file and its journal as they lie on the disk at this moment, in another folder."""
    file = Path(database.url.database or "")
    folder.mkdir()
    for path in file.parent.glob(f"{file.name}*"):
        if not path.name.endswith("-shm"):
            shutil.copyfile(path, folder / path.name)
    return f"sqlite+aiosqlite:///{folder / file.name}"


async def test_what_lies_on_the_disk_at_any_step_opens_whole_and_sends_at_most_once_more(
    sqlite_db: Database, tmp_path: Path
) -> None:
    world, meeting = await opened_world(sqlite_db)
    disks: dict[str, tuple[str, int]] = {}

    def look(step: str) -> None:
        disks[step] = copied(sqlite_db, tmp_path / step), len(world.arrived)

    async def answer() -> Outcome:
        look("sending")
        return Sent()

    await world.wanted(meeting)
    look("wanted")
    await world.outbox.plan(DUE)
    look("planned")
    (lease,) = await world.outbox.take(DUE, 1)
    look("leased")
    await world.outbox.give_back(lease, DUE)
    world.answers = [answer]
    await world.tick(DUE)
    look("sent")
    for step, (url, arrived) in disks.items():
        assert await _goes_on(url) + arrived == 1, step


async def test_a_journal_that_was_cut_anywhere_loses_only_its_end(sqlite_db: Database, tmp_path: Path) -> None:
    world, meeting = await opened_world(sqlite_db)
    await sqlite_db.scrub()
    await world.wanted(meeting)
    await world.outbox.plan(DUE)
    await world.outbox.take(DUE, 1)
    for number in range(12):
        url = copied(sqlite_db, tmp_path / str(number))
        journal = Path(url.removeprefix("sqlite+aiosqlite:///") + "-wal")
        whole = journal.read_bytes()
        journal.write_bytes(whole[: len(whole) * number // 11])
        assert await _goes_on(url) == (1 if number == 11 else await _wanted_then(url)), number


async def _wanted_then(url: str) -> int:
    """How many reminders the copy holds: each of them is to come once."""
    database = Database(url)
    await database.open()
    async with database.read() as connection:
        count = (await connection.exec_driver_sql("SELECT count(*) FROM reminders")).scalar_one()
    await database.close()
    return int(count)


async def _goes_on(url: str) -> int:
    """Open a copy, check it, and let a new process go on: how many messages arrive."""
    database = Database(url)
    await database.open()
    async with database.begin() as connection:
        assert (await connection.exec_driver_sql("PRAGMA integrity_check")).scalar_one() == "ok"
        assert (await connection.exec_driver_sql("PRAGMA foreign_key_check")).all() == []
    world = World(database)
    await world.tick(DUE)
    await world.tick(DUE + SENDING + timedelta(seconds=1))
    await database.close()
    return len(world.arrived)
