"""Meetings that one joins from anywhere, soonest first within each kind."""

from collections.abc import Sequence
from functools import cached_property

import numpy as np

from bot.services.index.ask import Ask
from bot.services.index.columns import RANK_BITS, Columns, Ints, Longs, Mask, Profiles, Shorts, runs
from bot.services.index.listing import Listing, Rows
from bot.services.index.zones import WEEK, ZoneTable

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
        self.known: Mask = self.ends > self.starts

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
        self._first = index.places.searchsorted(index.bases + self._now)
        here = self._within(ask.span.length) * kinds
        self.counts: Longs = np.concatenate((here, np.zeros_like(here)))

    def _within(self, length: int) -> Longs:
        """Rows of each kind that start within so many minutes."""
        index, end = self._index, self._now + length
        if length >= WEEK:
            return index.ends - index.starts
        if length <= 0:
            return np.zeros_like(index.starts)
        if end <= WEEK:
            return index.places.searchsorted(index.bases + end) - self._first
        early = index.places.searchsorted(index.bases + (end - WEEK))
        return index.ends - self._first + early - index.starts

    def pick(self, slot: int, places: Sequence[int]) -> list[int]:
        """The ranks at these places of the kind's week, which begins at the span's start."""
        index = self._index
        start, end, first = int(index.starts[slot]), int(index.ends[slot]), int(self._first[slot])
        return [int(index.rows.rank[start + (first - start + place) % (end - start)]) for place in places]

    def soonest(self, kinds: Mask) -> int | None:
        """The rank of the next start among these kinds; None when none of them has a row."""
        kinds = kinds & self.there
        index, first = self._index, self._first[kinds]
        if not len(first):
            return None
        first = np.where(first < index.ends[kinds], first, index.starts[kinds])
        wait = (index.week[first].astype(np.int64) - self._now) % WEEK
        rank = index.rows.rank[first]
        return int(rank[np.argmin((wait << RANK_BITS) + rank)])


class Waiting(Rows):
    """Filters, or a clock that changes: every row is asked how long it has to wait."""

    def __init__(self, index: OnlineIndex, ask: Ask, kinds: Mask) -> None:
        rows = runs(index.starts[kinds], index.ends[kinds])
        slots = ask.slots[index.rows.profile[rows]]
        wait = ask.span.wait(index.week[rows], index.rows.zone[rows])
        fits = (wait < ask.span.length) & (slots != ask.dropped)
        if len(ask.gone):
            fits &= ~np.isin(index.rows.rank[rows], ask.gone)
        kept = fits.nonzero()[0]
        super().__init__(ask, slots[kept], index.rows.rank[rows[kept]])
        self._wait = wait[kept]

    @cached_property
    def keys(self) -> Longs:
        """Soonest first, then by id."""
        keys: Longs = (self._wait.astype(np.int64) << RANK_BITS) + self.ranks
        return keys

    def plain_keys(self, *, nearest: bool) -> Longs:
        """Soonest first: nothing online is near or far."""
        return self.keys

    def soonest(self, kinds: Mask) -> int | None:
        """The rank of the next start among these kinds; None when none of them has a row."""
        rows = np.concatenate((kinds, kinds))[self.slots].nonzero()[0]
        return int(self.ranks[rows[self.keys[rows].argmin()]]) if len(rows) else None
