"""Filters with three values: yes, no, and "the list does not say"."""

import pytest

from bot.domain.fellowship import Fellowship, Tradition
from bot.domain.filters import Verdict, language_bits, rule, rules, unsaid, verdicts
from bot.domain.meeting import TAGS, Meeting, Status
from bot.domain.search import FILTERS, LANGUAGES
from tests.builders import make_meeting, make_online_meeting

YES, NO, UNSAID = Verdict


def about(*tags: str) -> Fellowship:
    return Fellowship("smart", 30, "SMART Recovery", "SMART", Tradition.SECULAR, ("alcohol",), tags=frozenset(tags))


def verdict(name: str, meeting: Meeting, fellowship: Fellowship | None = None) -> Verdict:
    return verdicts([name], meeting, fellowship or about())[name]


def tagged(*tags: str) -> Meeting:
    return make_meeting(tags=frozenset(tags), languages=())


@pytest.mark.parametrize("name", sorted(set(FILTERS) - {"in_person", "hybrid", "phone"}))
def test_a_meeting_with_the_code_says_yes_and_one_without_any_does_not_say(name: str) -> None:
    assert verdict(name, tagged(name)) == YES
    assert verdict(name, tagged()) == UNSAID
    assert verdict(name, tagged("smoking", "outdoor")) == UNSAID


@pytest.mark.parametrize("name", sorted(set(FILTERS) & set(TAGS)))
def test_what_the_fellowship_says_of_all_its_meetings_counts(name: str) -> None:
    assert verdict(name, tagged(), about(name)) == YES


@pytest.mark.parametrize(
    ("name", "opposite"),
    [("open", "closed"), ("women", "men"), ("men", "women"), ("goal_less", "goal_stop"), ("goal_stop", "goal_less")],
)
def test_the_opposite_code_says_no_and_both_codes_say_yes(name: str, opposite: str) -> None:
    assert verdict(name, tagged(opposite)) == NO
    assert verdict(name, tagged(opposite, name)) == YES
    assert verdict(name, tagged(), about(opposite)) == NO


def test_the_meetings_own_code_goes_before_its_fellowships() -> None:
    assert verdict("open", tagged("closed"), about("open")) == NO
    assert verdict("open", tagged("open"), about("closed")) == YES
    assert verdict("wheelchair", tagged("closed"), about("wheelchair")) == YES


def test_who_chooses_the_own_aim_may_stop_or_use_less() -> None:
    assert verdict("goal_stop", tagged("goal_own")) == verdict("goal_less", tagged("goal_own")) == YES
    assert verdict("goal_own", tagged("goal_stop")) == NO


@pytest.mark.parametrize(
    ("languages", "said"), [(("es",), YES), (("en", "es"), YES), (("en",), NO), (("qu",), NO), ((), UNSAID)]
)
def test_a_language_is_a_yes_where_listed_and_unsaid_where_none_is(languages: tuple[str, ...], said: Verdict) -> None:
    assert verdict("lang_es", make_meeting(languages=languages)) == said


def test_how_one_takes_part_is_always_known() -> None:
    room, call = make_meeting(), make_online_meeting()
    both, by_phone = make_meeting(online=True), make_online_meeting(dial_in="+15550100")
    assert [verdict("in_person", one) for one in (room, call, both)] == [YES, NO, YES]
    assert [verdict("hybrid", one) for one in (room, call, both)] == [NO, NO, YES]
    assert [verdict("phone", one) for one in (room, call, by_phone)] == [NO, NO, YES]


def test_a_room_that_is_shut_for_now_is_no_room() -> None:
    shut = make_meeting(status=Status.ONLINE_FOR_NOW)
    assert verdict("in_person", shut) == NO
    assert verdict("hybrid", make_meeting(online=True, status=Status.ONLINE_FOR_NOW)) == NO


def test_the_row_names_the_filters_on_which_its_list_is_silent() -> None:
    asked = {"open", "wheelchair", "lang_es", "in_person"}
    assert unsaid(asked, make_meeting(tags=frozenset({"open"}), languages=()), about()) == {"wheelchair", "lang_es"}


def test_every_filter_and_language_has_a_rule_that_an_index_can_hold() -> None:
    everything = rules([*FILTERS, *(f"lang_{code}" for code in LANGUAGES)])
    assert all(0 < one.yes < 2**63 and 0 <= one.no < 2**63 for one in everything)
    assert language_bits(LANGUAGES) < 2**63
    assert max(TAGS.values()) < 56


@pytest.mark.parametrize("name", ["nonsense", "lang_", "lang_xx", "online"])
def test_a_filter_that_is_none_is_refused(name: str) -> None:
    with pytest.raises(KeyError):
        rule(name)
