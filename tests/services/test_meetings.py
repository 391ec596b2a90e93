"""The search as people meet it: over the store, in the fair order, never at a dead end."""

import gc
import weakref
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.domain.errors import MeetingGone
from bot.domain.fellowship import Fellowship, Tradition
from bot.domain.found import Found
from bot.domain.meeting import Meeting, Status
from bot.domain.place import Place
from bot.domain.search import Order, Search
from bot.domain.when import NOW, Day, When
from bot.services.meetings import Meetings
from bot.store import meetings as store
from bot.store.database import Database
from tests.builders import LEEDS, make_meeting, make_online_meeting

TUESDAY_NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
HERE = Place("Leeds", *LEEDS, country="GB", zone="Europe/London")
KM = 1 / 111.195  # degrees of latitude in a kilometre


def fellowship(kind: str, number: int, tradition: Tradition, needs: str = "alcohol", **more: Any) -> Fellowship:
    return Fellowship(kind, number, kind, kind, tradition, tuple(needs.split()), **more)


FELLOWSHIPS = {
    one.id: one
    for one in (
        fellowship("aa", 1, Tradition.TWELVE_STEP),
        fellowship("na", 2, Tradition.TWELVE_STEP, "drugs alcohol"),
        fellowship("smart", 3, Tradition.SECULAR, "drugs alcohol", tags=frozenset({"secular"})),
        fellowship("lifering", 4, Tradition.SECULAR),
        fellowship("dharma", 5, Tradition.OTHER),
        fellowship("wfs", 6, Tradition.SECULAR, for_people="women"),
        fellowship("alateen", 7, Tradition.TWELVE_STEP, for_people="teens"),
        fellowship("ga", 8, Tradition.TWELVE_STEP, "gambling"),
        fellowship("sleeping", 9, Tradition.SECULAR, live=False),
        *(fellowship(f"other_{number}", 20 + number, Tradition.OTHER, "food") for number in range(6)),
    )
}


class World:
    """A store with these meetings and the service over it, at noon on a Tuesday."""

    def __init__(self, database: Database) -> None:
        self.database, self.now, self.count = database, TUESDAY_NOON, 0
        self.meetings = Meetings(database, FELLOWSHIPS, lambda: self.now, lambda place: "Europe/London")
        self.listed: list[Meeting] = []

    async def holds(self, *listed: Iterable[Meeting]) -> None:
        """Put meetings in the store and take them up."""
        self.listed = [meeting for some in listed for meeting in some]
        async with self.database.begin() as connection:
            await store.replace_feed(connection, "smart-sample", self.listed)
        await self.meetings.refresh()

    def room(self, kind: str, km: float, hours: float, times: int = 1, **more: Any) -> list[Meeting]:
        """In-person meetings so far north of Leeds, so many hours from now."""
        places = {"latitude": LEEDS[0] + km * KM, "longitude": LEEDS[1]}
        return [self._one(make_meeting, kind, hours, **(places | more)) for _ in range(times)]

    def call(self, kind: str, hours: float, times: int = 1, **more: Any) -> list[Meeting]:
        """Online meetings so many hours from now."""
        return [self._one(make_online_meeting, kind, hours, **more) for _ in range(times)]

    def _one(self, make: Any, kind: str, hours: float, **more: Any) -> Meeting:
        self.count += 1
        start = self.now + timedelta(hours=hours)
        when = {"weekday": start.isoweekday(), "start": start.hour * 60 + start.minute}
        meeting: Meeting = make(key=str(self.count), fellowship=kind, **(when | more))
        return meeting

    async def find(self, place: Place | None = HERE, **asked: Any) -> Found:
        return await self.meetings.search(Search(place=place, **({"needs": ("alcohol",)} | asked)))

    async def every_page(self, **asked: Any) -> list[Found]:
        pages = [await self.find(**asked)]
        while pages[-1].more:
            pages.append(await self.find(**asked, page=len(pages) + 1))
        return pages


@pytest.fixture
def world(sqlite_db: Database) -> World:
    return World(sqlite_db)


def kinds(found: Found) -> list[str]:
    return [row.meeting.fellowship for row in found.rows]


