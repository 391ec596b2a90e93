"""`db`: the database itself, its backups, and putting them back."""

import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from bot.cli.copying import copy
from bot.cli.shared import as_json, complete, opened, ready
from bot.domain.errors import BackupError
from bot.services import forgotten
from bot.services.backup import Backups, Taken, dated, drop_old
from bot.services.forgotten import Entry
from bot.services.keys import KeyRing
from bot.settings import Settings
from bot.store.database import Database

app = typer.Typer(no_args_is_help=True)
app.command("copy")(copy)
_AsJson = Annotated[bool, typer.Option("--json", help="Print as JSON.")]


@app.callback()
def _family() -> None:
    """The database."""


@app.command()
def upgrade() -> None:
    """Bring the tables to the newest form. Safe to repeat."""
    complete(_upgrade(ready()))
    print("The database is up to date.")


@app.command()
def backup(
    file: Annotated[
        Path | None,
        typer.Argument(help="Where to; without it a dated file in OPENCHAIR_BACKUP_DIR, and older than 7 days go."),
    ] = None,
    json: _AsJson = False,
) -> None:
    """Write all that the database holds into a file that only the key opens; the bot may run meanwhile."""
    settings, now = ready(), datetime.now(UTC)
    target = file or dated(settings.backups_at, now)
    taken = complete(_backup(settings, target))
    gone = [] if file else _old_gone(target.parent, now)
    if json:
        print(as_json(_told(taken) | {"file": str(target), "bytes": target.stat().st_size, "removed": len(gone)}))
        return
    print(f"{taken.rows} rows are in {target}. Keep the key elsewhere: without it the file opens to nobody.")


@app.command()
def restore(
    file: Annotated[Path, typer.Argument(help="A file that `db backup` wrote.")],
    replace: Annotated[bool, typer.Option("--replace", help="Let all that is in the database go.")] = False,
    without_people: Annotated[
        bool,
        typer.Option("--without-people", help="Put back no reminders, plans or helpers; for one older than 7 days."),
    ] = False,
    more: Annotated[
        list[Path] | None,
        typer.Option("--forgotten", help="A further file of the forgotten, as of another machine; may be repeated."),
    ] = None,
    json: _AsJson = False,
) -> None:
    """Put a backup into an empty database, without whoever asked to be forgotten since. Stop the bot first."""
    taken = complete(_restore(ready(), file, more or [], replace, without_people))
    if json:
        print(as_json(_told(taken) | {"forgotten": taken.forgotten}))
        return
    print(f"{taken.rows} rows of {taken.at:%Y-%m-%d %H:%M} UTC are back.")
    if taken.forgotten:
        print(f"{taken.forgotten} of them who asked to be forgotten since were taken out.")


async def _upgrade(settings: Settings) -> None:
    database = Database(settings.database_url)
    await database.open()
    try:
        await database.upgrade()
    finally:
        await database.close()


async def _backup(settings: Settings, target: Path) -> Taken:
    async with opened(settings) as database:
        made = await _backups(database, settings).make(target, _progress)
    try:
        forgotten.copy_into(settings.forgotten_at, target.parent)
    except OSError as error:
        raise BackupError(
            f"The backup is whole, but {settings.forgotten_at} cannot be copied beside it: {error.strerror}."
        ) from None
    return made


async def _restore(
    settings: Settings, file: Path, more: Sequence[Path], replace: bool, without_people: bool
) -> Taken:
    entries = _forgotten(settings, file, more)
    async with _unprepared(settings) as database:
        backups = _backups(database, settings)
        return await backups.restore(
            file, entries, replace=replace, without_people=without_people, progress=_progress
        )


@asynccontextmanager
async def _unprepared(settings: Settings) -> AsyncIterator[Database]:
    """The database as it is: the restore makes its tables."""
    database = Database(settings.database_url)
    await database.open()
    try:
        yield database
    finally:
        await database.close()


def _forgotten(settings: Settings, file: Path, more: Sequence[Path]) -> list[Entry]:
    """What is noted here, beside the backup, and where else was said. BackupError for a file that cannot be read."""
    for one in more:
        if not one.is_file():
            raise BackupError(f"There is no file {one}.")
    name = settings.forgotten_at.name
    found: list[Entry] = []
    for one in (settings.forgotten_at, file.parent / name, *more):
        try:
            found += forgotten.read(one)
        except OSError as error:
            raise BackupError(f"{one} cannot be read: {error.strerror}.") from None
    return found


def _backups(database: Database, settings: Settings) -> Backups:
    return Backups(database, KeyRing(database, setting=settings.key_text, file=settings.key_file))


def _old_gone(folder: Path, now: datetime) -> list[Path]:
    try:
        return drop_old(folder, now)
    except OSError as error:
        raise BackupError(f"The backup is whole, but an old one cannot be removed: {error.strerror}.") from None


def _told(taken: Taken) -> dict[str, Any]:
    return {"at": taken.at.isoformat(), "rows": taken.rows, "tables": taken.tables}


def _progress(done: int, total: int) -> None:
    if sys.stderr.isatty():
        print(f"\r{done} of {total} rows", end="\n" if done >= total else "", file=sys.stderr, flush=True)
