"""What people who help have set outlives the readings of a list, until the list says the same."""

from datetime import timedelta

import pytest

from bot.domain.edits import ENDED
from bot.domain.errors import MeetingGone
from bot.services.overlays import expire_due
from bot.store import changes, held, meetings
from bot.store.database import Database
from tests.feeds.rows import row
from tests.helping import AA, MEET, ZOOM
from tests.services.editing import FROM_FILE, Editing, number

HALF_PAST = 19 * 60 + 30


@pytest.fixture
async def here(db: Database) -> Editing:
    return Editing(db)


async def test_a_wrong_hour_is_corrected_and_stays_so_until_the_list_says_it_too(here: Editing) -> None:
    ana = await here.open()
    await here.desk.change(ana, [number()], {"start": HALF_PAST}, why="They told me")
    assert (await here.shown())["early-birds"].start == HALF_PAST
    await here.sync()
    assert (await here.shown())["early-birds"].start == HALF_PAST
    edit = (await here.sheet()).edits["start"]
    assert (edit.author.name, edit.why, edit.value, edit.listed, edit.conflict) == (
        "Ana", "They told me", HALF_PAST, 1140, False
    )  # fmt: skip
    await here.sync(time="19:30", end_time="20:30")
    assert (await here.shown())["early-birds"].start == HALF_PAST
    assert (await here.sheet()).edits == {}
    async with here.database.read() as connection:
        told = [(one.kind, one.fields) for one in await changes.of_feed(connection, AA)][-1]
    assert told == ("caught_up", {"start": [1140, HALF_PAST]})
    await here.sync(time="18:00", end_time="19:00")
    assert (await here.shown())["early-birds"].start == 18 * 60


async def test_a_list_that_says_something_third_is_a_conflict_and_the_correction_stands(here: Editing) -> None:
    ana = await here.open()
    await here.desk.change(ana, [number()], {"start": HALF_PAST})
    await here.sync(time="18:00", end_time="19:00")
    assert (await here.shown())["early-birds"].start == HALF_PAST
    (conflict,) = await here.desk.conflicts(ana)
    assert (conflict.field, conflict.value, conflict.listed, conflict.based_on) == ("start", HALF_PAST, 1080, 1140)
    done = await here.desk.change(ana, [number()], {"start": HALF_PAST})
    assert done.changed == (number(),)
    assert await here.desk.conflicts(ana) == []
    await here.sync(notes="Bring a cup")
    shown = (await here.shown())["early-birds"]
    assert (shown.start, shown.notes) == (HALF_PAST, "Bring a cup")


async def test_two_fields_end_each_for_itself(here: Editing) -> None:
    ana = await here.open()
    await here.desk.change(ana, [number()], {"start": HALF_PAST, "notes": "Back door", "name": "Larks"})
    await here.sync(time="19:30", end_time="20:30", name="Late Birds")
    sheet = await here.sheet()
    assert {name: one.conflict for name, one in sheet.edits.items()} == {"notes": False, "name": True}
    assert (sheet.meeting.name, sheet.listed.name if sheet.listed else "") == ("Larks", "Late Birds")


async def test_what_a_person_ended_is_not_shown_although_the_list_has_it(here: Editing) -> None:
    ana = await here.open()
    await here.desk.end(ana, [number()], why="The hall is shut")
    for day in range(3):
        await here.sync(notes=f"day {day}")
        assert "early-birds" not in await here.shown()
    sheet = await here.sheet()
    assert sheet.ended
    assert sheet.meeting.notes == "day 2"
    here.world.now += timedelta(days=60)
    await here.sync()
    await here.desk.restore(ana, [number()])
    assert (await here.shown())["early-birds"].notes == "day 2"


async def test_an_end_is_over_when_the_list_drops_the_meeting(here: Editing) -> None:
    ana = await here.open()
    await here.desk.end(ana, [number()])
    gone = here.listed.pop("early-birds")
    await here.sync()
    assert (await here.sheet()).edits == {}
    with pytest.raises(MeetingGone):
        await here.desk.restore(ana, [number()])
    here.listed["early-birds"] = gone
    await here.sync()
    assert "early-birds" in await here.shown()


async def test_a_meeting_that_comes_back_within_a_month_has_its_corrections(here: Editing) -> None:
    ana = await here.open(row(), *(row(slug=f"s{one}", name=f"Group {one}", day=2) for one in range(6)))
    await here.desk.change(ana, [number()], {"start": HALF_PAST})
    gone = here.listed.pop("early-birds")
    await here.sync()
    here.world.now += timedelta(days=29)
    here.listed["early-birds"] = gone
    await here.sync()
    assert (await here.shown())["early-birds"].start == HALF_PAST
    here.listed.pop("early-birds")
    await here.sync()
    here.world.now += timedelta(days=31)
    await here.sync()
    here.listed["early-birds"] = gone
    await here.sync()
    assert (await here.shown())["early-birds"].start == 1140


async def test_a_list_turned_off_and_on_again_keeps_its_corrections(here: Editing) -> None:
    ana = await here.open()
    await here.desk.change(ana, [number()], {"start": HALF_PAST})
    await here.desk.end(ana, [number("online")])
    await here.world.sync.disable(AA)
    here.world.now += timedelta(days=60)
    await here.world.sync.enable(AA)
    await here.sync()
    assert {slug: one.start for slug, one in (await here.shown()).items()} == {"early-birds": HALF_PAST}
    await here.desk.restore(ana, [number("online")])
    assert "online" in await here.shown()


