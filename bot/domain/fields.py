"""The fields of a meeting that people who help may set: one table, and each value as text and back.

`cell` and `read` are exact: read(field, cell(field, value)) is the value again, for every value that `read` gives.
A value is also kept as JSON: `plain` and `typed`.
"""

import zlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import Enum, StrEnum
from types import MappingProxyType
from typing import Any

from bot.domain import typed_words as words
from bot.domain.meeting import TAGS, Meeting, Status
from bot.domain.place import valid_coordinates

_SHORT, _LONG, _LINE = 80, 2000, 255
_MARK_BITS = 16


class Kind(StrEnum):
    """How the value of a field is written."""

    TEXT = "text"
    TIME = "time"
    DAY = "day"
    MINUTES = "minutes"
    YES_NO = "yes_no"
    TAGS = "tags"
    LANGUAGES = "languages"
    LINK = "link"
    PHONE = "phone"
    DEGREES = "degrees"
    ZONE = "zone"
    STATUS = "status"
    COUNTRY = "country"
    FELLOWSHIP = "fellowship"


@dataclass(frozen=True, slots=True)
class Field:
    """One field. `longest`: characters of its text; `lines`: it may have several."""

    name: str
    kind: Kind
    longest: int = _LINE
    lines: bool = False
    needed: bool = False  # it cannot be empty


class BadField(ValueError):
    """A text that is no value of a field. `reason`: its words stand under the label admin.bad.<reason>."""

    def __init__(self, field: str, reason: str, text: str = "") -> None:
        super().__init__(f"{field}: {reason}")
        self.field, self.reason, self.text = field, reason, text

    def __eq__(self, other: object) -> bool:
        return isinstance(other, BadField) and self._same() == other._same()

    def __hash__(self) -> int:
        return hash(self._same())

    def _same(self) -> tuple[str, str, str]:
        return self.field, self.reason, self.text


_TABLE = (
    Field("name", Kind.TEXT, needed=True),
    Field("fellowship", Kind.FELLOWSHIP, 40, needed=True),
    Field("weekday", Kind.DAY, _SHORT),
    Field("start", Kind.TIME, _SHORT),
    Field("duration", Kind.MINUTES, _SHORT),
    Field("zone", Kind.ZONE, 64, needed=True),
    Field("status", Kind.STATUS, _SHORT, needed=True),
    Field("check_date", Kind.YES_NO, _SHORT, needed=True),
    Field("in_person", Kind.YES_NO, _SHORT, needed=True),
    Field("online", Kind.YES_NO, _SHORT, needed=True),
    Field("venue", Kind.TEXT),
    Field("address", Kind.TEXT),
    Field("city", Kind.TEXT),
    Field("region", Kind.TEXT),
    Field("postal_code", Kind.TEXT, 20),
    Field("country", Kind.COUNTRY, _SHORT),
    Field("latitude", Kind.DEGREES, _SHORT),
    Field("longitude", Kind.DEGREES, _SHORT),
    Field("approximate", Kind.YES_NO, _SHORT, needed=True),
    Field("directions", Kind.TEXT, _LONG, lines=True),
    Field("notes", Kind.TEXT, _LONG, lines=True),
    Field("group", Kind.TEXT),
    Field("tags", Kind.TAGS, _LONG),
    Field("languages", Kind.LANGUAGES, _LINE),
    Field("join_url", Kind.LINK, 1000),
    Field("join_notes", Kind.TEXT, _LONG, lines=True),
    Field("join_id", Kind.TEXT),
    Field("passcode", Kind.TEXT),
    Field("dial_in", Kind.PHONE, _LINE),
    Field("dial_in_notes", Kind.TEXT, _LONG, lines=True),
    Field("url", Kind.LINK, 1000),
    Field("contact", Kind.TEXT),
)
FIELDS: Mapping[str, Field] = MappingProxyType({one.name: one for one in _TABLE})
"""The fields by name, in the order of a form."""


def read(field: str, text: str) -> Any:
    """The value that a person typed, or that stands in a cell; empty: None, "" or nothing at all. Raises BadField."""
    about = FIELDS[field]
    given = words.clean(text, lines=about.lines)
    if len(given) > about.longest:
        raise BadField(field, "too_long", given[:_SHORT])
    if not given:
        if about.needed:
            raise BadField(field, "empty")
        return _EMPTY.get(about.kind, "")
    try:
        value = _READ[about.kind](given)
    except words.NotUnderstood as error:
        raise BadField(field, error.reason, error.text or given[:_SHORT]) from None
    if about.kind is Kind.DEGREES and abs(value) > (90 if field == "latitude" else 180):
        raise BadField(field, "degrees", given)
    return value


