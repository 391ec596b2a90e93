"""Two kinds beside each other: the same fields of both, and nobody stands first by merit."""

import re
from collections import Counter
from collections.abc import Iterator

import pytest

from bot.domain.buttons import Action, Press, unpack
from bot.domain.fellowship import Tradition, related, serves
from bot.domain.search import Search
from bot.texts.facts import FACTS
from bot.texts.fellowships import FIELDS
from bot.views import compare
from bot.views.screen import Button, Screen
from tests.views.frames import FELLOWSHIPS, make_frame

IDS = {kind.number: kind.id for kind in FELLOWSHIPS.values()}
AA, SMART = FELLOWSHIPS["aa"], FELLOWSHIPS["smart"]
LIVE = {kind.id for kind in FELLOWSHIPS.values() if kind.live}
LANGUAGES = pytest.mark.parametrize("language", ["en", "es"])


def visible(screen: Screen) -> str:
    """The text without its markup."""
    return re.sub(r"<[^>]+>", "", screen.text)


def buttons(screen: Screen) -> Iterator[Button]:
    """Every button."""
    return (button for row in screen.rows for button in row)


def presses(screen: Screen, action: Action) -> list[Press]:
    """What the buttons with this action do."""
    found = [unpack(button.data, IDS) for button in buttons(screen) if button.data]
    return [press for press in found if press.action == action]


def compared(one: str = "aa", other: str = "smart", language: str = "en", **changes: object) -> Screen:
    """The screen of two kinds."""
    search = Search(fellowships=(one, other), language=language, **changes)  # type: ignore[arg-type]
    return compare.compare(make_frame(language, search=search), FELLOWSHIPS[one], FELLOWSHIPS[other])


@LANGUAGES
def test_both_pages_together_hold_every_fact_of_both_in_alternating_lines(language: str) -> None:
    frame = make_frame(language)
    headings: list[str] = []
    for page in (1, 2):
        blocks = visible(compared(language=language, page=page)).split("\n\n")[1:-1]
        for block in blocks:
            heading, first, second = block.split("\n")
            assert {first.partition(":")[0], second.partition(":")[0]} == {"AA", "SMART"}
            headings.append(heading)
    names = dict.fromkeys((*FIELDS, *FACTS))
    assert sorted(headings) == sorted(frame.texts.label(f"fact.{name}") for name in names)


def test_which_of_the_two_stands_first_is_left_to_chance_and_the_same_whichever_was_asked_about() -> None:
    first: Counter[str] = Counter()
    for seed in range(400):
        title = visible(compared(seed=seed)).splitlines()[0]
        assert visible(compared("smart", "aa", seed=seed)).splitlines()[0] == title
        first[title.partition(" and ")[0]] += 1
    assert set(first) == {"Alcoholics Anonymous", "SMART Recovery"}
    assert min(first.values()) > 150


def test_the_order_stays_while_the_pages_are_turned() -> None:
    for seed in range(20):
        assert visible(compared(seed=seed, page=2)).splitlines()[0] == visible(compared(seed=seed)).splitlines()[0]


@LANGUAGES
def test_any_two_kinds_fit_one_message_and_lead_to_the_next_meetings_of_both(language: str) -> None:
    for name in FELLOWSHIPS:
        for page in (1, 2):
            screen = compared(name, "coda" if name != "coda" else "aa", language, page=page)
            assert len(visible(screen)) <= 1600, name
            lists = {press.search.fellowships for press in presses(screen, Action.LIST)}
            assert lists == {(name,), ("coda" if name != "coda" else "aa",)}
            assert len(presses(screen, Action.ALL_FACTS)) == 2
            assert len(list(buttons(screen))) <= 9


def test_the_chooser_offers_every_other_known_kind_and_never_itself() -> None:
    for name in ("aa", "smart", "alanon", "nica"):
        found: list[str] = []
        for page in range(1, 8):
            frame = make_frame(search=Search(fellowships=(name,), page=page, seed=3))
            pairs = [
                press.search.fellowships
                for press in presses(compare.choose(frame, FELLOWSHIPS[name]), Action.COMPARE)
            ]
            assert {pair[0] for pair in pairs} == {name}
            found += [pair[1] for pair in pairs]
        assert sorted(found) == sorted(LIVE - {name})


@pytest.mark.parametrize("needs", [(), ("alcohol",), ("opioids",), ("gambling",), ("family", "alcohol")])
def test_kinds_for_the_same_needs_come_first_and_both_traditions_on_page_one(needs: tuple[str, ...]) -> None:
    asked = FELLOWSHIPS["alanon" if "family" in needs else "smart"]
    fits = {
        kind.id
        for kind in FELLOWSHIPS.values()
        if kind.live and kind != asked and (serves(kind, needs) if needs else related(asked, kind))
    }
    wanted = {FELLOWSHIPS[kind].tradition for kind in fits} & {Tradition.TWELVE_STEP, Tradition.SECULAR}
    for seed in range(60):
        frame = make_frame(search=Search(needs=needs, fellowships=(asked.id,), seed=seed))
        order = [kind.id for kind in compare.others(frame, asked)]
        assert set(order[: len(fits)]) == fits
        assert wanted <= {FELLOWSHIPS[kind].tradition for kind in order[: compare.KINDS_A_PAGE]}


def test_turning_a_page_changes_the_message_in_place_and_keeps_the_kinds() -> None:
    frame = make_frame(search=Search(fellowships=("aa",), seed=3))
    for press in presses(compare.choose(frame, AA), Action.COMPARE_WITH):
        assert (press.number, press.search.fellowships) == (compare.TURNED, ("aa",))
    assert compare.choose(frame, AA, edits=True).edits
    (turned,) = [press for press in presses(compared(), Action.COMPARE) if press.number == compare.TURNED]
    assert (turned.search.page, turned.search.fellowships) == (2, ("aa", "smart"))
    assert not compare.compare(frame, AA, SMART).edits


def test_a_comparison_from_a_meeting_leads_back_to_that_kind_and_meeting() -> None:
    frame = make_frame(search=Search(fellowships=("aa", "smart")))
    for screen in (compare.choose(frame, AA, 7), compare.compare(frame, AA, SMART, 7)):
        (back,) = presses(screen, Action.FELLOWSHIP)
        assert (back.number, back.meeting, back.search.fellowships) == (AA.number, 7, ())
