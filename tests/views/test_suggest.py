"""The screens of a suggestion, in both languages: what they promise, and that a text in them is only text."""

import html
import re
from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.buttons import Action, unpack
from bot.domain.suggestion import Finding, Kind, Outcome, Personal, Verdict
from bot.texts.site import Addresses, Site
from bot.views import articles, fellowship, suggest
from bot.views.frame import Frame
from bot.views.screen import Screen
from tests.views.frames import ARTICLES, FELLOWSHIPS, LIBRARY, make_frame

IDS = {kind.number: name for name, kind in FELLOWSHIPS.items()}
LANGUAGES = pytest.mark.parametrize("language", ["en", "es"])
ASKED_AGAIN = (
    Outcome(Verdict.PERSONAL, tuple(Finding(kind, "x") for kind in Personal)[:3]),
    Outcome(Verdict.SHORT),
    Outcome(Verdict.LONG),
    Outcome(Verdict.NO_SOURCE),
)


def carried(screen: Screen) -> tuple[Action, int, str]:
    """What a reply to this question would bring along."""
    (link,) = re.findall(r'href="(https://t\.me/[^"]+)"', screen.text)
    press = unpack(parse_qs(urlsplit(html.unescape(link)).query)["start"][0], IDS)
    return press.action, press.number, press.search.language


def questions(frame: Frame, topic: suggest.Topic) -> Iterator[Screen]:
    yield suggest.question(frame, topic)
    for outcome in ASKED_AGAIN:
        yield suggest.again(frame, topic, outcome, 1600, 1500)


@LANGUAGES
@pytest.mark.parametrize("kind", ["article", "card"])
def test_every_question_carries_what_it_is_about_and_leads_to_urgent_help(language: str, kind: str) -> None:
    frame = make_frame(language)
    topic = frame.articles["medicines"] if kind == "article" else FELLOWSHIPS["smart"]
    action = Action.SUGGEST if kind == "article" else Action.SUGGEST_CARD
    for screen in questions(frame, topic):
        assert carried(screen) == (action, topic.number, language)
        assert "/urgent" in screen.text
        assert screen.ask is not None
        assert len(screen.text) <= 1500


def test_the_question_says_what_to_leave_out_and_what_becomes_of_it() -> None:
    frame = make_frame()
    text = suggest.question(frame, frame.articles["medicines"]).text
    for words in ("your source: a title, a link or a page", "nothing about a client, a patient or anyone else",
                  "No names, no numbers, no dates of a person", "nothing about you",
                  "until people here have read them", "No person reads this chat now"):  # fmt: skip
        assert words in text
    assert "Do you speak for this fellowship" not in text
    assert (
        "Do you speak for this fellowship? Say so, with its public page."
        in suggest.question(frame, FELLOWSHIPS["smart"]).text
    )


@LANGUAGES
def test_a_refusal_names_each_kind_of_thing_and_quotes_it(language: str) -> None:
    frame = make_frame(language)
    for kind in Personal:
        outcome = Outcome(Verdict.PERSONAL, (Finding(kind, "«Jane» 0100"),))
        text = suggest.again(frame, frame.articles["medicines"], outcome, 50, 1500).text
        assert frame.texts.label(f"personal.{kind}") in text
        assert "«Jane» 0100" in text


@LANGUAGES
def test_the_last_page_of_an_article_and_all_facts_of_a_kind_lead_to_the_question(language: str) -> None:
    frame = make_frame(language)
    shown = frame.articles["medicines"]
    first, last = articles.article(frame, shown), articles.article(frame, shown, 99)
    presses = [unpack(button.data, IDS) for row in last.rows for button in row if button.data]
    assert (Action.SUGGEST, shown.number) in {(press.action, press.number) for press in presses}
    assert frame.texts.label("suggest_revision") not in {button.label for row in first.rows for button in row}
    facts = fellowship.all_facts(frame, FELLOWSHIPS["smart"])
    presses = [unpack(button.data, IDS) for row in facts.rows for button in row if button.data]
    assert (Action.SUGGEST_CARD, FELLOWSHIPS["smart"].number) in {(one.action, one.number) for one in presses}


@LANGUAGES
def test_the_web_page_of_an_article_leads_to_the_question_in_the_chat(language: str) -> None:
    addresses = Addresses(up="../", as_files=False)
    page = Site(LIBRARY, ARTICLES, bot_name="open_chair_bot").article(language, "medicines", addresses)
    label = LIBRARY.texts(language).label("suggest_revision")
    (link,) = re.findall(rf'<a href="([^"]+)"[^>]*>{label}</a>', page)
    press = unpack(parse_qs(urlsplit(html.unescape(link)).query)["start"][0], IDS)
    assert (press.action, press.search.language) == (Action.SUGGEST, language)
    assert press.number == ARTICLES[language]["medicines"].number
    assert label not in Site(LIBRARY, ARTICLES).article(language, "medicines", addresses)


def test_a_suggestion_is_about_the_version_and_the_language_that_was_read() -> None:
    frame = make_frame("es")
    shown = frame.articles["medicines"]
    about = suggest.subject(frame, shown)
    assert (about.kind, about.id, about.language, about.version) == (
        Kind.ARTICLE, "medicines", shown.language, shown.version
    )  # fmt: skip
    about = suggest.subject(frame, FELLOWSHIPS["smart"])
    assert (about.kind, about.id, about.language) == (Kind.FELLOWSHIP, "smart", "es")


@given(st.text(alphabet=st.sampled_from("<>&\"'{}%#b/ axt.me?=\u202e"), min_size=1, max_size=60))
@settings(max_examples=60, deadline=None)
def test_markup_and_template_code_in_a_suggestion_are_shown_as_text(snippet: str) -> None:
    frame = make_frame()
    outcome = Outcome(Verdict.PERSONAL, (Finding(Personal.NAME, snippet),))
    screen = suggest.again(frame, frame.articles["medicines"], outcome, 50, 1500)
    assert carried(screen)[0] is Action.SUGGEST
    assert set(re.findall(r"</?\w+", screen.text)) == {"<b", "</b", "<a", "</a"}
    line = next(line for line in screen.text.splitlines() if line.startswith("• "))
    assert html.unescape(line) == f"• a name: “{snippet}”"
