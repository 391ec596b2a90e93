"""The options view: equal lines, in turns, everything within reach, and treatment one press away."""

import re
from collections import Counter

import pytest

from bot.domain.buttons import Action, Press, unpack
from bot.domain.fellowship import Tradition, serves
from bot.domain.place import Place
from bot.domain.search import NEEDS, Search
from bot.views import doors, options
from bot.views.screen import Screen
from tests.views.frames import FELLOWSHIPS, make_frame

IDS = {kind.number: kind.id for kind in FELLOWSHIPS.values()}
LANGUAGES = pytest.mark.parametrize("language", ["en", "es"])
NEEDED = [(), *((need,) for need in NEEDS), ("family", "alcohol"), ("family", "opioids"), ("alcohol", "drugs")]
ASKED = pytest.mark.parametrize("needs", NEEDED, ids="+".join)
FIRST_KIND_SEEDS = 2000


def shown(search: Search, listed: frozenset[str] = frozenset(), language: str = "en") -> Screen:
    """The screen of a search."""
    return options.options(make_frame(language, search=search), search, listed)


def presses(screen: Screen) -> list[Press]:
    """What the buttons of a screen mean, in order."""
    return [unpack(button.data, IDS) for row in screen.rows for button in row if button.data]


def kinds_on(screen: Screen) -> list[str]:
    """The kinds that a screen opens, in order."""
    return [IDS[press.number] for press in presses(screen) if press.action == Action.FELLOWSHIP]


def visible(screen: Screen) -> str:
    """The text without its markup."""
    return re.sub(r"<[^>]+>", "", screen.text)


def every_page(search: Search, listed: frozenset[str] = frozenset()) -> list[str]:
    """All kinds in order; each page is one press from the first."""
    first = shown(search, listed)
    numbers = sorted(
        press.search.page
        for press in presses(first)
        if press.action == Action.OPTIONS and press.number == options.TURNED
    )
    found = kinds_on(first)
    for page in numbers:
        found += kinds_on(shown(search.with_page(page), listed))
    return found


@ASKED
def test_every_kind_that_fits_is_reached_in_as_many_presses_as_any_other_give_or_take_one(
    needs: tuple[str, ...],
) -> None:
    search = Search(needs=needs, seed=7)
    fits = {kind.id for kind in FELLOWSHIPS.values() if serves(kind, needs) and kind.live}
    reached = every_page(search)  # one press from the first page, two from any other
    assert len(reached) == len(set(reached))
    assert set(reached) == fits


@ASKED
def test_a_secular_and_a_12_step_kind_stand_on_the_first_screen_wherever_both_exist(needs: tuple[str, ...]) -> None:
    fits = [kind for kind in FELLOWSHIPS.values() if serves(kind, needs) and kind.live and not kind.for_people]
    both = {kind.tradition for kind in fits} & {Tradition.TWELVE_STEP, Tradition.SECULAR}
    for seed in range(40):
        on_first = {FELLOWSHIPS[kind].tradition for kind in kinds_on(shown(Search(needs=needs, seed=seed)))}
        assert both <= on_first, seed


def test_each_kind_begins_equally_often() -> None:
    needs = ("alcohol",)
    first = Counter(kinds_on(shown(Search(needs=needs, seed=seed)))[0] for seed in range(FIRST_KIND_SEEDS))
    fits = {kind.id for kind in FELLOWSHIPS.values() if serves(kind, needs) and kind.live and not kind.for_people}
    expected = FIRST_KIND_SEEDS / len(fits)
    assert set(first) == fits
    assert sum((count - expected) ** 2 / expected for count in first.values()) < 45  # chi square, p > 0.0001


def test_the_same_button_shows_the_same_order_again() -> None:
    assert every_page(Search(seed=3)) == every_page(Search(seed=3))
    assert every_page(Search(seed=3)) != every_page(Search(seed=4))


