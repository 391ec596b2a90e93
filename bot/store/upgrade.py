"""Bringing a database to the newest form, in numbered steps."""

import asyncio
import threading
from collections.abc import Callable
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import URL, Connection, text
from sqlalchemy.pool import NullPool

from bot.domain.errors import StoreError
from bot.store.engines import is_sqlite, where, write_engine

MIGRATIONS = Path(__file__).resolve().parents[2] / "migrations"
HEAD = "head"
Step = Callable[[Config], None]
_LOCK_KEY = 0x0C4A12  # any fixed number: processes that start together agree on it
_PATIENCE_S = 10
_ONE_AT_A_TIME = threading.Lock()  # Alembic keeps the context of a run in globals of the process


async def move(url: URL, target: str = HEAD, *, back: bool = False) -> None:
    """Run the steps up (or `back`) to `target` in one transaction; the loop of the caller stays free.

    Processes that start together take turns; who comes second finds nothing to do. Raises StoreError for a
    database made by a newer version, and what the driver raises.
    """
    step = command.downgrade if back else command.upgrade
    await asyncio.to_thread(_in_loop_of_its_own, url, lambda settings: step(settings, target))


def state(connection: Connection) -> str:
    """Is it "empty", "old", "current", or "newer": changed by a step that this version does not know."""
    current = MigrationContext.configure(connection).get_current_heads()
    script = ScriptDirectory.from_config(config())
    if not current:
        return "empty"
    if set(current) == set(script.get_heads()):
        return "current"
    known = {step.revision for step in script.walk_revisions()}
    return "old" if known.issuperset(current) else "newer"


def config() -> Config:
    """What Alembic needs to know, without a file."""
    settings = Config()
    settings.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    settings.set_main_option("path_separator", "os")
    return settings


def _in_loop_of_its_own(url: URL, step: Step) -> None:
    with _ONE_AT_A_TIME:
        asyncio.run(_move(url, step))


async def _move(url: URL, step: Step) -> None:
    engine = write_engine(url, poolclass=NullPool)
    try:
        async with engine.begin() as connection:
            if not is_sqlite(url):
                await connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK_KEY})
                # Whoever waits for a table makes all others wait behind it: better to give up and be asked again.
                await connection.execute(text(f"SET LOCAL lock_timeout = '{_PATIENCE_S}s'"))
            await connection.run_sync(_run, url, step)
    finally:
        await engine.dispose()


def _run(connection: Connection, url: URL, step: Step) -> None:
    if state(connection) == "newer":
        raise StoreError(newer(url))
    settings = config()
    settings.attributes["connection"] = connection
    step(settings)


def newer(url: URL) -> str:
    """The sentence for a database that a newer version has changed already."""
    return f"{where(url)} was made by a newer version of Open Chair: install that version, or restore a backup."


def revision_of(connection: Connection) -> str:
    """The number of the last step that was taken; "" before the first."""
    return MigrationContext.configure(connection).get_current_revision() or ""


def has_step(revision: str) -> bool:
    """Whether this version has that step."""
    return revision in {step.revision for step in ScriptDirectory.from_config(config()).walk_revisions()}


def remake(connection: Connection, revision: str) -> None:
    """Take every table away and make them anew as they were after a step; all in the caller's transaction."""
    with _ONE_AT_A_TIME:
        settings = config()
        settings.attributes["connection"] = connection
        if revision_of(connection):
            command.downgrade(settings, "base")
        command.upgrade(settings, revision)


def finish(connection: Connection) -> None:
    """Take all steps that are left, in the caller's transaction."""
    with _ONE_AT_A_TIME:
        settings = config()
        settings.attributes["connection"] = connection
        command.upgrade(settings, HEAD)
