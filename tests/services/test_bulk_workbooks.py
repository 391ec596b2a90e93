"""Workbooks of many meetings: out with hours as hours, back with whatever a program made of them, without loss."""

import datetime as dt
import io
import subprocess
import sys
import tracemalloc
import zipfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain import bulk
from bot.domain.bulk import COLUMNS, PROBLEM, Changed
from bot.domain.errors import UnreadableSheet
from bot.domain.meeting import Meeting, id_text
from bot.services import bulk_files as files
from bot.services import bulk_guard as guard
from tests.services.test_bulk_files import MEETINGS, NIGHT, exported
from tests.services.workbooks import differences, edited, odd_meetings, place, with_parts

SAVED_BY_LIBREOFFICE = Path(__file__).parent / "saved_by_libreoffice.xlsx"
SHEET = "xl/worksheets/sheet1.xml"
BOOK = exported(NIGHT, kind="xlsx")


def judged(data: bytes, meeting: Meeting = NIGHT) -> Any:
    [row] = files.opened(data).rows()
    return bulk.compared(row, meeting)


def setting(**cells: Any) -> bytes:
    """The export, after somebody typed something else into these cells."""

    def edit(sheet: Any) -> None:
        for column, value in cells.items():
            sheet[place(column)].value = value
            if not isinstance(value, (dt.date, dt.time)):
                sheet[place(column)].number_format = "[h]:mm" if isinstance(value, dt.timedelta) else "General"

    return edited(BOOK, edit)


@settings(max_examples=40, deadline=None)
@given(st.lists(MEETINGS, min_size=1, max_size=2))
def test_what_was_exported_comes_back_as_no_change_whatever_stands_in_it(meetings: list[Meeting]) -> None:
    assert differences(exported(*meetings, kind="xlsx"), meetings) == []


def test_what_libreoffice_saved_is_no_change() -> None:
    assert differences(SAVED_BY_LIBREOFFICE.read_bytes(), odd_meetings()) == []


def test_hours_are_hours_numbers_are_numbers_and_all_else_is_text() -> None:
    meeting = odd_meetings()[0]
    sheet = openpyxl.load_workbook(io.BytesIO(exported(meeting, NIGHT, kind="xlsx"))).worksheets[0]
    assert [cell.value for cell in sheet[1]] == list(COLUMNS)
    assert sheet["A1"].font.b
    assert sheet.freeze_panes == "A2"
    start = sheet[place("start", 3)]
    assert (start.value, start.number_format, start.is_date) == (dt.time(19, 0), "hh:mm", True)
    assert sheet[place("duration", 3)].value == 60
    assert sheet[place("latitude", 3)].value == 39.7392358
    assert sheet[place("weekday", 3)].value == "Tuesday"
    name = sheet[place("name")]
    assert (name.value, name.data_type, name.number_format) == ("=1+1", "s", "@")
    assert sheet[place("postal_code", 3)].value == "02134"
    assert sheet[place("notes", 3)].alignment.wrap_text
    assert sheet.column_dimensions["D"].width > 20
    assert sheet.column_dimensions[place("postal_code").rstrip("2")].number_format == "@", "a zero typed there stays"
    texts = {cell.data_type for row in sheet.iter_rows(min_row=2) for cell in row if cell.value is not None}
    assert texts <= {"s", "n", "d"}, "nothing is a formula"


@pytest.mark.parametrize(
    "cells",
    [
        {"start": dt.datetime(1899, 12, 30, 19, 0)},
        {"start": dt.datetime(2026, 11, 24, 19, 0)},
        {"start": dt.timedelta(hours=19)},
        {"start": 19 / 24},
        {"start": 0.7916666666},
        {"start": "7:00 PM"},
        {"start": "\u00a019:00 "},
        {"duration": dt.time(1, 0)},
        {"duration": dt.timedelta(hours=1)},
        {"duration": 1 / 24},
        {"duration": 60.0},
        {"postal_code": 2134},
        {"postal_code": 2134.0},
        {"join_id": 5550100123},
        {"passcode": 123},
        {"dial_in": 15550100},
        {"in_person": True, "approximate": False},
        {"in_person": 1, "approximate": 0},
        {"weekday": 2},
        {"weekday": "tuesday"},
        {"latitude": "39.7392358", "longitude": "-104,990251"},
        {"venue": "St.\u00a0Mark's Hall"},
        {"id": f" {id_text(NIGHT.id).upper()} "},
        {"notes": 'Use the side door.\r\nAsk for "Sam".'},
    ],
)
def test_what_a_program_made_of_a_cell_is_no_change(cells: dict[str, Any]) -> None:
    assert judged(setting(**cells)) is None


