"""Sheets of many meetings as programs save them: what is read, what is no change, and what is refused by name."""

import csv
import io
import json
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain import bulk
from bot.domain.bulk import COLUMNS, Added, Changed, Refused, Row
from bot.domain.errors import UnreadableSheet
from bot.domain.fields import FIELDS, BadField
from bot.domain.meeting import TAGS, Meeting, Status, id_text, meeting_id
from bot.services import bulk_files as files

NIGHT = Meeting(
    meeting_id("aa-denver", "night", 0),
    "aa-denver",
    "night",
    0,
    "aa",
    "Night Lamp",
    2,
    19 * 60,
    60,
    "America/Denver",
    True,
    True,
    venue="St. Mark's Hall",
    address="12 High St",
    city="Denver",
    region="Colorado",
    postal_code="02134",
    country="US",
    latitude=39.7392358,
    longitude=-104.990251,
    notes='Use the side door.\nAsk for "Sam".',
    tags=frozenset({"open", "wheelchair"}),
    languages=("en", "es"),
    join_url="https://zoom.us/j/5550100",
    join_id="5550100123",
    passcode="000123",
    dial_in="+15550100",
)
TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=12) | st.sampled_from(
    (
        "=1+1",
        "'=x",
        "''+",
        "-5",
        "+15550100",
        "@SUM(A1)",
        "\tx",
        '"',
        "a;b,c\td",
        "a\r\nb",
        "'",
        " x ",
        "יום",
        "😀",
        "1e5",
    )
)
MEETINGS = st.builds(
    replace,
    st.just(NIGHT),
    weekday=st.none() | st.integers(1, 7),
    start=st.none() | st.integers(0, 1439),
    duration=st.none() | st.integers(1, 1440),
    status=st.sampled_from(Status),
    latitude=st.none() | st.floats(-90, 90),
    longitude=st.none() | st.floats(-180, 180),
    tags=st.frozensets(st.sampled_from(sorted(TAGS))),
    in_person=st.booleans(),
    **{
        name: TEXTS
        for name in ("name", "venue", "notes", "group", "join_notes", "dial_in", "passcode", "contact", "url")
    },
)


def exported(*meetings: Meeting, kind: str = "csv") -> bytes:
    return files.whole(kind, [bulk.values_of(one) for one in meetings])


def rows_of(data: bytes) -> list[Row]:
    return list(files.opened(data).rows())


def judged(data: bytes, meeting: Meeting = NIGHT) -> Any:
    [row] = rows_of(data)
    return bulk.compared(row, meeting)


def saved(
    *meetings: Meeting, change: Callable[[list[dict[str, str]]], object] = lambda _: None, **way: Any
) -> list[dict[str, str]]:
    found = list(csv.DictReader(io.StringIO(exported(*meetings).decode("utf-8-sig"), newline="")))
    change(found)
    return found


def written(rows: list[dict[str, str]], *, delimiter: str = ",", quoting: Any = csv.QUOTE_MINIMAL) -> str:
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, list(rows[0]), delimiter=delimiter, quoting=quoting)
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


@settings(max_examples=150, deadline=None)
@given(MEETINGS, st.sampled_from(("csv", "json")))
def test_what_was_exported_comes_back_as_no_change_whatever_stands_in_it(meeting: Meeting, kind: str) -> None:
    assert judged(exported(meeting, kind=kind), meeting) is None


@settings(max_examples=60, deadline=None)
@given(MEETINGS, st.sampled_from((",", ";", "\t")), st.sampled_from((csv.QUOTE_MINIMAL, csv.QUOTE_ALL)))
def test_no_program_makes_a_change_of_it_by_its_own_separators_and_quotes(
    meeting: Meeting, delimiter: str, quoting: int
) -> None:
    text = written(saved(meeting), delimiter=delimiter, quoting=quoting)
    assert judged(text.encode("utf-16"), meeting) is None
    assert judged(b"sep=" + delimiter.encode() + b"\r\n" + text.encode(), meeting) is None


@settings(max_examples=60, deadline=None)
@given(MEETINGS)
def test_no_cell_begins_as_a_formula_does(meeting: Meeting) -> None:
    for row in csv.reader(io.StringIO(exported(meeting).decode("utf-8-sig"), newline="")):
        for name, text in zip(COLUMNS, row, strict=True):
            dangerous = text.startswith(("=", "+", "-", "@", "\t", "\r"))
            assert not dangerous or (name in ("latitude", "longitude") and float(text) <= 0)


