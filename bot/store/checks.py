"""Meetings that somebody who helps found to be right, and on which day."""

from collections.abc import Mapping, Sequence
from datetime import date

from sqlalchemy import delete, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.tables import checks as table


async def put(connection: AsyncConnection, meeting: int, day: date | None) -> None:
    """Remember the day of the last check; None: there was none."""
    await put_all(connection, {meeting: day})


async def put_all(connection: AsyncConnection, days: Mapping[int, date | None]) -> None:
    """The same for several."""
    if not days:
        return
    await connection.execute(delete(table).where(table.c.meeting.in_(days)))
    if rows := [{"meeting": meeting, "day": day} for meeting, day in days.items() if day is not None]:
        await connection.execute(insert(table), rows)


async def of(connection: AsyncConnection, ids: Sequence[int]) -> dict[int, date]:
    """The days of those that were checked."""
    rows = await connection.execute(select(table.c.meeting, table.c.day).where(table.c.meeting.in_(ids)))
    return {meeting: day for meeting, day in rows}
