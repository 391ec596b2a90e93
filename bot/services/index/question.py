"""A search with all that its answer depends on, and the answer: ids in the order people see them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from bot.domain.fellowship import Tradition
from bot.domain.search import Order, Search
from bot.domain.turns import BOTH
from bot.domain.when import Window


@dataclass(frozen=True, slots=True)
class Question:
    """A search, its window, and the kinds that fit it."""

    search: Search
    window: Window
    later: Window  # where the next online meeting may come from when the window has none
    kinds: frozenset[str]  # that fit
    order: tuple[str, ...]  # the same, shuffled by the search's seed
    traditions: Mapping[str, Tradition]
    gone: frozenset[int] = frozenset()  # ids that the store no longer has

    @property
    def wants_both(self) -> bool:
        """Whether page one must hold both traditions: not where a kind, a room or another order was asked for."""
        search = self.search
        if search.order != Order.TURNS or search.fellowships or search.online is False:
            return False
        return {self.traditions[kind] for kind in self.kinds}.issuperset(BOTH)


class Picked(NamedTuple):
    """A meeting of the answer: its next start is the first one in the window."""

    id: int
    window: Window
    instead: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """One page, with the fields of `domain.found.Found` in ids. `unknown`: kinds that fit and have none here."""

    rows: tuple[Picked, ...] = ()
    total: int = 0
    more: bool = False
    kinds: tuple[str, ...] = ()
    next_kinds: tuple[str, ...] = ()
    online_kinds: tuple[str, ...] = ()
    online_next: Picked | None = None
    unknown: tuple[str, ...] = ()
    wider: tuple[int, int] | None = None
    nearest: Picked | None = None
