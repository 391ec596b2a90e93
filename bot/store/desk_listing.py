"""Meetings as a table for people who help: part by part in the order of names, or those that hold some words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.admin import Scope
from bot.domain.desk_table import LOOKED_AT, Asked, Only
from bot.domain.meeting import Meeting
from bot.store.desk_meetings import word_patterns
from bot.store.meetings import NAMES
from bot.store.tables import checks, meeting_edits
from bot.store.tables import meetings as table

_COLUMNS = tuple(table.c[name] for name in NAMES)
_TEXTS = (table.c.name, table.c.venue, table.c.city, table.c.address, table.c.postal_code)
_EDITED = exists().where(meeting_edits.c.meeting == table.c.id, meeting_edits.c.derived.is_(False))


@dataclass(frozen=True, slots=True)
class Listed:
    """One row of the table."""

    meeting: Meeting
    vanished_at: datetime | None
    corrected: bool


async def part(
    connection: AsyncConnection, asked: Asked, scope: Scope, old: datetime, first: int, size: int
) -> list[Listed]:
    """Rows from `first` on, by name. `old`: what was last touched before then is."""
    return await _rows(connection, [*_asked(asked, old), *_inside(scope)], first, size)


async def holding(
    connection: AsyncConnection, words: Sequence[str], asked: Asked, scope: Scope, old: datetime
) -> list[Listed]:
    """Rows that may hold these words (as domain.words.fold gives them), in no order; LOOKED_AT at most."""
    like = "LIKE" if connection.dialect.name == "sqlite" else "ILIKE"
    held = [_holds(like, word) for word in words]
    chosen = _select([*_asked(asked, old), *_inside(scope), *held]).limit(LOOKED_AT)
    return [Listed(Meeting(*row[:-2]), *row[-2:]) for row in await connection.execute(chosen)]


def _holds(like: str, word: str) -> ColumnElement[bool]:
    # Column by column: to join the texts first costs more than to look at each.
    patterns = word_patterns(word)
    found = [text.op(like, is_comparison=True)(one) for text in _TEXTS for one in patterns]
    if any(letter.isdigit() for letter in word):  # a postcode may be typed without its blank
        code = func.replace(table.c.postal_code, " ", "")
        found += [code.op(like, is_comparison=True)(one) for one in patterns]
    return or_(*found)


async def _rows(
    connection: AsyncConnection, conditions: Sequence[ColumnElement[bool]], first: int, size: int
) -> list[Listed]:
    # Ids first: sorting whole rows would carry all their notes along.
    chosen = select(table.c.id).where(*conditions).order_by(table.c.name, table.c.id).offset(first).limit(size)
    ids = list(await connection.scalars(chosen))
    if not ids:
        return []
    rows = await connection.execute(_select([table.c.id.in_(ids)]).order_by(table.c.name, table.c.id))
    return [Listed(Meeting(*row[:-2]), *row[-2:]) for row in rows]


def _select(conditions: Sequence[ColumnElement[bool]]) -> Select[Any]:
    return select(*_COLUMNS, table.c.vanished_at, _EDITED.label("corrected")).where(*conditions)


def _asked(asked: Asked, old: datetime) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if asked.fellowship:
        found.append(table.c.fellowship == asked.fellowship)
    if asked.feed:
        found.append(table.c.feed == asked.feed)
    if asked.only is Only.CORRECTED:
        mine = select(meeting_edits.c.meeting).where(meeting_edits.c.derived.is_(False))
        found.append(table.c.id.in_(mine))
    ended = table.c.vanished_at.is_not(None)
    found.append(ended if asked.only is Only.ENDED else ~ended)
    if asked.only is Only.OLD:
        looked = exists().where(checks.c.meeting == table.c.id, checks.c.day >= old.date())
        found += [table.c.updated < old, ~looked]
    return found


def _inside(scope: Scope) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if scope.fellowships:
        found.append(table.c.fellowship.in_(sorted(scope.fellowships)))
    if scope.feeds:
        found.append(table.c.feed.in_(sorted(scope.feeds)))
    if scope.areas:
        found.append(or_(*map(_area, sorted(scope.areas))))
    return found


def _area(area: str) -> ColumnElement[bool]:
    country, _, region = area.partition("/")
    there = table.c.country == country.upper()
    return and_(there, func.lower(table.c.region) == region.lower()) if region.isascii() and region else there
