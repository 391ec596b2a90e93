"""Small things to remember between runs, by name."""

from sqlalchemy import delete, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.tables import facts as table


async def read(connection: AsyncConnection, name: str) -> str | None:
    """What is remembered under a name."""
    value: str | None = await connection.scalar(select(table.c.value).where(table.c.name == name))
    return value


async def write(connection: AsyncConnection, name: str, value: str) -> None:
    """Remember this in the place of what was before."""
    await connection.execute(delete(table).where(table.c.name == name))
    await connection.execute(insert(table).values(name=name, value=value))
