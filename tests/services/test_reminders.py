"""What a person does with reminders, and what they see of it."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from bot.domain.errors import MeetingGone
from bot.domain.meeting import Status
from bot.domain.reminder import FOREVER, HOUR_S, LEADS_S, MOST_LATER, Kind, Person, Plan
from bot.store.database import Database
from tests.builders import make_meeting
from tests.reminding import DAY, HOUR, MONDAY, SOMEBODY, TUESDAY, WEEK, World, opened_world

DUE = TUESDAY - HOUR


async def test_nothing_is_kept_before_somebody_asks_and_nothing_after_they_stop(db: Database) -> None:
    world, meeting = await opened_world(db)
    assert await world.reminders.of(SOMEBODY) == ()
    assert await world.people.export(SOMEBODY) == {}
    assert not await world.people.has_anything(SOMEBODY)
    await world.wanted(meeting)
    assert await world.people.has_anything(SOMEBODY)
    assert await world.reminders.stop(SOMEBODY, meeting.id)
    assert not await world.people.has_anything(SOMEBODY)
    assert not await world.reminders.stop(SOMEBODY, meeting.id)
    await world.tick(DUE)
    assert world.arrived == []


async def test_asking_again_for_the_same_meeting_changes_the_one_reminder(db: Database) -> None:
    world, meeting = await opened_world(db)
    await world.wanted(meeting)
    changed = await world.wanted(meeting, lead_s=900, weekly=True, named=True, silent=True, language="es")
    assert await world.reminders.of(SOMEBODY) == (changed,)
    assert (changed.lead_s, changed.weekly, changed.named, changed.silent, changed.language) == (
        900, True, True, True, "es"
    )  # fmt: skip
    assert changed.fires_at is not None
    assert TUESDAY - timedelta(minutes=20) <= changed.fires_at <= TUESDAY - timedelta(minutes=15)


async def test_within_its_lead_the_first_reminder_is_for_next_week(db: Database) -> None:
    world, meeting = await opened_world(db)
    world.now = TUESDAY - timedelta(minutes=30)
    reminder = await world.wanted(meeting)
    assert reminder.next_start == TUESDAY + WEEK
    named = await world.reminders.change(SOMEBODY, meeting.id, named=True)
    assert named is not None
    assert named.next_start == TUESDAY + WEEK
    shorter = await world.reminders.change(SOMEBODY, meeting.id, lead_s=900)
    assert shorter is not None
    assert shorter.next_start == TUESDAY


async def test_changing_nothing_changes_nothing(db: Database) -> None:
    world, meeting = await opened_world(db)
    before = await world.wanted(meeting)
    assert await world.reminders.change(SOMEBODY, meeting.id) == before


async def test_a_longer_lead_that_is_past_already_reminds_at_once(db: Database) -> None:
    world, meeting = await opened_world(db)
    await world.wanted(meeting)
    world.now = TUESDAY - 2 * HOUR
    await world.reminders.change(SOMEBODY, meeting.id, lead_s=3 * HOUR_S)
    await world.tick()
    assert [one.due.start for one in world.arrived] == [TUESDAY]


async def test_a_meeting_without_a_time_or_off_the_list_cannot_be_saved(db: Database) -> None:
    world, meeting = await opened_world(db)
    vague = make_meeting(key="2", weekday=None, start=None, status=Status.BY_APPOINTMENT)
    await world.listed(meeting, vague, make_meeting(key="3", status=Status.SUSPENDED))
    for identity in (vague.id, make_meeting(key="3").id, 404):
        with pytest.raises(MeetingGone):
            await world.reminders.set(SOMEBODY, identity)
    assert not await world.people.has_anything(SOMEBODY)


@pytest.mark.parametrize(
    "chosen",
    [{"lead_s": 0}, {"lead_s": 7 * 86_400}, {"zone": "Mars/Base"}, {"zone": "../../etc"}, {"zone": "Europe"}],
)
async def test_impossible_wishes_are_refused_and_keep_nothing(db: Database, chosen: dict[str, object]) -> None:
    world, meeting = await opened_world(db)
    with pytest.raises(ValueError, match=r"lead|zone"):
        await world.reminders.set(SOMEBODY, meeting.id, **chosen)  # type: ignore[arg-type]
    assert not await world.people.has_anything(SOMEBODY)


async def test_later_comes_again_in_ten_minutes_three_times_and_never_after_the_start(db: Database) -> None:
    world, meeting = await opened_world(db)
    await world.wanted(meeting, weekly=True)
    day = TUESDAY.date()
    assert await world.reminders.later(SOMEBODY, meeting.id, day) is None, "nothing came yet"
    await world.tick(DUE)
    assert world.arrived[0].due.later_left == MOST_LATER
    for time in range(MOST_LATER):
        at = await world.reminders.later(SOMEBODY, meeting.id, day)
        assert at == world.now + timedelta(minutes=10)
        assert await world.reminders.later(SOMEBODY, meeting.id, day) == at, "pressed twice is pressed once"
        await world.tick(at)
        assert world.arrived[-1].due.later_left == MOST_LATER - 1 - time
    assert await world.reminders.later(SOMEBODY, meeting.id, day) is None
    assert world.kinds() == [Kind.REMINDER, *[Kind.LATER] * 3]
    late, other = World(db), make_meeting(key="2")
    await late.listed(meeting, other)
    await late.wanted(other, lead_s=900)
    await late.tick(TUESDAY - timedelta(minutes=10))
    assert await late.reminders.later(SOMEBODY, other.id, day) is None


async def test_not_this_week_leaves_this_one_out_and_can_be_taken_back(db: Database) -> None:
    world, meeting = await opened_world(db)
    await world.wanted(meeting, weekly=True)
    skipped = await world.reminders.skip(SOMEBODY, meeting.id, TUESDAY.date())
    assert skipped is not None
    assert (skipped.skipped, skipped.next_start) == (TUESDAY.date(), TUESDAY + WEEK)
    back = await world.reminders.unskip(SOMEBODY, meeting.id)
    assert back is not None
    assert back.next_start == TUESDAY
    await world.reminders.skip(SOMEBODY, meeting.id, TUESDAY.date())
    await world.pass_time(TUESDAY + WEEK - DAY, step=DAY / 4)
    await world.pass_time(TUESDAY + WEEK)
    assert [one.due.start for one in world.arrived] == [TUESDAY + WEEK]


async def test_not_this_week_after_it_came_takes_back_what_was_still_to_come(db: Database) -> None:
    world, meeting = await opened_world(db)
    await world.wanted(meeting, weekly=True)
    await world.reminders.ask_afterwards(SOMEBODY, meeting.id, True)
    await world.tick(DUE)
    await world.reminders.later(SOMEBODY, meeting.id, TUESDAY.date())
    await world.reminders.skip(SOMEBODY, meeting.id, TUESDAY.date())
    assert await world.reminders.later(SOMEBODY, meeting.id, TUESDAY.date()) is None
    await world.pass_time(TUESDAY + DAY)
    assert world.kinds() == [Kind.REMINDER]


async def test_a_pause_is_silent_and_nothing_of_it_comes_later(db: Database) -> None:
    world, meeting = await opened_world(db)
    await world.wanted(meeting, weekly=True)
    paused = await world.reminders.pause(SOMEBODY, meeting.id)
    assert paused is not None
    assert (paused.paused, paused.paused_until, paused.fires_at) == (True, FOREVER, None)
    await world.tick(DUE + 10 * timedelta(minutes=1))
    resumed = await world.reminders.resume(SOMEBODY, meeting.id)
    assert resumed is not None
    assert (resumed.paused_until, resumed.next_start) == (None, TUESDAY + WEEK)
    until = await world.reminders.pause(SOMEBODY, meeting.id, date(2026, 12, 9))
    assert until is not None
    assert until.next_start == TUESDAY + 3 * WEEK
    assert world.arrived == []


async def test_asked_afterwards_means_once_even_when_it_is_asked_for_after_the_reminder_came(db: Database) -> None:
    world, meeting = await opened_world(db)
    await world.wanted(meeting, weekly=True)
    await world.tick(DUE)
    shown = await world.reminders.ask_afterwards(SOMEBODY, meeting.id, True)
    assert shown is not None
    assert shown.asks_afterwards
    await world.tick(TUESDAY + timedelta(minutes=90))
    assert world.kinds() == [Kind.REMINDER, Kind.CHECK_IN]
    await world.tick(DUE + WEEK)
    await world.tick(TUESDAY + WEEK + 2 * HOUR)
    assert world.kinds()[2:] == [Kind.REMINDER]
    await world.reminders.ask_afterwards(SOMEBODY, meeting.id, True)
    off = await world.reminders.ask_afterwards(SOMEBODY, meeting.id, False)
    assert off is not None
    assert not off.asks_afterwards


async def test_stop_all_stops_everything_in_every_state(db: Database) -> None:
    world, meeting = await opened_world(db)
    others = [make_meeting(key=str(number)) for number in range(2, 5)]
    await world.listed(meeting, *others)
    for one in (meeting, *others):
        await world.wanted(one, weekly=True)
    await world.reminders.add_tough_time(SOMEBODY, 2, 19 * 60, zone="Europe/London")
    await world.reminders.pause(SOMEBODY, others[0].id)
    await world.reminders.ask_afterwards(SOMEBODY, others[1].id, True)
    await world.outbox.plan(DUE)
    leases = await world.outbox.take(DUE, 2)
    assert await world.reminders.stop_all(SOMEBODY) == 5
    assert [await world.outbox.begin(lease, DUE) for lease in leases] == [None, None]
    await world.pass_time(TUESDAY + WEEK, step=DAY / 4)
    assert world.arrived == []
    assert await world.reminders.stop_all(SOMEBODY) == 0
    assert not await world.people.has_anything(SOMEBODY)


async def test_the_reminders_of_two_people_have_nothing_to_do_with_each_other(db: Database) -> None:
    world, meeting = await opened_world(db)
    await world.wanted(meeting)
    await world.wanted(meeting, chat=-77)
    assert await world.reminders.stop_all(SOMEBODY) == 1
    await world.tick(DUE)
    assert [one.chat for one in world.arrived] == [-77]


async def test_a_press_on_a_reminder_that_is_gone_is_no_error(db: Database) -> None:
    world, meeting = await opened_world(db)
    done = world.reminders
    await done.opened(SOMEBODY, meeting.id)
    await done.opened_tough_time(SOMEBODY, 3)
    answers = [
        await done.get(SOMEBODY, meeting.id),
        await done.change(SOMEBODY, meeting.id, named=True),
        await done.skip(SOMEBODY, meeting.id, TUESDAY.date()),
        await done.unskip(SOMEBODY, meeting.id),
        await done.later(SOMEBODY, meeting.id, TUESDAY.date()),
        await done.pause(SOMEBODY, meeting.id),
        await done.resume(SOMEBODY, meeting.id),
        await done.keep(SOMEBODY, meeting.id),
        await done.ask_afterwards(SOMEBODY, meeting.id, True),
    ]
    assert answers == [None] * 9
    assert not await done.drop_tough_time(SOMEBODY, 3)
    assert not await world.people.forget(SOMEBODY)
    assert not await world.plans.drop(SOMEBODY)
    assert not await world.people.has_anything(SOMEBODY)


async def test_a_meeting_off_its_list_shows_as_such_and_can_be_stopped(db: Database) -> None:
    world, meeting = await opened_world(db)
    await world.wanted(meeting, weekly=True)
    await world.synced(replace(meeting, status=Status.SUSPENDED))
    (shown,) = await world.reminders.of(SOMEBODY)
    assert shown.off_the_list
    assert not shown.paused
    assert await world.reminders.stop(SOMEBODY, meeting.id)


async def test_hard_hours_are_kept_changed_and_dropped(db: Database) -> None:
    world = World(db)
    hours = world.reminders
    friday = await hours.add_tough_time(SOMEBODY, 5, 18 * 60, zone="Europe/London", cell=0b1011_0110_1111)
    monday = await hours.add_tough_time(SOMEBODY, 1, 7 * 60, zone="Europe/London")
    assert await hours.tough_times(SOMEBODY) == (monday, friday)
    assert friday.cell == 0b1011_0111_0000, "the area is kept to about five kilometres"
    again = await hours.add_tough_time(SOMEBODY, 5, 18 * 60, zone="Europe/London", lead_s=HOUR_S)
    assert await hours.tough_times(SOMEBODY) == (monday, again)
    assert await hours.drop_tough_time(SOMEBODY, again.number)
    assert await hours.drop_tough_time(SOMEBODY, monday.number)
    assert not await world.people.has_anything(SOMEBODY), "the zone was kept for them alone"
    for weekday, minute in ((0, 1), (8, 1), (1, 1440)):
        with pytest.raises(ValueError, match="no such hour"):
            await hours.add_tough_time(SOMEBODY, weekday, minute, zone="Europe/London")


async def test_a_plan_is_shown_changed_dropped_and_forgotten_a_month_after_its_date(db: Database) -> None:
    world = World(db)
    await world.plans.set(SOMEBODY, 3, date(2026, 12, 5), kinds=2)
    await world.plans.set(SOMEBODY, 4, date(2026, 12, 6))
    assert await world.plans.get(SOMEBODY) == Plan(4, date(2026, 12, 6))
    assert await world.plans.drop(SOMEBODY)
    assert await world.plans.get(SOMEBODY) is None
    assert not await world.people.has_anything(SOMEBODY)
    await world.plans.set(SOMEBODY, 1, date(2026, 12, 6))
    await world.upkeep.run(MONDAY + 43 * DAY)
    assert await world.plans.get(SOMEBODY) is not None
    await world.upkeep.run(MONDAY + 44 * DAY)
    assert not await world.people.has_anything(SOMEBODY)
    with pytest.raises(ValueError, match="no such plan"):
        await world.plans.set(SOMEBODY, 0, date(2026, 12, 6))


async def test_language_zone_and_quiet_hours_are_kept_on_request_and_taken_back(db: Database) -> None:
    world, meeting = await opened_world(db)
    await world.people.set_language(SOMEBODY, "es")
    await world.people.set_zone(SOMEBODY, "America/Denver")
    await world.people.set_quiet(SOMEBODY, (1380, 420))
    assert await world.people.of(SOMEBODY) == Person("es", "America/Denver", (1380, 420))
    reminder = await world.wanted(meeting)
    assert reminder.zone == "America/Denver"
    assert reminder.next_start == TUESDAY, "only how it is shown, never when it is"
    await world.reminders.stop_all(SOMEBODY)
    assert await world.people.of(SOMEBODY) == Person("es", "America/Denver", (1380, 420))
    for take_back in (world.people.set_language, world.people.set_zone, world.people.set_quiet):
        await take_back(SOMEBODY, None)  # type: ignore[operator]
    assert not await world.people.has_anything(SOMEBODY)


async def test_a_zone_stays_as_long_as_hard_hours_need_it(db: Database) -> None:
    world = World(db)
    hard = await world.reminders.add_tough_time(SOMEBODY, 5, 18 * 60, zone="America/Denver")
    await world.plans.set(SOMEBODY, 1, TUESDAY.date())
    await world.people.set_zone(SOMEBODY, None)
    assert (await world.people.of(SOMEBODY)).zone == "America/Denver"
    await world.reminders.drop_tough_time(SOMEBODY, hard.number)
    assert await world.people.of(SOMEBODY) == Person()
    assert await world.people.has_anything(SOMEBODY), "the plan is still there"


async def test_a_changed_language_is_the_language_of_what_comes(db: Database) -> None:
    world, meeting = await opened_world(db)
    await world.wanted(meeting)
    await world.people.set_language(SOMEBODY, "es")
    await world.tick(DUE)
    assert world.arrived[0].due.language == "es"


async def test_forget_erases_every_row_at_once(db: Database) -> None:
    world, meeting = await opened_world(db)
    await world.wanted(meeting, weekly=True)
    await world.people.set_zone(SOMEBODY, "America/Denver")
    await world.plans.set(SOMEBODY, 3, date(2026, 12, 5))
    await world.reminders.add_tough_time(SOMEBODY, 5, 18 * 60, zone="America/Denver")
    await world.tick(DUE)
    assert await world.people.forget(SOMEBODY)
    async with db.read() as connection:
        for table in ("people", "reminders", "outbox", "plans"):
            rows = await connection.exec_driver_sql(f"SELECT count(*) FROM {table}")
            assert rows.scalar_one() == 0


async def test_an_export_says_all_that_is_kept_and_no_more(db: Database) -> None:
    world, meeting = await opened_world(db)
    await world.wanted(meeting, weekly=True)
    await world.plans.set(SOMEBODY, 3, date(2026, 12, 5), kinds=2)
    await world.reminders.add_tough_time(SOMEBODY, 5, 18 * 60, zone="America/Denver")
    told = await world.people.export(SOMEBODY)
    assert set(told) == {"language", "zone", "quiet_hours", "reminders", "tough_times", "plan"}
    assert told["plan"] == {"meetings": 3, "until": "2026-12-05", "kinds": 2}
    (reminder,) = told["reminders"]
    assert reminder["sent_since_last_press"] == 0
    assert reminder["day_of_last_press"] == "2026-11-23"
    assert datetime.fromisoformat(reminder["next"]) == datetime(2026, 11, 24, 19, 0, tzinfo=UTC)
    assert str(SOMEBODY) not in repr(told)


def test_the_two_leads_of_the_card_are_on_offer() -> None:
    assert {900, 3600} <= set(LEADS_S)
