"""Buttons carry a whole search for years, and forged ones are met kindly."""

import contextlib
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.buttons import MAX_BYTES, Action, Press, country_letters, country_number, pack, unpack
from bot.domain.errors import OutdatedButton
from bot.domain.place import Place
from bot.domain.search import FILTERS, LANGUAGES, NEEDS, RINGS_KM, Order, Search
from bot.domain.when import Day, When

NUMBERS = {f"kind{number}": number for number in range(1, 256)}
IDS = {number: kind for kind, number in NUMBERS.items()}

quarters = st.none() | st.integers(0, 95).map(lambda quarter: quarter * 15)
places = st.builds(lambda lat, lon: Place("", lat, lon).on_grid(), st.floats(-89.9, 89.9), st.floats(-179.9, 179.9))
filters = st.builds(
    lambda names, language: frozenset(names) | (frozenset({f"lang_{language}"}) if language else frozenset()),
    st.sets(st.sampled_from(sorted(FILTERS))),
    st.none() | st.sampled_from(sorted(LANGUAGES)),
)
searches = st.builds(
    Search,
    place=st.none() | places,
    online=st.sampled_from([None, True, False]),
    needs=st.lists(st.sampled_from(sorted(NEEDS)), max_size=3, unique=True).map(tuple),
    fellowships=st.lists(st.sampled_from(sorted(NUMBERS)), max_size=3, unique=True).map(tuple),
    when=st.builds(When, st.sampled_from(Day), quarters, quarters),
    filters=filters,
    order=st.sampled_from(Order),
    seed=st.integers(0, 65535),
    page=st.integers(1, 255),
    reach_km=st.sampled_from([*RINGS_KM, 100, 200]),
    stated_groups=st.booleans(),
    language=st.sampled_from(sorted(LANGUAGES)),
)
presses = st.builds(
    Press,
    st.sampled_from(Action),
    searches,
    st.none() | st.integers(0, 2**56 - 1),
    st.integers(0, 65535),
)


@given(presses)
def test_a_button_gives_back_what_was_put_into_it(press: Press) -> None:
    data = pack(press, NUMBERS)
    assert len(data.encode()) <= MAX_BYTES
    assert unpack(data, IDS) == press


@given(searches, st.lists(st.integers(0, 2**56 - 1), min_size=1, max_size=3).map(tuple))
def test_a_button_carries_the_meetings_picked_for_a_hand_off(search: Search, picked: tuple[int, ...]) -> None:
    asked = replace(search, fellowships=(), when=When())  # what a hand-off leaves out
    press = Press(Action.START, asked, number=2, picked=picked)
    data = pack(press, NUMBERS)
    assert len(data.encode()) <= MAX_BYTES
    assert unpack(data, IDS) == press


@given(presses)
def test_a_button_also_fits_into_a_start_link(press: Press) -> None:
    assert set(pack(press, NUMBERS)) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-")


@given(st.text(max_size=80) | st.binary(max_size=64).map(lambda raw: raw.decode("latin-1")))
def test_forged_data_is_an_outdated_button_and_nothing_worse(text: str) -> None:
    with pytest.raises(OutdatedButton):
        unpack(text, IDS)


@given(presses, st.data())
@settings(max_examples=200)
def test_a_cut_button_is_outdated(press: Press, data: st.DataObject) -> None:
    text = pack(press, NUMBERS)
    with pytest.raises(OutdatedButton):
        unpack(text[: data.draw(st.integers(0, len(text) - 1))], IDS)


@given(presses, st.data())
def test_an_altered_button_never_raises_anything_else(press: Press, data: st.DataObject) -> None:
    text = list(pack(press, NUMBERS))
    at = data.draw(st.integers(0, len(text) - 1))
    text[at] = data.draw(st.sampled_from("ABCxyz019_-"))
    with contextlib.suppress(OutdatedButton):
        unpack("".join(text), IDS)


def test_a_button_for_a_fellowship_that_is_gone_is_outdated() -> None:
    data = pack(Press(Action.LIST, Search(fellowships=("kind7",))), NUMBERS)
    with pytest.raises(OutdatedButton):
        unpack(data, {1: "kind1"})


def test_buttons_made_by_this_version_keep_their_form() -> None:
    """These were made once and stand in chats: if this fails, old buttons stop working. Never adjust them."""
    leeds = Search(Place("", 53.7973, -1.54358), needs=("alcohol",), seed=4711, language="en")
    assert unpack(OLD_LIST, IDS) == Press(Action.LIST, leeds)
    assert unpack(OLD_MEETING, IDS) == Press(
        Action.MEETING, Search(online=True, when=When(Day.NOW), language="es"), 0x1234567890ABCD, 29
    )


OLD_LIST = "1CgRJnBgFCAF6-Ogso08"
OLD_MEETING = "1DggAARgEIBEjRWeJCrzYAOiEPw"


def test_every_country_fits_into_a_number() -> None:
    for country in ("AA", "GB", "US", "ZZ"):
        assert country_letters(country_number(country)) == country


def test_a_number_that_is_no_country_is_an_outdated_button() -> None:
    with pytest.raises(OutdatedButton):
        country_letters(65535)


def test_no_two_actions_share_a_number() -> None:
    assert len({action.value for action in Action.__members__.values()}) == len(Action.__members__)
