"""Many meetings as a sheet: its columns, its cells, and what a sheet that comes back would change.

A cell is read as the program that saved it may have left it: "7:00" for "07:00", a postcode without its zeros, a
long number as 5.55E+09. What is the same meeting's value in such a coat is no change.
"""

import hashlib
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from types import MappingProxyType
from typing import Any

from bot.domain.fields import FIELDS, BadField, Kind, cell, read
from bot.domain.meeting import Meeting, id_text

ID, FEED, VERSION = "id", "feed", "version"
COLUMNS = (ID, FEED, VERSION, *FIELDS)
"""The columns of a sheet. `feed` and `version` are not to be changed."""
PROBLEM = "problem"
"""One more in a file of rows to mend: why each was not taken. It is passed over when the file comes back."""
MEDIA_TYPES: Mapping[str, str] = MappingProxyType(
    {
        "csv": "text/csv",
        "json": "application/json",
        "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    }
)
"""The kinds of files, each with the name by which programs know it."""
LONGEST_CELL = 20_000  # characters
VERSION_LETTERS = 6
# No vowels and no digits: no program takes it for a number, a date or a word.
_LETTERS = "bcdfghjkmnpqrstvwxyz"
_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")
_LIVE = re.compile(r"'*[=+\-@\t\r]")  # what a program would reckon with, and the same behind apostrophes
_GUARDED = re.compile(r"''*[=+\-@\t\r]")
_SHORTENED = re.compile(r"[0-9](?:[.,][0-9]+)?[eE][+]?[0-9]{1,3}")
_SECONDS = re.compile(r"([0-9]{1,2}:[0-9]{2}):00(?!\d)")
_IDENTITY = re.compile(r"[0-9a-f]{14}")
_DIGITS = re.compile(r"[0-9]{1,14}")
_METRE = 1e-5  # degrees; programs round what they show
_AS_NUMBERS = frozenset((Kind.TEXT, Kind.PHONE))


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a file: its number as an editor counts, and the text of each known column that it has."""

    line: int
    cells: Mapping[str, str]
    missing: tuple[str, ...] = ()  # columns of the header for which the row has no cell
    broken: str = ""  # why none of it can be trusted
    lossy: bool = True  # it comes from a program that rewrites what it shows
    faults: tuple[BadField, ...] = ()  # cells that hold something else than their text


@dataclass(frozen=True, slots=True)
class Refused:
    """A row that is not taken, and why; `reason` as that of BadField, or one of admin.bulk.why."""

    line: int
    reason: str
    column: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class Changed:
    """A meeting that the file changes, and the fields after. `outdated`: it changed since the file was made."""

    line: int
    meeting: Meeting
    after: Mapping[str, Any]
    outdated: bool = False

    @property
    def before(self) -> dict[str, Any]:
        """The present values of the same fields."""
        return {name: getattr(self.meeting, name) for name in self.after}


@dataclass(frozen=True, slots=True)
class Added:
    """A row without an id: a new meeting."""

    line: int
    values: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Gone:
    """A meeting of the same lists that the file leaves out."""

    id: int
    name: str
    weekday: int | None
    start: int | None


class Part(IntEnum):
    """What somebody says yes to, each by itself. Numbers stand in buttons: never change or reuse one."""

    CHANGES = 1  # and what is added
    GONE = 2  # end what the file leaves out
    OLDER = 3  # changes to meetings that have changed since the file was made


@dataclass(frozen=True, slots=True)
class Difference:
    """What a file would change, if somebody says so."""

    rows: int = 0
    unchanged: int = 0
    changed: tuple[Changed, ...] = ()
    outdated: tuple[Changed, ...] = ()  # only if asked for
    added: tuple[Added, ...] = ()
    gone: tuple[Gone, ...] = ()
    refused: tuple[Refused, ...] = ()
    ignored: tuple[str, ...] = ()  # names of columns that mean nothing here
    unsure: bool = False  # rows could not be read: nobody can say what the file leaves out
    second: frozenset[int] = frozenset()  # lines of rows that will wait for a second person
    sheet: str = ""  # which of a workbook was read, where there are others
    hidden: int = 0  # rows that a program does not show; they count as well

    def __bool__(self) -> bool:
        """Whether there is anything to decide."""
        return bool(self.changed or self.outdated or self.added or self.gone)

    def mark(self, part: Part) -> int:
        """16 bits that tell this part, as it was looked at, from any other."""
        match part:
            case Part.CHANGES:
                some: list[object] = [*_changes(self.changed), *(_told(one.values) for one in self.added)]
            case Part.OLDER:
                some = _changes(self.outdated)
            case Part.GONE:
                some = [one.id for one in self.gone]
        return int.from_bytes(hashlib.blake2b(repr(some).encode(errors="replace"), digest_size=2).digest(), "big")

    def count(self, part: Part) -> int:
        """How many meetings a part is about."""
        match part:
            case Part.CHANGES:
                return len(self.changed) + len(self.added)
            case Part.OLDER:
                return len(self.outdated)
        return len(self.gone)


def _changes(some: tuple[Changed, ...]) -> list[object]:
    return [(one.meeting.id, _told(one.before), _told(one.after)) for one in some]


def _told(values: Mapping[str, Any]) -> list[str]:
    return [f"{name}={cell(name, values[name])}" for name in FIELDS if name in values]


def values_of(meeting: Meeting) -> list[str]:
    """The cells of a meeting, in the order of COLUMNS."""
    own = [cell(name, getattr(meeting, name)) for name in FIELDS]
    return [id_text(meeting.id), meeting.feed, _version(own), *own]


def version(meeting: Meeting) -> str:
    """Some letters that change with any of its fields."""
    return _version([cell(name, getattr(meeting, name)) for name in FIELDS])


def _version(cells: list[str]) -> str:
    digest = hashlib.blake2b("\x00".join(cells).encode(errors="replace"), digest_size=8).digest()
    number, letters = int.from_bytes(digest, "big"), ""
    for _ in range(VERSION_LETTERS):
        number, at = divmod(number, len(_LETTERS))
        letters += _LETTERS[at]
    return letters


def guarded(column: str, text: str) -> str:
    """A cell as it may lie in a sheet: what would be a formula there stands behind an apostrophe."""
    if not _LIVE.match(text):
        return text
    known = FIELDS.get(column)
    is_number = known is not None and known.kind is Kind.DEGREES and _NUMBER.fullmatch(text)
    return text if is_number else f"'{text}"


def unguarded(text: str) -> str:
    """The reverse of guarded."""
    return text[1:] if _GUARDED.match(text) else text


def identity(text: str) -> int | None:
    """The id in a cell; None for an empty one. Raises BadField: `id_as_number` where a program spoiled it."""
    digits = text.strip().casefold()
    if not digits:
        return None
    if _IDENTITY.fullmatch(digits):
        return int(digits, 16)
    if _DIGITS.fullmatch(digits):  # the zeros at its beginning were dropped
        return int(digits.zfill(14), 16)
    raise BadField(ID, "id_as_number" if _is_shortened(digits) else "no_id", text)


def _is_shortened(text: str) -> bool:
    return _SHORTENED.fullmatch(text.strip()) is not None


def looks_like_number(meeting_id: int) -> bool:
    """Whether a program may take an id for a number, and spoil it."""
    return re.fullmatch(r"[0-9]+(e[0-9]+)?", id_text(meeting_id)) is not None


def tidied(name: str, text: str) -> str:
    """What a program did to a cell, undone where that is sure."""
    text = _one_kind_of_line_end(text)
    match FIELDS[name].kind:
        case Kind.TIME:
            return _SECONDS.sub(r"\1", text)
        case Kind.DEGREES if text.count(",") == 1 and "." not in text:
            return text.replace(",", ".")
    return text


def same(name: str, present: str, text: str, *, lossy: bool) -> bool:
    """Whether a cell still says what it said, however a program has rewritten it."""
    now, then = _one_kind_of_line_end(present), _one_kind_of_line_end(text)
    if now == then:
        return True
    if not lossy:
        return False
    if now.strip() == then.strip() or now == f"'{then}":
        return True
    kind = FIELDS[name].kind
    if kind is Kind.DEGREES:
        return _close(now, tidied(name, text))
    return kind in _AS_NUMBERS and _same_number(now, then.strip())


def _one_kind_of_line_end(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


def _close(now: str, then: str) -> bool:
    try:
        return abs(float(now) - float(then)) <= _METRE
    except ValueError:
        return False


def _same_number(now: str, then: str) -> bool:
    """ "02134" that was shown as 2134, "+15550100" as 15550100, "5550100123" as 5.55E+09."""
    digits = now.removeprefix("+")
    if not digits.isdecimal() or not digits.isascii():
        return False
    if then.isdecimal() and then.isascii():
        return digits.lstrip("0") == then.lstrip("0")
    if not _is_shortened(then):
        return False
    places = len(re.sub(r"[eE].*|[.,]", "", then))
    return f"{float(then.replace(',', '.')):.{places - 1}e}" == f"{float(digits):.{places - 1}e}"


def compared(row: Row, meeting: Meeting) -> Changed | list[Refused] | None:
    """What a row changes in its meeting; None for nothing. Whether the whole makes sense is for others to say."""
    after: dict[str, Any] = {}
    refused = _spoiled(row)
    for name in _trusted(row):
        value = getattr(meeting, name)
        if name in row.missing and cell(name, value):
            return [Refused(row.line, "too_few_cells")]
        text = row.cells.get(name)
        if text is None or same(name, cell(name, value), text, lossy=row.lossy):
            continue
        try:
            new = _read(name, text)
        except BadField as bad:
            refused.append(_refused(row, bad))
            continue
        if new != value:
            after[name] = new
    if refused or not after:
        return refused or None
    told = row.cells.get(VERSION, "").strip().casefold()
    outdated = (bool(told) and told != version(meeting)) or any(bad.field == VERSION for bad in row.faults)
    return Changed(row.line, meeting, MappingProxyType(after), outdated=outdated)


def proposed(row: Row) -> Added | list[Refused]:
    """What a row without an id would add; whether that is a whole meeting is for others to say."""
    values: dict[str, Any] = {}
    refused = _spoiled(row)
    for name in _trusted(row):
        text = row.cells.get(name, "")
        if text.strip():
            try:
                values[name] = _read(name, text)
            except BadField as bad:
                refused.append(_refused(row, bad))
    return refused or Added(row.line, MappingProxyType(values))


def _spoiled(row: Row) -> list[Refused]:
    return [_refused(row, bad) for bad in row.faults if bad.field in FIELDS]


def _trusted(row: Row) -> list[str]:
    spoiled = {bad.field for bad in row.faults}
    return [name for name in FIELDS if name not in spoiled]


def _read(name: str, text: str) -> Any:
    if len(text) > LONGEST_CELL:
        raise BadField(name, "too_long", text[:100])
    if FIELDS[name].kind in _AS_NUMBERS and _is_shortened(text):
        raise BadField(name, "number_shortened", text)
    return read(name, tidied(name, text))


def _refused(row: Row, bad: BadField) -> Refused:
    return Refused(row.line, bad.reason, bad.field, bad.text)


@dataclass(slots=True)
class Tally:
    """A difference while it is being found."""

    rows: int = 0
    unchanged: int = 0
    changed: list[Changed] = field(default_factory=list)
    added: list[Added] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)
    seen: dict[int, int] = field(default_factory=dict)  # id to its line
    twice: set[int] = field(default_factory=set)
    lost: int = 0  # rows whose id a program took for a number
    unread: bool = False  # a row could not be read at all

    def met(self, row: Row, meeting_id: int) -> bool:
        """Note a row's id; false where another row had it before. Then both are refused."""
        if meeting_id not in self.seen:
            self.seen[meeting_id] = row.line
            return True
        if meeting_id not in self.twice:
            self.refused.append(Refused(self.seen[meeting_id], "twice", ID, id_text(meeting_id)))
        self.twice.add(meeting_id)
        self.refused.append(Refused(row.line, "twice", ID, id_text(meeting_id)))
        return False

    def finish(self, gone: Collection[Gone], ignored: tuple[str, ...]) -> Difference:
        """All of it, in the order of the file."""
        once = [one for one in self.changed if one.meeting.id not in self.twice]
        return Difference(
            self.rows,
            self.unchanged,
            tuple(one for one in once if not one.outdated),
            tuple(one for one in once if one.outdated),
            tuple(self.added),
            tuple(gone),
            tuple(sorted(self.refused, key=lambda one: one.line)),
            ignored,
            self.unread,
        )


@dataclass(frozen=True, slots=True)
class Applied:
    """What came of a yes. `faults`: meetings that could not stand as the file has them; they are as they were."""

    changed: int = 0
    added: int = 0
    ended: int = 0
    proposed: int = 0  # wait for a second person
    faults: tuple[BadField, ...] = ()
