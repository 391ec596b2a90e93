"""Meetings that their list dropped lately, and rows that nobody touched or looked at for long."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.queue import Light
from bot.store.tables import changes, checks, meeting_edits
from bot.store.tables import meetings as table

_WHERE = (table.c.feed, table.c.fellowship, table.c.country, table.c.region)
_WHAT = (table.c.id, table.c.feed, table.c.fellowship, table.c.name, table.c.country, table.c.region)


@dataclass(frozen=True, slots=True)
class Group:
    """How many meetings of one list, kind and part of a country; `at`: the newest or oldest of their instants."""

    feed: str
    fellowship: str
    country: str
    region: str
    count: int
    at: datetime


async def gone(connection: AsyncConnection, since: datetime) -> list[Group]:
    """Dropped by their lists since then, and not ended by a person; `at`: of the newest."""
    return await _groups(connection, _is_gone(since), func.max(table.c.vanished_at))


async def gone_of(connection: AsyncConnection, feed: str, since: datetime) -> list[Light]:
    """Each of them of one list, the newest first."""
    chosen = select(*_WHAT, table.c.vanished_at).where(table.c.feed == feed, _is_gone(since))
    rows = await connection.execute(chosen.order_by(table.c.vanished_at.desc(), table.c.name, table.c.id))
    return [Light(*row) for row in rows]


async def old(connection: AsyncConnection, before: datetime) -> list[Group]:
    """Listed, changed by their list before then, and not found right since; `at`: of the oldest."""
    return await _groups(connection, _is_old(before), func.min(table.c.updated))


async def old_of(connection: AsyncConnection, feed: str, before: datetime) -> list[Light]:
    """Each of them of one list, the oldest first."""
    chosen = select(*_WHAT, table.c.updated).where(table.c.feed == feed, _is_old(before))
    rows = await connection.execute(chosen.order_by(table.c.updated, table.c.name, table.c.id))
    return [Light(*row) for row in rows]


async def checked_on(connection: AsyncConnection, meeting: int) -> date | None:
    """The day on which a person last found a meeting to be right."""
    found: date | None = await connection.scalar(select(checks.c.day).where(checks.c.meeting == meeting))
    return found


async def _groups(connection: AsyncConnection, which: ColumnElement[bool], at: Any) -> list[Group]:
    rows = await connection.execute(select(*_WHERE, func.count(), at).where(which).group_by(*_WHERE))
    return [Group(*row) for row in rows]


def _is_gone(since: datetime) -> ColumnElement[bool]:
    dropped = and_(changes.c.meeting == table.c.id, changes.c.kind == "vanished", changes.c.at >= since)
    ended = and_(meeting_edits.c.meeting == table.c.id, meeting_edits.c.field == "ended")
    return and_(table.c.vanished_at >= since, exists().where(dropped), ~exists().where(ended))


def _is_old(before: datetime) -> ColumnElement[bool]:
    right = select(checks.c.meeting).where(checks.c.day > before.date())
    return and_(table.c.vanished_at.is_(None), table.c.updated < before, table.c.id.not_in(right))
