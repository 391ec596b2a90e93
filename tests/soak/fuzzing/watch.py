"""What is looked at after every case: the log, the tables, what Telegram refused; and, now and then, the memory."""

import gc
import json
import sqlite3
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from bot.web.metrics import PrometheusMetrics

_FINE_SENDS = {"sent", "gone", "unchanged", "stale_press", "blocked"}
_FINE_UPDATES = {"handled", "malformed", "repeated"}


@dataclass
class Lines:
    """Stands in for standard error: every line of the log of one case."""

    kept: list[str] = field(default_factory=list)

    def write(self, text: str) -> int:
        self.kept += [line for line in text.splitlines() if line]
        return len(text)

    def flush(self) -> None:
        """Nothing waits."""

    def isatty(self) -> bool:
        return False

    def take(self) -> list[str]:
        """What was written since the last time."""
        taken, self.kept = self.kept, []
        return taken


class Noticing(PrometheusMetrics):
    """The real metrics, and what in them is a failure."""

    def __init__(self) -> None:
        super().__init__()
        self.failures: list[str] = []

    def count(self, name: str, **labels: str) -> None:
        super().count(name, **labels)
        outcome = labels.get("outcome", "")
        if (
            name == "handler_failures"
            or (name == "sends" and outcome not in _FINE_SENDS)
            or (name == "updates" and outcome not in _FINE_UPDATES)
        ):
            self.failures.append(f"{name} {labels}")


def errors_in(lines: list[str], canary: str) -> list[str]:
    """The lines that tell of a failure, or that name somebody."""
    return [line for line in lines if json.loads(line)["level"] in ("error", "critical") or canary in line]


Rows = dict[str, set[tuple[object, ...]]]


class Tables:
    """The tables of an SQLite file, seen from a connection of our own."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._connection = sqlite3.connect(file)
        names = self._connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        self._names = [name for (name,) in names if not name.startswith("sqlite_")]
        self._version = self._data_version()
        self.rows = self._read()
        self._first = sqlite3.connect(":memory:")
        self._connection.backup(self._first)

    def changed(self) -> dict[str, set[tuple[object, ...]]]:
        """The rows that came, went or changed since the last time, by table; costs nothing when nobody wrote."""
        version = self._data_version()
        if version == self._version:
            return {}
        self._version, before = version, self.rows
        self.rows = self._read()
        found = {name: before[name] ^ self.rows[name] for name in self._names}
        return {name: rows for name, rows in found.items() if rows}

    def put_back(self) -> None:
        """All tables as they were at the start."""
        with closing(sqlite3.connect(self._file)) as connection:
            self._first.backup(connection)
        self._version, self.rows = self._data_version(), self._read()

    def person_column(self, name: str) -> int:
        """Where a table of persons says whose a row is."""
        columns = [row[1] for row in self._connection.execute(f"PRAGMA table_info({name})")]
        return columns.index("id" if name == "people" else "person")

    def close(self) -> None:
        """Give the connections back."""
        self._connection.close()
        self._first.close()

    def _data_version(self) -> int:
        return int(self._connection.execute("PRAGMA data_version").fetchone()[0])

    def _read(self) -> Rows:
        return {name: set(self._connection.execute(f"SELECT * FROM {name}")) for name in self._names}


def memory() -> tuple[float, int]:
    """Megabytes of this process that are in use, and how many objects the collector knows."""
    gc.collect()
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * 4096 / 1e6, len(gc.get_objects()) + gc.get_freeze_count()
