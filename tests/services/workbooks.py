"""Workbooks for tests: as somebody's program would save them, with whatever somebody typed."""

import io
import zipfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import openpyxl

from bot.domain import bulk
from bot.domain.bulk import COLUMNS
from bot.domain.meeting import Meeting, meeting_id
from bot.services import bulk_files as files
from tests.services.test_bulk_files import NIGHT

ODD = (
    "=1+1", "'=x", "-5", "+15550100", "@SUM(A1)", 'Ask "Sam"', "a;b,c", "Two\nlines", "'", "יום שלום", "😀 e", "1e5",
    "5e3", "1-2", "02134", "00", "TRUE", "#REF!", "_x0041_", "3/4", "12:30", "", "#N/A", "1,5", "50%", "$5", "=SUM(",
    "https://example.org/?a=1&b=2", "0x1F", "٣٤", "<b>", "&amp;", "0", "1.0", "24.12.", "Dec 24",
)  # fmt: skip
"""What people write, and programs would like to take for something else."""


def odd_meetings() -> list[Meeting]:
    """Invented meetings in which every odd text stands in several columns, beside every kind of number."""
    count = len(ODD)
    return [
        replace(
            NIGHT,
            id=meeting_id("aa-denver", str(number), 0),
            name=ODD[number] or "Night Lamp",
            venue=ODD[(number + 5) % count],
            notes=ODD[(number + 9) % count],
            passcode=ODD[(number + 11) % count],
            postal_code=ODD[(number + 2) % count],
            join_id=ODD[(number + 3) % count],
            group=ODD[(number + 17) % count],
            start=number * 37 % 1440,
            duration=number * 13 % 200 + 1,
            weekday=number % 7 + 1,
            latitude=number * 2.123456789 % 90,
            longitude=-(number * 4.23456789 % 180),
        )
        for number in range(count)
    ]


def differences(data: bytes, meetings: Sequence[Meeting]) -> list[Any]:
    """What the rows of a file say otherwise than these meetings, row by row."""
    rows = list(files.opened(data).rows())
    found = [bulk.compared(row, one) for row, one in zip(rows, meetings, strict=True)]
    return [one for one in found if one is not None]


def edited(data: bytes, edit: Callable[[Any], object]) -> bytes:
    """A program opens a workbook, somebody edits its first sheet, and it is saved."""
    book = openpyxl.load_workbook(io.BytesIO(data))
    edit(book.worksheets[0])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def place(column: str, line: int = 2) -> str:
    """The name of a cell of an export: "name", 2 is D2."""
    return f"{openpyxl.utils.get_column_letter(COLUMNS.index(column) + 1)}{line}"


def with_parts(data: bytes, parts: Mapping[str, Callable[[bytes], bytes]]) -> bytes:
    """The same archive, with some of its parts rewritten."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            change = parts.get(name, lambda text: text)
            new.writestr(name, change(old.read(name)))
    return out.getvalue()
