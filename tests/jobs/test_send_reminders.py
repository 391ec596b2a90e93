"""A reminder comes once, on time, and never after its meeting began, whatever happens in between."""

import asyncio
import logging
from dataclasses import replace
from datetime import datetime, timedelta, timezone

import pytest

from bot.domain.errors import StoreError
from bot.domain.meeting import Status
from bot.domain.reminder import Blocked, Kind, NotSent, Reason, Rejected, Sent, Unsure
from bot.store import outbox as messages
from bot.store import reminders as rows
from bot.store import revising
from bot.store.database import Database
from bot.store.outbox import LEASE, SENDING
from tests.builders import make_meeting
from tests.reminding import DAY, HOUR, MONDAY, SOMEBODY, TUESDAY, WEEK, World, opened_world

DUE = TUESDAY - HOUR  # with one hour's lead and up to ten minutes of jitter, all reminders are due by then


async def test_a_reminder_comes_once_an_hour_before_the_meeting(db: Database) -> None:
    world, meeting = await opened_world(db)
    reminder = await world.wanted(meeting)
    assert reminder.next_start == TUESDAY
    assert reminder.fires_at is not None
    assert DUE - timedelta(minutes=10) <= reminder.fires_at <= DUE
    await world.tick(reminder.fires_at - timedelta(seconds=1))
    assert world.arrived == []
    await world.tick(reminder.fires_at)
    await world.tick(DUE + timedelta(minutes=30))
    (arrived,) = world.arrived
    assert arrived.chat == SOMEBODY
    assert (arrived.due.kind, arrived.due.start, arrived.due.meeting) == (Kind.REMINDER, TUESDAY, meeting)
    assert (arrived.due.zone, arrived.due.named, arrived.silent) == ("Europe/London", False, False)


async def test_a_weekly_reminder_comes_every_week_and_a_single_one_ends_by_itself(db: Database) -> None:
    world, meeting = await opened_world(db)
    other = make_meeting(key="2")
    await world.listed(meeting, other)
    await world.wanted(meeting, weekly=True, silent=True)
    await world.wanted(other)
    await world.pass_time(TUESDAY + 2 * DAY)
    assert await world.reminders.get(SOMEBODY, other.id) is None
    await world.tick(DUE + WEEK)
    mine = [one for one in world.arrived if one.due.meeting == meeting]
    assert [one.due.start for one in mine] == [TUESDAY, TUESDAY + WEEK]
    assert [one.silent for one in mine] == [True, True]
    assert len(world.arrived) == 3


@pytest.mark.parametrize("late", [timedelta(minutes=1), timedelta(minutes=59)])
async def test_a_late_tick_still_reminds_before_the_meeting(db: Database, late: timedelta) -> None:
    world, meeting = await opened_world(db)
    await world.wanted(meeting)
    await world.tick(DUE + late)
    assert world.kinds() == [Kind.REMINDER]


@pytest.mark.parametrize("late", [HOUR, 6 * HOUR, 8 * DAY])
async def test_after_a_long_silence_nothing_comes_about_what_began(sqlite_db: Database, late: timedelta) -> None:
    world, meeting = await opened_world(sqlite_db)
    await world.wanted(meeting, weekly=True)
    await world.tick(DUE + late)
    assert world.arrived == []
    reminder = await world.reminders.get(SOMEBODY, meeting.id)
    assert reminder is not None
    assert reminder.next_start is not None
    assert reminder.next_start > world.now
    await world.tick(reminder.next_start - HOUR)
    assert len(world.arrived) == 1


async def test_a_single_reminder_that_was_slept_through_does_not_come_a_week_later(db: Database) -> None:
    world, meeting = await opened_world(db)
    await world.wanted(meeting)
    await world.tick(TUESDAY + HOUR)
    await world.pass_time(TUESDAY + WEEK, step=6 * HOUR)
    assert world.arrived == []
    assert not await world.people.has_anything(SOMEBODY)


async def test_a_backlog_brings_at_most_one_message_for_each_reminder(db: Database) -> None:
    world, meeting = await opened_world(db)
    await world.wanted(meeting, weekly=True, lead_s=86_400)
    await world.tick(MONDAY + 15 * DAY - HOUR)  # a Tuesday morning, two Tuesdays later
    assert [one.due.start for one in world.arrived] == [TUESDAY + 2 * WEEK]


class Crash(BaseException):
    """The process is gone."""


