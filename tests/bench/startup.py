"""Start-up and memory of the bot beside importing its libraries alone, each in a fresh process, taking turns."""

import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

ROUNDS = 5
LIBRARIES = (
    "import aiohttp, aiosqlite, alembic, apscheduler, babel, icalendar, jinja2, msgspec, numpy, prometheus_client,"
    " pydantic_settings, rapidfuzz, sqlalchemy.ext.asyncio, starlette, telegram, typer, tzfpy, uvicorn, yaml"
)
OPEN = (
    "import asyncio\nfrom bot.app import open_work\nfrom bot.settings import load_settings\n"
    "async def main():\n    async with open_work(load_settings()) as work:\n        await work.refresh()\n"
    "        print_memory()\nasyncio.run(main())"
)
MEMORY = (
    "import resource, time\nbegan = time.perf_counter()\n"
    "def print_memory():\n"
    "    print(time.perf_counter() - began, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)\n"
)


def run(program: str, environment: dict[str, str]) -> tuple[float, float]:
    """Seconds and megabytes (RSS) of one program."""
    done = subprocess.run(
        [sys.executable, "-c", MEMORY + program],
        env={**os.environ, **environment}, capture_output=True, text=True, check=True,
    )  # fmt: skip
    seconds, megabytes = done.stdout.split()
    return float(seconds), float(megabytes)


def main() -> None:
    """Print both, and the ratio."""
    with tempfile.TemporaryDirectory() as folder:
        environment = {"OPENCHAIR_DATABASE_URL": f"sqlite+aiosqlite:///{Path(folder) / 'bench.db'}"}
        subprocess.run([sys.executable, "-m", "tests.bench.fill"], env={**os.environ, **environment}, check=True)
        libraries, ready = [], []
        for _ in range(ROUNDS):
            libraries.append(run(LIBRARIES + "\nprint_memory()", environment))
            ready.append(run(OPEN, environment))
    seconds = [statistics.median(one[0] for one in kind) for kind in (libraries, ready)]
    memory = [statistics.median(one[1] for one in kind) for kind in (libraries, ready)]
    print(
        f"start-up: libraries alone {seconds[0]:.2f} s, ready to answer {seconds[1]:.2f} s "
        f"({seconds[1] / seconds[0]:.2f} times)"
    )
    print(f"memory: libraries alone {memory[0]:.0f} MB, ready {memory[1]:.0f} MB (+{memory[1] - memory[0]:.0f} MB)")


if __name__ == "__main__":
    main()
