"""Four processes at one database: nothing is claimed twice, a stopped one notes nothing, one 429 stops all.

Every claim is written down by a trigger, in the claiming transaction and without any key that could hide a double.
"""

import argparse
import asyncio
import signal
import sys
import tempfile
import time
from collections import deque
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from bot.domain.reminder import Sent, State
from bot.sandbox import Sandbox
from bot.sandbox.faults import Fault
from bot.sandbox.state import Person
from bot.services.keys import KeyRing
from bot.services.outbox import Outbox
from bot.store.database import Database
from bot.store.outbox import SENDING
from tests import postgres
from tests.reminding import KEY
from tests.soak.filling import Wish, keep, list_meetings, meeting_at, next_minute, this_second
from tests.soak.kill import ROOT
from tests.soak.reminders import opened

PROCESSES = 4
FIRST_CHAT = 555_010_000
AUDIT = """
CREATE TABLE claims (step text, row bigint);
CREATE FUNCTION claimed() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN INSERT INTO claims VALUES (TG_ARGV[0], NEW.id); RETURN NULL; END $$;
CREATE TRIGGER planned AFTER UPDATE ON reminders FOR EACH ROW EXECUTE FUNCTION claimed('plan');
CREATE TRIGGER leased AFTER UPDATE ON outbox FOR EACH ROW WHEN (NEW.state = 1) EXECUTE FUNCTION claimed('lease')
"""


async def worker(kind: str, url: str, begin: float, *more: object) -> asyncio.subprocess.Process:
    """One more process."""
    words = [sys.executable, "-m", "tests.soak.worker", kind, url, str(begin), *map(str, more)]
    pipe = asyncio.subprocess.PIPE
    return await asyncio.create_subprocess_exec(*words, cwd=ROOT, stdin=pipe, stdout=pipe, stderr=pipe)


async def ended(processes: list[asyncio.subprocess.Process]) -> None:
    """Wait for them; AssertionError with what one of them complained of."""
    for process, (_, complaint) in zip(
        processes, await asyncio.gather(*(one.communicate() for one in processes)), strict=True
    ):
        assert process.returncode == 0, complaint.decode()[-2000:]


