"""People who help, and invitations: rows in, the domain's own values out."""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import delete, exists, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.admin import Role, Scope, scope_as_json, scope_of_json
from bot.domain.invitation import Invitation
from bot.store.prepared import Among
from bot.store.tables import admins as table
from bot.store.tables import invitations

MARK_BYTES = 16


@dataclass(frozen=True, slots=True)
class AdminRow:
    """One person who helps or did; `sealed` is empty once the id is gone."""

    id: int
    sealed: bytes
    key: int
    role: Role
    scope: Scope
    name: str
    by_settings: bool
    given_by: int | None
    given_at: datetime
    revoked_at: datetime | None
    digest_minute: int | None = None  # local minute at which what waits is told
    digest_zone: str = ""
    digest_sent: date | None = None
    news_language: str = ""
    alerts: bool = False


_COLUMNS = tuple(table.c[name] for name in AdminRow.__slots__)
_MARKED = Among(table.c.mark, lambda mine: select(*_COLUMNS).where(mine).order_by(table.c.id))
_INVITED = tuple(invitations.c[name] for name in Invitation.__slots__)


async def find(connection: AsyncConnection, marks: Sequence[bytes], *, lock: bool = False) -> AdminRow | None:
    """The row behind any of the marks, revoked ones included."""
    if lock:
        return await _one(connection, table.c.mark.in_(list(marks)), lock=True)
    rows = await _MARKED.rows(connection, marks)
    return _row(rows[0]) if rows else None


async def by_id(
    connection: AsyncConnection, admin: int, *, lock: bool = False, share: bool = False
) -> AdminRow | None:
    """The row of that number; `lock`: nobody else changes it until the transaction ends; `share`: others may ask so
    too.
    """
    return await _one(connection, table.c.id == admin, lock=lock, share=share)


async def _one(connection: AsyncConnection, which: Any, *, lock: bool, share: bool = False) -> AdminRow | None:
    chosen = select(*_COLUMNS).where(which).order_by(table.c.id).limit(1)
    chosen = chosen.with_for_update(read=share) if lock or share else chosen
    row = (await connection.execute(chosen)).one_or_none()
    return None if row is None else _row(row)


async def listed(connection: AsyncConnection, *, lock: bool = False) -> list[AdminRow]:
    """Everybody who helps now, in the order of their numbers; `lock` as in by_id."""
    chosen = select(*_COLUMNS).where(table.c.revoked_at.is_(None)).order_by(table.c.id)
    return [_row(row) for row in await connection.execute(chosen.with_for_update() if lock else chosen)]


async def sealed_rows(connection: AsyncConnection) -> list[AdminRow]:
    """Everybody whose id is still here, those whose role was taken lately included."""
    return [_row(row) for row in await connection.execute(select(*_COLUMNS).where(table.c.sealed != b""))]


async def any_sealed(connection: AsyncConnection) -> bool:
    """Whether anybody's id is kept."""
    return bool(await connection.scalar(select(exists().where(table.c.sealed != b""))))


async def add(connection: AsyncConnection, mark: bytes, values: Mapping[str, Any]) -> int:
    """One more; its number."""
    quiet = {"digest_zone": "", "news_language": "", "alerts": False}
    put = insert(table).values(mark=mark, **quiet | _stored(values)).returning(table.c.id)
    return int((await connection.execute(put)).scalar_one())


async def change(connection: AsyncConnection, admin: int, values: Mapping[str, Any]) -> None:
    """Set columns of one row; `scope` and `role` as the domain's values."""
    await connection.execute(update(table).where(table.c.id == admin).values(_stored(values)))


async def erase_id(connection: AsyncConnection, admin: int) -> None:
    """Let go of the sealed id: nobody can be found by this row again, or told anything."""
    quiet = {"digest_minute": None, "digest_zone": "", "digest_sent": None, "news_language": "", "alerts": False}
    await change(connection, admin, {"sealed": b"", "mark": os.urandom(MARK_BYTES), **quiet})


async def revoked_before(connection: AsyncConnection, before: datetime) -> list[int]:
    """Numbers of rows that still hold an id and whose role was taken before that instant."""
    chosen = select(table.c.id).where(table.c.revoked_at < before, table.c.sealed != b"")
    return list(await connection.scalars(chosen))


async def made_with_others(connection: AsyncConnection, key: int, limit: int) -> list[tuple[int, int, bytes]]:
    """Some (id, key, sealed) of those whose row was made with another key."""
    chosen = select(table.c.id, table.c.key, table.c.sealed).where(table.c.key != key, table.c.sealed != b"")
    return [tuple(row) for row in await connection.execute(chosen.limit(limit).with_for_update())]


async def invite(connection: AsyncConnection, invitation: Invitation) -> None:
    """Keep an invitation."""
    await connection.execute(
        insert(invitations),
        _stored({name: getattr(invitation, name) for name in Invitation.__slots__}),
    )


async def invitation(connection: AsyncConnection, code: bytes) -> Invitation | None:
    """The invitation of a hash; None: none such, used, or withdrawn."""
    row = (await connection.execute(select(*_INVITED).where(invitations.c.code == code))).one_or_none()
    return None if row is None else _invitation(row)


async def invitations_open(connection: AsyncConnection) -> list[Invitation]:
    """All that were not used, the oldest first."""
    return [_invitation(row) for row in await connection.execute(select(*_INVITED).order_by(invitations.c.id))]


async def use(connection: AsyncConnection, code: bytes) -> bool:
    """Take an invitation away; whether it was there: of two who come at once, one."""
    return (await connection.execute(delete(invitations).where(invitations.c.code == code))).rowcount > 0


async def drop_invitations(connection: AsyncConnection, *, before: datetime) -> None:
    """Take away those that ran out."""
    await connection.execute(delete(invitations).where(invitations.c.until <= before))


async def drop_owner_codes(connection: AsyncConnection) -> None:
    """Take away codes for an owner that came from the command line."""
    mine = invitations.c.made_by.is_(None) & (invitations.c.role == Role.OWNER.value)
    await connection.execute(delete(invitations).where(mine))


def _row(row: Sequence[Any]) -> AdminRow:
    values: dict[str, Any] = dict(zip(AdminRow.__slots__, row, strict=True))
    return AdminRow(**values | {"role": Role(values["role"]), "scope": scope_of_json(values["scope"])})


def _invitation(row: Any) -> Invitation:
    values = dict(row._mapping)
    return Invitation(**values | {"role": Role(values["role"]), "scope": scope_of_json(values["scope"])})


def _stored(values: Mapping[str, Any]) -> dict[str, Any]:
    stored = dict(values)
    if "role" in stored:
        stored["role"] = Role(stored["role"]).value
    if "scope" in stored:
        stored["scope"] = scope_as_json(stored["scope"])
    return stored
