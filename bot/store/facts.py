"""Small things to remember between runs, by name."""

from sqlalchemy import delete, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.tables import facts as table


async def read(connection: AsyncConnection, name: str) -> str | None:
    """What is remembered under a name."""
    value: str | None = await connection.scalar(select(table.c.value).where(table.c.name == name))
    return value


async def write(connection: AsyncConnection, name: str, value: str) -> None:
    """Remember this in the place of what was before; processes that start together may all do it."""
    made = sqlite.insert(table) if connection.dialect.name == "sqlite" else postgresql.insert(table)
    putting = made.values(name=name, value=value)
    await connection.execute(putting.on_conflict_do_update(index_elements=["name"], set_={"value": value}))


async def forget(connection: AsyncConnection, name: str) -> None:
    """Remember nothing under a name any more."""
    await connection.execute(delete(table).where(table.c.name == name))