def kilometres(found: Found) -> list[int]:
    return [round(row.distance_km) for row in found.rows if row.distance_km is not None]


def starts(found: Found) -> list[float]:
    return [(row.next - TUESDAY_NOON).total_seconds() / 3600 for row in found.rows if row.next]


async def test_the_ring_that_holds_three_meetings_is_read_soonest_first(world: World) -> None:
    await world.holds(world.room("aa", 1, 9), world.room("aa", 3, 2), world.room("aa", 4, 5), world.room("aa", 10, 1))
    found = await world.find(fellowships=("aa",))
    assert starts(found) == [2, 5, 9, 1]
    assert kilometres(found) == [3, 4, 1, 10]


async def test_45_km_in_twenty_minutes_never_stands_before_500_m_in_an_hour(world: World) -> None:
    far = [*world.room("aa", 45, 1 / 3, 5), *world.room("na", 45, 1 / 3, 2)]
    await world.holds(far, world.room("aa", 0.5, 1), world.room("na", 0.5, 1))
    found = await world.find(fellowships=("aa",))
    assert found.rows[0].distance_km == pytest.approx(0.5, abs=0.01)
    assert found.total == 6
    for seed in range(20):
        found = await world.find(seed=seed)
        assert all(row.distance_km < 1 for row in found.rows[:2] if row.distance_km)


async def test_with_two_meetings_of_a_kind_the_nearer_ring_comes_first(world: World) -> None:
    await world.holds(world.room("aa", 8, 1), world.room("aa", 1, 6))
    assert kilometres(await world.find(fellowships=("aa",))) == [1, 8]


async def test_each_kind_chooses_its_own_ring(world: World) -> None:
    await world.holds(
        world.room("aa", 1, 5, 3), world.room("aa", 4, 1), world.room("smart", 40, 2), world.call("na", 1)
    )
    found = await world.find()
    assert {row.meeting.fellowship: row.distance_km for row in reversed(found.rows)} == {
        "aa": pytest.approx(1, abs=0.01),
        "smart": pytest.approx(40, abs=0.1),
    }


async def test_500_aa_40_na_and_2_smart_take_turns_without_loss_or_repeat(world: World) -> None:
    rooms = [world.room(kind, 3, 1, many) for kind, many in (("aa", 500), ("na", 40), ("smart", 2))]
    await world.holds(*rooms)
    pages = await world.every_page(seed=7)
    rows = [row.meeting for found in pages for row in found.rows]
    assert Counter(row.fellowship for row in rows) == {"aa": 500, "na": 40, "smart": 2}
    assert len({row.id for row in rows}) == 542 == pages[0].total
    assert {row.fellowship for row in rows[:3]} == {row.fellowship for row in rows[3:6]} == {"aa", "na", "smart"}
    assert all({rows[at].fellowship, rows[at + 1].fellowship} == {"aa", "na"} for at in range(6, 82, 2))
    assert all(len(found.rows) == 5 for found in pages[:-1])


async def test_over_many_seeds_each_kind_comes_first_equally_often(world: World) -> None:
    await world.holds(
        *(world.room(kind, 3, 1, 20 if kind == "aa" else 1) for kind in ("aa", "na", "smart", "dharma"))
    )
    first = Counter([kinds(await world.find(seed=seed))[0] for seed in range(400)])
    assert set(first) == {"aa", "na", "smart", "dharma"}
    assert max(first.values()) < 140


async def test_the_list_says_whose_turn_comes_next(world: World) -> None:
    await world.holds(world.room("aa", 1, 1, 4), world.room("na", 1, 1, 2), world.room("smart", 1, 1, 1))
    found = await world.find()
    assert sorted(found.kinds) == ["aa", "na", "smart"]
    assert found.kinds == tuple(dict.fromkeys(kinds(found)))
    assert found.next_kinds == ("aa",)
    assert found.more
    assert not (await world.find(page=2)).more


async def test_a_page_after_the_last_is_empty_and_still_tells_the_total(world: World) -> None:
    await world.holds(world.room("aa", 1, 1, 4))
    found = await world.find(page=9)
    assert (found.rows, found.more, found.total) == ((), False, 4)


