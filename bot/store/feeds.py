"""What came of the last reading of each feed."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime

from sqlalchemy import delete, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.tables import feeds as table


@dataclass(frozen=True, slots=True)
class FeedRecord:
    """The last reading that was kept: rows = taken + refused; reasons with their numbers of rows."""

    id: str
    formats: tuple[str, ...]
    fellowships: tuple[str, ...]
    zone: str  # "" where each row says its own
    imported_at: datetime  # aware
    rows: int
    taken: int
    refused: int
    meetings: int
    digest: bytes  # of what was read
    complaints: Mapping[str, int] = field(default_factory=dict)
    notes: Mapping[str, int] = field(default_factory=dict)


async def save(connection: AsyncConnection, record: FeedRecord) -> None:
    """Keep the record in the place of the one before."""
    await remove(connection, record.id)
    await connection.execute(insert(table), asdict(record))


async def listed(connection: AsyncConnection) -> list[FeedRecord]:
    """All records in the order of their ids."""
    rows = await connection.execute(select(table).order_by(table.c.id))
    return [FeedRecord(**row._mapping) for row in rows]


async def by_id(connection: AsyncConnection, feed: str) -> FeedRecord | None:
    """The record of one feed; None if it was never read."""
    row = (await connection.execute(select(table).where(table.c.id == feed))).one_or_none()
    return None if row is None else FeedRecord(**row._mapping)


async def remove(connection: AsyncConnection, feed: str) -> bool:
    """Forget a feed; whether there was one."""
    return (await connection.execute(delete(table).where(table.c.id == feed))).rowcount > 0
