"""Whom no backup may bring back: a small file outside the database.

Each line holds an instant, a key's id and the mark of a chat under that key (16 bytes of a keyed hash): without the
key it leads to nobody. One line for each key that is known then, since a backup may be older than the last change
of keys. `stays` at the end: somebody who could not leave those who help. A line leaves after seven days, as backups
do. It is on the disk before anything is erased: a crash in between costs nothing, the update comes again.
"""

import asyncio
import fcntl
import logging
import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from bot.domain.clock import Clock, system_clock

log = logging.getLogger(__name__)

KEPT = timedelta(days=7)  # as long as a backup
_STAYS = "stays"


@dataclass(frozen=True, slots=True)
class Entry:
    """Somebody was forgotten. `stays`: they still help, as the last owner or by the settings."""

    at: datetime
    key: int
    mark: bytes
    stays: bool = False

    def line(self) -> str:
        """As it stands in the file."""
        at = self.at.isoformat(timespec="seconds")
        return f"{at} {self.key:08x} {self.mark.hex()}{f' {_STAYS}' if self.stays else ''}\n"


class ForgottenFile:
    """The file, and its copy beside the backups. Several processes of one machine may write at once."""

    def __init__(self, file: Path, backups: Path | None = None, *, clock: Clock = system_clock) -> None:
        """`backups`: a folder whose copy is kept up to date, once the folder exists."""
        self._file, self._backups, self._clock = file, backups, clock
        self._waiting: list[Entry] = []
        self._turn = asyncio.Lock()

    async def add(self, entries: Iterable[Entry]) -> None:
        """Put lines on the disk. Where that fails they wait in memory for `tidy`, and the operator's log says so."""
        async with self._turn:
            self._waiting += entries
            await self._write()

    async def tidy(self) -> None:
        """Write what is still waiting, and take out lines that are older than seven days."""
        async with self._turn:
            await self._write()
            try:
                await asyncio.to_thread(self._take_out_old)
            except OSError as error:
                log.error("the file of the forgotten cannot be written", extra={"reason": type(error).__name__})

    async def _write(self) -> None:
        entries = list(self._waiting)
        if not entries:
            return
        try:
            await asyncio.to_thread(append, self._file, entries)
        except OSError as error:
            log.error("the file of the forgotten cannot be written", extra={"reason": type(error).__name__})
            return
        del self._waiting[: len(entries)]
        with suppress(OSError):  # `db backup` copies it anew
            await asyncio.to_thread(self._copy)

    def _copy(self) -> None:
        if self._backups is not None and self._backups.is_dir():
            copy_into(self._file, self._backups)

    def _take_out_old(self) -> None:
        before = self._clock() - KEPT
        for file in (self._file, *((self._backups / self._file.name,) if self._backups else ())):
            if any(entry.at < before for entry in read(file)):
                with _locked(file):
                    _replace(file, [entry for entry in read(file) if entry.at >= before])


def append(file: Path, entries: Sequence[Entry]) -> None:
    """Put lines at the end of the file, on the disk when this returns. OSError."""
    with _locked(file):
        made = not file.exists()
        with os.fdopen(os.open(file, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600), "r+b") as out:
            torn = out.seek(0, os.SEEK_END) > 0 and os.pread(out.fileno(), 1, out.tell() - 1) != b"\n"
            out.write(("\n" if torn else "").encode() + "".join(entry.line() for entry in entries).encode())
            out.flush()
            os.fsync(out.fileno())
        if made:
            _sync_folder(file.parent)


def read(file: Path) -> list[Entry]:
    """The entries of a file, none where there is none. A line cut short by a crash stands for nothing. OSError."""
    try:
        lines = file.read_text("ascii", errors="replace").splitlines()
    except FileNotFoundError:
        return []
    return [entry for entry in map(_entry, lines) if entry is not None]


def copy_into(file: Path, folder: Path) -> Path:
    """Bring the copy in a folder up to date: what stands in either stands in both there. OSError."""
    copy = folder / file.name
    if copy.exists() and file.exists() and copy.samefile(file):
        return copy
    with _locked(copy):
        _replace(copy, sorted({*read(file), *read(copy)}, key=lambda entry: (entry.at, entry.mark)))
    return copy


def _entry(line: str) -> Entry | None:
    parts = line.split()
    try:
        at, key, mark = datetime.fromisoformat(parts[0]), int(parts[1], 16), bytes.fromhex(parts[2])
    except (ValueError, IndexError):
        return None
    whole = at.tzinfo is not None and len(mark) == 16 and parts[3:] in ([], [_STAYS])
    return Entry(at, key, mark, _STAYS in parts) if whole else None


def _replace(file: Path, entries: Iterable[Entry]) -> None:
    new = file.with_name(f".{file.name}.new")
    with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as out:
        out.write("".join(entry.line() for entry in entries))
        out.flush()
        os.fsync(out.fileno())
    new.replace(file)
    _sync_folder(file.parent)


@contextmanager
def _locked(file: Path) -> Iterator[None]:
    """Nobody else on this machine writes the file meanwhile."""
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    lock = os.open(file.with_name(f".{file.name}.lock"), os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
    finally:
        os.close(lock)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
