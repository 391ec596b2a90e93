"""What people who help changed, newest first."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.admin import Author, Deed, Role, scope_as_json, scope_of_json
from bot.domain.audit import Change, Subject, Values
from bot.store.tables import admin_changes as table

Written = tuple[Subject, Values, Values]
"""What was changed, and its fields before and after."""


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
    return (await add_all(connection, at, who, deed, [(subject, before, after)]))[0]


async def add_all(
    connection: AsyncConnection, at: datetime, who: Author, deed: Deed, written: Sequence[Written]
) -> list[int]:
    """Write changes that somebody made in one deed; their numbers, in the same order."""
    rows = [
        {
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
        for subject, before, after in written
    ]
    if not rows:
        return []
    numbered = insert(table).returning(table.c.id, sort_by_parameter_order=True)
    return [int(number) for number in await connection.scalars(numbered, rows)]


async def by_id(connection: AsyncConnection, change: int, *, lock: bool = False) -> Change | None:
    """One change; `lock`: nobody else takes it back until the transaction ends."""
    chosen = select(table).where(table.c.id == change)
    row = (await connection.execute(chosen.with_for_update() if lock else chosen)).one_or_none()
    return None if row is None else _change(row)


async def by_ids(connection: AsyncConnection, changes: Sequence[int], *, lock: bool = False) -> dict[int, Change]:
    """Several by number; `lock` as above."""
    chosen = select(table).where(table.c.id.in_(changes)).order_by(table.c.id)
    rows = await connection.execute(chosen.with_for_update() if lock else chosen)
    return {row.id: _change(row) for row in rows}


async def newest(connection: AsyncConnection, limit: int, before: int | None = None) -> list[Change]:
    """The newest of all, or those before one number."""
    chosen = select(table).order_by(table.c.id.desc()).limit(limit)
    rows = await connection.execute(chosen if before is None else chosen.where(table.c.id < before))
    return [_change(row) for row in rows]


async def of_subject(connection: AsyncConnection, kind: str, subject: str) -> list[Change]:
    """All changes of one thing, newest first."""
    chosen = select(table).where(table.c.kind == kind, table.c.subject == subject).order_by(table.c.id.desc())
    return [_change(row) for row in await connection.execute(chosen)]


async def mark_undone(connection: AsyncConnection, undone: Mapping[int, int]) -> None:
    """Remember which change took which other back, by the number of that other."""
    marking = update(table).where(table.c.id == bindparam("known")).values(undone_by=bindparam("by"))
    if undone:
        await connection.execute(marking, [{"known": one, "by": by} for one, by in undone.items()])


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
