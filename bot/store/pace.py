"""The one limit on what all processes together send, as a row; and the clock of the database."""

from datetime import UTC, datetime

from sqlalchemy import Double, case, cast, func, literal, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.tables import pace as table


async def take(connection: AsyncConnection, want: int, *, rate: float, burst: float) -> tuple[int, float]:
    """Up to `want` whole tokens, and the seconds for which nobody may send; on PostgreSQL, by its clock."""
    now = cast(func.extract("epoch", func.clock_timestamp()), Double)
    tokens = func.least(burst, table.c.tokens + func.greatest(now - table.c.filled_at, 0.0) * rate)
    granted = case((table.c.paused_until > now, 0.0), else_=func.floor(func.least(tokens, want)))
    taking = update(table).values(tokens=tokens - granted, filled_at=now, granted=granted)
    row = (await connection.execute(taking.returning(table.c.granted, table.c.paused_until - now))).one()
    return int(row[0]), max(0.0, float(row[1]))


async def pause(connection: AsyncConnection, seconds: float) -> None:
    """Let nobody send for so long, or for as long as was said before, whichever is longer."""
    until = cast(func.extract("epoch", func.clock_timestamp()), Double) + literal(seconds)
    values = {"paused_until": func.greatest(table.c.paused_until, until), "tokens": 0.0}
    await connection.execute(update(table).values(values))


async def database_clock(connection: AsyncConnection) -> datetime:
    """What time the PostgreSQL server has."""
    now: datetime = (await connection.execute(select(func.clock_timestamp()))).scalar_one()
    return now.astimezone(UTC)
