"""How long what people asked for has been waiting, as numbers without anybody in them."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import case, func, literal_column, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.tables import outbox, reminders

_OPEN = literal_column("outbox.state") <= literal_column("2")  # as the partial index has it


@dataclass(frozen=True, slots=True)
class Waiting:
    """Messages that could have left already: how many, since when the oldest, and how many for longer than asked."""

    count: int
    since: datetime | None
    overdue: int


async def waiting(connection: AsyncConnection, now: datetime, patience: timedelta) -> Waiting:
    """Due reminders that were not put down, and messages put down that nobody sends."""
    late = now - patience
    parts = []
    for column, more in ((reminders.c.fires_at, ()), (outbox.c.visible_at, (_OPEN,))):
        overdue = func.coalesce(func.sum(case((column <= late, 1), else_=0)), 0)
        chosen = select(func.count(), func.min(column), overdue).where(column <= now, *more)
        parts.append((await connection.execute(chosen)).one())
    oldest = min((part[1] for part in parts if part[1] is not None), default=None)
    return Waiting(sum(part[0] for part in parts), oldest, sum(int(part[2]) for part in parts))
