"""The whole fair search beside a KD-tree, in one process and one run.

    .venv/bin/python -m tests.bench.search [--sizes 10000 250000] [--passes 5]

Ours is `services.meetings.Meetings.search` over a SQLite file, with turns, counts and the cards of one screen.
The reference answers a plainer question with `scipy.spatial.cKDTree` over the same rooms: the ten next meetings
within ten miles that start in the next 24 hours, ids only. Both take the same points in alternating blocks of
ten, because a machine drifts by more than they differ. Figures are the median of the passes. A search without a
place, and one where nothing is near, has no points of its own for such a question: the reference then takes those
of the default search.

The last two columns are ours beside readings of "the ten nearest" that look at fewer rows: the ten nearest that
start in the next 24 hours however far they are, and the ten nearest whenever they start, both with
their rooms.
"""

import argparse
import asyncio
import gc
import heapq
import math
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from scipy.spatial import cKDTree

from bot.domain.place import EARTH_RADIUS_KM, Place
from bot.domain.search import Search
from bot.domain.when import NOW as STARTS_NOW
from bot.services.meetings import Meetings
from bot.store.database import Database
from tests.bench.world import DENSE, NOW, fellowships

QUERIES, BLOCK = 200, 10
TEN_MILES_KM = 16.09
BARS: dict[str, tuple[float, float]] = {
    "default": (8, 4),
    "filtered": (9, 4),
    "fourth page": (9, 4),
    "80 kinds": (9, 4),
    "online": (5, math.inf),
    "sparse": (5, math.inf),
    "dense": (1.5, 1.5),
}
"""At most so many times the median and the p99 of the reference, at 250,000 meetings."""


