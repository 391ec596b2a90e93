"""Forms in one message: a line for each field, written to be copied and changed, and read back.

Both ways stand here, because both need what the fields are called. A line that names no field goes on with the one
before; a field that is left out stays as it is.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.domain import fields
from bot.domain.alike import street_of
from bot.domain.fields import BadField, Kind
from bot.domain.meeting import MINUTES_A_DAY, Meeting
from bot.views.admin_draft import Draft, Form
from bot.views.admin_fields import called
from bot.views.formatting import weekday_name
from bot.views.frame import Frame

PLACE = ("venue", "address", "city", "region", "postal_code", "country", "directions", "latitude", "longitude")
LINK = ("join_url", "join_id", "passcode", "dial_in", "join_notes", "dial_in_notes")
NAME = ("name", "notes", "group")
_ELSEWHERE = (*PLACE, *LINK, *NAME, "tags")
FIELDS_OF: Mapping[Form, tuple[str, ...]] = {
    Form.TIME: ("start", "duration"),
    Form.LENGTH: ("duration",),
    Form.PLACE: PLACE,
    Form.LINK: LINK,
    Form.NAME: NAME,
    Form.DETAILS: tuple(name for name in fields.FIELDS if name not in _ELSEWHERE),
}
_ROOM = ("venue", "address", "city", "postal_code", "country", "directions")
_CALL = ("join_url", "passcode", "dial_in")
IN_ROOM, ONLINE, BOTH = 1, 2, 3  # ways to join, as a draft's value carries them
_RANGE = re.compile(r"\s*[–—-]\s*|\s+(?:to|until|till|hasta|a)\s+(?:las?\s+)?(?=\d)", re.IGNORECASE)
_LINE = re.compile(r"\s*([^:：]{1,40}?)\s*[:：]\s*(.*)", re.DOTALL)
_HALF = re.compile(r"[ap]\.?\s?m\.?$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Typed:
    """What was read from a message: values by field, and what could not be read."""

    values: dict[str, Any] = field(default_factory=dict)
    faults: tuple[BadField, ...] = ()


def form_fields(draft: Draft) -> tuple[str, ...]:
    """The fields that a form asks for; a new meeting's by how it is joined, which its draft carries."""
    if draft.form is not Form.ADD:
        return FIELDS_OF[draft.form]
    ways = draft.value & BOTH
    where = (*(_ROOM if ways & IN_ROOM else ()), *(_CALL if ways & ONLINE else ()))
    zone = () if ways & IN_ROOM else ("zone",)
    return ("name", "weekday", "start", "duration", *where, *zone, "languages", "notes")


def lines(frame: Frame, draft: Draft, meeting: Meeting | None) -> str:
    """The form as it stands now, to be copied; a new meeting's with what is likely."""
    likely = {"country": frame.operator.country, "languages": frame.search.language}

    def cell(name: str) -> str:
        return likely.get(name, "") if meeting is None else fields.cell(name, getattr(meeting, name))

    return "\n".join(f"{called(frame, name)}: {cell(name)}".rstrip() for name in form_fields(draft))


def read(frame: Frame, draft: Draft, text: str, meeting: Meeting | None = None) -> Typed:
    """What somebody typed into a form; lines that say what the meeting says already are left out."""
    if draft.form is Form.TIME:
        return _times(text)
    names = form_fields(draft)
    try:
        found = {"duration": text} if draft.form is Form.LENGTH else _cells(frame, names, text)
    except BadField as fault:
        return Typed(faults=(fault,))
    new = {name: cell for name, cell in found.items() if meeting is None or not _stands(meeting, name, cell)}
    return _read({name: _in_code(frame, name, cell) for name, cell in new.items()})


def has_lines(frame: Frame, draft: Draft, text: str) -> bool:
    """Whether the text is a form that was filled in: its first line begins with the name of a field."""
    match = _LINE.fullmatch(next(iter(text.strip().splitlines()), ""))
    names = form_fields(draft) if draft.form in (*FIELDS_OF, Form.ADD) else ()
    return match is not None and any(match[1].casefold() in (called(frame, one).casefold(), one) for one in names)


def _stands(meeting: Meeting, name: str, cell: str) -> bool:
    """Whether it was copied as it stood, which a list may write as nobody could type it here."""
    return cell.split() == fields.cell(name, getattr(meeting, name)).split()


def _read(cells: Mapping[str, str]) -> Typed:
    values: dict[str, Any] = {}
    faults = []
    for name, cell in cells.items():
        try:
            values[name] = fields.read(name, cell)
        except BadField as fault:
            faults.append(fault)
    return Typed(values, tuple(faults))


def _times(text: str) -> Typed:
    """A start, or a start and an end."""
    parts = [part for part in _RANGE.split(text.strip()) if part]
    if len(parts) != 2:
        return _read({"start": text.strip()})
    start, end = parts
    half = _HALF.search(end)
    if half and not _HALF.search(start):
        start = f"{start} {half.group()}"
    try:
        first, last = fields.read("start", start), fields.read("start", end)
    except BadField as fault:
        return Typed(faults=(fault,))
    return Typed({"start": first, "duration": (last - first) % MINUTES_A_DAY or MINUTES_A_DAY})


def _cells(frame: Frame, names: tuple[str, ...], text: str) -> dict[str, str]:
    """The text behind each field's name; a field may be called as in any form or by its own name.

    BadField without a field for the first line that is none, or where there is no line at all.
    """
    known = {called(frame, name).casefold(): name for name in names} | {name: name for name in names}
    found: dict[str, list[str]] = {}
    now = ""
    for line in text.splitlines():
        match = _LINE.fullmatch(line)
        name = known.get(match[1].casefold(), "") if match else ""
        if match and name:
            now, found[name] = name, [match[2]]
        elif now and fields.FIELDS[now].lines:
            found[now].append(line)
        elif now and not line.strip():
            now = ""
        elif line.strip():
            now = _guessed(names, line)
            if not now:
                raise BadField("", "no_line", line.strip())
            found[now] = [line]
    if not found:
        raise BadField("", "no_line", text.strip())
    return {name: "\n".join(some).strip() for name, some in found.items()}


def _guessed(names: tuple[str, ...], line: str) -> str:
    """Which field a line without a name is sure to be."""
    if "join_url" in names and "://" in line:
        return "join_url"
    if "dial_in" in names and re.fullmatch(r"[\s\d+(),*#.\-]{6,}", line):
        return "dial_in"
    if "address" in names and "name" not in names and (street := street_of(line)) is not None and street.number:
        return "address"
    return ""


def _in_code(frame: Frame, name: str, cell: str) -> str:
    """What was typed in words of this language, as every reader knows it."""
    kind, word = fields.FIELDS[name].kind, cell.strip().casefold()
    if kind is Kind.DAY:
        days = {weekday_name(frame.texts, day).casefold(): str(day) for day in range(1, 8)}
        return days.get(word, cell)
    if kind is Kind.FELLOWSHIP:
        every = frame.fellowships.values()
        return next((one.id for one in every if word in (one.name.casefold(), one.short.casefold())), cell)
    return cell
