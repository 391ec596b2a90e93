"""Copies a large SQLite database to PostgreSQL, killed with -9 on the way, and compares both row by row."""

import argparse
import asyncio
import hashlib
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from pathlib import Path
from sqlite3 import connect
from typing import Any

import asyncpg

from bot.domain.reminder import Due, Kind, Outcome, Sent
from bot.jobs.send_reminders import SendReminders
from bot.services.keys import KeyRing
from bot.services.limiter import Limiter
from bot.services.outbox import Outbox
from bot.store import dump
from bot.store import meetings as listings
from bot.store.database import Database
from bot.store.metadata import metadata
from bot.views.screen import Screen
from tests import postgres
from tests.bench.world import World
from tests.reminding import KEY
from tests.soak.filling import MINUTE, Wish, keep, list_meetings, meeting_at, next_minute, this_second

FIRST_CHAT = 555_010_000
LEAD_S = 3_600
ROOMS = 8  # meetings that start at the same minute
ROOT = Path(__file__).parents[2]
FILLED_OTHERWISE = {"meetings", "people", "reminders", "outbox", "revision", "pace"}
_BASE = datetime(2026, 1, 2, 3, 4, 5, 678901, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Plan:
    """How much. `due`: reminders whose time comes first; `others`: rows of a table that is not named here."""

    meetings: int = 50_000
    reminders: int = 100_000
    due: int = 2_000
    others: int = 200
    rows: dict[str, int] = field(
        default_factory=lambda: {
            "admin_changes": 20_000, "changes": 20_000, "meeting_edits": 5_000, "exceptions": 2_000,
            "proposals": 500, "reports": 5_000, "postal_codes": 10_000,
        }
    )  # fmt: skip
    kills: int = 5
    seed: int = 1


@dataclass
class Verdict:
    """What came of it."""

    rows: dict[str, int] = field(default_factory=dict)
    kills: int = 0
    left_by_a_kill: int = 0
    checksums: int = 0
    different: list[str] = field(default_factory=list)
    seconds: float = 0.0
    megabytes: float = 0.0
    times: Counter[int] = field(default_factory=Counter)

    @property
    def kept(self) -> bool:
        """Whether every promise was kept."""
        return not self.different and not self.left_by_a_kill and set(self.times) <= {1}

    def figures(self) -> dict[str, object]:
        """As they are written down."""
        some = (
            "meetings",
            "reminders",
            "people",
            "admin_changes",
            "meeting_edits",
            "exceptions",
            "proposals",
            "reports",
        )
        never, once = self.times[0], self.times[1]
        return {
            "rows in all": sum(self.rows.values()),
            **{f"rows of {name}": self.rows[name] for name in some},
            "kill -9 in the middle": self.kills,
            "rows found after them": self.left_by_a_kill,
            "seconds of the copy that was left alone": round(self.seconds, 1),
            "memory of the copying process at most, MB": round(self.megabytes),
            "tables equal by count and checksum": self.checksums,
            "tables that differ, read by other means": len(self.different),
            "reminders that were due on the other side": self.times.total(),
            "of them fired never, once, more often": f"{never}, {once}, {self.times.total() - never - once}",
        }  # fmt: skip


async def fill(url: str, plan: Plan, now: datetime) -> list[Wish]:
    """Rows in every table; the reminders that come due first."""
    database = Database(url)
    await database.upgrade()
    await database.open()
    ring = KeyRing(database, setting=KEY)
    shown = [
        meeting_at(next_minute(now) + (180 + at // ROOMS) * MINUTE, at % ROOMS)
        for at in range(min(1_000, plan.reminders))
    ]
    async with database.begin() as connection:
        await listings.replace_feed(connection, "bench", World(plan.meetings - len(shown)).meetings())
    await list_meetings(database, shown, now)
    chats, wishes = plan.reminders * 2 // 5 // 1_000 * 1_000 or plan.reminders, []
    for at in range(plan.reminders):
        meeting, soon = shown[(at // chats * 331 + at) % len(shown)], at < plan.due
        start = datetime.strptime(meeting.key.partition("/")[0], "%Y%m%d%H%M").replace(tzinfo=UTC)
        fires = now + timedelta(seconds=30 if soon else 7_200)
        asks = None if soon or at % 20 else start + timedelta(hours=2)  # a question that waits in the outbox
        wishes.append(Wish(FIRST_CHAT + at % chats, meeting.id, meeting.zone, start, fires, LEAD_S, asks))
    await keep(database, ring, wishes, now)
    for form in dump.forms():
        if form.name in FILLED_OTHERWISE:
            continue
        made = (_row(form, number) for number in range(1, plan.rows.get(form.name, plan.others) + 1))
        while part := list(islice(made, 1_000)):
            async with database.begin() as connection:
                await dump.put(connection, form, part)
    await database.close()
    return wishes[: plan.due]


def _row(form: dump.Form, number: int) -> list[Any]:
    """A row with a value of its own in every column, in every way that values are awkward."""
    columns = metadata.tables[form.name].c
    return [_value(kind, number, getattr(columns[name].type, "length", None)) for name, kind in form.columns]


def _value(kind: str, number: int, length: int | None) -> Any:
    made: dict[str, Any] = {
        "number": number % 30_000 + 1,
        "fraction": number / 7 - 90,
        "yes_no": number % 2 == 0,
        "text": f"{number} Ωé 𝄞\n\"'\\ \u202e"[: length or 40],
        "bytes": "AP//" + hashlib.sha256(str(number).encode()).hexdigest()[:32],
        "day": (date(2026, 1, 2) + timedelta(days=number % 3_000)).isoformat(),
        "instant": (_BASE + timedelta(seconds=number)).isoformat(),
        "json": {"b": [number, None, "ü", number / 3], "a": {"x": number % 2 == 0, "": 10**15 + number}},
    }
    return made[kind]


async def run(plan: Plan, server: postgres.Server, folder: Path) -> Verdict:
    """Fill, copy and kill, copy, compare, and let the clock tick on the other side."""
    verdict, file, chance = Verdict(), folder / "data" / "openchair.db", random.Random(plan.seed)
    now = this_second()
    wishes = await fill(f"sqlite+aiosqlite:///{file}", plan, now)
    url = server.database(await server.create())
    copying = _Copying(file, url, folder)
    for _ in range(plan.kills):
        await copying.killed(chance.uniform(0, plan.meetings / 25_000))
        verdict.kills += 1
        verdict.left_by_a_kill += await _rows_at(url)
    told = await asyncio.to_thread(copying.left_alone)
    verdict.seconds, verdict.megabytes = told["seconds"], told["megabytes"]
    verdict.checksums = len(told["tables"])
    verdict.rows = {name: one["rows"] for name, one in told["tables"].items()}
    for form in dump.forms():
        if _here(file, form) != await _there(url, form):
            verdict.different.append(form.name)
    verdict.times = await _fired(url, wishes, now)
    return verdict


@dataclass(frozen=True, slots=True)
class _Copying:
    file: Path
    url: str
    folder: Path

    def begin(self) -> "subprocess.Popen[bytes]":
        """`db copy` as a process of its own."""
        own = {"OPENCHAIR_DATABASE_URL": f"sqlite+aiosqlite:///{self.file}", "OPENCHAIR_KEY": KEY}
        plain = {name: value for name, value in os.environ.items() if not name.startswith("OPENCHAIR_")}
        return subprocess.Popen(
            [sys.executable, "-m", "bot", "db", "copy", self.url, "--json"],
            cwd=self.folder, env={**plain, **own, "PYTHONPATH": str(ROOT)}, stdout=subprocess.PIPE,
        )  # fmt: skip

    async def killed(self, after_s: float) -> None:
        """Kill it so long after the first rows may have been written."""
        process = self.begin()
        try:
            while process.poll() is None and not await _at_work(self.url):
                await asyncio.sleep(0.01)
            await asyncio.sleep(after_s)
            assert process.poll() is None, "it was over before it could be killed"
        finally:
            process.send_signal(signal.SIGKILL)
            process.communicate()
        while await _at_work(self.url):
            await asyncio.sleep(0.05)

    def left_alone(self) -> dict[str, Any]:
        """Its report, and the most memory that it took."""
        process = self.begin()
        assert process.stdout is not None
        said = process.stdout.read()
        _, code, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(code)
        assert process.returncode == 0, said
        process.stdout.close()
        told: dict[str, Any] = json.loads(said)
        return told | {"megabytes": used.ru_maxrss / 1024}


async def _ask(url: str, question: str) -> list[Any]:
    connection = await asyncpg.connect(url.replace("+asyncpg", ""))
    try:
        return list(await connection.fetch(question))
    finally:
        await connection.close()


async def _at_work(url: str) -> bool:
    held = "SELECT 1 FROM pg_locks JOIN pg_database ON oid = database WHERE datname = current_database()"
    return bool(await _ask(url, f"{held} AND mode = 'ExclusiveLock' AND locktype = 'relation'"))


async def _rows_at(url: str) -> int:
    """Rows that are there, but for those that the migrations make."""
    names = [form.name for form in dump.forms() if form.name not in dump.MADE_BY_MIGRATIONS]
    counts = " + ".join(f"(SELECT count(*) FROM {name})" for name in names)
    return int((await _ask(url, f"SELECT {counts} AS rows"))[0]["rows"])


def _here(file: Path, form: dump.Form) -> Counter[str]:
    """The rows of a table in SQLite, read without anything of ours."""
    names = ", ".join(f'"{name}"' for name, _ in form.columns)
    with closing(connect(file)) as connection:
        return _alike(form, connection.execute(f"SELECT {names} FROM {form.name}"))


async def _there(url: str, form: dump.Form) -> Counter[str]:
    names = ", ".join(f'"{name}"' for name, _ in form.columns)
    return _alike(form, await _ask(url, f"SELECT {names} FROM {form.name}"))


def _alike(form: dump.Form, rows: Iterable[Any]) -> Counter[str]:
    """Rows by what they mean, whatever a database makes of it."""
    kinds = [kind for _, kind in form.columns]
    return Counter(repr([_meant(kind, one) for kind, one in zip(kinds, row, strict=True)]) for row in rows)


def _meant(kind: str, value: Any) -> Any:
    if value is None:
        return None
    if kind == "instant":
        at = datetime.fromisoformat(value) if isinstance(value, str) else value
        return at if at.tzinfo else at.replace(tzinfo=UTC)
    if kind == "json":
        return json.loads(value) if isinstance(value, str) else value
    if kind == "day":
        return date.fromisoformat(value) if isinstance(value, str) else value
    return bool(value) if kind == "yes_no" else value


async def _fired(url: str, wishes: list[Wish], now: datetime) -> Counter[int]:
    """How often each reminder arrives that is due on the other side."""
    arrived: Counter[tuple[int, int]] = Counter()
    at = now + MINUTE

    async def compose(due: Due) -> Screen:
        assert due.meeting is not None
        assert due.kind is Kind.REMINDER
        return Screen(str(due.meeting.id))

    async def deliver(chat: int, screen: Screen, silent: bool) -> Outcome:
        arrived[chat, int(screen.text)] += 1
        return Sent()

    database = Database(url)
    await database.open()
    outbox, limiter = Outbox(database, KeyRing(database, setting=KEY)), Limiter(database, 1_000)
    sender = SendReminders(outbox, limiter, compose, deliver, clock=lambda: at, rate=1_000)
    for _ in range(3):
        await sender.tick()
        at += 2 * MINUTE
    await sender.close()
    await database.close()
    assert arrived.keys() <= {wish.key for wish in wishes}, "one that was not due"
    return Counter(arrived[wish.key] for wish in wishes)


def main(words: list[str] | None = None) -> int:
    """Run, print, and write the figures. 0 when every promise was kept."""
    from tests.soak.record import record

    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("meetings", "reminders", "due", "kills", "seed"):
        parser.add_argument(f"--{name}", type=int, default=getattr(Plan(), name))
    chosen = parser.parse_args(words)
    if not postgres.available():
        print("There is no PostgreSQL here: nothing was copied.")
        return 0
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        programs = postgres.installed_programs()
        assert programs is not None
        server = postgres.Server(stack.enter_context(postgres._running(programs)))
        verdict = asyncio.run(run(Plan(**vars(chosen)), server, folder))
    command = " ".join(["python -m tests.soak.copy", *(f"--{name} {value}" for name, value in vars(chosen).items())])
    for name, value in verdict.figures().items():
        print(f"{name}: {value}")
    record("A large database copied from SQLite to PostgreSQL", command, chosen.seed, verdict.figures())
    return 0 if verdict.kept else 1


if __name__ == "__main__":
    sys.exit(main())
