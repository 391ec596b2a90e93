"""One worker on PostgreSQL beside one on SQLite, with the same quarter of a million meetings, taking turns.

    .venv/bin/python -m tests.bench.engines [--size 250000] [--rounds 5]

Start-up and memory are those of fresh processes: one that only imports every library that the bot has loaded in the
end, and the bot as it is run, until it answered /start, until it answered a search, and until all is taken up.
Searches alternate in blocks of ten within one process.
"""

import argparse
import asyncio
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from sqlite3 import connect
from typing import Any

import numpy as np

from bot.feeds.zones import zone_at
from bot.services.meetings import Meetings
from bot.settings import CONTENT
from bot.store.database import Database
from bot.texts.fellowships import load_fellowships
from tests import postgres
from tests.bench.search import BLOCK, QUERIES, Case, Reference, cases
from tests.bench.starts import Moment, Start, imported, loaded, middle, started
from tests.bench.world import NOW
from tests.reminding import KEY

ROOT = Path(__file__).parents[2]
BARS = "bars, for PostgreSQL: 90 MB more, ready 1.5 times the libraries, a search twice SQLite's"


@dataclass(frozen=True, slots=True)
class Both:
    """The addresses of the same meetings."""

    sqlite: str
    postgresql: str


async def processes(both: Both, rounds: int, folder: Path) -> None:
    """Start-up and memory, one kind of process after the other, again and again."""
    names = (await loaded(both.sqlite, folder))[1]
    alone: list[Moment] = []
    runs: dict[str, list[Start]] = {both.sqlite: [], both.postgresql: []}
    for turn in range(rounds + 1):
        one = await asyncio.to_thread(imported, names, folder)
        alone += [one] if turn else []  # the first fills caches
        for url, found in runs.items():
            start = await started(url, folder)
            found += [start] if turn else []
    libraries = middle(alone)
    print(
        f"libraries alone: {libraries.seconds:.2f} s, {libraries.computed_s:.2f} s computed, "
        f"{libraries.held_mb:.0f} MB"
    )
    for name, found in zip(("SQLite", "PostgreSQL"), runs.values(), strict=True):
        for kind in ("answered", "searched", "done"):
            one = middle([getattr(start, kind) for start in found])
            print(
                f"{name:12}{kind:10}{one.seconds:7.2f} s{one.seconds / libraries.seconds:6.2f} times"
                f"{one.computed_s:7.2f} s computed{one.computed_s / libraries.computed_s:6.2f} times"
                f"{one.held_mb:6.0f} MB{one.held_mb - libraries.held_mb:+5.0f}"
            )
        peak = statistics.median(start.peak_mb for start in found)
        print(f"{name:12}{'the most':10}{peak:6.0f} MB{peak - libraries.held_mb:+5.0f}")


async def searches(both: Both, reference: Reference, passes: int) -> None:
    """The same searches on both, in alternating blocks; how long taking up the lists takes."""
    kinds = {one.id: one for one in load_fellowships(CONTENT)}
    databases = [Database(both.sqlite), Database(both.postgresql)]
    here, there = (
        Meetings(one, kinds, lambda: NOW, lambda at: zone_at(at.latitude, at.longitude)) for one in databases
    )
    built = []
    for database, meetings in zip(databases, (here, there), strict=True):
        await database.open()
        began = time.perf_counter()
        await meetings.refresh()
        built.append(time.perf_counter() - began)
    print(
        f"taking up the lists: SQLite {built[0]:.1f} s, PostgreSQL {built[1]:.1f} s ({built[1] / built[0]:.2f} times)"
    )
    print(
        f"{'search, ms':16}{'SQLite p10':>12}{'p50':>7}{'p99':>7}{'PostgreSQL p10':>16}{'p50':>7}{'p99':>7}   ratios"
    )
    for case in cases(reference, dense=len(reference.week) > 75_000):
        found = [await _one_pass(here, there, case) for _ in range(passes + 1)][1:]
        ours, theirs = (_of([one[at] for one in found]) for at in (0, 1))
        print(f"{case.name:16}{ours[0]:12.2f}{ours[1]:7.2f}{ours[2]:7.2f}", end="")
        print(f"{theirs[0]:16.2f}{theirs[1]:7.2f}{theirs[2]:7.2f}  ", end="")
        print("".join(f"{more / less:6.2f}" for less, more in zip(ours, theirs, strict=True)), flush=True)
    for database in databases:
        await database.close()


async def _one_pass(here: Meetings, there: Meetings, case: Case) -> tuple[list[float], list[float]]:
    spent: tuple[list[float], list[float]] = [], []
    for begin in range(0, QUERIES, BLOCK):
        for meetings, times in zip((here, there), spent, strict=True):
            for search in case.searches[begin : begin + BLOCK]:
                began = time.perf_counter()
                await meetings.search(search, now=NOW)
                times.append((time.perf_counter() - began) * 1000)
    return spent


def _of(passes: Sequence[Sequence[float]]) -> list[float]:
    """The quickest tenth, which no other work delayed, the median and the p99: medians over the passes."""
    return [statistics.median(float(np.percentile(times, part)) for times in passes) for part in (10, 50, 99)]


def made_world(size: int, file: Path) -> Reference:
    """So many meetings in a new SQLite file, of the kinds that the content knows."""
    subprocess.run([sys.executable, "-m", "tests.bench.world", str(size), str(file)], check=True)
    kinds = sorted(one.id for one in load_fellowships(CONTENT))
    with closing(connect(file)) as database, database:
        for number in range(80):
            words = kinds[number % len(kinds)], f"kind_{number:02}"
            database.execute("UPDATE meetings SET fellowship = ? WHERE fellowship = ?", words)
    return Reference(file.with_suffix(".npz"))


def copied(file: Path, server: postgres.Server, folder: Path) -> Both:
    """The same in PostgreSQL, by `db copy`."""
    both = Both(f"sqlite+aiosqlite:///{file}", server.database(asyncio.run(server.create())))
    own = {"OPENCHAIR_DATABASE_URL": both.sqlite, "OPENCHAIR_KEY": KEY, "PYTHONPATH": str(ROOT)}
    words = [sys.executable, "-m", "bot", "db", "copy", both.postgresql, "--json"]
    done = subprocess.run(words, cwd=folder, env=os.environ | own, capture_output=True, text=True, check=True)
    told: dict[str, Any] = json.loads(done.stdout)
    print(f"`db copy` of {told['rows']:,} rows: {told['seconds']} s")
    return both


def main(arguments: Sequence[str] = ()) -> None:
    """Print all of it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--size", type=int, default=250_000)
    parser.add_argument("--rounds", type=int, default=5)
    given = parser.parse_args(arguments)
    programs = postgres.installed_programs()
    if programs is None:
        print("There is no PostgreSQL here: nothing was measured.")
        return
    print(BARS)
    with tempfile.TemporaryDirectory() as name, postgres._running(programs) as url:
        folder, server = Path(name), postgres.Server(url)
        reference = made_world(given.size, folder / "bench.db")
        both = copied(folder / "bench.db", server, folder)
        asyncio.run(processes(both, given.rounds, folder))
        asyncio.run(searches(both, reference, given.rounds))


if __name__ == "__main__":
    main(sys.argv[1:])
