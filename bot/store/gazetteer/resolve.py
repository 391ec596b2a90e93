"""A place as people type it: qualifiers in any usual form, postcodes, coordinates, and typos as a last resort."""

import re
from collections.abc import Iterator, Sequence
from typing import Protocol

from bot.domain.place import Place, distance_km, valid_coordinates
from bot.store.gazetteer.atlas import Area, Areas, Coded, Guess
from bot.store.gazetteer.choose import CITY, FAR_LARGER, OFFERED, choose, merged
from bot.store.gazetteer.keys import MAX_CHARACTERS, key, words

TOGETHER_KM = 60.0  # a district, a postcode and the town named beside it
SMALL_TOWN = 50_000  # people; below it a city spelled almost so may be meant
DOUBTED_LETTERS = 6  # shorter names have too many neighbours
OFFERED_SPELLINGS = 4
LARGEST = 3  # of each country or region that is named alone
CODE_WORDS = 2
MANY = 12
_QUALIFIER_WORDS = 4
_MOST_PARTS = 6
_JOINING = frozenset({"in", "en", "of", "de", "near", "the"})
_COORDINATES = re.compile(r"\(?\s*([-+]?\d{1,3}\.\d+)\s*°?\s*[,;\s]\s*([-+]?\d{1,3}\.\d+)\s*°?\s*\)?")

Words = list[str]


class Source(Protocol):
    """Where names, codes and points become places; every name is in the form of `keys.key`."""

    def named(self, names: Sequence[str], areas: Areas | None = None, limit: int = MANY) -> dict[str, list[Place]]:
        """The places of exactly these names, the largest first."""
        ...

    def similar(self, name: str, areas: Areas | None = None, limit: int = MANY) -> list[Guess]:
        """Places whose name is a typo or two away."""
        ...

    def areas(self, names: Sequence[str]) -> dict[str, Areas]:
        """The countries and regions of these names and codes."""
        ...

    def largest(self, area: Area) -> list[Place]:
        """The few largest places of a country or region, the largest first."""
        ...

    def coded(self, text: str) -> list[Coded]:
        """One place for each country that the text can be a postcode of."""
        ...

    def point(self, latitude: float, longitude: float) -> Place:
        """A point as a place, under the name of its town."""
        ...


def resolve(source: Source, text: str, near: str = "") -> list[Place]:
    """The places a text may mean: one is sure, several ask, none is unknown. `near`: ISO country of the person."""
    text = text[:MAX_CHARACTERS]
    if match := _COORDINATES.fullmatch(text.strip()):
        latitude, longitude = float(match[1]), float(match[2])
        return [source.point(latitude, longitude)] if valid_coordinates(latitude, longitude) else []
    if codes := source.coded(text):
        return _by_code(codes, near)
    parts = _parts(text)
    while parts:
        if found := _coded_phrase(source, parts, near) or _phrase(source, parts, near):
            return found
        parts = parts[1:]  # an address: the town stands after the street
    return []


def codes_in(text: str) -> Iterator[str]:
    """Every piece of a text that `resolve` may ask its source for as a postcode."""
    text = text[:MAX_CHARACTERS]
    yield text
    parts = _parts(text)
    for first in range(len(parts)):
        for code, _ in _code_splits(parts[first:]):
            yield " ".join(code)


def _parts(text: str) -> list[Words]:
    return [part for part in map(words, re.split(r"[,;\n]", text)) if part][:_MOST_PARTS]


def _by_code(codes: list[Coded], near: str) -> list[Place]:
    home = [code.place for code in codes if code.place.country == near]
    listed = [
        code.place for code in codes if code.listed
    ]  # a code of the lists, in one country only, is the one meant
    return home[:1] or (listed if len(listed) == 1 else [code.place for code in codes][:OFFERED])


