"""A person, a meeting, the engine and a Telegram that does what the test says, over one clock that stands still."""

import base64
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.domain.meeting import Meeting
from bot.domain.reminder import Due, Kind, Outcome, Reminder, Sent
from bot.jobs.send_reminders import SendReminders
from bot.services.keys import KeyRing
from bot.services.limiter import Limiter
from bot.services.outbox import Outbox
from bot.services.people import People
from bot.services.plans import Plans
from bot.services.reminders import Reminders
from bot.services.upkeep import Upkeep
from bot.store import meetings as listings
from bot.store import outbox as messages
from bot.store import revising
from bot.store.database import Database
from bot.views.screen import Screen
from tests.builders import make_meeting

KEY = base64.b64encode(b"k" * 32).decode()
SOMEBODY = 5550100
MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)  # the meeting of make_meeting is on Tuesdays at 19:00 in London
TUESDAY = datetime(2026, 11, 24, 19, 0, tzinfo=UTC)
HOUR, DAY, WEEK = timedelta(hours=1), timedelta(days=1), timedelta(days=7)


@dataclass
class Arrived:
    """One message that Telegram took."""

    at: datetime
    chat: int
    due: Due
    silent: bool


@dataclass
class World:
    """The services of one process. `answers`: what Telegram does next; nothing left: it takes the message."""

    database: Database
    now: datetime = MONDAY
    answers: list[Outcome | BaseException | Callable[[], Awaitable[Outcome]]] = field(default_factory=list)
    arrived: list[Arrived] = field(default_factory=list)
    asked: int = 0
    rules: str = "2025a"

    def __post_init__(self) -> None:
        self.keys = KeyRing(self.database, setting=KEY)
        clock = lambda: self.now  # noqa: E731 - the test moves it
        self.reminders = Reminders(self.database, self.keys, clock=clock)
        self.people = People(self.database, self.keys, clock=clock)
        self.plans = Plans(self.database, self.keys)
        self.upkeep = Upkeep(self.database, rules=lambda: self.rules)
        self.outbox, self.sender = self.process()

    def process(self) -> tuple[Outbox, SendReminders]:
        """The engine as a process of its own would have it; the test keeps it, or goes on with it."""
        self._waiting: dict[int, Due] = {}
        outbox = Outbox(self.database, self.keys)
        self.limiter = Limiter(self.database, 1000)
        sender = SendReminders(outbox, self.limiter, self._compose, self._deliver, clock=lambda: self.now, rate=1000)
        return outbox, sender

    def restart(self) -> None:
        """Everything that was in memory is gone."""
        self.outbox, self.sender = self.process()

    async def _compose(self, due: Due) -> Screen:
        screen = Screen(f"{due.kind.name} {due.day}")
        self._waiting[id(screen)] = due
        self._kept = screen
        return screen

    async def _deliver(self, chat: int, screen: Screen, silent: bool) -> Outcome:
        due = self._waiting.pop(id(screen))
        self.asked += 1
        answer = self.answers.pop(0) if self.answers else Sent()
        if isinstance(answer, BaseException):
            raise answer
        if callable(answer):
            answer = await answer()
        if isinstance(answer, Sent):
            self.arrived.append(Arrived(self.now, chat, due, silent))
        return answer

    async def listed(self, *shown: Meeting, feed: str = "smart-sample") -> None:
        """The feed holds these and no others."""
        async with self.database.begin() as connection:
            await listings.replace_feed(connection, feed, shown, at=self.now)

    async def synced(self, *put: Meeting, vanished: tuple[int, ...] = ()) -> None:
        """A sync found these changed."""
        async with self.database.begin() as connection:
            await revising.write(connection, put, vanished, self.now)

    async def wanted(self, meeting: Meeting, *, chat: int = SOMEBODY, **chosen: Any) -> Reminder:
        """Somebody opts in."""
        return await self.reminders.set(chat, meeting.id, **chosen)

    async def tick(self, at: datetime | None = None) -> None:
        """The clock ticks, at that moment."""
        self.now = at or self.now
        await self.sender.tick()

    async def pass_time(self, until: datetime, step: timedelta = HOUR) -> None:
        """Ticks and upkeep, again and again until then."""
        while self.now < until:
            self.now = min(until, self.now + step)
            await self.tick()
            await self.upkeep.run(self.now)

    def kinds(self) -> list[Kind]:
        """What arrived, in order."""
        return [one.due.kind for one in self.arrived]

    async def states(self) -> dict[str, int]:
        """How many messages are in each state."""
        async with self.database.read() as connection:
            return {state.name: count for state, count in (await messages.count_by_state(connection)).items()}


async def opened_world(database: Database, **meeting: Any) -> tuple[World, Meeting]:
    """A world with one listed meeting."""
    world, one = World(database), make_meeting(**meeting)
    await world.listed(one)
    return world, one