@settings(max_examples=60, deadline=None)
@given(
    st.binary(max_size=60)
    | st.text(max_size=60).map(str.encode)
    | st.text('",;\n\t id=name{}[]', max_size=60).map(str.encode)
)
def test_no_file_raises_anything_but_its_reason(data: bytes) -> None:
    for start in (b"", b"id,name\r\n", b'[{"id": "1", "name": "x"},', b"\xff\xfe", b"\xff\xfe[\x00"):
        with suppress(UnreadableSheet):
            rows_of(start + data)


@pytest.mark.parametrize(
    ("column", "text"),
    [
        ("start", "7:00 PM"),
        ("start", "19:00:00"),
        ("postal_code", "2134"),
        ("passcode", "123"),
        ("dial_in", "15550100"),
        ("dial_in", "+15550100"),
        ("join_id", "5.55E+09"),
        ("join_id", "5,5501E+09"),
        ("latitude", "39.73924"),
        ("longitude", "-104,990251"),
        ("in_person", "TRUE"),
        ("venue", " St. Mark's Hall"),
        ("notes", 'Use the side door.\r\nAsk for "Sam".'),
        ("tags", "wheelchair,open"),
        ("id", f" {id_text(NIGHT.id).upper()} "),
    ],
)
def test_what_a_program_rewrote_is_no_change(column: str, text: str) -> None:
    rows = saved(NIGHT)
    rows[0][column] = text
    assert judged(written(rows).encode()) is None


@pytest.mark.parametrize(
    ("column", "text", "value"),
    [
        ("start", "7:30", 450),
        ("weekday", "thursday", 4),
        ("postal_code", "02135", "02135"),
        ("join_id", "5550100124", "5550100124"),
        ("notes", "", ""),
        ("duration", "", None),
        ("venue", "'=Hall", "=Hall"),
        ("latitude", "39.8", 39.8),
        ("languages", "en", ("en",)),
    ],
)
def test_what_a_person_changed_is_found(column: str, text: str, value: object) -> None:
    rows = saved(NIGHT)
    rows[0][column] = text
    found = judged(written(rows, delimiter=";").encode("cp1252"))
    assert isinstance(found, Changed)
    assert (found.after, found.outdated) == ({column: value}, False)
    assert found.before == {column: getattr(NIGHT, column)}


def test_columns_may_come_in_any_order_and_case_and_some_may_be_missing() -> None:
    data = f"Start Time Notes,NAME,Id,start,,\r\nx,Night Lamp,{id_text(NIGHT.id)},20:00,,\r\n,,,,,\r\n"
    table = files.opened(data.encode())
    assert table.unknown == ("Start Time Notes",)
    [row] = table.rows()
    found = bulk.compared(row, NIGHT)
    assert isinstance(found, Changed)
    assert found.after == {"start": 1200}


def test_a_row_that_was_cut_off_does_not_empty_the_fields_it_lost() -> None:
    short = f"id,name,notes\r\n{id_text(NIGHT.id)},Night\r\n".encode()
    assert judged(short) == [Refused(2, "too_few_cells")]
    assert isinstance(judged(short, replace(NIGHT, notes="")), Changed)


def test_a_meeting_that_changed_since_the_export_is_told_from_one_that_did_not() -> None:
    rows = saved(NIGHT)
    rows[0]["start"] = "20:00"
    data = written(rows).encode()
    later = judged(data, replace(NIGHT, venue="Town Hall"))
    assert isinstance(later, Changed)
    assert later.outdated
    assert set(later.after) == {"start", "venue"}


def test_what_is_wrong_with_a_row_is_told_by_column_and_reason() -> None:
    rows = saved(NIGHT)
    rows[0] |= {"start": "25:99", "latitude": "north", "dial_in": "call Sam"}
    found = judged(written(rows).encode())
    assert {(one.line, one.column) for one in found} == {(2, "start"), (2, "latitude"), (2, "dial_in")}
    rows[0] = saved(NIGHT)[0] | {"join_id": "7.77E+10"}
    assert [one.reason for one in judged(written(rows).encode())] == ["number_shortened"]


def test_a_quote_that_nobody_closed_costs_its_own_row_alone() -> None:
    others = [replace(NIGHT, id=number, name=f"Group {number}") for number in range(1, 6)]
    lines = exported(*others).decode().splitlines(keepends=True)
    plain = [
        line for line in exported(*(replace(one, notes="") for one in others)).decode().splitlines(keepends=True)
    ]
    plain[2] = plain[2].replace("St. Mark", '"St. Mark')
    plain[2] = plain[2].replace(',"St. Mark', ',"St, Mark')
    found = rows_of("".join(plain).encode())
    assert [row.line for row in found] == [2, 3, 4, 5, 6]
    assert [row.broken for row in found] == ["", "open_quote", "", "", ""]
    assert len(lines) == 11


