"""Time zones: which one is likely, how a button carries one, and where 12-hour clocks are used."""

import binascii
from functools import lru_cache

from babel.core import get_global

from bot.domain.errors import OutdatedButton
from bot.views.frame import Frame

ASK = 0  # number of a button that asks; no zone has it


def zone_number(zone: str) -> int:
    """A zone as a number of 16 bits, from its name alone: the same on every machine and in every year."""
    return max(binascii.crc_hqx(zone.encode(), 0), ASK + 1)


@lru_cache(maxsize=1)
def _numbered() -> dict[int, str]:
    names = {*get_global("zone_territories"), *get_global("zone_aliases")}
    return {zone_number(name): name for name in sorted(names)}


def numbered_zone(number: int) -> str:
    """The reverse of zone_number; OutdatedButton for a zone that nobody knows."""
    try:
        return _numbered()[number]
    except KeyError:
        raise OutdatedButton from None


def country_of_zone(zone: str) -> str:
    """The country (ISO alpha-2) that a zone lies in; "" for world time and the like."""
    name = get_global("zone_aliases").get(zone, zone)
    country = get_global("zone_territories").get(name, "")
    return "" if country in ("001", "ZZ") else str(country)


def likely_zone(frame: Frame, listed: str) -> str:
    """A guess to confirm: the zone of the place that was said, else of the operator's country, else as listed."""
    place = frame.search.place
    if place and place.zone:
        return place.zone
    country = frame.operator.country
    if country and country_of_zone(listed) != country:
        zones = get_global("territory_zones").get(country, [])
        return zones[0] if len(zones) == 1 else listed
    return listed
