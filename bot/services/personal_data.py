"""Words that could tell who somebody is, found by fixed rules in English and Spanish text.

It prefers one refusal too many to one person too few: whoever is refused loses nothing, and is told which part it
was. Sources stay: web addresses, DOIs, ISBNs, pages, years, titles, and authors who are named without a title.
"""

import re
import unicodedata
from collections.abc import Iterator

from bot.domain.suggestion import Finding, Personal
from bot.domain.words import fold
from bot.services.personal_rules import LINKED, OTHER_NAMES, RULES
from bot.services.phone_numbers import phone_spans

MOST_FOUND = 3
SNIPPET = 60  # characters shown back

_LINK = re.compile(
    r"(?i)(?:https?://|www\.)[^\s<>\"”»]+|(?<![@\w.-])(?:[a-z0-9-]+\.)+(?:org|com|net|gov|info|edu|uk|es)/[^\s<>\"”»]*"
)
_NUMBERED = re.compile(
    r"(?i)\b10\.\d{4,9}/[^\s<>\"”»]+|\b(?:doi|isbn(?:-1[03])?|issn|pmid|pmcid|pubmed|arxiv|crd|nct|isrctn|tip|ncj)\b"
    r"[ :#]*(?:id|no\.?|number)?[ :#]*[\dxX][\d.\- xX]*"
)


def personal_data(text: str) -> tuple[Finding, ...]:
    """What looks like it is about a person, in the order in which it stands; at most MOST_FOUND."""
    readable = _readable(text)
    found: dict[int, tuple[int, Finding]] = {}
    for start, end, kind in sorted(_spans(readable), key=lambda one: (one[0], -one[1])):
        if all(start >= until for until, _ in found.values()):
            found[start] = end, Finding(kind, _shortened(readable[start:end]))
    return tuple(finding for _, finding in found.values())[:MOST_FOUND]


def _spans(text: str) -> Iterator[tuple[int, int, Personal]]:
    for kind, pattern in LINKED:
        for match in pattern.finditer(text):
            yield *match.span(), kind
    bare = _NUMBERED.sub(_hidden, _LINK.sub(_hidden_link, text))
    for start, end in phone_spans(bare):
        yield start, end, Personal.PHONE
    for kind, pattern in RULES:
        for match in pattern.finditer(bare):
            if fold(match.groupdict().get("name") or "").replace(" ", "") not in OTHER_NAMES:
                yield *match.span(), kind


def _hidden(match: re.Match[str]) -> str:
    """As many characters that no rule knows, so that places stay where they are."""
    return "…" * len(match[0])


def _hidden_link(match: re.Match[str]) -> str:
    """A web address is hidden, but for an e-mail address inside it."""
    address = re.search(r"[\w.+-]+@[\w-]+\.[a-z]{2,}", match[0])
    if address is None:
        return _hidden(match)
    start, end = address.span()
    return "…" * (start - 1) + " " * (start > 0) + address[0] + "…" * (len(match[0]) - end)


def _readable(text: str) -> str:
    """Without invisible signs, with plain digits, letters and spaces, so that nothing hides."""
    kept = (char for char in unicodedata.normalize("NFKC", text) if unicodedata.category(char) != "Cf")
    return re.sub(r"[^\S\n]+", " ", "".join(kept))


def _shortened(snippet: str) -> str:
    words = " ".join(snippet.split())
    return words if len(words) <= SNIPPET else f"{words[: SNIPPET - 1]}…"