def _coded_phrase(source: Source, parts: list[Words], near: str) -> list[Place]:
    """ "28001 Madrid", "Springfield IL 62701": the code where name and code agree, else the name alone."""
    for code, rest in _code_splits(parts):
        named = _candidates(source, rest) if rest else []
        close = [one.place for one in source.coded(" ".join(code)) if _beside(one.place, named)]
        if close:
            return close[:1]
        if code[0].isdigit() and len(code) == 1 and named:
            return _phrase(source, rest, near)
    return []


def _code_splits(parts: list[Words]) -> Iterator[tuple[Words, list[Words]]]:
    """(words at the end or the beginning that may be a postcode, all others)."""
    flat = [word for part in parts for word in part]
    for size in range(min(CODE_WORDS, len(flat) - 1), 0, -1):
        for code, rest in ((flat[-size:], _without(parts, size, -1)), (flat[:size], _without(parts, size, 0))):
            if any(char.isdigit() for word in code for char in word):
                yield code, rest


def _without(parts: list[Words], size: int, end: int) -> list[Words]:
    left = [list(part) for part in parts]
    for _ in range(size):
        left[end].pop(end)
        left = [part for part in left if part]
    return left


def _beside(place: Place, others: Sequence[Guess]) -> bool:
    here = (place.latitude, place.longitude)
    return any(distance_km(here, (other.place.latitude, other.place.longitude)) < TOGETHER_KM for other in others)


def _phrase(source: Source, parts: list[Words], near: str) -> list[Place]:
    exact = _candidates(source, parts)
    if len(parts) == 1:
        whole = " ".join(parts[0])
        if asked := _area(source, whole, exact, near):
            return asked
        if doubts := _doubts(source, whole, exact):
            return [guess.place for guess in [*merged(exact), *doubts]][:OFFERED]
        return choose(exact, near) or _joined(source, parts, near) or _misspelled(source, parts, near)
    joined = _joined(source, parts, near)
    if joined or (exact and _elsewhere(source, parts)):
        return joined
    return choose(exact, near) or _misspelled(source, parts, near)


def _elsewhere(source: Source, parts: list[Words]) -> bool:
    """Whether the last part names a known town, and so no place far from it is meant."""
    last = " ".join(parts[-1])
    return last not in source.areas([last]) and last in source.named([last])


def _candidates(source: Source, parts: list[Words]) -> list[Guess]:
    """The places of the first reading under which any is known."""
    for name, areas in _readings(source, parts):
        for known in (name, _unjoined(name)):
            if places := source.named([known], areas, MANY).get(known):
                return [Guess(0, known, place) for place in places]
    return []


def _unjoined(name: str) -> str:
    left = name.split()
    while len(left) > 1 and left[-1] in _JOINING:
        left.pop()
    while len(left) > 1 and left[0] in ("in", "en", "near"):
        left.pop(0)
    return " ".join(left)


def _readings(source: Source, parts: list[Words]) -> Iterator[tuple[str, Areas | None]]:
    """(name, where it must lie): the whole as a name first, then with its last words as country or region."""
    head, *tail = parts
    known = source.areas([" ".join(part) for part in tail] + _endings(head))
    outer: Areas | None = None
    for part in tail:
        areas = known.get(" ".join(part)) or next((known[end] for end in _endings(part) if end in known), None)
        outer = _narrowed(outer, areas)
    yield from _split(head, outer, known, depth=2)


def _split(
    head: Words, outer: Areas | None, known: dict[str, Areas], depth: int
) -> Iterator[tuple[str, Areas | None]]:
    yield " ".join(head), outer
    for ending in _endings(head) if depth else ():
        if ending in known:
            left = head[: len(head) - len(ending.split())]
            yield from _split(left, _narrowed(outer, known[ending]), known, depth - 1)


def _endings(part: Words) -> list[str]:
    """Every run of up to four words that something may be named before, longest and last first."""
    most = min(_QUALIFIER_WORDS, len(part) - 1)
    return [" ".join(part[at : at + size]) for size in range(most, 0, -1) for at in range(len(part) - size, 0, -1)]