def test_hours_are_the_same_in_the_calendar_of_1904() -> None:
    def edit(sheet: Any) -> None:
        sheet.parent.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904
        sheet[place("start")].value = dt.timedelta(hours=19)
        sheet[place("start")].number_format = "hh:mm"

    assert judged(edited(BOOK, edit)) is None


@pytest.mark.parametrize(
    ("column", "value", "after"),
    [
        ("start", dt.time(7, 30), 450),
        ("start", "7:30 PM", 1170),
        ("start", 0.3125, 450),
        ("start", None, None),
        ("duration", dt.time(1, 30), 90),
        ("postal_code", 90210.0, "90210"),
        ("postal_code", "02135", "02135"),
        ("passcode", 5000, "5000"),
        ("online", False, False),
        ("weekday", "Thursday", 4),
        ("latitude", 39.8, 39.8),
        ("venue", "=Hall\u200b", "=Hall"),
    ],
)
def test_what_a_person_changed_is_found(column: str, value: Any, after: object) -> None:
    def edit(sheet: Any) -> None:
        sheet[place(column)].value = value
        if isinstance(value, str):
            sheet[place(column)].data_type = "s"

    found = judged(edited(BOOK, edit))
    assert isinstance(found, Changed)
    assert (dict(found.after), found.outdated) == ({column: after}, False)


@pytest.mark.parametrize(
    ("column", "value", "reason"),
    [
        ("venue", dt.datetime(2026, 1, 2), "is_date"),
        ("weekday", dt.datetime(2026, 1, 2), "is_date"),
        ("start", dt.datetime(2026, 1, 2), "is_date"),
        ("start", dt.timedelta(hours=25, minutes=30), "time"),
        ("start", dt.timedelta(days=1), "time"),
        ("start", 7, "time_half"),
        ("start", 7.5, "time"),
        ("name", "#REF!", "cell_error"),
        ("latitude", "#DIV/0!", "cell_error"),
        ("venue", "=A1&B1", "formula"),
        ("join_id", 1234567890123456, "number_shortened"),
        ("join_id", 5.5501001234567e18, "number_shortened"),
    ],
)
def test_what_is_not_sure_is_not_guessed_but_named_by_row_and_column(column: str, value: Any, reason: str) -> None:
    [refused] = judged(setting(**{column: value}))
    assert (refused.line, refused.column, refused.reason) == (2, column, reason)


def test_of_a_formula_the_value_counts_that_its_program_reckoned() -> None:
    def reckoned(text: bytes) -> bytes:
        cell = b'r="' + place("venue").encode() + b'"'
        start = text.index(cell)
        end = text.index(b"</c>", start)
        return text[:start] + cell + b' t="str"><f>A1&amp;B1</f><v>Town Hall</v>' + text[end:]

    found = judged(with_parts(BOOK, {SHEET: reckoned}))
    assert dict(found.after) == {"venue": "Town Hall"}


def test_an_id_that_cannot_be_read_loses_no_meeting() -> None:
    for value in ("=A2", "#REF!", dt.datetime(2026, 1, 2)):
        [row] = files.opened(setting(id=value)).rows()
        assert [bad.field for bad in row.faults] == ["id"]
    assert judged(setting(version=dt.datetime(2026, 1, 2), venue="Town Hall")).outdated, "nobody knows how old it is"


