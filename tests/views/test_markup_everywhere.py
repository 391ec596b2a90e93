"""What lists publish and what people type is shown as text: no tag, entity or template code in it ever works."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.queue import Kind
from bot.sandbox.html_text import parse_html
from bot.views.screen import Screen
from tests.views.filled import Filler, View, about_what_waits, views
from tests.views.frames import make_frame

WORD = "Zq"
TAGS = ("b", "i", "u", "s", "code", "pre", "blockquote", "tg-spoiler", "script", "x")
PARTS = (
    "&amp;", "&lt;", "&#65;", "&", "<", ">", "</b>", "<b", '"', "'", "{{ 7*7 }}", "{% raw %}", "{# x #}", "{x}", "%s",
    "<a href='tg://user?id=5550100'>x</a>", "*x*", "_y_", "[z](https://example.org)", "\\", "`", "]]>", "<!-- -->",
)  # fmt: skip
strange = st.builds(
    lambda tag, parts: f"<{tag}>{WORD}</{tag}>{''.join(parts)}",
    st.sampled_from(TAGS),
    st.lists(st.sampled_from(PARTS), max_size=4),
)
OURS = ("https://t.me/open_chair_bot?start=", "https://example.org/", "https://zoom.us/j/5550100")


def name_of(view: View) -> str:
    return f"{view.__module__.rpartition('.')[2]}.{view.__name__}"


def all_of(screen: Screen) -> list[Screen]:
    """A screen and those that follow it."""
    return [screen, *(one for following in screen.then for one in all_of(following))]


def check(screen: Screen, text: str) -> bool:
    """Whether the text stood on it; wherever it stood, it stood there as it is."""
    plain, entities = parse_html(screen.text)
    whole = text[: text.index(WORD) + len(WORD) + 2]
    assert plain.count(WORD) == plain.count(whole), plain
    assert "49" not in plain.replace("18:49", "")
    for entity in entities:
        assert entity["type"] != "text_link" or entity["url"].startswith(OURS), entity
    labels = [button.label for row in screen.rows for button in row]
    assert all(label.count(WORD) == label.count(whole) for label in labels), labels
    return WORD in plain or any(WORD in label for label in labels)


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("view", views(), ids=name_of)
def test_markup_in_what_a_list_says_is_text(view: View, language: str) -> None:
    frame = make_frame(language)

    @given(strange)
    @settings(max_examples=8, deadline=None, database=None)
    def shown_as_text(text: str) -> None:
        for waits in Kind if about_what_waits(view) else (Kind.REPORT,):
            for screen in all_of(view(frame, **Filler(text, waits).arguments(view))):
                check(screen, text)

    shown_as_text()


def test_this_looks_at_all_that_shows_meetings() -> None:
    names = {name_of(view) for view in views()}
    wanted = {
        "meeting.card", "meeting.share", "find.results", "remind.done", "reminders.arrived", "notices.arrived",
        "handoff.pick", "report.choose", "admin_meetings.sheet", "admin_edit.confirm", "admin_edit.saved",
        "admin_days.confirm", "admin_add.confirm",
    }  # fmt: skip
    assert wanted <= names
    text = f"<b>{WORD}</b>&amp;{{{{ 7*7 }}}}"
    shown = set()
    for view in views():
        screens = all_of(view(make_frame(), **Filler(text).arguments(view)))
        shown |= {name_of(view)} if any([check(screen, text) for screen in screens]) else set()
    assert wanted - {"reminders.arrived", "notices.arrived", "remind.done"} <= shown  # these tell no lock screen
