"""Meetings that somebody who helps found to be right, and on which day."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import delete, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.tables import checks as table


async def put(connection: AsyncConnection, meeting: int, day: date | None) -> None:
    """Remember the day of the last check; None: there was none."""
    await connection.execute(delete(table).where(table.c.meeting == meeting))
    if day is not None:
        await connection.execute(insert(table).values(meeting=meeting, day=day))


async def of(connection: AsyncConnection, ids: Sequence[int]) -> dict[int, date]:
    """The days of those that were checked."""
    rows = await connection.execute(select(table.c.meeting, table.c.day).where(table.c.meeting.in_(ids)))
    return {meeting: day for meeting, day in rows}
