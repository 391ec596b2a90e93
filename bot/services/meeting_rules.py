"""What has to hold of values that somebody sets, and what follows from them."""

import asyncio
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import Any

from bot.domain.alike import same_street, street_of
from bot.domain.edits import ENDED, PLACE
from bot.domain.feed import Locate, ZoneOf
from bot.domain.fellowship import Fellowship
from bot.domain.fields import FIELDS, BadField, checked, faults
from bot.domain.guarded import REACHED_BY, kinds_of
from bot.domain.meeting import Meeting
from bot.domain.sameness import season_offsets
from bot.domain.words import fold

_POINT = ("latitude", "longitude")
_MOVES = ("country", "region", "city", "postal_code")


@dataclass(frozen=True, slots=True)
class World:
    """What is known beyond the meetings. `kinds`: fellowships that there are; `guarded`: see domain.guarded."""

    kinds: frozenset[str]
    guarded: frozenset[str]
    locate: Locate | None = None
    zone_of: ZoneOf | None = None


def world(
    fellowships: Mapping[str, Fellowship], locate: Locate | None = None, zone_of: ZoneOf | None = None
) -> World:
    """The world of these fellowships; `locate` and `zone_of` as feeds are read with them."""
    return World(frozenset(fellowships), kinds_of(fellowships.values()), locate, zone_of)


def wrong(before: Meeting | None, values: Mapping[str, Any], kinds: Collection[str]) -> tuple[BadField, ...]:
    """Values that cannot be: each is looked at that is not what the meeting has already."""
    found = []
    for name, value in values.items():
        if name == ENDED or (before is not None and name in FIELDS and getattr(before, name) == value):
            continue
        try:
            if checked(name, value) != value:
                found.append(BadField(name, FIELDS[name].kind.value, str(value)))
            elif name == "fellowship" and value not in kinds:
                found.append(BadField(name, "fellowship", str(value)))
        except BadField as error:
            found.append(error)
    return tuple(found)


def new_faults(before: Meeting | None, after: Meeting, values: Mapping[str, Any]) -> tuple[BadField, ...]:
    """What the values make wrong with the whole meeting. What a list has wrong may stay so, and taking something
    down is never in the way: a dead link is worse than none."""
    if before is not None and all(name in REACHED_BY and value in ("", None) for name, value in values.items()):
        return ()
    old = {(one.field, one.reason) for one in faults(before)} if before is not None else set()
    return tuple(one for one in faults(after) if (one.field, one.reason) not in old)


async def following(before: Meeting, values: Mapping[str, Any], about: World) -> dict[str, Any]:
    """What follows from values: a new address has another point on the map, a known length is not assumed.

    The old point would lead to the old door, so it goes; the map opens at the address, and the point that is looked
    up for searches near by is that of the postcode or town.
    """
    derived: dict[str, Any] = {}
    if before.duration_assumed and values.get("duration") is not None:
        derived["duration_assumed"] = False
    after = replace(before, **{name: value for name, value in values.items() if name != ENDED})
    if not after.in_person or set(_POINT) & values.keys():
        return derived
    if same_door(before, after) and (before.latitude is not None or before.in_person):
        return derived
    return {**derived, **await _placed(before, after, values, about)}


def same_door(one: Meeting, other: Meeting) -> bool:
    """Whether two addresses are spellings of one."""
    if all(getattr(one, name) == getattr(other, name) for name in PLACE):
        return True
    if not _same_town(one, other):
        return False
    mine, theirs = street_of(one.address), street_of(other.address)
    return mine is not None and theirs is not None and bool(mine.number) and same_street(mine, theirs)


def _same_town(one: Meeting, other: Meeting) -> bool:
    return all(fold(getattr(one, name)) == fold(getattr(other, name)) for name in _MOVES)


async def _placed(before: Meeting, after: Meeting, values: Mapping[str, Any], about: World) -> dict[str, Any]:
    place = (after.city, after.region, after.country, after.postal_code)
    point = await asyncio.to_thread(about.locate, *place) if about.locate else None
    if point is None and _same_town(before, after) and before.latitude is not None and before.longitude is not None:
        point = before.latitude, before.longitude
    street = street_of(after.address)
    derived: dict[str, Any] = dict(zip(_POINT, point or (None, None), strict=True))
    if "approximate" not in values:
        derived["approximate"] = street is None or not street.number
    zone = about.zone_of(*point) if point and about.zone_of and not _same_town(before, after) else ""
    if zone and "zone" not in values and season_offsets(zone) != season_offsets(before.zone):
        derived["zone"] = zone
    return derived
