"""Start-up and memory of the bot beside importing its libraries alone, each in a fresh process, taking turns.

"Ready" is the first /start answered: `openchair run` is started with a stand-in for Telegram to which two people
wrote before it was there. One said /start; the other searched, and is answered once the lists are taken up. Three
processes that only import are its measure: the libraries by their names, every module of them that the bot has loaded
when it answers first, and every one that it has loaded in the end. Seconds computed are steadier than those of the
clock.
"""

import asyncio
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from tests.bench.starts import NAMED, Moment, Start, environment, imported, loaded, middle, started

ROUNDS = 7


def show(alone: dict[str, Sequence[Moment]], starts: Sequence[Start]) -> None:
    """One line for each moment, with its ratio to each process that only imports."""
    measures = {name: middle(found) for name, found in alone.items()}
    for name, one in measures.items():
        print(f"{name:34}{one.seconds:7.2f} s{one.computed_s:7.2f} s computed{one.held_mb:6.0f} MB")
    for name in ("answered", "searched", "done"):
        one = middle([getattr(start, name) for start in starts])
        ratios = "".join(
            f"{one.seconds / other.seconds:7.2f} ({one.computed_s / other.computed_s:.2f})"
            for other in measures.values()
        )
        print(f"{name:34}{one.seconds:7.2f} s{one.computed_s:7.2f} s computed{one.held_mb:6.0f} MB  times: {ratios}")


async def measured(url: str, folder: Path, rounds: int) -> tuple[dict[str, Sequence[Moment]], list[Start]]:
    """Each kind of process once a round; the first round fills caches and does not count."""
    await started(url, folder)
    first, every = await loaded(url, folder)
    lists = {"libraries, by name": NAMED, "those loaded at the first answer": first, "those loaded in the end": every}
    alone: dict[str, list[Moment]] = {name: [] for name in lists}
    starts: list[Start] = []
    for turn in range(rounds + 1):
        for name, names in lists.items():
            one = await asyncio.to_thread(partial(imported, names, folder))
            alone[name] += [one] if turn else []
        start = await started(url, folder)
        starts += [start] if turn else []
    return dict(alone), starts


def main() -> None:
    """Print all of it."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        url = f"sqlite+aiosqlite:///{folder / 'bench.db'}"
        fill = [sys.executable, "-m", "tests.bench.fill"]
        subprocess.run(fill, env=environment(folder, DATABASE_URL=url), check=True)
        alone, starts = asyncio.run(measured(url, folder, ROUNDS))
    show(alone, starts)


if __name__ == "__main__":
    main()
