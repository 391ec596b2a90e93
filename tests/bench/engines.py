"""One worker on PostgreSQL beside one on SQLite, with the same quarter of a million meetings, taking turns.

    .venv/bin/python -m tests.bench.engines [--size 250000] [--rounds 5]

Start-up and memory are those of fresh processes: one that only imports every library that the bot has loaded, one
that is ready on SQLite, one that is ready on PostgreSQL. Searches alternate in blocks of ten within one process.
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
from tests.bench.world import NOW
from tests.reminding import KEY

ROOT = Path(__file__).parents[2]
BARS = "bars, for PostgreSQL: 90 MB more, ready 1.5 times the libraries, a search twice SQLite's"
LOADED = (
    "import json, sys\nimport bot.cli, bot.serving\n"
    "print(json.dumps([name for name in sys.modules if name.partition('.')[0] != 'bot']))"
)
MEASURE = (
    "import json, resource, sys, time\nbegan = time.perf_counter()\n"
    "def now():\n"
    "    lines = open('/proc/self/status').read().splitlines()\n"
    "    held = next(int(line.split()[1]) for line in lines if line.startswith('VmRSS')) / 1024\n"
    "    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024\n"
    "    print(json.dumps([time.perf_counter() - began, held, peak]))\n"
)
IMPORT = (
    "import importlib\n"
    "for name in json.loads(sys.stdin.read()):\n"
    "    try:\n        importlib.import_module(name)\n    except ImportError:\n        pass\n"
    "now()"
)
READY = (
    "import asyncio, gc\nimport bot.cli, bot.serving\ngc.freeze()\n"  # as the command does
    "from bot.app import open_work\nfrom bot.settings import load_settings\n"
    "async def main():\n    async with open_work(load_settings()) as work:\n        now()\n"
    "        await work.refresh()\n        now()\nasyncio.run(main())"
)


@dataclass(frozen=True, slots=True)
class Process:
    """One fresh process: seconds and megabytes when it may answer, and when the lists are taken up as well."""

    begun_s: float
    ready_s: float
    held_mb: float
    peak_mb: float


@dataclass(frozen=True, slots=True)
class Both:
    """The addresses of the same meetings."""

    sqlite: str
    postgresql: str


def fresh(program: str, url: str, folder: Path, given: str = "") -> Process:
    """Run a program that prints its state once or twice."""
    given_up = ("OPENCHAIR_", "PYTHONDONTWRITEBYTECODE")  # an installed bot is compiled once
    plain = {name: value for name, value in os.environ.items() if not name.startswith(given_up)}
    own = {"OPENCHAIR_DATABASE_URL": url, "OPENCHAIR_KEY": KEY, "PYTHONPATH": str(ROOT)}
    compiled = {"PYTHONPYCACHEPREFIX": str(folder / "compiled")}
    done = subprocess.run(
        [sys.executable, "-c", MEASURE + program],
        cwd=folder, env=plain | own | compiled, input=given, capture_output=True, text=True, check=True,
    )  # fmt: skip
    told = [json.loads(line) for line in done.stdout.splitlines()]
    return Process(told[0][0], told[-1][0], told[-1][1], told[-1][2])


def middle(found: Sequence[Process]) -> Process:
    """The median of each figure."""
    names = Process.__slots__
    return Process(*(statistics.median(getattr(one, name) for one in found) for name in names))


def processes(both: Both, rounds: int, folder: Path) -> None:
    """Start-up and memory, one kind of process after the other, again and again."""
    loaded = subprocess.run(
        [sys.executable, "-c", LOADED], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    runs: dict[str, list[Process]] = {"libraries alone": [], "ready on SQLite": [], "ready on PostgreSQL": []}
    for turn in range(rounds + 1):
        programs = ((IMPORT, both.sqlite, loaded), (READY, both.sqlite, ""), (READY, both.postgresql, ""))
        for name, (program, url, given) in zip(runs, programs, strict=True):
            one = fresh(program, url, folder, given)
            if turn:  # the first fills caches
                runs[name].append(one)
    alone = middle(runs["libraries alone"])
    print(f"{'':22}{'opened, s':>12}{'ratio':>7}{'lists too, s':>14}{'ratio':>7}{'MB':>11}{'more':>7}{'peak':>7}")
    for name, found in runs.items():
        one = middle(found)
        begun, ready = one.begun_s / alone.begun_s, one.ready_s / alone.begun_s
        memory = f"{one.held_mb:11.0f}{one.held_mb - alone.held_mb:+7.0f}{one.peak_mb - alone.peak_mb:+7.0f}"
        print(f"{name:22}{one.begun_s:12.2f}{begun:7.2f}{one.ready_s:14.2f}{ready:7.2f}{memory}")


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
        processes(both, given.rounds, folder)
        asyncio.run(searches(both, reference, given.rounds))


if __name__ == "__main__":
    main(sys.argv[1:])
