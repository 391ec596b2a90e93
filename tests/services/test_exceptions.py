"""Dated exceptions: set by who may, seen by everybody who looks for a meeting, and taken back exactly."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from bot.domain.admin import Role, Scope
from bot.domain.errors import MeetingGone, NotPermitted
from bot.domain.exceptions import BadDays, DatedException, Done, as_json, closed, moved_once
from bot.domain.meeting import Meeting, id_text
from bot.domain.place import Place
from bot.domain.search import Search
from bot.domain.when import ANY_TIME, Day, When
from bot.services.exceptions import MOST, Days
from bot.services.meetings import Meetings
from bot.services.upkeep import Upkeep
from bot.store import exceptions as store
from bot.store import meetings as listings
from bot.store.database import Database
from tests.builders import LEEDS, make_meeting, make_online_meeting
from tests.helping import World as Helping
from tests.services.test_meetings import FELLOWSHIPS

MONDAY = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
TODAY, TUESDAY, WEDNESDAY = (date(2026, 11, day) for day in (23, 24, 25))
NEXT_TUESDAY = date(2026, 12, 1)
HERE = Place("Leeds", *LEEDS, country="GB", zone="Europe/London")


class World:
    """The desk, and the search over the same store; "now" is a Monday noon."""

    def __init__(self, database: Database) -> None:
        self.database, self.now = database, MONDAY
        clock = lambda: self.now  # noqa: E731 - the test moves it
        self.meetings = Meetings(database, FELLOWSHIPS, clock, lambda place: "Europe/London")
        self.days = Days(database, same=self.meetings.same, clock=clock)
        self.helping = Helping(database)

    async def holds(self, *listed: Meeting) -> None:
        async with self.database.begin() as connection:
            for feed in sorted({one.feed for one in listed}):
                await listings.replace_feed(connection, feed, [one for one in listed if one.feed == feed])
        await self.meetings.refresh()

    async def put(self, what: DatedException, *ids: int) -> Done:
        done = await self.days.put(None, ids, what)
        await self.meetings.refresh()
        return done

    async def found(self, when: When = ANY_TIME, *, online: bool = False) -> list[str]:
        """When the rows of a search start, in London."""
        place = None if online else HERE
        search = Search(place, online=online or None, fellowships=("smart",), when=when)
        rows = (await self.meetings.search(search)).rows
        return [f"{row.next:%a %d %H:%M}" for row in rows if row.next]

    async def next(self, meeting: Meeting) -> str:
        start = (await self.meetings.open(meeting.id)).row.next
        return f"{start:%a %d %H:%M}" if start else "none"


async def one_meeting(database: Database, **values: object) -> tuple[World, Meeting]:
    world, meeting = World(database), make_meeting(**values)
    await world.holds(meeting)
    return world, meeting


async def test_closed_tonight_it_appears_with_next_weeks_date_if_that_is_asked_for(db: Database) -> None:
    world, meeting = await one_meeting(db)
    world.now = datetime(2026, 11, 24, 18, 0, tzinfo=UTC)
    assert await world.found(When(Day.TONIGHT)) == ["Tue 24 19:00"]
    await world.put(closed(TUESDAY, TUESDAY, "The hall is shut"), meeting.id)
    assert await world.found(When(Day.TONIGHT)) == []
    assert await world.found() == []
    assert await world.next(meeting) == "Tue 01 19:00"
    world.now += timedelta(days=1)
    assert await world.found() == ["Tue 01 19:00"]


@pytest.mark.parametrize("make", [make_meeting, make_online_meeting])
async def test_one_that_is_moved_stands_at_its_new_day_and_hour(sqlite_db: Database, make: object) -> None:
    world, meeting = World(sqlite_db), make() if callable(make) else make_meeting()
    await world.holds(meeting)
    await world.put(moved_once(TUESDAY, WEDNESDAY, 18 * 60), meeting.id)
    online = meeting.online
    assert await world.found(online=online) == ["Wed 25 18:00"]
    assert await world.found(When(Day.TUESDAY), online=online) == []
    assert await world.found(When(Day.WEDNESDAY), online=online) == ["Wed 25 18:00"]
    (row,) = (await world.meetings.search(Search(None if online else HERE, fellowships=("smart",)))).rows
    assert row.days == (moved_once(TUESDAY, WEDNESDAY, 18 * 60),)
    world.now = datetime(2026, 11, 25, 19, 0, tzinfo=UTC)
    assert await world.found(online=online) == ["Tue 01 19:00"]


async def test_suspended_until_further_notice_it_is_in_no_list_and_opens_without_a_time(db: Database) -> None:
    world, meeting = await one_meeting(db)
    await world.put(closed(TODAY, None), meeting.id)
    found = await world.meetings.search(Search(HERE, fellowships=("smart",)))
    assert (found.rows, found.online_next, found.nearest) == ((), None, None)
    assert found.finder_kinds == ("smart",)  # nobody knows of one here: its own finder may
    assert await world.next(meeting) == "none"
    await world.days.remove(None, [meeting.id], TODAY)
    await world.meetings.refresh()
    assert await world.found() == ["Tue 24 19:00"]


async def test_a_card_says_what_is_true_now_and_does_not_wait_for_the_search(sqlite_db: Database) -> None:
    world, meeting = await one_meeting(sqlite_db)
    await world.days.put(None, [meeting.id], closed(TUESDAY, TUESDAY))
    row = (await world.meetings.open(meeting.id)).row
    assert row.next == datetime(2026, 12, 1, 19, 0, tzinfo=UTC)
    assert row.days == (closed(TUESDAY, TUESDAY),)
    world.now += timedelta(days=2)
    assert (await world.meetings.open(meeting.id)).row.days == ()
    assert await world.days.of(meeting.id) == ()


async def test_what_one_list_knows_holds_for_every_row_about_the_meeting(db: Database) -> None:
    world = World(db)
    ours, theirs = make_meeting(feed="a"), make_meeting(feed="b")
    await world.holds(ours, theirs)
    assert await world.found() == ["Tue 24 19:00"]
    await world.put(closed(TUESDAY, TUESDAY), theirs.id)
    assert await world.found() == []
    assert [await world.next(one) for one in (ours, theirs)] == ["Tue 01 19:00"] * 2
    assert await world.days.of(ours.id) == await world.days.of(theirs.id) != ()
    (change, *_) = await world.helping.history()
    await world.days.remove(None, [ours.id], TUESDAY)
    assert await world.days.of(theirs.id) == ()
    assert change.subject.id == id_text(theirs.id)


async def test_a_house_is_closed_for_a_week_and_only_who_meets_then_is_touched(sqlite_db: Database) -> None:
    world = World(sqlite_db)
    rows = [make_meeting(key=str(day), weekday=day) for day in range(1, 8)]
    await world.holds(*rows)
    done = await world.put(closed(TUESDAY, WEDNESDAY), *(one.id for one in rows))
    assert (done.changed, len(done.unchanged), len(done.changes)) == ((rows[1].id, rows[2].id), 5, 2)
    again = await world.put(closed(TUESDAY, WEDNESDAY), rows[1].id)
    assert again == Done((), (rows[1].id,))
    with pytest.raises(BadDays, match="no_meeting"):
        await world.put(closed(TUESDAY, WEDNESDAY), rows[0].id)


async def test_what_makes_no_sense_for_one_changes_none(db: Database) -> None:
    world = World(db)
    rows = [make_meeting(key=str(number)) for number in range(2)]
    await world.holds(*rows)
    await world.put(closed(WEDNESDAY, NEXT_TUESDAY), rows[1].id)
    with pytest.raises(BadDays, match="closed"):
        await world.put(moved_once(TUESDAY, WEDNESDAY), *(one.id for one in rows))
    with pytest.raises(MeetingGone):
        await world.put(closed(TUESDAY, TUESDAY), rows[0].id, 404)
    with pytest.raises(BadDays, match="many"):
        await world.put(closed(TUESDAY, TUESDAY), *range(MOST + 1))
    assert await world.days.of(rows[0].id) == ()
    assert await world.days.of(rows[1].id) == (closed(WEDNESDAY, NEXT_TUESDAY),)


async def test_the_same_first_day_is_set_anew(db: Database) -> None:
    world, meeting = await one_meeting(db)
    await world.put(closed(TUESDAY, None), meeting.id)
    await world.put(closed(TUESDAY, NEXT_TUESDAY), meeting.id)
    assert await world.days.of(meeting.id) == (closed(TUESDAY, NEXT_TUESDAY),)
    (change, *_) = await world.helping.history()
    assert change.before == {"2026-11-24": as_json(closed(TUESDAY, None))}
    assert change.after == {"2026-11-24": as_json(closed(TUESDAY, NEXT_TUESDAY))}


async def test_what_was_set_or_taken_away_is_taken_back_exactly_and_conflicts_are_told(db: Database) -> None:
    world, meeting = await one_meeting(db)
    helping = world.helping
    owner = await helping.helper(Role.OWNER)
    first, other = closed(TUESDAY, NEXT_TUESDAY, "Paint"), moved_once(date(2026, 12, 8), date(2026, 12, 9), 600)
    desk = helping.desk
    (put,) = (await desk.days.put(owner, [meeting.id], first)).changes
    (moved,) = (await desk.days.put(owner, [meeting.id], other)).changes
    assert (await desk.audit.undo(put, owner)).fields == ("2026-11-24",)
    assert await desk.days.of(meeting.id) == (other,)
    (gone,) = (await desk.days.remove(owner, [meeting.id], other.first_day)).changes
    assert await desk.days.of(meeting.id) == ()
    await desk.audit.undo(gone, owner)
    assert await desk.days.of(meeting.id) == (other,)
    await desk.days.put(owner, [meeting.id], replace(other, start=None))
    result = await desk.audit.undo(moved, owner)
    assert (result.fields, [one.field for one in result.conflicts]) == ((), ["2026-12-08"])
    assert await desk.days.of(meeting.id) == (replace(other, start=None),)


NOT_MINE: Sequence[Scope] = (
    Scope(fellowships=frozenset({"aa"})),
    Scope(areas=frozenset({"US"})),
    Scope(feeds=frozenset({"another"})),
)
MINE: Sequence[Scope] = (
    Scope(),
    Scope(fellowships=frozenset({"smart"}), areas=frozenset({"GB"})),
    Scope(feeds=frozenset({"smart-sample"})),
)


@pytest.mark.parametrize("role", list(Role))
async def test_who_edits_a_meeting_sets_its_days_and_nobody_else(db: Database, role: Role) -> None:
    world, meeting = await one_meeting(db)
    desk, may = world.helping.desk, role is not Role.REVIEWER
    for scope in MINE[:1] if role is Role.OWNER else (*MINE, *NOT_MINE):
        who = await world.helping.helper(role, scope)
        if may and scope in MINE:
            assert (await desk.days.put(who, [meeting.id], closed(TUESDAY, TUESDAY))).changed
            assert (await desk.days.remove(who, [meeting.id], TUESDAY)).changed
            continue
        for deed in (
            desk.days.put(who, [meeting.id], closed(TUESDAY, TUESDAY)),
            desk.days.remove(who, [meeting.id], TUESDAY),
        ):
            with pytest.raises(NotPermitted):
                await deed
        assert await desk.days.of(meeting.id) == ()


async def test_a_meeting_of_women_gets_no_note_that_could_lead_them_elsewhere(sqlite_db: Database) -> None:
    world = World(sqlite_db)
    guarded, other = make_meeting(tags=frozenset({"women"})), make_meeting(key="2")
    await world.holds(guarded, other)
    with pytest.raises(BadDays, match="guarded"):
        await world.put(moved_once(TUESDAY, WEDNESDAY, note="In the hall at 5 Mill Lane"), guarded.id, other.id)
    assert (await world.put(moved_once(TUESDAY, WEDNESDAY), guarded.id)).changed
    assert (await world.put(moved_once(TUESDAY, WEDNESDAY, note="In the hall at 5 Mill Lane"), other.id)).changed


async def test_nor_does_the_row_of_another_list_that_does_not_say_for_whom_it_is(sqlite_db: Database) -> None:
    world = World(sqlite_db)
    here, there = make_meeting(tags=frozenset({"women"})), make_meeting(feed="other")
    await world.holds(here, there)
    assert set(world.meetings.same(there.id)) == {here.id, there.id}
    with pytest.raises(BadDays, match="guarded"):
        await world.put(moved_once(TUESDAY, WEDNESDAY, note="In the hall at 5 Mill Lane"), there.id)


async def test_what_is_over_is_cleared_away_and_what_goes_on_stays(db: Database) -> None:
    world, meeting = await one_meeting(db)
    later = (moved_once(NEXT_TUESDAY, date(2026, 12, 9)), closed(date(2026, 12, 15), None))
    for one in (closed(TUESDAY, TUESDAY), *later):
        await world.put(one, meeting.id)
    upkeep = Upkeep(db)
    await upkeep.run(datetime(2026, 11, 26, 23, 0, tzinfo=UTC))
    async with db.read() as connection:
        assert len((await store.every(connection))[meeting.id]) == 3
    await upkeep.run(datetime(2026, 12, 8, tzinfo=UTC))
    async with db.read() as connection:
        assert await store.every(connection) == {meeting.id: later}
    await upkeep.run(datetime(2027, 12, 8, tzinfo=UTC))
    async with db.read() as connection:
        assert await store.every(connection) == {meeting.id: later[1:]}
    async with db.begin() as connection:
        await listings.remove_feed(connection, meeting.feed)
    await upkeep.run(datetime(2027, 12, 8, tzinfo=UTC))
    async with db.read() as connection:
        assert await store.every(connection) == {}
