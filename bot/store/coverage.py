"""What is known around a point, counted from the meetings."""

import asyncio
from collections.abc import AsyncIterator

from sqlalchemy import func, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.meeting import Status
from bot.store.tables import meetings as table

Spot = tuple[str, str, float, float]
"""(fellowship, feed, latitude, longitude) of one meeting."""

SCAN_BATCH = 2_500
_LISTED = table.c.vanished_at.is_(None) & (table.c.status != Status.SUSPENDED)


async def rooms(connection: AsyncConnection, south: float, north: float) -> AsyncIterator[Spot]:
    """The meetings in open rooms between two latitudes."""
    statement = select(table.c.fellowship, table.c.feed, table.c.latitude, table.c.longitude).where(
        table.c.latitude.between(south, north),
        table.c.longitude.is_not(None),
        table.c.in_person,
        table.c.status != Status.ONLINE_FOR_NOW,
        _LISTED,
    )
    for part in (await connection.execute(statement)).partitions(SCAN_BATCH):
        for fellowship, feed, latitude, longitude in part:
            yield fellowship, feed, latitude, longitude
        await asyncio.sleep(0)


async def online(connection: AsyncConnection) -> dict[str, int]:
    """Meetings that one can join from anywhere, of each fellowship that has any."""
    joins = or_(table.c.online, table.c.status == Status.ONLINE_FOR_NOW)
    statement = select(table.c.fellowship, func.count()).where(joins, _LISTED).group_by(table.c.fellowship)
    return {fellowship: count for fellowship, count in await connection.execute(statement)}
