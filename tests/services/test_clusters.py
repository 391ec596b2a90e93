"""The same meeting in several feeds: shown once, named after all of them, and open under each of its ids."""

from dataclasses import replace
from datetime import UTC, datetime
from itertools import combinations, pairwise
from random import Random
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.domain.errors import MeetingGone
from bot.domain.meeting import Meeting, Status
from bot.domain.place import Place
from bot.domain.sameness import clusters, likeness
from bot.domain.search import Order, Search
from bot.domain.when import Day, When
from bot.services import clusters as service
from bot.services.index import Gathering, TableReader, Together, build, pairs
from bot.services.index.pairs import MOST
from bot.services.meetings import Meetings
from bot.store import meetings as store
from bot.store import revising
from bot.store.database import Database
from tests.builders import LEEDS, make_meeting, make_online_meeting
from tests.services.oracle import Oracle, light_row
from tests.services.test_index import FELLOWSHIPS, assert_same, question

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)  # a Tuesday
HERE = Place("Leeds", *LEEDS, country="GB", zone="Europe/London")
ZOOM = "https://zoom.us/j/85512340100"
CORNERS = ((53.7997, -1.5492), (53.7997, 179.9999), (-16.9, -179.9999), (89.9999, 20.0), (0.00001, 0.0))


def found_among(meetings: list[Meeting]) -> Together:
    """What the index says, by way of marks and pairs."""
    reader = TableReader(FELLOWSHIPS)
    reader.add(light_row(one) for one in meetings)
    cards = {one.id: one for one in meetings}
    found = Gathering()
    for part in service.parts(pairs(*reader.table())):
        found.add(service.joined(cards, part))
    return found.together()


def told(same: Together) -> set[tuple[int, ...]]:
    return {tuple(same.members[begin:end].tolist()) for begin, end in pairwise(same.begins.tolist())}


def by_looking_at_every_pair(meetings: list[Meeting]) -> set[tuple[int, ...]]:
    likenesses = ((likeness(one, other), one, other) for one, other in combinations(meetings, 2))
    return {tuple(row.id for row in cluster) for cluster in clusters(likenesses)}


def copies(seed: int) -> list[Meeting]:
    """Few places, hours, names and calls in three feeds, so that much is alike."""
    random = Random(seed)
    corner = random.choice(CORNERS)
    return [_copy(random, number, corner) for number in range(random.choice((2, 6, 20, 45)))]


def _copy(random: Random, number: int, corner: tuple[float, float]) -> Meeting:
    shape = random.choice(("room", "room", "both", "call"))
    latitude = max(-90.0, min(90.0, corner[0] + random.choice((0, 0, 0.0015, 0.0019, -0.01)) * random.random()))
    longitude = (corner[1] + random.choice((0, 0, 0.002, 0.01)) * random.random() + 180) % 360 - 180
    on_map = shape != "call" and random.random() < 0.8
    return make_meeting(
        id=random.getrandbits(56),
        key=str(number),
        feed=random.choice("abc"),
        fellowship=random.choice(("aa", "aa", "na")),
        name=random.choice(("Mill Lane", "Mill Lane Group", "Mill Lane Step Study", "Serenity", "Mill Lane 2")),
        weekday=random.choice((1, 2)),
        start=random.choice((19 * 60, 20 * 60)),
        zone=random.choice(("Europe/London", "Europe/London", "Europe/Paris", "America/New_York")),
        in_person=shape != "call",
        online=shape != "room",
        latitude=latitude if on_map else None,
        longitude=longitude if on_map else None,
        address=random.choice(("12 Mill Lane", "12 Mill Ln", "3 Oak Road", "")) if shape != "call" else "",
        postal_code=random.choice(("LS1 1AA", "")),
        city=random.choice(("Leeds", "")),
        join_url=random.choice((ZOOM, ZOOM + "?pwd=abc", "", "https://meet.example.org/leeds"))
        if shape != "room"
        else "",
        join_id=random.choice(("", "855 1234 0100")) if shape != "room" else "",
        approximate=random.random() < 0.1,
        status=random.choice((*[Status.ACTIVE] * 8, *Status)),
        languages=random.choice(((), ("en",), ("es",))),
        updated=random.choice((None, NOON)),
        tags=random.choice((frozenset(), frozenset({"women"}), frozenset({"men"}))),
    )


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.integers(0, 2**32))
def test_marks_miss_no_pair_that_looking_at_every_pair_finds(seed: int) -> None:
    made = copies(seed)
    assert told(found_among(made)) == by_looking_at_every_pair(made)


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.integers(0, 2**32), st.sampled_from(list(Order)), st.sampled_from((None, True)))
def test_lists_totals_and_turns_are_those_of_the_meetings_without_their_doubles(
    seed: int, order: Order, online: bool | None
) -> None:
    made = copies(seed)
    hidden = {double for cluster in by_looking_at_every_pair(made) for double in cluster[1:]}
    reader = TableReader(FELLOWSHIPS)
    reader.add(light_row(one) for one in made)
    index = build(reader.table()[0], NOON, found_among(made))
    at = next(((one.latitude, one.longitude) for one in made if one.latitude and one.longitude), LEEDS)
    asked = question(Search(Place("", *at, zone="Europe/London"), order=order, online=online), NOON)
    oracle = Oracle([one for one in made if one.id not in hidden], FELLOWSHIPS)
    assert_same(oracle, index, asked)
    assert_same(oracle, index.moved_to(NOON), asked)


