"""Tags of templates: known ones, each closed where it was opened, on every way through the template."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from bot.texts.checks.problem import Problem
from bot.texts.measure import blanked

TELEGRAM = frozenset("b i u s code pre a blockquote tg-spoiler tg-time".split())
NOT_TELLING = frozenset({"here", "aquí", "link", "enlace", "this", "esto"})
NEVER_CLOSED = frozenset({"meta", "link"})  # of HTML; Telegram has no such tag
_NO_TAGS = re.compile(r"\{#.*?#\}|\{\{.*?\}\}", re.DOTALL)
_TAG = re.compile(r"<(?P<end>/?)(?P<name>[a-zA-Z][\w-]*)(?:\{%.*?%\}|[^<>])*(?P<whole>>?)", re.DOTALL)
_PIECE = re.compile(rf"{_TAG.pattern}|\{{%-?\s*(?P<word>\w+).*?%\}}|(?P<sign><(?![!/a-zA-Z]))", re.DOTALL)
_LINK = re.compile(r"<a\s[^>]*>(.*?)</a>", re.DOTALL)
_OPENS = frozenset("if for macro block call filter".split())
_TURNS = frozenset({"else", "elif"})


@dataclass(slots=True)
class _Open:
    """The tags that are open at a place, by what the template decides: (name, line), outermost first."""

    ways: list[list[tuple[str, int]]] = field(default_factory=lambda: [[]])

    @property
    def tags(self) -> list[tuple[str, int]]:
        return self.ways[-1]


def check_tags(file: str, source: str) -> Iterator[Problem]:
    """Tags of a message: known to Telegram, balanced, and links that say what they open."""
    text = _NO_TAGS.sub(blanked, source)
    for match in _TAG.finditer(text):
        if match["name"] not in TELEGRAM:
            advice = "Telegram does not know this tag"
            yield Problem(file, _line(text, match.start()), "markup", f"<{match['end']}{match['name']}", advice)
    yield from check_balance(file, source)
    shown = re.sub(r"\{#.*?#\}", blanked, source, flags=re.DOTALL)
    for match in _LINK.finditer(shown):
        words = match[1].strip()
        if re.match(r"https?://", words) or words.lower() in NOT_TELLING:
            yield Problem(file, _line(shown, match.start()), "link_words", words, "name what the link opens")


def check_balance(file: str, source: str) -> Iterator[Problem]:
    """Each tag is closed on the way on which it was opened: inside one `if`, one `else`, one `for`."""
    text = _NO_TAGS.sub(blanked, source)
    now = _Open()
    for piece in _PIECE.finditer(text):
        line = _line(text, piece.start())
        if piece["sign"]:
            yield Problem(file, line, "markup", text[piece.start() : piece.start() + 20], "write &lt; for this sign")
        elif piece["word"]:
            yield from _decided(file, now, piece["word"])
        elif not piece["whole"]:
            yield Problem(file, line, "markup", piece.group().strip(), "this tag has no > at its end")
        elif piece["name"] not in NEVER_CLOSED:
            yield from _tag(file, now, piece["name"], line, closing=bool(piece["end"]))
    for _ in now.ways[:]:
        yield from _left_open(file, now)


def _decided(file: str, now: _Open, word: str) -> Iterator[Problem]:
    """What a template decides on begins, takes another turn, or ends."""
    if word in _OPENS:
        now.ways.append([])
    elif word in _TURNS:
        yield from _left_open(file, now)
        now.ways.append([])
    elif word.removeprefix("end") in _OPENS and word != word.removeprefix("end"):
        yield from _left_open(file, now)


def _left_open(file: str, now: _Open) -> Iterator[Problem]:
    for name, line in now.tags:
        advice = f"is opened here and not closed; put </{name}> where it ends"
        yield Problem(file, line, "markup", f"<{name}>", advice)
    now.ways.pop()
    now.ways = now.ways or [[]]


def _tag(file: str, now: _Open, name: str, line: int, *, closing: bool) -> Iterator[Problem]:
    if not closing:
        now.tags.append((name, line))
    elif now.tags and now.tags[-1][0] == name:
        now.tags.pop()
    elif name in {opened for opened, _ in now.tags}:
        inner, _ = now.tags[-1]
        yield Problem(file, line, "markup", f"</{name}>", f"<{inner}> is still open here; close it first")
        while now.tags.pop()[0] != name:
            continue
    else:
        yield Problem(file, line, "markup", f"</{name}>", f"is closed here and was not opened; <{name}> is missing")


def _line(text: str, at: int) -> int:
    return text.count("\n", 0, at) + 1
