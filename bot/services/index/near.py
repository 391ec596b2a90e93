"""Meetings that one can walk into, by the cell of 0.2 degrees that they lie in."""

import math
from functools import cached_property

import numpy as np

from bot.domain.place import EARTH_RADIUS_KM, Place
from bot.domain.search import RINGS_KM
from bot.services.index.ask import Ask
from bot.services.index.columns import RANK_BITS, Columns, Floats, Ints, Longs, Mask, Profiles, Shorts, runs
from bot.services.index.listing import Rows, candidates, nth, smallest
from bot.services.index.odd import Odd
from bot.services.index.zones import ZoneTable

RINGS = (*RINGS_KM, 100, 200)
"""Kilometres; a ring is followed by the next wider one."""
ENOUGH = 3
"""So many meetings of a kind make its ring."""
_FAR = RINGS.index(15)
"""Beyond this ring nothing goes before a meeting of a nearer ring."""

_ROWS, _COLUMNS = 900, 1800  # cells of 0.2 degrees
_SLACK_KM = 0.01  # so that no rounding leaves out the cell of a row on the edge
_METRE_BITS, _WAIT_BITS = 20, 14


class NearIndex:
    """Rows sorted by cell, row by row from the south pole, then the odd ones; each row's point on the unit sphere."""

    def __init__(self, rows: Columns, points: Floats, profiles: Profiles, zones: ZoneTable, odd: Odd) -> None:
        """`points`: latitude and longitude of the rows, which may come in any order."""
        cells = _cells(points)
        order = np.argsort(cells, kind="stable")
        self.cells, self.odd = cells[order], odd
        self.rows = rows.take(order).and_then(odd.rows)
        self.points = np.concatenate((points[order], odd.points))
        self.kind: Shorts = profiles.kind[self.rows.profile]
        self.vectors = _vectors(self.points)
        self.week: Shorts = zones.week_minutes(self.rows.wall, self.rows.zone)

    def moved(self, zones: ZoneTable) -> "NearIndex":
        """The same rows under newer offsets."""
        index = object.__new__(NearIndex)
        index.rows, index.cells, index.points = self.rows, self.cells, self.points
        index.kind, index.vectors, index.odd = self.kind, self.vectors, self.odd.moved(zones)
        index.week = zones.week_minutes(self.rows.wall, self.rows.zone)
        return index

    def listing(self, place: Place, reach_km: int, ask: Ask) -> "Nearby":
        """What starts in the span within reach of a place."""
        return Nearby(self, place, reach_km, ask)

    def is_empty(self, place: Place, reach_km: float) -> bool:
        """Whether there is nothing within reach, at any time, nor a little farther."""
        begins, ends = self._runs(place, reach_km + _SLACK_KM)
        return not len(self.odd) and not (begins < ends).any()

    def around(self, place: Place, reach_km: float) -> tuple[Longs, Floats]:
        """All rows within reach, some a little farther, every odd one; their squared chords (of the unit sphere)."""
        rows = runs(*self._runs(place, reach_km + _SLACK_KM))
        if len(self.odd):
            rows = np.append(rows, np.arange(len(self.cells), len(self.kind)))
        x, y, z = _vector(place)
        chords = _square(self.vectors[0][rows] - x)
        chords += _square(self.vectors[1][rows] - y)
        chords += _square(self.vectors[2][rows] - z)
        return rows, chords

    def _runs(self, place: Place, reach_km: float) -> tuple[Longs, Longs]:
        """Where the runs of rows begin and end whose cells a circle touches."""
        angle = math.degrees(reach_km / EARTH_RADIUS_KM)
        south, north = place.latitude - angle, place.latitude + angle
        first, last = _band(south), _band(north)
        bands = np.arange(first, last + 1, dtype=np.int32) * _COLUMNS
        west, east = 0, _COLUMNS - 1
        if south > -90 and north < 90:
            half = math.degrees(math.asin(math.sin(math.radians(angle)) / math.cos(math.radians(place.latitude))))
            west, east = (math.floor((place.longitude + side + 180) * 5) for side in (-half, half))
        if east - west >= _COLUMNS:
            west, east = 0, _COLUMNS - 1
        # A circle over the date line is two runs in each band.
        sides = [(west, min(east, _COLUMNS - 1))]
        if west < 0:
            sides = [(west + _COLUMNS, _COLUMNS - 1), (0, east)]
        elif east >= _COLUMNS:
            sides.append((0, east - _COLUMNS))
        edges = np.array([edge for begin, end in sides for edge in (begin, end + 1)], dtype=np.int32)
        found = self.cells.searchsorted((bands[:, None] + edges).ravel())
        return found[::2], found[1::2]


