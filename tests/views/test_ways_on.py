"""Where one goes from here: to treatment, to somebody to talk to, and never to a dead end."""

import re
from dataclasses import replace

import pytest

from bot.domain.buttons import Action, Press, country_number, unpack
from bot.domain.fellowship import Facts
from bot.domain.search import Search
from bot.domain.treatment import Treatment
from bot.texts.treatment import load_treatment
from bot.texts.urgent import load_urgent
from bot.views import find, talk_first, topics, treatment, urgent
from bot.views.screen import Screen
from bot.views.talk_first import Contact
from tests.views.frames import FELLOWSHIPS, NOW, ROOT, make_frame

IDS = {kind.number: kind.id for kind in FELLOWSHIPS.values()}
PACKS = load_treatment(ROOT)
LANGUAGES = pytest.mark.parametrize("language", ["en", "es"])
HELPLINE = Contact("Leeds Helpline", "0113 496 0000", of_area=True)


def visible(screen: Screen) -> str:
    """The text without its markup."""
    return re.sub(r"<[^>]+>", "", screen.text)


def presses(screen: Screen) -> list[Press]:
    """What the buttons mean."""
    return [unpack(button.data, IDS) for row in screen.rows for button in row if button.data]


def labels(screen: Screen) -> list[str]:
    """What the buttons say."""
    return [button.label for row in screen.rows for button in row]


# -- treatment


def test_a_country_s_finders_can_be_opened_and_copied() -> None:
    screen = treatment.card(make_frame(), PACKS["US"], "US")
    assert "Finding treatment: United States" in visible(screen)
    assert "SAMHSA National Helpline (day and night):\n1-800-662-4357" in visible(screen)
    assert {button.copy for row in screen.rows for button in row} >= {"1-800-662-4357"}
    assert {button.url for row in screen.rows for button in row} >= {"https://findtreatment.gov"}


@LANGUAGES
def test_where_no_finder_is_known_it_says_whom_to_ask(language: str) -> None:
    text = visible(treatment.card(make_frame(language), PACKS["ZZ"], "IT"))
    assert {"en": "A doctor or your health service", "es": "un médico o tu servicio de salud"}[language] in text
    assert {"en": "Italy", "es": "Italia"}[language] in text
    assert "https://findahelpline.com" in text


def test_a_finder_in_doubt_is_not_shown() -> None:
    doubtful = Treatment("US", PACKS["US"].finders, NOW.date(), "x", "?")
    text = visible(treatment.card(make_frame(), doubtful, "US"))
    assert "findtreatment" not in text
    assert "A doctor or your health service" in text


def test_for_opioids_the_word_on_medicines_stands_above_the_finders() -> None:
    text = visible(treatment.card(make_frame(search=Search(needs=("opioids",))), PACKS["GB"], "GB"))
    assert text.index("Medicines for opioid addiction save lives.") < text.index("NHS")


def test_whoever_drinks_is_warned_of_stopping_fast_there_too() -> None:
    text = visible(treatment.card(make_frame(search=Search(needs=("alcohol",))), PACKS["GB"], "GB"))
    assert "Stopping fast can be dangerous." in text


def test_every_country_with_a_finder_can_be_chosen_by_name() -> None:
    chosen = set()
    for page in range(2):
        screen = treatment.countries(make_frame(), PACKS, page)
        chosen |= {press.number for press in presses(screen) if press.number < treatment.PICKER}
        assert "Elsewhere" in labels(screen)
    assert chosen >= {country_number(code) for code in PACKS}


def test_the_page_of_countries_is_turned_in_place() -> None:
    turned = [press.number for press in presses(treatment.countries(make_frame(), PACKS, 0))]
    assert treatment.PICKER + 2 in turned


@pytest.mark.parametrize("code", ["US", "IT"])
def test_the_urgent_card_has_the_road_to_treatment_of_its_country(code: str) -> None:
    screen = urgent.card(make_frame(), load_urgent(ROOT)[code], [])
    (way,) = [press for press in presses(screen) if press.action == Action.TREATMENT]
    assert way.number == country_number(code)


@pytest.mark.parametrize("topic", ["treatment", "withdrawal", "medicine", "medicine_shamed", "used_again"])
def test_an_answer_about_treatment_or_medicines_leads_to_treatment(topic: str) -> None:
    frame = make_frame()
    for screen in (topics.answer(frame, topic), topics.before(frame, topic, find.where(frame))):
        assert Action.TREATMENT in {press.action for press in presses(screen)}


