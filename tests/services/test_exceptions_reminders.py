"""Reminders of meetings whose weeks are not alike: none for a closed day, a word beforehand, once at another hour."""

from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from random import Random

import pytest

from bot.domain.errors import MeetingGone
from bot.domain.exceptions import BadDays, DatedException, closed, moved_once
from bot.domain.meeting import Meeting
from bot.domain.reminder import HOUR_S, Kind, Reason
from bot.services.exceptions import Days
from bot.store.database import Database
from tests.builders import make_meeting
from tests.reminding import DAY, HOUR, MONDAY, SOMEBODY, TUESDAY, WEEK, World
from tests.services.oracle import starts

ON, AFTER = TUESDAY.date(), TUESDAY.date() + WEEK
WEDNESDAY = ON + DAY
LEAD_S = 6 * HOUR_S
WEDNESDAY_AT_18 = datetime(2026, 11, 25, 18, 0, tzinfo=UTC)


class Rig(World):
    """A person with a weekly reminder, and somebody who sets days."""

    meeting: Meeting

    async def put(self, what: DatedException) -> None:
        await Days(self.database, clock=lambda: self.now).put(None, [self.meeting.id], what)

    async def remove(self, first_day: date) -> None:
        await Days(self.database, clock=lambda: self.now).remove(None, [self.meeting.id], first_day)

    async def until(self, moment: datetime) -> None:
        """Ticks, as few as will do."""
        while self.now < moment:
            await self.tick(min(moment, self.now + 4 * HOUR))

    def told(self) -> list[tuple[Kind, datetime | None]]:
        return [(one.due.kind, one.due.start) for one in self.arrived]


async def rig(database: Database) -> Rig:
    made = Rig(database)
    made.meeting = make_meeting()
    await made.listed(made.meeting)
    await made.wanted(made.meeting, weekly=True, lead_s=LEAD_S)
    return made


async def test_closed_this_week_the_person_is_told_at_once_and_reminded_the_week_after(db: Database) -> None:
    world = await rig(db)
    await world.put(closed(ON, ON))
    await world.tick(MONDAY)
    assert world.told() == [(Kind.NOTICE, TUESDAY)]
    due = world.arrived[0].due
    assert (due.reason, due.next_start) == (Reason.CLOSED, TUESDAY + WEEK)
    await world.until(TUESDAY + WEEK)
    assert world.told()[1:] == [(Kind.REMINDER, TUESDAY + WEEK)]


async def test_one_that_is_moved_is_reminded_of_at_its_new_hour_and_then_as_every_week(sqlite_db: Database) -> None:
    world = await rig(sqlite_db)
    await world.put(moved_once(ON, WEDNESDAY, 18 * 60))
    await world.until(TUESDAY + WEEK + HOUR)
    assert world.told() == [
        (Kind.NOTICE, TUESDAY), (Kind.REMINDER, WEDNESDAY_AT_18), (Kind.REMINDER, TUESDAY + WEEK),
    ]  # fmt: skip
    assert world.arrived[0].due.next_start == WEDNESDAY_AT_18
    assert timedelta(hours=2) < WEDNESDAY_AT_18 - world.arrived[1].at <= timedelta(hours=7)


async def test_closed_the_week_after_the_person_is_told_the_day_before(db: Database) -> None:
    world = await rig(db)
    await world.put(closed(AFTER, AFTER + WEEK))
    await world.until(TUESDAY + 3 * WEEK)
    assert world.told() == [
        (Kind.REMINDER, TUESDAY), (Kind.NOTICE, TUESDAY + WEEK), (Kind.REMINDER, TUESDAY + 3 * WEEK),
    ]  # fmt: skip
    assert timedelta(hours=20) <= TUESDAY + WEEK - world.arrived[1].at <= timedelta(hours=24)


async def test_nothing_is_said_of_days_that_were_taken_back_before(sqlite_db: Database) -> None:
    world = await rig(sqlite_db)
    await world.put(closed(AFTER, AFTER))
    await world.until(TUESDAY + DAY)
    await world.remove(AFTER)
    await world.until(TUESDAY + WEEK + HOUR)
    assert world.told() == [(Kind.REMINDER, TUESDAY), (Kind.REMINDER, TUESDAY + WEEK)]


async def test_a_message_that_lies_ready_is_taken_back_when_the_day_is_closed(db: Database) -> None:
    world = await rig(db)
    world.now = TUESDAY - HOUR
    await world.outbox.plan(world.now)
    await world.put(closed(ON, ON))
    await world.tick()
    assert world.told() == [(Kind.NOTICE, TUESDAY)]


async def test_what_was_leased_before_the_day_was_closed_is_not_sent(db: Database) -> None:
    world = await rig(db)
    world.now = TUESDAY - HOUR
    await world.outbox.plan(world.now)
    (lease,) = await world.outbox.take(world.now, 10)
    await world.put(closed(ON, ON))
    assert await world.outbox.begin(lease, world.now) is None


