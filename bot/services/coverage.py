"""Which kinds are known near a place, and whom to ask about the others."""

import math
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.domain.feed_state import FeedState
from bot.domain.fellowship import Fellowship
from bot.domain.place import EARTH_RADIUS_KM, Place, distance_km
from bot.store import coverage as store
from bot.store.database import Database

NEAR_KM = 50.0


@dataclass(frozen=True, slots=True)
class Known:
    """A kind with rooms nearby: how many meetings, online ones from anywhere, and whose lists tell of the rooms."""

    fellowship: str
    meetings: int
    online: int
    feeds: tuple[FeedState, ...]


@dataclass(frozen=True, slots=True)
class Unknown:
    """A kind without a known room nearby: its official finder ("" where it has none), and its online meetings."""

    fellowship: str
    finder: str
    online: int


@dataclass(frozen=True, slots=True)
class Coverage:
    """What is known near a place, the kinds with most meetings first, and what is not."""

    place: Place
    known: tuple[Known, ...]
    unknown: tuple[Unknown, ...]

    def report(self) -> dict[str, object]:
        """The object that `feeds coverage --json` prints."""
        place = self.place
        return {
            "place": {
                "name": place.name,
                "country": place.country,
                "latitude": place.latitude,
                "longitude": place.longitude,
            },
            "known": [
                {"fellowship": one.fellowship, "meetings": one.meetings, "feeds": [feed.id for feed in one.feeds]}
                for one in self.known
            ],
            "unknown": [{"fellowship": one.fellowship, "finder": one.finder} for one in self.unknown],
        }


async def coverage(
    database: Database, fellowships: Mapping[str, Fellowship], feeds: Sequence[FeedState], place: Place
) -> Coverage:
    """Count the meetings in rooms within 50 km, whenever they are, kind by kind.

    Kinds that appear only where they are listed are not missed where they are not.
    """
    counts, lists = await _rooms(database, place)
    async with database.read() as connection:
        online = await store.online(connection)
    states = {feed.id: feed for feed in feeds}
    known = tuple(
        Known(kind, count, online.get(kind, 0), tuple(states[feed] for feed in sorted(lists[kind]) if feed in states))
        for kind, count in sorted(counts.items(), key=lambda one: (-one[1], one[0]))
    )
    unknown = tuple(
        Unknown(kind, fellowship.finder, online.get(kind, 0))
        for kind, fellowship in sorted(fellowships.items())
        if fellowship.live and kind not in counts
    )
    return Coverage(place, known, unknown)


async def _rooms(database: Database, place: Place) -> tuple[Counter[str], dict[str, set[str]]]:
    """Meetings of each kind in reach, and the feeds they come from."""
    here = (place.latitude, place.longitude)
    degrees = math.degrees(NEAR_KM / EARTH_RADIUS_KM)
    counts: Counter[str] = Counter()
    lists: defaultdict[str, set[str]] = defaultdict(set)
    async with database.snapshot() as connection:
        async for fellowship, feed, latitude, longitude in store.rooms(
            connection, place.latitude - degrees, place.latitude + degrees
        ):
            if distance_km(here, (latitude, longitude)) <= NEAR_KM:
                counts[fellowship] += 1
                lists[fellowship].add(feed)
    return counts, dict(lists)
