"""The protocol by which a reminder becomes a message: once, on time, or not at all.

| step, each one transaction | a crash right after it |
|---|---|
| plan: due reminders become messages, one per reminder, kind and local date | nothing is lost or doubled |
| take: messages are leased, nobody else sees them for a minute | they are taken again, nothing was sent |
| begin: looked at once more, marked *sending* | from here on it may have arrived |
| (send) | it arrived and is not marked: the one gap |
| finish: marked *sent*, if the lease still holds | done |

What a person chose for that minute is sent once more after the gap, only before the meeting begins; what asks
something never is. Whatever happens, a message leaves at most twice.
"""

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import uuid4

from bot.domain.exceptions import DatedException
from bot.domain.recurrence import Occurrence, Rule
from bot.domain.reminder import (
    DAY_S,
    UNOPENED,
    Blocked,
    Due,
    Kind,
    NotSent,
    Outcome,
    Rejected,
    Sent,
    State,
    asks_at,
)
from bot.services.keys import KeyRing, UnknownKeyError
from bot.services.sayable import Drop, Hold, Stale, Verdict, judge
from bot.store import outbox, people, reminders, retiming
from bot.store.database import Connection, Database
from bot.store.outbox import Message, Taken
from bot.store.reminders import Advance, Kept

log = logging.getLogger(__name__)

PLAN_BATCH = 50  # some ten milliseconds of the loop
Lease = outbox.Lease
"""A message in this process's hands."""
REPEAT = timedelta(seconds=15)
TROUBLED = timedelta(hours=1)  # until a reminder that cannot be worked out is looked at again
QUESTION_AFTER = timedelta(hours=18)  # not in the same evening
QUESTION_WITHIN = timedelta(days=7)
WARNED_BEFORE = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Begun:
    """A message marked *sending*: write `due` to the chat now, then say what came of it."""

    lease: Lease
    chat: int
    due: Due
    reminder: int
    person: int


class Outbox:
    """The steps above. `now` is an aware instant; each process start has a name of its own."""

    def __init__(self, database: Database, keys: KeyRing) -> None:
        self._database, self._keys = database, keys
        self._me = uuid4().hex

    async def idle(self, now: datetime) -> bool:
        """Whether there is nothing to do: told by two indexes, without waiting for a writer."""
        async with self._database.read() as connection:
            return not await outbox.anything(connection, now)

    async def plan(self, now: datetime) -> int:
        """Turn all reminders that are due into messages; how many were due."""
        planned = 0
        while True:
            async with self._database.begin() as connection:
                rows = await reminders.due(connection, now, PLAN_BATCH)
                await _plan_some(connection, rows, now)
            planned += len(rows)
            if len(rows) < PLAN_BATCH:
                return planned
            await asyncio.sleep(0)

    async def reap(self, now: datetime) -> None:
        """Settle sends that were cut off, and messages that are too late."""
        async with self._database.begin() as connection:
            await outbox.reap(connection, now)

    async def take(self, now: datetime, limit: int) -> list[Lease]:
        """Lease messages that may go now, least time left first."""
        async with self._database.begin() as connection:
            return await outbox.lease(connection, self._me, now, limit)

    async def begin(self, lease: Lease, now: datetime) -> Begun | None:
        """Look at a message once more and mark it *sending*; None: there is nothing to send (any more)."""
        keys = await self._keys.keys()
        async with self._database.begin() as connection:
            taken = await outbox.look(connection, lease)
            if taken is None:
                return None
            verdict = await judge(connection, taken, now)
            if isinstance(verdict, Due) and await outbox.start(connection, lease, now):
                try:
                    chat = keys.unseal(taken.key, taken.sealed)
                except UnknownKeyError:
                    log.error("a reminder is sealed with a key that is not here")
                    await outbox.end(connection, lease, State.FAILED, now)
                    return None
                return Begun(lease, chat, verdict, taken.reminder, taken.person)
            await _settle(connection, lease, taken, verdict)
        if isinstance(verdict, Stale):
            await self._refit(taken.reminder, now)
        return None

    async def _refit(self, reminder: int, now: datetime) -> None:
        """Compute a reminder anew. In a transaction of its own: reminders are locked before messages."""
        async with self._database.begin() as connection:
            row = await reminders.by_id(connection, reminder, lock=True)
            if row is not None:
                await retiming.refit(connection, [row], now, tells=False)

    async def give_back(self, lease: Lease, until: datetime) -> None:
        """Undo a lease: nothing was sent."""
        async with self._database.begin() as connection:
            await outbox.release(connection, lease, until)

    async def finish(self, begun: Begun, outcome: Outcome, now: datetime) -> bool:
        """Note what came of sending; False: the lease was lost to somebody else, nothing is noted."""
        async with self._database.begin() as connection:
            match outcome:
                case Sent():
                    return await _sent(connection, begun, now)
                case NotSent(after_s):
                    until = now + timedelta(seconds=after_s)
                    return await outbox.release(connection, begun.lease, until, sending=True)
                case Blocked():
                    if not await outbox.holds(connection, begun.lease):
                        return False  # they left meanwhile, and the number may be somebody else's by now
                    await people.erase(connection, begun.person)
                case Rejected():
                    return await outbox.end(connection, begun.lease, State.FAILED, now)
                case _:
                    if await outbox.again(connection, begun.lease, now + REPEAT):
                        return True
                    return await outbox.end(connection, begun.lease, State.UNKNOWN, now)
        await self._database.scrub()
        return True


