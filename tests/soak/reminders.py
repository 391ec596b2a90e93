"""Kills the real bot while it sends reminders into a faulty network, again and again, and counts what arrived."""

import argparse
import asyncio
import json
import math
import random
import re
import signal
import sys
import tempfile
from collections import Counter, deque
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from bot.domain.buttons import Action, unpack
from bot.domain.reminder import Due, Kind, Sent, State
from bot.jobs.send_reminders import SendReminders
from bot.sandbox import Sandbox
from bot.sandbox.faults import Fault
from bot.sandbox.state import BotAccount, Person
from bot.services.keys import KeyRing
from bot.services.limiter import Limiter
from bot.services.outbox import Outbox
from bot.store.database import Database
from bot.views.screen import Screen
from tests.reminding import KEY
from tests.soak.filling import MINUTE, Wish, keep, list_meetings, meeting_at, next_minute, this_second
from tests.soak.warm import Life, warm

FIRST_CHAT = 555_010_000
MOST_PEOPLE = 1_400
LONG_S, SHORT_S = 3 * 3_600, 120  # leads: one that outlasts any backlog, and one that a dead lease nearly uses up
ROOMS = 8  # meetings that start at the same minute
FAULTS = (
    {"kind": "drop"}, {"kind": "drop"}, {"kind": "drop_after"}, {"kind": "drop_after"},
    {"kind": "error", "code": 502}, {"kind": "error", "code": 429}, {"kind": "hang", "seconds": 2.0},
    {"kind": "slow", "seconds": 0.5},
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Plan:
    """How long and how hard. `rate`: reminders that become due each second; `seconds`: for how long."""

    kills: int
    seed: int
    seconds: float
    rate: float = 3.0
    patient: bool = True  # at the end wait for leases to run out; else look into the future
    faulty: float = 0.1  # share of sends that go wrong

    def wishes(self, begins: datetime) -> tuple[list[Wish], list[Any]]:
        """Reminders that become due all the time, and a question in ten."""
        chance = random.Random(self.seed)
        total = int(self.seconds * self.rate)
        meetings, wishes, asked = {}, [], 0
        for number in range(total):
            at = begins + timedelta(seconds=int(number / self.rate))
            asks = at if number % 10 == 0 and asked < MOST_PEOPLE // 3 else None
            lead = SHORT_S if number % 5 == 1 else LONG_S
            start = at - timedelta(minutes=90) if asks else at + timedelta(seconds=lead)
            meeting = meeting_at(next_minute(start), chance.randrange(ROOMS))
            meetings[meeting.id] = meeting
            asked += asks is not None
            chat = FIRST_CHAT + (asked if asks else MOST_PEOPLE // 3 + 1 + number % (MOST_PEOPLE * 2 // 3))
            start = next_minute(start)
            fires = at if asks is None else start - timedelta(seconds=lead)
            wishes.append(Wish(chat, meeting.id, meeting.zone, start, fires, lead, asks))
        return list({wish.key: wish for wish in wishes}.values()), list(meetings.values())


@dataclass
class Verdict:
    """What came of a run. `arrived`: how often each reminder and each question did."""

    lives: int = 0
    kills: int = 0
    terminations: int = 0
    unsettled_after_sigterm: int = 0
    faults: int = 0
    refused: int = 0
    reminders: Counter[int] = field(default_factory=Counter)
    questions: Counter[int] = field(default_factory=Counter)
    after_start: int = 0
    too_late: int = 0
    lost_unexplained: int = 0
    open_at_the_end: int = 0
    alarms: int = 0
    told_in_logs: int = 0
    seconds: float = 0.0

    @property
    def kept(self) -> bool:
        """Whether every promise was kept."""
        broken = (self.after_start, self.lost_unexplained, self.open_at_the_end, self.told_in_logs, self.alarms)
        twice = max(self.questions, default=0) > 1 or max(self.reminders, default=0) > 2
        return not (any(broken) or twice or self.unsettled_after_sigterm)

    def figures(self) -> dict[str, object]:
        """As they are written down."""
        times = ("never", "once", "twice", "three times or more")
        told: dict[str, object] = {
            "kill -9": self.kills, "SIGTERM": self.terminations,
            "marked as being sent and not settled after SIGTERM": self.unsettled_after_sigterm,
            "faults of the network that were laid out": self.faults, "requests that got no good answer": self.refused,
        }  # fmt: skip
        for name, counted in (("reminders", self.reminders), ("check-ins", self.questions)):
            told |= {f"{name} that arrived {word}": _at(counted, number) for number, word in enumerate(times)}
        return told | {
            "sent after the meeting began": self.after_start,
            f"never arrived, being dead until {SHORT_S} s were over": self.too_late,
            "never arrived, but for that and the documented gap": self.lost_unexplained,
            "still waiting at the end": self.open_at_the_end,
            "faults that the bot logged": self.alarms,
            "log lines with a chat id, a name or a text": self.told_in_logs,
            "seconds": round(self.seconds),
        }


def _at(counted: Counter[int], number: int) -> int:
    return counted[number] if number < 3 else sum(many for times, many in counted.items() if times >= 3)


class Run:
    """One database, one sandbox, and one life of the bot after the other."""

    def __init__(self, plan: Plan, sandbox: Sandbox, url: str, folder: Path) -> None:
        self.plan, self.url, self.folder = plan, url, folder
        self.account: BotAccount = sandbox.state.bot(sandbox.token)
        self.account.calls = deque()  # all of them: they are the truth about what arrived
        self.chance = random.Random(plan.seed)
        self.verdict = Verdict()
        self.drained: list[tuple[int, Kind, int, float]] = []
        self.settings = {
            "TOKEN": sandbox.token, "API_URL": sandbox.api_url, "DATABASE_URL": url, "KEY": KEY,
            "LISTEN": "127.0.0.1:0", "SEND_RATE": "50",
        }  # fmt: skip
        self.log = folder / "log"
        self.faults_on = False

    async def fill(self) -> None:
        """The wishes, the first of them due when the bot has started."""
        now = this_second()
        self.wishes, meetings = self.plan.wishes(now + timedelta(seconds=3))
        for chat in {wish.chat for wish in self.wishes}:
            self.account.add_person(Person(chat, "Somebody"))
            self.account.chats[chat].started = True
        async with opened(self.url) as database:
            await list_meetings(database, meetings, now)
            await keep(database, KeyRing(database, setting=KEY), self.wishes, now)

    async def lives(self) -> None:
        """Start, kill, start; every tenth end is a polite one."""
        began, loop = asyncio.get_running_loop().time(), asyncio.get_running_loop()
        breaking = asyncio.create_task(self._break())
        try:
            async with warm(self.log) as self.bot:
                while self.verdict.kills < self.plan.kills:
                    await self._life(polite=self.verdict.lives % 10 == 9)
                self.faults_on = False
                self.ended = datetime.now(UTC)
                if self.plan.patient:
                    await self._last_life()
        finally:
            breaking.cancel()
            self.verdict.seconds = loop.time() - began

    async def _life(self, *, polite: bool) -> None:
        before = await self._senders()
        life = await self.bot.start(self.settings)
        self.verdict.lives += 1
        self.faults_on = not polite
        try:
            await self._wait_for_sending(life)
            await asyncio.sleep(self.chance.uniform(0, 1.5))
            assert not life.ended, self.log.read_text()[-2000:]
            if polite:
                await self._end(life)
                self.verdict.terminations += 1
                self.verdict.unsettled_after_sigterm += await self._sending(before)
            else:
                life.kill()
                self.verdict.kills += 1
                if self.verdict.kills % 20 == 0:
                    print(f"{self.verdict.kills} kills, {len(self.account.calls)} requests", flush=True)
        finally:
            life.kill()
            await life.wait()

    async def _last_life(self) -> None:
        """Nobody kills it any more, until nothing waits."""
        life = await self.bot.start(self.settings)
        try:
            for _ in range(200):
                await asyncio.sleep(3)
                assert not life.ended, self.log.read_text()[-2000:]
                if not await self._open_rows(self.ended):
                    break
            await self._end(life)
        finally:
            life.kill()
            await life.wait()

    async def look_ahead(self) -> None:
        """Instead of waiting: go on in this process, at a later hour. (All meetings are later still.)"""
        drained, at = self.drained, [datetime.now(UTC)]

        async def deliver(chat: int, screen: Screen, silent: bool) -> Sent:
            kind, meeting = screen.text.split()
            drained.append((chat, Kind[kind], int(meeting), at[0].timestamp()))
            return Sent()

        later = max(wish.asks_at or wish.fires_at for wish in self.wishes) + timedelta(seconds=200)
        async with opened(self.url) as database:
            outbox, limiter = Outbox(database, KeyRing(database, setting=KEY)), Limiter(database, 1000)
            sender = SendReminders(outbox, limiter, _compose, deliver, clock=lambda: at[0], rate=1000)
            for minutes in (0, 2, 4):
                at[0] = later + minutes * MINUTE
                await sender.tick()

    async def judge(self) -> Verdict:
        """Count at the sandbox what arrived, and let the database explain what did not."""
        verdict, arrived = self.verdict, self._arrived()
        rows = await self._rows()
        for number, wish in enumerate(self.wishes, 1):
            if self.plan.patient and (wish.asks_at or wish.fires_at) > self.ended:
                continue  # the kills went faster than thought
            kind = Kind.CHECK_IN if wish.asks_at else Kind.REMINDER
            times = arrived[(wish.chat, kind, wish.meeting)]
            (verdict.questions if wish.asks_at else verdict.reminders)[times] += 1
            state, tries = rows.get((number, kind), (None, 0))
            gap = state == State.UNKNOWN and tries == (1 if wish.asks_at else 2)
            late = wish.lead_s == SHORT_S and (
                state in (None, State.EXPIRED) or (state == State.UNKNOWN and tries == 1)
            )
            verdict.too_late += not times and late
            verdict.lost_unexplained += not times and not gap and not late
        verdict.open_at_the_end = await self._open_rows(self.ended)
        self._read_log()
        return verdict

    def _arrived(self) -> Counter[tuple[int, Kind, int]]:
        starts = {wish.key: wish.start.timestamp() for wish in self.wishes}
        sends = [call for call in self.account.calls if call["method"] == "sendMessage"]
        self.verdict.refused = sum(call["code"] != 200 for call in sends)
        every = [(*read_message(call["params"]), call["at"]) for call in sends if call["code"] == 200] + self.drained
        self.verdict.after_start = sum(
            kind is Kind.REMINDER and at >= starts[one, two] for one, kind, two, at in every
        )
        return Counter((chat, kind, meeting) for chat, kind, meeting, _ in every)

    def _read_log(self) -> None:
        chats = {str(wish.chat) for wish in self.wishes}
        for line in self.log.read_text(encoding="utf-8").splitlines():
            self.verdict.alarms += bool(re.search(r"met a fault|cannot be|could not be sent|refused|Traceback", line))
            telling = "Quiet Lantern" in line or "reminder for you" in line
            self.verdict.told_in_logs += telling or any(part in chats for part in re.findall(r"\d{9,}", line))

    async def _break(self) -> None:
        """Now and then the next send goes wrong."""
        while True:
            await asyncio.sleep(0.1)
            if self.faults_on and not self.account.faults and self.chance.random() < 0.5:
                self.verdict.faults += 1
                skip = int(self.chance.expovariate(self.plan.faulty))
                self.account.faults.append(Fault("sendmessage", skip=skip, **self.chance.choice(FAULTS)))
            elif not self.faults_on:
                self.account.faults.clear()

    async def _wait_for_sending(self, life: Life) -> None:
        """The first message of this life, for a while; one life in seven ends at any moment of its start."""
        sent, loop = len(self.account.calls), asyncio.get_running_loop()
        until = loop.time() + (self.chance.uniform(0, 4) if self.chance.random() < 1 / 7 else 25)
        while loop.time() < until and not life.ended:
            calls = self.account.calls
            if any(calls[number]["method"] == "sendMessage" for number in range(sent, len(calls))):
                return
            await asyncio.sleep(0.01)

    async def _end(self, life: Life) -> None:
        self.faults_on = False
        life.kill(signal.SIGTERM)
        code = await asyncio.wait_for(life.wait(), 90)
        assert code in (0, -signal.SIGTERM), code  # the second: it had not even started

    async def _senders(self) -> set[str]:
        return {str(row[0]) for row in await self._ask("SELECT DISTINCT lease_by FROM outbox")}

    async def _sending(self, before: set[str]) -> int:
        """Messages of the last life that are marked and not settled."""
        rows = await self._ask("SELECT lease_by FROM outbox WHERE state = 2")
        return sum(str(row[0]) not in before for row in rows)

    async def _open_rows(self, until: datetime) -> int:
        """Reminders and messages that were due by then and are not settled."""
        at = int(until.timestamp())
        due = f"SELECT count(*) FROM reminders WHERE fires_at <= {at}"
        lasting = "state IN (1, 2) OR (state = 0 AND tries > 0)"
        waiting = f"SELECT count(*) FROM outbox WHERE {lasting} OR (state = 0 AND visible_at <= {at})"
        return int((await self._ask(f"SELECT ({due}) + ({waiting})"))[0][0])

    async def _rows(self) -> dict[tuple[int, Kind], tuple[State, int]]:
        rows = await self._ask("SELECT reminder, kind, state, tries FROM outbox")
        return {(row[0], Kind(row[1])): (State(row[2]), row[3]) for row in rows}

    async def _ask(self, question: str) -> list[Any]:
        async with opened(self.url) as database, database.read() as connection:
            return list((await connection.exec_driver_sql(question)).all())


async def _compose(due: Due) -> Screen:
    assert due.meeting is not None
    return Screen(f"{due.kind.name} {due.meeting.id}")


def read_message(params: dict[str, Any]) -> tuple[int, Kind, int]:
    """Which message it was, by its first button."""
    markup = json.loads(params["reply_markup"]) if isinstance(params["reply_markup"], str) else params["reply_markup"]
    presses = [unpack(button["callback_data"], {}) for row in markup["inline_keyboard"] for button in row]
    meeting = next(press.meeting for press in presses if press.meeting is not None)
    kind = Kind.CHECK_IN if any(press.action is Action.CHECK_IN for press in presses) else Kind.REMINDER
    return int(params["chat_id"]), kind, meeting


@asynccontextmanager
async def opened(url: str) -> AsyncIterator[Database]:
    """The database, for a moment."""
    database = Database(url)
    await database.open()
    try:
        yield database
    finally:
        await database.close()


async def run(plan: Plan, url: str, folder: Path) -> Verdict:
    """Fill, kill, drain, judge. The database is upgraded and empty."""
    async with Sandbox("127.0.0.1:0") as sandbox:
        one = Run(plan, sandbox, url, folder)
        await one.fill()
        await one.lives()
        if not plan.patient:
            await one.look_ahead()
        return await one.judge()


async def soak(kind: str, plan: Plan) -> Verdict:
    """A run on a new database of either kind."""
    from tests import postgres

    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        url = f"sqlite+aiosqlite:///{folder / 'openchair.db'}"
        if kind == "postgresql":
            programs = postgres.installed_programs()
            assert programs is not None, "there is no PostgreSQL here"
            server = postgres.Server(stack.enter_context(postgres._running(programs)))
            url = server.database(await server.create(await server.upgraded_template()))
        else:
            await Database(url).upgrade()
        return await run(plan, url, folder)


def main(words: list[str] | None = None) -> int:
    """Run, print, and write the figures. 0 when every promise was kept."""
    from tests.soak.record import record

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--life", type=float, default=10.0, help="seconds that a life is thought to take")
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args(words)
    plan = Plan(chosen.kills, chosen.seed, math.ceil(chosen.kills * chosen.life))
    verdict = asyncio.run(soak(chosen.database, plan))
    command = " ".join(
        ["python -m tests.soak.reminders", *(f"--{name} {value}" for name, value in vars(chosen).items())]
    )
    for name, value in verdict.figures().items():
        print(f"{name}: {value}")
    record(f"Reminders while the bot is killed, {chosen.database}", command, chosen.seed, verdict.figures())
    return 0 if verdict.kept else 1


if __name__ == "__main__":
    sys.exit(main())
