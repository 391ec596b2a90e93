"""One worker answering whole visits, beside a bare echo bot: each in its own process, in alternating rounds.

The updates are those of whole visits as people sent them, messages and presses mixed, and each does its real work
(SQLite). A press makes two calls of the Bot API, the echo one. Then updates come evenly,
at half of what the worker carried, and the time until each is answered is measured.
"""

import argparse
import asyncio
import os
import sqlite3
import statistics
import subprocess
import sys
import tempfile
from contextlib import ExitStack, closing, suppress
from pathlib import Path
from typing import Any

import aiohttp

from bot.domain.buttons import Action, Press, pack
from bot.domain.place import Place
from bot.domain.search import Search
from tests.bench.updates import TEXT, press_update, process
from tests.load.faults import README
from tests.ports import free_port
from tests.reminding import KEY
from tests.soak.record import record

Json = dict[str, Any]
LEEDS = Place("", 53.7997, -1.5492).on_grid()
FINISHING = "sendMessage editMessageText"


def said(text: str) -> Json:
    """A message that somebody typed."""
    entities = [{"type": "bot_command", "offset": 0, "length": len(text)}] if text.startswith("/") else []
    return {"message": {**TEXT["message"], "text": text, "entities": entities}}


def visit(meeting: int) -> list[Json]:
    """The updates of one visit, in the order in which people send them."""
    search = Search(LEEDS, needs=("alcohol",), seed=7)

    def pressed(action: Action, **more: Any) -> Json:
        return press_update(pack(Press(action, search, **more), {}))

    return [
        said("/start"), pressed(Action.ASK_PLACE), said("drinking leeds"), pressed(Action.PAGE),
        pressed(Action.MEETING, meeting=meeting), pressed(Action.REMIND, meeting=meeting),
        pressed(Action.REMINDER_SET, meeting=meeting, number=60), said("/help"), pressed(Action.WHY_ORDER),
        said("/privacy"), pressed(Action.EXPECT, meeting=meeting), said("/options"),
        said("I want to kill myself"), said("/forget"),
    ]  # fmt: skip


async def one_round(port: int, steps: list[Json], chats: int, count: int, pace: float = 0.0) -> Json:
    """What the stand-in measured, with updates a second as `rate`."""
    async with aiohttp.ClientSession(f"http://127.0.0.1:{port}") as session:
        asked = {"steps": steps, "chats": chats, "count": count, "finishing": FINISHING, "pace": pace}
        await session.put("/prepare", json=asked)
        for _ in range(1200):
            await asyncio.sleep(0.1)
            async with session.get("/done") as answer:
                told: Json = await answer.json()
            if told["seconds"] is not None:
                return told | {"rate": count / told["seconds"]}
    raise TimeoutError(f"the bot answered {told['count']} of {count} updates in two minutes")


async def measure(rounds: int, visits: int) -> dict[str, object]:
    """Both bots in turn, and then ours at half its load."""
    ours, theirs = free_port(), free_port()
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        for port in (ours, theirs):
            stack.enter_context(process("-m", "tests.bench.standin", str(port)))
            await _listening(port)
        settings = {
            "OPENCHAIR_DATABASE_URL": f"sqlite+aiosqlite:///{folder}/bench.db",
            "OPENCHAIR_LISTEN": f"127.0.0.1:{free_port()}", "OPENCHAIR_KEY": KEY,
        }  # fmt: skip
        subprocess.run(
            [sys.executable, "-m", "tests.bench.fill"], env={**os.environ, **settings}, check=True, timeout=300
        )
        steps = visit(_meeting(Path(folder) / "bench.db"))
        live = {"OPENCHAIR_TOKEN": "1:benchbench", "OPENCHAIR_API_URL": f"http://127.0.0.1:{ours}", **settings}
        bot = stack.enter_context(process("-m", "bot", "run", **live))
        stack.enter_context(process("-m", "tests.bench.echo", f"http://127.0.0.1:{theirs}"))
        assert bot.stdout is not None
        await asyncio.to_thread(bot.stdout.readline)
        await asyncio.sleep(3)
        count = visits * len(steps)
        await one_round(ours, steps, visits, count)  # the first is for warming up
        found: dict[str, list[Json]] = {"ours": [], "echo": []}
        for _ in range(rounds):
            found["ours"].append(await one_round(ours, steps, visits, count))
            found["echo"].append(await one_round(theirs, [TEXT], visits, count))
        rates = {name: statistics.median(one["rate"] for one in told) for name, told in found.items()}
        half = await one_round(ours, steps, visits, count, pace=rates["ours"] / 2)
    waits = statistics.quantiles(half["waits"], n=100)
    return {
        "updates of a round, so many visits": f"{count}, {visits}",
        "calls of the Bot API, ours and the echo's": f"{found['ours'][-1]['calls']}, {found['echo'][-1]['calls']}",
        "updates a second, ours (SQLite), each round": _listed(found["ours"]),
        "updates a second, the echo, each round": _listed(found["echo"]),
        "ratio of the medians": round(rates["ours"] / rates["echo"], 2),
        "at half of that load: updates a second": round(rates["ours"] / 2),
        "until one is answered, ms: median, p99": f"{waits[49] * 1000:.0f}, {waits[98] * 1000:.0f}",
    }


async def _listening(port: int) -> None:
    for _ in range(300):
        with suppress(OSError):
            _, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.close()
            return
        await asyncio.sleep(0.1)


def _meeting(file: Path) -> int:
    with closing(sqlite3.connect(file)) as database:
        return int(database.execute("SELECT id FROM meetings WHERE city = 'Leeds' ORDER BY id LIMIT 1").fetchone()[0])


def _listed(told: list[Json]) -> str:
    return ", ".join(f"{one['rate']:.0f}" for one in told)


def main(words: list[str] | None = None) -> int:
    """Run, print, and write the figures. 0 when ours is no slower."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--visits", type=int, default=100)
    chosen = parser.parse_args(words)
    figures = asyncio.run(measure(chosen.rounds, chosen.visits))
    command = f"python -m tests.load throughput --rounds {chosen.rounds} --visits {chosen.visits}"
    for name, value in figures.items():
        print(f"{name}: {value}")
    record("Whole visits beside an echo", command, 7, figures, README)
    return 0 if float(str(figures["ratio of the medians"])) >= 1 else 1


if __name__ == "__main__":
    sys.exit(main())
