"""Days on which a weekly meeting is not as every week: closed from one day to another, or held once elsewhen.

Days are local to the meeting, instants are computed by the rule of `domain.when`. What is closed stays closed,
also for a meeting that was moved there. On one date there is one meeting: the moved one, where there is one.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from typing import Any

from bot.domain.when import Occurrence, local_instant

Days = tuple["DatedException", ...]
"""The exceptions of one meeting."""

KIND = "exception"  # what the audit calls them
LONGEST_NOTE = 80  # characters
FARTHEST = timedelta(days=730)  # how far ahead a first day may lie
MOVED_WITHIN = timedelta(days=31)  # of its own day
_WEEK = timedelta(days=7)
_MOST_WEEKS = 600
_WAY_IN = re.compile(r"://|www\.|@|\d(?:[ ().+-]*\d){5}", re.IGNORECASE)  # a link, an address, a number to call


@dataclass(frozen=True, slots=True)
class DatedException:
    """Closed from `first_day` to `last_day` (both included; None: until further notice), or moved once.

    Of one moved once `first_day` is the day that it is not held on, and `last_day` is the same.
    """

    first_day: date
    last_day: date | None
    moved_to: date | None = None
    start: int | None = None  # local minute of the moved one; None: as always
    note: str = ""  # a few words for everybody, such as "The church is shut"

    def covers(self, day: date) -> bool:
        """Whether the weekly meeting of that day is not held because of it."""
        return self.first_day <= day and (self.last_day is None or day <= self.last_day)

    @property
    def ends(self) -> date | None:
        """The last day that it says anything about; None: none."""
        return None if self.last_day is None else max(self.last_day, self.moved_to or self.last_day)

    def is_over(self, today: date) -> bool:
        """Whether it says nothing any more on that day or later."""
        return self.ends is not None and self.ends < today


def closed(first_day: date, last_day: date | None, note: str = "") -> DatedException:
    """Not held from one day to another, both included; no last day: until further notice."""
    return DatedException(first_day, last_day, note=note)


def moved_once(day: date, to: date, start: int | None = None, note: str = "") -> DatedException:
    """Held once on another day, or at another local minute, instead of on `day`."""
    return DatedException(day, day, to, start, note)


@dataclass(frozen=True, slots=True)
class Done:
    """What came of a deed: ids for which something is different now, and those for which nothing is.

    `changes`: the numbers by which it can be taken back.
    """

    changed: tuple[int, ...] = ()
    unchanged: tuple[int, ...] = ()
    changes: tuple[int, ...] = ()


class BadDays(ValueError):
    """Days that make no sense for a meeting; `reason` is a word under the label `admin.days.bad`."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def merged(every: Iterable[Days]) -> Days:
    """All exceptions of several rows that are one meeting, the first day first."""
    return tuple(sorted({one for some in every for one in some}, key=lambda one: (one.first_day, repr(one))))


def is_closed(days: Collection[DatedException], day: date) -> bool:
    """Whether nothing is held on a date because it is closed."""
    return any(one.moved_to is None and one.covers(day) for one in days)


def is_held(days: Collection[DatedException], day: date) -> bool:
    """Whether the weekly meeting of a date is held then, at its own hour."""
    return not any(one.covers(day) or one.moved_to == day for one in days)


def next_held(
    weekday: int,
    minute: int,
    zone: tzinfo,
    days: Collection[DatedException],
    after: datetime,
    without: Collection[date | None] = (),
) -> Occurrence | None:
    """The first occurrence of a weekly meeting that starts at or after `after`, with its exceptions.

    ISO weekday, local minute, `after` aware. `without`: local dates to leave out. None: none before further notice.
    """
    coming = [one for one in _moved(minute, zone, days) if one.start >= after and one.day not in without]
    regular = next((one for one in _regular(weekday, minute, zone, days, after) if one.day not in without), None)
    return min((*coming, *([regular] if regular else [])), key=lambda one: one.start, default=None)


def held_between(
    weekday: int, minute: int, zone: tzinfo, days: Collection[DatedException], first: datetime, last: datetime
) -> list[Occurrence]:
    """All that start at or after `first` and before `last`, the soonest first."""
    found = [one for one in _moved(minute, zone, days) if first <= one.start < last]
    for one in _regular(weekday, minute, zone, days, first):
        if one.start >= last:
            break
        found.append(one)
    return sorted(found, key=lambda one: one.start)


