"""What people who help changed, newest first."""

from datetime import datetime
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.admin import Author, Deed, Role, scope_as_json, scope_of_json
from bot.domain.audit import Change, Subject, Values
from bot.store.tables import admin_changes as table


async def add(
    connection: AsyncConnection,
    at: datetime,
    who: Author,
    deed: Deed,
    subject: Subject,
    before: Values,
    after: Values,
) -> int:
    """Write one change; its number."""
    row = {
        "at": at,
        "admin": who.id,
        "name": who.name,
        "role": who.role.value if who.role else "",
        "deed": deed.value,
        "kind": subject.kind,
        "subject": subject.id,
        "title": subject.title,
        "about": scope_as_json(subject.about),
        "before": dict(before),
        "after": dict(after),
    }
    return int((await connection.execute(insert(table).values(row).returning(table.c.id))).scalar_one())


async def by_id(connection: AsyncConnection, change: int, *, lock: bool = False) -> Change | None:
    """One change; `lock`: nobody else takes it back until the transaction ends."""
    chosen = select(table).where(table.c.id == change)
    row = (await connection.execute(chosen.with_for_update() if lock else chosen)).one_or_none()
    return None if row is None else _change(row)


async def newest(connection: AsyncConnection, limit: int, before: int | None = None) -> list[Change]:
    """The newest of all, or those before one number."""
    chosen = select(table).order_by(table.c.id.desc()).limit(limit)
    rows = await connection.execute(chosen if before is None else chosen.where(table.c.id < before))
    return [_change(row) for row in rows]


async def of_subject(connection: AsyncConnection, kind: str, subject: str) -> list[Change]:
    """All changes of one thing, newest first."""
    chosen = select(table).where(table.c.kind == kind, table.c.subject == subject).order_by(table.c.id.desc())
    return [_change(row) for row in await connection.execute(chosen)]


async def mark_undone(connection: AsyncConnection, change: int, by: int) -> None:
    """Remember which change took another back."""
    await connection.execute(update(table).where(table.c.id == change).values(undone_by=by))


def _change(row: Any) -> Change:
    return Change(
        id=row.id,
        at=row.at,
        who=Author(row.admin, row.name, Role(row.role) if row.role else None),
        deed=Deed(row.deed),
        subject=Subject(row.kind, row.subject, row.title, scope_of_json(row.about)),
        before=row.before,
        after=row.after,
        undone_by=row.undone_by,
    )
