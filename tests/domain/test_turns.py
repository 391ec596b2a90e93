"""The fair order: who begins is drawn, who waits gets the turn, and nobody is lost between pages."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import chisquare

from bot.domain.fellowship import Tradition
from bot.domain.turns import Slot, balanced, page_of_turns, shuffled, starting_order, turns

TRADITIONS = {
    **dict.fromkeys(("aa", "na", "ca", "ha", "ma", "ga", "oa"), Tradition.TWELVE_STEP),
    **dict.fromkeys(("smart", "lifering", "sos"), Tradition.SECULAR),
    **dict.fromkeys(("dharma", "refuge", "celebrate", "hams", "mm"), Tradition.OTHER),
}
KINDS = sorted(TRADITIONS)
SEEDS = range(10_000)


def mostly(tradition: Tradition) -> list[str]:
    """Kinds among which one of the two other traditions is rare, so that it often has to move up."""
    rare = [kind for kind in KINDS if TRADITIONS[kind] != tradition]
    return [kind for kind in KINDS if TRADITIONS[kind] == tradition] + [rare[0], rare[-1]]


@pytest.mark.parametrize("kinds", [KINDS, mostly(Tradition.TWELVE_STEP), mostly(Tradition.OTHER), KINDS[:4]])
def test_over_all_seeds_each_kind_begins_equally_often(kinds: list[str]) -> None:
    first = Counter(starting_order(kinds, TRADITIONS, seed)[0] for seed in SEEDS)
    assert chisquare([first[kind] for kind in kinds]).pvalue > 0.01


@pytest.mark.parametrize("tradition", [Tradition.TWELVE_STEP, Tradition.SECULAR, Tradition.OTHER])
def test_within_its_family_each_kind_holds_every_place_equally_often(tradition: Tradition) -> None:
    family = [kind for kind in KINDS if TRADITIONS[kind] == tradition]
    held: list[Counter[str]] = [Counter() for _ in KINDS]
    for seed in SEEDS:
        for place, kind in enumerate(starting_order(KINDS, TRADITIONS, seed)):
            held[place][kind] += 1
    for place in held:
        # Of the dozens of places one may well look uneven by chance.
        assert chisquare([place[kind] for kind in family]).pvalue > 0.01 / len(KINDS)


def test_the_order_of_a_seed_never_changes() -> None:
    assert shuffled(["aa", "na", "smart", "dharma"], 42) == ("dharma", "smart", "na", "aa")
    assert shuffled(["smart", "dharma", "aa", "na", "aa"][:4], 42) == ("dharma", "smart", "na", "aa")


@given(st.permutations(KINDS), st.integers(0, len(KINDS)), st.integers(1, 6))
def test_both_traditions_are_in_the_first_places_wherever_both_are_there(
    order: list[str], count: int, places: int
) -> None:
    order = order[:count]
    found = balanced(order, TRADITIONS, places)
    assert sorted(found) == sorted(order)
    for tradition in Tradition:
        own = [kind for kind in order if TRADITIONS[kind] == tradition]
        assert [kind for kind in found if TRADITIONS[kind] == tradition] == own
        if own and places >= 2 and tradition != Tradition.OTHER:
            assert own[0] in found[:places]
    if places == 5:
        assert list(found[:3]) == order[:3]


def test_only_the_missing_one_moves_up_to_fifth_place() -> None:
    order = ["aa", "na", "ca", "ha", "ma", "ga", "smart", "oa", "sos"]
    assert balanced(order, TRADITIONS) == ("aa", "na", "ca", "ha", "smart", "ma", "ga", "oa", "sos")


def test_moving_one_up_does_not_push_the_only_one_of_the_other_out() -> None:
    order = ["dharma", "refuge", "hams", "mm", "smart", "aa"]
    assert balanced(order, TRADITIONS) == ("dharma", "refuge", "hams", "smart", "aa", "mm")


def test_five_kinds_or_fewer_stay_as_they_were_drawn() -> None:
    order = ("aa", "na", "ca", "ha", "smart")
    assert balanced(order, TRADITIONS) == order


counts = st.dictionaries(st.sampled_from(KINDS), st.integers(0, 12))


@given(counts)
def test_no_kind_has_a_second_row_before_each_had_its_first(matches: dict[str, int]) -> None:
    order = list(matches)
    listed = list(turns(order, matches))
    assert Counter(slot.kind for slot in listed) == Counter(matches)
    assert listed == sorted(listed, key=lambda slot: (slot.rank, order.index(slot.kind)))


@given(counts, st.integers(0, 2))
def test_pages_hold_five_rows_and_go_on_without_loss_or_repeat(matches: dict[str, int], held: int) -> None:
    pages, page = [], 1
    while rows := page_of_turns(list(matches), matches, page, held):
        pages.append(rows)
        page += 1
    assert [slot for rows in pages for slot in rows] == list(turns(list(matches), matches))
    assert all(len(rows) == 5 - (held if at == 0 else 0) for at, rows in enumerate(pages[:-1]))


def test_two_meetings_get_their_turns_beside_five_hundred() -> None:
    page = page_of_turns(("aa", "na", "smart"), {"aa": 500, "na": 40, "smart": 2}, 1)
    assert page == [Slot("aa", 0), Slot("na", 0), Slot("smart", 0), Slot("aa", 1), Slot("na", 1)]
