"""A made-up world of meetings for measuring: clustered like cities, AA-heavy, a quarter online, mostly at 19:00."""

import argparse
import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import tzfpy

from bot.domain.fellowship import Fellowship, Tradition
from bot.domain.meeting import TAGS, Meeting
from bot.store import meetings as store
from bot.store.database import Database

NOW = datetime(2026, 11, 21, 17, 30, tzinfo=UTC)
DENSE = (51.5, -0.12)
DENSE_KM = 10
DENSE_ROOMS = 5_000
CITIES = 3_000
FAMILIES = (Tradition.TWELVE_STEP, Tradition.SECULAR, Tradition.OTHER)
_DEGREE_KM = 111.2
_LANDS = (  # south, north, west, east, share
    (30, 48, -122, -72, 0.4),
    (36, 58, -8, 30, 0.3),
    (-38, -10, 115, 152, 0.08),
    (8, 30, 70, 90, 0.08),
    (-34, 10, -74, -40, 0.08),
    (-34, 6, 14, 38, 0.06),
)


def fellowships(count: int = 80) -> dict[str, Fellowship]:
    """So many kinds; the first half serve "alcohol", all of them something."""
    made = (_fellowship(number, "alcohol" if number < count // 2 else "food") for number in range(count))
    return {one.id: one for one in made}


def _fellowship(number: int, need: str) -> Fellowship:
    return Fellowship(f"kind_{number:02}", number + 1, f"Kind {number}", f"K{number}", FAMILIES[number % 3], (need,))


class World:
    """Columns of `size` meetings, the same ones for a seed."""

    def __init__(self, size: int, seed: int = 1) -> None:
        random = np.random.default_rng(seed)
        self.size = size
        city = self._cities(random)
        self.in_person = random.random(size) < 0.75
        self.online = ~self.in_person | (random.random(size) < 0.08)
        chosen = random.choice(CITIES, size, p=city["weight"])
        spread = random.exponential(city["spread_km"][chosen]) / _DEGREE_KM
        angle = random.random(size) * 2 * np.pi
        self.latitude = city["latitude"][chosen] + spread * np.sin(angle)
        self.longitude = city["longitude"][chosen] + spread * np.cos(angle) / np.cos(np.radians(self.latitude))
        self.zone = city["zone"][chosen]
        self._crowd(random)
        self.kind = np.minimum(random.zipf(1.9, size) - 1, 79)
        self.weekday = random.integers(1, 8, size)
        evening = np.rint(random.normal(19 * 4, 5, size)).astype(int) * 15
        self.start = np.where(random.random(size) < 0.7, evening, random.integers(24, 96, size) * 15) % 1440
        self.tags = random.random((size, 6)) < (0.4, 0.2, 0.2, 0.1, 0.1, 0.05)
        self.spanish = random.random(size) < 0.08

    @staticmethod
    def _cities(random: np.random.Generator) -> dict[str, Any]:
        shares = np.array([land[4] for land in _LANDS])
        land = np.array(_LANDS)[random.choice(len(_LANDS), CITIES, p=shares / shares.sum())]
        latitude, longitude = random.uniform(land[:, 0], land[:, 1]), random.uniform(land[:, 2], land[:, 3])
        weight = 1 / (np.arange(CITIES) + 20)
        zones = [tzfpy.get_tz(east, north) or "UTC" for north, east in zip(latitude, longitude, strict=True)]
        return {
            "latitude": latitude,
            "longitude": longitude,
            "weight": weight / weight.sum(),
            "spread_km": 2 + 200 * weight,
            "zone": np.array(zones, dtype=object),
        }

    def _crowd(self, random: np.random.Generator) -> None:
        """One city with 5,000 rooms in 10 km, in a world that is large enough for it."""
        rooms = np.flatnonzero(self.in_person)[:DENSE_ROOMS]
        if self.size < 20 * DENSE_ROOMS:
            return
        away, angle = DENSE_KM * np.sqrt(random.random(len(rooms))), random.random(len(rooms)) * 2 * np.pi
        self.latitude[rooms] = DENSE[0] + away * np.sin(angle) / _DEGREE_KM
        self.longitude[rooms] = DENSE[1] + away * np.cos(angle) / _DEGREE_KM / np.cos(np.radians(DENSE[0]))
        self.zone[rooms] = "Europe/London"

    def week_minutes(self) -> np.ndarray[Any, np.dtype[np.int64]]:
        """Minute of the week in UTC, with the offsets of NOW."""
        offsets = {}
        for zone in set(self.zone):
            offset = NOW.astimezone(ZoneInfo(zone)).utcoffset()
            assert offset is not None
            offsets[zone] = offset.total_seconds() // 60
        offset_of = np.array([offsets[zone] for zone in self.zone], dtype=np.int64)
        return ((self.weekday - 1) * 1440 + self.start - offset_of) % 10080

    def meetings(self) -> Iterator[Meeting]:
        """The same as domain objects, with texts as long as real ones."""
        names = ("open", "closed", "discussion", "wheelchair", "women", "meditation")
        assert set(names) <= set(TAGS)
        for row in range(self.size):
            room, online = bool(self.in_person[row]), bool(self.online[row])
            yield Meeting(
                id=(row * 0x9E3779B97F4A7C15 + 1) % 2**56,
                feed="bench",
                key=str(row),
                position=0,
                fellowship=f"kind_{self.kind[row]:02}",
                name=f"Meeting number {row} of the week",
                weekday=int(self.weekday[row]),
                start=int(self.start[row]),
                duration=60,
                zone=str(self.zone[row]),
                in_person=room,
                online=online,
                latitude=float(self.latitude[row]) if room else None,
                longitude=float(self.longitude[row]) if room else None,
                venue="St Example's Community Hall" if room else "",
                address=f"{row % 300} Example Street" if room else "",
                city=f"Town {row % CITIES}" if room else "",
                region="Exampleshire" if room else "",
                country="GB" if room else "",
                notes="Enter by the side door and ring the bell twice. All are welcome here." if row % 3 else "",
                tags=frozenset(name for name, has in zip(names, self.tags[row], strict=True) if has),
                languages=("es",) if self.spanish[row] else ("en",) if row % 2 else (),
                join_url=f"https://zoom.us/j/{5550000000 + row}" if online else "",
                entity="Example Intergroup",
                entity_url="https://example.org/",
            )


async def write(world: World, file: Path) -> None:
    """Put a world into a new SQLite file, and beside it what a reference needs."""
    database = Database(f"sqlite+aiosqlite:///{file}")
    await database.upgrade()
    await database.open()
    async with database.begin() as connection:
        await store.replace_feed(connection, "bench", world.meetings())
    await database.close()
    rooms = world.in_person
    points = np.column_stack((world.latitude[rooms], world.longitude[rooms]))
    np.savez(file.with_suffix(".npz"), points=points, week=world.week_minutes()[rooms])


if __name__ == "__main__":
    # A process of its own, so that the measured one holds nothing of the making.
    parser = argparse.ArgumentParser()
    parser.add_argument("size", type=int)
    parser.add_argument("file", type=Path)
    given = parser.parse_args()
    asyncio.run(write(World(given.size), given.file))
