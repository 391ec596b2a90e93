"""Fresh processes, measured from their first instruction: one that imports libraries, and the bot as it is run."""

import asyncio
import json
import os
import re
import statistics
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from bot.sandbox import Sandbox, people
from bot.sandbox.state import BotAccount, Chat, Person
from tests.ports import free_port
from tests.reminding import KEY

ROOT = Path(__file__).parents[2]
LOOK_S, PATIENCE_S = 0.002, 120.0
TICK_S = 1 / os.sysconf("SC_CLK_TCK")
ALL_DONE = "all is taken up"  # what the log says
NAMED = (
    "aiohttp", "aiosqlite", "alembic", "apscheduler", "babel", "icalendar", "jinja2", "msgspec", "numpy",
    "prometheus_client", "pydantic_settings", "rapidfuzz", "sqlalchemy.ext.asyncio", "starlette", "telegram", "typer",
    "tzfpy", "uvicorn", "yaml",
)  # fmt: skip
"""What the bot is made of, as somebody would import it."""
_IMPORT = (
    "import importlib, json, sys\n"
    "for name in json.loads(sys.argv[1]):\n"
    "    try:\n        importlib.import_module(name)\n    except ImportError:\n        pass\n"
    "print(flush=True)\nsys.stdin.read()"
)
_IMPORTED = re.compile(r"^import time: +\d+ \| +\d+ \| +(\S+)$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Moment:
    """Since the process began: seconds, those of them that it computed, and the megabytes that it holds."""

    seconds: float
    computed_s: float
    held_mb: float


@dataclass(frozen=True, slots=True)
class Start:
    """The bot's first answer to /start, its first answer to a search, and when all is taken up."""

    answered: Moment
    searched: Moment
    done: Moment
    peak_mb: float


def middle(moments: Sequence[Moment]) -> Moment:
    """The median of each figure."""
    return Moment(*(statistics.median(getattr(one, name) for one in moments) for name in Moment.__slots__))


def environment(folder: Path, **own: str) -> dict[str, str]:
    """Nothing of the caller's own bot; an installed one is compiled once."""
    given_up = ("OPENCHAIR_", "PYTHONDONTWRITEBYTECODE")
    plain = {name: value for name, value in os.environ.items() if not name.startswith(given_up)}
    settings = {f"OPENCHAIR_{name}": value for name, value in own.items()}
    return plain | settings | {"PYTHONPATH": str(ROOT), "PYTHONPYCACHEPREFIX": str(folder / "compiled")}


def imported(names: Sequence[str], folder: Path) -> Moment:
    """A process that imports these and no more."""
    began = time.perf_counter()
    words = [sys.executable, "-c", _IMPORT, json.dumps(list(names))]
    process = subprocess.Popen(
        words, cwd=folder, env=environment(folder), stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    with process:
        assert process.stdout is not None
        process.stdout.readline()
        return _moment(process.pid, began)


async def started(url: str, folder: Path) -> Start:
    """The bot, run as an operator runs it, with two people who wrote to it before it was there."""
    async with _bot(url, folder) as (process, account, asking, searching, began):
        answered = await _when(lambda: bool(_answers(account, asking)), process, began)
        searched = await _when(lambda: bool(_answers(account, searching)), process, began)
        log = folder / "log"
        done = await _when(lambda: ALL_DONE in log.read_text(encoding="utf-8"), process, began)
        return Start(answered, searched, done, _status(process.pid, "VmHWM"))


async def loaded(url: str, folder: Path) -> tuple[list[str], list[str]]:
    """The libraries that the bot has loaded when it answers first, and when all is taken up."""
    async with _bot(url, folder, "-X", "importtime") as (process, account, asking, _, began):
        log = folder / "log"
        await _when(lambda: bool(_answers(account, asking)), process, began)
        first = _IMPORTED.findall(log.read_text(encoding="utf-8"))
        await _when(lambda: ALL_DONE in log.read_text(encoding="utf-8"), process, began)
        every = _IMPORTED.findall(log.read_text(encoding="utf-8"))
    return _libraries(first), _libraries(every)


def _libraries(names: Sequence[str]) -> list[str]:
    return [name for name in names if name.partition(".")[0] not in ("bot", "__main__")]


@asynccontextmanager
async def _bot(
    url: str, folder: Path, *options: str
) -> AsyncIterator[tuple[asyncio.subprocess.Process, BotAccount, Chat, Chat, float]]:
    async with Sandbox("127.0.0.1:0") as sandbox:
        account = sandbox.state.bot(sandbox.token)
        chats = [_says(account, name, text) for name, text in (("Ada", "/start"), ("Ben", "/now"))]
        own = environment(
            folder,
            TOKEN=sandbox.token, API_URL=sandbox.api_url, DATABASE_URL=url, KEY=KEY, COUNTRY="GB",
            LISTEN=f"127.0.0.1:{free_port()}", FORGOTTEN_FILE=str(folder / "forgotten"),
        )  # fmt: skip
        with (folder / "log").open("wb") as log:
            began = time.perf_counter()
            process = await asyncio.create_subprocess_exec(
                sys.executable, *options, "-m", "bot", "run",
                cwd=folder, env=own, stdout=log, stderr=log,
            )  # fmt: skip
        try:
            yield process, account, *chats, began
        finally:
            if process.returncode is None:
                process.terminate()
                await process.wait()


def _says(account: BotAccount, name: str, text: str) -> Chat:
    person = account.add_person(Person(account.next_person_id(), name))
    chat = people.find_chat(account, person.id)
    people.say(account, chat, person, text)
    return chat


def _answers(account: BotAccount, chat: Chat) -> list[object]:
    return [
        call
        for call in account.calls
        if call["method"] == "sendMessage" and str(call["params"].get("chat_id")) == str(chat.id)
    ]


async def _when(happened: Callable[[], bool], process: asyncio.subprocess.Process, began: float) -> Moment:
    async with asyncio.timeout(PATIENCE_S):
        while not happened():
            if process.returncode is not None:
                raise RuntimeError("the bot ended")
            await asyncio.sleep(LOOK_S)
    return _moment(process.pid, began)


def _moment(process: int, began: float) -> Moment:
    seconds = time.perf_counter() - began
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return Moment(seconds, (int(fields[11]) + int(fields[12])) * TICK_S, _status(process, "VmRSS"))


def _status(process: int, name: str) -> float:
    lines = Path(f"/proc/{process}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(name)) / 1024
