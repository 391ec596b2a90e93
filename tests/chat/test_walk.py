"""Walking by buttons through the real handlers: every kind is as near as any other, and nothing is a dead end."""

import json
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest
import pytest_asyncio

from bot.app import open_work, rooms_for
from bot.chat.context import Rooms, Visit
from bot.chat.routes import ACTIONS
from bot.domain.buttons import Action, Press, pack, unpack
from bot.domain.fellowship import serves
from bot.domain.place import Place
from bot.domain.search import Search
from bot.domain.when import Day, When
from bot.services.feeds import Part
from bot.views.screen import Keys, Screen
from tests.stories.conftest import import_samples, story_settings

LEEDS = Place("Leeds", 53.7973, -1.54358, "England", "GB", "Europe/London", 455_123)
NOWHERE = Place("Nowhere", -48.0, -123.0, "", "", "")  # the middle of the Pacific
CHAT = 5550100
WALKED = {Action.START, Action.OPTIONS, Action.ASK_ABOUT, Action.ASK_ABOUT_MORE, Action.FAMILY}
LEADING_ON = {
    Action.CHANGE,
    Action.MEETING,
    Action.LIST,
    Action.PAGE,
    Action.OPTIONS,
    Action.ASK_ABOUT,
    Action.ASK_PLACE,
}


pytestmark = pytest.mark.asyncio(loop_scope="module")


def helpline_rows() -> bytes:
    """One AA group in Leeds whose list names the helpline of the area."""
    row = {
        "slug": "mill-lane", "name": "Mill Lane", "day": 2, "time": "18:30", "timezone": "Europe/London",
        "latitude": "53.7997", "longitude": "-1.5492", "formatted_address": "14 Mill Lane, Leeds LS6, UK",
        "entity": "Leeds Intergroup", "entity_phone": "+44 113 496 0000",
    }  # fmt: skip
    return json.dumps([row]).encode()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def rooms(tmp_path_factory: pytest.TempPathFactory, unpacked: Path) -> AsyncIterator[Rooms]:
    """The rooms of a bot with sample meetings, as its handlers see them; the turns always the same."""
    async with open_work(story_settings(tmp_path_factory.mktemp("walk")), cache=unpacked) as work:
        await import_samples(work)
        await work.feeds.import_parts([Part(helpline_rows(), "meeting_guide", "aa")], feed="aa-leeds")
        await work.refresh()
        yield replace(rooms_for(work, "open_chair_bot", preview=True), seed=lambda: 7)


@pytest.fixture
def walker(rooms: Rooms) -> "Walker":
    """Somebody who only presses buttons."""
    return Walker(rooms)


class Walker:
    """Presses buttons; remembers each screen it saw."""

    def __init__(self, rooms: Rooms) -> None:
        self.rooms = rooms
        self.ids = {kind.number: kind.id for kind in rooms.fellowships.values()}
        self.numbers = {kind.id: kind.number for kind in rooms.fellowships.values()}
        self.seen: dict[str, Screen] = {}

    async def opened(self, press: Press) -> Screen:
        """The screen behind a press, through the bytes that a button carries."""
        data = pack(press, self.numbers)
        if data not in self.seen:
            carried = unpack(data, self.ids)
            self.seen[data] = await ACTIONS[carried.action](Visit(self.rooms, CHAT, "en", press=carried))
        return self.seen[data]

    def presses(self, screen: Screen) -> list[Press]:
        """What its buttons mean."""
        return [unpack(button.data, self.ids) for row in screen.rows for button in row if button.data]

    async def distances(self, start: Press, most: int) -> dict[str, int]:
        """How many presses each kind's card is away from a screen, among screens of doors and kinds."""
        far: dict[str, int] = {}
        layer, known = [start], {pack(start, self.numbers)}
        for presses in range(1, most + 1):
            following = []
            for press in layer:
                for onward in self.presses(await self.opened(press)):
                    if onward.action == Action.FELLOWSHIP:
                        far.setdefault(self.ids[onward.number], presses)
                    elif onward.action in WALKED and pack(onward, self.numbers) not in known:
                        known.add(pack(onward, self.numbers))
                        following.append(onward)
            layer = following
        return far


async def test_from_start_every_kind_is_as_near_as_any_other_give_or_take_one_press(walker: Walker) -> None:
    far = await walker.distances(Press(Action.START, Search(seed=7)), 3)
    assert set(far) >= {kind.id for kind in walker.rooms.fellowships.values() if kind.live}
    assert max(far.values()) - min(far.values()) <= 1
    assert max(far.values()) <= 3  # with "Compare with another", two kinds side by side in four


