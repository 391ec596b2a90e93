"""Every row of every table as plain values, out of one database and into another of either kind.

Out: all tables as of one moment, some rows at a time, in the order of their primary keys. In: into tables of the form
they had then, by names and kinds of columns that come with them, so that a later version can take them up.
"""

import base64
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Date,
    Double,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    column,
    delete,
    func,
    insert,
    inspect,
    literal,
    select,
    table,
    text,
    tuple_,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.types import TypeEngine

from bot.store import desk_words
from bot.store.columns import Epoch, Instant, StatusText, Tags, Words
from bot.store.metadata import metadata
from bot.store.tables import revision as counter

ROWS = 500  # at a time
FEWER_ROWS = {"held_snapshots": 4}  # of whole lists as they came
MADE_BY_MIGRATIONS = frozenset({"revision", "pace", "facts"})
_BINDS = 30_000  # in one statement; both databases take a little more

Row = list[Any]
_PLAIN: Mapping[str, TypeEngine[Any]] = {
    "number": BigInteger(),
    "fraction": Double(),
    "yes_no": Boolean(),
    "text": Text(),
    "bytes": LargeBinary(),
    "day": Date(),
    "instant": Instant(),
    "json": JSON(),
}
_KINDS: tuple[tuple[type[TypeEngine[Any]], str], ...] = (
    (Instant, "instant"),
    (Epoch, "number"),
    (Tags, "number"),
    (Words, "text"),
    (StatusText, "text"),
    (JSON, "json"),
    (LargeBinary, "bytes"),
    (Date, "day"),
    (Boolean, "yes_no"),
    (Integer, "number"),
    (Double, "fraction"),
    (String, "text"),
)
_TO_JSON: Mapping[str, Callable[[Any], Any]] = {
    "bytes": lambda value: base64.b64encode(value).decode(),
    "day": date.isoformat,
    "instant": datetime.isoformat,
}
_FROM_JSON: Mapping[str, Callable[[Any], Any]] = {
    "bytes": base64.b64decode,
    "day": date.fromisoformat,
    "instant": datetime.fromisoformat,
}


@dataclass(frozen=True, slots=True)
class Form:
    """A table: its name, and its columns with the kind of each."""

    name: str
    columns: tuple[tuple[str, str], ...]


def forms() -> list[Form]:
    """Every table, those first that others lean on."""
    return [Form(one.name, tuple((c.name, kind_of(c)) for c in one.c)) for one in metadata.sorted_tables]


def kind_of(one: Column[Any]) -> str:
    """How a column's values are written; TypeError for a type that is not known here."""
    for type_, kind in _KINDS:
        if isinstance(one.type, type_):
            return kind
    raise TypeError(f"{one.table.name}.{one.name} cannot be written into a backup")


async def count(connection: AsyncConnection) -> dict[str, int]:
    """How many rows each table has."""
    found = {}
    for one in metadata.sorted_tables:
        found[one.name] = int((await connection.scalar(select(func.count()).select_from(one))) or 0)
    return found


async def rows(connection: AsyncConnection, form: Form) -> AsyncIterator[list[Row]]:
    """All rows as JSON knows them, some at a time, as they were when the snapshot began."""
    plain = _plain(form)
    key = [plain.c[one.name] for one in metadata.tables[form.name].primary_key]
    places = [[name for name, _ in form.columns].index(one.name) for one in key]
    convert = [_TO_JSON.get(kind) for _, kind in form.columns]
    size = FEWER_ROWS.get(form.name, ROWS)
    chosen = select(*plain.c).order_by(*key).limit(size)
    after: tuple[Any, ...] | None = None
    while True:
        asked = chosen
        if after is not None:
            values = [literal(value, one.type) for value, one in zip(after, key, strict=True)]
            asked = chosen.where(tuple_(*key) > tuple_(*values)) if len(key) > 1 else chosen.where(key[0] > values[0])
        found = (await connection.execute(asked)).all()
        if found:
            yield [_converted(row, convert) for row in found]
        if len(found) < size:
            return
        after = tuple(found[-1][place] for place in places)


async def anything(connection: AsyncConnection) -> bool:
    """Whether any row was written by people, feeds or helpers."""
    existing = await connection.run_sync(lambda sync: set(inspect(sync).get_table_names()))
    for one in metadata.sorted_tables:
        if one.name not in existing or one.name in MADE_BY_MIGRATIONS:
            continue
        if (await connection.execute(select(literal(1)).select_from(one).limit(1))).first():
            return True
    return False


async def clear(connection: AsyncConnection) -> None:
    """Delete every row."""
    if connection.dialect.name == "sqlite":  # else all that changes would stay in memory until the end
        await connection.exec_driver_sql("PRAGMA cache_spill=ON")
    existing = await connection.run_sync(lambda sync: set(inspect(sync).get_table_names()))
    for one in reversed(metadata.sorted_tables):
        if one.name in existing:
            await connection.execute(delete(one))


async def put(connection: AsyncConnection, form: Form, some: Sequence[Row]) -> None:
    """Write rows as `rows` gave them."""
    convert = [_FROM_JSON.get(kind) for _, kind in form.columns]
    names = [name for name, _ in form.columns]
    plain, size = _plain(form), max(1, _BINDS // len(names))
    for first in range(0, len(some), size):
        values = [dict(zip(names, _converted(row, convert), strict=True)) for row in some[first : first + size]]
        await connection.execute(insert(plain), values)


async def revision_of_lists(connection: AsyncConnection) -> int:
    """The counter of changes of meetings; 0 where there is none yet."""
    if not await connection.run_sync(lambda sync: inspect(sync).has_table(counter.name)):
        return 0
    return int((await connection.scalar(select(counter.c.number))) or 0)


async def settle(connection: AsyncConnection, at_least: int) -> None:
    """After all rows are in: new rows get new numbers, and who looks at the lists sees that they changed."""
    number = max(at_least, await revision_of_lists(connection)) + 1
    await connection.execute(update(counter).values(number=number))
    while await desk_words.fill(connection):  # of a backup of an older version
        pass
    await renumber(connection)
    await survey(connection)


async def renumber(connection: AsyncConnection) -> None:
    """Let new rows get numbers above those that are there."""
    if connection.dialect.name == "sqlite":
        return  # it takes the highest number there is, plus one
    for one in metadata.sorted_tables:
        await _settle_numbers(connection, one)


async def survey(connection: AsyncConnection) -> None:
    """Let PostgreSQL see how many rows there are: until it looks by itself, it reads tables from end to end."""
    if connection.dialect.name != "sqlite":
        for one in metadata.sorted_tables:
            await connection.exec_driver_sql(f'ANALYZE "{one.name}"')


async def _settle_numbers(connection: AsyncConnection, one: Table) -> None:
    for key in one.primary_key:
        sequence = await connection.scalar(select(func.pg_get_serial_sequence(one.name, key.name)))
        highest = await connection.scalar(select(func.max(key))) if sequence else None
        if highest is not None:
            await connection.execute(
                text("SELECT setval(:sequence, :highest)"), {"sequence": sequence, "highest": highest}
            )


def _plain(form: Form) -> Any:
    return table(form.name, *(column(name, _PLAIN[kind]) for name, kind in form.columns))


def _converted(row: Sequence[Any], convert: Sequence[Callable[[Any], Any] | None]) -> Row:
    pairs = zip(row, convert, strict=True)
    return [value if value is None or change is None else change(value) for value, change in pairs]
