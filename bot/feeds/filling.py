"""Rows of a sheet that share a group or an address: what one of them leaves blank, another one says."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from bot.domain.feed import folded
from bot.feeds.places import NO_PLACE
from bot.feeds.text import one_line

_OF_GROUP = ("group_notes", "website", "district")
_OF_ADDRESS = ("location", "location_notes", "city", "state", "postal_code", "country", "region", "sub_region")
_OF_POINT = ("timezone", "latitude", "longitude")
# Rows that say different things here are different groups of one name, or two houses.
_GROUP_APART = ("region", "district")
_ADDRESS_APART = ("location", "region", "sub_region", "city", "state", "postal_code")


def fill_blanks(rows: Sequence[Any]) -> set[int]:
    """Fill the rows in place, the first that says something wins; the positions of rows that got something."""
    by_group = _filled(rows, _group, _GROUP_APART, _OF_GROUP)
    return by_group | _filled(rows, _address, _ADDRESS_APART, _OF_ADDRESS + _OF_POINT)


def _filled(
    rows: Sequence[Any], key_of: Callable[[Any], str], apart: Sequence[str], fields: Sequence[str]
) -> set[int]:
    keys = [key_of(row) for row in rows]
    said: dict[str, dict[str, Any]] = {}
    for row, key in zip(rows, keys, strict=True):
        if key and _agree(row, said.setdefault(key, {}), apart):
            for field in (*apart, *fields):
                _learn(row, field, said[key])
    filled = set()
    for at, (row, key) in enumerate(zip(rows, keys, strict=True)):
        if key and _agree(row, said[key], apart) and _take(row, said[key], fields):
            filled.add(at)
    return filled


def _learn(row: Any, field: str, said: dict[str, Any]) -> None:
    value = getattr(row, field)
    if value is not None:
        said.setdefault(field, value)


def _agree(row: Any, said: dict[str, Any], apart: Iterable[str]) -> bool:
    return all(field not in said or getattr(row, field) in (None, said[field]) for field in apart)


def _take(row: Any, said: dict[str, Any], fields: Sequence[str]) -> bool:
    has_point = row.latitude is not None or row.longitude is not None or row.coordinates is not None
    taken = False
    for field in fields:
        if field not in said or getattr(row, field) is not None or (has_point and field in _OF_POINT[1:]):
            continue
        setattr(row, field, said[field])
        taken = True
    return taken


def _group(row: Any) -> str:
    return folded(one_line(row.group))


def _address(row: Any) -> str:
    """The address as it is compared; "" for one that leads to no door: an area is shared by strangers."""
    if folded(one_line(row.location)) in NO_PLACE:
        return ""
    text = folded(one_line(row.formatted_address) or one_line(row.address))
    return text if any(map(str.isdigit, text.partition(",")[0])) else ""