async def test_page_one_has_an_online_secular_meeting_where_only_twelve_step_ones_are_in_reach(world: World) -> None:
    await world.holds(world.room("aa", 1, 1, 9), world.call("lifering", 5), world.call("lifering", 3))
    pages = await world.every_page()
    assert kinds(pages[0]) == ["aa", "aa", "aa", "aa", "lifering"]
    assert [row.instead for row in pages[0].rows] == [False] * 4 + [True]
    assert starts(pages[0])[-1] == 3
    assert pages[0].rows[-1].distance_km is None
    assert pages[0].total == 9
    assert kinds(pages[1]) == ["aa"] * 5
    assert len({row.meeting.id for found in pages for row in found.rows}) == 10
    assert not pages[1].more


async def test_a_stand_in_does_not_push_the_other_tradition_off_page_one(world: World) -> None:
    others = [world.room(f"other_{number}", 1, 1, 3) for number in range(6)]
    await world.holds(*others, world.room("aa", 1, 1), world.call("smart", 1))
    for seed in range(40):
        found = await world.find(needs=(), seed=seed)
        assert "aa" in kinds(found)
        assert kinds(found)[-1] == "smart"


async def test_a_room_whose_list_does_not_say_is_not_its_own_stand_in(world: World) -> None:
    open_rooms = world.room("aa", 1, 1, 6, tags=frozenset({"open"}))
    await world.holds(open_rooms, world.room("smart", 1, 1, online=True))
    pages = await world.every_page(filters=frozenset({"open"}))
    assert [kinds(found) for found in pages] == [["aa"] * 5, ["aa", "smart"]]


async def test_a_stand_in_may_come_from_the_days_after_the_window(world: World) -> None:
    await world.holds(world.room("aa", 1, 1), world.call("smart", 30))
    found = await world.find(when=NOW)
    assert kinds(found) == ["aa", "smart"]
    assert starts(found) == [1, 30]


async def test_the_kind_that_stands_in_is_drawn_by_the_seed(world: World) -> None:
    await world.holds(world.room("aa", 1, 1), world.call("smart", 1, 30), world.call("lifering", 90))
    drawn = Counter([kinds(await world.find(seed=seed))[-1] for seed in range(200)])
    assert min(drawn["smart"], drawn["lifering"]) > 70


@pytest.mark.parametrize("asked", [{"fellowships": ("aa",)}, {"online": False}, {"order": Order.SOONEST}])
async def test_who_named_a_kind_a_room_or_an_order_gets_no_stand_in(world: World, asked: dict[str, Any]) -> None:
    await world.holds(world.room("aa", 1, 1, 2), world.call("lifering", 5))
    assert kinds(await world.find(**asked)) == ["aa", "aa"]


async def test_where_no_secular_kind_fits_the_need_nobody_stands_in(world: World) -> None:
    await world.holds(world.room("ga", 1, 1), world.call("smart", 5))
    assert kinds(await world.find(needs=("gambling",))) == ["ga"]


async def test_a_kind_far_back_in_the_shuffle_moves_up_to_page_one(world: World) -> None:
    others = [world.room(f"other_{number}", 1, 1, 3) for number in range(6)]
    await world.holds(*others, world.room("aa", 1, 1), world.room("smart", 1, 1))
    for seed in range(40):
        found = await world.find(needs=(), seed=seed)
        assert {"aa", "smart"} <= set(kinds(found))
        assert not any(row.instead for row in found.rows)


async def test_online_without_a_place_is_soonest_first_within_each_kind(world: World) -> None:
    await world.holds(world.call("aa", 9), world.call("aa", 2), world.call("smart", 4), world.room("na", 1, 1))
    found = await world.find(place=None)
    assert sorted(zip(kinds(found), starts(found), strict=True)) == [("aa", 2), ("aa", 9), ("smart", 4)]
    assert kinds(found)[2] == "aa"
    assert kinds(await world.find(online=True)) == kinds(found)


async def test_online_now_shows_what_began_ten_minutes_ago_and_not_twenty(world: World) -> None:
    await world.holds(world.call("aa", -1 / 6), world.call("aa", -1 / 3), world.call("aa", 3))
    found = await world.find(place=None, when=NOW, fellowships=("aa",))
    assert starts(found) == [pytest.approx(-1 / 6)]


