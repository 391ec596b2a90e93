"""From instants to minutes of the week: what each zone's clock shows about one moment, and when it next changes.

A meeting's start is a minute of the week in UTC while its zone keeps its offset. Around a clock change it is
worked out for each row, by the rule of `domain.when`: in the skipped hour later by the gap, in the doubled hour
the first.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from bot.domain.when import Window

Shorts = NDArray[np.int16]
Longs = NDArray[np.int64]

MINUTE = timedelta(minutes=1)
DAY = 1440
WEEK = 7 * DAY
AHEAD = timedelta(days=14)
"""How far a table looks. The widest window ends within ten days; no zone changes twice in a fortnight."""
BEHIND = timedelta(hours=1)
STALE_AFTER = 2 * DAY
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_EPOCH_IN_WEEK = 3 * DAY  # 1 January 1970 was a Thursday; weeks begin on Monday
_NEVER = np.iinfo(np.int64).max // 2
_PROBE = 360  # minutes between two looks at a zone's offset


@dataclass(frozen=True, slots=True)
class _Change:
    """A zone that changes inside, or has changed since: the row's minute of the week is not simply its own."""

    shift: Longs  # per zone: minutes to add to a row's minute of the week
    mixed: NDArray[np.bool_]  # per zone: some starts in the span have the old offset and some the new
    at: Longs  # per zone: minute since the epoch
    growth: Longs  # per zone: new offset - old offset


@dataclass(frozen=True, slots=True)
class Span:
    """A window in whole minutes: a start at or after `start` and before `start + length` (UTC, since the epoch)."""

    start: int
    length: int
    change: _Change | None  # None: every zone keeps the table's offset

    @property
    def week_minute(self) -> int:
        """The start as a minute of the week in UTC."""
        return (self.start + _EPOCH_IN_WEEK) % WEEK

    @property
    def holds_all(self) -> bool:
        """Whether every weekly start falls into the span: around a clock change a week may be longer than one."""
        return self.change is None and self.length >= WEEK

    def wait(self, rows: Longs, week_minutes: Shorts, zones: Shorts) -> Shorts:
        """Minutes from the start of the span to the next start of each of some rows of these columns."""
        wait = week_minutes[rows] - np.int16(self.week_minute)
        wait += (wait >> 15) & np.int16(WEEK)  # where negative: next week
        if self.change is not None:
            self._mend(wait, zones[rows], self.change)
        return wait

    def _mend(self, wait: Shorts, zones: Shorts, change: _Change) -> None:
        """Set right, in place, the rows of zones whose offset is not the table's all through the span."""
        odd = np.flatnonzero((change.shift != 0)[zones])
        moved = (wait[odd] + change.shift[zones[odd]]) % WEEK
        mixed = np.flatnonzero(change.mixed[zones[odd]])
        where = odd[mixed]
        zone = zones[where]
        at, growth = change.at[zone], change.growth[zone]
        before = wait[where].astype(np.int64)
        still_old = self.start + before < at + np.maximum(growth, 0)
        first_new = np.maximum(self.start, at - np.minimum(growth, 0))
        after = first_new - self.start + (moved[mixed] - (first_new - self.start)) % WEEK
        moved[mixed] = np.where(still_old, before, after)
        wait[odd] = moved


class ZoneTable:
    """Offsets in minutes of some zones from an hour before a moment until a fortnight after it."""

    def __init__(self, names: Sequence[str], now: datetime) -> None:
        """Every name must be a zone that ZoneInfo knows."""
        self.names = tuple(names)
        self.first = whole(now - BEHIND)
        self.last = self.first + AHEAD // MINUTE
        looks = [self._look(ZoneInfo(name)) for name in self.names]
        self.offset, self._at, self._growth = (
            np.array(column, dtype=np.int64) for column in (zip(*looks, strict=True) if looks else ((), (), ()))
        )
        self._next_change = int(self._at.min(initial=_NEVER))

    def covers(self, window: Window) -> bool:
        """Whether every start in the window can be told from this table."""
        return self.first <= whole(window.start) and whole(window.end) <= self.last

    def is_stale(self, now: datetime) -> bool:
        """Whether a table made now would be better: a clock has changed for good, or two days have passed."""
        first = whole(now - BEHIND)
        changed = self._at + np.abs(self._growth) <= first
        return bool(changed.any()) or not 0 <= first - self.first < STALE_AFTER

    def week_minutes(self, walls: Shorts, zones: Shorts) -> Shorts:
        """Minute of the week in UTC for local minutes of the week."""
        return ((walls - self.offset[zones]) % WEEK).astype(np.int16)

    def span(self, window: Window) -> Span:
        """The window in minutes, with the zones that change in it."""
        start, end = whole(window.start), whole(window.end)
        if end <= self._next_change:
            return Span(start, end - start, None)
        changes = self._at < end
        settled = self._at + np.abs(self._growth) <= start
        shift = np.where(changes, -self._growth, 0)
        return Span(start, end - start, _Change(shift, changes & ~settled, self._at, self._growth))

    def _look(self, zone: ZoneInfo) -> tuple[int, int, int]:
        """(offset, minute of the next change, growth of the offset at it)."""
        begin = self.first - DAY  # a change of the day before may still move a start of today
        offset = _offset(zone, begin)
        for probe in range(begin + _PROBE, self.last + _PROBE, _PROBE):
            later = _offset(zone, probe)
            if later == offset:
                continue
            at, growth = _bisect(zone, probe - _PROBE, probe, offset), later - offset
            if at + abs(growth) > self.first:
                return offset, at, growth
            offset = later
        return offset, _NEVER, 0


def whole(instant: datetime) -> int:
    """The first whole minute since the epoch at or after an instant."""
    return -((EPOCH - instant) // MINUTE)


def _offset(zone: ZoneInfo, minute: int) -> int:
    offset = (EPOCH + minute * MINUTE).astimezone(zone).utcoffset()
    assert offset is not None
    return offset // MINUTE


def _bisect(zone: ZoneInfo, low: int, high: int, offset: int) -> int:
    """The first minute in (low, high] at which the offset is no longer this one."""
    while high - low > 1:
        middle = (low + high) // 2
        if _offset(zone, middle) == offset:
            low = middle
        else:
            high = middle
    return high
