"""The connection to SQLite: the stock driver, quicker for reads and clean when a task is cut off."""

import contextlib
import sqlite3
from collections import deque
from collections.abc import Sequence
from typing import Any

import aiosqlite
from sqlalchemy.connectors.asyncio import AsyncAdapt_dbapi_connection
from sqlalchemy.dialects.sqlite.aiosqlite import AsyncAdapt_aiosqlite_connection, AsyncAdapt_aiosqlite_cursor
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.util.concurrency import await_, in_greenlet


class Connection(sqlite3.Connection):
    """Gives its lock back when it is closed.

    A task that is cut off leaves a cursor behind, and SQLite keeps a closed connection with its transaction
    alive until the last cursor is gone: every other writer would wait for Python's garbage collector.
    """

    def close(self) -> None:
        """Roll back what is open, then close; closing twice does no harm."""
        with contextlib.suppress(sqlite3.ProgrammingError):  # closed already
            if self.in_transaction:
                self.rollback()
        super().close()


async def connected(path: str, *, uri: bool, wait_s: float) -> aiosqlite.Connection:
    """A connection with a thread of its own; its errors are those of sqlite3."""
    driver = aiosqlite.connect(path, uri=uri, timeout=wait_s, isolation_level=None, factory=Connection)
    driver._thread.daemon = True  # as the stock dialect does: no thread may keep the process from ending
    try:
        return await driver
    except BaseException:
        driver._thread.join()  # it ends by itself, but after us, when the loop may be closed
        raise


class OneHopCursor(AsyncAdapt_aiosqlite_cursor):
    """Visits the driver's thread once a statement.

    The stock cursor goes there four times (open, execute, fetch, close), which costs more than the statement
    itself when five cards are read by id.
    """

    __slots__ = ("_described",)

    def __init__(self, adapt_connection: AsyncAdapt_dbapi_connection) -> None:
        self._adapt_connection = adapt_connection
        self._connection = adapt_connection._connection
        self._rows = deque()
        self._described: Any = None

    @property
    def description(self) -> Any:
        """The columns, as the DBAPI has them."""
        return self._described

    @property
    def rowcount(self) -> int:
        """Not known: nothing is changed here."""
        return -1

    def execute(self, operation: Any, parameters: Any = None) -> None:
        """Run the statement and take its rows."""
        try:
            self._described, rows = await_(self._visit(operation, parameters or ()))
        except Exception as error:  # noqa: BLE001 - the stock cursor hands every kind to this
            self._adapt_connection._handle_exception(error)
        self._rows = deque(rows)

    async def _async_soft_close(self) -> None:
        """The driver's cursor is closed already."""

    def close(self) -> None:
        """Forget what was not fetched."""
        self._rows.clear()

    async def _visit(self, operation: Any, parameters: Any) -> tuple[Any, list[Any]]:
        return await _visit(self._adapt_connection, operation, parameters)


class PatientConnection(AsyncAdapt_aiosqlite_connection):
    """The stock connection, for writes; cut off twice it still closes in order."""

    __slots__ = ()

    def _terminate_force_close(self) -> None:
        # The orderly close is shielded and goes on by itself; to stop the thread now would leave it waiting for ever.
        if not in_greenlet():
            super()._terminate_force_close()


class OneHopConnection(PatientConnection):
    """The same with the cursor above, for reads."""

    __slots__ = ()
    _cursor_cls = OneHopCursor

    async def visit(self, sql: str, values: Sequence[Any]) -> list[tuple[Any, ...]]:
        """Run a select and take its rows as SQLite has them; errors are those of sqlite3.

        Cut off, the statement ends by itself and its rows are dropped: the connection stays good.
        """
        return (await _visit(self, sql, values))[1]


def read_driver(connection: AsyncConnection) -> OneHopConnection | None:
    """The driver below a read connection of SQLite; None for every other connection."""
    pooled = connection.sync_connection.connection if connection.sync_connection else None
    driver = pooled.dbapi_connection if pooled else None
    return driver if isinstance(driver, OneHopConnection) else None


async def _visit(adapted: Any, operation: Any, parameters: Any) -> tuple[Any, list[Any]]:
    async with adapted._execute_mutex:
        driver = adapted._connection
        answer: tuple[Any, list[Any]] = await driver._execute(_run, driver._conn, operation, parameters)
        return answer


def _run(connection: sqlite3.Connection, operation: str, parameters: Any) -> tuple[Any, list[Any]]:
    cursor = connection.execute(operation, parameters)
    try:
        return cursor.description, cursor.fetchall()
    finally:
        cursor.close()