async def test_a_list_from_a_file_keeps_its_corrections_too(here: Editing) -> None:
    await here.open()
    await here.file(FROM_FILE, row(), row(slug="two", name="Two", day=2))
    ids = {slug: number(slug, FROM_FILE) for slug in ("early-birds", "two")}
    await here.desk.change(None, [ids["early-birds"]], {"start": HALF_PAST})
    await here.desk.end(None, [ids["two"]])
    await here.file(FROM_FILE, row(notes="New"), row(slug="two", name="Two", day=3))
    shown = await here.shown(FROM_FILE)
    assert {slug: (one.start, one.notes) for slug, one in shown.items()} == {"early-birds": (HALF_PAST, "New")}
    assert (await here.sheet("two", FROM_FILE)).meeting.weekday == 3
    await here.file(FROM_FILE, row(time="19:30", end_time="20:30"))
    assert (await here.sheet("early-birds", FROM_FILE)).edits == {}


async def test_what_was_set_until_a_day_ends_at_that_hour_without_a_reading(here: Editing) -> None:
    ana = await here.open()
    until = here.world.now + timedelta(days=2)
    await here.desk.change(ana, [number()], {"start": HALF_PAST, "notes": "Over Easter"}, until=until)
    await here.desk.change(ana, [number()], {"name": "Larks"})
    await here.desk.end(ana, [number("online")])
    assert await expire_due(here.database, until - timedelta(seconds=1)) == 0
    assert (await here.shown())["early-birds"].start == HALF_PAST
    assert await expire_due(here.database, until) == 1
    shown = await here.shown()
    assert {slug: (one.name, one.start, one.notes) for slug, one in shown.items()} == {
        "early-birds": ("Larks", 1140, "")
    }
    assert await expire_due(here.database, until) == 0


async def test_what_was_set_until_a_day_ends_at_a_reading(here: Editing) -> None:
    ana = await here.open()
    await here.desk.change(ana, [number()], {"start": HALF_PAST}, until=here.world.now + timedelta(minutes=30))
    await here.sync()
    assert (await here.shown())["early-birds"].start == 1140
    assert (await here.sheet()).edits == {}


async def test_a_meeting_may_be_ended_until_a_day(here: Editing) -> None:
    ana = await here.open()
    until = here.world.now + timedelta(days=2)
    await here.desk.change(ana, [number()], {ENDED: True}, until=until)
    await here.sync()
    assert "early-birds" not in await here.shown()
    await expire_due(here.database, until)
    assert "early-birds" in await here.shown()


async def _held(database: Database) -> list[str]:
    async with database.read() as connection:
        return [one.join_url for one in await held.links(connection, AA)]


async def test_a_corrected_link_wins_and_nothing_is_held_when_the_list_says_it_too(here: Editing) -> None:
    ana = await here.open()
    await here.desk.change(ana, [number("online")], {"join_url": MEET, "join_id": ""})
    here.listed["online"] |= {"conference_url": MEET}
    await here.sync()
    sheet = await here.sheet("online")
    assert (sheet.meeting.join_url, sheet.edits, await _held(here.database)) == (MEET, {}, [])


async def test_a_third_link_does_not_come_up_unseen_behind_a_correction(here: Editing) -> None:
    ana = await here.open()
    until = here.world.now + timedelta(days=1)
    await here.desk.change(ana, [number("online")], {"join_url": "https://example.org/room"}, until=until)
    here.listed["online"] |= {"conference_url": MEET}
    await here.sync()
    assert (await here.shown())["online"].join_url == "https://example.org/room"
    await expire_due(here.database, until)
    assert (await here.shown())["online"].join_url == ZOOM
    assert await _held(here.database) == [MEET]
    await here.sync()
    assert (await here.shown())["online"].join_url == ZOOM
    assert len(await _held(here.database)) == 1


async def test_a_link_that_is_accepted_lies_below_what_was_corrected(here: Editing) -> None:
    ana = await here.open()
    await here.desk.change(ana, [number("online")], {"passcode": "5550100", "notes": "Wait at the door"})
    here.listed["online"] |= {"conference_url": MEET, "conference_url_notes": "Password 1234"}
    await here.sync()
    assert (await here.shown())["online"].join_url == ZOOM
    await here.world.sync.accept(AA)
    shown = (await here.shown())["online"]
    assert (shown.join_url, shown.passcode, shown.notes) == (MEET, "5550100", "Wait at the door")
    await here.sync()
    assert (await here.shown())["online"] == shown


async def test_what_waits_is_counted_with_the_corrections_laid_over_it(here: Editing) -> None:
    rows = [row(), *(row(slug=f"s{one}", name=f"Group {one}", day=2) for one in range(6))]
    ana = await here.open(*rows)
    await here.desk.change(ana, [number()], {"start": HALF_PAST})
    here.listed = {"early-birds": here.listed["early-birds"]}
    await here.sync()
    waiting = await here.world.sync.waiting(AA)
    assert (waiting.answer, waiting.gone, waiting.changed) == (True, 6, 0)
    await here.world.sync.accept(AA)
    assert {slug: one.start for slug, one in (await here.shown()).items()} == {"early-birds": HALF_PAST}


async def test_nobody_is_told_twice_when_a_list_catches_up(here: Editing) -> None:
    ana = await here.open()
    before = await _revision(here.database)
    await here.desk.change(ana, [number()], {"start": HALF_PAST})
    changed = await _revision(here.database)
    assert changed > before
    await here.sync(time="19:30", end_time="20:30")
    assert await _revision(here.database) == changed


async def _revision(database: Database) -> int:
    async with database.read() as connection:
        return await meetings.revision(connection)
