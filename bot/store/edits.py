"""What people who help set in the place of what a list says, field by field."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, exists, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.admin import Author
from bot.domain.edits import ENDED, Edit
from bot.domain.fields import plain, typed
from bot.store.tables import meeting_edits as table
from bot.store.tables import meetings

BATCH = 250

Edits = dict[int, list[Edit]]  # by meeting, in the order of fields


async def of_feed(connection: AsyncConnection, feed: str) -> Edits:
    """All edits of a feed."""
    return await _read(connection, table.c.feed == feed)


async def of_meetings(connection: AsyncConnection, ids: Sequence[int]) -> Edits:
    """All edits of these meetings; those without any are left out."""
    found: Edits = {}
    for first in range(0, len(ids), BATCH):
        found |= await _read(connection, table.c.meeting.in_(ids[first : first + BATCH]))
    return found


async def due(connection: AsyncConnection, at: datetime) -> list[int]:
    """Meetings of which an edit's time is over."""
    over = select(table.c.meeting).where(table.c.until <= at).distinct().order_by(table.c.meeting)
    return list(await connection.scalars(over))


async def listed_otherwise(connection: AsyncConnection) -> list[Edit]:
    """Edits of meetings that are there, where the list says something new since."""
    there = exists().where(meetings.c.id == table.c.meeting)
    found = await _read(connection, there)
    return [edit for edits in found.values() for edit in edits if edit.conflict]


async def ended(connection: AsyncConnection, feed: str) -> set[int]:
    """Meetings of a feed that are not shown because somebody said so."""
    chosen = select(table.c.meeting).where(table.c.feed == feed, table.c.field == ENDED)
    return set(await connection.scalars(chosen))


async def put(connection: AsyncConnection, edits: Iterable[Edit]) -> None:
    """Keep these, each in the place of the one for its field."""
    rows = [_row(edit) for edit in edits]
    for row in rows:
        here = (table.c.meeting == row["meeting"], table.c.field == row["field"])
        await connection.execute(delete(table).where(*here))
    for first in range(0, len(rows), BATCH):
        await connection.execute(insert(table), rows[first : first + BATCH])


async def drop(connection: AsyncConnection, edits: Iterable[Edit]) -> None:
    """Forget these."""
    for edit in edits:
        here = (table.c.meeting == edit.meeting, table.c.field == edit.field)
        await connection.execute(delete(table).where(*here))


async def replace_all(connection: AsyncConnection, ids: Collection[int], edits: Sequence[Edit]) -> None:
    """Let these be the edits of those meetings, and no others."""
    wanted = sorted(ids)
    for first in range(0, len(wanted), BATCH):
        await connection.execute(delete(table).where(table.c.meeting.in_(wanted[first : first + BATCH])))
    for first in range(0, len(edits), BATCH):
        await connection.execute(insert(table), [_row(edit) for edit in edits[first : first + BATCH]])


async def forget_gone(connection: AsyncConnection, feed: str) -> None:
    """Drop the edits of a feed whose meetings are forgotten."""
    there = exists().where(meetings.c.id == table.c.meeting)
    await connection.execute(delete(table).where(table.c.feed == feed, ~there))


async def _read(connection: AsyncConnection, chosen: Any) -> Edits:
    rows = await connection.execute(select(table).where(chosen).order_by(table.c.meeting, table.c.field))
    found: defaultdict[int, list[Edit]] = defaultdict(list)
    for row in rows:
        found[row.meeting].append(_edit(row))
    return dict(found)


def _row(edit: Edit) -> dict[str, Any]:
    return {
        "meeting": edit.meeting,
        "field": edit.field,
        "feed": edit.feed,
        "value": plain(edit.value),
        "listed": plain(edit.listed),
        "based_on": plain(edit.based_on),
        "admin": edit.author.id,
        "name": edit.author.name,
        "at": edit.at,
        "why": edit.why,
        "until": edit.until,
        "derived": edit.derived,
    }


def _edit(row: Any) -> Edit:
    value, listed, based_on = (typed(row.field, one) for one in (row.value, row.listed, row.based_on))
    author = Author(row.admin, row.name)
    return Edit(
        row.meeting, row.field, row.feed, value, listed, based_on, author, row.at, row.why, row.until, row.derived
    )
