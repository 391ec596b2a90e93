"""Thousands of visits while reminders fire and workers are killed, and what came of all promises."""

import asyncio
import re
import statistics
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

from bot.domain.reminder import Kind, State
from bot.sandbox.state import Person
from bot.services.keys import KeyRing
from tests.load.fleet import Fleet, fleet
from tests.load.telegram import FIRST_VISITOR, VISITORS
from tests.load.visit import Seen, Visit
from tests.reminding import KEY
from tests.soak.filling import keep, list_meetings, this_second
from tests.soak.reminders import Plan as Due
from tests.soak.reminders import opened, read_message

_NUMBERS_ON = "SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT max(id) FROM {table}))"
EARLY_S = 6.0  # clocks may be five seconds apart
Trouble = Callable[[Fleet], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Plan:
    """How much. `every_s`: seconds between two kills; 0: `kills` of them, spread over the visits."""

    visits: int
    seed: int
    workers: int = 4
    at_once: int = 40
    kills: int = 0
    every_s: float = 0.0
    rate: float = 2.0  # reminders that become due each second
    reminding_s: float = 60.0  # for so long
    drain: bool = True  # wait until every reminder that was due is settled


@dataclass
class Verdict:
    """What came of a run."""

    visits: int = 0
    seen: Seen = field(default_factory=Seen)
    kills: int = 0
    interrupted: int = 0
    reminders: Counter[int] = field(default_factory=Counter)
    doubled_unexplained: int = 0
    early: int = 0
    lost_unexplained: int = 0
    open_at_the_end: int = 0
    left_behind: int = 0
    told_in_logs: int = 0
    faults_logged: int = 0
    errors: Counter[str] = field(default_factory=Counter)  # the same by what they say
    elder_mb: tuple[float, float] = (0.0, 0.0)
    highest_mb: float = 0.0
    seconds: float = 0.0

    @property
    def kept(self) -> bool:
        """Whether every promise was kept. Silence and apologies are judged by who laid out the trouble."""
        seen = self.seen
        broken = (
            seen.never_taken, seen.gave_up, seen.twice, seen.out_of_order, len(seen.not_known),
            self.doubled_unexplained, self.early, self.lost_unexplained, self.open_at_the_end, self.left_behind,
            self.told_in_logs,
        )  # fmt: skip
        return not any(broken)

    def figures(self) -> dict[str, object]:
        """As they are written down."""
        seen = self.seen
        longest = max(seen.waits, default=0.0)
        early, late = self.elder_mb
        waits = statistics.quantiles(seen.waits, n=100) if len(seen.waits) > 1 else [0.0] * 99
        return {
            "visits": self.visits, "updates": seen.updates, "kill -9": self.kills,
            "updates that a worker had in hand when it was killed": self.interrupted,
            "updates that were never taken with a 200": seen.never_taken,
            "answered with silence": seen.unanswered, "answered with an apology": seen.apologies,
            "asked again by the person": seen.again, "given up by the person": seen.gave_up,
            "steps without their button (no second page, a meeting within the hour)": seen.skipped,
            "answered twice, the worker killed between sending and its 200": seen.in_gap,
            "answered twice for no such reason": seen.twice,
            "rows of messages or presses out of order": seen.out_of_order,
            "messages that nothing explains": len(seen.not_known),
            "reminders that arrived": sum(many for times, many in self.reminders.items() if times),
            "of them twice, a worker killed in between": self.reminders[2],
            "twice for no such reason, or more often": self.doubled_unexplained,
            "reminders before their time": self.early,
            "reminders lost but for the documented gap": self.lost_unexplained,
            "reminders that still waited at the end": self.open_at_the_end,
            "people of whom anything was left after /forget": self.left_behind,
            "log lines with a chat id or a text": self.told_in_logs, "errors in the log": self.faults_logged,
            "memory of the worker that was never killed, MB: early, late": f"{early:.0f}, {late:.0f}",
            "the most that any worker held, MB": round(self.highest_mb),
            "until an update was taken, s: median, p99, longest": f"{waits[49]:.2f}, {waits[98]:.2f}, {longest:.1f}",
            "updates a second": round(seen.updates / max(self.seconds, 0.1)), "seconds": round(self.seconds),
        }  # fmt: skip


class Run:
    """One fleet, its people, and those who have reminders."""

    def __init__(self, plan: Plan, fleet: Fleet) -> None:
        self.plan, self.fleet = plan, fleet
        self.verdict = Verdict()
        self.chance = Random(plan.seed)

    async def fill(self) -> None:
        """Reminders of people who do not visit, due from now on."""
        now, due = this_second(), Due(0, self.plan.seed, self.plan.reminding_s, self.plan.rate)
        self.wishes, meetings = due.wishes(now + timedelta(seconds=2))
        account = self.fleet.account
        for chat in {wish.chat for wish in self.wishes}:
            account.add_person(Person(chat, "Somebody"))
            account.chats[chat].started = True
        async with opened(self.fleet.url) as database:
            await list_meetings(database, meetings, now)
            await keep(database, KeyRing(database, setting=KEY), self.wishes, now)
            async with database.begin() as connection:  # these came with numbers of their own
                for table in ("people", "reminders"):
                    await connection.exec_driver_sql(_NUMBERS_ON.format(table=table))

    async def visits(self, trouble: Trouble | None = None) -> None:
        """Everybody comes; meanwhile workers are killed, and `trouble` is made."""
        began = time.monotonic()
        numbers = iter(range(self.plan.visits))
        async with asyncio.TaskGroup() as group:
            around = [group.create_task(work) for work in (self._kill(), self._watch())]
            made = [group.create_task(trouble(self.fleet))] if trouble else []
            await asyncio.gather(*(self._people(numbers) for _ in range(self.plan.at_once)), *made)
            for task in around:
                task.cancel()
        self.verdict.seconds = time.monotonic() - began
        self.ended = datetime.now(UTC)

    async def _people(self, numbers: Iterator[int]) -> None:
        """One after the other, as one comes when another one has left."""
        for number in numbers:
            visit = Visit(
                self.fleet.account,
                FIRST_VISITOR + number,
                self.plan.seed,
                self.fleet.balancer.interrupted.__contains__,
            )
            self._add(await visit.run())
            if self.verdict.visits % 500 == 0:
                print(f"{self.verdict.visits} visits, {self.fleet.kills} kills", flush=True)

    def _add(self, seen: Seen) -> None:
        self.verdict.visits += 1
        for name, value in vars(seen).items():
            setattr(self.verdict.seen, name, getattr(self.verdict.seen, name) + value)

    async def _kill(self) -> None:
        """The first worker is left alone, where there are more than two, to see what years do to it."""
        plan, workers = self.plan, self.fleet.workers
        victims = workers[1:] if plan.workers > 2 else workers
        if plan.every_s:
            while True:
                await asyncio.sleep(plan.every_s * self.chance.uniform(0.5, 1.5))
                await self.fleet.kill(self.chance.choice(victims))
        for number in range(plan.kills):
            mark = plan.visits * (2 * number + 1) // (2 * plan.kills)
            while self.verdict.visits < mark:
                await asyncio.sleep(0.02)
            await self.fleet.kill(victims[number % len(victims)])

    async def _watch(self) -> None:
        """How much memory the workers hold, and whether one ended that nobody killed."""
        while True:
            await asyncio.sleep(1)
            assert not any(worker.gone for worker in self.fleet.workers), self.fleet.last_words()
            weights = [worker.memory_mb() for worker in self.fleet.workers]
            early = self.verdict.elder_mb[0]
            if self.verdict.visits >= self.plan.visits // 5:
                self.verdict.elder_mb = (early or weights[0], weights[0])

    async def drained(self) -> None:
        """Wait until nothing that was due is unsettled: a lease of the dead runs out after a minute or two."""
        for _ in range(120):
            if not await self._open_rows():
                return
            await asyncio.sleep(2)

    async def judge(self) -> Verdict:
        """Count what arrived, and what was left."""
        verdict, fleet = self.verdict, self.fleet
        verdict.kills = fleet.kills
        verdict.interrupted = len(fleet.balancer.interrupted)
        verdict.highest_mb = max(worker.highest_mb for worker in fleet.workers)
        await self._judge_reminders()
        verdict.open_at_the_end = await self._open_rows() if self.plan.drain else 0
        verdict.left_behind = await self._left_behind()
        for line in fleet.log.read_text(encoding="utf-8").splitlines():
            if '"level": "error"' in line or "Traceback" in line:
                verdict.faults_logged += 1
                verdict.errors[re.sub(r'"(at|where)": ("[^"]*"|\[.*\]),? ?', "", line)[:300]] += 1
            known = any(int(part) in VISITORS for part in re.findall(r"\b\d{9}\b", line))
            verdict.told_in_logs += known or "kill myself" in line or "Quiet Lantern" in line
        return verdict

    async def _judge_reminders(self) -> None:
        sends = [call for call in self.fleet.account.calls if call["code"] == 200]
        arrived = Counter(read_message(call["params"]) for call in sends)
        fires = {(wish.chat, wish.meeting): wish.fires_at.timestamp() for wish in self.wishes if not wish.asks_at}
        for call in sends:
            chat, _, meeting = read_message(call["params"])
            self.verdict.early += call["at"] < fires.get((chat, meeting), 0.0) - EARLY_S
        rows = {
            (r, Kind(k)): (State(s), t)
            for r, k, s, t in await self._ask("SELECT reminder, kind, state, tries FROM outbox")
        }
        for number, wish in enumerate(self.wishes, 1):
            kind = Kind.CHECK_IN if wish.asks_at else Kind.REMINDER
            if (wish.asks_at or wish.fires_at) > self.ended:
                continue  # the visits went faster than thought
            times = arrived[(wish.chat, kind, wish.meeting)]
            state, tries = rows.get((number, kind), (None, 0))
            most = 1 if wish.asks_at or tries < 2 else 2
            self.verdict.reminders[times] += 1
            self.verdict.doubled_unexplained += times > most
            gap = state == State.UNKNOWN and tries == (1 if wish.asks_at else 2)
            late = wish.lead_s < 600 and state in (None, State.EXPIRED, State.UNKNOWN)
            self.verdict.lost_unexplained += self.plan.drain and not times and not gap and not late

    async def _left_behind(self) -> int:
        """Rows of people who visited: none of them may be left."""
        async with opened(self.fleet.url) as database:
            keys = await KeyRing(database, setting=KEY).keys()
        kept = {bytes(row[0]) for row in await self._ask("SELECT mark FROM people")}
        visitors = range(FIRST_VISITOR, FIRST_VISITOR + self.plan.visits)
        return sum(any(mark in kept for mark in keys.marks(chat)) for chat in visitors)

    async def _open_rows(self) -> int:
        at = int(self.ended.timestamp())
        due = f"SELECT count(*) FROM reminders WHERE fires_at <= {at}"
        waiting = f"SELECT count(*) FROM outbox WHERE state IN (1, 2) OR (state = 0 AND visible_at <= {at})"
        return int((await self._ask(f"SELECT ({due}) + ({waiting})"))[0][0])

    async def _ask(self, question: str) -> list[tuple]:  # type: ignore[type-arg]
        async with opened(self.fleet.url) as database, database.read() as connection:
            return list((await connection.exec_driver_sql(question)).all())


async def run(plan: Plan, url: str, folder: Path, trouble: Trouble | None = None) -> Verdict:
    """Fill, visit, drain, judge. The database is upgraded and empty."""
    async with fleet(url, folder, plan.workers) as workers:
        one = Run(plan, workers)
        await one.fill()
        await one.visits(trouble)
        if plan.drain:
            await one.drained()
    return await one.judge()
