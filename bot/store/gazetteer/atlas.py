"""The unpacked gazetteer: look-ups on one read-only SQLite file, for any thread."""

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from threading import Lock
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import process
from rapidfuzz.distance import OSA

from bot.domain.place import EARTH_RADIUS_KM, Place, distance_km, from_cell
from bot.store.gazetteer.codes import Code, readings
from bot.store.gazetteer.letters import LONGEST, SHORTEST, masks
from bot.store.gazetteer.unpack import CHIEF_TOWNS

BEST = 8  # places of one name
NEAR_KM = 150.0
TOWN_IN_REACH_KM = 1.5  # how much farther a town may be for each tenfold of its people, and still name a point
LONG_WORD = 9  # letters; from here on two typos are forgiven
_BATCH = 500
_ALL = 5_000
_COLUMNS = "name, cell, region, zone, people"
_KM_PER_DEGREE = EARTH_RADIUS_KM * np.pi / 180


class Area(NamedTuple):
    """A country (ISO alpha-2), or a region of it by its readable name."""

    country: str
    region: str = ""
    vague: bool = False  # a county: it lies somewhere in here

    def holds(self, place: Place) -> bool:
        """Whether the place lies in the area."""
        return place.country == self.country and self.region in ("", place.region)


Areas = frozenset[Area]


class Coded(NamedTuple):
    """A place known by a postcode, and the prefix of the code it is known by."""

    prefix: str
    place: Place
    listed: bool = False  # meetings have just this code, not only the beginning of it


class Guess(NamedTuple):
    """A place under a name that is `typos` edits away from what was typed."""

    typos: int
    name: str
    place: Place