async def test_a_crash_after_planning_or_leasing_loses_and_doubles_nothing(db: Database) -> None:
    world, meeting = await opened_world(db)
    await world.wanted(meeting)
    await world.outbox.plan(DUE)
    world.restart()
    await world.outbox.plan(DUE)
    (lease,) = await world.outbox.take(DUE, 10)
    world.restart()
    assert await world.outbox.take(DUE, 10) == []
    await world.tick(DUE + LEASE)
    await world.tick(DUE + 2 * LEASE)
    assert world.kinds() == [Kind.REMINDER]
    assert await world.outbox.begin(lease, world.now) is None


async def test_a_rolled_back_plan_is_made_again(db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    world, meeting = await opened_world(db)
    await world.wanted(meeting)
    with monkeypatch.context() as broken:

        async def crash(*_: object) -> None:
            raise Crash

        broken.setattr(rows, "advance", crash)
        with pytest.raises(Crash):
            await world.outbox.plan(DUE)
    assert await world.states() == {}
    await world.tick(DUE)
    assert len(world.arrived) == 1


async def test_a_crash_while_sending_repeats_a_reminder_once_and_a_check_in_never(db: Database) -> None:
    world, meeting = await opened_world(db)
    await world.wanted(meeting)
    await world.reminders.ask_afterwards(SOMEBODY, meeting.id, True)
    for crash in range(3):
        now = DUE + crash * (SENDING + timedelta(seconds=1))
        await world.outbox.plan(now)
        await world.outbox.reap(now)
        begun = [await world.outbox.begin(lease, now) for lease in await world.outbox.take(now, 10)]
        assert len(begun) == (1 if crash < 2 else 0), "a reminder leaves at most twice"
    asked = TUESDAY + 90 * timedelta(minutes=1)
    (lease,) = await world.outbox.take(asked, 10)
    begun = [await world.outbox.begin(lease, asked)]
    assert begun[0] is not None
    assert begun[0].due.kind is Kind.CHECK_IN
    await world.tick(asked + SENDING)
    assert world.arrived == []
    assert await world.states() == {"UNKNOWN": 2}


async def test_an_ambiguous_answer_is_tried_once_more_only_before_the_meeting_begins(db: Database) -> None:
    world, meeting = await opened_world(db)
    await world.wanted(meeting)
    world.answers = [Unsure(), Unsure()]
    await world.tick(DUE)
    for minute in range(5):
        await world.tick(DUE + timedelta(minutes=minute))
    assert world.asked == 2
    assert await world.states() == {"UNKNOWN": 1}
    late, other = World(db), make_meeting(key="2")
    await late.listed(meeting, other)
    await late.wanted(other)
    late.answers = [Unsure()]
    await late.tick(TUESDAY - timedelta(seconds=5))
    await late.tick(TUESDAY + timedelta(minutes=1))
    assert late.asked == 1


async def test_what_surely_did_not_arrive_is_sent_again_until_it_is_too_late(db: Database) -> None:
    world, meeting = await opened_world(db)
    await world.wanted(meeting)
    world.answers = [NotSent(10)] * 4
    for second in range(0, 60, 12):
        await world.tick(DUE + timedelta(seconds=second))
    assert world.kinds() == [Kind.REMINDER]
    assert world.asked == 5


async def test_who_lost_the_lease_notes_nothing(db: Database) -> None:
    world, meeting = await opened_world(db)
    await world.wanted(meeting)
    await world.outbox.plan(DUE)
    (lease,) = await world.outbox.take(DUE, 1)
    stopped = await world.outbox.begin(lease, DUE)
    assert stopped is not None
    other, _ = world.process()
    later = DUE + SENDING
    await other.reap(later)
    (taken,) = await other.take(later, 1)
    begun = await other.begin(taken, later)
    assert begun is not None
    assert await world.outbox.finish(stopped, Sent(), later) is False
    assert await world.states() == {"SENDING": 1}
    assert await other.finish(begun, Sent(), later) is True


async def test_one_429_stops_everybody_and_uses_up_no_attempt(db: Database) -> None:
    world, meeting = await opened_world(db)
    for chat in range(30):
        await world.wanted(meeting, chat=SOMEBODY + chat)
    world.answers = [NotSent(30, everybody=True)] * 1
    await world.tick(DUE)
    asked = world.asked
    await world.tick(DUE + timedelta(seconds=10))
    assert world.asked == asked, "nobody sends before Telegram's time is over"
    assert await world.limiter.resting() > 20
    world.restart()  # a bucket of this process alone is full again; PostgreSQL's row still rests
    if not db.is_sqlite:
        await world.tick(DUE + timedelta(seconds=40))
        assert world.asked == asked
        return
    await world.tick(DUE + timedelta(minutes=2))
    assert sorted({one.chat for one in world.arrived}) == [SOMEBODY + chat for chat in range(30)]
    assert len(world.arrived) == 30


async def test_who_blocked_the_bot_is_erased_and_written_to_no_more(db: Database) -> None:
    world, meeting = await opened_world(db)
    other = make_meeting(key="2")
    await world.listed(meeting, other)
    await world.wanted(meeting, weekly=True)
    await world.wanted(other, weekly=True)
    await world.plans.set(SOMEBODY, 3, TUESDAY.date())
    world.answers = [Blocked()]
    await world.tick(DUE)
    assert not await world.people.has_anything(SOMEBODY)
    asked = world.asked
    await world.pass_time(TUESDAY + WEEK, step=DAY)
    assert world.asked == asked


async def test_a_refused_message_is_not_sent_again(sqlite_db: Database) -> None:
    world, meeting = await opened_world(sqlite_db)
    await world.wanted(meeting)
    world.answers = [Rejected()]
    await world.tick(DUE)
    await world.tick(DUE + timedelta(minutes=20))
    assert world.asked == 1
    assert await world.states() == {"FAILED": 1}


async def test_least_time_left_goes_first(db: Database) -> None:
    world, meeting = await opened_world(db)
    sooner = make_meeting(key="2", start=18 * 60 + 30)
    await world.listed(meeting, sooner)
    await world.wanted(meeting, chat=1)
    await world.wanted(sooner, chat=2)
    await world.wanted(meeting, chat=3)
    now = TUESDAY - timedelta(minutes=40)
    await world.outbox.plan(now)
    begun = [await world.outbox.begin(lease, now) for lease in await world.outbox.take(now, 10)]
    assert [one.chat for one in begun if one is not None] == [2, 1, 3]


async def test_one_bad_row_keeps_no_other_waiting(db: Database, caplog: pytest.LogCaptureFixture) -> None:
    world, meeting = await opened_world(db)
    bad = make_meeting(key="2")
    await world.listed(meeting, bad)
    await world.wanted(bad, chat=1)
    await world.wanted(meeting, chat=2)
    async with db.begin() as connection:
        await connection.execute(rows.meetings.update().where(rows.meetings.c.id == bad.id).values(zone="Not/AZone"))
    with caplog.at_level(logging.ERROR, "bot"):
        await world.tick(DUE)
    assert [one.chat for one in world.arrived] == [2]
    assert "a reminder cannot be worked out" in caplog.messages
    assert all(record.name.startswith("bot.") for record in caplog.records)


async def test_a_fault_while_writing_one_message_stops_no_other(db: Database) -> None:
    world, meeting = await opened_world(db)
    for chat in range(3):
        await world.wanted(meeting, chat=SOMEBODY + chat)
    world.answers = [RuntimeError("about nobody")]
    await world.tick(DUE)
    assert len(world.arrived) == 2
    await world.tick(DUE + timedelta(minutes=2))
    assert len(world.arrived) == 3, "it may not have arrived: once more"


async def test_what_is_on_its_way_is_noted_before_the_process_ends(db: Database) -> None:
    world, meeting = await opened_world(db)
    await world.wanted(meeting)
    gate = asyncio.Event()

    async def slow() -> Sent:
        await gate.wait()
        return Sent()

    world.answers = [slow]
    world.now = DUE
    await world.sender.run()
    await world.sender.run()
    while not world.asked:
        await asyncio.sleep(0.01)
    closing = asyncio.create_task(world.sender.close())
    gate.set()
    await closing
    assert await world.states() == {"SENT": 1}
    await world.sender.run()
    assert world.asked == 1


async def test_a_database_that_is_away_is_told_and_the_next_tick_comes(
    sqlite_db: Database, caplog: pytest.LogCaptureFixture
) -> None:
    world, meeting = await opened_world(sqlite_db)
    await world.wanted(meeting)
    world.now = DUE
    with pytest.MonkeyPatch.context() as broken, caplog.at_level(logging.ERROR, "bot"):

        async def away(*_: object) -> bool:
            raise StoreError("The database does not answer.")

        broken.setattr(world.outbox, "idle", away)
        await world.sender.run()
        while not caplog.messages:
            await asyncio.sleep(0.01)
    assert caplog.messages == ["reminders could not be sent"]
    assert world.sender.age_s is not None
    await world.tick()
    assert len(world.arrived) == 1


# -- the meeting changes between any two steps


STEPS = ("wanted", "planned", "leased", "sending")


async def went(world: World, step: str) -> object:
    """Go so far and stop there."""
    world.now = DUE
    if step == "wanted":
        return None
    await world.outbox.plan(DUE)
    if step == "planned":
        return None
    (lease,) = await world.outbox.take(DUE, 1)
    return lease if step == "leased" else await world.outbox.begin(lease, DUE)


@pytest.mark.parametrize("step", STEPS)
async def test_a_meeting_that_moves_is_never_announced_at_its_old_time(db: Database, step: str) -> None:
    world, meeting = await opened_world(db)
    await world.wanted(meeting, weekly=True)
    at = await went(world, step)
    moved = replace(meeting, start=20 * 60 + 30)
    world.now = DUE + timedelta(seconds=1)
    await world.synced(moved)
    if step == "leased":
        assert await world.outbox.begin(at, world.now) is None  # type: ignore[arg-type]
    if step == "sending":
        await world.outbox.finish(at, Unsure(), world.now)  # type: ignore[arg-type]
    await world.pass_time(TUESDAY + 2 * HOUR, step=timedelta(minutes=15))
    told = {(one.due.kind, one.due.start) for one in world.arrived}
    new = TUESDAY + timedelta(minutes=90)
    assert (Kind.NOTICE, TUESDAY) in told
    assert (Kind.REMINDER, TUESDAY) not in told
    assert ((Kind.REMINDER, new) in told) == (step != "sending"), "reminded once for the day, whatever its hour"
    assert len(world.arrived) == len(told)
    (notice,) = [one.due for one in world.arrived if one.due.kind is Kind.NOTICE]
    assert notice.reason is Reason.MOVED
    await world.tick(TUESDAY + WEEK + timedelta(minutes=30))
    assert world.arrived[-1].due.start == new + WEEK


@pytest.mark.parametrize(
    ("step", "how"),
    [*((step, "suspended") for step in STEPS[:3]), ("planned", "vanished"), ("planned", "removed")],
)
async def test_who_saved_a_meeting_that_does_not_take_place_is_told_once(db: Database, step: str, how: str) -> None:
    world, meeting = await opened_world(db)
    await world.wanted(meeting, weekly=True)
    await went(world, step)
    if how == "suspended":
        await world.synced(replace(meeting, status=Status.SUSPENDED))
    elif how == "vanished":
        await world.synced(vanished=(meeting.id,))
    else:
        await world.listed()
    await world.tick(max(world.now, TUESDAY - 2 * HOUR))
    await world.pass_time(TUESDAY + WEEK, step=6 * HOUR)
    assert world.kinds() == [Kind.NOTICE]
    due = world.arrived[0].due
    assert due.reason is (Reason.SUSPENDED if how == "suspended" else Reason.GONE)
    assert due.start == TUESDAY
    assert world.arrived[0].at < TUESDAY


async def test_who_saved_a_meeting_is_told_although_the_bot_slept_through_its_last_one(sqlite_db: Database) -> None:
    world, meeting = await opened_world(sqlite_db)
    await world.wanted(meeting, weekly=True)
    world.now = TUESDAY + DAY / 2
    await world.synced(vanished=(meeting.id,))
    await world.tick(TUESDAY + DAY)
    assert [one.due.reason for one in world.arrived] == [Reason.GONE]


async def test_a_meeting_that_comes_back_is_announced_again_without_a_word_in_between(db: Database) -> None:
    world, meeting = await opened_world(db)
    await world.wanted(meeting, weekly=True)
    await world.synced(replace(meeting, status=Status.SUSPENDED))
    await world.tick(MONDAY + HOUR)
    await world.synced(meeting)
    await world.tick(DUE)
    assert world.kinds() == [Kind.NOTICE, Kind.REMINDER]


async def test_a_change_that_was_taken_back_before_anybody_heard_of_it_is_not_told(db: Database) -> None:
    world, meeting = await opened_world(db)
    await world.wanted(meeting, weekly=True)
    await world.synced(replace(meeting, start=20 * 60))
    await world.synced(meeting)
    await world.tick(DUE)
    assert world.kinds() == [Kind.REMINDER]


async def test_another_room_is_told_and_a_new_spelling_of_the_same_one_is_not(sqlite_db: Database) -> None:
    world, meeting = await opened_world(sqlite_db, address="12 Mill Lane")
    await world.wanted(meeting, weekly=True)
    await world.synced(replace(meeting, address="12 Mill Ln", notes="Ring twice"))
    await world.tick(MONDAY + HOUR)
    assert world.arrived == []
    await world.synced(replace(meeting, status=Status.ONLINE_FOR_NOW))
    await world.tick(MONDAY + 2 * HOUR)
    assert [one.due.reason for one in world.arrived] == [Reason.CHANGED]
    assert world.arrived[0].due.next_start == TUESDAY


async def test_an_edit_that_fails_leaves_the_reminder_as_it_was(db: Database) -> None:
    world, meeting = await opened_world(db)
    before = await world.wanted(meeting)

    async def edit() -> None:
        async with db.begin() as connection:
            await revising.write(connection, [replace(meeting, start=20 * 60)], [], world.now)
            raise Crash

    with pytest.raises(Crash):
        await edit()
    assert await world.reminders.get(SOMEBODY, meeting.id) == before
    assert await world.states() == {}


# -- what the bot asks, and what silence does


async def test_three_unopened_in_a_row_bring_one_question_and_then_it_pauses_itself(sqlite_db: Database) -> None:
    world, meeting = await opened_world(sqlite_db)
    world.now = DUE - DAY
    await world.wanted(meeting, weekly=True)
    await world.pass_time(TUESDAY + 5 * WEEK, step=DAY)
    reminders = [Kind.REMINDER] * 3
    assert world.kinds() == [*reminders, Kind.QUESTION, Kind.REMINDER]
    question = world.arrived[3]
    assert question.at.date() == (TUESDAY + 2 * WEEK + DAY).date()
    assert question.due.ends_on == question.at.date() + WEEK
    assert (question.due.day, question.due.start) == ((TUESDAY + 3 * WEEK).date(), TUESDAY + 3 * WEEK)
    reminder = await world.reminders.get(SOMEBODY, meeting.id)
    assert reminder is not None
    assert reminder.paused
    await world.reminders.resume(SOMEBODY, meeting.id)
    await world.tick(TUESDAY + 6 * WEEK - HOUR)
    assert world.kinds()[5:] == [Kind.REMINDER]


async def test_a_press_makes_the_count_begin_anew(sqlite_db: Database) -> None:
    world, meeting = await opened_world(sqlite_db)
    world.now = DUE - DAY
    await world.wanted(meeting, weekly=True)
    await world.pass_time(DUE + WEEK, step=DAY)
    await world.reminders.opened(SOMEBODY, meeting.id)
    await world.pass_time(DUE + 3 * WEEK + 3 * DAY, step=DAY)
    assert world.kinds() == [Kind.REMINDER] * 4


async def test_without_any_sign_for_ninety_days_it_ends_with_a_word_before(sqlite_db: Database) -> None:
    world, meeting = await opened_world(sqlite_db)
    await world.wanted(meeting, weekly=True)
    async with sqlite_db.begin() as connection:  # no reminder ever counts as unopened: only the ninety days matter
        await rows.change(connection, 1, {"sent": -100})
    await world.pass_time(MONDAY + 83 * DAY + HOUR, step=DAY)
    assert world.kinds()[-1] is Kind.EXPIRY
    assert world.arrived[-1].due.ends_on == (MONDAY + 90 * DAY).date()
    await world.pass_time(MONDAY + 92 * DAY, step=DAY)
    assert world.kinds().count(Kind.EXPIRY) == 1
    assert not await world.people.has_anything(SOMEBODY)


async def test_one_that_was_pressed_after_the_word_goes_on(sqlite_db: Database) -> None:
    world, meeting = await opened_world(sqlite_db)
    await world.wanted(meeting, weekly=True)
    async with sqlite_db.begin() as connection:
        await rows.change(connection, 1, {"sent": -100})
    await world.pass_time(MONDAY + 84 * DAY, step=DAY)
    assert await world.reminders.keep(SOMEBODY, meeting.id) is not None
    await world.pass_time(MONDAY + 95 * DAY, step=DAY)
    assert await world.reminders.get(SOMEBODY, meeting.id) is not None


async def test_a_late_meeting_is_asked_about_the_next_morning_and_only_once(sqlite_db: Database) -> None:
    world, meeting = await opened_world(sqlite_db, start=21 * 60)
    await world.wanted(meeting, weekly=True)
    shown = await world.reminders.ask_afterwards(SOMEBODY, meeting.id, True)
    assert shown is not None
    assert shown.asks_afterwards
    await world.pass_time(MONDAY + 2 * DAY)
    world.now = TUESDAY + WEEK
    await world.pass_time(MONDAY + WEEK + 2 * DAY)
    assert world.kinds().count(Kind.REMINDER) == 2
    asked = [one.at for one in world.arrived if one.due.kind is Kind.CHECK_IN]
    assert asked == [datetime(2026, 11, 25, 8, 0, tzinfo=MONDAY.tzinfo)]
    shown = await world.reminders.get(SOMEBODY, meeting.id)
    assert shown is not None
    assert not shown.asks_afterwards


async def test_the_third_message_of_a_day_waits_unless_the_person_chose_its_minute(sqlite_db: Database) -> None:
    world, meeting = await opened_world(sqlite_db, start=9 * 60 + 30, weekday=1)
    others = [make_meeting(key=str(number), weekday=1, start=10 * 60 + number) for number in range(2, 5)]
    await world.listed(meeting, *others)
    for one in (meeting, *others):
        await world.wanted(one, lead_s=900)
    await world.reminders.ask_afterwards(SOMEBODY, meeting.id, True)
    await world.pass_time(MONDAY + 12 * HOUR, step=timedelta(minutes=15))
    assert world.kinds() == [Kind.REMINDER] * 4
    await world.pass_time(MONDAY + DAY, step=4 * HOUR)
    assert world.kinds() == [*[Kind.REMINDER] * 4, Kind.CHECK_IN]


async def test_a_hard_hour_brings_its_message_shortly_before_in_the_persons_zone(db: Database) -> None:
    world = World(db)
    hard = await world.reminders.add_tough_time(SOMEBODY, 5, 18 * 60, zone="America/Denver", language="es")
    assert hard.number == 4 * 1440 + 18 * 60
    friday = datetime(2026, 11, 28, 1, 0, tzinfo=MONDAY.tzinfo)  # 18:00 in Denver
    await world.tick(friday - timedelta(minutes=30))
    (arrived,) = world.arrived
    assert (arrived.due.kind, arrived.due.start, arrived.due.language) == (Kind.TOUGH_TIME, friday, "es")
    assert arrived.due.tough is not None
    assert arrived.due.tough.number == hard.number
    await world.people.set_zone(SOMEBODY, "Europe/London")
    (hour,) = await world.reminders.tough_times(SOMEBODY)
    assert hour.fires_at is not None
    assert friday + WEEK - 8 * HOUR < hour.fires_at + HOUR < friday + WEEK - 6 * HOUR


async def test_new_zone_rules_move_the_instant_and_not_the_day(db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    world, meeting = await opened_world(db)
    await world.wanted(meeting)
    await world.upkeep.run(world.now)
    monkeypatch.setattr("bot.domain.recurrence.zone_named", lambda _: timezone(timedelta(hours=1)))
    assert await world.upkeep.take_up_zone_rules(world.now) is False
    world.rules = "2026z"
    assert await world.upkeep.take_up_zone_rules(world.now) is True
    reminder = await world.reminders.get(SOMEBODY, meeting.id)
    assert reminder is not None
    assert (reminder.next_day, reminder.next_start) == (TUESDAY.date(), TUESDAY - HOUR)
    await world.tick()
    assert world.arrived == []


async def test_what_was_sent_is_not_remembered_for_long(db: Database) -> None:
    world, meeting = await opened_world(db)
    await world.wanted(meeting, weekly=True)
    await world.tick(DUE)
    assert await world.states() == {"SENT": 1}
    await world.upkeep.run(TUESDAY + DAY)
    assert await world.states() == {"SENT": 1}
    await world.upkeep.run(TUESDAY + messages.ON_LIST + HOUR)
    assert await world.states() == {}


async def test_a_clock_that_jumps_back_repeats_nothing(db: Database) -> None:
    world, meeting = await opened_world(db)
    await world.wanted(meeting, weekly=True)
    await world.tick(DUE)
    await world.tick(DUE - HOUR)
    await world.tick(DUE + timedelta(minutes=5))
    assert len(world.arrived) == 1
