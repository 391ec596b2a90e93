"""The words of meetings that have none yet: written by an older version, or out of an older backup."""

from sqlalchemy import BigInteger, Text, bindparam, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.desk_words import words_of
from bot.store.tables import meetings as table

PART = 1_000
MOST = 50_000  # at once: whoever changes meetings waits meanwhile
_TEXTS = tuple(table.c[name] for name in ("name", "city", "region", "venue", "address", "postal_code"))
_MISSING = select(table.c.id).where(table.c.words.is_(None))
_PUT = (
    update(table)
    .where(table.c.id == bindparam("known", type_=BigInteger()))
    .values(words=bindparam("told", type_=Text()))
)


async def missing(connection: AsyncConnection) -> bool:
    """Whether any meeting has none."""
    return (await connection.execute(_MISSING.limit(1))).first() is not None


async def fill(connection: AsyncConnection) -> int:
    """Give theirs to MOST of them; how many there were. Readers do not wait for it."""
    if connection.dialect.name != "sqlite":  # planned once, not for each row (see engines)
        await connection.exec_driver_sql("SET LOCAL plan_cache_mode = 'auto'")
    ids = list(await connection.scalars(_MISSING.order_by(table.c.id).limit(MOST)))
    for first in range(0, len(ids), PART):
        some = select(table.c.id, *_TEXTS).where(table.c.id.in_(ids[first : first + PART]))
        rows = [tuple(row) for row in await connection.execute(some)]
        await connection.execute(_PUT, [{"known": row[0], "told": words_of(*row[1:])} for row in rows])
    return len(ids)
