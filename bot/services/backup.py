"""Backups: all tables as of one moment in a sealed file, and back into a database of either kind.

The form is the same for SQLite and PostgreSQL: lines of JSON, first what the backup is, then each table and its rows,
last how many there were. A restore reads the whole file before it touches anything, then does all in one transaction,
takes out whoever was forgotten since, and only then lets others see it.
"""

import json
import os
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, BinaryIO

from bot.domain.clock import Clock, system_clock
from bot.domain.errors import BackupError
from bot.services.forgotten import KEPT, Entry
from bot.services.keys import KeyRing, Keys, UnknownKeyError
from bot.services.sealed_file import SealedWriter, read_lines
from bot.store import dump, restored, upgrade
from bot.store.database import Connection, Database
from bot.store.dump import Form

SUFFIX = ".backup"
_NAMED = "openchair-%Y%m%dT%H%M%SZ" + SUFFIX
CLOCKS_DIFFER = timedelta(minutes=5)  # between machines, and between a note and the erasure it announces
_ROWS = 500

Progress = Callable[[int, int], None]
"""Called with rows done and rows in all."""


@dataclass(frozen=True, slots=True)
class Taken:
    """A backup that was made, or put back: as of when, and how many rows of each table."""

    at: datetime
    tables: dict[str, int] = field(default_factory=dict)
    forgotten: int = 0  # people taken out of what was put back

    @property
    def rows(self) -> int:
        """In all."""
        return sum(self.tables.values())


def _quiet(done: int, total: int) -> None:
    """Tell nobody."""


class Backups:
    """Makes backups and puts them back."""

    def __init__(self, database: Database, keys: KeyRing, *, clock: Clock = system_clock) -> None:
        self._database, self._keys, self._clock = database, keys, clock

    async def make(self, file: Path, progress: Progress = _quiet) -> Taken:
        """Write a backup, in the place of one of that name only once it is whole. BackupError, StoreError."""
        key = (await self._keys.keys()).primary
        new = file.with_name(f".{file.name}.new")
        try:
            file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as out:
                taken = await self._write(SealedWriter(out, key), progress)
                out.flush()
                os.fsync(out.fileno())
            new.replace(file)
        except OSError as error:
            raise BackupError(f"The backup {file} cannot be written: {error.strerror}.") from None
        finally:
            with suppress(OSError):
                new.unlink(missing_ok=True)
        return taken

    async def _write(self, out: SealedWriter, progress: Progress) -> Taken:
        await self._database.check()
        async with self._database.snapshot() as connection:
            taken = Taken(self._clock(), await dump.count(connection))
            revision = await connection.run_sync(upgrade.revision_of)
            _put(out, {"backup": 1, "at": taken.at.isoformat(), "revision": revision, "rows": taken.rows})
            done = 0
            async for some in _all_rows(connection, out):
                for row in some:
                    _put(out, row)
                done += len(some)
                progress(done, taken.rows)
            _put(out, {"end": done})
            out.close()
        return taken

    async def restore(
        self,
        file: Path,
        forgotten: Sequence[Entry],
        *,
        replace: bool = False,
        without_people: bool = False,
        progress: Progress = _quiet,
    ) -> Taken:
        """Put a backup into the database and take out whom `forgotten` names; BackupError: nothing was changed.

        `replace`: what is there goes. `without_people`: also for one that is older than its notes of the forgotten.
        """
        if not self._keys.present:
            raise BackupError(
                "There is no key here: put the key file to where OPENCHAIR_KEY_FILE points, or set OPENCHAIR_KEY."
            )
        keys = await self._keys.keys()
        try:
            with file.open("rb") as opened:
                head = self._checked(_Reader(opened, keys), without_people)
                opened.seek(0)
                return await self._put_back(_Reader(opened, keys), head, keys, forgotten, replace, progress)
        except OSError as error:
            raise BackupError(f"The backup {file} cannot be read: {error.strerror}.") from None

    def _checked(self, reader: "_Reader", without_people: bool) -> "_Head":
        """Read it to the end, and judge whether it may be put back."""
        for _ in reader.parts():
            pass
        head = reader.head
        if not upgrade.has_step(head.revision):
            raise BackupError("This backup was made by a newer version of Open Chair: install that version.")
        if self._clock() - head.at > KEPT and not without_people:
            raise BackupError(
                "This backup is older than seven days, and who asked to be forgotten is noted no longer: add "
                "--without-people to put back all but what people asked to keep."
            )
        return _Head(head.at, head.revision, head.rows, without_people)

    async def _put_back(
        self,
        reader: "_Reader",
        head: "_Head",
        keys: Keys,
        forgotten: Sequence[Entry],
        replace: bool,
        progress: Progress,
    ) -> Taken:
        async with self._database.begin() as connection:
            if not replace and await dump.anything(connection):
                raise BackupError("This database is not empty: add --replace to let all that is in it go.")
            seen = await dump.revision_of_lists(connection)
            await dump.clear(connection)
            await connection.run_sync(upgrade.remake, head.revision)
            await dump.clear(connection)  # of what the steps put in
            counts: dict[str, int] = {}
            async for form, some in _batches(reader):
                await dump.put(connection, form, some)
                counts[form.name] = counts.get(form.name, 0) + len(some)
                progress(sum(counts.values()), head.rows)
            await connection.run_sync(upgrade.finish)
            await dump.settle(connection, seen)
            gone = await _take_out(connection, keys, forgotten, head, self._clock())
        await self._database.scrub()
        return Taken(head.at, counts, gone)


