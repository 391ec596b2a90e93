"""One kind on its card, in all its facts, on a first visit: the same for every kind; what is not known is said."""

import re
import statistics
from collections.abc import Iterator
from dataclasses import replace

import pytest

from bot.domain.buttons import Action, Press, unpack
from bot.domain.place import Place
from bot.domain.search import Search
from bot.texts.facts import FACTS
from bot.texts.fellowships import FIELDS
from bot.views import compare, fellowship
from bot.views.frame import Frame
from bot.views.screen import Button, Screen
from tests.views.frames import FELLOWSHIPS, make_frame

LEEDS = Place("Leeds", 53.7973, -1.54358, "England", "GB", "Europe/London", 455_123)
IDS = {kind.number: kind.id for kind in FELLOWSHIPS.values()}
LANGUAGES = pytest.mark.parametrize("language", ["en", "es"])
MOST = {"facts": 3000, "expect": 1150}


def visible(screen: Screen) -> str:
    """The text without its markup."""
    return re.sub(r"<[^>]+>", "", screen.text)


def bold(screen: Screen) -> list[str]:
    """What stands in bold, without the title."""
    return re.findall(r"<b>(.*?):?</b>", screen.text)[1:]


def buttons(screen: Screen) -> Iterator[Button]:
    """Every button."""
    return (button for row in screen.rows for button in row)


def press(screen: Screen, label: str) -> Press:
    """What the button with this label does."""
    return unpack(next(button.data for button in buttons(screen) if button.label == label), IDS)


@LANGUAGES
def test_every_kind_has_the_same_sixteen_facts_in_the_same_order(language: str) -> None:
    frame = make_frame(language)
    headings = [frame.texts.label(f"fact.{name}") for name in FACTS]
    assert (len(headings), len(set(headings))) == (16, 16)
    for kind in FELLOWSHIPS.values():
        screen = fellowship.all_facts(frame, kind)
        assert bold(screen)[:16] == headings, kind.id
        assert len(visible(screen)) <= MOST["facts"], f"{kind.id}: {len(visible(screen))}"


@LANGUAGES
def test_every_mark_of_a_fact_leads_to_a_source_that_is_listed(language: str) -> None:
    for kind in FELLOWSHIPS.values():
        text = visible(fellowship.all_facts(make_frame(language), kind))
        marks = {mark for found in re.findall(r"\[([\d, lm]+)\]", text) for mark in found.split(", ")}
        listed = set(re.findall(r"^(\d+)\. ", text, re.MULTILINE))
        assert marks - {"llm"} == listed, kind.id
        assert "[llm]: " in text


def test_a_fact_that_nobody_confirmed_is_not_known_and_says_so() -> None:
    text = visible(fellowship.all_facts(make_frame(), FELLOWSHIPS["wellbriety"]))
    assert "Medicines: Not known. You can ask the group.\n" in text
    assert "Research: None found yet for adapted groups. Views are mixed." in text
    assert "Its own pages have not been read yet." in text
    assert "No clinician has read this yet." in text
    assert "Its own pages were read on 21 Nov 2026." in visible(
        fellowship.all_facts(make_frame(), FELLOWSHIPS["lifering"])
    )


def test_a_claim_stands_with_its_caveat_and_its_pair() -> None:
    text = visible(fellowship.all_facts(make_frame(), FELLOWSHIPS["aa"]))
    assert "not about meetings alone" in text
    assert text.index("whether or not they believe") < text.index("Less religious people tend to start")
    assert "Most studies are from the United States" in text


@LANGUAGES
def test_a_card_has_the_same_eight_fields_and_the_same_ways_on_for_every_kind(language: str) -> None:
    frame = make_frame(language)
    texts = frame.texts
    for kind in FELLOWSHIPS.values():
        screen = fellowship.card(frame, kind)
        assert bold(screen) == [texts.label(f"fact.{name}") for name in FIELDS]
        labels = [button.label for button in buttons(screen)]
        ways = ("next_meetings", "expect", "compare_with", "all_facts", "talk_first", "other_kinds")
        assert labels[: len(ways)] == [texts.label(way) for way in ways]
        assert (texts.label("finder", kind=kind.short) in labels) == bool(kind.finder)
        assert frame.article("family" if kind.family else "kinds") in list(buttons(screen))
        assert len(labels) <= 9


def test_a_card_names_its_sources_and_says_who_has_read_it() -> None:
    frame = make_frame()
    text = visible(fellowship.card(frame, FELLOWSHIPS["smart"]))
    assert text.endswith("A program wrote this. No clinician has read it yet. Sources 3, 5, 30, 56.")
    signed = {"smart": replace(frame.facts["smart"], reviewed_by_clinician=True)}
    read = make_frame(facts=signed)
    assert "A clinician has read this. Sources 3" in visible(fellowship.card(read, FELLOWSHIPS["smart"]))
    assert "A clinician has read this." in visible(fellowship.all_facts(read, FELLOWSHIPS["smart"]))


