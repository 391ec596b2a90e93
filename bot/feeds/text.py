"""Texts of lists as plain text: no markup, no hidden characters, lines kept where people read lines."""

import html
import re

NAME_LIMIT = 255
NOTES_LIMIT = 1000
_INPUT_LIMIT = 8000  # longer texts are cut before any pattern looks at them

_HIDDEN_PART = re.compile(r"<(script|style)\b[^<>]*>.*?</\1\s*>", re.IGNORECASE | re.DOTALL)
_LINE_END = re.compile(r"<\s*(?:br|hr|/p|/div|/li|/tr|/h[1-6])\b[^<>]*>", re.IGNORECASE)
_MARKUP = re.compile(r"<!--.*?-->|</?[a-zA-Z][^<>]*>", re.DOTALL)
_WORD = re.compile(r"[^\W_]")
# Controls, zero-width and direction-changing characters, halves of pairs. Joiners stay: Persian and emoji need them.
_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\xad\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff\ud800-\udfff]"
)


def one_line(value: object, limit: int = NAME_LIMIT) -> str:
    """A value as one line of plain text; what is no text or number is "". Longer texts end with an ellipsis."""
    if value.__class__ is str:
        text: str = value
        if not text:
            return ""
        if len(text) <= limit and text.isprintable() and "<" not in text and "&" not in text and "  " not in text:
            return text.strip()
        return shortened(" ".join(_plain(text).split()), limit)
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return str(value)
    return ""


def paragraphs(value: object, limit: int = NOTES_LIMIT) -> str:
    """A value as plain text of one or more lines; empty lines and lines without a letter or digit are left out."""
    if value.__class__ is not str:
        return one_line(value, limit)
    text: str = value
    if not text:
        return ""
    if text.isprintable() and "<" not in text and "&" not in text:
        text = " ".join(text.split())
        return shortened(text, limit) if _WORD.search(text) else ""
    lines = (" ".join(line.split()) for line in _plain(text).splitlines())
    return shortened("\n".join(line for line in lines if _WORD.search(line)), limit)


def mentions(text: str, words: tuple[str, ...]) -> bool:
    """Whether one of the lower-case words or parts of words stands in the text."""
    return any(map(text.lower().__contains__, words))


def joined(*texts: str, limit: int = NOTES_LIMIT) -> str:
    """Texts below each other, none twice and none that another one contains."""
    kept: list[str] = []
    for text in texts:
        if text and not any(text in other for other in kept):
            kept.append(text)
    return shortened("\n".join(kept), limit) if len(kept) > 1 else "".join(kept)


def shortened(text: str, limit: int) -> str:
    """The text, cut at a word to at most `limit` characters."""
    if len(text) <= limit:
        return text
    cut = text[: limit - 1]
    space = max(cut.rfind(" "), cut.rfind("\n"))
    return (cut[:space] if space > limit // 2 else cut).rstrip() + "…"


def _plain(text: str) -> str:
    text = text[:_INPUT_LIMIT]
    if "&" in text:  # entities of entities are common: exports escape what was escaped
        text = html.unescape(html.unescape(text))
    if "<" in text:
        text = _MARKUP.sub("", _LINE_END.sub("\n", _HIDDEN_PART.sub("", text)))
    return text if text.isprintable() else _INVISIBLE.sub("", text)