class Nearby(Rows):
    """Rows in reach that fit, each in its ring."""

    def __init__(self, index: NearIndex, place: Place, reach_km: int, ask: Ask) -> None:
        rows, self._chords = index.around(place, reach_km)
        slots = ask.slots.take(index.rows.profile[rows])
        self._index, self._limit = index, _chord(reach_km)
        slots[self._chords > self._limit] = ask.dropped
        super().__init__(ask, index.rows, index.week, rows, slots, index.odd.waits(ask.span))

    @cached_property
    def known(self) -> Mask:
        """The kinds that have a row in reach at any time, whatever the filters say."""
        kinds = self._index.kind[self.rows[self._chords <= self._limit]]
        known: Mask = np.bincount(kinds, minlength=self._kinds) > 0
        return known

    def first(self, which: Longs, count: int) -> Longs:
        """Ring by ring, inside a ring soonest first, then by metres and id.

        The rings up to the first that holds enough are one. Metres are worked out only where starts are alike.
        """
        which, keys = self._nearest_rings(which, count)
        near = candidates(keys, count)
        which = which[near]
        if len(which) == 1:
            return which
        metres = _metres(self._chords[which])
        exact = (((keys[near] << _METRE_BITS) + metres) << RANK_BITS) + self.ranks(which)
        return which[smallest(exact, count)]

    def _nearest_rings(self, which: Longs, count: int) -> tuple[Longs, Longs]:
        """Rows of a slot of which `count` go before all others, and numbers that sort them by ring and start."""
        chords = self._chords[which]
        own = int(_RING_CHORDS.searchsorted(nth(chords, ENOUGH - 1))) if len(which) >= ENOUGH else len(RINGS)
        if own > _FAR:
            return which, (_RING_CHORDS.searchsorted(chords) << _WAIT_BITS) + self.wait[which]
        inside = which[chords <= _RING_CHORDS[own]]
        if len(inside) >= count:
            return inside, self.wait[inside].astype(np.int64)
        ring = np.maximum(_RING_CHORDS.searchsorted(chords), own)
        return which, (ring << _WAIT_BITS) + self.wait[which]

    def plain_keys(self, which: Longs, *, nearest: bool) -> Longs:
        """(start, metres, id), or (metres, start, id)."""
        first, second, bits = self.wait[which].astype(np.int64), _metres(self._chords[which]), _METRE_BITS
        if nearest:
            first, second, bits = second, first, _WAIT_BITS
        keys: Longs = (((first << bits) + second) << RANK_BITS) + self.ranks(which)
        return keys

    def within_rings(self) -> list[int]:
        """How many rows lie within each of the RINGS."""
        rings = np.bincount(_RING_CHORDS.searchsorted(self._chords[self._listed]), minlength=len(RINGS))
        within: list[int] = rings.cumsum()[: len(RINGS)].tolist()
        return within

    def nearest(self) -> int | None:
        """The rank of the nearest row, of those that is the first to start; None when there is none."""
        which = self._listed
        if not len(which):
            return None
        which = which[candidates(_metres(self._chords[which]), 1)]
        return int(self.ranks(which)[self.plain_keys(which, nearest=True).argmin()])

    @property
    def _listed(self) -> Longs:
        rows: Longs = (self.slots != self._dropped).nonzero()[0]
        return rows


def _square(numbers: Floats) -> Floats:
    return numbers * numbers


def _cells(points: Floats) -> Ints:
    bands = np.clip(np.floor((points[:, 0] + 90) * 5), 0, _ROWS - 1).astype(np.int32)
    columns = np.floor((points[:, 1] + 180) * 5).astype(np.int32) % _COLUMNS
    return bands * np.int32(_COLUMNS) + columns


def _band(latitude: float) -> int:
    return min(max(math.floor((latitude + 90) * 5), 0), _ROWS - 1)


def _vectors(points: Floats) -> Floats:
    """(3, rows): each point on the unit sphere."""
    latitude, longitude = np.radians(points[:, 0]), np.radians(points[:, 1])
    return np.stack((np.cos(latitude) * np.cos(longitude), np.cos(latitude) * np.sin(longitude), np.sin(latitude)))


def _vector(place: Place) -> tuple[float, float, float]:
    """The same for one place."""
    latitude, longitude = math.radians(place.latitude), math.radians(place.longitude)
    north = math.cos(latitude)
    return north * math.cos(longitude), north * math.sin(longitude), math.sin(latitude)


def _chord(kilometres: float) -> float:
    """The squared chord of a distance along the ground."""
    return float(4 * math.sin(kilometres / EARTH_RADIUS_KM / 2) ** 2)


_RING_CHORDS = np.array([_chord(ring) for ring in RINGS])


def _metres(chords: Floats) -> Longs:
    """Whole metres along the ground."""
    kilometres = 2 * EARTH_RADIUS_KM * np.arcsin(np.minimum(np.sqrt(chords) / 2, 1.0))
    return np.rint(kilometres * 1000).astype(np.int64)
