"""From an opened hand-off every kind that fits is as near as from the start, give or take one press."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest
import pytest_asyncio

from bot.app import open_work, rooms_for
from bot.chat.context import Rooms, Visit
from bot.chat.handlers import handed
from bot.domain.buttons import Action, Press
from bot.domain.fellowship import serves
from bot.domain.handoff import made_on
from bot.domain.place import Place
from bot.domain.search import Search
from tests.chat.test_walk import CHAT, LEEDS, Walker
from tests.stories.conftest import import_samples, story_settings

pytestmark = pytest.mark.asyncio(loop_scope="module")
SEARCHES = [
    Search(LEEDS, needs=("alcohol",)),
    Search(LEEDS, needs=("opioids",), filters=frozenset({"wheelchair", "secular"})),
    Search(LEEDS, needs=("family", "opioids")),
    Search(online=True, needs=("gambling",)),
    Search(Place("", -48.0, -123.0), needs=("food",)),
    Search(online=True, filters=frozenset({"women"})),
]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def rooms(tmp_path_factory: pytest.TempPathFactory, unpacked: Path) -> AsyncIterator[Rooms]:
    async with open_work(story_settings(tmp_path_factory.mktemp("handed")), cache=unpacked) as work:
        await import_samples(work)
        await work.refresh()
        yield replace(rooms_for(work, "open_chair_bot", preview=True), seed=lambda: 7)


async def link(rooms: Rooms, search: Search, picks: int = 3) -> str:
    """The payload of a link with the first meetings of a search, all of one kind."""
    found = await rooms.meetings.search(search, now=rooms.clock())
    kind = found.rows[0].meeting.fellowship if found.rows else ""
    picked = [row.meeting.id for row in found.rows if row.meeting.fellowship == kind][:picks]
    return await rooms.handoffs.seal(made_on(rooms.clock().date(), search, picked))


@pytest.mark.parametrize("search", SEARCHES, ids=lambda search: "_".join(search.needs) or "everything")
async def test_every_kind_that_fits_is_reachable_within_the_presses_from_the_start_plus_one(
    rooms: Rooms, search: Search
) -> None:
    payload = await link(rooms, replace(search, seed=7))
    opened = await handed.opened(Visit(rooms, CHAT, "en", text=payload))
    walker = Walker(rooms)
    start = await walker.distances(Press(Action.START, Search(seed=7)), 4)
    assert Action.URGENT in {press.action for press in walker.presses(opened)}
    far: dict[str, int] = {}
    for press in walker.presses(opened):
        if press.action == Action.OPTIONS:
            for kind, presses in (await walker.distances(press, 4)).items():
                far[kind] = min(presses + 1, far.get(kind, 99))
    fits = {kind.id for kind in rooms.fellowships.values() if kind.live and serves(kind, search.needs)}
    assert set(far) >= fits
    assert {kind: (far[kind], start[kind]) for kind in fits if far[kind] > start[kind] + 1} == {}


@pytest.mark.parametrize("search", SEARCHES, ids=lambda search: "_".join(search.needs) or "everything")
async def test_a_kind_that_nobody_picked_stands_beside_the_picked_one(rooms: Rooms, search: Search) -> None:
    payload = await link(rooms, replace(search, seed=7))
    opened = await handed.opened(Visit(rooms, CHAT, "en", text=payload))
    assert ("Picked:" in opened.text) == ("Another kind, not picked:" in opened.text)
    rows = [press for press in Walker(rooms).presses(opened) if press.action == Action.MEETING]
    kinds = {(await rooms.meetings.open(press.meeting or 0)).row.meeting.fellowship for press in rows}
    assert len(kinds) >= 2