def test_cells_joined_with_others_empty_nothing() -> None:
    def edit(sheet: Any) -> None:
        sheet.merge_cells(f"{place('venue')}:{place('address')}")
        sheet.merge_cells(f"{place('city', 3)}:{place('city', 4)}")
        sheet.merge_cells("A6:D6")
        sheet["A6"].value = "Elsewhere"

    meetings = odd_meetings()[:4]
    found = list(files.opened(edited(exported(*meetings, kind="xlsx"), edit)).rows())
    faults = {row.line: [(bad.field, bad.reason) for bad in row.faults] for row in found if row.faults}
    assert faults == {2: [("address", "merged")], 4: [("city", "merged")], 6: [
        ("feed", "merged"), ("version", "merged"), ("name", "merged"),
    ]}  # fmt: skip


def test_empty_rows_and_columns_a_title_above_and_hidden_rows_lose_nothing() -> None:
    def edit(sheet: Any) -> None:
        sheet.insert_rows(1, 3)
        sheet["A1"].value = "Our meetings"
        sheet["AZ9"].value = "a note of somebody"
        sheet["A900000"].number_format = "0"
        sheet.row_dimensions[6].hidden = True
        sheet.row_dimensions[900].hidden = True

    meetings = odd_meetings()[:2]
    table = files.opened(edited(exported(*meetings, kind="xlsx"), edit))
    rows = list(table.rows())
    assert [row.line for row in rows] == [5, 6]
    assert [bulk.compared(row, one) for row, one in zip(rows, meetings, strict=True)] == [None, None]
    assert (table.hidden, table.sheet) == (1, "")


def test_of_several_sheets_the_first_with_the_columns_counts_and_is_named() -> None:
    def edit(sheet: Any) -> None:
        book = sheet.parent
        book.create_sheet("Notes", 0)["A1"].value = "Call the hall"
        book.create_sheet("Empty", 0)
        sheet.title = "Meetings <2>"

    table = files.opened(edited(BOOK, edit))
    assert table.sheet == "Meetings <2>"
    assert len(list(table.rows())) == 1

    def only_notes(sheet: Any) -> None:
        sheet.delete_rows(1)

    with pytest.raises(UnreadableSheet) as error:
        files.opened(edited(BOOK, only_notes))
    assert error.value.reason == "no_header"


def test_columns_may_come_in_any_order_and_strange_ones_are_named() -> None:
    book = openpyxl.Workbook()
    book.active.append(["Remarks", " NAME ", None, "Id", "start", PROBLEM])
    book.active.append([dt.date(2026, 1, 2), "Night Lamp", "#REF!", id_text(NIGHT.id), dt.time(20), "Row 2: time"])
    out = io.BytesIO()
    book.save(out)
    table = files.opened(out.getvalue())
    assert table.unknown == ("Remarks",)
    [row] = table.rows()
    found = bulk.compared(row, NIGHT)
    assert isinstance(found, Changed)
    assert dict(found.after) == {"start": 1200}


def test_rows_to_mend_are_refused_again_until_somebody_mends_them() -> None:
    for kind in ("xlsx", "csv", "json"):
        table = files.opened(exported(NIGHT, odd_meetings()[0], kind=kind))
        line = list(table.rows())[1].line
        data = files.to_mend(table, {line: "Row 3, name: =wrong"})
        again = files.opened(data)
        assert (again.kind, again.unknown) == (kind, ())
        assert len(list(again.rows())) == 1
        assert b"=wrong" in data or kind == "xlsx"
    faulty = files.opened(setting(venue=dt.datetime(2026, 1, 2), address="=A1"))
    mended = edited(files.to_mend(faulty, {2: "A date"}), lambda sheet: None)
    assert {(one.column, one.reason) for one in judged(mended)} == {
        ("venue", "cell_error"),
        ("address", "cell_error"),
    }
    short = files.opened(f"id,name,notes\r\n{id_text(NIGHT.id)},Night\r\n".encode())
    assert judged(files.to_mend(short, {2: "it ends too early"}))[0].reason == "too_few_cells"


# -- files that are not what they seem


def _row(text: bytes) -> Callable[[bytes], bytes]:
    return lambda sheet: sheet.replace(b"</sheetData>", text + b"</sheetData>")


