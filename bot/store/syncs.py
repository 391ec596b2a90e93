"""Which feeds are read again and again, and how the last reading of each went."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.tables import feed_syncs as table


@dataclass(frozen=True, slots=True)
class SyncRecord:
    """One feed that is on; instants are aware."""

    id: str
    due_at: datetime
    attempted_at: datetime | None = None
    succeeded_at: datetime | None = None  # the listing is what the publisher said then
    failures: int = 0  # in a row
    trouble: str = ""  # the sentence of the last failure
    etag: str = ""
    last_modified: str = ""
    card: bytes = b""  # digest of the card that the last answer was asked and read by


async def listed(connection: AsyncConnection) -> list[SyncRecord]:
    """All feeds that are on, in the order of their ids."""
    rows = await connection.execute(select(table).order_by(table.c.id))
    return [SyncRecord(**row._mapping) for row in rows]


async def by_id(connection: AsyncConnection, feed: str) -> SyncRecord | None:
    """The record of one feed; None if it is off."""
    row = (await connection.execute(select(table).where(table.c.id == feed))).one_or_none()
    return None if row is None else SyncRecord(**row._mapping)


async def add(connection: AsyncConnection, record: SyncRecord) -> None:
    """Turn a feed on that is off."""
    await connection.execute(insert(table), asdict(record))


async def save(connection: AsyncConnection, record: SyncRecord) -> None:
    """Keep the record in the place of the one before; a feed that was turned off meanwhile stays off."""
    await connection.execute(update(table).where(table.c.id == record.id).values(asdict(record)))


async def remove(connection: AsyncConnection, feed: str) -> bool:
    """Turn a feed off; whether it was on."""
    return (await connection.execute(delete(table).where(table.c.id == feed))).rowcount > 0


async def claim(connection: AsyncConnection, among: Iterable[str], now: datetime, until: datetime) -> str | None:
    """The feed that waits longest, put off to `until` so that no other process takes it too; None: none is due."""
    due = select(table.c.id, table.c.due_at).where(table.c.id.in_(list(among)), table.c.due_at <= now)
    for feed, due_at in (await connection.execute(due.order_by(table.c.due_at, table.c.id))).all():
        mine = update(table).where(table.c.id == feed, table.c.due_at == due_at).values(due_at=until)
        if (await connection.execute(mine)).rowcount:
            return str(feed)
    return None
