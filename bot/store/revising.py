"""A feed's meetings brought to a new state row by row: what did not change is not written."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.edits import ENDED
from bot.domain.meeting import Meeting
from bot.store.meetings import INSERT_BATCH, NAMES, count_change, record_of
from bot.store.retiming import retime
from bot.store.tables import meeting_edits
from bot.store.tables import meetings as table
from bot.store.tables import revision as counter

PART = 250


@dataclass(frozen=True, slots=True)
class Known:
    """A meeting as it is stored, and since when it is no longer listed."""

    meeting: Meeting
    vanished_at: datetime | None


async def take_turn(connection: AsyncConnection) -> None:
    """Wait until no other transaction changes meetings. (SQLite has one writer anyway.)"""
    await connection.execute(select(counter.c.number).with_for_update())


async def count(connection: AsyncConnection, feed: str) -> int:
    """How many meetings of a feed are listed."""
    listed = select(func.count()).where(table.c.feed == feed, table.c.vanished_at.is_(None))
    return (await connection.execute(listed)).scalar_one()


async def known(connection: AsyncConnection, feed: str) -> AsyncIterator[list[Known]]:
    """All meetings of a feed, some at a time, those that are no longer listed included."""
    ids = list(await connection.scalars(select(table.c.id).where(table.c.feed == feed).order_by(table.c.id)))
    for first in range(0, len(ids), PART):
        chosen = table.c.id.in_(ids[first : first + PART])
        rows = await connection.execute(select(*(table.c[name] for name in NAMES), table.c.vanished_at).where(chosen))
        yield [Known(Meeting(*row[:-1]), row[-1]) for row in rows]


async def rows(connection: AsyncConnection, ids: Sequence[int]) -> dict[int, Known]:
    """Meetings by id, those that are no longer listed included."""
    found: dict[int, Known] = {}
    for first in range(0, len(ids), PART):
        chosen = table.c.id.in_(ids[first : first + PART])
        some = await connection.execute(select(*(table.c[name] for name in NAMES), table.c.vanished_at).where(chosen))
        found |= {row[0]: Known(Meeting(*row[:-1]), row[-1]) for row in some}
    return found


async def write(connection: AsyncConnection, put: Sequence[Meeting], vanished: Sequence[int], at: datetime) -> None:
    """Put meetings in the place of those with their ids, and mark others as no longer listed since `at`.

    Their reminders are brought in step.
    """
    if not put and not vanished:
        return
    await count_change(connection)
    for first in range(0, len(put), INSERT_BATCH):
        batch = put[first : first + INSERT_BATCH]
        await connection.execute(delete(table).where(table.c.id.in_([one.id for one in batch])))
        await connection.execute(insert(table), [record_of(one) for one in batch])
    for first in range(0, len(vanished), PART):
        chosen = table.c.id.in_(vanished[first : first + PART])
        await connection.execute(update(table).where(chosen).values(vanished_at=at))
    await retime(connection, [*(one.id for one in put), *vanished], at)


async def forget_vanished(connection: AsyncConnection, feed: str, before: datetime) -> None:
    """Delete what is no longer listed since before that instant. Nobody saw it any more: no list changes.

    What only a person said has ended stays as long as the list has it: it may be restored.
    """
    ended = select(meeting_edits.c.meeting).where(meeting_edits.c.feed == feed, meeting_edits.c.field == ENDED)
    gone = delete(table).where(table.c.feed == feed, table.c.vanished_at < before, table.c.id.not_in(ended))
    await connection.execute(gone)
