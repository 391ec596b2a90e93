"""Those who asked for something to be kept: a sealed chat id, and what they chose for all their reminders."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, exists, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.prepared import Among
from bot.store.tables import people as table
from bot.store.tables import plans, reminders

EMPTY_BATCH = 500


@dataclass(frozen=True, slots=True)
class PersonRow:
    """One row; `quiet_from` and `quiet_to` are local minutes."""

    id: int
    sealed: bytes
    key: int
    language: str | None
    zone: str | None
    keeps_zone: bool
    quiet_from: int | None
    quiet_to: int | None


_COLUMNS = tuple(table.c[name] for name in PersonRow.__slots__)
_MARKED = Among(table.c.mark, lambda mine: select(*_COLUMNS).where(mine).order_by(table.c.id))
_LOCKED = Among(table.c.mark, lambda mine: select(*_COLUMNS).where(mine).order_by(table.c.id).with_for_update())


async def any_sealed(connection: AsyncConnection) -> bool:
    """Whether anybody has a row."""
    return bool(await connection.scalar(select(exists().select_from(table))))


async def find(connection: AsyncConnection, marks: Sequence[bytes], *, lock: bool = False) -> PersonRow | None:
    """The person behind any of the marks; `lock`: nobody else changes what is theirs until the transaction ends."""
    rows = await (_LOCKED if lock else _MARKED).rows(connection, marks)
    return PersonRow(*rows[0]) if rows else None


async def find_or_add(connection: AsyncConnection, marks: Sequence[bytes], *, sealed: bytes, key: int) -> PersonRow:
    """The person behind any of the marks; a new row has the first mark."""
    known = await find(connection, marks, lock=True)
    if known is not None:
        return known
    put = sqlite.insert(table) if connection.dialect.name == "sqlite" else postgresql.insert(table)
    values = {"mark": marks[0], "sealed": sealed, "key": key, "keeps_zone": False}
    put = put.values(values).on_conflict_do_nothing(index_elements=["mark"])
    row = (await connection.execute(put.returning(*_COLUMNS))).one_or_none()
    added = PersonRow(*row) if row is not None else await find(connection, marks, lock=True)
    assert added is not None
    return added


async def change(connection: AsyncConnection, person: int, values: Mapping[str, Any]) -> None:
    """Set columns of one person."""
    await connection.execute(update(table).where(table.c.id == person).values(dict(values)))


async def erase(connection: AsyncConnection, person: int) -> None:
    """Delete a person and every row that is theirs."""
    await connection.execute(delete(table).where(table.c.id == person))


_NO_REMINDER = ~exists().where(reminders.c.person == table.c.id)
_NO_PLAN = ~exists().where(plans.c.person == table.c.id)
_NO_CHOICE = table.c.language.is_(None) & table.c.quiet_from.is_(None) & table.c.keeps_zone.is_(False)
_EMPTY = _NO_REMINDER & _NO_PLAN & _NO_CHOICE
_IDLE_ZONE = _NO_REMINDER & table.c.zone.is_not(None) & table.c.keeps_zone.is_(False)


async def erase_if_empty(connection: AsyncConnection, person: int) -> bool:
    """Delete a person for whom nothing is kept any more; whether that was so. A zone is kept for reminders alone."""
    mine = table.c.id == person
    await connection.execute(update(table).where(mine, _IDLE_ZONE).values(zone=None))
    return (await connection.execute(delete(table).where(mine, _EMPTY))).rowcount > 0


async def erase_empty(connection: AsyncConnection) -> int:
    """The same for some of all: how many were deleted."""
    await connection.execute(update(table).where(_IDLE_ZONE).values(zone=None))
    chosen = select(table.c.id).where(_EMPTY).limit(EMPTY_BATCH)
    return (await connection.execute(delete(table).where(table.c.id.in_(chosen)))).rowcount


async def put_plan(connection: AsyncConnection, person: int, values: Mapping[str, Any]) -> None:
    """Keep a plan in the place of the one before."""
    await drop_plan(connection, person)
    await connection.execute(insert(plans), {**values, "person": person})


async def plan(connection: AsyncConnection, person: int) -> Any | None:
    """The plan (meetings, until, kinds) of a person."""
    chosen = select(plans.c.meetings, plans.c.until, plans.c.kinds).where(plans.c.person == person)
    return (await connection.execute(chosen)).one_or_none()


async def drop_plan(connection: AsyncConnection, person: int) -> bool:
    """Delete a plan; whether there was one."""
    return (await connection.execute(delete(plans).where(plans.c.person == person))).rowcount > 0


async def drop_plans(connection: AsyncConnection, before: Any) -> int:
    """Delete the plans that ended before a date; how many."""
    return (await connection.execute(delete(plans).where(plans.c.until < before))).rowcount


async def made_with_others(connection: AsyncConnection, key: int, limit: int) -> list[tuple[int, int, bytes]]:
    """Some (id, key, sealed) of those whose row was made with another key."""
    chosen = select(table.c.id, table.c.key, table.c.sealed).where(table.c.key != key).order_by(table.c.id)
    return [tuple(row) for row in await connection.execute(chosen.limit(limit).with_for_update())]


async def reseal(connection: AsyncConnection, person: int, *, mark: bytes, sealed: bytes, key: int) -> None:
    """Put a row made with another key in the place of this one."""
    await change(connection, person, {"mark": mark, "sealed": sealed, "key": key})
