"""Selects that are asked all day: past the engine's bookkeeping, which costs more than they do."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

from sqlalchemy import Column, ColumnElement, Select, bindparam
from sqlalchemy.dialects.postgresql.asyncpg import dialect as asyncpg_dialect
from sqlalchemy.dialects.sqlite import dialect as sqlite_dialect
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store import asyncpg_reads
from bot.store.sqlite import read_driver

KEPT = 4096
"""Translated values of one column."""
SIZES = (1, 8, 64, 512)
"""Numbers of binds."""
_NAMES = tuple(f"among_{number}" for number in range(SIZES[-1]))
_FLOAT8 = 701  # the only kind of PostgreSQL's numbers that SQLAlchemy asks about: all of ours are of it, or whole


@dataclass(frozen=True, eq=False)
class _Spoken:
    """A statement as one driver takes it."""

    statement: Select[Any]
    dialect: Any

    @cached_property
    def text(self) -> tuple[str, list[str]]:
        """The words, and the names of the binds in their order."""
        compiled: Any = self.statement.compile(dialect=self.dialect)
        return str(compiled), list(compiled.positiontup)

    def translated(self, row: Sequence[Any]) -> list[Any]:
        """A row of the driver with the values that the engine would hand out."""
        values = list(row)
        for place, translate in self._translations:
            values[place] = translate(values[place])
        return values

    @cached_property
    def _translations(self) -> list[tuple[int, Callable[[Any], Any]]]:
        """(place in the row, function) of each column whose type makes something else of what is stored."""
        types = [column.type.dialect_impl(self.dialect) for column in self.statement.selected_columns]
        found = [kind.result_processor(self.dialect, _FLOAT8) for kind in types]
        # Most of what is translated are flags, states and sets of tags, of which there are few.
        return [(place, lru_cache(KEPT)(function)) for place, function in enumerate(found) if function is not None]


@dataclass(frozen=True, eq=False)
class Prepared:
    """One Core select for every engine; its binds must be numbers, texts or bytes: no driver translates them."""

    statement: Select[Any]

    async def rows(self, connection: AsyncConnection, values: Mapping[str, Any]) -> Sequence[Sequence[Any]]:
        """All rows, with the values that the engine itself would hand out."""
        found = await self._past_the_engine(connection, values)
        if found is not None:
            return found
        rows: Sequence[Sequence[Any]] = (await connection.execute(self.statement, values)).all()
        return rows

    async def _past_the_engine(
        self, connection: AsyncConnection, values: Mapping[str, Any]
    ) -> list[Sequence[Any]] | None:
        """None where there is no way past it, or it failed: asked once more, the engine's errors get explained."""
        here, there = read_driver(connection), asyncpg_reads.free_driver(connection)
        try:
            if here is not None:
                sql, binds = self._sqlite.text
                return [self._sqlite.translated(row) for row in await here.visit(sql, [values[one] for one in binds])]
            if there is not None:
                sql, binds = self._asyncpg.text
                found = await asyncpg_reads.visit(there, sql, [values[one] for one in binds])
                return [self._asyncpg.translated(row) for row in found]
        except Exception:  # noqa: BLE001, S110 - the engine meets the same, and knows what it is called
            pass
        return None

    @cached_property
    def _sqlite(self) -> _Spoken:
        return _Spoken(self.statement, sqlite_dialect(paramstyle="qmark"))

    @cached_property
    def _asyncpg(self) -> _Spoken:
        make: Any = asyncpg_dialect
        return _Spoken(self.statement, make())


class Among:
    """A select of rows in which a column is one of some values, however many.

    `make` is given the binds for them. A few numbers of binds serve every question, so that each text is translated
    and prepared once; what is left over repeats the last value.
    """

    def __init__(self, column: Column[Any], make: Callable[[ColumnElement[bool]], Select[Any]]) -> None:
        self._column, self._make = column, make
        self._sized: dict[int, Prepared] = {}

    async def rows(
        self, connection: AsyncConnection, wanted: Sequence[Any], **others: Any
    ) -> Sequence[Sequence[Any]]:
        """All rows; `others`: the values of binds that the select has beside these."""
        found: list[Sequence[Any]] = []
        for first in range(0, len(wanted), SIZES[-1]):
            part = wanted[first : first + SIZES[-1]]
            size = next(size for size in SIZES if size >= len(part))
            values = dict(zip(_NAMES, [*part, *[part[-1]] * (size - len(part))], strict=False))
            found += await self._of(size).rows(connection, values | others)
        return found

    def _of(self, size: int) -> Prepared:
        if size not in self._sized:
            binds = [bindparam(name, type_=self._column.type) for name in _NAMES[:size]]
            self._sized[size] = Prepared(self._make(self._column.in_(binds)))
        return self._sized[size]
