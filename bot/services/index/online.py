"""Meetings that one joins from anywhere, soonest first within each kind."""

from bisect import bisect_left
from collections.abc import Sequence

import numpy as np

from bot.services.index.ask import Ask
from bot.services.index.columns import RANK_BITS, Columns, Ints, Longs, Mask, Profiles, Shorts, runs
from bot.services.index.listing import Listing, Rows, smallest
from bot.services.index.odd import Odd
from bot.services.index.zones import WEEK, Span, ZoneTable

RANKS = (1 << RANK_BITS) - 1
_KIND_BITS = 14  # room for a minute of the week below the number of the kind


class OnlineIndex:
    """Rows in the order (kind, minute of the week in UTC, id), so that a kind's next ones stand side by side.

    The odd ones stand behind them.
    """

    def __init__(self, rows: Columns, profiles: Profiles, kinds: int, zones: ZoneTable, odd: Odd) -> None:
        """`rows`: those that one can join online, in any order."""
        week = zones.week_minutes(rows.wall, rows.zone)
        kind = profiles.kind[rows.profile].astype(np.int32)
        order = np.lexsort((rows.rank, week, kind))
        self.odd, self.odd_kind = odd, profiles.kind[odd.rows.profile]
        self.rows = rows.take(order).and_then(odd.rows)
        self.week: Shorts = np.append(week[order], zones.week_minutes(odd.rows.wall, odd.rows.zone))
        self.places: Ints = ((kind << _KIND_BITS) + week)[order]
        self.bases: Ints = np.arange(kinds, dtype=np.int32) << _KIND_BITS
        self.starts: Longs = np.searchsorted(self.places, self.bases)
        self.ends: Longs = np.append(self.starts[1:], len(order))
        self.sizes: Longs = self.ends - self.starts
        self.known: Mask = (self.sizes + np.bincount(self.odd_kind, minlength=kinds)) > 0

    @property
    def alike(self) -> Columns:
        """All rows but the odd ones."""
        return self.rows.upto(len(self.places))

    def listing(self, ask: Ask, kinds: Mask | None = None) -> "Next | Waiting":
        """What starts in the span, counted per slot; only of some of the asked kinds, if so wished."""
        wanted = ask.kinds if kinds is None else ask.kinds & kinds
        if not ask.plain or ask.span.change is not None:
            return Waiting(self, ask, wanted)
        return NextOfAll(self, ask, wanted) if len(self.odd) else Next(self, ask, wanted)

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
        found = self._soonest(kinds & self.there)
        return None if found is None else found & RANKS

    def _soonest(self, kinds: Mask) -> int | None:
        """Its wait and rank in one number. Each of these kinds has a row."""
        index, which = self._index, kinds.nonzero()[0]
        if not len(which):
            return None
        first = self._next(index.bases[which])
        first = np.where(first < index.ends[which], first, index.starts[which])
        wait = (index.week[first].astype(np.int64) - self._now) % WEEK
        return int(((wait << RANK_BITS) + index.rows.rank[first]).min())


class NextOfAll(Next):
    """The same with odd rows among them: each has its place between the others."""

    def __init__(self, index: OnlineIndex, ask: Ask, kinds: Mask) -> None:
        super().__init__(index, ask, kinds)
        self._alike: Mask = self.said > 0
        waits = index.odd.waits(ask.span).astype(np.int64)
        self._inside: Mask = (waits < ask.span.length) & kinds[index.odd_kind]
        self._keys = (waits << RANK_BITS) + index.odd.rows.rank
        self.counts[: len(kinds)] += np.bincount(index.odd_kind[self._inside], minlength=len(kinds))

    def pick(self, slot: int, places: Sequence[int]) -> list[int]:
        """The ranks at these places, odd rows counted in."""
        odd, last = np.sort(self._keys[self._inside & (self._index.odd_kind == slot)]).tolist(), max(places)
        at: list[int] = []  # the places of the odd ones, as far as anybody looks
        for number, key in enumerate(odd):
            at.append(self._before(slot, key) + number)
            if at[-1] >= last:
                break
        held = {place: odd[number] & RANKS for number, place in enumerate(at)}
        others = iter(super().pick(slot, [one - bisect_left(at, one) for one in places if one not in held]))
        return [held[place] if place in held else next(others) for place in places]

    def soonest(self, kinds: Mask) -> int | None:
        """The rank of the next start among these kinds, odd rows counted in."""
        odd = self._keys[self._inside & kinds[self._index.odd_kind]].tolist()
        alike = self._soonest(kinds & self._alike)
        first = min([*odd, *([] if alike is None else [alike])], default=None)
        return None if first is None else int(first) & RANKS

    def _before(self, kind: int, key: int) -> int:
        """How many of the kind's other rows go before an odd one."""
        index, wait, rank = self._index, key >> RANK_BITS, key & RANKS
        start, end = int(index.starts[kind]), int(index.ends[kind])
        if wait >= WEEK:
            return end - start
        week, first = (self._now + wait) % WEEK, int(self._next(index.bases[[kind]])[0])
        at, past = (int(index.places.searchsorted(index.bases[kind] + week, side)) for side in ("left", "right"))
        at += int((index.rows.rank[at:past] < rank).sum())
        return at - first if week >= self._now else at - start + end - first


class Waiting(Rows):
    """Filters, or a clock that changes: every row is asked whether it fits."""

    def __init__(self, index: OnlineIndex, ask: Ask, kinds: Mask) -> None:
        rows = runs(index.starts[kinds], index.ends[kinds])
        waits = index.odd.waits(ask.span)
        if len(waits):
            odd = kinds[index.odd_kind].nonzero()[0]
            rows, waits = np.append(rows, len(index.places) + odd), waits[odd]
        super().__init__(ask, index.rows, index.week, rows, ask.slots.take(index.rows.profile[rows]), waits)

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