def test_whoever_asks_what_a_kind_is_opens_its_card_in_one_press() -> None:
    frame = make_frame(search=Search(fellowships=("aa", "smart")))
    screen = topics.before(frame, "about_kind", find.where(frame))
    opened = {press.number for press in presses(screen) if press.action == Action.FELLOWSHIP}
    assert opened == {FELLOWSHIPS["aa"].number, FELLOWSHIPS["smart"].number}


def test_whoever_is_shamed_for_a_medicine_finds_other_groups_and_more_to_read() -> None:
    screen = topics.answer(make_frame(), "medicine_shamed")
    assert {"Groups that welcome medicines", "What are my options?"} <= set(labels(screen))
    groups = next(press for press in presses(screen) if press.search.filters)
    assert groups.search.filters == frozenset({"medication"})


@LANGUAGES
@pytest.mark.parametrize("topic", topics.WRITTEN)
def test_no_written_answer_is_a_dead_end_or_says_the_same_on_two_buttons(topic: str, language: str) -> None:
    screen = topics.answer(make_frame(language), topic)
    assert len(presses(screen)) >= 4
    assert len(set(labels(screen))) == len(labels(screen))


# -- talk to someone first


def test_a_public_number_is_shown_and_can_be_copied() -> None:
    screen = talk_first.talk_first(make_frame(), FELLOWSHIPS["aa"], [HELPLINE], 1)
    assert "Leeds Helpline (for this area):\n0113 496 0000" in visible(screen)
    assert "Copy 0113 496 0000" in labels(screen)


def test_where_no_contact_is_known_the_official_pages_are_one_press_away() -> None:
    screen = talk_first.talk_first(make_frame(), FELLOWSHIPS["aa"], [], None)
    assert "I know no contact for this group." in visible(screen)
    assert {"AA: official site", "AA: official finder"} <= set(labels(screen))


def test_the_public_contact_of_the_whole_kind_stands_in_for_one_nearby() -> None:
    kind = replace(FELLOWSHIPS["aa"], facts=Facts(contact="0113 496 0001"))
    assert "Copy 0113 496 0001" in labels(talk_first.talk_first(make_frame(), kind, [], None))
    near = talk_first.talk_first(make_frame(), kind, [HELPLINE], None)
    assert "0113 496 0001" not in visible(near)


@LANGUAGES
def test_the_words_to_say_are_the_same_for_every_kind(language: str) -> None:
    frame = make_frame(language)
    said = set()
    for kind in FELLOWSHIPS.values():
        if kind.for_people == talk_first.TEENS:
            continue
        screen = talk_first.talk_first(frame, kind, [HELPLINE], 1)
        text = visible(screen)
        assert len(text) <= 900
        said.add(text[text.index("\n\n", text.index("0113")) :])
    assert len(said) == 1


def test_there_are_words_for_a_call_and_for_a_message_in_the_person_s_own_voice() -> None:
    screen = talk_first.talk_first(make_frame(), FELLOWSHIPS["smart"], [HELPLINE], 1)
    text = visible(screen)
    assert text.index("To say on the phone:") < text.index("To write:")
    assert text.count("Is there someone who can meet me there?") == 2
    (message,) = [b.copy for row in screen.rows for b in row if b.label == "Copy words to write"]
    assert message in text
    assert len(message) <= 256


def test_nobody_is_asked_to_meet_a_teenager() -> None:
    screen = talk_first.talk_first(make_frame(), FELLOWSHIPS["alateen"], [HELPLINE], 1)
    assert "meet me" not in visible(screen)
    assert "a grown-up whom you trust" in visible(screen)
    assert not any("meet me" in button.copy for row in screen.rows for button in row)


def test_a_page_is_opened_once_however_often_it_is_named() -> None:
    site = FELLOWSHIPS["aa"].site
    screen = talk_first.talk_first(make_frame(), FELLOWSHIPS["aa"], [Contact("AA", site)], None)
    urls = [button.url for row in screen.rows for button in row if button.url]
    assert len(urls) == len(set(urls))


def test_from_talking_one_goes_on_to_the_meeting_or_the_card_and_to_what_to_expect() -> None:
    for meeting, back in ((1, Action.MEETING), (None, Action.FELLOWSHIP)):
        screen = talk_first.talk_first(make_frame(), FELLOWSHIPS["aa"], [HELPLINE], meeting)
        assert {back, Action.EXPECT, Action.URGENT} <= {press.action for press in presses(screen)}
