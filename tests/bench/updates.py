"""A whole update beside a bare echo bot: each in its own process, over real HTTP, in alternating rounds.

Ours: a press that searches, answers the press and edits the message. The echo: one sendMessage for one text
(`echo`), and, as the nearer comparison, the same two calls for a press without any work (`press`).
"""

import asyncio
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import aiohttp

from bot.domain.buttons import Action, Press, pack
from bot.domain.place import Place
from bot.domain.search import Search

UPDATES, ROUNDS = 1000, 3
LEEDS = Place("", 53.7997, -1.5492).on_grid()
PERSON = {"id": "CHAT", "is_bot": False, "first_name": "Sam", "language_code": "en"}
CHAT = {"id": "CHAT", "type": "private"}
TEXT: dict[str, Any] = {
    "message": {"message_id": 1, "date": 1_700_000_000, "chat": CHAT, "from": PERSON, "text": "hello"}
}


def press_update(data: str) -> dict[str, Any]:
    """A press on a button of the bot's own message."""
    message = {"message_id": 1, "date": 1_700_000_000, "chat": CHAT, "text": "list"}
    return {
        "callback_query": {
            "id": "NUMBER", "from": PERSON, "message": message, "chat_instance": "1", "data": data
        }
    }  # fmt: skip


@contextmanager
def process(*arguments: str, **environment: str) -> Iterator[subprocess.Popen[bytes]]:
    """A Python process, ended with the block."""
    started = subprocess.Popen(
        [sys.executable, *arguments], env={**os.environ, **environment}, stdout=subprocess.PIPE
    )
    try:
        yield started
    finally:
        started.terminate()
        started.wait(30)


async def one_round(port: int, update: dict[str, Any], finishing: str) -> float:
    """Updates a second."""
    async with aiohttp.ClientSession(f"http://127.0.0.1:{port}") as session:
        await session.put("/prepare", json={"update": update, "count": UPDATES, "finishing": finishing})
        for _ in range(1200):
            async with session.get("/done") as answer:
                seconds = (await answer.json())["seconds"]
            if seconds is not None:
                return UPDATES / float(seconds)
            await asyncio.sleep(0.1)
    raise TimeoutError("the bot did not answer all updates in two minutes")


async def measure(delay: float, first_port: int) -> dict[str, float]:
    """Median updates a second of each bot with an API that answers after `delay` seconds."""
    data = pack(Press(Action.PAGE, Search(LEEDS, needs=("alcohol",), seed=7)), {})
    ours, theirs = first_port, first_port + 1
    with ExitStack() as stack, tempfile.TemporaryDirectory() as folder:
        for port in (ours, theirs):
            stack.enter_context(process("-m", "tests.bench.standin", str(port), "--delay", str(delay)))
        await asyncio.sleep(2)
        database = f"sqlite+aiosqlite:///{Path(folder) / 'bench.db'}"
        settings = {"OPENCHAIR_DATABASE_URL": database, "OPENCHAIR_LISTEN": f"127.0.0.1:{first_port + 2}"}
        subprocess.run(
            [sys.executable, "-m", "tests.bench.fill"], env={**os.environ, **settings}, check=True, timeout=300
        )
        live = {"OPENCHAIR_TOKEN": "1:benchbench", "OPENCHAIR_API_URL": f"http://127.0.0.1:{ours}", **settings}
        bot = stack.enter_context(process("-m", "bot", "run", **live))
        stack.enter_context(process("-m", "tests.bench.echo", f"http://127.0.0.1:{theirs}"))
        assert bot.stdout is not None
        await asyncio.to_thread(bot.stdout.readline)
        await asyncio.sleep(3)
        rates: dict[str, list[float]] = {"ours": [], "echo": [], "press": []}
        for _ in range(ROUNDS):
            rates["ours"].append(await one_round(ours, press_update(data), "editMessageText"))
            rates["echo"].append(await one_round(theirs, TEXT, "sendMessage"))
            rates["press"].append(await one_round(theirs, press_update("x"), "editMessageText"))
        return {name: statistics.median(values) for name, values in rates.items()}


def main() -> None:
    """Print updates a second and the ratios, for an API that answers at once and one that takes 50 ms."""
    for at, delay in enumerate((0.0, 0.05)):
        rates = asyncio.run(measure(delay, 18710 + 10 * at))
        print(
            f"whole update, API answers after {delay * 1000:.0f} ms: ours {rates['ours']:.0f}/s, "
            f"echo {rates['echo']:.0f}/s (ours is {rates['ours'] / rates['echo']:.2f} times), "
            f"bare press {rates['press']:.0f}/s ({rates['ours'] / rates['press']:.2f} times)"
        )


if __name__ == "__main__":
    main()
