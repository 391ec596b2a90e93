"""Days on which meetings are not as every week: one exception for each meeting and first day."""

from collections.abc import Collection, Sequence
from datetime import date, timedelta

from sqlalchemy import delete, exists, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.exceptions import DatedException, Days
from bot.store.prepared import Among
from bot.store.tables import exceptions as table
from bot.store.tables import meetings

FORGOTTEN_AFTER = timedelta(days=90)  # what goes on until further notice, of a meeting that is no longer there
_COLUMNS = (table.c.meeting, table.c.first_day, table.c.last_day, table.c.moved_to, table.c.start, table.c.note)
_ORDER = (table.c.meeting, table.c.first_day)
_THEIRS = Among(table.c.meeting, lambda theirs: select(*_COLUMNS).where(theirs).order_by(*_ORDER))


async def of_meetings(connection: AsyncConnection, ids: Collection[int]) -> dict[int, Days]:
    """The exceptions of those meetings that have any, the first day first."""
    found: dict[int, Days] = {}
    for identity, *values in await _THEIRS.rows(connection, sorted(set(ids))):
        found[identity] = (*found.get(identity, ()), DatedException(*values))
    return found


async def every(connection: AsyncConnection) -> dict[int, Days]:
    """All exceptions by meeting: there are few."""
    found: dict[int, list[DatedException]] = {}
    rows = await connection.execute(select(*_COLUMNS).order_by(*_ORDER))
    for identity, *values in rows:
        found.setdefault(identity, []).append(DatedException(*values))
    return {identity: tuple(some) for identity, some in found.items()}


async def put(connection: AsyncConnection, ids: Sequence[int], one: DatedException) -> None:
    """Write an exception of these meetings, in the place of the one with the same first day."""
    await remove(connection, ids, one.first_day)
    values = {name: getattr(one, name) for name in DatedException.__slots__}
    if ids:
        await connection.execute(insert(table), [{"meeting": identity} | values for identity in ids])


async def remove(connection: AsyncConnection, ids: Sequence[int], first_day: date) -> None:
    """Delete the exception that begins on that day."""
    await connection.execute(delete(table).where(table.c.meeting.in_(list(ids)), table.c.first_day == first_day))


async def purge(connection: AsyncConnection, today: date) -> int:
    """Delete what was over before a day: it says nothing any more, and no list changes. How many."""
    moved = table.c.moved_to.is_(None) | (table.c.moved_to < today)
    over = (table.c.last_day < today) & moved
    gone = ~exists().where(meetings.c.id == table.c.meeting)
    forgotten = table.c.last_day.is_(None) & (table.c.first_day < today - FORGOTTEN_AFTER) & gone
    return (await connection.execute(delete(table).where(over | forgotten))).rowcount