@pytest.mark.parametrize("needs", [("alcohol",), ("opioids",), ("gambling",), ("family",), ("family", "opioids")])
async def test_behind_each_door_every_kind_that_fits_is_as_near_as_any_other(
    walker: Walker, needs: tuple[str, ...]
) -> None:
    first = Press(Action.OPTIONS, Search(needs=needs, seed=7))
    pages = [one for one in walker.presses(await walker.opened(first)) if one.number and one.action == Action.OPTIONS]
    near = {self_id(walker, one) for one in walker.presses(await walker.opened(first))} - {""}
    further = {self_id(walker, one) for page in pages for one in walker.presses(await walker.opened(page))} - {""}
    fits = {kind.id for kind in walker.rooms.fellowships.values() if serves(kind, needs) and kind.live}
    assert near | further >= fits
    assert all(serves(walker.rooms.fellowships[kind], needs) for kind in near | further)


def self_id(walker: Walker, press: Press) -> str:
    """The kind whose card a press opens; "" for any other press."""
    return walker.ids[press.number] if press.action == Action.FELLOWSHIP else ""


SEARCHES = [
    Search(LEEDS, needs=("alcohol",)),
    Search(LEEDS, needs=("opioids",)),
    Search(LEEDS, needs=("family", "opioids")),
    Search(LEEDS, fellowships=("aa",)),
    Search(LEEDS, needs=("alcohol",), filters=frozenset({"goal_less"})),
    Search(online=True),
    Search(online=True, needs=("drugs",)),
    Search(online=True, needs=("technology",), when=When(Day.NOW)),
    Search(NOWHERE, needs=("food",)),
    Search(NOWHERE, online=False, fellowships=("mm",), filters=frozenset({"women", "sign_language"})),
]


@pytest.mark.parametrize("page", [1, 2])
async def test_every_search_ends_in_something_to_do_next(walker: Walker, page: int) -> None:
    for search in SEARCHES:
        screen = await walker.opened(Press(Action.LIST, search.with_page(page)))
        actions = [press.action for press in walker.presses(screen)]
        assert Action.URGENT in actions, search
        assert sum(action in LEADING_ON for action in actions) >= 3 or isinstance(screen.ask, Keys), search
        beside = [one for one in actions if one not in {Action.PAGE, Action.CHANGE, Action.WHY_ORDER, Action.URGENT}]
        assert len(beside) <= 8, (search, beside)


async def test_a_list_for_opioids_begins_with_medicines_and_the_road_to_treatment(walker: Walker) -> None:
    for search in (
        Search(LEEDS, needs=("opioids",)),
        Search(online=True, needs=("family", "opioids")),
        Search(online=True, fellowships=("ha",)),
        Search(NOWHERE, needs=("opioids",)),
    ):
        screen = await walker.opened(Press(Action.LIST, search))
        assert "Medicines for opioid addiction save lives." in screen.text, search
        assert "1. " not in screen.text or screen.text.index("save lives") < screen.text.index("1. ")
        assert walker.presses(screen)[0].action == Action.TREATMENT, search


async def test_a_list_about_drugs_has_online_and_other_kinds_of_groups_on_the_same_screen(walker: Walker) -> None:
    screen = await walker.opened(Press(Action.LIST, Search(LEEDS, needs=("stimulants",), seed=7)))
    assert "A first try may not fit." in screen.text
    assert any(press.action == Action.LIST and press.search.online for press in walker.presses(screen))
    assert any(
        f"<b>{kind.short}</b>" in screen.text
        for kind in walker.rooms.fellowships.values()
        if kind.tradition != "twelve_step"
    )


async def test_what_online_saves_and_what_it_may_lack_are_said_together(walker: Walker) -> None:
    screen = await walker.opened(Press(Action.LIST, Search(NOWHERE, needs=("food",))))
    assert "Online saves you the trip. It may connect people less deeply." in screen.text
    assert "Whether it helps as much is not clear." in screen.text


async def test_the_road_to_treatment_is_of_the_place_else_of_the_operator_else_asked_for(walker: Walker) -> None:
    anaheim = Place("Anaheim", 33.8353, -117.9145, "California", "US", "America/Los_Angeles", 350_000)
    there = await walker.opened(Press(Action.TREATMENT, Search(anaheim)))
    assert "United States" in there.text
    here = await walker.opened(Press(Action.TREATMENT, Search()))
    assert "United Kingdom" in here.text
    nobody = Walker(replace(walker.rooms, operator=replace(walker.rooms.operator, country="")))
    asked = await nobody.opened(Press(Action.TREATMENT, Search()))
    assert "In which country" in asked.text
    chosen = next(one for one in nobody.presses(asked) if one.action == Action.TREATMENT)
    assert "Finding treatment: " in (await nobody.opened(chosen)).text


async def test_without_a_contact_of_its_own_a_group_shows_the_helpline_of_its_area(walker: Walker) -> None:
    found = await walker.rooms.meetings.search(Search(LEEDS, fellowships=("aa",)), now=walker.rooms.clock())
    helplines = {row.meeting.entity_phone for row in found.rows} - {""}
    screen = await walker.opened(
        Press(Action.TALK_FIRST, Search(LEEDS), number=walker.rooms.fellowships["aa"].number)
    )
    assert helplines
    assert any(number in screen.text for number in helplines)