def _narrowed(outer: Areas | None, inner: Areas | None) -> Areas | None:
    if not outer or not inner:
        return inner or outer
    both = {a for a in inner for b in outer if a.country == b.country and b.region in ("", a.region)}
    both |= {b for a in inner for b in outer if a.country == b.country and a.region == ""}
    return frozenset(both) or outer


def _area(source: Source, whole: str, exact: list[Guess], near: str) -> list[Place]:
    """A country or region named alone: which town of it? Empty where a town of that name is the likelier meaning."""
    areas = [area for area in source.areas([whole]).get(whole, ()) if not area.vague]
    candidates = merged(exact)
    if not areas or (len(whole) == 2 and exact):
        return []
    towns = {area: source.largest(area) for area in sorted(areas, key=lambda area: (area.country != near, area))}
    rivals = [area for area, largest in towns.items() if _rivals(area, largest, candidates)]
    if not rivals:
        return []
    asked = [guess.place for guess in candidates if guess.place.population >= CITY][:LARGEST]
    for area in rivals:
        shown = towns[area][: LARGEST if len(rivals) > 1 else OFFERED]
        asked += [place for place in shown if place not in asked]
    return asked[:OFFERED]


def _rivals(area: Area, largest: list[Place], candidates: list[Guess]) -> bool:
    """Whether the area may well be meant: it has larger towns than the one of its name, or is a whole country."""
    if not candidates:
        return True
    town = candidates[0]
    if largest and largest[0] == town.place:
        return not area.region and key(town.place.name) != town.name
    return bool(largest) and largest[0].population * 2 >= town.place.population


def _doubts(source: Source, name: str, exact: list[Guess]) -> list[Guess]:
    """Cities spelled almost like a small town ("Brooklin"): asked about beside it."""
    largest = max((guess.place.population for guess in exact), default=SMALL_TOWN)
    if largest >= SMALL_TOWN or len(name) < DOUBTED_LETTERS:
        return []
    least = max(CITY, FAR_LARGER * largest)
    return [guess for guess in source.similar(name) if guess.typos == 1 and guess.place.population >= least][:1]


def _joined(source: Source, parts: list[Words], near: str) -> list[Place]:
    """ "Headingley Leeds": a district and its town, with or without a comma between."""
    splits = [(parts[0], part) for part in parts[1:]]
    if not splits:
        splits = [(parts[0][:at], parts[0][at:]) for at in range(len(parts[0]) - 1, 0, -1)]
    found = source.named([" ".join(words) for split in splits for words in split], None, MANY)
    areas = source.areas([" ".join(outer) for _, outer in splits])
    for inner, outer in splits:
        name, town = " ".join(inner), " ".join(outer)
        around = [Guess(0, town, place) for place in found.get(town, [])]
        if town in areas:  # "Surrey" is a town in Canada too
            around = [guess for guess in around if any(area.holds(guess.place) for area in areas[town])]
        close = [Guess(0, name, place) for place in found.get(name, []) if _beside(place, around)]
        if close:
            return choose(close, near)
    return []


def _misspelled(source: Source, parts: list[Words], near: str) -> list[Place]:
    for name, areas in _readings(source, parts):
        guesses = merged(guess for guess in source.similar(name, areas, MANY) if guess.typos)
        best = min((guess.typos for guess in guesses), default=0)
        likely = [guess for guess in guesses if guess.typos == best]
        if not likely:
            continue
        chosen = choose(likely, near)
        weak = chosen[0].population < CITY and not areas
        if len(chosen) == 1 and weak and (best > 1 or len(name) < DOUBTED_LETTERS or len(guesses) > 1):
            chosen = [guess.place for guess in guesses] if len(guesses) > 1 else []
        if chosen:
            return chosen[:OFFERED_SPELLINGS]
    return []
