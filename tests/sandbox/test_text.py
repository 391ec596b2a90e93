"""Marked-up text, as Telegram reads it."""

from typing import Any

import pytest

from bot.sandbox.entities import to_html, with_found
from bot.sandbox.errors import ApiError
from bot.sandbox.html_text import parse_html, units
from tests.sandbox.conftest import Call
from tests.sandbox_driver import Visitor


def _parsed(source: str) -> tuple[str, list[tuple[Any, ...]]]:
    text, entities = parse_html(source)
    return text, [tuple(entity.values()) for entity in with_found(text, entities)]


READ = [
    ("plain &lt;b&gt; &amp; &quot;x&quot; &copy; &#233; &#x1F600;", ('plain <b> & "x" &copy; é 😀', [])),
    ("<b>a</b><i>b</i><u>c</u><s>d</s>", ("abcd", [
        ("bold", 0, 1), ("italic", 1, 1), ("underline", 2, 1), ("strikethrough", 3, 1)])),
    ("<strong>a<em>b</em></strong>", ("ab", [("bold", 0, 2), ("italic", 1, 1)])),
    ("😀<b>é😀</b>x", ("😀é😀x", [("bold", 2, 3)])),
    ('<a href="https://example.org/?a=1&amp;b=2">go</a>', (
        "go", [("text_link", 0, 2, "https://example.org/?a=1&b=2")])),
    ("<a href='http://localhost/'>go</a>", ("go", [])),
    ("<code>/start</code> /help", ("/start /help", [("code", 0, 6), ("bot_command", 7, 5)])),
    ('<pre><code class="language-python">x</code></pre>', ("x", [("pre", 0, 1, "python")])),
    ("<blockquote expandable>long</blockquote>", ("long", [("expandable_blockquote", 0, 4)])),
    ("<blockquote>a<b>b</b></blockquote>", ("ab", [("blockquote", 0, 2), ("bold", 1, 1)])),
    ('<span class="tg-spoiler">x</span><tg-spoiler>y</tg-spoiler>', ("xy", [("spoiler", 0, 1), ("spoiler", 1, 1)])),
    ('<tg-time unix="1795500000" format="wDT">soon</tg-time>', ("soon", [("date_time", 0, 4, 1795500000, "wDT")])),
    ('<b id="x" data-y=z>a</b >', ("a", [("bold", 0, 1)])),
    ("<B>a</b>", ("a", [("bold", 0, 1)])),
    ("<b></b>a", ("a", [])),
    ("see example.org/x, or write to help@example.org", (
        "see example.org/x, or write to help@example.org", [("url", 4, 13), ("email", 31, 16)])),
]  # fmt: skip


@pytest.mark.parametrize(("source", "expected"), READ)
def test_marks_become_entities(source: str, expected: tuple[str, list[tuple[Any, ...]]]) -> None:
    assert _parsed(source) == expected


REFUSED = [
    ("<h1>x</h1>", 'Unsupported start tag "h1" at byte offset 0'),
    ("é<br>", 'Unsupported start tag "br" at byte offset 2'),
    ("a <3", "Unclosed start tag at byte offset 2"),
    ("a <3 b", 'Unsupported start tag "3" at byte offset 2'),
    ("<b>x", 'Can\'t find end tag corresponding to start tag "b"'),
    ("<b><i>x</b></i>", 'Unmatched end tag at byte offset 7, expected "</i>", found "</b>"'),
    ("x</b>", "Unexpected end tag at byte offset 1"),
    ("<span>x</span>", 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
    ('<a href="x', "Unclosed start tag at byte offset 0"),
    ('<tg-time unix="1" format="q">x</tg-time>', "Invalid date-time format specified"),
]


@pytest.mark.parametrize(("source", "problem"), REFUSED)
def test_marks_telegram_cannot_read_are_refused(source: str, problem: str) -> None:
    with pytest.raises(ApiError) as caught:
        parse_html(source)
    assert caught.value.description.startswith(f"Bad Request: can't parse entities: {problem}")


async def test_the_ends_are_trimmed_and_the_marks_move_along(call: Call, sam: Visitor) -> None:
    sent = await call("sendMessage", chat_id=sam.id, text="\n  a <b>b \n</b>\n", parse_mode="HTML")
    assert sent["result"]["text"] == "a b"
    assert sent["result"]["entities"] == [{"type": "bold", "offset": 2, "length": 1}]


async def test_entities_can_be_given_instead_of_marks(call: Call, sam: Visitor) -> None:
    moment = {"type": "date_time", "offset": 3, "length": 4, "unix_time": 1795500000, "date_time_format": "r"}
    sent = await call("sendMessage", chat_id=sam.id, text="😀 soon", entities=[moment])
    assert sent["result"]["entities"] == [moment]
    beyond = await call("sendMessage", chat_id=sam.id, text="soon", entities=[moment])
    assert "ends after the end of the text" in beyond["description"]
    unknown = await call(
        "sendMessage", chat_id=sam.id, text="s", entities=[{"type": "blink", "offset": 0, "length": 1}]
    )
    assert unknown["description"] == "Bad Request: can't parse MessageEntity: Unsupported type specified"


@pytest.mark.parametrize("source", [
    "<b>a</b> &lt;i&gt; 😀<i>b</i>",
    '<a href="https://example.org/">x</a>',
    "<blockquote>a<b>b</b></blockquote>",
])  # fmt: skip
def test_a_transcript_shows_the_marks_again(source: str) -> None:
    text, entities = parse_html(source)
    assert to_html(text, sorted(entities, key=lambda one: (one["offset"], -one["length"]))) == source


def test_offsets_count_as_telegram_counts() -> None:
    assert [units(text) for text in ("a", "é", "😀", "a😀b")] == [1, 1, 2, 4]
