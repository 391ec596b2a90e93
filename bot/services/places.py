"""Where a person is or wants to go: typed names, postcodes and points.

They are known from the gazetteer, the meetings, and the operator's file of postcodes.
"""

import asyncio
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace

from bot.domain.place import Place, valid_coordinates
from bot.domain.search import Search
from bot.store import meetings, postal
from bot.store.database import Database
from bot.store.gazetteer import (
    Atlas,
    Coded,
    Filed,
    Gazetteer,
    Guess,
    Joined,
    Learned,
    Source,
    asked,
    codes_in,
    key,
    merged,
    resolve,
)

LONGEST_TEXT = 200  # characters of a typed place that are read
MOST_NAMES = 2_000  # names in one question
YEAR_LIKE = 4  # digits: a year or an hour sooner than a postcode
WHOLE_CODE = 5  # characters that tell a town apart
NAMED_KEPT = 4_096
BEST = 8  # places of one name

ZoneAt = Callable[[float, float], str | None]
Codes = Mapping[str, Mapping[str, Place]]  # code -> country -> place


class Places:
    """Every place it gives is at the centre of its grid cell and carries a zone ("" only far out at sea)."""

    def __init__(
        self,
        gazetteer: Gazetteer,
        database: Database,
        zone_at: ZoneAt | None = None,
        expected: Callable[[], bool] = lambda: False,
    ) -> None:
        """`zone_at`: the IANA zone of a point, for places that the gazetteer gives none.

        `expected`: whether a list of towns from the meetings is about to be learned (see `taken_up`).
        """
        self._gazetteer = gazetteer
        self._database = database
        self._zone_at = zone_at
        self._learned: Learned | None = None
        self._expected = expected
        self._learning = asyncio.Lock()
        self._named: dict[tuple[float, float], Place | None] = {}  # every button of every list there asks again

    async def refresh(self) -> None:
        """Learn the towns and postcodes of the meetings as they are now; until then the gazetteer answers alone."""
        async with self._learning:
            await self._learn()

    @property
    def learned(self) -> bool:
        """Whether the meetings' towns were learned once."""
        return self._learned is not None

    async def taken_up(self) -> None:
        """Return when the meetings' towns were learned once, where that is expected. Raises StoreError."""
        if self._learned is None and self._expected():
            async with self._learning:
                if self._learned is None:
                    await self._learn()

    async def _learn(self) -> None:
        async with self._database.snapshot() as connection:
            rows = await meetings.place_rows(connection)
        self._learned = await self._gazetteer.ask(lambda atlas: Learned(atlas, rows))

    async def find(self, text: str, *, country: str = "") -> list[Place]:
        """The places a typed text may mean: one is sure, several ask (the likeliest first), none is unknown.

        `country`: ISO code of the country the person is likely in; it decides only where it may.
        """
        filed = await self._filed(codes_in(text))
        found = await self._gazetteer.ask(lambda atlas: resolve(self._source(atlas, filed), text, country.upper()))
        return [self._zoned(place) for place in found]

    async def many(self, names: Sequence[str]) -> dict[str, list[Place]]:
        """The places known under exactly these names or postcodes, the likeliest first; others are left out."""
        names = names[:MOST_NAMES]
        filed = await self._filed(names)
        found = await self._gazetteer.ask(lambda atlas: self._exact(self._source(atlas, filed), names))
        return {name: [self._zoned(place) for place in places] for name, places in found.items()}

    async def name_of(self, latitude: float, longitude: float) -> Place | None:
        """The town that a point lies in or near; None at sea and for what is no point on earth."""
        if not valid_coordinates(latitude, longitude):
            return None
        point = latitude, longitude
        if point not in self._named:
            found = await self._gazetteer.nearest(*point)
            if len(self._named) >= NAMED_KEPT:
                del self._named[next(iter(self._named))]
            self._named[point] = found
            return found
        return self._named[point]

    async def whole(self, search: Search) -> Search:
        """The search with its place named again: buttons and links carry only the point."""
        place = search.place
        if place is None or place.name:
            return search
        named = await self.name_of(place.latitude, place.longitude)
        if named is None:
            return search
        return replace(search, place=replace(named, latitude=place.latitude, longitude=place.longitude))

    def zone_of(self, place: Place) -> str:
        """The IANA zone of a place, "" where nobody knows."""
        if place.zone or self._zone_at is None:
            return place.zone
        return self._zone_at(place.latitude, place.longitude) or ""

    def locate(self, city: str, region: str, country: str, postal_code: str) -> tuple[float, float] | None:
        """The (latitude, longitude) of an address in a list, None unless sure. It waits: call it in a thread.

        The operator's file of postcodes is not asked: it is read through the loop, and this is not.
        """
        source = self._source(self._gazetteer.atlas())
        codes = source.coded(postal_code) if postal_code else []
        exact = [code.place for code in codes if _is_whole(postal_code, code) and country in ("", code.place.country)]
        sure = exact if len(exact) == 1 else _town(source, city, region, country)
        return (sure[0].latitude, sure[0].longitude) if sure else None

    def _source(self, atlas: Atlas, filed: Codes | None = None) -> Source:
        source = atlas if self._learned is None else Joined(atlas, self._learned)
        return Filed(source, filed) if filed else source

    async def _filed(self, texts: Iterable[str]) -> Codes:
        """What the operator's file says of all codes that these texts may be."""
        codes = {code for text in texts for code in asked(text)}
        if not codes:
            return {}
        async with self._database.read() as connection:
            return await postal.known(connection, codes)

    def _exact(self, source: Source, names: Sequence[str]) -> dict[str, list[Place]]:
        keys = {name: key(name[:LONGEST_TEXT]) for name in names}
        known = source.named([one for one in keys.values() if len(one) > 1], None, BEST)
        found: dict[str, list[Place]] = {}
        for name, one in keys.items():
            places = [guess.place for guess in merged(Guess(0, one, place) for place in known.get(one, ()))]
            if any(char.isdigit() for char in one) and not (one.isdigit() and len(one) == YEAR_LIKE):
                places = [code.place for code in source.coded(name)] + places
            if places:
                found[name] = places[:BEST]
        return found

    def _zoned(self, place: Place) -> Place:
        return place if place.zone else replace(place, zone=self.zone_of(place))


def _town(source: Source, city: str, region: str, country: str) -> list[Place]:
    """The one town of that name, in the region if that is known, else in the country; empty where not sure."""
    called = source.named([key(city)], None, MOST_NAMES).get(key(city), []) if city else []
    for outer in ((region, country), (country,)):
        found = resolve(source, ", ".join(filter(None, (city, *outer))), country) if called else []
        if len(found) == 1 and found[0] in called:  # and not the larger town named beside an unknown one
            return found
    return []


def _is_whole(postal_code: str, code: Coded) -> bool:
    """Whether a place is known by all of the code that matters, not only by the wider area."""
    compact = "".join(postal_code.split()).upper()
    return compact.startswith(code.prefix) and len(code.prefix) >= min(len(compact), WHOLE_CODE)