@LANGUAGES
@ASKED
def test_each_kind_has_one_line_and_one_button_with_its_name(needs: tuple[str, ...], language: str) -> None:
    search = Search(needs=needs, seed=11, language=language)
    screen = shown(search, language=language)
    labels = [
        button.label
        for row in screen.rows
        for button in row
        if button.data and unpack(button.data, IDS).action == Action.FELLOWSHIP
    ]
    lines = screen.text.splitlines()
    for label in labels:
        (line,) = [line for line in re.findall(r"<b>(.+?)</b>: (.+)", "\n".join(lines)) if _same(line[0], label)]
        assert 15 <= len(line[1]) <= 90, line
    assert all(len(row) == 1 for row in screen.rows if any(button.label in labels for button in row))


def _same(markup: str, label: str) -> bool:
    return markup.replace("&amp;", "&").replace("&#39;", "'") == label


@LANGUAGES
@ASKED
def test_every_screen_of_options_has_the_road_to_treatment_and_says_that_groups_are_not(
    needs: tuple[str, ...], language: str
) -> None:
    search = Search(needs=needs, language=language)
    for page in (1, 2):
        screen = shown(search.with_page(page), language=language)
        assert Action.TREATMENT in {press.action for press in presses(screen)}
        line = {"en": "Groups are not treatment and do not replace it.", "es": "Los grupos no son un tratamiento"}
        assert line[language] in visible(screen)
        assert len(visible(screen)) <= 1100


@pytest.mark.parametrize("needs", [("opioids",), ("family", "opioids"), ("opioids", "alcohol")], ids="+".join)
def test_for_opioids_medicines_and_the_road_to_treatment_come_before_the_groups(needs: tuple[str, ...]) -> None:
    screen = shown(Search(needs=needs))
    text = visible(screen)
    names = [text.index(FELLOWSHIPS[kind].name.partition("&")[0]) for kind in kinds_on(screen)]
    assert text.index("Medicines for opioid addiction save lives.") < min(names)
    assert presses(screen)[0].action == Action.TREATMENT


def test_for_other_needs_nothing_stands_before_the_groups() -> None:
    assert presses(shown(Search(needs=("gambling",))))[0].action == Action.FELLOWSHIP
    assert "opioid" not in visible(shown(Search(needs=("gambling",))))


def test_the_family_of_somebody_who_uses_opioids_finds_the_overdose_page_beside_the_road_to_treatment() -> None:
    screen = shown(Search(needs=("family", "opioids")))
    labels = [button.label for button in screen.rows[0]]
    assert labels == ["Find treatment", make_frame().article("overdose").label]
    assert "For an overdose, call for help at once: /urgent" in visible(screen)


@pytest.mark.parametrize(
    ("needs", "said"),
    [
        (("alcohol",), "If you drink a lot every day, speak with a doctor before you stop or cut down."),
        (("drugs",), "If you take sleeping pills, benzos or GHB every day"),
        (("alcohol", "drugs"), "Do you drink a lot every day, or take sleeping pills, benzos or GHB?"),
    ],
)
def test_the_warning_of_stopping_fast_stands_where_it_concerns(needs: tuple[str, ...], said: str) -> None:
    assert said in visible(shown(Search(needs=needs)))
    assert "Stopping fast" in visible(shown(Search(needs=needs)))
    assert "Stopping fast" not in visible(shown(Search(needs=("family", *needs))))


def test_for_drugs_it_says_that_a_first_try_may_not_fit() -> None:
    assert "A first try may not fit." in visible(shown(Search(needs=("stimulants",))))
    assert "A first try may not fit." not in visible(shown(Search(needs=("alcohol",))))


def test_to_use_less_is_an_aim_with_kinds_of_its_own_and_hides_no_kind_that_does_not_say() -> None:
    search = Search(needs=("alcohol",), filters=frozenset({"goal_less"}))
    parts = dict(options.fitting(make_frame(search=search), search))
    sure = {kind.id for kind in (*parts[""], *parts["stated"])}
    assert {"mm", "hams", "smart"} <= sure
    assert "aa" not in sure | {kind.id for kind in parts["silent"]}
    assert "Their texts do not say whether these fit:" in visible(shown(search.with_page(2)))


