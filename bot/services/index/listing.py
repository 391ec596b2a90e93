"""What a list is made from: how many rows each kind has, and the ranks of the few that a page reaches."""

from abc import ABC, abstractmethod
from collections.abc import Sequence

import numpy as np

from bot.services.index.ask import Ask
from bot.services.index.columns import Ints, Longs, Mask, Shorts


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

    @property
    def there(self) -> Mask:
        """The kinds that have a row."""
        return (self.said + self.unsaid) > 0

    @abstractmethod
    def pick(self, slot: int, places: Sequence[int]) -> list[int]:
        """The ranks at these places (from 0, all below the slot's count) of the slot's own order."""


class Rows(Listing):
    """A listing that holds its rows, and can give each a number to sort by."""

    def __init__(self, ask: Ask, slots: Shorts, ranks: Ints) -> None:
        """`slots` and `ranks` of the rows, none of them dropped."""
        self.slots, self.ranks = slots, ranks
        self.kinds = len(ask.kinds)
        self.counts = np.bincount(slots, minlength=ask.dropped)

    def pick(self, slot: int, places: Sequence[int]) -> list[int]:
        """The ranks at these places of the slot's order."""
        rows = (self.slots == slot).nonzero()[0]
        first = rows[smallest(self.keys[rows], max(places) + 1)]
        return [int(self.ranks[first[place]]) for place in places]

    def plain(self, start: int, end: int, *, nearest: bool = False) -> list[tuple[int, int]]:
        """(slot, rank) of rows start to end - 1 of all kinds in one order; what is unsaid follows what is said."""
        found: list[tuple[int, int]] = []
        said = self.slots < self.kinds
        for tier in (said, ~said):
            rows = np.flatnonzero(tier)
            if start < len(rows) and end > 0:
                first = rows[smallest(self.plain_keys(nearest=nearest)[rows], end)][max(start, 0) :]
                found += [(int(self.slots[row]), int(self.ranks[row])) for row in first]
            start, end = start - len(rows), end - len(rows)
        return found

    @property
    @abstractmethod
    def keys(self) -> Longs:
        """Numbers, no two alike, that sort the rows of one slot."""

    @abstractmethod
    def plain_keys(self, *, nearest: bool) -> Longs:
        """Numbers, no two alike, that sort the rows of all slots: soonest first, or nearest first."""


def smallest(keys: Longs, count: int) -> Longs:
    """Where the `count` smallest keys are, in their order; all of them when there are fewer."""
    if count >= len(keys):
        return keys.argsort()
    first = keys.argpartition(count - 1)[:count]
    return first[keys[first].argsort()]
