"""A PostgreSQL database that all rows of another are about to arrive in."""

from sqlalchemy import inspect, text
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store import dump, upgrade
from bot.store.engines import WAIT_S
from bot.store.metadata import metadata

_LOCK_KEY = 0x0C4A13  # any fixed number but that of upgrades: two copies do not write into each other


async def holds(connection: AsyncConnection) -> str:
    """What is there: "nothing", "rows" of ours, or "others": tables that have our names and are not ours."""
    if await connection.run_sync(upgrade.state) == "empty":
        existing = await connection.run_sync(lambda sync: set(inspect(sync).get_table_names()))
        return "nothing" if existing.isdisjoint(metadata.tables) else "others"
    return "rows" if await dump.anything(connection) else "nothing"


async def reserve(connection: AsyncConnection) -> None:
    """Until the transaction ends nobody else writes there; who does so now is waited for, for a while."""
    await connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{WAIT_S}s'")
    await connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK_KEY})
    names = ", ".join(f'"{name}"' for name in sorted(metadata.tables))
    await connection.exec_driver_sql(f"LOCK TABLE {names} IN EXCLUSIVE MODE")
