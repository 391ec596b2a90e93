"""The rows of an index as columns of numbers, and the few facts that tell rows apart when a search filters."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from bot.domain.fellowship import Fellowship
from bot.domain.filters import fact_bits, joins_online, language_bits, room_open
from bot.domain.meeting import MINUTES_A_DAY, Status, tags_to_bits
from bot.domain.place import valid_coordinates

Ints = NDArray[np.int32]
Shorts = NDArray[np.int16]
Longs = NDArray[np.int64]
Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]

RANK_BITS = 22
"""Room for the place of an id among all ids: four million rows."""
_TIMED = (Status.ACTIVE.value, Status.ONLINE_FOR_NOW.value)
_BATCH = 10_000  # rows turned into columns at a time, so that no step holds the interpreter for long


@dataclass(frozen=True, slots=True)
class Columns:
    """One array for each thing a search asks of a row."""

    rank: Ints  # place of the row's id among all ids: same order, fewer bits
    profile: Ints  # which of the Profiles
    zone: Shorts
    wall: Shorts  # local minute of the week, 0 = Monday 00:00

    def take(self, rows: Longs) -> "Columns":
        """These rows, in this order."""
        return Columns(self.rank[rows], self.profile[rows], self.zone[rows], self.wall[rows])

    def and_then(self, others: "Columns") -> "Columns":
        """These rows, then others."""
        if not len(others.rank):
            return self
        pairs = ((getattr(self, name), getattr(others, name)) for name in Columns.__slots__)
        return Columns(*map(np.concatenate, pairs))

    def upto(self, row: int) -> "Columns":
        """The first rows; nothing is copied."""
        return Columns(*(getattr(self, name)[:row] for name in Columns.__slots__))


@dataclass(frozen=True, slots=True)
class Profiles:
    """What filters ask, once for all rows that have it in common: there are few of these for many rows."""

    kind: Shorts
    facts: Longs  # see domain.filters.fact_bits
    languages: Longs  # see domain.filters.language_bits


@dataclass(frozen=True, slots=True)
class Table:
    """All rows that stand in timed lists; suspended ones and those by appointment do not."""

    ids: Longs  # of all rows, ascending
    kinds: tuple[str, ...]  # names of the numbers in Profiles.kind, sorted
    zones: tuple[str, ...]
    profiles: Profiles
    rows: Columns
    points: Floats  # (rows, 2): latitude and longitude; NaN where one cannot walk in
    online: Mask

    def without(self, ids: Longs) -> "Table":
        """The same without these."""
        if not len(ids):
            return self
        left = np.flatnonzero(~np.isin(self.ids, ids))
        rows = replace(self.rows.take(left), rank=np.arange(len(left), dtype=np.int32))
        return replace(self, ids=self.ids[left], rows=rows, points=self.points[left], online=self.online[left])


@dataclass(frozen=True, slots=True)
class Marks:
    """What rows about one meeting share (see `domain.sameness`), row by row of a table; 0 for none."""

    feed: Ints
    points: Floats  # (rows, 2), of rooms that are closed for now as well; NaN for none
    street: Longs
    call: Longs


class _Row(NamedTuple):
    id: int
    profile: int
    zone: int
    wall: int
    latitude: float
    longitude: float
    room: bool
    online: bool
    feed: int
    street: int
    call: int


class TableReader:
    """Turns light rows into columns, part by part: what a row is made of is gone before the next part comes."""

    def __init__(self, fellowships: Mapping[str, Fellowship]) -> None:
        """Rows of kinds that are not among `fellowships` are left out."""
        self.kinds = {kind: number for number, kind in enumerate(sorted(fellowships))}
        self.tags = {kind: tags_to_bits(fellowship.tags) for kind, fellowship in fellowships.items()}
        self.zones: dict[str, int | None] = {}
        self.zone_names: list[str] = []
        self.profiles: dict[tuple[int, int, int], int] = {}
        self.known: dict[tuple[Any, ...], int] = {}
        self.feeds: dict[str, int] = {}
        self.parts = [_part([])]

    def add(self, light_rows: Iterable[tuple[Any, ...]]) -> None:
        """Take up rows of `store.meetings`; every id once, in any order."""
        for batch in _batches(row for row in map(self._read, light_rows) if row is not None):
            self.parts.append(_part(batch))

    def table(self) -> tuple[Table, Marks]:
        """All that was added, by id, and what tells which rows may be one meeting."""
        joined = [np.concatenate(column) for column in zip(*self.parts, strict=True)]
        order = np.argsort(joined[0], kind="stable")
        ids, profile, zone, wall, latitude, longitude, room, online, feed, street, call = (
            column[order] for column in joined
        )
        points = np.column_stack((latitude, longitude))
        known = np.array(list(self.profiles) or np.empty((0, 3)), dtype=np.int64)
        table = Table(
            ids=ids,
            kinds=tuple(self.kinds),
            zones=tuple(self.zone_names),
            profiles=Profiles(known[:, 0].astype(np.int16), known[:, 1], known[:, 2]),
            rows=Columns(np.arange(len(ids), dtype=np.int32), profile, zone, wall),
            points=np.where(room[:, None], points, np.nan),
            online=online,
        )
        return table, Marks(feed, points, street, call)

    def _read(self, row: tuple[Any, ...]) -> _Row | None:
        """The row in numbers; None for one that stands in no timed list."""
        identity, feed, kind, zone, weekday, start, walks, joins, status, latitude, longitude, *rest = row
        number = self._zone(zone)
        if weekday is None or start is None or status not in _TIMED or kind not in self.kinds or number is None:
            return None
        room = room_open(bool(walks), status)
        if not walks or latitude is None or longitude is None or not valid_coordinates(latitude, longitude):
            latitude = longitude = np.nan
        online = joins_online(bool(joins), status)
        tags, languages, has_dial_in, _, street, call = rest
        profile = self._profile((kind, tags, room, online, bool(has_dial_in), languages))
        wall = (weekday - 1) * MINUTES_A_DAY + start
        feed_number = self.feeds.setdefault(feed, len(self.feeds))
        marks = street if walks and street else 0, call if joins and call else 0
        return _Row(identity, profile, number, wall, latitude, longitude, room, online, feed_number, *marks)

    def _zone(self, name: str) -> int | None:
        if name not in self.zones:
            try:
                ZoneInfo(name)
            except (ValueError, OSError, KeyError):
                self.zones[name] = None  # one bad row must not stop the others from being found
            else:
                self.zones[name] = len(self.zone_names)
                self.zone_names.append(name)
        return self.zones[name]

    def _profile(self, said: tuple[Any, ...]) -> int:
        known = self.known.get(said)
        if known is None:
            kind, tags, room, online, has_dial_in, languages = said
            facts = fact_bits(tags, self.tags[kind], room, online, has_dial_in)
            profile = (self.kinds[kind], facts, language_bits(languages.split()))
            known = self.known[said] = self.profiles.setdefault(profile, len(self.profiles))
        return known


def runs(begins: Longs, ends: Longs) -> Longs:
    """Every row number of some runs of rows, one run after the other."""
    lengths = ends - begins
    behind = lengths.cumsum()
    rows: Longs = (begins - behind + lengths).repeat(lengths)
    rows += np.arange(len(rows))
    return rows


_TYPES = (
    *(np.int64, np.int32, np.int16, np.int16, np.float64, np.float64, np.bool_, np.bool_),
    *(np.int32, np.int64, np.int64),
)


def _part(rows: Sequence[_Row]) -> list[NDArray[Any]]:
    columns: Sequence[Sequence[Any]] = list(zip(*rows, strict=True)) if rows else [()] * len(_TYPES)
    return [np.array(column, dtype=kind) for column, kind in zip(columns, _TYPES, strict=True)]


def _batches(rows: Iterator[_Row]) -> Iterator[list[_Row]]:
    while batch := list(islice(rows, _BATCH)):
        yield batch
