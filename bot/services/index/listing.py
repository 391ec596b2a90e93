"""What a list is made from: how many rows each kind has, and the ranks of the few that a page reaches."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bot.services.index.ask import Ask
from bot.services.index.columns import Columns, Ints, Longs, Mask, Shorts


class Listing(ABC):
    """Rows that fit. A slot is tier * kinds + kind; a rank is the place of an id among all ids."""

    counts: Longs  # rows of each slot

    @property
    def said(self) -> Longs:
        """Rows of each kind that say yes to every filter."""
        return self.counts[: len(self.counts) // 2]

    @property
    def unsaid(self) -> Longs:
        """Rows of each kind whose list does not say."""
        return self.counts[len(self.counts) // 2 :]

    @cached_property
    def there(self) -> Mask:
        """The kinds that have a row."""
        return (self.said + self.unsaid) > 0

    @abstractmethod
    def pick(self, slot: int, places: Sequence[int]) -> list[int]:
        """The ranks at these places (from 0, all below the slot's count) of the slot's own order."""


class Rows(Listing):
    """A listing that holds its rows. What sorts them is worked out for the few that a page reaches."""

    def __init__(self, ask: Ask, columns: Columns, week: Shorts, rows: Longs, slots: Shorts, odd: Shorts) -> None:
        """`rows` of some columns, `week` their minutes of the week in UTC; `slots` of the rows: taken over.

        `odd`: minutes until the last rows start, whose weeks are not alike.
        """
        self._span, self._columns, self._week, self.rows, self.slots = ask.span, columns, week, rows, slots
        self._kinds, self._dropped, self._odd = len(ask.kinds), ask.dropped, odd
        if not ask.span.holds_all:
            slots[self.wait >= ask.span.length] = ask.dropped
        elif len(odd):
            slots[-len(odd) :][odd >= ask.span.length] = ask.dropped
        if len(ask.gone):
            slots[np.isin(columns.rank[rows], ask.gone)] = ask.dropped
        self.counts = np.bincount(slots, minlength=ask.dropped + 1)[: ask.dropped]

    def pick(self, slot: int, places: Sequence[int]) -> list[int]:
        """The ranks at these places of the slot's order."""
        first = self.first((self.slots == slot).nonzero()[0], max(places) + 1)
        ranks: list[int] = self.ranks(first).tolist()
        return [ranks[place] for place in places]

    def plain(self, start: int, end: int, *, nearest: bool = False) -> list[tuple[int, int]]:
        """(slot, rank) of rows start to end - 1 of all kinds in one order; what is unsaid follows what is said."""
        found: list[tuple[int, int]] = []
        said, listed = self.slots < self._kinds, self.slots < self._dropped
        for tier in (said, listed & ~said):
            which = tier.nonzero()[0]
            if start < len(which) and end > 0:
                first = which[smallest(self.plain_keys(which, nearest=nearest), end)][max(start, 0) :]
                found += zip(self.slots[first].tolist(), self.ranks(first).tolist(), strict=True)
            start, end = start - len(which), end - len(which)
        return found

    @cached_property
    def wait(self) -> Shorts:
        """Minutes from the start of the span to the next start of each row."""
        wait = self._span.wait(self.rows, self._week, self._columns.zone)
        if len(self._odd):
            wait[-len(self._odd) :] = self._odd
        return wait

    def ranks(self, which: Longs) -> Ints:
        """The ranks of some of the rows."""
        return self._columns.rank[self.rows[which]]

    @abstractmethod
    def first(self, which: Longs, count: int) -> Longs:
        """The first `count` of all rows of a slot, in the slot's own order."""

    @abstractmethod
    def plain_keys(self, which: Longs, *, nearest: bool) -> Longs:
        """Numbers, no two alike, that sort rows of all slots: soonest first, or nearest first."""


def candidates(keys: Longs, count: int) -> Longs:
    """Where the `count` smallest keys are, and all others that equal the last of them."""
    found: Longs = (keys <= nth(keys, min(count, len(keys)) - 1)).nonzero()[0]
    return found


def nth(values: NDArray[Any], place: int) -> Any:
    """The value at this place of all values in order; there must be so many."""
    if place == 0:
        return values[values.argmin()]
    values = values.copy()
    values.partition(place)
    return values[place]


def smallest(keys: Longs, count: int) -> Longs:
    """Where the `count` smallest keys are, in their order; all of them when there are fewer."""
    if count >= len(keys):
        return keys.argsort()
    first = keys.argpartition(count - 1)[:count]
    return first[keys[first].argsort()]
