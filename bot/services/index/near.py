"""Meetings that one can walk into, by the cell of 0.2 degrees that they lie in."""

import math
from functools import cached_property

import numpy as np

from bot.domain.place import EARTH_RADIUS_KM, Place
from bot.domain.search import RINGS_KM
from bot.services.index.ask import Ask
from bot.services.index.columns import RANK_BITS, Columns, Floats, Ints, Longs, Mask, Profiles, Shorts, runs
from bot.services.index.listing import Rows
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
    """Rows sorted by cell, row by row from the south pole; each row's point on the unit sphere."""

    def __init__(self, rows: Columns, points: Floats, profiles: Profiles, zones: ZoneTable) -> None:
        """`points`: latitude and longitude of the rows, which may come in any order."""
        cells = _cells(points)
        order = np.argsort(cells, kind="stable")
        self.rows, self.cells, self.points = rows.take(order), cells[order], points[order]
        self.kind: Shorts = profiles.kind[self.rows.profile]
        self.vectors = _vectors(self.points)
        self.week: Shorts = zones.week_minutes(self.rows.wall, self.rows.zone)

    def moved(self, zones: ZoneTable) -> "NearIndex":
        """The same rows under newer offsets."""
        index = object.__new__(NearIndex)
        index.rows, index.cells, index.points = self.rows, self.cells, self.points
        index.kind, index.vectors = self.kind, self.vectors
        index.week = zones.week_minutes(self.rows.wall, self.rows.zone)
        return index

    def listing(self, place: Place, reach_km: int, ask: Ask) -> "Nearby":
        """What starts in the span within reach of a place."""
        return Nearby(self, place, reach_km, ask)

    def around(self, place: Place, reach_km: float) -> tuple[Longs, Floats]:
        """Rows within reach and their squared chords (of the unit sphere)."""
        rows = runs(*self._runs(place, reach_km + _SLACK_KM))
        here = _vectors(np.array([[place.latitude, place.longitude]]))[:, 0]
        chords = _square(self.vectors[0][rows] - here[0])
        chords += _square(self.vectors[1][rows] - here[1])
        chords += _square(self.vectors[2][rows] - here[2])
        inside = (chords <= _chord(reach_km)).nonzero()[0]
        return rows[inside], chords[inside]

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
        begins = np.concatenate([bands + np.int32(begin) for begin, _ in sides])
        ends = np.concatenate([bands + np.int32(end + 1) for _, end in sides])
        return self.cells.searchsorted(begins), self.cells.searchsorted(ends)


class Nearby(Rows):
    """Rows in reach that fit, each in its ring."""

    def __init__(self, index: NearIndex, place: Place, reach_km: int, ask: Ask) -> None:
        rows, chords = index.around(place, reach_km)
        self.known: Mask = np.bincount(index.kind[rows], minlength=len(ask.kinds)) > 0  # at any time, any filter
        slots = ask.slots[index.rows.profile[rows]]
        wait = ask.span.wait(index.week[rows], index.rows.zone[rows])
        fits = (wait < ask.span.length) & (slots != ask.dropped)
        if len(ask.gone):
            fits &= ~np.isin(index.rows.rank[rows], ask.gone)
        kept = fits.nonzero()[0]
        super().__init__(ask, slots[kept], index.rows.rank[rows[kept]])
        self._wait, self._chords = wait[kept].astype(np.int64), chords[kept]
        self._ring: Longs = _RING_CHORDS.searchsorted(self._chords)

    @cached_property
    def keys(self) -> Longs:
        """Ring by ring, inside a ring soonest first; the rings up to the first that holds enough are one."""
        width = len(RINGS) + 1
        cells = np.bincount(self.slots * width + self._ring, minlength=len(self.counts) * width)
        held = cells.reshape(-1, width).cumsum(axis=1) >= ENOUGH
        own = np.where(held.any(axis=1), held.argmax(axis=1), width)
        own[own > _FAR] = 0
        ring = np.maximum(self._ring, own[self.slots])
        return (ring << _METRE_BITS + _WAIT_BITS + RANK_BITS) + self.plain_keys(nearest=False)

    def plain_keys(self, *, nearest: bool) -> Longs:
        """(start, metres, id), or (metres, start, id)."""
        first, second, bits = self._wait, _metres(self._chords), _METRE_BITS
        if nearest:
            first, second, bits = second, first, _WAIT_BITS
        keys: Longs = (((first << bits) + second) << RANK_BITS) + self.ranks
        return keys

    def within_rings(self) -> list[int]:
        """How many rows lie within each of the RINGS."""
        return [int(count) for count in np.bincount(self._ring, minlength=len(RINGS)).cumsum()[: len(RINGS)]]

    def nearest(self) -> int | None:
        """The rank of the nearest row, of those that is the first to start; None when there is none."""
        return int(self.ranks[self.plain_keys(nearest=True).argmin()]) if len(self.ranks) else None


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


def _chord(kilometres: float) -> float:
    """The squared chord of a distance along the ground."""
    return float(4 * math.sin(kilometres / EARTH_RADIUS_KM / 2) ** 2)


_RING_CHORDS = np.array([_chord(ring) for ring in RINGS])


def _metres(chords: Floats) -> Longs:
    """Whole metres along the ground."""
    kilometres = 2 * EARTH_RADIUS_KM * np.arcsin(np.minimum(np.sqrt(chords) / 2, 1.0))
    return np.rint(kilometres * 1000).astype(np.int64)
