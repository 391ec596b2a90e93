"""The two-person rule: what counts as putting something up."""

from dataclasses import replace

import pytest

from bot.domain.guarded import REACHED_BY, is_guarded, kinds_of, puts_up
from bot.domain.meeting import Meeting
from tests.builders import make_online_meeting
from tests.helping import kinds

KINDS = kinds_of(kinds().values())
WOMEN = make_online_meeting(tags=frozenset({"women", "open"}))
PLAIN = make_online_meeting()


def test_the_fellowships_say_themselves_whom_they_are_for() -> None:
    assert {"alateen", "she_recovers", "wfs"} == KINDS


@pytest.mark.parametrize("tag", ["women", "young", "lgbtq", "nonbinary"])
def test_a_meeting_is_guarded_by_its_tag_or_its_kind(tag: str) -> None:
    assert is_guarded(replace(PLAIN, tags=frozenset({tag})), KINDS)
    assert is_guarded(replace(PLAIN, fellowship="alateen"), KINDS)
    assert not is_guarded(replace(PLAIN, tags=frozenset({"men", "open"})), KINDS)


@pytest.mark.parametrize("name", REACHED_BY)
def test_another_way_to_a_guarded_meeting_takes_two_and_taking_it_down_takes_one(name: str) -> None:
    number = name in ("latitude", "longitude")
    old, new, none = (1.0, 2.0, None) if number else ("one", "another", "")
    before = replace(WOMEN, **{name: old})
    assert puts_up(before, replace(before, **{name: new}), KINDS) == {name}
    assert puts_up(replace(before, **{name: none}), before, KINDS) == {name}
    assert not puts_up(before, replace(before, **{name: none}), KINDS)
    other = replace(PLAIN, **{name: old})
    assert not puts_up(other, replace(other, **{name: new}), KINDS)


@pytest.mark.parametrize(
    ("changed", "fields"),
    [
        ({"tags": frozenset({"open"})}, {"tags"}),
        ({"tags": frozenset({"women"})}, set()),
        ({"tags": frozenset({"women", "open", "lgbtq"})}, set()),
        ({"start": 600, "weekday": 3, "zone": "Europe/Paris"}, set()),
        ({"notes": "Bring a cup."}, set()),
        ({"notes": "New room: zoom.us/j/5550100"}, {"notes"}),
        ({"notes": "Call 555 010 0123"}, {"notes"}),
        ({"name": "Write to help@example.org"}, {"name"}),
        ({"notes": "Now at 14 Mill Lane"}, {"notes"}),
        ({"notes": "Now in the church behind the bank."}, {"notes"}),
        ({"notes": "Ahora en la Calle Mayor"}, {"notes"}),
        ({"group": "We meet at 9b Oxbow"}, {"group"}),
        ({"notes": "Reads the 12 steps, for 90 minutes, with 30 day coins"}, set()),
    ],
)
def test_what_of_a_womens_meeting_takes_two(changed: dict[str, object], fields: set[str]) -> None:
    assert puts_up(WOMEN, replace(WOMEN, **changed), KINDS) == fields


def test_a_sentence_that_stood_there_may_stay_and_what_is_taken_away_takes_one() -> None:
    before = replace(WOMEN, notes="Ring at the side door. Call 555 010 0123. Tea at six.")
    assert not puts_up(before, replace(before, notes="Ring at the side door. Tea at six."), KINDS)
    assert not puts_up(before, replace(before, notes=f"{before.notes} Bring a cup."), KINDS)
    assert puts_up(before, replace(before, notes="Ring at the back door. Tea at six."), KINDS) == {"notes"}
    assert not puts_up(before, replace(before, notes=""), KINDS)


@pytest.mark.parametrize(
    "name", ["Women's Way", "Mujeres en camino", "LGBTQ+ Lamp", "Young People's Group", "Jóvenes"]
)
def test_a_name_that_says_for_whom_it_is_guards_as_a_tag_does(name: str) -> None:
    named = replace(PLAIN, name=name, join_url="https://zoom.us/j/5550100")
    assert is_guarded(named, KINDS)
    assert puts_up(named, replace(named, join_url="https://example.org/lure"), KINDS) == {"join_url"}
    assert puts_up(named, replace(named, name="Lamp"), KINDS) == {"name"}
    assert puts_up(replace(named, name="Lamp"), named, KINDS) == {"name"}
    assert not puts_up(named, replace(named, start=600), KINDS)


@pytest.mark.parametrize("name", ["Men's Way", "Young at Heart", "Transit Hall", "Womack Street"])
def test_another_name_guards_nothing(name: str) -> None:
    assert not is_guarded(replace(PLAIN, name=name), KINDS)


def test_another_kind_is_no_way_out() -> None:
    teens = replace(PLAIN, fellowship="alateen")
    assert puts_up(teens, replace(teens, fellowship="aa"), KINDS) == {"fellowship"}


def test_what_was_shown_to_nobody_is_put_up_as_a_whole() -> None:
    assert puts_up(None, WOMEN, KINDS)
    assert not puts_up(None, PLAIN, KINDS)


def test_to_call_a_meeting_one_for_women_takes_two() -> None:
    forged: Meeting = replace(PLAIN, join_url="https://example.org/lure")
    assert puts_up(forged, replace(forged, tags=frozenset({"women"})), KINDS) == {"tags"}
