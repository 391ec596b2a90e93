"""Meetings that one joins from anywhere, soonest first within each kind."""

from collections.abc import Sequence

import numpy as np

from bot.services.index.ask import Ask
from bot.services.index.columns import RANK_BITS, Columns, Ints, Longs, Mask, Profiles, Shorts, runs
from bot.services.index.listing import Listing, Rows, smallest
from bot.services.index.zones import WEEK, Span, ZoneTable

_KIND_BITS = 14  # room for a minute of the week below the number of the kind


class OnlineIndex:
    """Rows in the order (kind, minute of the week in UTC, id), so that a kind's next ones stand side by side."""

    def __init__(self, rows: Columns, profiles: Profiles, kinds: int, zones: ZoneTable) -> None:
        """`rows`: those that one can join online, in any order."""
        week = zones.week_minutes(rows.wall, rows.zone)
        kind = profiles.kind[rows.profile].astype(np.int32)
        order = np.lexsort((rows.rank, week, kind))
        self.rows = rows.take(order)
        self.week: Shorts = week[order]
        self.places: Ints = ((kind << _KIND_BITS) + week)[order]
        self.bases: Ints = np.arange(kinds, dtype=np.int32) << _KIND_BITS
        self.starts: Longs = np.searchsorted(self.places, self.bases)
        self.ends: Longs = np.append(self.starts[1:], len(order))
        self.sizes: Longs = self.ends - self.starts
        self.known: Mask = self.sizes > 0

    def listing(self, ask: Ask, kinds: Mask | None = None) -> "Next | Waiting":
        """What starts in the span, counted per slot; only of some of the asked kinds, if so wished."""
        wanted = ask.kinds if kinds is None else ask.kinds & kinds
        return Next(self, ask, wanted) if ask.plain and ask.span.change is None else Waiting(self, ask, wanted)

    def waiting(self, ask: Ask) -> "Waiting":
        """The same, with every row at hand."""
        return Waiting(self, ask, ask.kinds)


class Next(Listing):
    """Nothing but the kind decides: two bisections tell how many rows a kind has and which is its next."""

    def __init__(self, index: OnlineIndex, ask: Ask, kinds: Mask) -> None:
        self._index, self._now = index, ask.span.week_minute
        self.counts: Longs = np.zeros(ask.dropped, dtype=np.int64)
        self.counts[: len(kinds)] = self._within(ask.span) * kinds

    def _within(self, span: Span) -> Longs:
        """Rows of each kind that start within the span."""
        index, end = self._index, self._now + span.length
        if span.holds_all:
            return index.sizes
        if span.length <= 0:
            return np.zeros_like(index.starts)
        first = self._next(index.bases)
        if end <= WEEK:
            return index.places.searchsorted(index.bases + end) - first
        early = index.places.searchsorted(index.bases + (end - WEEK))
        return index.ends - first + early - index.starts

    def _next(self, bases: Ints) -> Longs:
        """The next row of each kind with one of these bases, or the end of the kind."""
        return self._index.places.searchsorted(bases + self._now)

    def pick(self, slot: int, places: Sequence[int]) -> list[int]:
        """The ranks at these places of the kind's week, which begins at the span's start."""
        index = self._index
        start, end, first = int(index.starts[slot]), int(index.ends[slot]), int(self._next(index.bases[[slot]])[0])
        return [int(index.rows.rank[start + (first - start + place) % (end - start)]) for place in places]

    def soonest(self, kinds: Mask) -> int | None:
        """The rank of the next start among these kinds; None when none of them has a row."""
        index, which = self._index, (kinds & self.there).nonzero()[0]
        if not len(which):
            return None
        first = self._next(index.bases[which])
        first = np.where(first < index.ends[which], first, index.starts[which])
        wait = (index.week[first].astype(np.int64) - self._now) % WEEK
        rank = index.rows.rank[first]
        return int(rank[((wait << RANK_BITS) + rank).argmin()])


class Waiting(Rows):
    """Filters, or a clock that changes: every row is asked whether it fits."""

    def __init__(self, index: OnlineIndex, ask: Ask, kinds: Mask) -> None:
        rows = runs(index.starts[kinds], index.ends[kinds])
        super().__init__(ask, index.rows, index.week, rows, ask.slots.take(index.rows.profile[rows]))

    def first(self, which: Longs, count: int) -> Longs:
        """Soonest first, then by id."""
        return which[smallest(self._keys(which), count)]

    def plain_keys(self, which: Longs, *, nearest: bool) -> Longs:
        """Soonest first: nothing online is near or far."""
        return self._keys(which)

    def soonest(self, kinds: Mask) -> int | None:
        """The rank of the next start among these kinds; None when none of them has a row."""
        which = np.concatenate((kinds, kinds, (False,)))[self.slots].nonzero()[0]
        return int(self.ranks(which)[self._keys(which).argmin()]) if len(which) else None

    def _keys(self, which: Longs) -> Longs:
        keys: Longs = (self.wait[which].astype(np.int64) << RANK_BITS) + self.ranks(which)
        return keys
