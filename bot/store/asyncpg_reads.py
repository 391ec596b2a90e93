"""The driver below a read connection of PostgreSQL, spoken to without the engine's bookkeeping."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy.dialects.postgresql.asyncpg import AsyncAdapt_asyncpg_connection
from sqlalchemy.ext.asyncio import AsyncConnection


def free_driver(connection: AsyncConnection) -> AsyncAdapt_asyncpg_connection | None:
    """The driver, where no transaction has to be begun before a statement; None for every other connection."""
    pooled = connection.sync_connection.connection if connection.sync_connection else None
    driver = pooled.dbapi_connection if pooled else None
    return driver if isinstance(driver, AsyncAdapt_asyncpg_connection) and driver.autocommit else None


def is_open(connection: AsyncConnection) -> bool:
    """Whether the server has not ended it, as far as the driver heard; false for every other connection."""
    driver = free_driver(connection)
    return driver is not None and not driver.driver_connection.is_closed()


async def visit(driver: AsyncAdapt_asyncpg_connection, sql: str, values: Sequence[Any]) -> list[Any]:
    """Run a select and take its rows as the driver has them: it keeps the statement prepared by its text."""
    own: Any = driver._connection
    async with driver._execute_mutex:
        rows: list[Any] = await own.fetch(sql, *values)
        return rows
