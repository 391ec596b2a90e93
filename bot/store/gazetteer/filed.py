"""Postcodes of the operator's file, laid over what the gazetteer and the meetings know."""

from collections.abc import Mapping, Sequence

from bot.domain.place import Place
from bot.store.gazetteer.atlas import Area, Areas, Coded, Guess
from bot.store.gazetteer.codes import compact, first_half, readings
from bot.store.gazetteer.resolve import MANY, Source


class Filed:
    """A source (see `resolve.Source`) that knows some codes better than the one below it."""

    def __init__(self, below: Source, known: Mapping[str, Mapping[str, Place]]) -> None:
        """`known`: code -> country -> place, of all codes that this question may be about."""
        self._below = below
        self._known = known
        self._countries = sorted({country for places in known.values() for country in places})

    def coded(self, text: str) -> list[Coded]:
        """One place for each country that the text can be a postcode of, by its longest known prefix.

        Those that know the whole code come first. `listed`, which a question is spared by, is what the meetings
        have; where they have none of it, a whole code that the file knows.
        """
        shapes = {country: prefixes for country, prefixes in readings(text)}
        codes = {code.place.country: code for code in self._below.coded(text)}
        listed = {country for country, code in codes.items() if code.listed}
        whole = {country for country, code in codes.items() if shapes.get(country, ("",))[0] == code.prefix}
        sure = False
        for country, code in self._filed(text, shapes).items():
            if country in codes and len(codes[country].prefix) > len(code.prefix):
                continue
            codes[country] = code
            if code.prefix == shapes.get(country, (compact(text),))[0]:
                whole.add(country)
                sure = True
        listed = listed or (whole if sure else set())
        found = [code._replace(listed=country in listed) for country, code in codes.items()]
        return sorted(found, key=lambda code: code.place.country not in listed | whole)

    def _filed(self, text: str, shapes: Mapping[str, Sequence[str]]) -> dict[str, Coded]:
        typed = compact(text)
        found: dict[str, Coded] = {}
        for country in self._countries:
            prefixes = shapes.get(country) or (typed, first_half(country, typed))
            known = (prefix for prefix in prefixes if country in self._known.get(prefix, {}))
            if prefix := next(known, ""):
                found[country] = Coded(prefix, self._known[prefix][country])
        return found

    def named(self, names: Sequence[str], areas: Areas | None = None, limit: int = MANY) -> dict[str, list[Place]]:
        """The places of exactly these names, the largest first."""
        return self._below.named(names, areas, limit)

    def similar(self, name: str, areas: Areas | None = None, limit: int = MANY) -> list[Guess]:
        """Places whose name is a typo or two away."""
        return self._below.similar(name, areas, limit)

    def areas(self, names: Sequence[str]) -> dict[str, Areas]:
        """The countries and regions of these names and codes."""
        return self._below.areas(names)

    def largest(self, area: Area) -> list[Place]:
        """The few largest places of a country or region, the largest first."""
        return self._below.largest(area)

    def point(self, latitude: float, longitude: float) -> Place:
        """A point as a place, under the name of its town."""
        return self._below.point(latitude, longitude)