class Atlas:
    """Every look-up takes names in the form of `keys.key` and gives places at the centre of their grid cell."""

    def __init__(self, file: Path) -> None:
        """Raises sqlite3.DatabaseError for a file that is not whole."""
        address = f"{file.resolve().as_uri()}?mode=ro&immutable=1"
        self._database = sqlite3.connect(address, uri=True, check_same_thread=False)
        self._turn = Lock()
        try:
            self._regions = [Area(*row) for row in self._rows("SELECT country, name FROM regions ORDER BY id")]
            self._zones = [row[0] for row in self._rows("SELECT name FROM zones ORDER BY id")]
            cells, people = self._rows("SELECT cells, people FROM grid")[0]
        except (sqlite3.Error, IndexError) as error:
            self._database.close()
            raise sqlite3.DatabaseError(f"{file} is not a whole gazetteer") from error
        self._grid = _degrees(np.frombuffer(cells, dtype="<u4"))
        tenfolds = np.log10(np.maximum(np.frombuffer(people, dtype="<u4"), 100)).astype(np.float32)
        self._pull = TOWN_IN_REACH_KM * tenfolds

    def close(self) -> None:
        """Close the file."""
        with self._turn:
            self._database.close()

    def named(self, names: Sequence[str], areas: Areas | None = None, limit: int = BEST) -> dict[str, list[Place]]:
        """The places of exactly these names, the largest first; names that nobody knows are left out."""
        rows = self._links(names, areas, limit)
        places = self._places([place for linked in rows.values() for place in linked])
        return {name: [places[place] for place in linked] for name, linked in rows.items()}

    def near(self, points: Mapping[str, Sequence[tuple[float, float]]], km: float) -> dict[str, list[Place]]:
        """The places of each name that lie within that many kilometres of one of the points given for it."""
        links = self._links(list(points), None, _ALL)
        close = {
            name: [place for place in linked if any(self._km(place, point) < km for point in points[name])]
            for name, linked in links.items()
        }
        places = self._places([place for linked in close.values() for place in linked])
        return {name: [places[place] for place in linked] for name, linked in close.items()}

    def _km(self, place: int, point: tuple[float, float]) -> float:
        return distance_km((float(self._grid[0][place]), float(self._grid[1][place])), point)

    def _links(self, names: Sequence[str], areas: Areas | None, limit: int) -> dict[str, list[int]]:
        """The places of each name by number, the largest first."""
        known = [name for name in dict.fromkeys(names) if name]
        found: dict[str, list[int]] = {}
        for first in range(0, len(known), _BATCH):
            part = known[first : first + _BATCH]
            rows = self._rows(
                f"SELECT key, place, region FROM names WHERE key IN ({_marks(part)})"  # noqa: S608
                " ORDER BY people DESC, place",
                part,
            )
            for name, place, region in rows:
                linked = found.setdefault(name, [])
                if len(linked) < limit and (areas is None or self._within(region, areas)):
                    linked.append(place)
        return {name: linked for name, linked in found.items() if linked}

    def _places(self, numbers: Sequence[int]) -> dict[int, Place]:
        wanted = list(dict.fromkeys(numbers))
        found: dict[int, Place] = {}
        for first in range(0, len(wanted), _BATCH):
            part = wanted[first : first + _BATCH]
            query = f"SELECT {_COLUMNS}, id FROM places WHERE id IN ({_marks(part)})"  # noqa: S608
            found |= {row[5]: self._place(row) for row in self._rows(query, part)}
        return found

    def areas(self, names: Sequence[str]) -> dict[str, Areas]:
        """The countries and regions of these names and codes: "ca" is Canada and California."""
        known = [name for name in dict.fromkeys(names) if name][:_BATCH]
        query = f"SELECT key, country, region, vague FROM qualifiers WHERE key IN ({_marks(known)})"  # noqa: S608
        found: dict[str, set[Area]] = {}
        for name, country, region, vague in self._rows(query, known):
            found.setdefault(name, set()).add(Area(country, region, bool(vague)))
        return {name: frozenset(areas) for name, areas in found.items()}

    def largest(self, area: Area) -> list[Place]:
        """The few largest places of a country or region, the largest first."""
        regions = [number for number, known in enumerate(self._regions) if _inside(known, area)]
        rows = self._rows(
            f"SELECT place FROM chief WHERE region IN ({_marks(regions)})"  # noqa: S608
            " ORDER BY people DESC, place LIMIT ?",
            [*regions, CHIEF_TOWNS],
        )
        numbers = [row[0] for row in rows]
        places = self._places(numbers)
        return [places[number] for number in numbers]

    def coded(self, text: str) -> list[Coded]:
        """One place for each country that the text can be a postcode of; a US ZIP exactly, others by their area."""
        found = (self._zip(code) if code.country == "US" else self._area_of(code) for code in readings(text))
        return [place for place in found if place]

    def _zip(self, code: Code) -> Coded | None:
        digits = code.prefixes[0]
        rows = self._rows("SELECT name, cell, region, country, zone FROM zips WHERE zip = ?", [int(digits)])
        for name, cell, region, country, zone in rows:
            return Coded(digits, Place(name, *from_cell(cell), region, country, zone))
        return None

    def _area_of(self, code: Code) -> Coded | None:
        rows = self._rows(
            f"SELECT {_COLUMNS}, prefix FROM postcodes JOIN places ON places.id = postcodes.place"  # noqa: S608
            f" WHERE country = ? AND prefix IN ({_marks(code.prefixes)}) ORDER BY length(prefix) DESC LIMIT 1",
            [code.country, *code.prefixes],
        )
        return Coded(rows[0][5], self._place(rows[0])) if rows else None

    def similar(self, name: str, areas: Areas | None = None, limit: int = BEST) -> list[Guess]:
        """Places whose name is one typo away, or two for long names; fewest typos and largest first."""
        near = sorted(self._spellings(name), key=lambda spelling: (spelling[0], -spelling[1]))[: limit * 4]
        places = self.named([spelling for _, _, spelling in near], areas, limit)
        guesses = [Guess(typos, name, place) for typos, _, name in near for place in places.get(name, [])]
        guesses.sort(key=lambda guess: (guess.typos, -guess.place.population))
        return guesses[:limit]

    def _spellings(self, name: str) -> Iterator[tuple[int, int, str]]:
        """(typos, people, name) of every known name that few typos part from this one."""
        size = len(name)
        if not (name.isascii() and SHORTEST <= size <= LONGEST):
            return
        allowed = typos_allowed(size)
        wanted = masks(name.encode(), size)[0]
        lengths = (size - allowed, size + allowed)
        query = "SELECT length, masks, letters, people FROM spellings WHERE length BETWEEN ? AND ?"
        for length, known, letters, people in self._rows(query, lengths):
            differing = np.bitwise_count(np.frombuffer(known, dtype=np.uint64) ^ wanted)
            places = np.flatnonzero(differing <= 2 * allowed - abs(length - size)).tolist()
            spelled = [letters[place * length : (place + 1) * length].decode() for place in places]
            weights = np.frombuffer(people, dtype="<u4")
            for spelling, typos, at in process.extract(
                name, spelled, scorer=OSA.distance, score_cutoff=allowed, limit=None
            ):
                yield int(typos), int(weights[places[at]]), spelling

    def nearest(self, latitude: float, longitude: float) -> Place | None:
        """The town a point lies in or near: a larger one may be somewhat farther away. None beyond 150 km."""
        north = np.abs(self._grid[0] - np.float32(latitude)) * _KM_PER_DEGREE
        close = np.flatnonzero(north < NEAR_KM)
        turn = np.abs(self._grid[1][close] - np.float32(longitude))
        east = np.minimum(turn, 360 - turn) * _KM_PER_DEGREE * np.cos(np.radians(latitude))
        km = np.hypot(north[close], east)
        inside = km < NEAR_KM
        if not inside.any():
            return None
        reach = np.where(inside, km - self._pull[close], np.inf)
        best = int(close[int(np.argmin(reach))])
        return self._place(self._rows(f"SELECT {_COLUMNS} FROM places WHERE id = ?", [best])[0])  # noqa: S608

    def point(self, latitude: float, longitude: float) -> Place:
        """A point as a place under the name of its town; far from any town its name is its coordinates."""
        town = self.nearest(latitude, longitude) or Place(f"{latitude:.2f}, {longitude:.2f}", 0.0, 0.0)
        return replace(town, latitude=latitude, longitude=longitude).on_grid()

    def _within(self, region: int, areas: Areas) -> bool:
        return any(_inside(self._regions[region], area) for area in areas)

    def _place(self, row: Any) -> Place:
        name, cell, region, zone, people = row[:5]
        latitude, longitude = from_cell(cell)
        area = self._regions[region]
        return Place(name, latitude, longitude, area.region, area.country, self._zones[zone], people)

    def _rows(self, query: str, values: Sequence[Any] = ()) -> list[Any]:
        with self._turn:
            return self._database.execute(query, values).fetchall()


def typos_allowed(letters: int) -> int:
    """How many typos are forgiven in a name of that many letters."""
    return 2 if letters >= LONG_WORD else 1


def _marks(values: Sequence[Any]) -> str:
    return ", ".join("?" * len(values))


def _inside(known: Area, area: Area) -> bool:
    return known.country == area.country and area.region in ("", known.region)


def _degrees(cells: NDArray[np.uint32]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Latitudes and longitudes of the centres of geohash cells (see `bot.domain.place.to_cell`)."""
    latitude, longitude = np.zeros(cells.size, np.int64), np.zeros(cells.size, np.int64)
    for bit in range(15):
        longitude |= (cells.astype(np.int64) >> (2 * bit + 1) & 1) << bit
        latitude |= (cells.astype(np.int64) >> (2 * bit) & 1) << bit
    north = (latitude + 0.5) * (180 / 2**15) - 90
    east = (longitude + 0.5) * (360 / 2**15) - 180
    return north.astype(np.float32), east.astype(np.float32)
