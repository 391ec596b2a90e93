"""Meetings whose weeks are not alike: closed on some days, or held once elsewhen (see `domain.exceptions`).

They are few. They stand behind all other rows of an index, and each start of theirs is worked out beforehand, for
the time that the index looks at: a search only compares numbers.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

import numpy as np

from bot.domain.exceptions import Days, held_between, merged, next_held
from bot.domain.meeting import MINUTES_A_DAY
from bot.services.index.columns import Columns, Floats, Longs, Mask, Shorts, Table
from bot.services.index.together import Together
from bot.services.index.zones import BEHIND, EPOCH, MINUTE, Span, ZoneTable, whole

_NEVER = np.iinfo(np.int64).max // 2
_NONE: Shorts = np.empty(0, dtype=np.int16)
_TOO_FAR = np.iinfo(np.int16).max  # longer than any span


@dataclass(frozen=True, slots=True)
class Odd:
    """Such rows. `starts`: (rows, most) minutes since the epoch, ascending, with `_NEVER` after the last."""

    rows: Columns
    points: Floats
    online: Mask
    days: tuple[Days, ...]
    starts: Longs

    def __len__(self) -> int:
        return len(self.days)

    def take(self, which: Longs) -> "Odd":
        """These of them, in this order."""
        days = tuple(self.days[at] for at in which.tolist())
        return Odd(self.rows.take(which), self.points[which], self.online[which], days, self.starts[which])

    def moved(self, zones: ZoneTable) -> "Odd":
        """The same for the time of other offsets."""
        return replace(self, starts=_starts(self.rows, self.days, zones)) if self.days else self

    def waits(self, span: Span) -> Shorts:
        """Minutes from the start of the span to the next start of each; more than the span where there is none."""
        if not self.days:
            return _NONE
        ahead = np.where(self.starts >= span.start, self.starts - span.start, _NEVER)
        waits: Shorts = np.minimum(ahead.min(axis=1, initial=_NEVER), _TOO_FAR).astype(np.int16)
        return waits


def set_apart(table: Table, days: Mapping[int, Days], zones: ZoneTable, now: datetime) -> tuple[Table, Mask, Odd]:
    """The table without what is suspended until further notice; which of its rows are odd; and these."""
    known = {identity: some for identity, some in days.items() if some}
    wanted = np.array(sorted(known), dtype=np.int64)
    rows = np.flatnonzero(np.isin(table.ids, wanted)) if known else np.empty(0, dtype=np.int64)
    ended = [row for row in rows.tolist() if _is_over(table, row, known, zones, now)]
    if ended:
        table = table.without(table.ids[ended])
        rows = np.flatnonzero(np.isin(table.ids, wanted))
    odd = np.zeros(len(table.ids), dtype=np.bool_)
    odd[rows] = True
    columns, own = table.rows.take(rows), tuple(known[identity] for identity in table.ids[rows].tolist())
    return table, odd, Odd(columns, table.points[rows], table.online[rows], own, _starts(columns, own, zones))


def by_listed(days: Mapping[int, Days], same: Together) -> dict[int, Days]:
    """Exceptions by the id under which a meeting is listed: what one list's row has, all of its rows have."""
    found: dict[int, list[Days]] = {}
    for identity, some in days.items():
        found.setdefault(same.ids(identity)[0], []).append(some)
    return {identity: merged(some) for identity, some in found.items()}


def _is_over(table: Table, row: int, days: Mapping[int, Days], zones: ZoneTable, now: datetime) -> bool:
    weekday, minute = _weekly(int(table.rows.wall[row]))
    zone = ZoneInfo(zones.names[int(table.rows.zone[row])])
    return next_held(weekday, minute, zone, days[int(table.ids[row])], now - BEHIND) is None


def _starts(rows: Columns, days: Sequence[Days], zones: ZoneTable) -> Longs:
    first, last = (EPOCH + minute * MINUTE for minute in (zones.first, zones.last + 1))
    every = [
        [whole(one.start) for one in held_between(*_weekly(wall), ZoneInfo(zones.names[zone]), some, first, last)]
        for wall, zone, some in zip(rows.wall.tolist(), rows.zone.tolist(), days, strict=True)
    ]
    most = max(map(len, every), default=0)
    starts = np.full((len(every), most), _NEVER, dtype=np.int64)
    for row, minutes in enumerate(every):
        starts[row, : len(minutes)] = minutes
    return starts


def _weekly(wall: int) -> tuple[int, int]:
    """ISO weekday and minute of the day."""
    day, minute = divmod(wall, MINUTES_A_DAY)
    return day + 1, minute
