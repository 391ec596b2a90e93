"""A hand-off link says what was picked, fits a start link, and cannot be forged."""

import string
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.buttons import MAX_PICKED
from bot.domain.errors import BrokenHandoff
from bot.domain.handoff import DAYS, MAX_CHARACTERS, Handoff, made_on, open_handoff, seal_handoff
from bot.domain.place import Place
from bot.domain.search import LANGUAGES, NEEDS, Order, Search
from bot.domain.when import Day, When
from tests.domain.test_buttons import filters, places

KEY, OLD_KEY = b"k" * 32, b"o" * 32
ALPHABET = string.ascii_letters + string.digits + "_-"
handoffs = st.builds(
    Handoff,
    place=st.none() | places,
    online=st.sampled_from([None, True, False]),
    needs=st.lists(st.sampled_from(sorted(NEEDS)), max_size=3, unique=True).map(tuple),
    filters=filters,
    meetings=st.lists(st.integers(0, 2**56 - 1), max_size=MAX_PICKED, unique=True).map(tuple),
    language=st.sampled_from(sorted(LANGUAGES)),
    from_family=st.booleans(),
    expires=st.dates(date(2020, 1, 1), date(2190, 1, 1)),
)


@given(handoffs)
def test_every_hand_off_fits_a_start_link_and_comes_back_whole(handoff: Handoff) -> None:
    payload = seal_handoff(handoff, KEY)
    assert len(payload) <= MAX_CHARACTERS
    assert set(payload) <= set(ALPHABET)
    assert open_handoff(payload, [KEY]) == handoff


@given(handoffs, st.data())
def test_a_link_with_one_changed_character_is_refused(handoff: Handoff, data: st.DataObject) -> None:
    payload = seal_handoff(handoff, KEY)
    at = data.draw(st.integers(0, len(payload) - 1))
    other = data.draw(st.sampled_from([one for one in ALPHABET if one != payload[at]]))
    with pytest.raises(BrokenHandoff):
        open_handoff(payload[:at] + other + payload[at + 1 :], [KEY])


@given(handoffs, st.data())
def test_a_cut_link_is_refused(handoff: Handoff, data: st.DataObject) -> None:
    payload = seal_handoff(handoff, KEY)
    with pytest.raises(BrokenHandoff):
        open_handoff(payload[: data.draw(st.integers(0, len(payload) - 1))], [KEY])


@given(st.text(max_size=80) | st.text(alphabet=ALPHABET, max_size=80).map(lambda text: "h" + text))
def test_anything_typed_behind_start_is_refused_without_an_accident(text: str) -> None:
    with pytest.raises(BrokenHandoff):
        open_handoff(text, [KEY])


def test_a_link_made_before_the_key_was_changed_still_opens() -> None:
    handoff = Handoff(needs=("alcohol",), meetings=(1, 2, 3), expires=date(2026, 12, 1))
    assert open_handoff(seal_handoff(handoff, OLD_KEY), [KEY, OLD_KEY]) == handoff


def test_a_link_of_another_bot_is_refused() -> None:
    with pytest.raises(BrokenHandoff):
        open_handoff(seal_handoff(Handoff(), b"x" * 32), [KEY, OLD_KEY])


def test_a_hand_off_keeps_area_needs_filters_and_language_of_a_search_and_leaves_the_rest() -> None:
    search = Search(
        Place("Leeds", 53.8, -1.55, country="GB"),
        online=False,
        needs=("alcohol", "mental_health"),
        fellowships=("aa",),
        when=When(Day.TOMORROW, 600, 660),
        filters=frozenset({"women", "lang_es"}),
        order=Order.NEAREST,
        seed=77,
        page=4,
        language="es",
    )
    made = made_on(date(2026, 11, 21), search, [5, 5, 6, 7, 8])
    assert made.meetings == (5, 6, 7)
    assert made.expires == date(2026, 11, 21) + timedelta(days=DAYS)
    opened = open_handoff(seal_handoff(made, KEY), [KEY]).search(seed=3)
    assert opened == Search(made.place, False, search.needs, filters=search.filters, seed=3, language="es")


def test_a_link_holds_on_its_last_day_and_not_on_the_next() -> None:
    handoff = Handoff(expires=date(2026, 12, 21))
    assert not handoff.expired(date(2026, 12, 21))
    assert handoff.expired(date(2026, 12, 22))
