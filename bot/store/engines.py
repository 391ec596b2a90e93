"""How each database is reached: addresses that are understood, and settings of every connection."""

import os
import sqlite3
from pathlib import Path
from typing import Any
from uuid import uuid4

from sqlalchemy import URL, event, make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.util.concurrency import await_

from bot.domain.errors import StoreError
from bot.store.sqlite import OneHopConnection, PatientConnection, connected

SQLITE = "sqlite+aiosqlite"
POSTGRESQL = "postgresql+asyncpg"
WAIT_S = 15  # how long one writer waits for another; less than the 20 s that a handler may take
CONNECT_S = 10
POOL = 5
OVERFLOW = 5
_SHARED_MEMORY = "vfs=memdb"


def parse_url(text: str) -> URL:
    """The address of a database; StoreError, which never repeats it, for one that is not understood."""
    try:
        url = make_url(text)
    except (ArgumentError, ValueError):
        raise _not_understood() from None
    if url.drivername not in (SQLITE, POSTGRESQL) or (is_sqlite(url) and (url.host or url.query)):
        raise _not_understood()
    if is_sqlite(url) and url.database in (None, "", ":memory:"):
        # A name of its own, so that several connections share one database that lives only in memory.
        return URL.create(SQLITE, database=f"file:/openchair-{uuid4().hex}?{_SHARED_MEMORY}")
    return url


def is_sqlite(url: URL) -> bool:
    """Whether the address is a file or memory of this process."""
    return url.drivername == SQLITE


def where(url: URL) -> str:
    """The database as a sentence may name it: a file, or host and name; never user or password."""
    if is_sqlite(url):
        return str(file_of(url) or "The database in memory")
    return f"{url.host or 'localhost'}:{url.port or 5432}/{url.database or ''}"


def file_of(url: URL) -> Path | None:
    """The file of a SQLite database; None for memory and for servers."""
    if not is_sqlite(url) or (url.database or "").endswith(_SHARED_MEMORY):
        return None
    return Path(url.database or "")


def keep_memory(url: URL) -> sqlite3.Connection | None:
    """A connection that keeps a database in memory alive while all others come and go; None for the others."""
    if not is_sqlite(url) or file_of(url) is not None:
        return None
    return sqlite3.connect(url.database or "", uri=True)


def make_directory(url: URL) -> None:
    """Create a SQLite file, and its directory, readable by their owner only. OSError if that cannot be done.

    SQLite gives its journals the rights of the file.
    """
    file = file_of(url)
    if file is None or file.exists():
        return
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    os.close(os.open(file, os.O_RDWR | os.O_CREAT, 0o600))


def write_engine(url: URL, **options: Any) -> AsyncEngine:
    """Transactions that change something. SQLite has one writer at a time: the pool is its queue."""
    if not is_sqlite(url):
        return _postgresql(url, **options)
    if "poolclass" not in options:
        options |= {"pool_size": 1, "max_overflow": 0, "pool_timeout": WAIT_S}
    # What is erased is overwritten; `Database.scrub` does the same for the journal.
    settings = ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "cache_spill=OFF", "secure_delete=ON")
    engine = _sqlite(url, PatientConnection, settings, **options)

    @event.listens_for(engine.sync_engine, "begin")
    def begin(connection: Any) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    return engine


def read_engine(url: URL) -> AsyncEngine:
    """Statements that change nothing, each on its own."""
    if not is_sqlite(url):
        return _postgresql(url, isolation_level="AUTOCOMMIT")
    options = {"isolation_level": "AUTOCOMMIT", "pool_size": 1, "max_overflow": OVERFLOW, "pool_timeout": WAIT_S}
    return _sqlite(url, OneHopConnection, ("query_only=ON",), **options)


def _sqlite(url: URL, adapted: type[PatientConnection], settings: tuple[str, ...], **options: Any) -> AsyncEngine:
    engine = create_async_engine(url, hide_parameters=True, **options)

    @event.listens_for(engine.sync_engine, "do_connect")
    def connect(dialect: Any, *_given: Any) -> PatientConnection:
        path, uri = url.database or "", file_of(url) is None
        driver: Any = await_(connected(path, uri=uri, wait_s=WAIT_S))
        return adapted(dialect.dbapi, driver)

    @event.listens_for(engine.sync_engine, "connect")
    def prepare(connection: Any, _record: Any) -> None:
        cursor = connection.cursor()
        for setting in settings:
            cursor.execute(f"PRAGMA {setting}")
        cursor.close()

    return engine


def _postgresql(url: URL, **options: Any) -> AsyncEngine:
    if "poolclass" not in options:
        options |= {"pool_size": POOL, "max_overflow": OVERFLOW, "pool_timeout": WAIT_S, "pool_pre_ping": True}
    settings = {"application_name": "openchair", "timezone": "UTC", "jit": "off"}
    # Planned once for any instant, "due by now" would seem to be a third of all rows, and every tick would read them.
    settings["plan_cache_mode"] = "force_custom_plan"
    arguments = {"timeout": CONNECT_S, "server_settings": settings}
    return create_async_engine(url, connect_args=arguments, hide_parameters=True, **options)


def _not_understood() -> StoreError:
    return StoreError(
        "The database address is not understood: OPENCHAIR_DATABASE_URL should look like "
        "sqlite+aiosqlite:///data/openchair.db or postgresql+asyncpg://user:password@host/name."
    )
