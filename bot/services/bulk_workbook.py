"""Workbooks (XLSX) of many meetings, in and out. openpyxl is slow to load, so it comes when it is needed."""

import io
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import time
from itertools import islice
from pathlib import Path
from types import MappingProxyType
from typing import Any

import msgspec

from bot.domain.bulk import COLUMNS, ID, PROBLEM, Row
from bot.domain.errors import UnreadableSheet
from bot.domain.fields import FIELDS, BadField, Kind
from bot.services import bulk_guard as guard
from bot.services.bulk_cells import escaped, text_of
from bot.services.bulk_rows import columns_of, is_header

MOST_ROWS = guard.MOST_ROWS
_MOST_COLUMNS = 200
_HEADER_WITHIN = 10  # rows: a title may stand above
_TITLE = "meetings"
_WIDTHS = {
    PROBLEM: 60,
    ID: 17,
    "name": 32,
    "address": 30,
    "venue": 26,
    "join_url": 34,
    "url": 34,
    "tags": 26,
    "zone": 20,
}
_WIDTH, _WIDE = 13, 44  # letters
_TALL = 60  # letters of a text from which on it is wrapped
_LOOKS = {Kind.TIME: "hh:mm", Kind.MINUTES: "0", Kind.DEGREES: "General"}
_TEXT = "@"
_UNREADABLE = "#N/A"
_Packed = tuple[int, list[str], list[tuple[str, str, str]]]


class Workbook:
    """The rows of the first sheet that has a header, packed."""

    def __init__(self, header: tuple[str, ...], rows: list[bytes], sheet: str, hidden: int) -> None:
        """`sheet`: its name, where others hold something too; `hidden`: how many of the rows nobody sees."""
        self._header, self._rows, self.sheet, self.hidden = header, rows, sheet, hidden

    def header(self) -> tuple[str, ...]:
        """The names of the columns."""
        return self._header

    def rows(self, columns: tuple[str, ...]) -> Iterator[Row]:
        """Every row below the header, with the number that the program shows beside it."""
        for packed in self._rows:
            line, cells, bad = msgspec.json.decode(packed, type=_Packed)
            own = {name: text for name, text in zip(columns, cells, strict=False) if name}
            yield Row(line, own, faults=tuple(BadField(*one) for one in bad))


# -- in


def opened(data: bytes) -> Workbook:
    """The meetings in a workbook. Raises UnreadableSheet."""
    facts = guard.check(data)
    from openpyxl import load_workbook

    warnings.filterwarnings("ignore", module="openpyxl")  # of what it would not write again
    try:
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
        try:
            return _first(book, facts)
        finally:
            book.close()
    except (UnreadableSheet, MemoryError):
        raise
    except Exception:  # noqa: BLE001 - whatever it makes of a file that is not what it seems
        raise guard.broken() from None


def _first(book: Any, facts: dict[str, guard.Facts]) -> Workbook:
    every = [(one, facts[one._worksheet_path]) for one in book.worksheets if one._worksheet_path in facts]
    filled = [(sheet, about) for sheet, about in every if about.rows]
    for sheet, about in sorted(filled, key=lambda one: one[0].sheet_state != "visible"):
        sheet.reset_dimensions()  # what a file claims of its size is not believed
        for line, header in _tops(sheet, about):
            if is_header(header):
                return _read(sheet, about, line, header, told=len(filled) > 1)
    raise UnreadableSheet("no_header" if filled else "empty") if every else guard.broken()


def _tops(sheet: Any, about: guard.Facts) -> Iterator[tuple[int, tuple[str, ...]]]:
    """The first rows in which anything stands."""
    rows = enumerate(sheet.iter_rows(max_row=about.last, max_col=_MOST_COLUMNS, values_only=True), 1)
    for line, values in islice(((line, one) for line, one in rows if any(one)), _HEADER_WITHIN):
        cells = [one if isinstance(one, str) else "" for one in values]
        while cells and not cells[-1].strip():
            cells.pop()
        yield line, tuple(cells)


def _read(sheet: Any, about: guard.Facts, top: int, header: tuple[str, ...], *, told: bool) -> Workbook:
    if about.rows > MOST_ROWS + _HEADER_WITHIN:
        raise UnreadableSheet("too_many_rows", str(MOST_ROWS))
    columns = columns_of(header)
    under = about.hidden_under(len(columns))
    rows = sheet.iter_rows(min_row=top + 1, max_row=about.last, max_col=len(columns))
    packed: list[bytes] = []
    for line, cells in enumerate(rows, top + 1):
        texts, bad = _texts(columns, cells, line, under.get(line, frozenset()), about)
        if bad or any(map(str.strip, texts)):
            packed.append(msgspec.json.encode((line, texts, bad)))
    hidden = len([one for one in about.hidden if one > top])
    return Workbook(header, packed, sheet.title if told else "", hidden)


