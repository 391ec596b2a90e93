"""A workbook before it is opened: whether it is one, how large it would grow, and what its reader does not tell.

openpyxl trusts what it opens, and keeps every element of a part that it passed. So each part goes through a parser
that keeps nothing first: document types, crowds of elements and parts without end are refused there.
"""

import io
import re
import zipfile
import zlib
from dataclasses import dataclass, field
from xml.parsers import expat

from bot.domain.errors import UnreadableSheet

MOST_ROWS = 20_000  # of a workbook; larger lists travel as CSV. In /tmp it takes 2 KB a row while it is written
MOST_UNPACKED = 256 * 1024 * 1024  # bytes of all parts together
_MOST_PARTS = 2_000
_MOST_CHILDREN = 1_000_000
_MOST = {"sst": 700_000, "row": 16_384, "si": 5_000, "is": 5_000, "mergeCells": 50_000}
_MOST_EMPTY = 100_000  # rows that a program wrote down although nothing stands in them
_MOST_ODD = 100_000  # cells
_DEEPEST = 100
_PIECE = 64 * 1024
_WORKBOOK = "[Content_Types].xml"
_NOT_OURS = ("content.xml", "xl/workbook.bin")  # .ods and .xlsb
_CELL = re.compile(r"\$?([A-Z]{1,3})\$?([0-9]{1,7})")


@dataclass(slots=True)
class Facts:
    """Of one sheet. Rows and columns count from 1."""

    last: int = 0  # the last row in which anything stands
    rows: int = 0  # in which anything stands
    passed: int = 0  # rows that were written down up to there
    hidden: list[int] = field(default_factory=list)
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)  # first row and column, last row and column
    without_value: set[tuple[int, int]] = field(default_factory=set)  # formulas that no program has reckoned

    def hidden_under(self, cell: int) -> dict[int, set[int]]:
        """Columns by row of the cells that lie under a merged one, up to the last row. `cell`: the most columns."""
        found: dict[int, set[int]] = {}
        count = 0
        for top, left, bottom, right in self.merged:
            columns = range(left, min(right, cell) + 1)
            for row in range(top, min(bottom, self.last) + 1):
                found.setdefault(row, set()).update(columns if row > top else columns[1:])
                count += 1
                if count > _MOST_ODD:
                    raise broken()
        return found


def broken() -> UnreadableSheet:
    """What is said of a workbook that no program would write so."""
    return UnreadableSheet("broken_workbook")


def check(data: bytes) -> dict[str, Facts]:
    """What stands in each sheet, by the name of its part. Raises UnreadableSheet."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            _check_size(archive)
            parts = [one for one in archive.infolist() if one.filename.lower().endswith((".xml", ".rels"))]
            found = {one.filename: _read(archive, one) for one in parts}
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, OSError, ValueError):
        raise broken() from None
    return {name: facts for name, facts in found.items() if facts is not None}


def _check_size(archive: zipfile.ZipFile) -> None:
    names = set(archive.namelist())
    if names & set(_NOT_OURS):
        raise UnreadableSheet("spreadsheet")
    if _WORKBOOK not in names:
        raise UnreadableSheet("packed")
    # No more than this is ever unpacked: zipfile stops where a part claims to end.
    if len(names) > _MOST_PARTS or sum(one.file_size for one in archive.infolist()) > MOST_UNPACKED:
        raise UnreadableSheet("too_large_workbook", str(MOST_ROWS))


def _read(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> Facts | None:
    reading = _Part()
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartElementHandler, parser.EndElementHandler = reading.start, reading.end
    parser.CharacterDataHandler = reading.text
    parser.StartDoctypeDeclHandler = reading.refuse
    try:
        with archive.open(part) as source:
            while piece := source.read(_PIECE):
                parser.Parse(piece)
        parser.Parse(b"", True)
    except expat.ExpatError:
        raise broken() from None
    return reading.facts if reading.is_sheet else None


class _Part:
    """One part while it goes by; nothing of it is kept but Facts."""

    def __init__(self) -> None:
        self.facts, self.is_sheet = Facts(), False
        self._open: list[str] = []
        self._children: list[int] = []
        self._row = self._column = 0
        self._is_filled = self._is_hidden = self._has_formula = self._has_value = False

    def refuse(self, *_: object) -> None:
        """A document type: no program writes one into a workbook."""
        raise broken()

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """An element begins."""
        local = name.rpartition(" ")[2]
        if self._open:
            self._children[-1] += 1
            if self._children[-1] > _MOST.get(self._open[-1], _MOST_CHILDREN):
                raise UnreadableSheet("too_large_workbook", str(MOST_ROWS))
        else:
            self.is_sheet = local == "worksheet"
        if len(self._open) >= _DEEPEST:
            raise broken()
        self._open.append(local)
        self._children.append(0)
        if self.is_sheet and (note := self._NOTES.get(local)):
            note(self, attributes)

    def text(self, _: str) -> None:
        """Letters."""
        self._has_value = self._has_value or self._open[-1] == "v"

    def end(self, _: str) -> None:
        """It ends."""
        local = self._open.pop()
        self._children.pop()
        if self.is_sheet and local == "c" and self._has_formula and not self._has_value:
            self._is_filled = True
            self.facts.without_value.add((self._row, self._column))
            if len(self.facts.without_value) > _MOST_ODD:
                raise broken()
        elif self.is_sheet and local == "row":
            self._end_row()

    def _begin_row(self, attributes: dict[str, str]) -> None:
        self._row = int(float(attributes["r"])) if "r" in attributes else self._row + 1
        self._column = 0
        self._is_filled, self._is_hidden = False, attributes.get("hidden") in ("1", "true")
        self.facts.passed += not self.facts.last

    def _end_row(self) -> None:
        if not self._is_filled:
            return
        self.facts.last = max(self.facts.last, self._row)
        self.facts.rows += 1
        if self._is_hidden:
            self.facts.hidden.append(self._row)

    def _begin_cell(self, attributes: dict[str, str]) -> None:
        self._row, self._column = _place(attributes["r"]) if "r" in attributes else (self._row, self._column + 1)
        self._has_formula = False
        self._has_value = attributes.get("t") == "str"  # a formula may have come to an empty text

    def _formula(self, _: dict[str, str]) -> None:
        self._has_formula = True

    def _value(self, _: dict[str, str]) -> None:
        self._is_filled = True

    def _merge(self, attributes: dict[str, str]) -> None:
        first, _, last = attributes.get("ref", "").partition(":")
        self.facts.merged.append((*_place(first), *_place(last or first)))

    _NOTES = {"row": _begin_row, "c": _begin_cell, "f": _formula, "v": _value, "is": _value, "mergeCell": _merge}


def _place(text: str) -> tuple[int, int]:
    """Row and column of "B7"; ValueError for no cell."""
    match = _CELL.fullmatch(text)
    if match is None:
        raise ValueError(text)
    column = 0
    for letter in match[1]:
        column = column * 26 + ord(letter) - ord("A") + 1
    return int(match[2]), column