async def test_until_further_notice_it_is_told_and_comes_back_with_the_meeting(db: Database) -> None:
    world = await rig(db)
    await world.put(closed(ON, None))
    await world.until(TUESDAY + WEEK)
    assert world.told() == [(Kind.NOTICE, TUESDAY)]
    kept = await world.reminders.get(SOMEBODY, world.meeting.id)
    assert kept is not None
    assert kept.off_the_list
    with pytest.raises(MeetingGone):
        await world.wanted(world.meeting, chat=SOMEBODY + 1)
    await world.put(closed(ON, AFTER))
    await world.until(TUESDAY + 2 * WEEK)
    assert world.told()[1:] == [(Kind.REMINDER, TUESDAY + 2 * WEEK)]


async def test_who_asks_to_be_reminded_once_is_reminded_of_the_next_one_that_is_held(sqlite_db: Database) -> None:
    world, meeting = Rig(sqlite_db), make_meeting()
    world.meeting = meeting
    await world.listed(meeting)
    await world.put(closed(ON, ON))
    reminder = await world.wanted(meeting, lead_s=LEAD_S)
    assert reminder.next_start == TUESDAY + WEEK
    await world.until(TUESDAY + 2 * WEEK)
    assert world.told() == [(Kind.REMINDER, TUESDAY + WEEK)]


async def test_a_pause_and_a_skipped_week_say_nothing_of_closed_days_in_them(sqlite_db: Database) -> None:
    world = await rig(sqlite_db)
    await world.put(closed(AFTER, AFTER))
    await world.reminders.skip(SOMEBODY, world.meeting.id, AFTER)
    await world.until(TUESDAY + 2 * WEEK)
    assert world.told() == [(Kind.REMINDER, TUESDAY), (Kind.REMINDER, TUESDAY + 2 * WEEK)]


async def test_new_zone_rules_change_nothing_about_closed_days(sqlite_db: Database) -> None:
    world = await rig(sqlite_db)
    await world.put(closed(ON, ON))
    await world.upkeep.take_up_zone_rules(world.now)
    world.rules = "2026z"
    assert await world.upkeep.take_up_zone_rules(world.now)
    kept = await world.reminders.get(SOMEBODY, world.meeting.id)
    assert kept is not None
    assert kept.next_start == TUESDAY + WEEK


def some_days(random: Random, weekday: int) -> tuple[DatedException, ...]:
    """One to three exceptions in the four weeks from Monday on; on no date two meetings."""
    found: dict[date, DatedException] = {}
    first = MONDAY.date() + timedelta(days=weekday - 1)
    for week in random.sample(range(4), random.randint(1, 3)):
        day = first + week * WEEK
        if random.random() < 0.5:
            to = day + timedelta(days=random.choice((-3, -2, -1, 1, 2, 3)))
            found[day] = moved_once(day, to, random.choice((None, 6 * 60, 22 * 60)))
        else:
            found[day] = closed(day, random.choice((day, day + timedelta(days=8), None)))
    return tuple(found.values())


async def test_a_reminder_fires_exactly_for_what_is_held(sqlite_db: Database) -> None:
    random, world, right = Random(20261122), World(sqlite_db), dict[int, list[datetime]]()
    world.now = begin = MONDAY - DAY
    end = begin + 4 * WEEK
    meetings = [
        make_meeting(key=str(number), weekday=random.randint(1, 7), start=15 * random.randrange(40, 96))
        for number in range(40)
    ]
    await world.listed(*meetings)
    days = Days(sqlite_db, clock=lambda: begin)
    for chat, one in enumerate(meetings, SOMEBODY):
        assert one.weekday is not None
        before = random.random() < 0.5  # asked to be reminded before the days were set, or after
        if before:
            await world.wanted(one, chat=chat, weekly=True, lead_s=LEAD_S)
        some = some_days(random, one.weekday)
        for exception in some:
            with suppress(BadDays):  # moved to what is closed
                await days.put(None, [one.id], exception)
        held = starts(one, await days.of(one.id), begin.date() - DAY, 30)
        right[chat] = [start for start in held if begin + timedelta(seconds=LEAD_S) < start < end]
        if not before and any(start > begin for start in held):
            await world.wanted(one, chat=chat, weekly=True, lead_s=LEAD_S)
    while world.now < end:
        await world.tick(world.now + 4 * HOUR)
    for chat, expected in right.items():
        mine = [one for one in world.arrived if one.chat == chat and one.due.kind is Kind.REMINDER]
        assert [one.due.start for one in mine if one.due.start and one.due.start < end] == expected
        assert all(one.due.start and one.due.start - one.at > HOUR for one in mine)
    assert len({len(expected) for expected in right.values()}) > 2  # some have many, some few