@pytest.mark.parametrize("name", FELLOWSHIPS)
def test_the_next_meetings_of_a_kind_are_one_press_away(name: str) -> None:
    kind = FELLOWSHIPS[name]
    for make in (fellowship.card, fellowship.all_facts):
        online = press(make(make_frame(), kind), "Next meetings")
        assert (online.action, online.search.fellowships, online.search.online) == (Action.LIST, (name,), True)
        near = press(make(make_frame(search=Search(LEEDS, needs=("alcohol",))), kind), "Next meetings")
        assert (near.search.fellowships, near.search.needs, near.search.online) == ((name,), (), None)
        assert near.search.place is not None


def test_a_kind_opened_from_a_meeting_leads_back_to_it() -> None:
    frame, kind = make_frame(), FELLOWSHIPS["smart"]
    card = fellowship.card(frame, kind, meeting=7)
    assert press(card, "Back to the meeting").meeting == 7
    assert press(card, "All facts and sources").meeting == 7
    assert press(card, "Compare with another").meeting == 7
    back = press(fellowship.all_facts(frame, kind, meeting=7), "Back")
    assert (back.action, back.number, back.meeting) == (Action.FELLOWSHIP, kind.number, 7)


@LANGUAGES
def test_a_first_visit_answers_the_same_questions_for_every_kind_at_about_the_same_length(language: str) -> None:
    frame = make_frame(language)
    screens = {kind.id: fellowship.expect(frame, kind, None, online=True, room=True) for kind in FELLOWSHIPS.values()}
    assert {tuple(bold(screen)) for screen in screens.values()} == {tuple(bold(screens["aa"]))}
    assert len(bold(screens["aa"])) == 10
    lengths = {name: len(visible(screen)) for name, screen in screens.items()}
    middle = statistics.median(lengths.values())
    assert {name: length for name, length in lengths.items() if abs(length - middle) > 0.2 * middle} == {}
    assert max(lengths.values()) <= MOST["expect"]


def test_a_first_visit_says_which_door_or_which_link() -> None:
    frame, kind = make_frame(), FELLOWSHIPS["lifering"]
    room = visible(fellowship.expect(frame, kind, 1, online=False, room=True))
    link = visible(fellowship.expect(frame, kind, 1, online=True))
    assert "Which door?" in room
    assert "camera" not in room
    assert "The camera can stay off." in link
    assert "Which door?" not in link
    assert "Changes are between you and your prescriber." in room


def test_a_first_visit_says_that_prayer_may_come_and_that_listening_is_fine_where_that_is_known() -> None:
    def told(name: str) -> str:
        return visible(fellowship.expect(make_frame(), FELLOWSHIPS[name], None, online=True, room=True))

    assert "It may end with a prayer." in told("na")
    assert "Prayer is part of it." in told("millati")
    assert "Secular. No belief is asked of you. You can ask about prayer." in told("smart")
    assert "May I only listen? Yes." in told("smart")
    assert "May I only listen? Not known." in told("mm")
    assert "How long? Not known." in told("y12sr")


@LANGUAGES
def test_that_groups_differ_and_that_we_can_look_again_stands_on_every_screen_of_a_kind(language: str) -> None:
    frame = make_frame(language, search=Search(language=language, fellowships=("aa", "smart")))
    line = {"en": "Groups differ. If this one does not fit, we can look again."}.get(
        language, "Cada grupo es distinto. Si este no te va, podemos buscar otro."
    )
    kind = FELLOWSHIPS["aa"]
    for screen in (
        fellowship.card(frame, kind),
        fellowship.all_facts(frame, kind),
        fellowship.expect(frame, kind, None, online=True, room=True),
        compare.compare(frame, kind, FELLOWSHIPS["smart"]),
    ):
        assert line in visible(screen)
        assert frame.urgent() in list(buttons(screen))


def test_names_and_addresses_cannot_break_the_markup() -> None:
    screen = fellowship.all_facts(make_frame(), FELLOWSHIPS["smart_family"])
    assert "SMART Recovery Family &amp; Friends" in screen.text
    assert not re.search(r"&(?!amp;|lt;|gt;|#\d+;|quot;)", screen.text)


def test_a_frame_shows_one_of_each_kind() -> None:
    frame: Frame = make_frame("es")
    assert set(frame.facts) == set(FELLOWSHIPS)
    assert {one.language for one in frame.facts.values()} == {"es"}
