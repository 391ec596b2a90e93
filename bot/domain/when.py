"""Wall times, zones and instants: when a weekly meeting starts next, and what a stated time means.

A meeting stores weekday, local minute and zone; instants are computed, never kept. In the hour that a
clock change skips a meeting moves later by the gap; in the hour that comes twice it is the first.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from enum import IntEnum

GRACE = timedelta(minutes=15)  # a meeting that began this recently is still "now"
NOW_AHEAD = timedelta(hours=2)
DEFAULT_AHEAD = timedelta(days=7)
NIGHT_ENDS = time(4)  # until then "tonight" and "today" mean the night that is going on


class Day(IntEnum):
    """Which day a person asked for. Numbers are packed into buttons: never change one."""

    ANY = 0
    MONDAY = 1
    TUESDAY = 2
    WEDNESDAY = 3
    THURSDAY = 4
    FRIDAY = 5
    SATURDAY = 6
    SUNDAY = 7
    NOW = 8
    TODAY = 9
    TONIGHT = 10
    TOMORROW = 11
    WEEKEND = 12


@dataclass(frozen=True, slots=True)
class When:
    """A stated time that keeps its meaning when a button is pressed later.

    `start` and `end` are minutes of the local day in steps of 15; an end at or before the start is on the
    next day. Both None: the whole day.
    """

    day: Day = Day.ANY
    start: int | None = None
    end: int | None = None


ANY_TIME = When()
NOW = When(Day.NOW)


@dataclass(frozen=True, slots=True)
class Window:
    """Two aware instants: meetings that start at or after `start` and before `end`."""

    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One meeting of a weekly series: its local date, which names it, and its instant (UTC)."""

    day: date
    start: datetime


def local_instant(day: date, minute: int, zone: tzinfo) -> datetime:
    """The instant (UTC) of a local wall time, `fold=0`; a skipped time moves later by the gap."""
    wall = datetime.combine(day, time(minute // 60, minute % 60), tzinfo=zone)
    return wall.astimezone(UTC)


def next_start(weekday: int, minute: int, zone: tzinfo, after: datetime) -> datetime:
    """The first start at or after `after` of a weekly meeting (ISO weekday, local minute), in UTC."""
    today = after.astimezone(zone).date()
    day = today + timedelta(days=(weekday - today.isoweekday()) % 7 - 7)
    while True:
        instant = local_instant(day, minute, zone)
        if instant >= after:
            return instant
        day += timedelta(days=7)


def window(when: When, now: datetime, zone: tzinfo) -> Window:
    """The instants that a stated time means at `now`, for a person whose clock shows `zone`."""
    if when.day == Day.NOW:
        return Window(now - GRACE, now + NOW_AHEAD)
    if when == ANY_TIME:
        return Window(now - GRACE, now + DEFAULT_AHEAD)
    first, days = _days(when.day, now.astimezone(zone))
    start, end = _span(when, first, days, zone)
    if end <= now - GRACE and when.day in _WEEKLY:
        start, end = _span(when, first + timedelta(days=7), days, zone)
    elif end <= now - GRACE and when.day == Day.ANY:
        start, end = _span(when, first + timedelta(days=1), days, zone)
    start = max(start, now - GRACE)
    return Window(start, max(start, end))  # a time of today that is over holds nothing


_WEEKLY = frozenset({*(Day(number) for number in range(1, 8)), Day.WEEKEND})


def _days(day: Day, local: datetime) -> tuple[date, int]:
    """First date and number of days meant by a named day at a local time."""
    today = local.date()
    night_goes_on = local.time() < NIGHT_ENDS
    if day in (Day.TONIGHT, Day.TODAY, Day.ANY):
        return (today - timedelta(days=1) if day == Day.TONIGHT and night_goes_on else today), 1
    if day == Day.TOMORROW:
        return today + timedelta(days=1), 1
    if day == Day.WEEKEND:
        if today.isoweekday() == Day.SUNDAY:
            return today, 1
        return today + timedelta(days=(Day.SATURDAY - today.isoweekday()) % 7), 2
    return today + timedelta(days=(day - today.isoweekday()) % 7), 1


_EVENING = 17 * 60


def _span(when: When, first: date, days: int, zone: tzinfo) -> tuple[datetime, datetime]:
    """The instants between which the named days and times lie."""
    start, end = when.start, when.end
    if when.day == Day.TONIGHT and start is None:
        start = _EVENING
    last = first + timedelta(days=days - 1)
    opening = local_instant(first, start or 0, zone)
    if when.day == Day.TONIGHT and end is None:
        return opening, local_instant(last + timedelta(days=1), NIGHT_ENDS.hour * 60, zone)
    if end is None:
        return opening, local_instant(last + timedelta(days=1), 0, zone)
    if end <= (start or 0):
        last += timedelta(days=1)
    return opening, local_instant(last, min(end, 1439), zone)