class Reference:
    """A KD-tree over the rooms and their starts."""

    def __init__(self, file: Path) -> None:
        data = np.load(file)
        self.points, self.week = data["points"], data["week"].tolist()
        self.tree = cKDTree(_vectors(self.points))
        self.now = (int(NOW.timestamp()) // 60 + 3 * 1440) % 10080
        self.reach = 2 * math.sin(TEN_MILES_KM / EARTH_RADIUS_KM / 2)

    def next_ten(self, place: Place) -> list[tuple[int, int]]:
        """(minutes to wait, row) of the ten next within ten miles and 24 hours."""
        near = self.tree.query_ball_point(self._here(place), self.reach)
        waits = ((self.week[row] - self.now) % 10080 for row in near)
        return heapq.nsmallest(10, ((wait, row) for wait, row in zip(waits, near, strict=True) if wait < 1440))

    def nearest_today(self, place: Place) -> list[list[float]]:
        """The ten nearest that start within 24 hours, however far they are."""
        here, asked = self._here(place), 80
        while True:
            near = self.tree.query(here, asked)[1].tolist()
            found = [row for row in near if (self.week[row] - self.now) % 10080 < 1440]
            if len(found) >= 10 or asked >= len(self.week):
                return self._rooms(found[:10])
            asked = min(2 * asked, len(self.week))

    def nearest_ten(self, place: Place) -> list[list[float]]:
        """The ten nearest, whenever they start."""
        return self._rooms(self.tree.query(self._here(place), 10)[1])

    def _rooms(self, rows: Any) -> list[list[float]]:
        rooms: list[list[float]] = self.points[rows].tolist()
        return rooms

    @staticmethod
    def _here(place: Place) -> np.ndarray[Any, Any]:
        here: np.ndarray[Any, Any] = _vectors(np.array([[place.latitude, place.longitude]]))[0]
        return here


def _vectors(points: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    north, east = np.radians(points.T)
    return np.column_stack((np.cos(north) * np.cos(east), np.cos(north) * np.sin(east), np.sin(north)))


@dataclass(frozen=True)
class Case:
    """Searches of one sort, and the points at which the reference is asked beside them."""

    name: str
    searches: list[Search]
    points: list[Place]


def cases(reference: Reference, dense: bool) -> list[Case]:
    """Two hundred searches of each sort, the same ones every time."""
    random = np.random.default_rng(7)
    rows = reference.points[random.integers(0, len(reference.points), QUERIES)]
    towns = [_near(random, *row) for row in rows]
    default = [Search(place=town, needs=("alcohol",), seed=at) for at, town in enumerate(towns)]
    filters = (frozenset({"open"}), frozenset({"women"}), frozenset({"lang_es"}), frozenset({"wheelchair", "open"}))
    away = _sparse(random, reference)
    found = [
        Case("default", default, towns),
        Case("filtered", [replace(one, filters=filters[at % 4]) for at, one in enumerate(default)], towns),
        Case("fourth page", [one.with_page(4) for one in default], towns),
        Case("80 kinds", [replace(one, needs=()) for one in default], towns),
        Case("starting now", [replace(one, when=STARTS_NOW) for one in default], towns),
        Case("online", [replace(one, place=None, online=True) for one in default], towns),
        Case("online now", [replace(one, place=None, when=STARTS_NOW) for one in default], towns),
        Case("sparse", [replace(one, place=place) for one, place in zip(default, away, strict=True)], towns),
    ]
    if dense:
        crowd = [_near(random, *DENSE) for _ in range(QUERIES)]
        searches = [replace(one, place=place) for one, place in zip(default, crowd, strict=True)]
        rare = [replace(one, filters=frozenset({"lang_es", "women"})) for one in searches]
        found += [Case("dense", searches, crowd), Case("dense filtered", rare, crowd)]
    return found


def _near(random: np.random.Generator, north: float, east: float) -> Place:
    return Place(
        "", north + random.normal(0, 0.02), east + random.normal(0, 0.02), country="GB", zone="Europe/London"
    )


def _sparse(random: np.random.Generator, reference: Reference) -> list[Place]:
    """Points without any room in 100 km."""
    places: list[Place] = []
    while len(places) < QUERIES:
        place = Place("", math.degrees(math.asin(random.uniform(-0.9, 0.9))), random.uniform(-180, 180), zone="UTC")
        vector = _vectors(np.array([[place.latitude, place.longitude]]))[0]
        if reference.tree.query(vector)[0] > 100 / EARTH_RADIUS_KM:
            places.append(place)
    return places


@dataclass
class Times:
    """Milliseconds of one pass."""

    ours: list[float]
    theirs: list[float]
    today: list[float]
    plain: list[float]


async def one_pass(meetings: Meetings, reference: Reference, case: Case) -> Times:
    """Ours and the references in alternating blocks of ten."""
    times = Times([], [], [], [])
    references = (
        (reference.next_ten, times.theirs),
        (reference.nearest_today, times.today),
        (reference.nearest_ten, times.plain),
    )
    for begin in range(0, QUERIES, BLOCK):
        block = slice(begin, begin + BLOCK)
        for search in case.searches[block]:
            started = time.perf_counter()
            await meetings.search(search, now=NOW)
            times.ours.append((time.perf_counter() - started) * 1000)
        for ask, spent in references:
            for place in case.points[block]:
                spent.append(_timed(ask, place))
    return times


def _timed(ask: Callable[[Place], object], place: Place) -> float:
    started = time.perf_counter()
    ask(place)
    return (time.perf_counter() - started) * 1000


def summary(passes: list[Times], name: str) -> tuple[float, float]:
    """Median over the passes of the median and of the p99."""
    columns = [getattr(one, name) for one in passes]
    middle = statistics.median(statistics.median(column) for column in columns)
    return middle, statistics.median(float(np.percentile(column, 99)) for column in columns)


async def measure(size: int, passes: int, directory: Path) -> float:
    """Print the table for a world of one size; the median of the default search in ms."""
    file = directory / f"bench-{size}.db"
    subprocess.run([sys.executable, "-m", "tests.bench.world", str(size), str(file)], check=True)
    database = Database(f"sqlite+aiosqlite:///{file}")
    await database.open()
    meetings = Meetings(database, fellowships(), lambda: NOW, lambda place: "UTC")
    await _warm_up(database)
    gc.collect()
    before, started = _rss(), time.perf_counter()
    _, held = await asyncio.gather(meetings.refresh(), _longest_hold(meetings))
    built, after = time.perf_counter() - started, _rss()
    print(f"\n{size:,} meetings: built in {built:.1f} s, the loop held for {held:.0f} ms at most,")
    print(f"{after - before:.0f} MB more than before\n")
    reference = Reference(file.with_suffix(".npz"))
    print(_HEAD)
    default = 0.0
    for case in cases(reference, dense=size >= 100_000):
        done = [await one_pass(meetings, reference, case) for _ in range(passes + 1)][1:]
        print(_line(case.name, done), flush=True)
        default = default or summary(done, "ours")[0]
    await database.close()
    return default


_HEAD = (
    f"{'':16}{'ours p50':>9}{'p99':>7}{'next 10':>9}{'p99':>7}{'ratio':>7}{'p99':>6}{'bar':>10}"
    f"{'nearest today':>15}{'nearest':>9}"
)


def _line(name: str, done: list[Times]) -> str:
    """One case as a row of the table."""
    ours, theirs, today, plain = (summary(done, column) for column in ("ours", "theirs", "today", "plain"))
    bar = "{:g} / {:g}".format(*BARS[name]) if name in BARS else ""
    times = f"{ours[0]:9.3f}{ours[1]:7.2f}{theirs[0]:9.3f}{theirs[1]:7.2f}"
    ratios = f"{ours[0] / theirs[0]:7.2f}{ours[1] / theirs[1]:6.2f}"
    return f"{name:16}{times}{ratios}{bar:>10}{ours[0] / today[0]:14.1f}x{ours[0] / plain[0]:8.1f}x"


async def _warm_up(database: Database) -> None:
    """Whatever libraries load at their first use is no cost of the index."""
    async with database.read() as connection:
        await connection.exec_driver_sql("SELECT 1")
    await asyncio.to_thread(np.argsort, np.arange(10))


async def _longest_hold(meetings: Meetings) -> float:
    """How long the loop could not turn, at most, in ms, until the index is there."""
    longest, last = 0.0, time.perf_counter()
    while not meetings.ready:
        await asyncio.sleep(0.001)
        now = time.perf_counter()
        longest, last = max(longest, now - last), now
    return longest * 1000


def _rss() -> float:
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmRSS"):
            return int(line.split()[1]) / 1024
    return 0.0


async def _all(sizes: list[int], passes: int) -> None:
    with tempfile.TemporaryDirectory() as directory:
        grown = [await measure(size, passes, Path(directory)) for size in sizes]
    if len(grown) > 1:
        print(f"\nThe default search from {sizes[0]:,} to {sizes[-1]:,} meetings: {grown[-1] / grown[0]:.2f} times")


def main(arguments: Sequence[str] = ()) -> None:
    """Each size in turn, then how the default search grows."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", type=int, nargs="+", default=[10_000, 250_000])
    parser.add_argument("--passes", type=int, default=5)
    given = parser.parse_args(arguments)
    asyncio.run(_all(given.sizes, given.passes))


if __name__ == "__main__":
    main(sys.argv[1:])