def _texts(
    columns: Sequence[str], cells: Sequence[Any], line: int, under: set[int] | frozenset[int], about: guard.Facts
) -> tuple[list[str], list[tuple[str, str, str]]]:
    """The text of each cell, and what cannot be trusted of the known ones: column, reason, text."""
    texts: list[str] = []
    bad: list[tuple[str, str, str]] = []
    for place, (name, cell) in enumerate(zip(columns, cells, strict=False), 1):
        text, why = "", ""
        if not name:
            pass
        elif (line, place) in about.without_value:
            why = "formula"
        else:
            try:
                text = text_of(name, cell.value, is_error=cell.value is not None and cell.data_type == "e")
            except BadField as found:
                text, why = found.text, found.reason
        texts.append(text)
        if why:
            bad.append((name, why, text))
    # Not where nothing else stands either: a heading of its own across the table.
    if any(texts):
        bad += [(columns[place - 1], "merged", "") for place in sorted(under) if columns[place - 1]]
    return texts, bad


# -- out


def written(rows: Sequence[Sequence[str | None]], columns: Sequence[str] = COLUMNS) -> bytes:
    """A workbook of one sheet: hours and numbers as such, all else as text that no program takes for more.

    None is a cell that nobody can read: the workbook says so, as its program would.
    """
    from openpyxl import Workbook as Book

    book = Book(write_only=True)
    book.properties.creator = "Open Chair"
    sheet = book.create_sheet(_TITLE)
    try:
        _dress(sheet, columns)
        styles = _styles(book)
        sheet.append([_cell(sheet, one, "head", styles) for one in columns])
        for row in rows:
            sheet.append([_made(sheet, name, text, styles) for name, text in zip(columns, row, strict=False)])
        out = io.BytesIO()
        book.save(out)
    finally:
        _tidy(sheet)
    return out.getvalue()


def _tidy(sheet: Any) -> None:
    """openpyxl writes each sheet into a file of its own first, and forgets it where something fails."""
    with suppress(AttributeError, OSError):
        Path(sheet._writer.out).unlink(missing_ok=True)


def _dress(sheet: Any, columns: Sequence[str]) -> None:
    """Widths, and how an empty cell takes what somebody will type there."""
    from openpyxl.utils import get_column_letter

    sheet.freeze_panes = "A2"
    for place, name in enumerate(columns, 1):
        about = sheet.column_dimensions[get_column_letter(place)]
        wide = name in FIELDS and FIELDS[name].lines
        about.width = _WIDE if wide else _WIDTHS.get(name, _WIDTH)
        about.number_format = _look(name)


def _look(column: str) -> str:
    return _LOOKS.get(FIELDS[column].kind, _TEXT) if column in FIELDS else _TEXT


def _styles(book: Any) -> dict[str, str]:
    """The names of the styles that cells have; each is made once, however many cells wear it."""
    from openpyxl.styles import Alignment, Font, NamedStyle

    top = Alignment(vertical="top")
    made = {
        "head": NamedStyle("meetings head", font=Font(bold=True), number_format=_TEXT),
        "tall": NamedStyle("meetings tall", alignment=Alignment(vertical="top", wrap_text=True), number_format=_TEXT),
        **{look: NamedStyle(f"meetings {look}", alignment=top, number_format=look) for look in _LOOKS.values()},
        _TEXT: NamedStyle("meetings text", alignment=top, number_format=_TEXT),
    }
    for style in made.values():
        book.add_named_style(style)
    return {name: style.name for name, style in made.items()}


def _made(sheet: Any, column: str, text: str | None, styles: dict[str, str]) -> Any:
    """The cell of a text; None for an empty one."""
    if not text:
        return _UNREADABLE if text is None else None
    look = _look(column)
    if look == _TEXT:
        return _cell(sheet, text, "tall" if len(text) > _TALL or "\n" in text else _TEXT, styles)
    value: time | int | float | str = text
    with suppress(ValueError):  # what was no such value, where a file to mend is written
        value = _VALUES[FIELDS[column].kind](text)
    return _cell(sheet, value, look if value is not text else _TEXT, styles)


def _cell(sheet: Any, value: time | int | float | str, style: str, styles: dict[str, str]) -> Any:
    from openpyxl.cell import WriteOnlyCell

    if not isinstance(value, str):
        cell = WriteOnlyCell(sheet, value)
    else:
        cell = WriteOnlyCell(sheet, escaped(value))
        cell.data_type = "s"  # "=1+1" and "#REF!" are what somebody wrote, too
    cell.style = styles[style]
    return cell


_VALUES: Mapping[Kind, Callable[[str], time | int | float]] = MappingProxyType(
    {Kind.TIME: time.fromisoformat, Kind.MINUTES: int, Kind.DEGREES: float}
)
