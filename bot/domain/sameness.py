"""Whether two rows of two lists are one meeting.

Lists copy from each other and from the groups, with other spellings and with other things left out, so no single
key agrees. Two rows are one meeting when all of this holds, and two meetings in every case of doubt: to show one
meeting twice costs a line, to hide a meeting costs somebody an evening.

* They come from two feeds. What one feed lists as two is two.
* The same fellowship, and the same minute of the week, in winter and in summer.
* The same room (points within 200 m of each other, or the same street and number in the same postcode or town),
  or the same call (meeting number, or address of the link). Two rooms that cannot be one contradict a shared call.
* Names that one person would take for one name (`domain.alike`).
* Nothing that contradicts it: women and men, two languages.

Comparing every row with every other is out of the question. Rows that are one meeting share at least one *mark*:
the call, the street, or a spot on the ground. Marks are numbers; the first two are stored beside a row, so that
an index can propose pairs without a text in memory. Marks only propose, `likeness` decides.
"""

import hashlib
import re
from collections.abc import Iterable
from datetime import UTC, datetime
from enum import Enum
from functools import lru_cache
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from bot.domain.alike import likeness_of_names, same_street, street_of
from bot.domain.filters import room_open
from bot.domain.meeting import MINUTES_A_DAY, Meeting, Status
from bot.domain.place import distance_km, valid_coordinates
from bot.domain.words import fold

NEAR_KM = 0.2
"""So far apart two services may put one address on the map."""
_ONE_DOOR_KM = 0.05  # the same, where the lists name two streets: a house on a corner
_SAME_STREET_KM = 2
_ELSEWHERE_KM = 5
_WEEK = 7 * MINUTES_A_DAY
_SEASONS = (datetime(2026, 1, 15, 12, tzinfo=UTC), datetime(2026, 7, 15, 12, tzinfo=UTC))
_TIMED = (Status.ACTIVE, Status.ONLINE_FOR_NOW)
_ZOOM = re.compile(r"zoom\.us/(?:j|w|s|wc/join)/(\d{7,})")
_LINKED = 5  # what a shared call adds: of two rows that fit, the one with the same link is it
_EARLIEST = datetime(1, 1, 1, tzinfo=UTC)


class _Place(Enum):
    SAME = "same"
    OTHER = "other"
    UNSAID = "unsaid"


def likeness(one: Meeting, other: Meeting) -> int:
    """0 for two meetings; else a number, higher the more surely the rows are one. Symmetric."""
    if one.feed == other.feed or one.fellowship != other.fellowship or not (_timed(one) and _timed(other)):
        return 0
    if week_minutes(one) != week_minutes(other) or _contradict(one, other):
        return 0
    number, address = _calls(one, other)
    place = _places(one, other)
    if place is _Place.OTHER or not (number or address or place is _Place.SAME):
        return 0
    names = likeness_of_names(one.name, other.name, one.fellowship, loose=number)
    return names and names + (_LINKED if number or address else 0)


def clusters(likenesses: Iterable[tuple[int, Meeting, Meeting]]) -> list[tuple[Meeting, ...]]:
    """Rows that are one meeting, at most one of a feed, the one to show first; the likest are joined first."""
    groups: dict[int, list[Meeting]] = {}
    ordered = sorted(likenesses, key=lambda pair: (-pair[0], *sorted((pair[1].id, pair[2].id))))
    for likeness_of_both, one, other in ordered:
        mine, theirs = groups.setdefault(one.id, [one]), groups.setdefault(other.id, [other])
        if not likeness_of_both or {row.feed for row in mine} & {row.feed for row in theirs}:
            continue
        mine += theirs
        groups.update((row.id, mine) for row in theirs)
    joined = {id(group): group for group in groups.values() if len(group) > 1}
    return [tuple(sorted(group, key=_standing, reverse=True)) for group in joined.values()]


def week_minutes(meeting: Meeting) -> tuple[int, ...]:
    """The minute of the week in UTC in winter and in summer, for a meeting that has a day and a start."""
    assert meeting.weekday is not None
    assert meeting.start is not None
    wall = (meeting.weekday - 1) * MINUTES_A_DAY + meeting.start
    return tuple((wall - offset) % _WEEK for offset in season_offsets(meeting.zone))