@pytest.mark.parametrize("need", ["alcohol", "drugs", "gambling"])
@pytest.mark.parametrize("goal", ["goal_stop", "goal_less", "goal_own"])
def test_each_aim_has_at_least_one_kind_that_says_so(need: str, goal: str) -> None:
    search = Search(needs=(need,), filters=frozenset({goal}))
    parts = dict(options.fitting(make_frame(search=search), search))
    assert parts[""]


def test_not_to_be_sure_yet_shows_all_kinds_again() -> None:
    search = Search(needs=("alcohol",), filters=frozenset({"goal_less"}))
    screen = shown(search)
    (unsure,) = [
        unpack(button.data, IDS) for row in screen.rows for button in row if button.label == "Not sure? All kinds"
    ]
    assert unsure.action == Action.OPTIONS
    assert set(every_page(unsure.search)) == set(every_page(Search(needs=("alcohol",))))


def test_groups_for_stated_people_come_after_the_others_and_take_turns_where_they_are_named() -> None:
    order = every_page(Search(needs=("alcohol",)))
    stated = [bool(FELLOWSHIPS[kind].for_people) for kind in order]
    assert stated == sorted(stated)
    named = Search(needs=("alcohol",), filters=frozenset({"women"}))
    assert any("wfs" in kinds_on(shown(replace_seed(named, seed))) for seed in range(10))


def replace_seed(search: Search, seed: int) -> Search:
    """The same search with another turn."""
    return Search(needs=search.needs, filters=search.filters, seed=seed)


def test_a_kind_not_known_to_meet_appears_where_one_of_its_meetings_is_listed() -> None:
    assert "dra" not in every_page(Search(needs=("mental_health",)))
    assert "dra" in every_page(Search(needs=("mental_health",)), frozenset({"dra"}))


def test_a_place_that_was_said_goes_along_to_the_card_of_a_kind() -> None:
    leeds = Place("Leeds", 53.7973, -1.54358, "England", "GB", "Europe/London", 455_123).on_grid()
    opened = [one for one in presses(shown(Search(leeds))) if one.action == Action.FELLOWSHIP]
    assert all(one.search.place is not None for one in opened)


# -- the doors


@LANGUAGES
@pytest.mark.parametrize("of_kinds", [False, True])
def test_the_doors_are_of_equal_rank_and_one_of_them_is_to_use_less(language: str, of_kinds: bool) -> None:
    frame = make_frame(language)
    screen = doors.about(frame, Search(language=language), of_kinds=of_kinds)
    labels = [button.label for row in screen.rows[:-1] for button in row]
    assert frame.texts.label("about.less") in labels
    assert all(len(row) == 2 for row in screen.rows[:-1])
    assert len(labels) == 8


@pytest.mark.parametrize("of_kinds", [False, True])
def test_the_door_to_use_less_offers_to_stop_and_not_to_be_sure_too(of_kinds: bool) -> None:
    door = doors.DOORS["less"] + (doors.OF_KINDS if of_kinds else 0)
    screen = doors.about_more(make_frame(), Search(), door)
    target = Action.OPTIONS if of_kinds else Action.LIST
    asked = [press for press in presses(screen) if press.action == target]
    aims = [press.search.filters for press in asked]
    assert aims.count(frozenset({"goal_less"})) == 4
    assert frozenset({"goal_stop"}) in aims
    assert frozenset() in aims


def test_the_family_door_leads_to_kinds_as_well_as_to_meetings() -> None:
    screen = doors.about_more(make_frame(), Search(), doors.DOORS["family"])
    (kinds,) = [press for press in presses(screen) if press.action == Action.OPTIONS]
    assert kinds.search.needs == ("family",)
    reached = {FELLOWSHIPS[kind] for kind in every_page(kinds.search)}
    assert all(kind.family for kind in reached)
    assert {Tradition.TWELVE_STEP, Tradition.SECULAR} <= {kind.tradition for kind in reached}