async def test_online_now_borrows_the_missing_tradition_from_later_in_the_week(world: World) -> None:
    await world.holds(world.call("aa", 1, 6), world.call("smart", 50))
    found = await world.find(place=None, when=NOW)
    assert kinds(found) == ["aa"] * 4 + ["smart"]
    assert found.rows[-1].instead
    assert [len(one.rows) for one in await world.every_page(place=None, when=NOW)] == [5, 2]


async def test_in_person_without_a_place_finds_nothing_yet(world: World) -> None:
    await world.holds(world.room("aa", 1, 1))
    found = await world.find(place=None, online=False)
    assert (found.rows, found.total, found.more) == ((), 0, False)


async def test_nearest_first_and_soonest_first_are_plain(world: World) -> None:
    await world.holds(world.room("aa", 1, 9), world.room("aa", 2, 8), world.room("smart", 30, 1))
    assert kilometres(await world.find(order=Order.NEAREST)) == [1, 2, 30]
    assert kilometres(await world.find(order=Order.SOONEST)) == [30, 2, 1]


async def test_what_the_list_does_not_say_follows_what_says_yes(world: World) -> None:
    yes, no = frozenset({"open"}), frozenset({"closed"})
    await world.holds(
        world.room("aa", 1, 9, 2, tags=yes), world.room("aa", 1, 1), world.room("aa", 1, 1, tags=no),
        world.room("smart", 1, 2), world.room("smart", 1, 5, tags=yes),
    )  # fmt: skip
    found = await world.find(filters=frozenset({"open"}))
    assert [bool(row.unsaid) for row in found.rows] == [False] * 3 + [True] * 2
    assert found.rows[-1].unsaid == {"open"}
    assert found.total == 5


@pytest.mark.parametrize("asked", ["wheelchair", "women", "open", "secular", "medication", "goal_less", "lang_es"])
async def test_no_filter_removes_a_kind_for_missing_codes(world: World, asked: str) -> None:
    await world.holds(*(world.room(kind, 1, 1, languages=()) for kind in ("aa", "na", "smart", "dharma")))
    assert set(kinds(await world.find(filters=frozenset({asked})))) == {"aa", "na", "smart", "dharma"}


async def test_groups_for_stated_people_take_turns_once_they_are_named(world: World) -> None:
    await world.holds(*(world.room(kind, 1, 1) for kind in ("aa", "smart", "wfs", "alateen")))
    found = await world.find()
    assert set(kinds(found)) == {"aa", "smart"}
    assert set(found.stated_kinds) == {"wfs", "alateen"}
    assert "wfs" in kinds(await world.find(filters=frozenset({"women"})))
    assert "alateen" in kinds(await world.find(filters=frozenset({"young"})))
    assert kinds(await world.find(fellowships=("wfs",))) == ["wfs"]
    everyone = await world.find(stated_groups=True)
    assert set(kinds(everyone)) == {"aa", "smart", "wfs", "alateen"}
    assert everyone.stated_kinds == ()


async def test_kinds_that_meet_only_online_are_counted_with_the_soonest_of_them(world: World) -> None:
    await world.holds(
        world.room("aa", 1, 1), world.room("smart", 1, 1), world.call("aa", 1), world.call("na", 7),
        world.call("dharma", 3), world.call("ga", 1),
    )  # fmt: skip
    found = await world.find()
    assert set(found.online_kinds) == {"na", "dharma"}
    assert found.online_next is not None
    assert found.online_next.meeting.fellowship == "dharma"
    assert found.online_next.next == TUESDAY_NOON + timedelta(hours=3)


async def test_kinds_that_are_not_known_here_are_left_to_their_own_finder(world: World) -> None:
    await world.holds(world.room("aa", 1, 1), world.call("smart", 100), world.room("na", 300, 1))
    found = await world.find(when=NOW)
    assert set(found.finder_kinds) == {"na", "lifering", "dharma"}


async def test_where_nothing_is_found_every_kind_that_fits_is_left_to_its_own_finder(world: World) -> None:
    await world.holds(world.room("aa", 1, 100), world.call("smart", 100), world.room("na", 300, 1))
    found = await world.find(when=NOW)
    assert found.rows == ()
    assert set(found.finder_kinds) == {"aa", "smart", "na", "lifering", "dharma"}