@dataclass(frozen=True, slots=True)
class _Head:
    at: datetime
    revision: str
    rows: int
    without_people: bool = False


class _Reader:
    """The parts of a backup in order; BackupError for one that is not whole."""

    def __init__(self, file: BinaryIO, keys: Keys) -> None:
        self._lines = read_lines(file, keys)
        self.head = _Head(datetime.min.replace(tzinfo=UTC), "", 0)

    def parts(self) -> Iterator[tuple[Form, list[Any]]]:
        """Each row with the form of its table. `head` is known from the first on."""
        first = json.loads(next(self._lines, b"{}"))
        if not isinstance(first, dict) or first.get("backup") != 1:
            raise BackupError("This backup was made by a newer version of Open Chair: install that version.")
        self.head = _Head(datetime.fromisoformat(first["at"]), first["revision"], first["rows"])
        form, done, end = Form("", ()), 0, -1
        for line in self._lines:
            value = json.loads(line)
            if isinstance(value, list):
                done += 1
                yield form, value
            elif "table" in value:
                form = Form(value["table"], tuple((name, kind) for name, kind in value["columns"]))
            else:
                end = value["end"]
        if end != done:
            raise BackupError("The backup does not hold all it says: take another one.")


async def _all_rows(connection: Connection, out: SealedWriter) -> AsyncIterator[list[list[Any]]]:
    """Rows of all tables, some at a time; each table is announced before."""
    for form in dump.forms():
        _put(out, {"table": form.name, "columns": form.columns})
        async for some in dump.rows(connection, form):
            yield some


async def _batches(reader: _Reader) -> AsyncIterator[tuple[Form, list[list[Any]]]]:
    held: list[list[Any]] = []
    before: Form | None = None
    for form, row in reader.parts():
        if before is not None and (form != before or len(held) >= _ROWS):
            yield before, held
            held = []
        held.append(row)
        before = form
    if before is not None and held:
        yield before, held


async def _take_out(
    connection: Connection, keys: Keys, forgotten: Sequence[Entry], head: _Head, now: datetime
) -> int:
    """Erase whoever was forgotten after the backup was made; how many. BackupError where that cannot be told."""
    if head.without_people:
        await restored.erase_all_people(connection)
        async for some in restored.sealed_helpers(connection):
            await restored.let_helpers_go(connection, [row[0] for row in some], now)
        return 0
    if not await restored.key_ids(connection) <= {key.id for key in keys.every}:
        raise BackupError(
            "Some people in this backup are sealed with a key that is not here: add it behind the others in "
            "OPENCHAIR_KEY or in the key file, then try again."
        )
    counted = [entry for entry in forgotten if entry.at >= head.at - CLOCKS_DIFFER]
    everybody, leaving = {entry.mark for entry in counted}, {entry.mark for entry in counted if not entry.stays}
    gone = 0
    async for some in restored.sealed_people(connection):
        ids = [row[0] for row in some if _is_among(everybody, keys, row)]
        await restored.erase_people(connection, ids)
        gone += len(ids)
    async for some in restored.sealed_helpers(connection):
        ids = [row[0] for row in some if _is_among(leaving, keys, row)]
        await restored.let_helpers_go(connection, ids, now)
        gone += len(ids)
    return gone


def _is_among(marks: set[bytes], keys: Keys, row: restored.SealedRow) -> bool:
    """By the mark of the row, or by the marks that the other keys would have given."""
    _, mark, key, sealed = row
    if not marks or mark in marks:
        return bool(marks)
    try:
        chat = keys.unseal(key, sealed)
    except UnknownKeyError:
        raise BackupError("The backup holds a person who was altered: take another one.") from None
    return not marks.isdisjoint(keys.marks(chat))


def _put(out: SealedWriter, value: object) -> None:
    out.line(json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode())


def dated(folder: Path, at: datetime) -> Path:
    """The file of a backup made at that instant."""
    return folder / at.astimezone(UTC).strftime(_NAMED)


def drop_old(folder: Path, now: datetime) -> list[Path]:
    """Delete dated backups that are older than seven days; which. OSError."""
    gone = []
    for file in sorted(folder.glob(f"*{SUFFIX}")):
        try:
            made = datetime.strptime(file.name, _NAMED).replace(tzinfo=UTC)
        except ValueError:
            continue
        if now - made > KEPT:
            file.unlink(missing_ok=True)
            gone.append(file)
    return gone
