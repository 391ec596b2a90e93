"""The index against plain Python: the same meetings in the same order, whatever is asked."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from random import Random
from types import MappingProxyType
from zoneinfo import ZoneInfo

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from scipy.stats import chisquare

from bot.domain.exceptions import Days, closed, moved_once
from bot.domain.fellowship import Fellowship, Tradition
from bot.domain.meeting import Meeting, Status
from bot.domain.place import Place
from bot.domain.search import FILTERS, Order, Search
from bot.domain.turns import shuffled
from bot.domain.when import ANY_TIME, Day, When, window
from bot.services.index import Answer, Index, Question, TableReader, answer, build
from tests.builders import make_meeting
from tests.services.oracle import Expected, Oracle, light_row


def fellowship(kind: str, number: int, tradition: Tradition, *tags: str) -> Fellowship:
    return Fellowship(kind, number, kind.upper(), kind, tradition, ("alcohol",), tags=frozenset(tags))


FELLOWSHIPS = {
    one.id: one
    for one in (
        fellowship("aa", 1, Tradition.TWELVE_STEP, "goal_stop"),
        fellowship("na", 2, Tradition.TWELVE_STEP, "goal_stop", "open"),
        fellowship("ca", 3, Tradition.TWELVE_STEP),
        fellowship("smart", 4, Tradition.SECULAR, "secular", "goal_own", "goal_less", "medication"),
        fellowship("lifering", 5, Tradition.SECULAR, "secular", "goal_stop"),
        fellowship("wfs", 6, Tradition.SECULAR, "women", "secular"),
        fellowship("dharma", 7, Tradition.OTHER, "meditation"),
        fellowship("other_one", 8, Tradition.OTHER),
        fellowship("other_two", 9, Tradition.OTHER),
        fellowship("other_three", 10, Tradition.OTHER),
    )
}
TRADITIONS = {kind: one.tradition for kind, one in FELLOWSHIPS.items()}
LEEDS = (53.7997, -1.5492)
CENTRES = (LEEDS, (40.71, -74.0), (-17.75, 179.98), (-16.9, -179.97), (89.9, 20.0), (-89.97, -100.0), (64.1, -21.9))
ZONES = (
    "Europe/London", "America/New_York", "Pacific/Auckland", "Australia/Lord_Howe", "Asia/Kolkata", "UTC",
    "America/St_Johns", "America/Santiago", "Pacific/Chatham", "Asia/Tehran", "Africa/Casablanca",
)  # fmt: skip
# Around clock changes in London, New York, Lord Howe, Auckland and Casablanca; and when nothing happens.
WHENS = (When(Day.TONIGHT), When(Day.SUNDAY), When(Day.MONDAY, 30, 180))
MOMENTS = (
    datetime(2026, 3, 29, 0, 50, 7, tzinfo=UTC),
    datetime(2026, 3, 29, 1, 20, tzinfo=UTC),
    datetime(2026, 3, 29, 2, 5, tzinfo=UTC),
    datetime(2026, 10, 25, 2, 5, tzinfo=UTC),
    datetime(2026, 10, 25, 0, 40, tzinfo=UTC),
    datetime(2026, 10, 25, 1, 20, tzinfo=UTC),
    datetime(2026, 3, 8, 7, 5, 30, tzinfo=UTC),
    datetime(2026, 11, 1, 5, 30, tzinfo=UTC),
    datetime(2026, 4, 4, 15, 10, tzinfo=UTC),
    datetime(2026, 9, 26, 13, 50, tzinfo=UTC),
    datetime(2026, 2, 15, 2, 20, tzinfo=UTC),
    datetime(2026, 6, 10, 12, 0, tzinfo=UTC),
    datetime(2026, 12, 6, 23, 55, 59, 999999, tzinfo=UTC),
)


def question(search: Search, now: datetime, kinds: frozenset[str] | None = None) -> Question:
    zone = ZoneInfo(search.place.zone if search.place else "UTC")
    fit = frozenset(search.fellowships) or kinds or frozenset(FELLOWSHIPS)
    span, later = window(search.when, now, zone), window(ANY_TIME, now, zone)
    order = tuple(kind for kind in shuffled(FELLOWSHIPS, search.seed) if kind in fit)
    return Question(search, span, later, fit, order, TRADITIONS)


def build_index(meetings: list[Meeting], now: datetime, days: Mapping[int, Days] = MappingProxyType({})) -> Index:
    reader = TableReader(FELLOWSHIPS)
    reader.add(light_row(one) for one in meetings)
    return build(reader.table()[0], now, None, days)


def expected(oracle: Oracle, asked: Question) -> Expected:
    return oracle.expected(asked.search, asked.window, asked.later, asked.kinds, asked.order)


def pages(index: Index, asked: Question) -> list[Answer]:
    """Page after page, until one has no more."""
    found = []
    for page in range(1, 1000):
        one = answer(index, replace(asked, search=asked.search.with_page(page)))
        found.append(one)
        if not one.more:
            break
    return found


def assert_same(oracle: Oracle, index: Index, asked: Question) -> None:
    right, found = expected(oracle, asked), pages(index, asked)
    assert [[(row.id, row.instead) for row in one.rows] for one in found] == right.pages
    first = found[0]
    assert first.total == right.total
    assert set(first.kinds) == right.kinds
    assert set(first.online_kinds) == right.online_kinds
    assert (first.online_next.id if first.online_next else None) == right.online_next
    assert set(first.unknown) == right.unknown
    assert first.wider == right.wider
    assert (first.nearest.id if first.nearest else None) == right.nearest


@dataclass
class World:
    """Meetings around two places, and searches there, most of them for what is there."""

    meetings: list[Meeting]
    searches: list[Search]
    now: datetime


def world(seed: int) -> World:
    """Up to 200 meetings, many of them in the hours when clocks change."""
    random = Random(seed)
    kinds = tuple(random.sample(sorted(FELLOWSHIPS), random.choice((1, 2, 5, 8))) for _ in range(2))
    centres, zones = random.sample(CENTRES, 2), random.sample(ZONES, random.choice((1, 3, len(ZONES))))
    count = random.choice((3, 20, 80, 200))
    meetings = [_meeting(random, number, kinds, centres, zones) for number in range(count)]
    points = [*centres, *centres, random.choice(CENTRES)]
    now = random.choice(MOMENTS) + timedelta(hours=random.choice((0, 0, 0.2, 1, 5, 20, 50)))
    return World(meetings, [_search(random, random.choice(points), random.choice(zones)) for _ in range(8)], now)


Point = tuple[float, float]


def _meeting(
    random: Random, number: int, kinds: tuple[list[str], ...], centres: list[Point], zones: list[str]
) -> Meeting:
    centre = random.choice(centres)
    spread = random.choice((0.0, 0.005, 0.03, 0.1, 0.4, 0.4, 1.5, 6.0))
    latitude = max(-90.0, min(90.0, centre[0] + random.uniform(-spread, spread)))
    longitude = (centre[1] + random.uniform(-spread, spread) + 180) % 360 - 180
    shape = random.choice(("room", "room", "both", "call", "call", "nowhere"))
    tags = ("open", "closed", "women", "men", "wheelchair", "goal_less", "meditation", "secular", "young")
    return make_meeting(
        id=random.getrandbits(56),
        key=str(number),
        fellowship=random.choice(kinds[shape == "call"]),
        zone=random.choice(zones),
        weekday=random.choice((1, 6, 7, 7, random.randint(1, 7))),
        start=random.choice(
            (0, 30, 60, 75, 90, 115, 120, 150, 1439, random.randrange(1440), 15 * random.randrange(20))
        ),
        in_person=shape in ("room", "both", "nowhere"),
        online=shape in ("both", "call"),
        latitude=latitude if shape in ("room", "both") else None,
        longitude=longitude if shape in ("room", "both") else None,
        status=random.choice((*[Status.ACTIVE] * 9, *Status)),
        tags=frozenset(tag for tag in tags if random.random() < 0.2),
        languages=random.choice(((), ("en",), ("es",), ("en", "es"), ("qu",))),
        dial_in=random.choice(("", "+15550100")),
    )


def _search(random: Random, centre: Point, zone: str) -> Search:
    place = Place("", *centre, zone=zone)
    if random.random() < 0.3:
        place = replace(place, latitude=max(-90, place.latitude - 0.11), longitude=min(180, place.longitude + 0.019))
    online = random.choice((None, None, None, True, False))
    names = (*FILTERS, "lang_es", "lang_en", "lang_de", *["open", "women", "goal_less"] * 3)
    return Search(
        place=None if online is not False and random.random() < 0.25 else place,
        online=online,
        fellowships=random.choice(((), (), (), ("smart",), ("aa", "dharma"))),
        when=random.choice((*[ANY_TIME] * 4, *[When(Day.NOW)] * 3, *WHENS)),
        filters=frozenset(random.sample(names, random.choice((0, 0, 1, 1, 2)))),
        order=random.choice((*[Order.TURNS] * 4, Order.NEAREST, Order.SOONEST)),
        seed=random.randrange(65536),
        reach_km=random.choice((50, 50, 50, 2, 5, 15, 100, 200)),
    )


def days_of(seed: int, made: World) -> dict[int, Days]:
    """Exceptions of some, most or all of the meetings, in the weeks around now."""
    random = Random(seed)
    share = random.choice((0.1, 0.5, 1.0))
    return {one.id: _days(random, made.now.date()) for one in made.meetings if random.random() < share}


def _days(random: Random, today: date) -> Days:
    found = {}
    for _ in range(random.choice((1, 1, 2, 4))):
        first = today + timedelta(days=random.randrange(-9, 12))
        if random.random() < 0.5:
            to, minute = first + timedelta(days=random.randrange(-3, 4)), random.choice((None, 0, 90, 1439))
            found[first] = moved_once(first, to, minute)
        else:
            found[first] = closed(first, random.choice((first, first + timedelta(days=random.randrange(9)), None)))
    return tuple(found.values())


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.integers(0, 2**32).map(world), st.booleans(), st.booleans(), st.integers(0, 2**32))
def test_the_index_finds_what_looking_at_every_meeting_finds(made: World, later: bool, odd: bool, seed: int) -> None:
    days, since = days_of(seed, made) if odd else {}, made.now - timedelta(hours=40 if later else 0)
    index, oracle = build_index(made.meetings, since, days), Oracle(made.meetings, FELLOWSHIPS, days, since)
    for search in made.searches:
        asked = question(search, made.now)
        assert index.covers(asked.window)
        assert_same(oracle, index, asked)
        assert_same(oracle, index.moved_to(made.now), asked)


def test_over_ten_thousand_seeds_each_kind_is_first_and_each_of_a_family_holds_every_place_equally_often() -> None:
    listed = {"aa": 500, "na": 40, "ca": 9, "smart": 2, "lifering": 1, "dharma": 3, "other_one": 30}
    kinds = [kind for kind, count in listed.items() for _ in range(count)]
    rooms = [make_meeting(key=str(number), fellowship=kind) for number, kind in enumerate(kinds)]
    index = build_index(rooms, MOMENTS[-1])
    here = Place("", *LEEDS, zone="Europe/London")
    places: list[Counter[str]] = [Counter() for _ in listed]
    fellowship_of = {room.id: room.fellowship for room in rooms}
    for seed in range(10_000):
        found = answer(index, question(Search(here, seed=seed), MOMENTS[-1]))
        assert {TRADITIONS[fellowship_of[row.id]] for row in found.rows} >= {Tradition.TWELVE_STEP, Tradition.SECULAR}
        assert [fellowship_of[row.id] for row in found.rows] == list(found.kinds[:5])
        for place, kind in enumerate(found.kinds):
            places[place][kind] += 1
    assert chisquare([places[0][kind] for kind in listed]).pvalue > 0.01
    for family in Tradition:
        own = [kind for kind in listed if TRADITIONS[kind] == family]
        # Of so many places one may well look uneven by chance.
        assert all(chisquare([place[kind] for kind in own]).pvalue > 0.01 / len(places) for place in places)


def test_a_window_over_the_end_of_the_week_counts_both_sides_of_it() -> None:
    now = datetime(2026, 12, 6, 23, 30, tzinfo=UTC)  # a Sunday
    calls = [
        make_meeting(key=f"{weekday}-{start}", weekday=weekday, start=start, zone="UTC", online=True, in_person=False)
        for weekday, start in ((7, 1380), (7, 1395), (7, 1439), (1, 0), (1, 89), (1, 90), (2, 0), (7, 30))
    ]
    found = answer(build_index(calls, now), question(Search(when=When(Day.NOW), fellowships=("smart",)), now))
    assert [row.id for row in found.rows] == [one.id for one in calls[1:5]]
    assert found.total == 4


def test_in_the_week_when_clocks_go_back_a_meeting_that_was_just_missed_is_more_than_seven_days_away() -> None:
    now = datetime(2026, 10, 21, 12, 0, tzinfo=UTC)  # a Wednesday, 13:00 in London; from Sunday on it is an hour less
    missed = make_meeting(key="missed", weekday=3, start=12 * 60 + 40)
    going_on = make_meeting(key="going on", weekday=3, start=12 * 60 + 50)
    place = Place("", *LEEDS, zone="Europe/London")
    found = answer(build_index([missed, going_on], now), question(Search(place, fellowships=("smart",)), now))
    assert [row.id for row in found.rows] == [going_on.id]
    assert found.total == 1