async def test_nothing_here_tells_the_wider_ring_and_the_nearest_meeting(world: World) -> None:
    await world.holds(world.room("aa", 70, 5, 2), world.room("aa", 80, 1), world.room("aa", 150, 1))
    found = await world.find()
    assert (found.rows, found.wider) == ((), (100, 3))
    assert found.nearest is not None
    assert found.nearest.distance_km == pytest.approx(70, abs=0.2)
    wider = await world.find(reach_km=100)
    assert (wider.total, wider.wider, wider.nearest) == (3, None, None)


@pytest.mark.parametrize(("away", "nearest"), [(300, 300), (900, 900), (1200, None)])
async def test_the_nearest_meeting_may_be_far_away(world: World, away: int, nearest: int | None) -> None:
    await world.holds(world.room("aa", -away, 5))
    found = await world.find()
    assert found.wider is None
    far = found.nearest and found.nearest.distance_km
    assert far == (nearest and pytest.approx(nearest, rel=0.01))


async def test_at_an_hour_without_meetings_the_next_ones_online_are_named(world: World) -> None:
    await world.holds(world.call("smart", 20), world.room("aa", 1, 30))
    for place in (HERE, None):
        found = await world.find(place=place, when=NOW)
        assert found.rows == ()
        assert found.online_kinds == ("smart",)
        assert found.online_next is not None
        assert found.online_next.next == TUESDAY_NOON + timedelta(hours=20)


async def test_suspended_meetings_and_those_by_appointment_stay_out_of_lists(world: World) -> None:
    await world.holds(
        world.room("aa", 1, 1, status=Status.SUSPENDED),
        world.room("aa", 1, 1, status=Status.BY_APPOINTMENT, weekday=None, start=None),
        world.room("aa", 1, 2),
    )
    assert starts(await world.find(fellowships=("aa",))) == [2]


async def test_a_meeting_that_is_online_for_now_sends_nobody_to_a_locked_door(world: World) -> None:
    await world.holds(world.room("aa", 1, 1, status=Status.ONLINE_FOR_NOW), world.room("smart", 1, 2))
    assert (await world.find(fellowships=("aa",))).rows == ()
    online = await world.find(online=True, fellowships=("aa",))
    assert kinds(online) == ["aa"]
    assert online.rows[0].distance_km is None


async def test_the_day_that_was_asked_for_is_the_day_at_the_place(world: World) -> None:
    auckland = Place("Auckland", -36.85, 174.76)
    await world.holds(
        [make_meeting(key=str(day), weekday=day, latitude=-36.85, longitude=174.76, zone="Pacific/Auckland")
         for day in (1, 2, 3)]
    )  # fmt: skip
    world.meetings = Meetings(world.database, FELLOWSHIPS, lambda: world.now, lambda place: "Pacific/Auckland")
    found = await world.find(place=auckland, when=When(Day.TODAY), fellowships=("smart",))
    assert [row.meeting.weekday for row in found.rows] == [3]  # it is already Wednesday there


async def test_a_clock_change_between_now_and_the_meeting_is_counted(world: World) -> None:
    world.now = datetime(2026, 10, 24, 12, 0, tzinfo=UTC)
    await world.holds([make_meeting(weekday=7, start=19 * 60)])
    found = await world.find(fellowships=("smart",))
    assert [row.next for row in found.rows] == [datetime(2026, 10, 25, 19, 0, tzinfo=UTC)]


async def test_a_search_months_from_now_uses_the_clocks_of_then(world: World) -> None:
    await world.holds([make_meeting(weekday=2, start=19 * 60)])
    search = Search(place=HERE, fellowships=("smart",), when=NOW)
    july = datetime(2027, 7, 6, 17, 30, tzinfo=UTC)
    assert [row.next for row in (await world.meetings.search(search, now=july)).rows] == [
        july.replace(hour=18, minute=0)
    ]


