"""The connection to SQLite: the stock driver, with one visit to its thread a statement, clean when cut off."""

import contextlib
import sqlite3
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
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


@dataclass(frozen=True, slots=True)
class Answer:
    """What a statement brought: its columns and rows as the DBAPI has them, and what it changed."""

    columns: Any
    rows: list[Any]
    changed: int
    last_row: int | None


_NOTHING = Answer(None, [], -1, None)


class OneHopCursor(AsyncAdapt_aiosqlite_cursor):
    """Visits the driver's thread once a statement.

    The stock cursor goes there up to four times (open, execute, fetch, close), which costs more than most
    statements themselves.
    """

    __slots__ = ("_answer",)

    def __init__(self, adapt_connection: AsyncAdapt_dbapi_connection) -> None:
        self._adapt_connection = adapt_connection
        self._connection = adapt_connection._connection
        self._rows = deque()
        self._answer = _NOTHING

    @property
    def description(self) -> Any:
        """The columns, as the DBAPI has them."""
        return self._answer.columns

    @property
    def rowcount(self) -> int:
        """How many rows were changed; -1 where nothing was to be."""
        return self._answer.changed

    @property
    def lastrowid(self) -> Any:
        """The number of the row that was put in last."""
        return self._answer.last_row

    def execute(self, operation: Any, parameters: Any = None) -> None:
        """Run the statement and take its rows."""
        self._go(sqlite3.Connection.execute, operation, parameters or ())

    def executemany(self, operation: Any, seq_of_parameters: Any) -> None:
        """Run the statement for each of several."""
        self._go(sqlite3.Connection.executemany, operation, seq_of_parameters)

    def _go(self, how: Callable[..., sqlite3.Cursor], operation: Any, parameters: Any) -> None:
        try:
            self._answer = await_(_visit(self._adapt_connection, how, operation, parameters))
        except Exception as error:  # noqa: BLE001 - the stock cursor hands every kind to this
            self._adapt_connection._handle_exception(error)
        self._rows = deque(self._answer.rows)

    async def _async_soft_close(self) -> None:
        """The driver's cursor is closed already."""

    def close(self) -> None:
        """Forget what was not fetched."""
        self._rows.clear()


class PatientConnection(AsyncAdapt_aiosqlite_connection):
    """The stock connection with the cursor above, for writes; cut off twice it still closes in order."""

    __slots__ = ()
    _cursor_cls = OneHopCursor

    def _terminate_force_close(self) -> None:
        # The orderly close is shielded and goes on by itself; to stop the thread now would leave it waiting for ever.
        if not in_greenlet():
            super()._terminate_force_close()


class OneHopConnection(PatientConnection):
    """The same, for reads."""

    __slots__ = ()

    async def visit(self, sql: str, values: Sequence[Any]) -> list[tuple[Any, ...]]:
        """Run a select and take its rows as SQLite has them; errors are those of sqlite3.

        Cut off, the statement ends by itself and its rows are dropped: the connection stays good.
        """
        return (await _visit(self, sqlite3.Connection.execute, sql, values)).rows


def read_driver(connection: AsyncConnection) -> OneHopConnection | None:
    """The driver below a read connection of SQLite; None for every other connection."""
    pooled = connection.sync_connection.connection if connection.sync_connection else None
    driver = pooled.dbapi_connection if pooled else None
    return driver if isinstance(driver, OneHopConnection) else None


async def _visit(adapted: Any, how: Callable[..., sqlite3.Cursor], operation: Any, parameters: Any) -> Answer:
    async with adapted._execute_mutex:
        driver = adapted._connection
        answer: Answer = await driver._execute(_run, driver._conn, how, operation, parameters)
        return answer


def _run(
    connection: sqlite3.Connection, how: Callable[..., sqlite3.Cursor], operation: str, parameters: Any
) -> Answer:
    cursor = how(connection, operation, parameters)
    try:
        rows = cursor.fetchall()  # only then it is known how many an INSERT … RETURNING put in
        return Answer(cursor.description, rows, cursor.rowcount, cursor.lastrowid)
    finally:
        cursor.close()