async def fill(url: str, count: int, due: datetime, *, minutes: int = 1) -> list[Wish]:
    """So many reminders of one person each, all due; their meetings start within so many minutes, the last first."""
    starts = [
        next_minute(due) + timedelta(minutes=20 + minutes - number * minutes // count) for number in range(count)
    ]
    meetings = {start: meeting_at(start, 0) for start in starts}
    wishes = [
        Wish(FIRST_CHAT + number, meetings[start].id, meetings[start].zone, start, due, 600)
        for number, start in enumerate(starts)
    ]
    async with opened(url) as database:
        await list_meetings(database, list(meetings.values()), due)
        await keep(database, KeyRing(database, setting=KEY), wishes, due)
    return wishes


@dataclass(frozen=True, slots=True)
class Claims:
    """How often a row was claimed at a step, and how many of these claims were not the first."""

    plans: int
    leases: int
    doubles: int
    seconds: float


async def claims(url: str, count: int, *, locks: bool = True) -> Claims:
    """Four processes plan and lease all that is due. The database is upgraded and empty."""
    due = this_second()
    await fill(url, count, due)
    async with opened(url) as database, database.begin() as connection:
        for statement in AUDIT.replace("RETURN NULL;", "RETURN NULL\x00").split(";\n"):
            await connection.exec_driver_sql(statement.replace("\x00", ";"))
    begin = time.time() + 2.5
    kind = "claim" if locks else "unlocked"
    await ended([await worker(kind, url, begin, due.timestamp()) for _ in range(PROCESSES)])
    seconds = time.time() - begin
    async with opened(url) as database, database.read() as connection:
        counted = await connection.exec_driver_sql(
            "SELECT step, count(*), count(DISTINCT row) FROM claims GROUP BY step"
        )
        steps = {step: (every, different) for step, every, different in counted}
    plans, leases = steps.get("plan", (0, 0)), steps.get("lease", (0, 0))
    assert (plans[1], leases[1]) == (count, count), "all of them are claimed"
    return Claims(plans[0], leases[0], sum(every - one for every, one in (plans, leases)), seconds)


async def overtaken(url: str) -> tuple[str, State]:
    """Stop a process while it sends, let another take over, let the first go on: what it noted, and the state."""
    due = this_second()
    await fill(url, 1, due)
    process = await worker("stall", url, 0, due.timestamp())
    assert process.stdout is not None
    assert await process.stdout.readline() == b"sending\n"
    process.send_signal(signal.SIGSTOP)
    try:
        async with opened(url) as database:
            await _take_over(database, due + SENDING + timedelta(seconds=1))
    finally:
        process.send_signal(signal.SIGCONT)
    said, complaint = await process.communicate(b"\n")
    assert process.returncode == 0, complaint.decode()[-2000:]
    async with opened(url) as database, database.read() as connection:
        state, tries = (await connection.exec_driver_sql("SELECT state, tries FROM outbox")).one()
    assert tries == 2
    return said.decode().strip(), State(state)


async def _take_over(database: Database, now: datetime) -> None:
    other = Outbox(database, KeyRing(database, setting=KEY))
    await other.reap(now)
    (lease,) = await other.take(now, 5)
    begun = await other.begin(lease, now)
    assert begun is not None
    assert await other.finish(begun, Sent(), now)


@dataclass(frozen=True, slots=True)
class Rest:
    """What four processes did after one of them was told to rest."""

    sent: int
    during: int  # from a second after the word until its end
    tries_used_up: int
    waited: float  # the most seconds that a message left after one with more time left, after the rest


async def rests(url: str, count: int, *, rest_s: int) -> Rest:
    """Four processes send; the tenth message is answered with a 429."""
    async with Sandbox("127.0.0.1:0") as sandbox:
        account = sandbox.state.bot(sandbox.token)
        account.calls = deque()
        due = this_second()
        wishes = await fill(url, count, due, minutes=30)
        for wish in wishes:
            account.add_person(Person(wish.chat, "Somebody"))
            account.chats[wish.chat].started = True
        account.faults.append(Fault("sendmessage", "error", 429, skip=9, retry_after=rest_s))
        processes = [await worker("send", url, 0, sandbox.token, sandbox.api_url, 20) for _ in range(PROCESSES)]
        with suppress(TimeoutError):
            async with asyncio.timeout(rest_s + count / 4 + 30):
                while sum(call["code"] == 200 for call in _sends(account.calls)) < count:
                    await asyncio.sleep(0.1)
        await asyncio.sleep(0.5)
        for process in processes:
            process.terminate()
        await ended(processes)
        calls = _sends(account.calls)
    async with opened(url) as database, database.read() as connection:
        tries = list(await connection.exec_driver_sql("SELECT state, tries FROM outbox"))
    (told,) = [call["at"] for call in calls if call["code"] == 429]
    starts = {wish.chat: wish.start for wish in wishes}
    after = [
        (call["at"], starts[int(call["params"]["chat_id"])]) for call in calls if call["at"] > told + rest_s - 0.2
    ]
    return Rest(
        sent=sum(call["code"] == 200 for call in calls),
        during=sum(told + 1 < call["at"] < told + rest_s - 0.2 for call in calls),
        tries_used_up=sum(row != (State.SENT, 1) for row in tries),
        waited=longest_wait(after),
    )


def longest_wait(sent: list[tuple[float, datetime]]) -> float:
    """By how many seconds a message (when it left, when its meeting starts) was overtaken by one with more time."""
    longest, ordered = 0.0, sorted(sent, key=lambda one: one[1], reverse=True)
    first, of_later = float("inf"), float("inf")
    for number, (at, start) in enumerate(ordered):
        if number and ordered[number - 1][1] != start:
            of_later = min(of_later, first)
        longest, first = max(longest, at - of_later), min(first, at)
    return max(0.0, longest)


def _sends(calls: "deque[dict[str, object]]") -> list[dict[str, object]]:
    return [call for call in calls if call["method"] == "sendMessage"]


async def _everything(server: postgres.Server, folder: Path, count: int, rest_s: int) -> dict[str, object]:
    async def new() -> str:
        return server.database(await server.create(await server.upgraded_template()))

    good, bad = await claims(await new(), count), await claims(await new(), count, locks=False)
    sqlite = f"sqlite+aiosqlite:///{folder / 'openchair.db'}"
    await Database(sqlite).upgrade()
    noted = {one: await overtaken(one) for one in (sqlite, await new())}
    rest = await rests(await new(), 200, rest_s=rest_s)
    return {
        "due, planned and leased by four processes": count, "doubles": good.doubles,
        "seconds for both steps": round(good.seconds, 1),
        "doubles without locks (the count must see some)": bad.doubles,
        "notes of a process that was stopped past its lease": sum(said == "noted" for said, _ in noted.values()),
        f"a 429 for {rest_s} s to one of four: sent meanwhile": rest.during, "sent in all": rest.sent,
        "tries used up by it": rest.tries_used_up,
        "the longest that one left after one with more time, s": round(rest.waited, 1),
    }  # fmt: skip


def main(words: list[str] | None = None) -> int:
    """Run, print, and write the figures. 0 when nothing was doubled and the count can be trusted."""
    from tests.soak.record import record

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=40_000)
    parser.add_argument("--rest", type=int, default=30)
    chosen = parser.parse_args(words)
    programs = postgres.installed_programs()
    if programs is None:
        print("there is no PostgreSQL here")
        return 0
    with postgres._running(programs) as url, tempfile.TemporaryDirectory() as folder:
        figures = asyncio.run(_everything(postgres.Server(url), Path(folder), chosen.count, chosen.rest))
    for name, value in figures.items():
        print(f"{name}: {value}")
    command = f"python -m tests.soak.claims --count {chosen.count} --rest {chosen.rest}"
    record("Four processes at one PostgreSQL", command, 0, figures)
    must_be_none = ("doubles", "notes of a process that was stopped past its lease", "tries used up by it")
    seen = figures["doubles without locks (the count must see some)"]
    return 1 if any(figures[name] for name in must_be_none) or not seen else 0


if __name__ == "__main__":
    sys.exit(main())