def test_more_cells_than_columns_are_not_guessed_at() -> None:
    [row] = rows_of(b"id,name\r\n,A,B\r\n")
    assert row.broken == "too_many_cells"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("00000000000012", 18),
        ("12", 18),
        ("", None),
        ("1.2E+13", "id_as_number"),
        ("1E13", "id_as_number"),
        ("new", "no_id"),
    ],
)
def test_an_id_that_a_program_spoiled_is_told_as_that(text: str, expected: object) -> None:
    try:
        found: object = bulk.identity(text)
    except BadField as bad:
        found = bad.reason
    assert found == expected


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "empty"),
        (b" \r\n", "empty"),
        (b"\xef\xbb\xbf", "empty"),
        (b"PK\x03\x04rest", "broken_workbook"),
        (b"\xd0\xcf\x11\xe0rest", "spreadsheet"),
        (b"\x1f\x8brest", "packed"),
        (b"%PDF-1.7", "not_a_sheet"),
        (b"a\x00b", "not_a_sheet"),
        (b"<!doctype html><p>Sign in", "web_page"),
        (b"When,Where\r\nMonday,Hall\r\n", "no_header"),
        (b"[]", "empty"),
        (b'[{"id": 1', "broken_json"),
        (b'{"error": "x"}', "no_header"),
        (b"[[[[", "broken_json"),
        (b"[1]", "no_header"),
        (b'{"values": 7}', "broken_json"),
        (b"id,name\r\n" + b'"x\r\n' * 300, "open_quotes"),
    ],
)
def test_a_file_that_is_none_says_what_it_is(data: bytes, reason: str) -> None:
    with pytest.raises(UnreadableSheet) as error:
        rows_of(data)
    assert error.value.reason == reason


def test_a_sheet_in_json_is_read_in_each_of_its_shapes() -> None:
    [row] = (bulk.values_of(NIGHT),)
    shapes = (
        [dict(zip(COLUMNS, row, strict=True))],
        {"meetings": [dict(zip(COLUMNS, row, strict=True))]},
        {"values": [list(COLUMNS), row, ["", ""]]},
    )
    for shape in shapes:
        assert judged(json.dumps(shape).encode()) is None
    typed = {"Id": row[0], "duration": 90, "online": True, "venue": None, "tags": ["open"]}
    found = judged(json.dumps([typed]).encode())
    assert found.after == {"duration": 90, "venue": "", "tags": frozenset({"open"})}
    [broken] = rows_of(b'[{"id": "1", "name": "x"}, 7]')[1:]
    assert broken.broken == "not_a_row"


def test_a_row_without_an_id_is_a_new_meeting() -> None:
    [row] = rows_of(b"id,name,weekday,start\r\n,New Door,Friday,18:00\r\n")
    assert bulk.proposed(row) == Added(2, {"name": "New Door", "weekday": 5, "start": 1080})
    [row] = rows_of(b"name,weekday\r\nNew Door,Someday\r\n")
    [refused] = bulk.proposed(row)  # type: ignore[misc]
    assert (refused.line, refused.column) == (2, "weekday")


@pytest.mark.parametrize(
    ("copied", "asked"),
    [
        ("https://lists.example.org/m.csv", "https://lists.example.org/m.csv"),
        (
            "https://docs.google.com/spreadsheets/d/1AbC/edit?usp=sharing#gid=7",
            "https://docs.google.com/spreadsheets/d/1AbC/export?format=csv&gid=7",
        ),
        (
            "https://docs.google.com/spreadsheets/d/e/2PACX-x/pubhtml?gid=0&single=true",
            "https://docs.google.com/spreadsheets/d/e/2PACX-x/pub?output=csv&gid=0&single=true",
        ),
        ("http://lists.example.org/m.csv", ""),
        ("ftp://x", ""),
        ("see https://x.example.org", ""),
        ("", ""),
    ],
)
def test_the_address_that_people_copy_leads_to_the_cells(copied: str, asked: str) -> None:
    assert files.sheet_address(copied) == asked


def test_a_version_is_nothing_a_program_would_rewrite() -> None:
    found = {bulk.version(replace(NIGHT, start=minute)) for minute in range(1440)}
    assert len(found) == 1440
    assert all(text.isalpha() and not set(text) & set("aeiou") for text in found)


def test_the_columns_are_those_of_a_form() -> None:
    assert list(COLUMNS) == ["id", "feed", "version", *FIELDS]