async def _plan_some(connection: Connection, rows: Sequence[Kept], now: datetime) -> None:
    try:
        async with connection.begin_nested():
            await _plan_all(connection, rows, now)
    except Exception:  # noqa: BLE001 - one of them is bad: the others shall not wait for it
        for row in rows:
            await _plan_alone(connection, row, now)


async def _plan_alone(connection: Connection, row: Kept, now: datetime) -> None:
    try:
        async with connection.begin_nested():
            await _plan_all(connection, [row], now)
    except Exception as error:
        log.error("a reminder cannot be worked out", exc_info=error)
        await reminders.put_off(connection, row.id, now + TROUBLED)


async def _plan_all(connection: Connection, rows: Sequence[Kept], now: datetime) -> None:
    messages: list[Message] = []
    steps = []
    for row in rows:
        said, step = planned(row, now)
        messages += said
        steps.append(step)
    await outbox.put(connection, messages)
    await reminders.advance(connection, steps)


def planned(row: Kept, now: datetime) -> tuple[list[Message], Advance]:
    """What a due reminder says, and how it moves on: to the first occurrence ahead, however long ago it was due."""
    rule = row.rule
    if not row.weekly and row.coming is not None and row.coming.start <= now:
        return [], Advance(row.id, row.coming, None, False, None)  # it was for that one
    occurrence = None if rule is None else _present(row, now)
    if rule is None or occurrence is None:
        return [], Advance(row.id, None, None, row.check_in, row.skipped)
    if rule.fires(occurrence) > now:
        return [], Advance(row.id, occurrence, rule.fires(occurrence), row.check_in, row.skipped)
    said = _messages(row, occurrence, now)
    if not row.weekly:
        return said, Advance(row.id, occurrence, None, False, None)
    following = rule.next(occurrence.start)
    said += _warning(row, rule, occurrence, following, now)
    skipped = row.skipped if row.skipped and row.skipped > occurrence.day else None
    return said, Advance(row.id, following, rule.fires(following) if following else None, False, skipped)


def _present(row: Kept, now: datetime) -> Occurrence | None:
    """The occurrence that it is due for, if the rule still knows it and it has not begun; else the next."""
    assert row.rule is not None
    coming = row.coming
    if coming is not None and coming.start > now:
        again = row.rule.next(coming.start - timedelta(seconds=1))
        if again == coming:
            return coming
    return row.rule.next(now)


def _messages(row: Kept, occurrence: Occurrence, now: datetime) -> list[Message]:
    kind = Kind.TOUGH_TIME if row.meeting is None else Kind.REMINDER
    said = [Message(row.id, kind, occurrence.day, now, occurrence.start, occurrence.start)]
    if row.check_in:
        asks, over = asks_at(occurrence.start, row.duration), occurrence.start + timedelta(seconds=DAY_S)
        said.append(Message(row.id, Kind.CHECK_IN, occurrence.day, asks, max(over, asks), occurrence.start))
    return said


def _warning(row: Kept, rule: Rule, told: Occurrence, following: Occurrence | None, now: datetime) -> list[Message]:
    """A notice, a day before, where the next one of the series is not held: somebody may go by habit."""
    usual = replace(rule, days=()).next(told.start) if rule.days else following
    if usual is None or usual == following or any(_was_before(one, usual, told) for one in rule.days):
        return []
    second = now.hour * 3600 + now.minute * 60 + now.second
    ahead = max(now, usual.start - WARNED_BEFORE)
    return [Message(row.id, Kind.NOTICE, now.date(), ahead, usual.start, usual.start, second, row.form)]


def _was_before(one: DatedException, usual: Occurrence, told: Occurrence) -> bool:
    """Whether it is the one just reminded of that is held in its place."""
    return one.moved_to is not None and one.covers(usual.day) and one.moved_to <= told.day


async def _settle(connection: Connection, lease: Lease, taken: Taken, verdict: Verdict) -> None:
    """What follows when a message is not to be sent now."""
    match verdict:
        case Hold(until) if until < taken.dead_after:
            await outbox.release(connection, lease, until)
        case Hold() | Drop():
            await outbox.drop(connection, lease)


async def _sent(connection: Connection, begun: Begun, now: datetime) -> bool:
    """Mark it; the third in a row that nobody opened brings one quiet question."""
    row = await reminders.by_id(connection, begun.reminder, lock=True)
    if not await outbox.end(connection, begun.lease, State.SENT, now):
        return False
    if row is None or begun.due.kind not in (Kind.REMINDER, Kind.TOUGH_TIME):
        return True
    await reminders.change(connection, row.id, {"sent": row.sent + 1})
    if row.sent + 1 == UNOPENED and row.weekly:
        asks = max(now, begun.due.start or now) + QUESTION_AFTER
        question = Message(row.id, Kind.QUESTION, now.date(), asks, asks + QUESTION_WITHIN)
        await outbox.put(connection, [question])
    return True
