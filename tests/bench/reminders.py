"""A million stored reminders beside ten thousand: what a tick costs, how long the loop is held, what memory it takes.

Each size is measured in a process of its own, in turns of idle ticks and of ticks that find 1,000 due.
"""

import argparse
import asyncio
import gc
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import astuple, dataclass
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path

from sqlalchemy import insert

from bot.domain.meeting import Meeting
from bot.domain.reminder import Due, Outcome, Sent
from bot.jobs.send_reminders import SendReminders
from bot.services.keys import KeyRing
from bot.services.limiter import Limiter
from bot.services.outbox import Outbox
from bot.store.database import Database
from bot.store.tables import people, reminders
from bot.views.screen import Screen
from tests import postgres
from tests.reminding import KEY
from tests.soak.filling import MINUTE, PART, list_meetings, meeting_at

SIZES = (10_000, 1_000_000)
DUE = 1_000  # of each round
ROUNDS = 3
EACH = 4  # reminders of a person
NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
LATE = timedelta(days=2)


@dataclass(frozen=True, slots=True)
class Cost:
    """Milliseconds, and megabytes."""

    idle: float
    plan: float
    rest: float
    first: float
    held: float
    before: float
    after: float


async def fill(url: str, size: int) -> None:
    """Reminders of people with four each; a thousand are due at each round, the rest days later."""
    database = Database(url)
    await database.open()
    rounds = [NOW + number * 10 * MINUTE for number in range(1, ROUNDS + 1)]
    starts = [at + 60 * MINUTE for at in rounds] + [NOW + LATE + number * MINUTE for number in range(1440)]
    meetings = [meeting_at(start, 0) for start in starts]
    await list_meetings(database, meetings, NOW)
    key = (await KeyRing(database, setting=KEY).keys()).primary
    persons = (
        {"id": number, "mark": key.mark(number), "sealed": key.seal(number), "key": key.id, "keeps_zone": False}
        for number in range(1, size // EACH + 1)
    )
    listed = list(zip(meetings, starts, strict=True))
    rows = (_row(number, size, *listed[_place(number)]) for number in range(size))
    for table, values in ((people, persons), (reminders, rows)):
        while part := list(islice(values, PART)):
            async with database.begin() as connection:
                await connection.execute(insert(table), part)
    if not database.is_sqlite:
        async with database.begin() as connection:
            await connection.exec_driver_sql("ANALYZE")
    await database.close()


def _place(number: int) -> int:
    return number // DUE if number < DUE * ROUNDS else ROUNDS + number % 1440


def _row(number: int, size: int, meeting: Meeting, start: datetime) -> dict[str, object]:
    return {
        "id": number + 1, "person": number % (size // EACH) + 1, "meeting": meeting.id, "language": "en",
        "lead_s": 3_600, "jitter_s": 0, "weekly": True, "named": False, "silent": False, "check_in": False, "sent": 0,
        "pressed_on": NOW.date(), "next_day": start.date(), "starts_at": start, "fires_at": start - 60 * MINUTE,
    }  # fmt: skip


class Watch:
    """How long the loop is held in one piece: the time that this thread computed from one turn to the next."""

    def __init__(self) -> None:
        self.longest = 0.0
        self._task = asyncio.create_task(self._look())

    async def _look(self) -> None:
        last = time.thread_time()
        while True:
            await asyncio.sleep(0)
            now = time.thread_time()
            self.longest, last = max(self.longest, now - last), now

    def end(self) -> float:
        """Milliseconds."""
        self._task.cancel()
        return self.longest * 1000


async def measure(url: str) -> Cost:
    """Ticks that find nothing, then rounds that find a thousand."""
    now, at = time.perf_counter, [NOW]
    database = Database(url)
    await database.open()
    gc.freeze()  # as the bot does when its lists are read
    before = _megabytes()
    outbox, sent = Outbox(database, KeyRing(database, setting=KEY)), 0

    async def compose(due: Due) -> Screen:
        return Screen("A reminder")

    async def deliver(chat: int, screen: Screen, silent: bool) -> Outcome:
        nonlocal sent
        sent += 1
        return Sent()

    sender = SendReminders(outbox, Limiter(database, 1e6), compose, deliver, clock=lambda: at[0], rate=1e6)
    idle, plan, rest, held = [], [], [], []
    for _ in range(100):
        began = now()
        await sender.tick()
        idle.append(now() - began)
    for number in range(1, ROUNDS + 1):
        at[0], watch = NOW + number * 10 * MINUTE, Watch()
        began = now()
        assert await outbox.plan(at[0]) == DUE
        plan.append(now() - began)
        began = now()
        await sender.tick()
        rest.append(now() - began)
        held.append(watch.end())
    assert sent == DUE * ROUNDS
    await database.close()
    shares = [statistics.median(one) * 1000 for one in (idle, plan, rest)]
    return Cost(*shares, held[0], max(held[1:]), before, _megabytes())


def _megabytes() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def print_costs(name: str, costs: dict[int, Cost]) -> None:
    """Both sizes beside each other."""
    few, many = costs.values()
    sizes = " beside ".join(f"{size:,}" for size in reversed(costs))
    print(f"{name}: {sizes} stored reminders")
    rows = (
        ("a tick that finds nothing, ms", "idle"), (f"planning {DUE:,} due ones, ms", "plan"),
        ("leasing, marking and noting them, ms", "rest"), ("the loop is held at most, ms of computing", "held"),
        ("the same in the first round, when statements are compiled", "first"),
        ("memory with the database open, MB", "before"), ("memory after it all, MB", "after"),
    )  # fmt: skip
    for told, field in rows:
        one, other = getattr(few, field), getattr(many, field)
        print(f"  {told}: {other:.1f} beside {one:.1f} ({other / one:.2f} times)")


def _in_turn(urls: dict[int, str]) -> dict[int, Cost]:
    costs = {}
    for size, url in urls.items():
        words = [sys.executable, "-m", "tests.bench.reminders", url]
        for work in ("fill", "measure"):  # processes of their own: the measured one holds nothing of the making
            done = subprocess.run([*words, work, str(size)], capture_output=True, text=True, check=True)
        costs[size] = Cost(*map(float, done.stdout.split()))
    return costs


async def _upgraded(server: postgres.Server, sizes: tuple[int, ...]) -> dict[int, str]:
    return {size: server.database(await server.create(await server.upgraded_template())) for size in sizes}


def main() -> None:
    """Print SQLite at both sizes, and PostgreSQL, where it is installed, at a tenth of the larger one."""
    with tempfile.TemporaryDirectory() as folder:
        urls = {size: f"sqlite+aiosqlite:///{Path(folder) / str(size)}.db" for size in SIZES}
        for url in urls.values():
            asyncio.run(Database(url).upgrade())
        print_costs("SQLite", _in_turn(urls))
    programs = postgres.installed_programs()
    if programs is not None:
        with postgres._running(programs) as address:
            urls = asyncio.run(_upgraded(postgres.Server(address), (SIZES[0], SIZES[1] // 10)))
            print_costs("PostgreSQL", _in_turn(urls))


if __name__ == "__main__":
    # One size, in a process of its own.
    parser = argparse.ArgumentParser()
    parser.add_argument("url")
    parser.add_argument("work", choices=("fill", "measure"))
    parser.add_argument("size", type=int)
    given = parser.parse_args()
    if given.work == "fill":
        asyncio.run(fill(given.url, given.size))
    else:
        print(*astuple(asyncio.run(measure(given.url))))
