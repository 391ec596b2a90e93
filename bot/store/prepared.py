"""Selects that are asked all day: over SQLite without the engine's bookkeeping, which costs more than they do."""

import sqlite3
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

from sqlalchemy import Select
from sqlalchemy.dialects.sqlite import dialect as sqlite_dialect
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.sqlite import read_driver

KEPT = 4096
"""Translated values of one column."""


@dataclass(frozen=True, eq=False)
class Prepared:
    """One Core select for every engine; its binds must be numbers or texts, which no driver has to translate."""

    statement: Select[Any]

    async def rows(self, connection: AsyncConnection, values: Mapping[str, Any]) -> Sequence[Sequence[Any]]:
        """All rows, with the values that the engine itself would hand out."""
        driver = read_driver(connection)
        if driver is not None:
            sql, binds = self._text
            try:
                found = await driver.visit(sql, [values[name] for name in binds])
            except (sqlite3.Error, ValueError):
                pass  # asked once more below: the engine's own errors are those that get explained
            else:
                return [self._translated(row) for row in found]
        rows: Sequence[Sequence[Any]] = (await connection.execute(self.statement, values)).all()
        return rows

    def _translated(self, row: Sequence[Any]) -> list[Any]:
        values = list(row)
        for place, translate in self._translations:
            values[place] = translate(values[place])
        return values

    @cached_property
    def _dialect(self) -> Any:
        return sqlite_dialect(paramstyle="qmark")

    @cached_property
    def _text(self) -> tuple[str, list[str]]:
        """The statement as SQLite takes it, and the names of its binds in their order."""
        compiled: Any = self.statement.compile(dialect=self._dialect)
        return str(compiled), list(compiled.positiontup)

    @cached_property
    def _translations(self) -> list[tuple[int, Callable[[Any], Any]]]:
        """(place in the row, function) of each column whose type makes something else of what SQLite stores."""
        types = [column.type.dialect_impl(self._dialect) for column in self.statement.selected_columns]
        found = [kind.result_processor(self._dialect, None) for kind in types]
        # Most of what is translated are flags, states and sets of tags, of which there are few.
        return [(place, lru_cache(KEPT)(function)) for place, function in enumerate(found) if function is not None]
