"""A typed text as a row of words that remember how they were written."""

import re
import unicodedata
from dataclasses import dataclass

from bot.domain.lexicon import spell
from bot.domain.words import fold

LONGEST = 4096
MOST_WORDS = 400
_ABBREVIATION = 2  # letters
LEFT = "left"  # how a token is used: understood, but nothing that a search can use; told as unknown
WORD_LENGTH = 40  # longer ones are no words anybody looks for

_DOTTED = re.compile(r"(?<![^\W_])(?:[^\W\d_]\.){2,}(?:[^\W\d_](?![^\W_]))?")
_MARKS = "\u0300-\u036f\u0591-\u05c7\u064b-\u065f\u0900-\u0dff\u0e00-\u0eff\u1000-\u109f"
_WORD = re.compile(
    rf"\d{{1,2}}[:.h]\d{{2}}(?!\d)(?:\s?[ap]\.?m\b)?|\d{{1,2}}\s?[ap]\.?m\b"
    rf"|[^\W_][\w{_MARKS}]*(?:['\u2019\u02bc\u0060\u00b4][^\W_][\w{_MARKS}]*)*"
)
_BREAK = re.compile(r"[,;!?\n()|\u3001\u3002]|\.(?:\s|$)|\s[-\u2013\u2014]\s")
_DASHES = frozenset({"-", "\u2013", "\u2014"})
_CLOCK = re.compile(r"(\d{1,2})(?:[:.h](\d{2}))?\s?([ap])?\.?m?$")


@dataclass(slots=True)
class Token:
    """One word. `word` is what lists are asked for, `name` what places are asked for."""

    raw: str
    word: str
    name: str
    breaks: bool = False  # a comma or an end of a sentence stands before it
    dash: bool = False  # nothing but a dash stands before it
    capitals: bool = False  # written in capitals, two letters or more
    used: str = ""  # what took the word: "name", "entry", "time", "place" ...
    span: tuple[int, int] = (0, 0)  # the words taken together with it


def tokenise(text: str) -> list[Token]:
    """The first words of a text; anything can come in, nothing raises."""
    plain = unicodedata.normalize("NFKC", text[:LONGEST])
    plain = "".join(char for char in plain if unicodedata.category(char) not in ("Cf", "Cs", "Co"))
    plain = _DOTTED.sub(lambda match: match.group().replace(".", ""), plain)
    tokens: list[Token] = []
    end = 0
    for match in _WORD.finditer(plain):
        raw = match.group().strip("_")
        between = plain[end : match.start()]
        short = bool(tokens) and len(tokens[-1].raw) <= _ABBREVIATION and between.strip() == "."  # "St. Paul"
        breaks = bool(tokens) and not short and bool(_BREAK.search(between))
        end = match.end()
        word = _clock(raw) or spell(raw).replace(" ", "")
        if word and len(word) <= WORD_LENGTH:
            dash = between.strip() in _DASHES
            tokens.append(Token(raw, word, fold(raw), breaks, dash, len(raw) > 1 and raw.isupper()))
        if len(tokens) == MOST_WORDS:
            break
    return tokens


def _clock(raw: str) -> str:
    """ "7pm", "7:30 p.m." and "19h30" as "7pm", "7:30pm", "19:30"; "" for anything else."""
    if not raw[0].isdigit() or raw.isdigit():
        return ""
    match = _CLOCK.match(raw.casefold())
    if not match or (match[2] is None and match[3] is None):
        return ""
    minutes = f":{match[2]}" if match[2] else ""
    return f"{match[1]}{minutes}{match[3] + 'm' if match[3] else ''}"


def phrase(tokens: list[Token], start: int, end: int) -> str:
    """The words start..end as lists spell them."""
    return " ".join(token.word for token in tokens[start:end])


def longest(tokens: list[Token], start: int, phrases: object, *, most: int = 5) -> int:
    """How many words from `start` on form the longest phrase of a collection; 0 for none."""
    for count in range(min(most, len(tokens) - start), 0, -1):
        if phrase(tokens, start, start + count) in phrases:  # type: ignore[operator]
            return count
    return 0


def take(tokens: list[Token], start: int, end: int, by: str) -> None:
    """Marks the words start..end as used together."""
    for token in tokens[start:end]:
        token.used, token.span = by, (start, end)