def test_a_slip_that_gives_a_hundred_rows_one_call_is_left_as_it_is_listed() -> None:
    rows = [make_online_meeting(feed="ab"[at % 2], key=str(at), join_url=ZOOM) for at in range(MOST + 1)]
    assert told(found_among(rows)) == set()
    assert len(told(found_among(rows[:-1]))) == MOST // 2


def test_pairs_are_read_in_parts_that_keep_together_what_hangs_together() -> None:
    chain = [(at, at + 1) for at in range(0, 999)]
    apart = [(at, at + 1) for at in range(2_000, 4_000, 2)]
    parts = [[tuple(pair) for pair in part.tolist()] for part in service.parts(np.array([*apart, *reversed(chain)]))]
    assert sorted(pair for part in parts for pair in part) == sorted((*chain, *apart))
    assert sum(any(pair in part for pair in chain) for part in parts) == 1
    assert len(parts) > 4


class World:
    """Feeds in a store, and the service over it, at noon on a Tuesday."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.meetings = Meetings(database, FELLOWSHIPS, lambda: NOON, lambda place: "Europe/London")

    async def holds(self, *listed: Meeting) -> None:
        """What the feeds of these meetings list from now on."""
        async with self.database.begin() as connection:
            for feed in sorted({one.feed for one in listed}):
                await store.replace_feed(connection, feed, [one for one in listed if one.feed == feed])
        await self.meetings.refresh()

    async def ids(self, **asked: Any) -> list[int]:
        wanted: dict[str, Any] = {"place": HERE, "fellowships": ("aa",)} | asked
        found = await self.meetings.search(Search(**wanted))
        assert found.total == len(found.rows)
        return [row.meeting.id for row in found.rows]


@pytest.fixture
def world(db: Database) -> World:
    return World(db)


def room(feed: str, **more: Any) -> Meeting:
    names = {"feed": feed, "fellowship": "aa", "name": "Mill Lane Group", "entity": f"Intergroup {feed.upper()}"}
    return make_meeting(**(names | {"address": "12 Mill Lane"} | more))


async def test_a_meeting_of_three_feeds_is_one_row_that_names_them_and_opens_by_every_id(world: World) -> None:
    fresh = room("b", key="x", name="Mill Lane", latitude=LEEDS[0] + 0.0005, updated=NOON)
    rows = room("c", address="12 Mill Ln."), fresh, room("a", latitude=None, longitude=None)
    await world.holds(*rows, room("a", key="2", name="Serenity"))
    found = await world.meetings.search(Search(place=HERE, fellowships=("aa",)))
    assert found.total == 2
    assert {row.meeting.id: row.sources for row in found.rows}[fresh.id] == ("a", "b", "c")
    assert {row.sources for row in found.rows} == {("a", "b", "c"), ("a",)}
    for one in rows:
        opened = (await world.meetings.open(one.id, HERE)).row
        assert opened.meeting.id == fresh.id
        assert opened.sources == ("a", "b", "c")
        assert opened.listed_by[0] == "Intergroup B"
        assert set(opened.listed_by) == {"Intergroup A", "Intergroup B", "Intergroup C"}


async def test_look_alikes_in_two_feeds_are_two_rows_with_a_source_each(world: World) -> None:
    rows = room("a"), room("b", name="Mill Lane Women's Group"), room("c", start=20 * 60), room("d", fellowship="na")
    await world.holds(*rows)
    assert set(await world.ids()) == {one.id for one in rows[:3]}
    for one in rows:
        assert (await world.meetings.open(one.id)).row.sources == (one.feed,)


async def test_what_one_feed_lists_twice_is_shown_twice(world: World) -> None:
    rows = room("a", key="1"), room("a", key="2"), room("b")
    await world.holds(*rows)
    assert len(await world.ids()) == 2


async def test_each_day_of_a_row_with_several_days_finds_its_own_like(world: World) -> None:
    days = [room("a", position=at, weekday=day) for at, day in enumerate((2, 3, 4))]
    singles = [room("b", key=str(day), weekday=day) for day in (3, 4, 5)]
    await world.holds(*days, *singles)
    found = await world.meetings.search(Search(place=HERE, fellowships=("aa",)))
    told_of = {row.meeting.weekday: row.sources for row in found.rows}
    assert told_of == {2: ("a",), 3: ("a", "b"), 4: ("a", "b"), 5: ("b",)}
    assert found.total == 4


async def test_a_call_of_two_feeds_is_one_row_online_and_its_room_one_row_here(world: World) -> None:
    hybrid = room("a", online=True, join_url=ZOOM)
    call = make_online_meeting(feed="b", fellowship="aa", name="Mill Lane (Online)", join_id="855 1234 0100")
    await world.holds(hybrid, call)
    assert await world.ids() == await world.ids(online=True) == [hybrid.id]
    assert (await world.meetings.open(call.id)).row.meeting.id == hybrid.id


async def test_when_one_list_lets_go_of_a_meeting_the_other_still_shows_it(world: World) -> None:
    shown, other = room("a", updated=NOON), room("b")
    await world.holds(shown, other)
    assert await world.ids() == [shown.id]
    async with world.database.begin() as connection:
        await revising.write(connection, [], [shown.id], NOON)
    assert (await world.meetings.open(shown.id)).row.meeting.id == other.id, "before the lists are taken up anew"
    await world.meetings.refresh()
    assert await world.ids() == [other.id]
    for one in (shown, other):
        row = (await world.meetings.open(one.id)).row
        assert (row.meeting.id, row.sources) == (other.id, ("b",))


async def test_a_meeting_that_every_list_has_let_go_of_is_gone_and_a_look_alike_does_not_answer(world: World) -> None:
    rows = room("a"), room("b")
    await world.holds(*rows, room("c", name="Serenity"), room("d", fellowship="na"))
    async with world.database.begin() as connection:
        await revising.write(connection, [], [one.id for one in rows], NOON)
    for taken_up in (False, True):
        for one in rows:
            with pytest.raises(MeetingGone):
                await world.meetings.open(one.id)
        assert taken_up or await world.meetings.refresh()


async def test_rows_that_a_sync_changes_are_found_again(world: World) -> None:
    await world.holds(room("a"), room("b", address="99 Other Street", latitude=54.0))
    assert len(await world.ids()) == 2
    async with world.database.begin() as connection:
        await revising.write(connection, [room("b")], [], NOON)
    await world.meetings.refresh()
    assert len(await world.ids()) == 1


async def test_the_same_hour_of_another_day_is_searched_in_the_shown_row(world: World) -> None:
    await world.holds(room("a"), room("b"))
    assert await world.ids(when=When(Day.SUNDAY)) == []
    assert len(await world.ids(when=When(Day.TONIGHT))) == 1


async def test_a_meeting_opens_before_the_lists_were_taken_up(world: World) -> None:
    one = room("a")
    async with world.database.begin() as connection:
        await store.replace_feed(connection, "a", [one])
    row = (await world.meetings.open(one.id)).row
    assert (row.sources, row.listed_by) == (("a",), ("Intergroup A",))


async def test_of_a_thousand_doubles_none_is_left(sqlite_db: Database) -> None:
    world = World(sqlite_db)
    mine = [room("a", key=str(at), name=f"Group of {at}", start=at % 1440) for at in range(1_000)]
    theirs = [replace(one, id=one.id ^ 1, feed="b", name=one.name.upper()) for one in mine]
    await world.holds(*mine, *theirs)
    found = await world.meetings.search(Search(place=HERE, fellowships=("aa",)))
    assert found.total == 1_000
    assert {row.sources for row in found.rows} == {("a", "b")}
