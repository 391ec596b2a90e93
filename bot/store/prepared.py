"""Selects that are asked all day: past the engine's bookkeeping, which costs more than they do."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

from sqlalchemy import Select
from sqlalchemy.dialects.postgresql.asyncpg import dialect as asyncpg_dialect
from sqlalchemy.dialects.sqlite import dialect as sqlite_dialect
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store import asyncpg_reads
from bot.store.sqlite import read_driver

KEPT = 4096
"""Translated values of one column."""
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
    """One Core select for every engine; its binds must be numbers or texts, which no driver has to translate."""

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