def cell(field: str, value: Any) -> str:
    """The value as text: times as "19:30", lengths in minutes, days by their English name, tags by their ids."""
    return "" if value is None else _CELL.get(FIELDS[field].kind, str)(value)


def checked(field: str, value: Any) -> Any:
    """The value, if `read` could have given it. Raises BadField."""
    if field not in FIELDS:
        raise BadField(field, "unknown")
    try:
        text = cell(field, value)
    except (TypeError, ValueError, KeyError, AttributeError):
        raise BadField(field, FIELDS[field].kind.value, str(value)[:_SHORT]) from None
    return read(field, text)


def faults(meeting: Meeting) -> tuple[BadField, ...]:
    """What is wrong with the whole: a day needs an hour, a room an address, a call a way to join it."""
    found = []
    timed = meeting.weekday is not None, meeting.start is not None
    if not all(timed) and (any(timed) or meeting.status in (Status.ACTIVE, Status.ONLINE_FOR_NOW)):
        found.append(BadField("start" if timed[0] else "weekday", "day_and_time"))
    if not (meeting.in_person or meeting.online):
        found.append(BadField("in_person", "nowhere"))
    if meeting.in_person and not (meeting.address or meeting.venue or meeting.city or meeting.latitude is not None):
        found.append(BadField("address", "no_place"))
    ways = (meeting.join_url, meeting.join_notes, meeting.join_id, meeting.dial_in, meeting.url, meeting.contact)
    if meeting.online and not any((*ways, meeting.dial_in_notes)):
        found.append(BadField("join_url", "no_way"))
    point = meeting.latitude, meeting.longitude
    if point != (None, None) and (None in point or not valid_coordinates(*point)):  # type: ignore[arg-type]
        found.append(BadField("longitude" if point[1] is None else "latitude", "point"))
    return tuple(found)


def plain(value: Any) -> Any:
    """A value as JSON knows it; sets are sorted."""
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, (frozenset, set)):
        return sorted(value)
    return list(value) if isinstance(value, tuple) else value


def typed(field: str, value: Any) -> Any:
    """The reverse of `plain`. Tags of another version are left out."""
    kind = FIELDS[field].kind if field in FIELDS else None
    if kind is Kind.TAGS:
        return frozenset(one for one in value if one in TAGS)
    if kind is Kind.LANGUAGES:
        return tuple(value)
    if kind is Kind.DEGREES and value is not None:
        return float(value)
    return Status(value) if kind is Kind.STATUS else value


def mark(meetings: Iterable[Meeting]) -> int:
    """16 bits that tell whether meetings are as they were looked at; their order does not matter. Never 0."""
    ordered = sorted(meetings, key=lambda one: one.id)
    told = [(one.id, *(plain(getattr(one, name)) for name in FIELDS)) for one in ordered]
    return zlib.crc32(repr(told).encode(errors="replace")) % ((1 << _MARK_BITS) - 1) + 1


_READ: Mapping[Kind, Callable[[str], Any]] = MappingProxyType(
    {
        Kind.TEXT: str,
        Kind.TIME: words.minute_of_day,
        Kind.DAY: words.weekday,
        Kind.MINUTES: words.minutes,
        Kind.YES_NO: words.yes_or_no,
        Kind.TAGS: words.tags,
        Kind.LANGUAGES: words.languages,
        Kind.LINK: words.link,
        Kind.PHONE: words.phone,
        Kind.DEGREES: words.degrees,
        Kind.ZONE: words.zone,
        Kind.STATUS: words.status,
        Kind.COUNTRY: words.country,
        Kind.FELLOWSHIP: words.identifier,
    }
)
_CELL: Mapping[Kind, Callable[[Any], str]] = MappingProxyType(
    {
        Kind.TIME: lambda value: f"{value // 60:02d}:{value % 60:02d}",
        Kind.DAY: words.day_name,
        Kind.YES_NO: lambda value: "yes" if value else "no",
        Kind.TAGS: lambda value: ", ".join(sorted(value, key=TAGS.__getitem__)),
        Kind.LANGUAGES: ", ".join,
        Kind.DEGREES: lambda value: repr(float(value)),
        Kind.STATUS: lambda value: Status(value).value,
    }
)
_NOTHING = (Kind.TIME, Kind.DAY, Kind.MINUTES, Kind.DEGREES)
_EMPTY: Mapping[Kind, Any] = MappingProxyType(
    {Kind.TAGS: frozenset(), Kind.LANGUAGES: (), **dict.fromkeys(_NOTHING, None)}
)
