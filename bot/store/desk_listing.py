"""Meetings as a table for people who help: part by part in the order of names, all or those that hold some words.

What is asked of a row stands in the entries of one index: at worst all of that is walked through, never the rows.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, UnaryExpression, and_, exists, func, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.sql.operators import custom_op

from bot.domain.admin import Scope
from bot.domain.desk_table import Asked, Only
from bot.domain.meeting import Meeting
from bot.domain.words import fold
from bot.store.meetings import NAMES
from bot.store.tables import checks, meeting_edits
from bot.store.tables import meetings as table

Conditions = Sequence[ColumnElement[bool]]
_COLUMNS = tuple(table.c[name] for name in NAMES)
_EDITED = exists().where(meeting_edits.c.meeting == table.c.id, meeting_edits.c.derived.is_(False))


@dataclass(frozen=True, slots=True)
class Listed:
    """One row of the table."""

    meeting: Meeting
    vanished_at: datetime | None
    corrected: bool


async def part(
    connection: AsyncConnection,
    words: Sequence[str],
    asked: Asked,
    scope: Scope,
    old: datetime,
    first: int,
    size: int,
) -> list[Listed]:
    """Rows from `first` on, by name, that hold all of these words (as domain.words.fold gives them).

    `old`: what was last touched before then is.
    """
    conditions = [*holding(words), *_asked(connection, asked, old), *inside(connection, scope)]
    ids = await walked(connection, conditions, first, size)
    if not ids:
        return []
    chosen = select(*_COLUMNS, table.c.vanished_at, _EDITED.label("corrected")).where(table.c.id.in_(ids))
    rows = {row[0]: Listed(Meeting(*row[:-2]), *row[-2:]) for row in await connection.execute(chosen)}
    return [rows[number] for number in ids if number in rows]


async def walked(connection: AsyncConnection, conditions: Conditions, first: int, size: int) -> list[int]:
    """Ids in the order of names."""
    chosen: Select[Any] = select(table.c.id).where(*conditions).order_by(table.c.words, table.c.id)
    return list(await connection.scalars(chosen.offset(first).limit(size)))


def holding(words: Sequence[str]) -> list[ColumnElement[bool]]:
    """What rows have to be like that hold all of these words, or parts of words."""
    return [table.c.words.like(f"%{word}%") for word in words]  # no letter of a folded word means anything to LIKE


def inside(connection: AsyncConnection, scope: Scope) -> list[ColumnElement[bool]]:
    """What rows have to be like that lie inside a scope."""
    found: list[ColumnElement[bool]] = []
    if scope.fellowships:
        found.append(table.c.fellowship.in_(sorted(scope.fellowships)))
    if scope.feeds:
        found.append(beside(connection, table.c.feed).in_(sorted(scope.feeds)))
    if scope.areas:
        found.append(or_(*map(_area, sorted(scope.areas))))
    return found


def _asked(connection: AsyncConnection, asked: Asked, old: datetime) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if asked.fellowship:
        found.append(table.c.fellowship == asked.fellowship)
    if asked.feed:
        found.append(beside(connection, table.c.feed) == asked.feed)
    if asked.only is Only.CORRECTED:
        mine = select(meeting_edits.c.meeting).where(meeting_edits.c.derived.is_(False))
        found.append(beside(connection, table.c.id).in_(mine))
    ended = table.c.vanished_at.is_not(None)
    found.append(ended if asked.only is Only.ENDED else ~ended)
    if asked.only is Only.OLD:
        looked = select(checks.c.meeting).where(checks.c.day >= old.date())
        found += [table.c.updated < old, beside(connection, table.c.id).not_in(looked)]
    return found


def beside(connection: AsyncConnection, column: Any) -> Any:
    """A column by which SQLite is not to look rows up: it knows no numbers, and would sort half of the table."""
    if connection.dialect.name != "sqlite":
        return column
    return UnaryExpression(column, operator=custom_op("+"), type_=column.type)


def _area(area: str) -> ColumnElement[bool]:
    country, _, region = area.partition("/")
    there = table.c.country == country.upper()
    if not region:
        return there
    if region.isascii():  # SQLite lowers no other letters
        return and_(there, func.lower(table.c.region) == region.lower())
    return and_(there, *holding([fold(region)]))
