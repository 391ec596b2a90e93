"""Presses, edits, steps of the protocol, crashes and leaps of time in any order, beside a model of one page."""

import asyncio
from collections import Counter
from collections.abc import Awaitable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from hypothesis import event
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
)
from sqlalchemy import delete

from bot.domain.meeting import Meeting, Status
from bot.domain.recurrence import FOREVER
from bot.domain.reminder import CHOSEN, Blocked, Kind, NotSent, Outcome, Rejected, Sent, State, Unsure
from bot.services.outbox import Begun
from bot.store import reminders as rows
from bot.store.database import Database
from bot.store.outbox import Lease
from bot.store.tables import outbox, people
from tests.builders import make_meeting
from tests.reminding import DAY, HOUR, World
from tests.soak.recurrence import days_of

T = TypeVar("T")
CHATS = (5550100, 5550101)
KEYS = ("1", "2")
ZONES = ("Europe/London", "America/New_York", "America/Santiago", "Australia/Lord_Howe")
BEGINNINGS = (datetime(2026, 3, 6, 12), datetime(2026, 9, 4, 12), datetime(2026, 10, 29, 12), datetime(2027, 6, 1))
OUTCOMES: tuple[Outcome, ...] = (
    Sent(),
    Sent(),
    Sent(),
    NotSent(5),
    NotSent(30, True),
    Unsure(),
    Unsure(),
    Rejected(),
    Blocked(),
)
chats, keys = st.sampled_from(CHATS), st.sampled_from(KEYS)
times = st.tuples(
    st.integers(1, 7), st.sampled_from([0, 30, 60, 90, 120, 150, 720, 1140, 1410]), st.sampled_from(ZONES)
)
leads = st.sampled_from([900, 3_600, 86_400, 5 * 86_400])


@dataclass
class Wish:
    """What a person asked for, as the model knows it. `number`: a new one for every opt-in after a stop."""

    number: int
    weekly: bool
    paused: date | None = None
    skipped: date | None = None


@lru_cache(4096)
def read_clock(zone: str, day: date) -> dict[int, datetime]:
    """When the wall clock of a zone shows each half hour of a day, read minute by minute."""
    noon = datetime(day.year, day.month, day.day, 12, tzinfo=ZoneInfo(zone)).astimezone(UTC)
    return days_of(ZoneInfo(zone), noon)[day]


