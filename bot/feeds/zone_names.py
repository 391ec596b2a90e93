"""Which zone a row's times are in: what it says, where it is, what the feed says. Never UTC for want of better."""

import re
from collections.abc import Mapping
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from bot.domain.feed import FeedSource, Locate, folded
from bot.domain.place import valid_coordinates
from bot.feeds.places import Where, located
from bot.feeds.refusal import Refused
from bot.feeds.text import one_line
from bot.feeds.times import clock_or_none

_FILLERS = re.compile(r"\b(?:standard|daylight|time|zone|us and canada|us & canada)\b|[()]")
_IN_NAME = re.compile(r"(\d{1,2}(?::\d{2})?\s*[ap]\.?m\.?)\s+\(?([A-Za-z]{5,8})\b", re.IGNORECASE)


class Zones:
    """The zones of one feed, each name and each square kilometre looked up once."""

    def __init__(self, source: FeedSource) -> None:
        self._words: Mapping[str, str] = source.types.zones
        self._zone_of = source.zone_of
        self._named: dict[str, str] = {}
        self._cells: dict[tuple[float, float], str] = {}

    def named(self, text: str) -> str:
        """The zone a row names: IANA, or words that can mean only one zone; "" for anything else."""
        zone = self._named.get(text)
        if zone is None:
            words = " ".join(_FILLERS.sub(" ", folded(text)).split())
            zone = self._named[text] = _iana(text) or self._words.get(words, "")
        return zone

    def said(self, value: object, notes: set[str]) -> str:
        """The zone that a row states, with a note where it is no plain IANA name; "" when it states none."""
        text = one_line(value)
        if not text:
            return ""
        zone = self.named(text)
        if zone != text:
            notes.add("zone_mended" if zone else "zone_not_understood")
        return zone

    def at(self, point: tuple[float, float] | None) -> str:
        """The zone of a point, looked up on coordinates rounded to about a kilometre; "" where not known."""
        if point is None or self._zone_of is None:
            return ""
        cell = (round(point[0], 2), round(point[1], 2))
        zone = self._cells.get(cell)
        if zone is None:
            zone = self._cells[cell] = self._zone_of(*(cell if valid_coordinates(*cell) else point))
        return zone

    def of_town(self, where: Where, locate: Locate | None, notes: set[str]) -> str:
        """The zone of the row's town, for rows without a point; Refused where nothing is left to go by."""
        zone = self.at(located(where, locate)) if where.point is None else ""
        if not zone:
            raise Refused("no_zone")
        notes.add("zone_from_town")
        return zone

    def told_by_name(self, name: str, start: int | None) -> tuple[str, bool]:
        """The zone in a name like "9am Eastern", and whether the row's own time is the same 9:00; else ""."""
        match = _IN_NAME.search(name) if "m " in name or "M " in name else None
        zone = self._words.get(match[2].lower(), "") if match else ""
        if match is None or not zone or start is None:
            return "", False
        return zone, clock_or_none(match[1]) == start


@lru_cache(maxsize=1024)
def _iana(text: str) -> str:
    """The name as the zone database writes it; "" for abbreviations such as EST, which mean several zones."""
    if "/" not in text:
        return "UTC" if text in ("UTC", "GMT", "Etc/UTC") else ""
    if text.startswith(("posix/", "right/")):
        return ""
    try:
        return ZoneInfo(text).key
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return _by_lower_case().get(text.strip().lower().replace(" ", "_"), "")


@lru_cache(maxsize=1)
def _by_lower_case() -> dict[str, str]:
    return {zone.lower(): zone for zone in available_timezones()}
