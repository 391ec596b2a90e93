"""Bringing a database to the newest form, in numbered steps.

Alembic takes the steps, and is loaded when there is one to take: one look at its table tells that there is none.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import URL, Connection, inspect, text
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.pool import NullPool

from bot.domain.errors import StoreError
from bot.store import desk_words
from bot.store.engines import where, write_engine

if TYPE_CHECKING:
    from alembic.config import Config

MIGRATIONS = Path(__file__).resolve().parents[2] / "migrations"
HEAD = "head"
Step = Callable[["Config"], None]
_LOCK_KEY = 0x0C4A12  # any fixed number: processes that start together agree on it
_PATIENCE_S = 10
_ONE_AT_A_TIME = threading.Lock()  # Alembic keeps the context of a run in globals of the process


async def move(url: URL, target: str = HEAD, *, back: bool = False) -> None:
    """Run the steps up (or `back`) to `target` in one transaction; the loop of the caller stays free.

    Processes that start together take turns; who comes second finds nothing to do. Raises StoreError for a
    database made by a newer version, and what the driver raises.
    """
    from alembic import command

    step = command.downgrade if back else command.upgrade
    await asyncio.to_thread(_in_loop_of_its_own, url, lambda settings: step(settings, target))
    if target == HEAD:
        await asyncio.to_thread(asyncio.run, _fill(url))


def state(connection: Connection) -> str:
    """Is it "empty", "old", "current", or "newer": changed by a step that this version does not know."""
    current, known = revision_of(connection), revisions()
    if not current:
        return "empty"
    if current == known[-1]:
        return "current"
    return "old" if current in known else "newer"


def revisions() -> list[str]:
    """The numbers of all steps that this version has, the first one first."""
    return sorted(path.name.partition("_")[0] for path in (MIGRATIONS / "versions").glob("[0-9]*.py"))


def config() -> Config:
    """What Alembic needs to know, without a file."""
    from alembic.config import Config

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
            await _take_turn(connection)
            await connection.run_sync(_run, url, step)
    finally:
        await engine.dispose()


async def _fill(url: URL) -> None:
    """Put in what a step could only make room for: a step keeps everybody from the tables it changes."""
    engine = write_engine(url, poolclass=NullPool)
    try:
        filled = True
        while filled:
            async with engine.begin() as connection:
                await _take_turn(connection)
                filled = bool(await desk_words.fill(connection))
    finally:
        await engine.dispose()


async def _take_turn(connection: AsyncConnection) -> None:
    if connection.dialect.name == "sqlite":
        return
    await connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK_KEY})
    # Whoever waits for a table makes all others wait behind it: better to give up and be asked again.
    await connection.execute(text(f"SET LOCAL lock_timeout = '{_PATIENCE_S}s'"))


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
    if not inspect(connection).has_table("alembic_version"):
        return ""
    return connection.scalar(text("SELECT version_num FROM alembic_version")) or ""


def has_step(revision: str) -> bool:
    """Whether this version has that step."""
    return revision in revisions()


def remake(connection: Connection, revision: str) -> None:
    """Take every table away and make them anew as they were after a step; all in the caller's transaction."""
    from alembic import command

    with _ONE_AT_A_TIME:
        settings = config()
        settings.attributes["connection"] = connection
        if revision_of(connection):
            command.downgrade(settings, "base")
        command.upgrade(settings, revision)


def finish(connection: Connection) -> None:
    """Take all steps that are left, in the caller's transaction."""
    from alembic import command

    with _ONE_AT_A_TIME:
        settings = config()
        settings.attributes["connection"] = connection
        command.upgrade(settings, HEAD)