def _packed(name: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(name, "x")
    return out.getvalue()


ENTITIES = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>'


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (with_parts(BOOK, {SHEET: lambda text: ENTITIES + text}), "broken_workbook"),
        (with_parts(BOOK, {"xl/workbook.xml": lambda text: ENTITIES + text}), "broken_workbook"),
        (with_parts(BOOK, {SHEET: lambda text: text[:-40]}), "broken_workbook"),
        (with_parts(BOOK, {SHEET: _row(b'<row r="3"><c r="ZZZZ9"><v>1</v></c></row>')}), "broken_workbook"),
        (with_parts(BOOK, {SHEET: _row(b"<x>" * 200 + b"</x>" * 200)}), "broken_workbook"),
        (with_parts(BOOK, {SHEET: _row(b'<row r="3">' + b"<c/>" * 20_000 + b"</row>")}), "too_large_workbook"),
        (with_parts(BOOK, {"xl/workbook.xml": lambda _: b"<workbook/>"}), "broken_workbook"),
        (_packed("photo.txt"), "packed"),
        (_packed("content.xml"), "spreadsheet"),
        (_packed("xl/workbook.bin"), "spreadsheet"),
    ],
)
def test_a_file_that_is_no_sound_workbook_says_what_it_is(data: bytes, reason: str) -> None:
    with pytest.raises(UnreadableSheet) as error:
        files.opened(data)
    assert error.value.reason == reason


def test_a_bomb_is_not_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guard, "MOST_UNPACKED", 1024 * 1024)
    data = with_parts(BOOK, {SHEET: _row(b"<!--" + b" " * 2_000_000 + b"-->")})
    assert len(data) < 20_000
    with pytest.raises(UnreadableSheet) as error:
        files.opened(data)
    assert error.value.reason == "too_large_workbook"


def test_a_million_rows_without_anything_cost_nothing() -> None:
    rows = b"".join(b'<row r="%d" s="1"/>' % number for number in range(3, 40_000))
    far = b'<dimension ref="A1:XFD1048576"/><sheetData>'
    data = with_parts(BOOK, {SHEET: lambda text: _row(rows)(text).replace(b"<sheetData>", far)})
    files.opened(BOOK)
    tracemalloc.start()
    try:
        assert len(list(files.opened(data).rows())) == 1
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert most < 3 * 1024 * 1024 + 2 * len(data)


def test_more_rows_than_a_workbook_may_have_are_refused_both_ways(monkeypatch: pytest.MonkeyPatch) -> None:
    many = odd_meetings()
    data = exported(*many, kind="xlsx")
    for room, name in (("bulk_workbook", "MOST_ROWS"), ("bulk_files", "MOST_IN_WORKBOOK")):
        monkeypatch.setattr(sys.modules[f"bot.services.{room}"], name, 20)
    for work in (lambda: files.opened(data), lambda: exported(*many, kind="xlsx")):
        with pytest.raises(UnreadableSheet) as error:
            work()
        assert (error.value.reason, error.value.about) == ("too_many_rows", "20")


@settings(max_examples=60, deadline=None)
@given(st.sampled_from([SHEET, "xl/workbook.xml", "xl/styles.xml", "[Content_Types].xml"]), st.data())
def test_no_workbook_raises_anything_but_its_reason(part: str, drawn: st.DataObject) -> None:
    def spoil(text: bytes) -> bytes:
        at = drawn.draw(st.integers(0, len(text)))
        return text[:at] + drawn.draw(st.binary(max_size=4) | st.sampled_from((b"<f>", b"0", b'"'))) + text[at + 2 :]

    with suppress(UnreadableSheet):
        list(files.opened(with_parts(BOOK, {part: spoil})).rows())


def test_nobody_waits_for_the_library_who_brings_no_workbook() -> None:
    said = "import sys; from bot.services import bulk_files; bulk_files.opened(b'id,name'); print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", said], capture_output=True, text=True, check=True)
    assert "bot.services.bulk_workbook" in done.stdout.split()
    assert "openpyxl" not in done.stdout.split()
