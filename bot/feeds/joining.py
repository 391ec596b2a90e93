"""How to join online: the pieces of a link, a meeting number and a passcode, out of fields and free text."""

import re
from functools import lru_cache
from typing import NamedTuple

_ID = re.compile(
    r"(?:\b(?:meeting|zoom|webinar|conference|room)\s+)*\b(?:ID|PMI)\b\s*(?:is\b|no\.?|number|#)?\s*[:#=]*\s*"
    r"(\d(?:[ -]?\d){7,11})(?!\d)#?",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"\d(?:[ -]?\d){7}")  # what _ID cannot do without, and much quicker found
_PASSCODE = re.compile(
    r"(?<![A-Za-z?&/=\-])(?:zoom\s+|meeting\s+)?"
    r"(?:pass\s?(?:word|code)|pw|pwd|contraseña|clave|código(?: de acceso)?)\b\s*(?:is\b|es\b)?\s*([:=#]?)\s*(\S.*)?",
    re.IGNORECASE,
)
_GROUPS = re.compile(r"\d{2,4}(?: \d{2,4}){1,2}(?![\w-])")
_VALUE = re.compile(r"[^\s,;]{2,32}")
_NOT_A_PASSCODE = re.compile(
    r"(?:not|needed|required|none|no|is|will|please|n/?a|to|the|and|or|for|by|via|from|see|ask|call|email|e-mail|text"
    r"|contact|protected|provided|emailed|meeting|zoom|id)\b|.*@|https?:",
    re.IGNORECASE,
)
_BEFORE = re.compile(
    r"(?:\b(?:no|for|without|need|needs|the|a|get|request|dial[ -]?in)|dial-in-?)\s*$", re.IGNORECASE
)
_LINK_LABEL = re.compile(r"(?:\b(?:zoom|link|url|online|join)\b\s*)+[:=]?\s*$", re.IGNORECASE)
_CUT = "\x00"
_EDGES = " \t,;:.-–/#|•*"


class Told(NamedTuple):
    """What a text tells about joining; `rest` is the text without it."""

    passcode: str = ""
    meeting: str = ""
    rest: str = ""


@lru_cache(maxsize=8192)
def told(text: str, known_meeting: str = "") -> Told:
    """Meeting number and passcode of a text. A number that contradicts the link's own stays in the text."""
    if not text:
        return Told()
    lowered = text.lower()
    spans: list[tuple[int, int]] = []
    meeting, passcode = "", ""
    if ("id" in lowered or "pmi" in lowered) and _NUMBER.search(text):
        meeting, span = _meeting(text)
        if meeting and known_meeting in ("", meeting):
            spans.append(span)
    if "pass" in lowered or "pw" in lowered or "contrase" in lowered or "clave" in lowered or "código" in lowered:
        passcode, span = _passcode(text)
        if passcode:
            spans.append(span)
    return Told(passcode, meeting, _without(text, spans) if spans else text)


def _meeting(text: str) -> tuple[str, tuple[int, int]]:
    for match in _ID.finditer(text):
        if not _BEFORE.search(text[: match.start()]):
            return re.sub(r"\D", "", match[1]), match.span()
    return "", (0, 0)


def _passcode(text: str) -> tuple[str, tuple[int, int]]:
    position = 0
    while match := _PASSCODE.search(text, position):
        position = match.start() + 2
        if match[2] is None or _BEFORE.search(text[: match.start()]):
            continue
        value = _value(match[2], bool(match[1]))
        if value:
            return value.replace(" ", ""), (match.start(), match.start(2) + len(value))
    return "", (0, 0)


def _value(text: str, marked: bool) -> str:
    """The passcode that a text begins with. Without a colon before it, only words with a digit count."""
    groups = _GROUPS.match(text)
    if groups:
        return groups[0]
    match = _VALUE.match(text)
    if match is None or _NOT_A_PASSCODE.match(match[0]):
        return ""
    value = match[0].rstrip(".)\"'").lstrip("\"'(")
    return value if len(value) > 1 and (marked or any(map(str.isdigit, value))) else ""


def _without(text: str, spans: list[tuple[int, int]]) -> str:
    """The text without the spans; what stands around them is tidied, other lines stay as they are."""
    for start, end in sorted(spans, reverse=True):
        text = text[:start] + _CUT + text[end:]
    lines = (_tidied(line) if _CUT in line else line for line in text.splitlines())
    return "\n".join(line for line in lines if line)


def _tidied(line: str) -> str:
    parts = (part.strip(_EDGES) for part in line.split(_CUT))
    return " ".join(part for part in parts if any(map(str.isalnum, part)))


def without_link(text: str, url: str) -> str:
    """The text without a repetition of the meeting's own link and the "Zoom:" before it."""
    start = text.find(url)
    if start < 0:
        return text
    end = start + len(url)
    while end < len(text) and not text[end].isspace():
        end += 1
    label = _LINK_LABEL.search(text, 0, start)
    return _without(text, [(label.start() if label else start, end)])