@lru_cache(maxsize=1024)
def season_offsets(zone: str) -> tuple[int, ...]:
    """Minutes that a zone is ahead of UTC in January and in July; a zone nobody knows is like no other."""
    try:
        offsets = [moment.astimezone(ZoneInfo(zone)).utcoffset() for moment in _SEASONS]
    except (KeyError, ValueError, OSError):
        return (_number(zone) % _WEEK,) * 2
    return tuple(int(offset.total_seconds()) // 60 for offset in offsets if offset is not None)


def call_mark(join_id: str, join_url: str) -> int | None:
    """63 bits of the call that rows of one meeting share; None where there is none."""
    call = _call(join_id, join_url)
    return _number(call) if call else None


def street_mark(address: str) -> int | None:
    """63 bits of house number and first word of the street; None where there is none."""
    street = street_of(address) if address else None
    return _number(f"{street.number} {street.first}") if street else None


def exact_point(meeting: Meeting) -> tuple[float, float] | None:
    """Where the room is, as far as the list knows it to the house."""
    if not meeting.in_person or meeting.approximate or meeting.latitude is None or meeting.longitude is None:
        return None
    return (meeting.latitude, meeting.longitude) if _on_the_map(meeting) else None


def _number(text: str) -> int:
    return int.from_bytes(hashlib.blake2b(text.encode(errors="replace"), digest_size=8).digest(), "big") >> 1


def _timed(meeting: Meeting) -> bool:
    return meeting.weekday is not None and meeting.start is not None and meeting.status in _TIMED


def _contradict(one: Meeting, other: Meeting) -> bool:
    if one.languages and other.languages and not set(one.languages) & set(other.languages):
        return True
    people = {"women", "men"}
    mine, theirs = one.tags & people, other.tags & people
    return bool(mine and theirs and not mine & theirs)


def _call(join_id: str, join_url: str) -> str:
    """The number of a Zoom call, however it is written; else host and path of the link."""
    if join_id:
        return fold(join_id).replace(" ", "")
    if not join_url:
        return ""
    if match := _ZOOM.search(join_url):
        return match[1]
    try:
        address = urlsplit(join_url)
    except ValueError:
        return ""
    host = address.netloc.lower().removeprefix("www.")
    path = address.path.rstrip("/")
    return f"{'zoom.us' if host.endswith('.zoom.us') else host}{path}" if host and path else ""


def _calls(one: Meeting, other: Meeting) -> tuple[bool, bool]:
    """Whether both are online under one meeting number, and whether under one address without a number."""
    if not (one.online and other.online):
        return False, False
    mine, theirs = _call(one.join_id, one.join_url), _call(other.join_id, other.join_url)
    if not mine or mine != theirs:
        return False, False
    return mine.isdigit(), not mine.isdigit()


def _places(one: Meeting, other: Meeting) -> _Place:
    """Whether both are in one room of the world."""
    if not (one.in_person and other.in_person):
        return _Place.UNSAID
    if one.country and other.country and one.country != other.country:
        return _Place.OTHER
    mine, theirs = exact_point(one), exact_point(other)
    apart = distance_km(mine, theirs) if mine and theirs else None
    codes = _code(one.postal_code), _code(other.postal_code)
    same_code = bool(codes[0]) and codes[0] == codes[1]
    street = _streets(one, other, same_code)
    if street is _Place.SAME:
        return _in_one_town(one, other, apart, codes)
    if street is _Place.OTHER:
        corner = apart is not None and apart <= _ONE_DOOR_KM and (same_code or not all(codes))
        return _Place.SAME if corner and not _share_a_street(one, other) else _Place.OTHER
    if apart is None:
        return _Place.UNSAID
    if apart <= NEAR_KM:
        return _Place.SAME
    return _Place.OTHER if apart > _ELSEWHERE_KM else _Place.UNSAID


def _streets(one: Meeting, other: Meeting, same_code: bool) -> _Place:
    """Whether the address lines name one door; two only where both say a number."""
    mine = None if one.approximate else street_of(one.address)
    theirs = None if other.approximate else street_of(other.address)
    if mine is None or theirs is None:
        return _Place.UNSAID
    if same_street(mine, theirs, loose=same_code):
        return _Place.SAME
    return _Place.OTHER if mine.number and theirs.number else _Place.UNSAID


def _share_a_street(one: Meeting, other: Meeting) -> bool:
    """Whether the lines, which name two doors, name one street."""
    mine, theirs = street_of(one.address), street_of(other.address)
    return mine is not None and theirs is not None and bool(mine.words & theirs.words)


def _in_one_town(one: Meeting, other: Meeting, apart: float | None, codes: tuple[str, str]) -> _Place:
    """Whether one street and number are in one town."""
    if all(codes):
        near = apart is not None and apart <= NEAR_KM
        return _Place.SAME if codes[0] == codes[1] or near else _Place.OTHER
    if apart is not None:
        return _Place.SAME if apart <= _SAME_STREET_KM else _Place.OTHER
    towns = fold(one.city), fold(other.city)
    if not all(towns):
        return _Place.UNSAID
    return _Place.SAME if towns[0] == towns[1] and not _two_regions(one.region, other.region) else _Place.OTHER


def _two_regions(one: str, other: str) -> bool:
    mine, theirs = fold(one), fold(other)
    # "MA" and "Massachusetts" may be one region, "MA" and "ME" are two.
    return bool(mine and theirs) and mine != theirs and (len(mine) == 2) == (len(theirs) == 2)


@lru_cache(maxsize=8192)
def _code(postal_code: str) -> str:
    plain = fold(postal_code).replace(" ", "")
    return plain[:5] if plain.isdigit() and len(plain) == 9 else plain


def _standing(meeting: Meeting) -> tuple[bool, datetime, int, int, int]:
    """The row to show stands highest: one that a search near by finds, the freshest, the fullest, the lowest id."""
    room = room_open(meeting.in_person, meeting.status)
    found = not room or _on_the_map(meeting)
    return found, meeting.updated or _EARLIEST, meeting.in_person + meeting.online, _facts(meeting), -meeting.id


def _on_the_map(meeting: Meeting) -> bool:
    if meeting.latitude is None or meeting.longitude is None:
        return False
    return valid_coordinates(meeting.latitude, meeting.longitude)


def _facts(meeting: Meeting) -> int:
    """How much a row says."""
    texts = (
        *(meeting.venue, meeting.address, meeting.city, meeting.postal_code, meeting.directions, meeting.notes),
        *(meeting.join_url, meeting.join_id, meeting.passcode, meeting.dial_in, meeting.url, meeting.contact),
    )
    known = sum(map(bool, (*texts, meeting.duration and not meeting.duration_assumed, exact_point(meeting))))
    return known + len(meeting.tags) + len(meeting.languages)
