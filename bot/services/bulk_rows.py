"""The rows of a file of many meetings, each with its number as an editor counts and the cells of known columns."""

import csv
import io
from collections import deque
from collections.abc import Iterator, Sequence
from typing import Any

import msgspec

from bot.domain.bulk import COLUMNS, ID, LONGEST_CELL, Row, unguarded
from bot.domain.errors import UnreadableSheet

_MOST_OPEN_QUOTES = 100  # each costs a second look at the lines below it
_MOST_LINES = 2000  # of one record


class _Lines:
    """The lines of a text, one by one; those since the last `mark` can be given back."""

    def __init__(self, data: bytes, encoding: str) -> None:
        self._text = io.TextIOWrapper(io.BytesIO(data), encoding, errors="replace", newline="")
        self._again: deque[str] = deque()
        self.taken: list[str] = []

    def mark(self) -> None:
        self.taken.clear()

    def back(self) -> None:
        """All but the first since the mark come again."""
        self._again.extendleft(reversed(self.taken[1:]))
        self.taken.clear()

    def __iter__(self) -> "_Lines":
        return self

    def __next__(self) -> str:
        line = self._again.popleft() if self._again else self._text.readline()
        if not line or len(self.taken) >= _MOST_LINES:
            raise StopIteration
        self.taken.append(line)
        return line


class Text:
    """A CSV file with one delimiter."""

    def __init__(self, data: bytes, encoding: str, delimiter: str) -> None:
        self._data, self._encoding, self._delimiter = data, encoding, delimiter

    def header(self) -> tuple[str, ...]:
        """The names of the columns: the first line that is not empty."""
        return next((tuple(cells) for _, cells, _ in self._records() if _filled(cells)), ())

    def rows(self, columns: tuple[str, ...]) -> Iterator[Row]:
        """Every row below the header."""
        records = self._records()
        for _, cells, _ in records:
            if _filled(cells):
                break
        for number, cells, broken in records:
            if broken:
                yield Row(number, {}, broken=broken)
            elif _filled(cells):
                yield _row(number, [_clean(one) for one in cells], columns)

    def _records(self) -> Iterator[tuple[int, list[str], str]]:
        """Number, cells and what is wrong of each record, empty ones too; a line `sep=;` is none.

        Where a quote is never closed, only its own line is lost.
        """
        lines = _Lines(self._data, self._encoding)
        number = open_quotes = 0
        while True:
            reader = csv.reader(lines, delimiter=self._delimiter, strict=True)
            lines.mark()
            try:
                for cells in reader:
                    lines.mark()
                    hint = number == 0 and _is_hint(cells)
                    number += not hint
                    yield number, [] if hint else cells, ""
                return
            except csv.Error:
                number += 1
                open_quotes += 1
                if open_quotes > _MOST_OPEN_QUOTES:
                    raise UnreadableSheet("open_quotes") from None
                lines.back()
                yield number, [], "open_quote"


def _is_hint(cells: Sequence[str]) -> bool:
    """Excel's own line about the separator."""
    return 0 < len(cells) <= 2 and cells[0].lower().startswith("sep=")


def _filled(cells: Sequence[str]) -> bool:
    return any(map(str.strip, cells))


def _clean(text: str) -> str:
    return unguarded(text[: LONGEST_CELL + 1])


def _row(number: int, cells: Sequence[str], columns: tuple[str, ...], *, lossy: bool = True) -> Row:
    if _filled(cells[len(columns) :]):
        return Row(number, {}, broken="too_many_cells")
    own = {name: text for name, text in zip(columns, cells, strict=False) if name}
    missing = tuple(name for name in columns[len(cells) :] if name)
    return Row(number, own, missing, lossy=lossy)


class Lists:
    """Rows of a sheet as lists of values."""

    def __init__(self, lists: list[list[Any]]) -> None:
        self._lists = lists

    def rows(self, columns: tuple[str, ...]) -> Iterator[Row]:
        """Every row; the header is 1."""
        for number, values in enumerate(self._lists, 2):
            cells = [cell_of(one) for one in values]
            if _filled(cells):
                yield _row(number, cells, columns)


class Objects:
    """Rows of JSON objects: each names its own columns, and nothing rewrites them on the way."""

    def __init__(self, rows: list[msgspec.Raw]) -> None:
        self._rows = rows

    def rows(self, columns: tuple[str, ...]) -> Iterator[Row]:
        """Every row, counted from 1."""
        for number, raw in enumerate(self._rows, 1):
            try:
                found = msgspec.json.decode(raw, type=dict[str, Any])
            except (msgspec.MsgspecError, RecursionError):
                yield Row(number, {}, broken="not_a_row")
                continue
            cells = {column_of(key): cell_of(value)[: LONGEST_CELL + 1] for key, value in found.items()}
            cells.pop("", None)
            if any(cells.values()):
                yield Row(number, cells, lossy=False)


def column_of(name: str) -> str:
    """The column that a header means, however it is spelt; "" for none."""
    key = "_".join(unguarded(name).casefold().replace("_", " ").replace("-", " ").split())
    return key if key in COLUMNS else ""


def columns_of(header: Sequence[str]) -> tuple[str, ...]:
    """The key of each column, however it is spelt; of two alike the first counts."""
    found: list[str] = []
    for name in header:
        key = column_of(name)
        found.append("" if key in found else key)
    return tuple(found)


def is_header(header: Sequence[str]) -> bool:
    """Whether these are names of columns by which a meeting can be told."""
    known = set(columns_of(header)) - {""}
    return len(known) >= 2 and bool(known & {ID, "name"})


def cell_of(value: Any) -> str:
    """A value of JSON as the text of a cell."""
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case str():
            return value
        case int() | float():
            return repr(value)
        case list():
            return ", ".join(map(cell_of, value))
    return msgspec.json.encode(value).decode()
