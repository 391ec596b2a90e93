"""`db copy`: from the SQLite file of one machine to the PostgreSQL of many."""

import logging
import sys
import time
from typing import Annotated, Any

import typer

from bot import logs
from bot.cli.shared import as_json, complete, opened, ready
from bot.domain.errors import StoreError
from bot.services.copying import Copied
from bot.services.copying import copy as copy_rows
from bot.settings import Settings
from bot.store.alone import is_open_elsewhere
from bot.store.database import Database
from bot.store.engines import file_of, is_sqlite, parse_url, where


def copy(
    url: Annotated[
        str,
        typer.Argument(
            help="The empty database: postgresql+asyncpg://user@host/name. Its password: in PGPASSWORD or ~/.pgpass, "
            "where nobody else sees it, or after the user, with a colon between."
        ),
    ],
    json: Annotated[bool, typer.Option("--json", help="Print as JSON.")] = False,
) -> None:
    """Copy all that the SQLite database holds to PostgreSQL, and compare both. Stop the bot first."""
    settings = ready()
    target = _target(url, settings)
    began = time.monotonic()
    copied = complete(_copy(settings, target))
    told = _told(settings, target, copied, time.monotonic() - began)
    if json:
        print(as_json(told))
        return
    print(f"{copied.rows} rows of {told['from']} are in {told['to']}, equal by count and checksum.")
    for number, step in enumerate(told["next"], 1):
        print(f"{number}. {step}")


def _target(url: str, settings: Settings) -> Database:
    try:
        target = Database(url)
    except StoreError as error:
        raise typer.BadParameter("it should look like postgresql+asyncpg://user@host/name") from error
    if target.is_sqlite:
        raise typer.BadParameter("a copy goes to PostgreSQL: postgresql+asyncpg://user@host/name")
    password = (str(target.url.password),) if target.url.password else ()
    logs.setup(secrets=(*settings.secrets, *password), level=logging.WARNING)
    return target


async def _copy(settings: Settings, target: Database) -> Copied:
    _must_be_still(settings)
    async with opened(settings) as source:
        try:
            await target.open()
            return await copy_rows(source, target, _progress)
        finally:
            await target.close()


def _must_be_still(settings: Settings) -> None:
    """Raises StoreError where there is nothing to copy, or somebody is still at work on it."""
    source = parse_url(settings.database_url)
    if not is_sqlite(source):
        raise StoreError(
            "OPENCHAIR_DATABASE_URL names PostgreSQL already, and a copy goes there from SQLite: between two "
            "PostgreSQL databases use `openchair db backup` and `openchair db restore`."
        )
    file = file_of(source)
    if file is None or not file.is_file():
        raise StoreError(f"There is no database {where(source)}: OPENCHAIR_DATABASE_URL should name the one to copy.")
    if is_open_elsewhere(file):
        raise StoreError(f"{file} is in use: stop the bot (and any other command) first, then run this again.")


def _told(settings: Settings, target: Database, copied: Copied, seconds: float) -> dict[str, Any]:
    source = parse_url(settings.database_url)
    return {
        "from": where(source),
        "to": where(target.url),
        "rows": copied.rows,
        "tables": {name: {"rows": one.rows, "checksum": one.checksum} for name, one in copied.tables.items()},
        "seconds": round(seconds, 1),
        "next": [
            "Set OPENCHAIR_DATABASE_URL to the new address for every process.",
            _key_step(settings),
            f"Move {where(source)} away: a bot that is started on it again would send every reminder a second time.",
        ],
    }


def _key_step(settings: Settings) -> str:
    """What seals the rows has to be set on PostgreSQL, where no process makes it; it is never printed."""
    if settings.key_text:
        return "Keep OPENCHAIR_KEY as it is, the same for every process."
    if settings.key_file.exists():
        return (
            f"Set OPENCHAIR_KEY for every process to what {settings.key_file} holds: "
            f"OPENCHAIR_KEY=$(cut -d' ' -f1 {settings.key_file} | paste -sd, -)"
        )
    return "Set OPENCHAIR_KEY, the same for every process: openssl rand -base64 32 makes one."


def _progress(what: str, done: int, total: int) -> None:
    if sys.stderr.isatty():
        print(f"\r{done} of {total} rows {what}", end="\n" if done >= total else "", file=sys.stderr, flush=True)
