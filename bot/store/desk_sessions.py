"""Browsers in which people who help signed in: rows in, values out."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, exists, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.tables import desk_sessions as table


@dataclass(frozen=True, slots=True)
class SessionRow:
    """One browser. `id` and `link` are hashes."""

    id: bytes
    link: bytes
    admin: int
    language: str
    made_at: datetime
    seen_at: datetime
    until: datetime


_COLUMNS = tuple(table.c[name] for name in SessionRow.__slots__)


async def begin(connection: AsyncConnection, row: SessionRow) -> bool:
    """Keep a session; whether its link was not used before: of two who come at once, one."""
    made = sqlite.insert(table) if connection.dialect.name == "sqlite" else postgresql.insert(table)
    putting = made.values({name: getattr(row, name) for name in SessionRow.__slots__})
    return (await connection.execute(putting.on_conflict_do_nothing(index_elements=["link"]))).rowcount > 0


async def closed_since(connection: AsyncConnection, admin: int, since: datetime) -> bool:
    """Whether somebody signed out everywhere at that instant or later."""
    mine = (table.c.admin == admin) & (table.c.made_at == table.c.until) & (table.c.made_at >= since)
    return bool(await connection.scalar(select(exists().where(mine))))


async def find(connection: AsyncConnection, session: bytes) -> SessionRow | None:
    """The session of that hash, over or not."""
    row = (await connection.execute(select(*_COLUMNS).where(table.c.id == session))).one_or_none()
    return None if row is None else SessionRow(*row)


async def change(connection: AsyncConnection, session: bytes, values: dict[str, Any]) -> None:
    """Set columns of one."""
    await connection.execute(update(table).where(table.c.id == session).values(values))


async def end_all(connection: AsyncConnection, admin: int, at: datetime) -> None:
    """End every session of one person."""
    mine = (table.c.admin == admin) & (table.c.until > at)
    await connection.execute(update(table).where(mine).values(until=at))


async def drop(connection: AsyncConnection, before: datetime) -> None:
    """Delete what was made before that instant."""
    await connection.execute(delete(table).where(table.c.made_at < before))
