"""What time does to reminders and reports: pauses, ends and erasures, and a world that changes its clocks."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

from bot.domain.recurrence import FOREVER, forget_zones, rules_version
from bot.domain.reminder import EXPIRES_AFTER, EXPIRY_WORD, PAUSES_AFTER, UNOPENED, Kind
from bot.services import reports
from bot.store import exceptions, facts, outbox, people, proposals, reminders, retiming
from bot.store.database import Connection, Database
from bot.store.outbox import Message
from bot.store.reminders import BATCH, Kept

log = logging.getLogger(__name__)

ENDS_AFTER = timedelta(hours=24)  # a reminder for one meeting, after it began
PLANS_KEPT = timedelta(days=30)  # after their date
PROPOSALS_KEPT = timedelta(days=90)  # after they were made, once they are answered; the history has them on
DAYS_KEPT = timedelta(days=2)  # of exceptions, after their last: in no zone it is still that day
_ZONE_RULES = "zone rules"

Step = Callable[[Connection, datetime], Awaitable[int]]


class Upkeep:
    """One round does all that is due, in small transactions; several processes may do it at once."""

    def __init__(self, database: Database, *, rules: Callable[[], str] = rules_version) -> None:
        """`rules`: which edition of the world's zone rules there is now."""
        self._database, self._rules = database, rules

    async def run(self, now: datetime) -> int:
        """Do what is due; how many rows were erased."""
        await self.take_up_zone_rules(now)
        await self._all(_pause_unanswered, now)
        await self._all(_tell_of_end, now)
        erased = 0
        await self._all(reports.close_gone, now)
        for step in (_erase_unpressed, _erase_over, _purge, _drop_plans, _erase_empty, *_OF_DESK):
            erased += await self._all(step, now)
        if erased:
            await self._database.scrub()
        return erased

    async def take_up_zone_rules(self, now: datetime) -> bool:
        """Compute every next instant anew if the zone rules changed; whether they did. Local dates stay."""
        rules = self._rules()
        async with self._database.read() as connection:
            before = await facts.read(connection, _ZONE_RULES)
        if before == rules:
            return False
        forget_zones()
        last = 0
        while rows := await self._refit_after(last, now):
            last = rows[-1].id
            await asyncio.sleep(0)
        async with self._database.begin() as connection:
            await facts.write(connection, _ZONE_RULES, rules)
        if before:
            log.info("the next instants of reminders were computed anew", extra={"version": rules})
        return True

    async def _refit_after(self, last: int, now: datetime) -> list[Kept]:
        async with self._database.begin() as connection:
            rows = await reminders.after(connection, last)
            await retiming.refit(connection, rows, now, tells=False)
        return rows

    async def _all(self, step: Step, now: datetime) -> int:
        total = 0
        while True:
            async with self._database.begin() as connection:
                done = await step(connection, now)
            total += done
            if not done:
                return total
            await asyncio.sleep(0)


async def _pause_unanswered(connection: Connection, now: datetime) -> int:
    """A week after the question nothing was pressed: it pauses itself, without another word."""
    asked = await outbox.answered_by_silence(connection, now - PAUSES_AFTER, BATCH)
    for _, reminder in asked:
        row = await reminders.by_id(connection, reminder, lock=True)
        if row is not None and row.sent >= UNOPENED:
            await outbox.take_back(connection, [reminder], now)
            paused = {"paused_until": FOREVER, "next_day": None, "starts_at": None, "fires_at": None}
            await reminders.change(connection, reminder, paused)
        await outbox.withdraw(connection, reminder, [Kind.QUESTION])
    return len(asked)


async def _tell_of_end(connection: Connection, now: datetime) -> int:
    """The word before the end, once; what is paused ends without one."""
    since = now.date() - EXPIRES_AFTER + EXPIRY_WORD
    rows = await reminders.to_tell_of_end(connection, since)
    words = [Message(row.id, Kind.EXPIRY, row.pressed_on, now, now + EXPIRY_WORD) for row in rows]
    await outbox.put(connection, words)
    return len(words)


async def _erase_unpressed(connection: Connection, now: datetime) -> int:
    ended = await reminders.ended(connection, now.date() - EXPIRES_AFTER, now)
    return await reminders.remove(connection, ended) if ended else 0


async def _erase_over(connection: Connection, now: datetime) -> int:
    over = await reminders.over(connection, now - ENDS_AFTER)
    return await reminders.remove(connection, over) if over else 0


async def _purge(connection: Connection, now: datetime) -> int:
    return await outbox.purge(connection, now)


async def _drop_plans(connection: Connection, now: datetime) -> int:
    return await people.drop_plans(connection, now.date() - PLANS_KEPT)


async def _drop_days(connection: Connection, now: datetime) -> int:
    return await exceptions.purge(connection, now.date() - DAYS_KEPT)


async def _drop_proposals(connection: Connection, now: datetime) -> int:
    return await proposals.forget_settled(connection, now - PROPOSALS_KEPT)


async def _erase_empty(connection: Connection, now: datetime) -> int:
    return await people.erase_empty(connection)


_OF_DESK: tuple[Step, ...] = (reports.forget_texts, reports.forget, _drop_days, _drop_proposals)