class Deliveries(RuleBasedStateMachine):
    """The engine's steps in any order. `runner` and `database` are kept from one example to the next."""

    runner: asyncio.Runner
    database: Database

    def __init__(self) -> None:
        super().__init__()
        self.wishes: dict[tuple[int, int], Wish] = {}
        self.listed: dict[int, Meeting] = {}
        self.leases: list[Lease] = []
        self.flying: list[Begun] = []
        self.may_have_arrived: Counter[tuple[int, Kind, date, int]] = Counter()
        self.made = 0
        self.do(self._clear())
        self.world = World(self.database)

    def do(self, work: Awaitable[T]) -> T:
        """Let the loop do it."""
        return self.runner.run(work)  # type: ignore[arg-type]

    async def _clear(self) -> None:
        async with self.database.begin() as connection:
            await connection.execute(delete(people))

    @initialize(at=st.sampled_from(BEGINNINGS), one=times, two=times)
    def begin_with_two_meetings(self, at: datetime, one: tuple[int, int, str], two: tuple[int, int, str]) -> None:
        self.world.now = at.replace(tzinfo=UTC)
        for key, (weekday, start, zone) in zip(KEYS, (one, two), strict=True):
            meeting = make_meeting(key=key, weekday=weekday, start=start, zone=zone)
            self.listed[meeting.id] = meeting
        self.do(self.world.listed(*self.listed.values()))

    def meeting(self, key: str) -> Meeting:
        return self.listed[make_meeting(key=key).id]

    # -- the person

    @rule(chat=chats, key=keys, lead_s=leads, weekly=st.booleans())
    def opt_in(self, chat: int, key: str, lead_s: int, weekly: bool) -> None:
        meeting = self.meeting(key)
        if meeting.status is not Status.ACTIVE:
            return
        self.do(self.world.wanted(meeting, chat=chat, lead_s=lead_s, weekly=weekly))
        known = self.wishes.get((chat, meeting.id))
        self.made += known is None
        self.wishes[chat, meeting.id] = Wish(known.number if known else self.made, weekly)

    @rule(chat=chats, key=keys)
    def stop(self, chat: int, key: str) -> None:
        meeting = self.meeting(key).id
        assert self.do(self.world.reminders.stop(chat, meeting)) is ((chat, meeting) in self.wishes)
        self.wishes.pop((chat, meeting), None)

    @rule(chat=chats)
    def stop_all(self, chat: int) -> None:
        mine = [key for key in self.wishes if key[0] == chat]
        assert self.do(self.world.reminders.stop_all(chat)) == len(mine)
        self._forget(chat)

    @rule(chat=chats, key=keys, days=st.none() | st.integers(-1, 15))
    def pause(self, chat: int, key: str, days: int | None) -> None:
        until = FOREVER if days is None else (self.world.now + days * DAY).date()
        if self.do(self.world.reminders.pause(chat, self.meeting(key).id, until)):
            self.wishes[chat, self.meeting(key).id].paused = until

    @rule(chat=chats, key=keys)
    def resume(self, chat: int, key: str) -> None:
        if self.do(self.world.reminders.resume(chat, self.meeting(key).id)):
            self.wishes[chat, self.meeting(key).id].paused = None

    @rule(chat=chats, key=keys, back=st.booleans())
    def skip(self, chat: int, key: str, back: bool) -> None:
        meeting = self.meeting(key).id
        known = self.do(self.world.reminders.get(chat, meeting))
        if known is None or known.next_day is None:
            return
        if back:
            self.do(self.world.reminders.unskip(chat, meeting))
        else:
            self.do(self.world.reminders.skip(chat, meeting, known.next_day))
        self.wishes[chat, meeting].skipped = None if back else known.next_day

    @precondition(lambda self: self.may_have_arrived)
    @rule(data=st.data())
    def later(self, data: st.DataObject) -> None:
        number, _, day, _ = data.draw(st.sampled_from(sorted(self.may_have_arrived)))
        for (chat, meeting), wish in self.wishes.items():
            if wish.number == number:
                again = self.do(self.world.reminders.later(chat, meeting, day))
                assert again is None or again <= self.world.now + HOUR / 6
                return

    @rule(chat=chats, key=keys, on=st.booleans())
    def ask_afterwards(self, chat: int, key: str, on: bool) -> None:
        self.do(self.world.reminders.ask_afterwards(chat, self.meeting(key).id, on))

    @rule(chat=chats, zone=st.sampled_from(ZONES))
    def travel(self, chat: int, zone: str) -> None:
        if any(key[0] == chat for key in self.wishes):
            self.do(self.world.people.set_zone(chat, zone))

    # -- the list

    @rule(key=keys, moved=times)
    def move(self, key: str, moved: tuple[int, int, str]) -> None:
        weekday, start, zone = moved
        self._edit(replace(self.meeting(key), weekday=weekday, start=start, zone=zone))

    @rule(key=keys, status=st.sampled_from([Status.ACTIVE, Status.SUSPENDED]))
    def suspend_or_restore(self, key: str, status: Status) -> None:
        self._edit(replace(self.meeting(key), status=status))

    def _edit(self, meeting: Meeting) -> None:
        self.do(self.world.synced(meeting))
        self.listed[meeting.id] = meeting

    # -- the clock and the protocol

    @rule(seconds=st.sampled_from([1, 20, 61, 91, 900, 3_600, 6 * 3_600, 86_400, 3 * 86_400, 10 * 86_400]))
    def pass_time(self, seconds: int) -> None:
        self.world.now += timedelta(seconds=seconds)

    @precondition(lambda self: self.wishes)
    @rule(seconds=st.sampled_from([-1, 0, 30]))
    def come_to_the_next_reminder(self, seconds: int) -> None:
        ahead = [row.fires_at for row in self.do(self._kept()) if row.fires_at and row.fires_at > self.world.now]
        self.world.now = max([self.world.now, *(min(ahead) + timedelta(seconds=seconds) for _ in ahead[:1])])

    @rule()
    def plan(self) -> None:
        self.do(self.world.outbox.plan(self.world.now))
        for row in self.do(self._kept()):
            assert row.fires_at is None or row.fires_at > self.world.now

    @rule()
    def reap(self) -> None:
        self.do(self.world.outbox.reap(self.world.now))

    @rule(limit=st.integers(1, 3))
    def take(self, limit: int) -> None:
        self.leases += self.do(self.world.outbox.take(self.world.now, limit))

    @precondition(lambda self: self.leases)
    @rule(data=st.data())
    def begin(self, data: st.DataObject) -> None:
        self._begin(self.leases.pop(data.draw(st.integers(0, len(self.leases) - 1))))

    @precondition(lambda self: self.flying)
    @rule(data=st.data(), outcome=st.sampled_from(OUTCOMES))
    def finish(self, data: st.DataObject, outcome: Outcome) -> None:
        self._finish(self.flying.pop(data.draw(st.integers(0, len(self.flying) - 1))), outcome)

    @precondition(lambda self: self.leases or self.flying)
    @rule()
    def crash(self) -> None:
        event("crashed while sending" if self.flying else "crashed")
        self._restart()

    def _restart(self) -> None:
        self.leases, self.flying = [], []
        self.world.restart()

    @rule(outcome=st.sampled_from(OUTCOMES))
    def tick(self, outcome: Outcome = OUTCOMES[0]) -> None:
        """A whole one, everything with the same outcome."""
        self.plan()
        self.reap()
        while leases := self.do(self.world.outbox.take(self.world.now, 10)):
            for lease in leases:
                begun = self._begin(lease)
                if begun is not None:
                    self._finish(self.flying.pop(), outcome)

    def _begin(self, lease: Lease) -> Begun | None:
        begun = self.do(self.world.outbox.begin(lease, self.world.now))
        if begun is None:
            return None
        due, now = begun.due, self.world.now
        assert due.meeting is not None
        wish = self.wishes.get((begun.chat, due.meeting.id))
        assert wish is not None, "nothing goes to somebody who stopped or blocked"
        assert wish.paused != FOREVER, "nothing goes out of a pause"
        event(f"sent: {due.kind.name}")
        if due.kind in CHOSEN:
            listed = self.listed[due.meeting.id]
            assert due.start is not None
            assert now < due.start, "nothing after the meeting began"
            assert listed.status is Status.ACTIVE
            assert self._takes_place(due.meeting.id, due.day, due.start), "never the old time"
            assert wish.paused is None or wish.paused <= due.day
        assert due.kind not in (*CHOSEN, Kind.CHECK_IN) or wish.skipped != due.day
        key = (wish.number, due.kind, due.day, lease.id)
        self.may_have_arrived[key] += 1
        assert self.may_have_arrived[key] <= (2 if due.kind in CHOSEN else 1)
        if due.kind is Kind.REMINDER:
            same = sum(many for one, many in self.may_have_arrived.items() if one[:3] == key[:3])
            assert same <= 2, "one reminder for a date"
        self.flying.append(begun)
        return begun

    def _finish(self, begun: Begun, outcome: Outcome) -> None:
        assert begun.due.meeting is not None
        wish = self.wishes.get((begun.chat, begun.due.meeting.id))
        noted = self.do(self.world.outbox.finish(begun, outcome, self.world.now))
        if isinstance(outcome, NotSent) and wish is not None:
            key = (wish.number, begun.due.kind, begun.due.day, begun.lease.id)
            self.may_have_arrived[key] -= self.may_have_arrived[key] > 0
        if isinstance(outcome, Blocked) and noted:
            self._forget(begun.chat)

    def _forget(self, chat: int) -> None:
        self.wishes = {key: wish for key, wish in self.wishes.items() if key[0] != chat}

    def _takes_place(self, meeting: int, day: date, start: datetime) -> bool:
        listed = self.listed[meeting]
        assert listed.start is not None
        return day.isoweekday() == listed.weekday and read_clock(listed.zone, day)[listed.start] == start

    async def _kept(self) -> list[rows.Kept]:
        async with self.database.read() as connection:
            return await rows.fetch(connection, rows.kept())

    async def _messages(self) -> list[Any]:
        async with self.database.read() as connection:
            return list((await connection.execute(outbox.select())).all())

    @invariant()
    def everybody_has_what_they_asked_for(self) -> None:
        for chat in CHATS:
            mine = {one.meeting: one for one in self.do(self.world.reminders.of(chat))}
            assert set(mine) == {meeting for who, meeting in self.wishes if who == chat}
            for meeting, shown in mine.items():
                wish = self.wishes[chat, meeting]
                assert (shown.paused_until, shown.weekly) == (wish.paused, wish.weekly)
                assert shown.skipped in (wish.skipped, None)  # a date that is over is forgotten

    @invariant()
    def what_is_stored_follows_from_the_rule(self) -> None:
        planned = {message.reminder for message in self.do(self._messages())}
        for row in self.do(self._kept()):
            assert row.meeting is not None
            active = self.listed[row.meeting].status is Status.ACTIVE and row.paused_until != FOREVER
            assert row.fires_at is not None or not active or (not row.weekly and (row.starts_at or row.id in planned))
            if row.fires_at is None or row.starts_at is None or row.starts_at <= self.world.now:
                continue  # what began fires no more, whatever stands there
            assert active
            assert row.next_day is not None
            assert self._takes_place(row.meeting, row.next_day, row.starts_at)
            assert row.fires_at == row.starts_at - timedelta(seconds=row.lead_s + row.jitter_s)
            assert row.next_day != row.skipped
            assert row.paused_until is None or row.next_day >= row.paused_until

    @invariant()
    def one_row_for_each_message(self) -> None:
        named = Counter((one.reminder, one.kind, one.day, one.turn) for one in self.do(self._messages()))
        assert not named or max(named.values()) == 1

    def teardown(self) -> None:
        """With a healthy Telegram all that is open is settled, and the next reminder of each comes."""
        if not self.listed:
            return
        self._restart()
        self.world.now += timedelta(seconds=91)
        self.tick()
        for message in self.do(self._messages()):
            assert message.state not in (State.LEASED, State.SENDING)
            assert message.state != State.READY or message.visible_at > self.world.now
        ahead = [row for row in self.do(self._kept()) if row.fires_at is not None]
        for row in sorted(ahead, key=lambda one: one.fires_at):
            assert row.fires_at is not None
            told = {(one.reminder, one.day) for one in self.do(self._messages()) if one.kind == Kind.REMINDER}
            before = self.may_have_arrived.total()
            self.world.now = max(self.world.now, row.fires_at)
            self.tick()
            if (row.id, row.next_day) not in told and self.world.now < (row.starts_at or self.world.now):
                assert self.may_have_arrived.total() > before, "an active reminder comes"