def _moved(minute: int, zone: tzinfo, days: Collection[DatedException]) -> list[Occurrence]:
    """Those held once on another day or at another hour; of two on one date the earlier."""
    found: dict[date, Occurrence] = {}
    for one in days:
        if one.moved_to is None or is_closed(days, one.moved_to):
            continue
        start = local_instant(one.moved_to, minute if one.start is None else one.start, zone)
        before = found.get(one.moved_to)
        if before is None or start < before.start:
            found[one.moved_to] = Occurrence(one.moved_to, start)
    return list(found.values())


def _regular(
    weekday: int, minute: int, zone: tzinfo, days: Collection[DatedException], after: datetime
) -> Iterator[Occurrence]:
    """The weekly ones that are held, from an instant on."""
    today = after.astimezone(zone).date()
    day: date | None = today + timedelta(days=(weekday - today.isoweekday()) % 7) - _WEEK
    for _ in range(_MOST_WEEKS):
        if day is None:
            return
        if is_held(days, day):
            start = local_instant(day, minute, zone)
            if start >= after:
                yield Occurrence(day, start)
            day += _WEEK
        else:
            day = _past(days, day)


def _past(days: Collection[DatedException], day: date) -> date | None:
    """The same weekday after what closes a day; None: it is closed until further notice."""
    longest = max((one.last_day or date.max for one in days if one.covers(day)), default=day)
    if longest == date.max:
        return None
    return day + _WEEK * ((longest - day).days // 7 + 1)


def checked(one: DatedException, weekday: int | None, today: date, others: Collection[DatedException]) -> None:
    """Raise BadDays where an exception makes no sense for a meeting of that ISO weekday.

    `today`: local to the meeting. `others`: its other exceptions. Reasons: order, past, far, no_meeting, closed,
    taken, same, hour, note_long, note_way_in; a service adds guarded and many.
    """
    _check_note(one.note)
    if one.last_day is not None and one.last_day < one.first_day:
        raise BadDays("order")
    if one.is_over(today):
        raise BadDays("past")
    if one.first_day > today + FARTHEST or (one.last_day is not None and one.last_day > one.first_day + FARTHEST):
        raise BadDays("far")
    if weekday is None or not _meets(one, weekday):
        raise BadDays("no_meeting")
    if one.start is not None and not 0 <= one.start < 1440:
        raise BadDays("hour")
    if one.moved_to is not None:
        _check_move(one, one.moved_to, weekday, today, others)


def _check_note(note: str) -> None:
    if len(note) > LONGEST_NOTE:
        raise BadDays("note_long")
    if _WAY_IN.search(note):
        raise BadDays("note_way_in")


def _meets(one: DatedException, weekday: int) -> bool:
    """Whether a weekly meeting falls into its days."""
    first = one.first_day + timedelta(days=(weekday - one.first_day.isoweekday()) % 7)
    return one.covers(first)


def _check_move(one: DatedException, to: date, weekday: int, today: date, others: Collection[DatedException]) -> None:
    if to < today:
        raise BadDays("past")
    if abs(to - one.first_day) > MOVED_WITHIN:
        raise BadDays("far")
    if to == one.first_day and one.start is None:
        raise BadDays("same")
    if is_closed(others, to):
        raise BadDays("closed")
    moved_there = any(other.moved_to == to for other in others)
    if moved_there or (to != one.first_day and to.isoweekday() == weekday and is_held(others, to)):
        raise BadDays("taken")


def as_json(one: DatedException) -> dict[str, Any]:
    """All but the first day, as the audit keeps it."""
    return {
        "last_day": one.last_day.isoformat() if one.last_day else None,
        "moved_to": one.moved_to.isoformat() if one.moved_to else None,
        "start": one.start,
        "note": one.note,
    }


def of_json(first_day: date, value: Mapping[str, Any]) -> DatedException:
    """The reverse of as_json."""
    last, moved = value["last_day"], value["moved_to"]
    return DatedException(
        first_day,
        date.fromisoformat(last) if last else None,
        date.fromisoformat(moved) if moved else None,
        value["start"],
        value["note"],
    )
