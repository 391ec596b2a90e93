"""The index: every meeting that a search can find, in memory, as arrays of numbers. Immutable once made."""

from collections.abc import Collection, Mapping
from datetime import datetime
from types import MappingProxyType

import numpy as np

from bot.domain.exceptions import Days
from bot.domain.filters import rules
from bot.domain.when import Window
from bot.services.index.ask import Ask, slots_of
from bot.services.index.columns import Ints, Longs, Mask, Profiles, Shorts, Table
from bot.services.index.near import NearIndex
from bot.services.index.odd import by_listed, set_apart
from bot.services.index.online import OnlineIndex
from bot.services.index.together import Gathering, Together
from bot.services.index.zones import ZoneTable

_AS_EVERY_WEEK: Mapping[int, Days] = MappingProxyType({})
REMEMBERED = 64
"""For so many pairs of kinds and filters the verdicts are kept; whoever asked is not."""


class Index:
    """In-person rows by cell and online rows by kind, under the offsets that the zones have about one moment."""

    def __init__(
        self,
        ids: Longs,
        kinds: tuple[str, ...],
        profiles: Profiles,
        zones: ZoneTable,
        same: Together,
        days: Mapping[int, Days],
    ) -> None:
        """`build` makes one with rows. `days`: the exceptions of those listed meetings that have any."""
        self.ids, self.kinds, self.profiles, self.zones, self.same = ids, kinds, profiles, zones, same
        self.days = days
        self.number = {kind: number for number, kind in enumerate(kinds)}
        self._verdicts: dict[tuple[frozenset[str], frozenset[str]], tuple[Mask, Shorts]] = {}
        self.near: NearIndex
        self.online: OnlineIndex

    def covers(self, window: Window) -> bool:
        """Whether the offsets hold for a window; if not, ask `moved_to`."""
        return self.zones.covers(window)

    def is_stale(self, now: datetime) -> bool:
        """Whether `moved_to` would make searches about now lighter: a clock has changed, or days have passed."""
        return self.zones.is_stale(now)

    def moved_to(self, now: datetime) -> "Index":
        """The same rows under the offsets about another moment. Work for a thread."""
        zones = ZoneTable(self.zones.names, now)
        index = Index(self.ids, self.kinds, self.profiles, zones, self.same, self.days)
        index.near = self.near.moved(zones)
        odd = self.online.odd.moved(zones)
        index.online = OnlineIndex(self.online.alike, self.profiles, len(self.kinds), zones, odd)
        return index

    def ask(self, kinds: frozenset[str], filters: frozenset[str], window: Window, gone: Collection[int] = ()) -> Ask:
        """A question to `near` and `online`. `gone`: ids that the store no longer has."""
        mask, slots = self._verdicts.get((kinds, filters)) or self._remember(kinds, filters)
        plain = not filters and not gone
        return Ask(self.zones.span(window), mask, slots, plain, self._ranks(gone))

    def _remember(self, kinds: frozenset[str], filters: frozenset[str]) -> tuple[Mask, Shorts]:
        if len(self._verdicts) >= REMEMBERED:
            self._verdicts.clear()
        mask = np.zeros(len(self.kinds), dtype=np.bool_)
        mask[[self.number[kind] for kind in kinds]] = True
        found = self._verdicts[kinds, filters] = mask, slots_of(self.profiles, mask, rules(filters))
        return found

    def slot(self, tier: int, kind: str) -> int:
        """The number of a tier and a kind in listings."""
        return tier * len(self.kinds) + self.number[kind]

    def id_of(self, rank: int) -> int:
        """The id of a meeting from its place among all ids."""
        return int(self.ids[rank])

    def _ranks(self, ids: Collection[int]) -> Ints:
        if not ids:
            return np.empty(0, dtype=np.int32)
        return np.flatnonzero(np.isin(self.ids, np.array(sorted(ids), dtype=np.int64))).astype(np.int32)


def build(
    table: Table, now: datetime, same: Together | None = None, days: Mapping[int, Days] = _AS_EVERY_WEEK
) -> Index:
    """An index of a table, ready for searches about now. Work for a thread.

    `same`: what is listed once; `days`: exceptions by id.
    """
    same = same or Gathering().together()
    zones = ZoneTable(table.zones, now)
    listed_days = by_listed(days, same)
    table, is_odd, odd = set_apart(table.without(same.hidden), listed_days, zones, now)
    index = Index(table.ids, table.kinds, table.profiles, zones, same, listed_days)
    walks, odd_walks = ~np.isnan(table.points[:, 0]), ~np.isnan(odd.points[:, 0])
    rows = np.flatnonzero(walks & ~is_odd)
    near = odd.take(np.flatnonzero(odd_walks))
    index.near = NearIndex(table.rows.take(rows), table.points[rows], table.profiles, zones, near)
    online = table.rows.take(np.flatnonzero(table.online & ~is_odd))
    odd_online = odd.take(np.flatnonzero(odd.online))
    index.online = OnlineIndex(online, table.profiles, len(table.kinds), zones, odd_online)
    return index
