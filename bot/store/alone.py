"""Is a SQLite file open anywhere else?"""

import sqlite3
from contextlib import closing
from pathlib import Path

WAIT_S = 1.0  # a command that is just ending may be waited for


def is_open_elsewhere(file: Path) -> bool:
    """Whether another connection has the database open, idle ones included; False where that cannot be asked.

    Only who is alone with a file can take it out of the WAL mode; the next `Database.open` puts it back.
    """
    try:
        with closing(sqlite3.connect(file, timeout=WAIT_S, isolation_level=None)) as connection:
            return bool(connection.execute("PRAGMA journal_mode=DELETE").fetchone()[0] != "delete")
    except sqlite3.OperationalError as error:
        return "locked" in str(error) or "busy" in str(error)
    except sqlite3.Error:
        return False  # whoever opens it next says what is wrong with it
