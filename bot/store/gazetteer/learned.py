"""Places learned from the meetings themselves: towns, districts and postcodes that no gazetteer lists."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from rapidfuzz import process
from rapidfuzz.distance import OSA

from bot.domain.place import Place, distance_km, valid_coordinates
from bot.store.gazetteer.atlas import Area, Areas, Atlas, Coded, Guess, typos_allowed
from bot.store.gazetteer.choose import own
from bot.store.gazetteer.codes import learned, readings, unknown_shape
from bot.store.gazetteer.keys import key
from bot.store.gazetteer.letters import SHORTEST

SAME_TOWN_KM = 25.0
WIDEST_KM = 60.0  # a postcode prefix whose meetings lie farther apart names no place
SHORTEST_PREFIX = 3  # of a postcode, where no table tells what shorter ones cover
LONGEST_CITY = 60
_BATCH = 500
_SQUARE = 2  # squares to a degree that are taken to lie in one country

Row = tuple[str, str, str, str, float, float, int]


@dataclass(slots=True)
class _Heap:
    """Meetings of one name or postcode: their middle, their corners, what they call their town."""

    weight: int = 0
    latitude: float = 0.0
    longitude: float = 0.0
    low: tuple[float, float] = (90.0, 180.0)
    high: tuple[float, float] = (-90.0, -180.0)
    cities: Counter[str] = field(default_factory=Counter)
    regions: Counter[str] = field(default_factory=Counter)

    def add(self, row: Row) -> None:
        city, region, _, _, latitude, longitude, count = row
        self.weight += count
        self.latitude += latitude * count
        self.longitude += longitude * count
        self.low = (min(self.low[0], latitude), min(self.low[1], longitude))
        self.high = (max(self.high[0], latitude), max(self.high[1], longitude))
        self.cities[city] += count
        self.regions[region] += count

    def place(self, country: str, name: str) -> Place:
        city = self.cities.most_common(1)[0][0] or name
        region = self.regions.most_common(1)[0][0]
        return Place(city, self.latitude / self.weight, self.longitude / self.weight, region, country).on_grid()


class Learned:
    """What the rows of `bot.store.meetings.place_rows` teach. Building it is work for a thread."""

    def __init__(self, atlas: Atlas, rows: Iterable[Row]) -> None:
        usable = [row for row in rows if valid_coordinates(row[4], row[5])]
        usable = _with_countries(atlas, _with_regions(atlas, usable))
        self.towns = _unknown(atlas, _towns(usable))
        self.codes = _codes(usable)
        self.spellings = sorted(name for name in self.towns if len(name) >= SHORTEST)


def _with_regions(atlas: Atlas, rows: list[Row]) -> list[Row]:
    """ "MA" is Massachusetts; a code that is not known is left out."""
    typed = {row[1]: key(row[1]) for row in rows if row[1]}
    wanted = list(typed.values())
    known: dict[str, Areas] = {}
    for first in range(0, len(wanted), 500):
        known |= atlas.areas(wanted[first : first + 500])
    readable = []
    for row in rows:
        areas = known.get(typed.get(row[1], ""), frozenset())
        names = [area.region for area in areas if area.region and row[3] in ("", area.country)]
        region = names[0] if len(names) == 1 else row[1] if len(row[1]) > 3 else ""
        readable.append((row[0], region, *row[2:]))
    return readable


def _with_countries(atlas: Atlas, rows: list[Row]) -> list[Row]:
    squares: dict[tuple[int, int], str] = {}
    for row in rows:
        square = (round(row[4] * _SQUARE), round(row[5] * _SQUARE))
        if not row[3] and square not in squares:
            town = atlas.nearest(row[4], row[5])
            squares[square] = town.country if town else ""
    return [(*row[:3], row[3] or squares[round(row[4] * _SQUARE), round(row[5] * _SQUARE)], *row[4:]) for row in rows]


def _towns(rows: list[Row]) -> dict[str, list[Place]]:
    heaps: defaultdict[tuple[str, str], list[_Heap]] = defaultdict(list)
    for row in sorted(rows, key=lambda row: -row[6]):
        name = key(row[0][:LONGEST_CITY])
        if len(name) < 2 or name.replace(" ", "").isdigit():
            continue
        near = heaps[name, row[3]]
        heap = next((heap for heap in near if _within(heap, row, SAME_TOWN_KM)), None)
        if heap is None:
            near.append(heap := _Heap())
        heap.add(row)
    towns: defaultdict[str, list[Place]] = defaultdict(list)
    for (name, country), near in heaps.items():
        towns[name] += [heap.place(country, name) for heap in sorted(near, key=lambda heap: -heap.weight)]
    return dict(towns)


def _unknown(atlas: Atlas, towns: dict[str, list[Place]]) -> dict[str, list[Place]]:
    """Those that the gazetteer does not list: a place of that name, and nearby, is the same one."""
    names = list(towns)
    left: dict[str, list[Place]] = {}
    for first in range(0, len(names), _BATCH):
        part = names[first : first + _BATCH]
        listed = atlas.near(
            {name: [(town.latitude, town.longitude) for town in towns[name]] for name in part}, SAME_TOWN_KM
        )
        for name in part:
            same = [place for place in listed.get(name, ()) if own(Guess(0, name, place))]
            new = [town for town in towns[name] if not any(_distance(town, one) < SAME_TOWN_KM for one in same)]
            if new:
                left[name] = new
    return left


def _within(heap: _Heap, row: Row, km: float) -> bool:
    middle = (heap.latitude / heap.weight, heap.longitude / heap.weight)
    return distance_km(middle, (row[4], row[5])) < km


def _codes(rows: list[Row]) -> dict[str, dict[str, Place]]:
    """Prefix -> country -> place."""
    heaps: defaultdict[tuple[str, str], _Heap] = defaultdict(_Heap)
    for row in rows:
        if row[3] == "US":  # every ZIP is in the gazetteer
            continue
        for prefix in learned(row[3], row[2]):
            heaps[prefix, row[3]].add(row)
    codes: defaultdict[str, dict[str, Place]] = defaultdict(dict)
    for (prefix, country), heap in heaps.items():
        if distance_km(heap.low, heap.high) < WIDEST_KM:
            codes[prefix][country] = heap.place(country, prefix)
    return dict(codes)


class Joined:
    """A source (see `resolve.Source`) of the gazetteer and what was learned; the same name nearby is one place."""

    def __init__(self, atlas: Atlas, lessons: Learned) -> None:
        self._atlas = atlas
        self._lessons = lessons

    def named(self, names: Sequence[str], areas: Areas | None = None, limit: int = 8) -> dict[str, list[Place]]:
        """The places of exactly these names: the gazetteer's, the largest first, then those only learned."""
        found = self._atlas.named(names, areas, limit)
        for name in names:
            for place in map(self._described, self._lessons.towns.get(name, ())):
                known = found.get(name, [])
                close = [other for other in known if _distance(place, other) < SAME_TOWN_KM]
                if areas is None or any(area.holds(place) for area in areas):
                    # A name that the meetings use is no old name of a town beside it.
                    rest = [other for other in known if other not in close]
                    found[name] = [*rest[: limit - 1], place]
        return found

    def similar(self, name: str, areas: Areas | None = None, limit: int = 8) -> list[Guess]:
        """Places whose name is a typo or two away, fewest typos first."""
        guesses = self._atlas.similar(name, areas, limit)
        if len(name) >= SHORTEST:
            near = process.extract(
                name, self._lessons.spellings, scorer=OSA.distance, score_cutoff=typos_allowed(len(name)), limit=limit
            )
            known = {guess.name for guess in guesses}
            for spelling, typos, _ in near:
                if spelling not in known:
                    places = self.named([spelling], areas, limit).get(spelling, [])
                    guesses += [Guess(int(typos), spelling, place) for place in places]
        guesses.sort(key=lambda guess: (guess.typos, -guess.place.population))
        return guesses[:limit]

    def areas(self, names: Sequence[str]) -> dict[str, Areas]:
        """The countries and regions of these names and codes."""
        return self._atlas.areas(names)

    def largest(self, area: Area) -> list[Place]:
        """The few largest places of a country or region, the largest first."""
        return self._atlas.largest(area)

    def coded(self, text: str) -> list[Coded]:
        """One place for each country that the text can be a postcode of, by its longest known prefix."""
        known = {coded.place.country: coded for coded in self._atlas.coded(text)}
        met: dict[str, Coded] = {}
        for country, prefixes in readings(text):
            if code := self._met(country, prefixes):
                met[country] = code
        for country, code in self._anywhere(unknown_shape(text)).items():
            met.setdefault(country, code)
        better = {
            country: code
            for country, code in met.items()
            if country not in known or len(code.prefix) > len(known[country].prefix)
        }
        codes = [*better.values(), *(code for country, code in known.items() if country not in better)]
        listed = {
            country for country, prefixes in readings(text) if country in self._lessons.codes.get(prefixes[0], {})
        }
        return [code._replace(listed=code.place.country in listed) for code in codes]

    def point(self, latitude: float, longitude: float) -> Place:
        """A point as a place, under the name of its town."""
        return self._atlas.point(latitude, longitude)

    def _met(self, country: str, prefixes: Sequence[str]) -> Coded | None:
        for prefix in prefixes:
            place = self._lessons.codes.get(prefix, {}).get(country)
            if place and (len(prefix) >= SHORTEST_PREFIX or prefix == prefixes[0]):
                return Coded(prefix, self._described(place))
        return None

    def _anywhere(self, prefixes: Sequence[str]) -> dict[str, Coded]:
        found: dict[str, Coded] = {}
        for prefix in prefixes:
            for country, place in self._lessons.codes.get(prefix, {}).items():
                found.setdefault(country, Coded(prefix, self._described(place)))
        return found

    def _described(self, place: Place) -> Place:
        """With country, region and zone of the town it lies in or near, where the meetings do not tell."""
        town = self._atlas.nearest(place.latitude, place.longitude)
        if town is None:
            return place
        country = place.country or town.country
        region = place.region or (town.region if town.country == country else "")
        return replace(place, country=country, region=region, zone=town.zone)


def _distance(one: Place, other: Place) -> float:
    return distance_km((one.latitude, one.longitude), (other.latitude, other.longitude))
