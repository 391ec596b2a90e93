"""Is a database whole, and does it take what is written?"""

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store import facts
from bot.store.database import Database


class _NotKept(Exception):
    """Ends a transaction that was only tried."""


async def try_to_write(database: Database) -> None:
    """Write a row that nobody else waits for, and take it back. Raises StoreError where nothing can be written."""
    try:
        async with database.begin() as connection:
            await facts.write(connection, "doctor", "")
            raise _NotKept
    except _NotKept:
        return


async def is_damaged(connection: AsyncConnection) -> bool:
    """Whether pages of an SQLite file do not fit together; reads all of them. PostgreSQL sees to its own."""
    if connection.dialect.name != "sqlite":
        return False
    found = (await connection.exec_driver_sql("PRAGMA quick_check(1)")).scalar()
    return bool(found != "ok")
