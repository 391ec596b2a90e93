"""CSV exports of the 12 Step Meeting List plugin, and published sheets."""

from typing import Any

from bot.domain.feed import FeedSource
from bot.domain.meeting import Meeting
from bot.domain.report import FeedResult
from bot.feeds.export_dates import export_stamp
from bot.feeds.filling import fill_blanks
from bot.feeds.reading import Reading
from bot.feeds.refusal import Refused
from bot.feeds.sheets import Line, opened
from bot.feeds.tsml import TsmlRow, TsmlRows, row_name

_NOTHING = frozenset(("", "#n/a", "#ref!", "#value!", "#name?", "#error!", "#div/0!"))


class SheetRow(TsmlRow, gc=False):
    """A row with what is known of its line; `filled`: some blanks were filled from rows beside it."""

    number: int = 0
    broken: str = ""
    filled: bool = False
    letters: bool = False  # beyond ASCII


def read_csv(data: bytes, source: FeedSource) -> FeedResult:
    """Meetings and complaints of a sheet; FeedError when the bytes are something else."""
    sheet = opened(data)
    rows = [_row(sheet.fields, line) for line in sheet.lines]
    whole = [row for row in rows if not row.broken]
    for at in fill_blanks(whole):
        whole[at].filled = True
    reading = Reading(source)
    stamps = [row.updated.encode() for row in whole if isinstance(row.updated, str)]
    tsml = TsmlRows(reading, export_stamp(stamps, len(rows)))

    def convert(row: SheetRow, notes: set[str]) -> list[Meeting]:
        if row.broken:
            raise Refused(row.broken)
        meetings = tsml.convert(row, notes)
        if row.filled:
            notes.add("filled_from_neighbours")
        return meetings

    guessed = _has_other_letters if sheet.guessed_encoding else None
    return reading.each(rows, _as_it_is, convert, _name, guessed)


def _as_it_is(row: SheetRow) -> SheetRow:
    return row


def _has_other_letters(row: SheetRow) -> bool:
    return row.letters


def _row(fields: list[str], line: Line) -> SheetRow:
    if line.broken:
        return SheetRow(number=line.number, broken=line.broken)
    values = {field: _value(cell) for field, cell in zip(fields, line.cells, strict=False) if field}
    letters = any(isinstance(cell, str) and not cell.isascii() for cell in line.cells)
    return SheetRow(**values, number=line.number, letters=letters)


def _value(cell: Any) -> Any:
    """A cell without the quotes that some tools put around every text; None for empty ones and for errors."""
    if not isinstance(cell, str):
        return cell
    text = cell.strip()
    if len(text) > 1 and text[0] == text[-1] == '"':
        text = text[1:-1].strip()
    return None if text.lower() in _NOTHING else text


def _name(row: SheetRow) -> str:
    return row_name(row) or f"line {row.number}"
