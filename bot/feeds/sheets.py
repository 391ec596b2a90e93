"""A published sheet or CSV export as lines of cells; a line whose cells may stand in wrong columns is marked."""

import csv
import io
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import msgspec

from bot.domain.errors import FeedError
from bot.feeds.columns import enough, fields_of
from bot.feeds.container import NOT_THIS, check_shape, json_of, plain, rows_of
from bot.feeds.times import clock_or_none

_DELIMITERS = (",", ";", "\t")
MOST_LINES = 60  # of one record: more than that is a quote that nobody closed
_NO_HEADER = (
    f"{NOT_THIS} Its first line must name the columns: at least Day, Time, and one of Name, Group or Location."
)
_NO_ROWS = "This list holds no meetings."


class Line(NamedTuple):
    """One row of a sheet; `broken` says why its cells cannot be trusted, as an id of reasons.COMPLAINTS."""

    number: int  # as an editor counts, the header is 1
    cells: Sequence[Any]
    broken: str = ""


class Sheet(NamedTuple):
    """The key of each column ("" where it is not read) and the lines below the header that are not empty."""

    fields: list[str]
    lines: list[Line]
    guessed_encoding: bool = False


def opened(data: bytes) -> Sheet:
    """A CSV file with commas, semicolons or tabs, or `{"values": [[header], [row], ...]}`.

    FeedError says in a sentence what it is instead.
    """
    encoded, guessed = plain(data)
    is_json = encoded[:200].lstrip()[:1] in (b"{", b"[")
    sheet = _of_values(encoded) if is_json else _of_text(encoded.decode())
    if not sheet.lines:
        raise FeedError(_NO_ROWS)
    return sheet._replace(guessed_encoding=guessed)


def _of_values(data: bytes) -> Sheet:
    is_object = data[:200].lstrip().startswith(b"{")
    beside = json_of(data, dict[str, msgspec.Raw]) if is_object else {}
    if "values" not in beside:
        check_shape(rows_of(data)[0], "csv")
        raise FeedError(_NO_HEADER)
    rows = json_of(bytes(beside["values"]), list[Any])
    if not rows:
        raise FeedError(_NO_ROWS)
    fields = fields_of(rows[0]) if isinstance(rows[0], list) else []
    if not enough(fields):
        raise FeedError(_NO_HEADER)
    lines = []
    for number, row in enumerate(rows[1:], start=2):
        cells = row if isinstance(row, list) else [row]
        broken = _too_many(cells, fields) if isinstance(row, list) else "not_an_object"
        if not _blank(cells):
            lines.append(Line(number, cells, broken))
    return Sheet(fields, lines)


def _of_text(text: str) -> Sheet:
    lines = list(io.StringIO(text, newline=""))  # keeps the ends: they may stand inside quotes
    start = 1 if lines and lines[0].lower().startswith("sep=") else 0  # Excel's own hint
    while start < len(lines) and not lines[start].strip(' \t\r\n",;'):
        start += 1
    header, delimiter, after = _header(lines, start)
    if not enough(header):
        raise FeedError(_NO_HEADER)
    records = list(_records(lines, after, delimiter, len(header)))
    checked = [_checked(record, header) for record in records]
    return Sheet(header, list(_cut_in_two(checked, header)))


def _header(lines: list[str], start: int) -> tuple[list[str], str, int]:
    """The fields by the delimiter that gives most of them, that delimiter, and the line after the header."""
    best: tuple[list[str], str, int] = ([], ",", start + 1)
    for delimiter in _DELIMITERS:
        reader = csv.reader(lines[start : start + MOST_LINES], delimiter=delimiter)
        try:
            fields = fields_of(next(reader, []))
        except csv.Error:
            continue
        if sum(map(bool, fields)) > sum(map(bool, best[0])):
            best = (fields, delimiter, start + reader.line_num)
    return best


def _records(lines: list[str], at: int, delimiter: str, width: int) -> Iterator[Line]:
    """Every record; where a quote that is never closed swallows the lines below, only its own line is lost."""
    while at < len(lines):
        window = _Window(lines, at)
        reader = csv.reader(window, delimiter=delimiter)
        while True:
            began = window.at
            window.left = MOST_LINES
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error:  # a cell larger than any text
                cells = []
            if not cells and window.at - began == 1 and not lines[began].strip():
                continue
            if not cells or _swallowed(cells, delimiter, width, window.at - began):
                yield Line(began + 1, (), "quote_not_closed")
                at = began + 1
                break
            if not _blank(cells):
                yield Line(began + 1, cells)


class _Window:
    """The lines from `at` on, at most `left` more of them."""

    def __init__(self, lines: list[str], at: int) -> None:
        self._lines = lines
        self.at = at
        self.left = MOST_LINES

    def __iter__(self) -> "_Window":
        return self

    def __next__(self) -> str:
        if not self.left or self.at >= len(self._lines):
            raise StopIteration
        self.left -= 1
        self.at += 1
        return self._lines[self.at - 1]


def _swallowed(cells: list[str], delimiter: str, width: int, lines: int) -> bool:
    """Whether a record of several lines is one row and the beginning of the next ones."""
    if lines == 1:
        return False
    if lines >= MOST_LINES or len(cells) < width or not _blank(cells[width:]):
        return True
    return any(cell.count(delimiter) >= width - 1 for cell in cells)  # the rest of this row and the start of another


def _checked(line: Line, fields: list[str]) -> Line:
    return line if line.broken else line._replace(broken=_too_many(line.cells, fields))


def _too_many(cells: Sequence[Any], fields: list[str]) -> str:
    return "" if _blank(cells[len(fields) :]) else "cells_left_over"


def _cut_in_two(lines: list[Line], fields: list[str]) -> Iterator[Line]:
    """Marks neighbours that are both too short and fit together: one row, cut by a line end without quotes.

    A line with a time in its place is no second half: some tools leave empty cells off at the end.
    """
    width, at_time = len(fields), fields.index("time")
    halves: set[int] = set()
    for at in range(len(lines) - 1):
        first, second = lines[at], lines[at + 1]
        if first.broken or second.broken or len(first.cells) >= width or len(second.cells) >= width:
            continue
        if len(second.cells) > at_time and clock_or_none(second.cells[at_time]) is not None:
            continue
        if second.number == first.number + 1 and len(first.cells) + len(second.cells) <= width + 1:
            halves.update((at, at + 1))
    for at, line in enumerate(lines):
        yield line._replace(broken="cut_in_two") if at in halves else line


def _blank(cells: Sequence[Any]) -> bool:
    return all(cell is None or (isinstance(cell, str) and not cell.strip()) for cell in cells)
