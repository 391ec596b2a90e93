"""Rows of several feeds that are one meeting: which one is listed, and which feeds list it."""

from array import array
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from bot.services.index.columns import Ints, Longs


@dataclass(frozen=True, slots=True)
class Together:
    """Clusters side by side in arrays: a tenth of what a dict of tuples takes."""

    members: Longs  # ids, cluster after cluster, the one that is listed first
    feeds: Ints  # of each member: its place in `names`
    names: tuple[str, ...]
    begins: Longs  # of each cluster, and one more at the end
    order: Longs  # that sorts the members

    @property
    def hidden(self) -> Longs:
        """The ids that stand in no list, because another of their cluster does."""
        later = np.ones(len(self.members), dtype=np.bool_)
        later[self.begins[:-1]] = False
        return self.members[later]

    def ids(self, identity: int) -> tuple[int, ...]:
        """Every id of a meeting, the listed one first; of one that only one feed lists, itself."""
        found = self._run(identity)
        return (identity,) if found is None else tuple(self.members[found].tolist())

    def sources(self, identity: int, own: str) -> tuple[str, ...]:
        """The feeds that list a meeting, sorted; `own`: the feed of the row itself."""
        found = self._run(identity)
        return (own,) if found is None else tuple(sorted(self.names[feed] for feed in self.feeds[found].tolist()))

    def _run(self, identity: int) -> slice | None:
        if not len(self.members):
            return None
        at = int(self.members.searchsorted(identity, sorter=self.order))
        if at == len(self.members) or self.members[self.order[at]] != identity:
            return None
        cluster = int(self.begins.searchsorted(self.order[at], side="right")) - 1
        return slice(int(self.begins[cluster]), int(self.begins[cluster + 1]))


class Gathering:
    """Takes up clusters one by one, each as (id, feed) with the one to list first."""

    def __init__(self) -> None:
        self._names: dict[str, int] = {}
        self._members, self._feeds, self._begins = array("q"), array("i"), array("q", (0,))

    def add(self, clusters: Iterable[Iterable[tuple[int, str]]]) -> None:
        """Take up some; no id may come twice."""
        for cluster in clusters:
            for identity, feed in cluster:
                self._members.append(identity)
                self._feeds.append(self._names.setdefault(feed, len(self._names)))
            self._begins.append(len(self._members))

    def together(self) -> Together:
        """All of them."""
        members, feeds = np.array(self._members, dtype=np.int64), np.array(self._feeds, dtype=np.int32)
        begins = np.array(self._begins, dtype=np.int64)
        return Together(members, feeds, tuple(self._names), begins, np.argsort(members, kind="stable"))
