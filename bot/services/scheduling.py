"""When a reminder fires next, after its person changed something about it."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from bot.domain.recurrence import Occurrence, Rule
from bot.domain.reminder import Kind
from bot.store import outbox, reminders
from bot.store.database import Connection
from bot.store.reminders import Kept


async def change(connection: Connection, row: Kept, values: Mapping[str, Any]) -> Kept:
    """Set columns of a reminder that this transaction holds; the row as it is then."""
    await reminders.change(connection, row.id, values)
    return replace(row, **values)


async def schedule(connection: Connection, row: Kept, now: datetime) -> Kept:
    """Compute the next occurrence anew: the first that was not reminded of and whose reminder is still ahead.

    One that was to fire already stays: a longer lead may mean at once.
    """
    rule = row.rule
    told = {one.day for one in await outbox.ahead(connection, [row.id], now) if one.kind is not Kind.CHECK_IN}
    if rule is None:
        return await _settled(connection, row, None, None)
    if not row.weekly and told:
        return await _settled(connection, row, row.coming, None)
    coming = rule.next_ahead(now, told)
    if coming is not None and _stays(row, rule, coming, now):
        coming = row.coming
    return await _settled(connection, row, coming, rule.fires(coming) if coming else None)


def _stays(row: Kept, rule: Rule, new: Occurrence, now: datetime) -> bool:
    before = row.coming
    if before is None or row.fires_at is None or not now < before.start < new.start:
        return False
    return rule.next(now) == before


async def _settled(connection: Connection, row: Kept, coming: Occurrence | None, fires: datetime | None) -> Kept:
    values = {
        "next_day": coming.day if coming else None,
        "starts_at": coming.start if coming else None,
        "fires_at": fires,
    }
    return await change(connection, row, values)
