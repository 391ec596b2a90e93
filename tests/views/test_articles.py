"""Articles in the chat: pages of a length that can be read, every mark kept, and where a button leads."""

import re

import pytest

from bot.chat.pieces import visible_length
from bot.domain.buttons import Action, unpack
from bot.domain.search import Search
from bot.views import articles as views
from bot.views.frame import Frame
from bot.views.screen import Button, Screen
from tests.views.frames import ARTICLES, FELLOWSHIPS, make_frame

NUMBERS = {kind.number: name for name, kind in FELLOWSHIPS.items()}
EVERY = [(language, slug) for language, shelf in ARTICLES.items() for slug in shelf]


def buttons(screen: Screen) -> list[Button]:
    return [button for row in screen.rows for button in row]


def pages(frame: Frame, slug: str) -> list[Screen]:
    """All pages of an article, by its own button for the next one."""
    shown = frame.articles[slug]
    screens = [views.article(frame, shown)]
    while more := [one for one in buttons(screens[-1]) if one.label == frame.texts.label("next_page")]:
        press = unpack(more[0].data, NUMBERS)
        assert press.number == shown.number + views.TURNED
        screens.append(views.article(frame, shown, press.search.page, edits=True))
    return screens


@pytest.mark.parametrize(("language", "slug"), EVERY)
def test_an_article_is_whole_in_pages_that_fit_a_message(language: str, slug: str) -> None:
    frame = make_frame(language)
    shown = frame.articles[slug]
    screens = pages(frame, slug)
    for screen in screens:
        assert visible_length(screen.text) <= 2200
        assert frame.texts.label("urgent_help") in [button.label for button in buttons(screen)]
    text = "\n".join(screen.text for screen in screens)
    assert text.count("<i>[llm]</i>") == sum(one.machine_drafted for one in shown.sentences)
    plain = re.sub(r"<[^>]+>", "", text)
    for block in shown.blocks:
        assert block.sentences[0].text.split()[0] in plain
    for source in shown.sources:
        assert f"\n{source.number}. " in screens[-1].text


def test_the_last_page_says_where_it_comes_from_and_that_nobody_has_checked_it() -> None:
    frame = make_frame()
    last = pages(frame, "medicines")[-1].text
    assert "Machine-drafted, check before clinical use." in last
    assert re.search(r"Version \d\.\d, \d+ \w+ 20\d\d\. \d+ minutes? to read\. \d+ sources\.", last)
    assert "[llm]</b> A program wrote this sentence." in last


@pytest.mark.parametrize("language", ["en", "es"])
def test_every_page_carries_the_standing_notice(language: str) -> None:
    notice = {
        "en": "Machine-drafted, check before clinical use.",
        "es": "conviene revisarlo antes de un uso clínico.",
    }
    assert all(notice[language] in screen.text for screen in pages(make_frame(language), "overdose"))


def test_a_page_turned_replaces_the_one_before_it() -> None:
    frame = make_frame()
    shown = frame.articles["evidence"]
    assert not views.article(frame, shown).edits
    assert views.article(frame, shown, 2, edits=True).edits


def test_a_page_beyond_the_last_shows_the_last() -> None:
    frame = make_frame()
    shown = frame.articles["overdose"]
    assert views.article(frame, shown, 200).text == pages(frame, "overdose")[-1].text


def test_the_list_of_articles_is_short_enough_and_names_counselors_last() -> None:
    for language in ("en", "es"):
        frame = make_frame(language)
        screens = [views.index(frame, page) for page in (1, 2, 3)]
        for screen in screens:
            assert visible_length(screen.text) <= 900
            assert len([one for one in buttons(screen) if one.label in _titles(frame)]) <= views.BUTTONS
        assert _titles(frame) <= {one.label for screen in screens for one in buttons(screen)}
    assert "For counselors" in views.index(make_frame(), 3).text
    assert "For counselors" not in views.index(make_frame(), 2).text


def _titles(frame: Frame) -> set[str]:
    return {one.button for one in frame.articles.values()}


def test_a_button_opens_the_article_in_the_chat_where_no_address_is_set() -> None:
    button = make_frame().article("medicines")
    press = unpack(button.data, NUMBERS)
    assert (press.action, press.number, press.search.page) == (Action.READ, 6, 1)
    assert (button.label, button.url) == (ARTICLES["en"]["medicines"].button, "")


@pytest.mark.parametrize(
    ("language", "changes", "address"),
    [
        ("en", {"wiki_url": "https://wiki.example.org"}, "https://wiki.example.org/medicines"),
        ("es", {"wiki_url": "https://wiki.example.org"}, "https://wiki.example.org/es/medicines"),
        ("es", {"public_url": "https://bot.example.org/a"}, "https://bot.example.org/a/read/es/medicines"),
        (
            "en",
            {"wiki_url": "https://wiki.example.org", "public_url": "https://bot.example.org"},
            "https://wiki.example.org/medicines",
        ),
    ],
)
def test_a_button_leads_to_the_wiki_else_to_our_own_page(
    language: str, changes: dict[str, str], address: str
) -> None:
    button = make_frame(language, **changes).article("medicines")
    assert (button.url, button.data) == (address, "")


def test_an_article_that_a_folder_does_not_have_opens_the_list_of_those_it_has() -> None:
    button = make_frame().article("coffee")
    assert unpack(button.data, NUMBERS).number == 0


def test_the_search_behind_an_article_is_one_press_away() -> None:
    asked = Search(needs=("alcohol",), online=True, page=3)
    screen = views.article(make_frame(search=asked), ARTICLES["en"]["medicines"])
    back = next(one for one in buttons(screen) if one.label == "Back to the list")
    press = unpack(back.data, NUMBERS)
    assert (press.action, press.search.needs, press.search.online) == (Action.LIST, ("alcohol",), True)


def test_a_title_inside_a_sentence_leads_to_that_article() -> None:
    text = pages(make_frame(), "mutual-help")[0].text
    found = re.search(r'<a href="https://t\.me/open_chair_bot\?start=([\w-]+)">', text)
    assert found
    assert unpack(found[1], NUMBERS).action == Action.READ
    address = pages(make_frame(wiki_url="https://wiki.example.org"), "mutual-help")[0].text
    assert 'href="https://wiki.example.org/kinds"' in address
