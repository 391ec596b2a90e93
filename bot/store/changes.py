"""What each reading of a feed changed: before and after, field by field, for a while."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import datetime
from typing import Any

from sqlalchemy import delete, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.tables import changes as table

BATCH = 250


@dataclass(frozen=True, slots=True)
class Change:
    """One meeting in one reading. `fields`: name -> [before, after], as JSON knows them."""

    at: datetime
    feed: str
    meeting: int
    kind: str  # added, changed, vanished, returned
    fields: Mapping[str, Sequence[Any]] = field(default_factory=dict)


_NAMES = tuple(one.name for one in fields(Change))


async def write(connection: AsyncConnection, changes: Sequence[Change]) -> None:
    """Add these to what is known."""
    for first in range(0, len(changes), BATCH):
        batch = changes[first : first + BATCH]
        await connection.execute(insert(table), [{name: getattr(one, name) for name in _NAMES} for one in batch])


async def trim(connection: AsyncConnection, before: datetime) -> None:
    """Forget what is older."""
    await connection.execute(delete(table).where(table.c.at < before))


async def of_feed(connection: AsyncConnection, feed: str) -> list[Change]:
    """All that is known of a feed, in the order it was written."""
    columns = [table.c[name] for name in _NAMES]
    rows = await connection.execute(select(*columns).where(table.c.feed == feed).order_by(table.c.id))
    return [Change(*row) for row in rows]
