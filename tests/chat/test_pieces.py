"""Long messages: nothing visible is lost and every piece is whole."""

import html
import re

from hypothesis import example, given
from hypothesis import strategies as st

from bot.chat.pieces import pieces, visible_length

TAG = re.compile(r"<(/?)([a-z]+)[^>]*>")


def visible(text: str) -> str:
    return html.unescape(re.sub(r"</?[a-z][^>]*>", "", text))


def is_whole(text: str) -> bool:
    """Every tag that is opened is closed, in order."""
    stack: list[str] = []
    for closing, name in TAG.findall(text):
        if not closing:
            stack.append(name)
        elif not stack or stack.pop() != name:
            return False
    return not stack


def test_a_short_text_stays_as_it_is() -> None:
    assert pieces("<b>Hello</b>\n") == ["<b>Hello</b>\n"]


def test_length_is_what_is_visible_in_utf_16() -> None:
    assert visible_length('<a href="https://example.org">a &amp; 🌊</a>') == 6


def test_a_long_text_is_cut_between_lines() -> None:
    lines = [f"{number}. {'x' * 30}" for number in range(20)]
    cut = pieces("\n".join(lines), 100)
    assert "\n".join(cut).splitlines() == lines
    assert max(map(visible_length, cut)) <= 100


def test_a_line_too_long_is_cut_between_words() -> None:
    words = ["word"] * 60
    cut = pieces(" ".join(words), 100)
    assert " ".join(cut).split() == words


def test_a_tag_open_at_the_cut_is_closed_and_opened_again() -> None:
    cut = pieces(f"<blockquote expandable><b>{'one two ' * 30}</b></blockquote>", 100)
    assert len(cut) > 1
    assert all(is_whole(piece) and piece.startswith("<blockquote expandable><b>") for piece in cut)


def test_a_character_of_two_units_is_not_torn() -> None:
    cut = pieces("🌊" * 500, 101)
    assert "".join(cut) == "🌊" * 500
    assert max(map(visible_length, cut)) <= 101


fragments = st.lists(
    st.one_of(
        st.sampled_from(["<b>bold</b>", "<i>a\nb</i>", "&amp;", "&lt;b&gt;", "\n", "\n\n", " ", "🌊", "é"]),
        st.text("ab \n", max_size=90),
    ),
    max_size=40,
)


@given(fragments, st.integers(min_value=20, max_value=90))
@example(["a" * 90, "<b>", "b " * 40, "</b>"], 20)
def test_any_text_keeps_its_words_in_whole_pieces_within_the_limit(parts: list[str], limit: int) -> None:
    text = "".join(parts)
    cut = pieces(text, limit)
    assert all(visible_length(piece) <= limit and is_whole(piece) for piece in cut)
    squeezed = re.sub(r"\s", "", "".join(visible(piece) for piece in cut))
    assert squeezed == re.sub(r"\s", "", visible(text))
