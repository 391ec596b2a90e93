"""Meetings as sheets need them: all of some lists in an order for people, and who is missing from a file."""

from collections.abc import AsyncIterator, Collection

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.meeting import Meeting
from bot.store.meetings import NAMES
from bot.store.tables import meetings as table

PART = 250

ListedRow = tuple[int, str, str, str, str, str, int | None, int | None]
"""(id, feed, fellowship, country, region, name, weekday, start)."""

_LISTED = table.c.vanished_at.is_(None)
_FOR_PEOPLE = (table.c.feed, table.c.name, table.c.weekday, table.c.start, table.c.id)


async def parts(connection: AsyncConnection, feed: str = "", fellowship: str = "") -> AsyncIterator[list[Meeting]]:
    """Every meeting, or those of one feed or fellowship, some at a time, by feed and name: ask a snapshot."""
    chosen = select(*(table.c[name] for name in NAMES)).where(_LISTED).order_by(*_FOR_PEOPLE)
    if feed:
        chosen = chosen.where(table.c.feed == feed)
    if fellowship:
        chosen = chosen.where(table.c.fellowship == fellowship)
    async with connection.stream(chosen.execution_options(yield_per=PART)) as found:
        async for some in found.partitions(PART):
            yield [Meeting(*row) for row in some]


async def listed(connection: AsyncConnection, feeds: Collection[str]) -> AsyncIterator[list[ListedRow]]:
    """Every meeting of some feeds, in few words, some at a time: ask a snapshot."""
    columns = (
        table.c[name] for name in ("id", "feed", "fellowship", "country", "region", "name", "weekday", "start")
    )
    chosen = select(*columns).where(_LISTED, table.c.feed.in_(feeds)).order_by(*_FOR_PEOPLE)
    async with connection.stream(chosen.execution_options(yield_per=PART * 10)) as found:
        async for some in found.partitions(PART * 10):
            yield [tuple(row) for row in some]


async def kinds(connection: AsyncConnection) -> list[tuple[str, str, str, str]]:
    """(feed, fellowship, country, region) of all that is listed, each once."""
    columns = (table.c.feed, table.c.fellowship, table.c.country, table.c.region)
    rows = await connection.execute(select(*columns).where(_LISTED).distinct().order_by(*columns))
    return [tuple(row) for row in rows]
