"""The database: opened once, lent out as connections, closed once."""

import asyncio
import sqlite3
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.domain.errors import StoreError
from bot.domain.metrics import Metrics, NoMetrics
from bot.store import desk_words, upgrade
from bot.store.asyncpg_reads import is_open
from bot.store.engines import (
    POOL,
    WAIT_S,
    is_sqlite,
    keep_memory,
    make_directory,
    parse_url,
    read_engine,
    where,
    write_engine,
)
from bot.store.troubles import explained

TRUSTED_S = 1.0  # after its last use a connection of PostgreSQL is lent out again without a question to the server
Connection = AsyncConnection
"""What is lent out: handed from function to function, spoken to only by the store."""


class Database:
    """SQLite in a file (or, for tests, in memory), or PostgreSQL. The statements are the same.

    `begin`, `read` and `snapshot` lend out a connection. Inside one of them, do not ask for another.
    """

    def __init__(self, url: str) -> None:
        """Raises StoreError for an address that is not understood; opens nothing."""
        self.url = parse_url(url)
        self.metrics: Metrics = NoMetrics()
        self._writes: AsyncEngine | None = None
        self._reads: AsyncEngine | None = None
        self._held: AsyncConnection | None = None
        self._idle: list[tuple[AsyncConnection, float]] = []  # read connections of PostgreSQL, and since when
        self._holding = AsyncExitStack()
        self._memory: sqlite3.Connection | None = None
        self._turn = asyncio.Lock()

    @property
    def is_sqlite(self) -> bool:
        """Whether this process alone holds the database's engine."""
        return is_sqlite(self.url)

    async def open(self) -> None:
        """Make the first connection; raises StoreError when that fails."""
        self._writes, self._reads = write_engine(self.url), read_engine(self.url)
        try:
            with self._explained(connecting=True):
                make_directory(self.url)
                self._memory = keep_memory(self.url)
                if self.is_sqlite:
                    await self._hold()
                async with self._writes.connect():
                    pass
        except BaseException:
            await self.close()
            raise

    async def close(self) -> None:
        """Give every connection back; closing twice does no harm."""
        engines = (self._reads, self._writes)
        self._held = self._reads = self._writes = None
        await self._holding.aclose()
        while self._idle:
            await self._idle.pop()[0].close()
        for engine in engines:
            if engine is not None:
                await engine.dispose()
        if self._memory is not None:
            self._memory.close()

    async def upgrade(self) -> None:
        """Bring the tables to the newest form; raises StoreError for a database of a newer version."""
        with self._explained(connecting=True):
            make_directory(self.url)
            if self._reads is None or not await self._is_complete():
                await upgrade.move(self.url)

    async def _is_complete(self) -> bool:
        async with self.snapshot() as connection:
            current = await connection.run_sync(upgrade.state) == "current"
            return current and not await desk_words.missing(connection)

    async def check(self) -> None:
        """Raises StoreError when the tables are not of the form that this version knows."""
        if await self._state() == "newer":
            raise StoreError(upgrade.newer(self.url))
        await self.ready()

    async def ready(self) -> None:
        """Raises StoreError when this version cannot work with the tables; with those of the next one it can.

        While a new version is put up, the old one goes on until the last process is changed.
        """
        if await self._state() not in ("current", "newer"):
            raise StoreError(f"{where(self.url)} is not up to date: run `python -m bot db upgrade` first.")

    async def _state(self) -> str:
        async with self.snapshot() as connection:
            return await connection.run_sync(upgrade.state)

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[AsyncConnection]:
        """A transaction that may write: all of it is kept, or with any error nothing. Writers wait in turn."""
        async with self._lent(self._writes) as connection, connection.begin():
            yield connection

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncConnection]:
        """A connection for short reads; each statement sees what was committed before it.

        On SQLite it is one held connection that readers take in turn: for a long scan ask for `snapshot`.
        """
        if not self.is_sqlite:
            async with self._kept() as connection:
                yield connection
            return
        async with self._turn:
            self._opened(self._reads)
            with self._explained():
                # A cancelled statement takes its connection with it.
                if self._held is None or self._held.invalidated:
                    await self._hold()
                assert self._held is not None
                yield self._held

    @asynccontextmanager
    async def snapshot(self) -> AsyncIterator[AsyncConnection]:
        """A connection of its own for long scans; all its statements see the same moment."""
        async with self._lent(self._reads) as connection:
            if self.is_sqlite:
                await connection.exec_driver_sql("BEGIN")
            else:
                await connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
            yield connection

    async def scrub(self) -> None:
        """After an erasure: leave no copy in SQLite's journal. A reader that takes long puts it off to the next."""
        if not self.is_sqlite:
            return
        async with self._lent(self._writes) as connection:
            raw = await connection.get_raw_connection()
            driver: Any = raw.driver_connection
            await driver.execute_fetchall("PRAGMA busy_timeout=1000")
            try:
                await driver.execute_fetchall("PRAGMA wal_checkpoint(TRUNCATE)")
            finally:
                await driver.execute_fetchall(f"PRAGMA busy_timeout={WAIT_S * 1000}")

    @asynccontextmanager
    async def _kept(self) -> AsyncIterator[AsyncConnection]:
        """A read connection of PostgreSQL: one that was used a moment ago, else one from the pool.

        The pool asks the server before it lends one. With all else that it does this takes as long as a small read.
        """
        connection = await self._taken()
        try:
            with self._explained():
                yield connection
        except BaseException:
            await asyncio.shield(connection.close())
            raise
        if self._reads is not None and len(self._idle) < POOL:
            self._idle.append((connection, time.monotonic()))
        else:
            await connection.close()

    async def _taken(self) -> AsyncConnection:
        while self._idle:
            connection, since = self._idle.pop()
            if time.monotonic() - since < TRUSTED_S and is_open(connection):
                return connection
            await connection.close()
        with self._explained(connecting=True):
            return await self._opened(self._reads).connect()

    @asynccontextmanager
    async def _lent(self, engine: AsyncEngine | None) -> AsyncIterator[AsyncConnection]:
        async with AsyncExitStack() as stack:
            with self._explained(connecting=True):
                connection = await stack.enter_async_context(self._opened(engine).connect())
            stack.enter_context(self._explained())
            yield connection

    @contextmanager
    def _explained(self, *, connecting: bool = False) -> Iterator[None]:
        try:
            with explained(self.url, connecting=connecting):
                yield
        except StoreError:
            self.metrics.count("database_errors")
            raise

    async def _hold(self) -> None:
        self._held = None
        await self._holding.aclose()
        self._held = await self._holding.enter_async_context(self._opened(self._reads).connect())

    def _opened(self, engine: AsyncEngine | None) -> AsyncEngine:
        if engine is None:
            raise StoreError("The database is not open.")
        return engine