async def test_a_change_in_the_store_shows_after_a_refresh_and_only_then_costs_one(world: World) -> None:
    await world.holds(world.room("aa", 1, 1))
    assert not await world.meetings.refresh()
    async with world.database.begin() as connection:
        await store.replace_feed(connection, "smart-sample", world.room("smart", 1, 1))
    assert await world.meetings.refresh()
    assert kinds(await world.find()) == ["smart"]


async def test_what_was_listed_before_a_refresh_is_let_go(world: World) -> None:
    await world.holds(world.room("aa", 1, 1))
    await world.find()
    before = weakref.ref(world.meetings._index)
    gc.disable()  # nothing but the last reference going may free it: what is frozen is never collected
    try:
        await world.holds(world.room("smart", 1, 1))
        assert before() is None
    finally:
        gc.enable()


async def test_after_a_clock_change_the_index_is_set_to_the_new_time(world: World) -> None:
    await world.holds(world.room("aa", 1, 1))
    world.now += timedelta(days=3)
    assert await world.meetings.refresh()
    assert not await world.meetings.refresh()
    assert kinds(await world.find()) == ["aa"]


async def test_a_meeting_that_vanished_a_moment_ago_gives_its_place_to_the_next(world: World) -> None:
    await world.holds(
        world.room("aa", 1, 1), world.room("aa", 1, 2), world.room("aa", 1, 3, 5), world.call("smart", 2, 2)
    )
    async with world.database.begin() as connection:
        left = [one for one in world.listed if one.start not in (13 * 60, 14 * 60) or one.online][:-1]
        await store.replace_feed(connection, "smart-sample", left)
    found = await world.find(fellowships=("aa",))
    assert starts(found) == [3] * 5
    assert found.total == 5
    assert len((await world.find(online=True)).rows) == 1


async def test_an_empty_store_answers_with_the_official_finders(world: World) -> None:
    found = await world.find()
    assert (found.rows, found.total, found.nearest, found.online_next) == ((), 0, None, None)
    assert set(found.finder_kinds) == {"aa", "na", "smart", "lifering", "dharma"}


async def test_a_meeting_opened_by_id_tells_its_next_start_and_distance(world: World) -> None:
    await world.holds(world.room("smart", 2, -1 / 6), world.call("aa", -1))
    room, call = (one.id for one in world.listed)
    listed = await world.meetings.open(room, HERE)
    assert listed.row.next == TUESDAY_NOON - timedelta(minutes=10)
    assert listed.row.distance_km == pytest.approx(2, abs=0.01)
    assert listed.place == HERE
    assert (await world.meetings.open(call)).row.next == TUESDAY_NOON + timedelta(days=7, hours=-1)
    later = TUESDAY_NOON + timedelta(days=70)
    assert (await world.meetings.open(room, None, later)).row.next == later - timedelta(minutes=10)


async def test_a_meeting_by_appointment_has_no_next_start(world: World) -> None:
    await world.holds(world.room("aa", 1, 1, weekday=None, start=None, status=Status.BY_APPOINTMENT))
    assert (await world.meetings.open(world.listed[0].id)).row.next is None


async def test_a_meeting_that_is_gone_says_so(world: World) -> None:
    with pytest.raises(MeetingGone):
        await world.meetings.open(42)


async def test_many_meetings_come_in_the_order_they_were_asked_for(world: World) -> None:
    await world.holds(world.room("aa", 1, 1, 8))
    ids = [one.id for one in reversed(world.listed)]
    rows = await world.meetings.many([*ids[:4], 42, *ids[4:]], HERE)
    assert [row.meeting.id for row in rows] == ids


async def test_a_kind_nobody_described_breaks_nothing(world: World) -> None:
    await world.holds(
        world.room("unheard_of", 1, 1), world.room("aa", 1, 2), [make_meeting(zone="Mars/Base", key="m")]
    )
    assert kinds(await world.find(needs=())) == ["aa"]
    assert (await world.meetings.open(world.listed[0].id)).row.next is not None


async def test_asking_again_gives_the_same_answer(world: World) -> None:
    await world.holds(world.room("aa", 1, 1, 9), world.room("smart", 1, 1, 3), world.call("na", 1))
    first, again = await world.find(seed=5), await world.find(seed=5)
    assert replace(first, search=again.search) == again
