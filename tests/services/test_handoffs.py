"""What a hand-off link opens: what was picked, other kinds beside it, on any day and from any process."""

import json
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest

from bot.domain.errors import BrokenHandoff
from bot.domain.handoff import DAYS, Handed, Handoff, made_on
from bot.domain.meeting import Meeting
from bot.domain.place import Place
from bot.domain.search import Search
from bot.feeds.registry import READERS
from bot.services.feeds import Feeds, Part
from bot.services.handoffs import Handoffs
from bot.services.keys import KeyRing
from bot.services.meetings import Meetings
from bot.store.database import Database
from bot.texts.types import load_types
from tests.services.test_meetings import FELLOWSHIPS, HERE, TUESDAY_NOON, World
from tests.views.frames import ROOT

TODAY = TUESDAY_NOON.date()
Desk = Callable[[], Handoffs]


@pytest.fixture
def world(sqlite_db: Database) -> World:
    return World(sqlite_db)


@pytest.fixture
def desk(world: World, tmp_path: Path) -> Desk:
    """A new process each time it is called: the same key file and lists, nothing else in common."""
    return lambda: Handoffs(KeyRing(world.database, file=tmp_path / "key"), world.meetings, FELLOWSHIPS)


def asked(place: Place | None = HERE, **more: object) -> Search:
    return Search(place, needs=("alcohol",), seed=3, **more)  # type: ignore[arg-type]


async def shown(desk: Desk, search: Search, *picked: Meeting, days: int = 0) -> Handed:
    """What a link made today opens so many days later, through its payload."""
    payload = await desk().seal(made_on(TODAY, search, [one.id for one in picked]))
    return await desk().today(await desk().read(payload), search, TUESDAY_NOON + timedelta(days=days))


def kinds(rows: tuple[object, ...]) -> list[str]:
    return [row.meeting.fellowship for row in rows]  # type: ignore[attr-defined]


async def test_the_picked_come_first_in_the_order_of_picking_and_other_kinds_beside_them(
    world: World, desk: Desk
) -> None:
    aa, na = world.room("aa", 1, 2)[0], world.room("na", 1, 3)[0]
    more = (world.room("aa", 1, 5, times=4), world.room("dharma", 2, 4), world.room("smart", 1, 6))
    await world.holds([aa, na], *more)
    handed = await shown(desk, asked(), na, aa)
    assert kinds(handed.picked) == ["na", "aa"]
    assert set(kinds(handed.others)) == {"smart", "dharma"}
    assert handed.gone == 0


async def test_a_tradition_that_was_not_picked_stands_first_among_the_others(world: World, desk: Desk) -> None:
    picked = world.room("smart", 1, 2)
    await world.holds(picked, world.room("lifering", 1, 1), world.room("dharma", 4, 20), world.room("aa", 4, 30))
    for seed in range(8):
        handed = await desk().beside(Search(HERE, needs=("alcohol",), seed=seed), [picked[0].id], TUESDAY_NOON)
        assert handed.others[0].meeting.fellowship in {"aa", "dharma"}, seed
        assert "smart" not in kinds(handed.others)


async def test_where_no_other_kind_is_near_one_stands_there_online(world: World, desk: Desk) -> None:
    picked = world.room("aa", 1, 2)
    await world.holds(picked, world.call("lifering", 4))
    handed = await shown(desk, asked(filters=frozenset({"wheelchair"})), *picked)
    assert kinds(handed.others) == ["lifering"]


async def test_without_a_pick_it_is_the_search_itself(world: World, desk: Desk) -> None:
    await world.holds(*(world.room(kind, 1, 2) for kind in ("aa", "na", "smart", "dharma")))
    handed = await shown(desk, asked())
    assert handed.picked == ()
    assert len(set(kinds(handed.others))) == 3


async def test_after_its_last_day_it_opens_the_same_search_with_todays_meetings(world: World, desk: Desk) -> None:
    picked = world.room("aa", 1, 2)
    await world.holds(picked, world.room("smart", 1, 3))
    last = await shown(desk, asked(), *picked, days=DAYS)
    assert (last.expired, kinds(last.picked)) == (False, ["aa"])
    over = await shown(desk, asked(), *picked, days=DAYS + 1)
    assert (over.expired, over.picked, over.gone) == (True, (), 0)
    assert set(kinds(over.others)) == {"aa", "smart"}
    assert over.search.needs == ("alcohol",)


async def test_a_picked_meeting_that_left_the_list_is_counted_and_the_others_stay(world: World, desk: Desk) -> None:
    aa, smart = world.room("aa", 1, 2)[0], world.room("smart", 1, 3)[0]
    await world.holds([aa, smart])
    payload = await desk().seal(made_on(TODAY, asked(), [aa.id, smart.id]))
    await world.holds([smart])
    handed = await desk().today(await desk().read(payload), asked(), TUESDAY_NOON)
    assert (kinds(handed.picked), handed.gone) == (["smart"], 1)


async def test_a_link_survives_restarts_another_process_and_a_new_key(
    world: World, desk: Desk, tmp_path: Path
) -> None:
    """Each call of `desk` is a process of its own."""
    made = Handoff(needs=("alcohol",), meetings=(1, 2, 3), expires=date(2026, 12, 24))
    before = await desk().seal(made)
    running = desk()
    assert await running.read(before) == made
    await KeyRing(world.database, file=tmp_path / "key").rotate(TODAY)
    assert await desk().read(before) == made
    assert await running.read(before) == made
    after = await running.seal(made)
    assert after != before
    assert await desk().read(after) == made


async def test_a_link_of_another_installation_is_refused(world: World, desk: Desk, tmp_path: Path) -> None:
    other = Handoffs(KeyRing(world.database, file=tmp_path / "other"), world.meetings, FELLOWSHIPS)
    with pytest.raises(BrokenHandoff):
        await desk().read(await other.seal(Handoff()))


def rows(*names: str) -> bytes:
    """A list in Meeting Guide JSON, one group a name, each with two days."""
    return json.dumps(
        [
            {
                "slug": name, "name": name.title(), "day": [2, 4], "time": "18:30", "timezone": "Europe/London",
                "latitude": "53.7997", "longitude": "-1.5492", "formatted_address": f"{len(name)} Mill Lane, Leeds",
            }
            for name in names
        ]
    ).encode()  # fmt: skip


async def test_picks_stay_right_when_the_list_comes_again_in_another_order(
    sqlite_db: Database, tmp_path: Path
) -> None:
    meetings = Meetings(sqlite_db, FELLOWSHIPS, lambda: TUESDAY_NOON, lambda place: "Europe/London")
    feeds = Feeds(sqlite_db, READERS, load_types(ROOT), clock=lambda: TUESDAY_NOON)
    desk = Handoffs(KeyRing(sqlite_db, file=tmp_path / "key"), meetings, FELLOWSHIPS)

    async def comes(*names: str) -> None:
        await feeds.import_parts([Part(rows(*names), "meeting_guide", "aa")], feed="aa-leeds")
        await meetings.refresh()

    await comes("mill-lane", "canal-street", "quiet-room")
    found = (await meetings.search(asked(), now=TUESDAY_NOON)).rows
    picked = {row.meeting.id: (row.meeting.name, row.meeting.weekday) for row in found[:3]}
    payload = await desk.seal(made_on(TODAY, asked(), picked))
    await comes("new-group", "quiet-room", "canal-street", "mill-lane")
    handed = await desk.today(await desk.read(payload), asked(), TUESDAY_NOON)
    assert [(row.meeting.name, row.meeting.weekday) for row in handed.picked] == list(picked.values())
    assert handed.gone == 0
