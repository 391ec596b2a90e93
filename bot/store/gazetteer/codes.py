"""Postcodes: which countries a text can be a postcode of, and the prefixes it is known by.

Shapes: UK outward codes with or without the inward part, Canada's forward sortation areas, Ireland's routing
keys (An Post), five digits (US, ES, MX, DE, FR, IT) and four digits (AU, NZ); any other only as it was learned.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from bot.domain.words import fold

FIVE_DIGITS = ("US", "ES", "MX", "DE", "FR", "IT")
FOUR_DIGITS = ("AU", "NZ")
_BRITISH = ("GB", "GG", "JE", "IM")
_LAST_DISTRICT = {"E": 20, "N": 22, "W": 14}  # London's; beyond them Ireland has routing keys of the same shape

_UK = re.compile(r"([A-Z]{1,2})(\d[A-Z\d]?)(?: ?(\d)[A-Z]{2})?")
_CANADA = re.compile(r"([ABCEGHJ-NPRSTVXY]\d[A-Z])(?: ?\d[A-Z]\d)?")
_IRELAND = re.compile(r"([AC-FHKNPRTV-Y]\d[\dW])(?: ?[A-Z\d]{4})?")
_NUMBER = re.compile(r"(\d{4,5})(?: \d{4})?")
_OTHER = re.compile(r"(?=.*\d.*\d)[A-Z\d]{2,8}(?: [A-Z\d]{2,4})?")


# Full codes of which people often write the first part alone, and how many characters the second one has.
_HALVES = {
    **dict.fromkeys(_BRITISH, (re.compile(r"[A-Z]{1,2}\d[A-Z\d]?\d[A-Z]{2}"), 3)),
    "CA": (re.compile(r"[A-Z]\d[A-Z]\d[A-Z]\d"), 3),
    "IE": (re.compile(r"[A-Z]\d[\dW][A-Z\d]{4}"), 4),
    "NL": (re.compile(r"\d{4}[A-Z]{2}"), 2),
}
SHORTEST_CODE = 3  # characters
LONGEST_CODE = 20


class Code(NamedTuple):
    """A postcode of a country, and the prefixes it may be known by, longest first, without spaces."""

    country: str
    prefixes: tuple[str, ...]


def readings(text: str) -> list[Code]:
    """Every country that a text, as a whole, can be a postcode of; empty if it has no such shape."""
    plain = fold(text[:40]).upper()
    if not plain.isascii() or not any(char.isdigit() for char in plain):
        return []
    return [*_british(plain), *_canadian(plain), *_irish(plain), *_digits(plain)]


def compact(text: str) -> str:
    """A code as a file of codes is kept: capitals and digits, without spaces and hyphens; "" for what is none."""
    code = fold(text).upper().replace(" ", "") if len(text) <= 2 * LONGEST_CODE else ""
    digits = any(char.isdigit() for char in code)
    return code if digits and code.isascii() and SHORTEST_CODE <= len(code) <= LONGEST_CODE else ""


def first_half(country: str, code: str) -> str:
    """The part of a full code (as `compact` gives it) that people write alone: "LS6" of "LS62AA"; "" of others."""
    shape, size = _HALVES.get(country, (None, 0))
    return code[:-size] if shape and shape.fullmatch(code) else ""


def asked(text: str) -> set[str]:
    """Every code by which a text, as a whole, may be known in whichever country; empty if it can be none."""
    code = compact(text)
    if not code:
        return set()
    halves = {first_half(country, code) for country in _HALVES} - {""}
    return {code, *halves, *(prefix for reading in readings(text) for prefix in reading.prefixes)}


def learned(country: str, text: str) -> tuple[str, ...]:
    """The prefixes of a postcode as a list of that country gives it, longest first; empty for what is none."""
    plain = fold(text[:40]).upper()
    shapes = {"CA": _canadian, "IE": _irish, **dict.fromkeys(_BRITISH, _british)}
    if country in shapes:
        return next((code.prefixes for code in shapes[country](plain) if code.country == country), ())
    if country == "US":
        plain = plain[:5]
    return _general(plain) if _OTHER.fullmatch(plain) else ()


def unknown_shape(text: str) -> tuple[str, ...]:
    """The prefixes of a text that may be a postcode of a country without a table here ("1012 AB")."""
    plain = fold(text[:40]).upper()
    return _general(plain) if plain.isascii() and _OTHER.fullmatch(plain) else ()


def _british(plain: str) -> Iterator[Code]:
    match = _UK.fullmatch(plain)
    if not match:
        return
    area, district, sector = match.groups()
    if district.isdigit() and int(district) > _LAST_DISTRICT.get(area, 99):
        return
    outward = area + district
    bare = area + district[0] if district[-1].isalpha() else ""  # SW1A is a part of SW1
    inward = (plain.replace(" ", ""), outward + sector) if sector else ()
    for country in _BRITISH:
        yield Code(country, tuple(filter(None, (*inward, outward, bare, area))))


def _canadian(plain: str) -> Iterator[Code]:
    match = _CANADA.fullmatch(plain)
    if match:
        area = match[1]
        yield Code("CA", tuple(dict.fromkeys((plain.replace(" ", ""), area, area[:2], area[:1]))))


def _irish(plain: str) -> Iterator[Code]:
    match = _IRELAND.fullmatch(plain)
    if match:
        yield Code("IE", tuple(dict.fromkeys((plain.replace(" ", ""), match[1], match[1][:1]))))


def _digits(plain: str) -> Iterator[Code]:
    match = _NUMBER.fullmatch(plain)
    if match:
        number = match[1]
        for country in FIVE_DIGITS if len(number) == 5 else FOUR_DIGITS:
            yield Code(country, tuple(number[:size] for size in range(len(number), 1, -1)))


def _general(plain: str) -> tuple[str, ...]:
    compact = plain.replace(" ", "")
    return tuple(compact[:size] for size in range(len(compact), 2, -1))
