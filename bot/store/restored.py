"""What a restore does to rows of people before anybody sees them."""

import os
from collections.abc import AsyncIterator, Collection
from datetime import datetime

from sqlalchemy import Table, delete, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.tables import admins, people

ROWS = 500
SealedRow = tuple[int, bytes, int, bytes]
"""(id, mark, id of the key, sealed chat id)."""


async def key_ids(connection: AsyncConnection) -> set[int]:
    """The keys with which anybody's chat id is sealed."""
    found = set(await connection.scalars(select(people.c.key).distinct()))
    return found | set(await connection.scalars(select(admins.c.key).where(admins.c.sealed != b"").distinct()))


async def sealed_people(connection: AsyncConnection) -> AsyncIterator[list[SealedRow]]:
    """Those who asked for something to be kept, some at a time."""
    async for some in _sealed(connection, people):
        yield some


async def sealed_helpers(connection: AsyncConnection) -> AsyncIterator[list[SealedRow]]:
    """Those who help or did, whose id is still here."""
    async for some in _sealed(connection, admins):
        yield some


async def erase_people(connection: AsyncConnection, ids: Collection[int]) -> None:
    """Delete people with all that is theirs."""
    await connection.execute(delete(people).where(people.c.id.in_(ids)))


async def erase_all_people(connection: AsyncConnection) -> None:
    """Delete everybody who asked for something to be kept."""
    await connection.execute(delete(people))


async def let_helpers_go(connection: AsyncConnection, ids: Collection[int], at: datetime) -> None:
    """Take their roles and erase their ids; their rows stay, the history speaks of them."""
    for number in ids:
        values = {"sealed": b"", "mark": os.urandom(16), "revoked_at": at}
        await connection.execute(update(admins).where(admins.c.id == number).values(values))


async def _sealed(connection: AsyncConnection, table: Table) -> AsyncIterator[list[SealedRow]]:
    last, columns = 0, (table.c.id, table.c.mark, table.c.key, table.c.sealed)
    chosen = select(*columns).where(table.c.sealed != b"").order_by(table.c.id).limit(ROWS)
    while some := [tuple(row) for row in await connection.execute(chosen.where(table.c.id > last))]:
        last = some[-1][0]
        yield some
