"""From a SQLite file to PostgreSQL: every row of every table, compared on both sides before anybody sees it.

The source is held for writing while it is read, so that all of it is of one moment. Whatever is written at the target
is one transaction, begun when nothing is there: a copy that was killed leaves nothing behind, and begins over.
"""

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from bot.domain.errors import StoreError
from bot.store import arriving, dump
from bot.store.database import Connection, Database
from bot.store.dump import Form
from bot.store.engines import where
from bot.store.troubles import explained

Progress = Callable[[str, int, int], None]
"""Called with "copied" or "compared", the rows done and the rows in all."""
_BITS = 256


@dataclass(slots=True)
class Sum:
    """How many rows, and the sum of their hashes: the same for the same rows in any order."""

    rows: int = 0
    total: int = 0

    def add(self, row: list[Any]) -> None:
        """Count one row, as `dump.rows` gives it."""
        written = json.dumps(row, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        self.total += int.from_bytes(hashlib.sha256(written.encode()).digest(), "big")
        self.total %= 1 << _BITS
        self.rows += 1

    @property
    def checksum(self) -> str:
        """The sum, in hexadecimal digits."""
        return f"{self.total:0{_BITS // 4}x}"


@dataclass(slots=True)
class Copied:
    """Each table with its rows and their checksum, the same on both sides."""

    tables: dict[str, Sum] = field(default_factory=dict)

    @property
    def rows(self) -> int:
        """In all."""
        return sum(one.rows for one in self.tables.values())


def _quiet(what: str, done: int, total: int) -> None:
    """Tell nobody."""


async def copy(source: Database, target: Database, progress: Progress = _quiet) -> Copied:
    """Copy all rows of an upgraded SQLite database; StoreError: the target is as it was.

    The target may be empty, or have tables without rows.
    """
    async with target.snapshot() as connection:
        _refuse(await arriving.holds(connection), target)
    await target.upgrade()
    async with source.begin() as here, target.begin() as there:
        await arriving.reserve(there)
        _refuse(await arriving.holds(there), target)
        return await _Copy(here, there, target, progress).run(sum((await dump.count(here)).values()))


def _refuse(found: str, target: Database) -> None:
    if found == "rows":
        raise StoreError(f"{where(target.url)} is not empty, and nothing was changed there: name an empty database.")
    if found == "others":
        raise StoreError(f"{where(target.url)} holds tables of another program: name a database of its own.")


@dataclass(frozen=True, slots=True)
class _Copy:
    here: Connection
    there: Connection
    target: Database
    progress: Progress

    async def run(self, total: int) -> Copied:
        seen = await dump.revision_of_lists(self.there)
        await dump.clear(self.there)  # of what the steps put in
        sent, arrived = Copied(), Copied()
        for form in dump.forms():
            sent.tables[form.name] = await self._send(form, sent.rows, total)
        await dump.survey(self.there)
        for form in dump.forms():
            arrived.tables[form.name] = await self._compare(form, arrived.rows, total)
            if arrived.tables[form.name] != sent.tables[form.name]:
                raise StoreError(f"{form.name} did not arrive as it was sent, and nothing was kept: try again.")
        if await dump.revision_of_lists(self.there) > seen:
            await dump.renumber(self.there)
        else:
            await dump.settle(self.there, seen)  # somebody there may know that revision already
        return sent

    async def _send(self, form: Form, before: int, total: int) -> Sum:
        sent = Sum()
        async for some in dump.rows(self.here, form):
            try:
                with explained(self.target.url):
                    await dump.put(self.there, form, some)
            except StoreError as error:
                raise StoreError(f"Nothing was kept, because of a row of {form.name}. {error}") from error
            for row in some:
                sent.add(row)
            self.progress("copied", before + sent.rows, total)
        return sent

    async def _compare(self, form: Form, before: int, total: int) -> Sum:
        found = Sum()
        async for some in dump.rows(self.there, form):
            for row in some:
                found.add(row)
            self.progress("compared", before + found.rows, total)
        return found
