"""Published sheets and CSV exports: columns by plain names, and rows whose cells cannot be trusted."""

import csv
import io
import json
from typing import Any

import pytest

from bot.domain.errors import FeedError
from bot.domain.meeting import Meeting
from bot.domain.report import FeedResult
from bot.feeds import sheets
from bot.feeds.registry import READERS
from tests.feeds.rows import bmlt_row, row, source

ADDRESS = "12 Example St, Denver, CO 80202, USA"
HEADER = ("Name", "Day", "Time", "End Time", "Types", "Location", "Address", "Notes", "Slug")
LINE = ("Early Birds", "Monday", "7:00 PM", "8:00 PM", "Open", "Example Hall", ADDRESS, "", "early-birds")


def sheet(*lines: tuple[str, ...], header: tuple[str, ...] = HEADER, delimiter: str = ",") -> bytes:
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter, lineterminator="\r\n").writerows([header, *lines])
    return text.getvalue().encode()


def read(data: bytes | str, **overrides: Any) -> FeedResult:
    given = data if isinstance(data, bytes) else data.encode()
    return READERS["csv"](given, source(**{"zone": "America/Denver"} | overrides))


def line(**cells: str) -> bytes:
    """A sheet with one line; keywords are columns, blanks written as `_`."""
    given = dict(zip(HEADER, LINE, strict=True)) | {name.replace("_", " "): cell for name, cell in cells.items()}
    return sheet(tuple(given.values()), header=tuple(given))


def one(data: bytes | str, **overrides: Any) -> Meeting:
    result = read(data, **overrides)
    assert not result.complaints
    (meeting,) = result.meetings
    return meeting


def refusal(data: bytes | str, form: str = "csv") -> str:
    with pytest.raises(FeedError) as told:
        READERS[form](data if isinstance(data, bytes) else data.encode(), source())
    return str(told.value)


# --- columns --------------------------------------------------------------------------------------------------------


def test_a_line_of_a_sheet_becomes_a_meeting() -> None:
    meeting = one(sheet(LINE))
    assert (meeting.name, meeting.weekday, meeting.start, meeting.duration) == ("Early Birds", 1, 1140, 60)
    assert (meeting.venue, meeting.city, meeting.postal_code, meeting.country) == (
        "Example Hall",
        "Denver",
        "80202",
        "US",
    )
    assert meeting.key == "early-birds"
    assert meeting.tags == {"open"}


def test_columns_stand_in_any_order() -> None:
    turned = sheet(tuple(reversed(LINE)), header=tuple(reversed(HEADER)))
    assert one(turned) == one(sheet(LINE))


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_commas_semicolons_and_tabs_are_told_apart(delimiter: str) -> None:
    assert one(sheet(LINE, delimiter=delimiter)) == one(sheet(LINE))
    assert one(f"sep={delimiter}\r\n".encode() + sheet(LINE, delimiter=delimiter)) == one(sheet(LINE))


@pytest.mark.parametrize(
    ("column", "cell", "field", "value"),
    [
        ("Conference URL", "https://zoom.us/j/5550100123", "join_url", "https://zoom.us/j/5550100123"),
        ("CONFERENCE_PHONE", "+16465550100", "dial_in", "+16465550100"),
        ("Conference URL Notes", "Passcode: letme", "passcode", ""),
        ("Full Address", ADDRESS, "address", "12 Example St, Denver, CO 80202"),
        ("Group", "Example Group", "group", "Example Group"),
        ("Website", "https://group.example.org", "contact", "https://group.example.org"),
        ("Website 2", "https://other.example.org", "contact", "https://other.example.org"),
        ("Updated", "12/31/2022", "updated", None),
        ("Time Zone", "America/Chicago", "zone", "America/Chicago"),
        ("Approximate", "yes", "approximate", True),
        ("Attendance Option", "In Person", "in_person", True),
        ("Attendance Option", "Inactive", "in_person", False),
    ],
)
def test_a_column_is_known_by_its_plain_name(column: str, cell: str, field: str, value: object) -> None:
    found = getattr(one(line(**{column: cell})), field)
    assert found == value if value is not None else found.year == 2022


def test_other_names_of_a_column_are_taken() -> None:
    header = ("Meeting", "Day", "Start Time", "Location Name", "Address", "City", "State", "Zip", "ID")
    cells = ("Early Birds", "Monday", "19:00", "Example Hall", "12 Example St", "Denver", "CO", "80202", "41")
    meeting = one(sheet(cells, header=header))
    assert (meeting.name, meeting.start, meeting.venue, meeting.key) == ("Early Birds", 1140, "Example Hall", "41")
    assert (meeting.address, meeting.postal_code) == ("12 Example St, Denver, CO 80202", "80202")


@pytest.mark.parametrize(
    ("written", "weekday"),
    [
        ("Monday", 1),
        ("martes", 2),
        ("Mercredi", 3),
        ("木曜日", 4),
        ("piatok", 5),
        ("lördag", 6),
        ("Sunday", 7),
        ("0", 7),
    ],
)
def test_days_are_read_by_name_in_six_languages(written: str, weekday: int) -> None:
    assert one(line(Day=written)).weekday == weekday


def test_a_seven_is_no_day() -> None:
    assert read(line(Day="7")).complaints == {"day_not_understood": 1}


@pytest.mark.parametrize("written", ["Open, Women", "O,W", "Abierta, Mujeres", "オープン, 女性", '["O", "Women"]'])
def test_types_are_names_or_codes_between_commas(written: str) -> None:
    assert one(line(Types=written)).tags == {"open", "women"}


def test_a_closed_room_is_told_by_its_full_name() -> None:
    meeting = one(line(Types="Online Meeting, Temporary Closure", Conference_URL="https://zoom.us/j/5550100123"))
    assert (meeting.in_person, meeting.online) == (False, True)


def test_the_narrowest_region_stands_for_a_town_that_is_missing() -> None:
    assert one(line(Address="", Region="Colorado > Denver > Capitol Hill")).city == "Capitol Hill"
    assert one(line(Address="", Regions="Colorado > Denver")).city == "Denver"


@pytest.mark.parametrize("cell", ["#N/A", "#REF!", '""', "  "])
def test_an_empty_cell_is_empty_however_the_sheet_shows_it(cell: str) -> None:
    assert one(line(Notes=cell)).notes == ""


def test_quotes_around_every_text_are_taken_off() -> None:
    assert one(line(Name='"Early Birds"')).name == "Early Birds"


def test_contacts_and_calls_for_money_are_never_read() -> None:
    hidden = {"Contact 1 Name": "hidden", "Contact 1 Phone": "hidden", "Email": "hidden@example.org"}
    assert "hidden" not in repr(one(line(**hidden, Venmo="@hidden", Phone="hidden", Last_Contact="hidden")))


# --- rows that cannot be trusted ------------------------------------------------------------------------------------

SHORT = "Name,Day,Time,Address,Notes\n"
GOOD = 'Good,Monday,7:00 PM,"12 Example St, Denver, CO",Bring a chair\n'


@pytest.mark.parametrize(
    ("broken", "reasons"),
    [
        ("A,Monday,7:00 PM,12 Example St, Denver, CO,Side door\n", {"cells_left_over": 1}),
        ('A,Monday,7:00 PM,"12 Example St,Side door\n', {"quote_not_closed": 1}),
        ("A,Monday,7:00 PM,12 Example St\nat the rear,Side door\n", {"cut_in_two": 2}),
        ('A,Monday,7:00 PM,1 St,"Side door\n', {"quote_not_closed": 1}),
    ],
)
def test_a_broken_row_is_refused_and_its_neighbours_are_taken(broken: str, reasons: dict[str, int]) -> None:
    result = read(SHORT + GOOD + broken + GOOD.replace("Good", "Also good"))
    assert result.complaints == reasons
    assert [meeting.name for meeting in result.meetings] == ["Good", "Also good"]
    assert result.rows == result.taken + result.refused
    assert result.examples[next(iter(reasons))][0] == "line 3"


def test_a_quote_that_is_never_closed_does_not_swallow_the_sheet() -> None:
    lines = "".join(f"Group {number},Monday,7:00 PM,Hall {number},\n" for number in range(200))
    result = read(SHORT.replace("Address", "Location") + 'A,Monday,7:00 PM,"Hall,\n' + lines)
    assert (result.taken, result.complaints) == (200, {"quote_not_closed": 1})


def test_a_text_of_several_lines_between_quotes_is_one_text() -> None:
    assert one(SHORT + 'A,Monday,7:00 PM,"12 Example St, Denver","Ring twice.\r\nSide door"\n').notes == (
        "Ring twice.\nSide door"
    )


def test_empty_lines_and_cells_that_were_left_off_at_the_end_do_no_harm() -> None:
    result = read(SHORT + "\n,,,,\n" + 'A,Monday,7:00 PM,"12 Example St, Denver"\n\n' + GOOD.replace("\n", ",,,\n"))
    assert (result.rows, result.taken) == (2, 2)


def test_rows_whose_empty_cells_were_left_off_are_not_taken_for_halves() -> None:
    result = read(sheet(*[(name, *LINE[1:6]) for name in "ABC"]))
    assert [meeting.name for meeting in result.meetings] == ["A", "B", "C"]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "latin-1"])
def test_accents_arrive_in_every_encoding(encoding: str) -> None:
    result = read(sheet(("Círculo", *LINE[1:])).decode().encode(encoding))
    assert result.meetings[0].name == "Círculo"
    assert result.notes["encoding_guessed"] == (encoding == "latin-1")


# --- rows that complete each other ----------------------------------------------------------------------------------


def test_rows_of_one_address_fill_each_others_blanks_and_the_first_wins() -> None:
    header = ("Name", "Day", "Time", "Location", "Address", "Location Notes", "Latitude", "Longitude")
    result = read(
        sheet(
            ("A", "Monday", "19:00", "", ADDRESS, "", "", ""),
            ("B", "Monday", "19:00", "Example Hall", ADDRESS, "Side door", "39.74", "-104.99"),
            ("C", "Monday", "19:00", "Example Hall", ADDRESS, "Ring twice", "", ""),
            ("D", "Monday", "19:00", "Other House", ADDRESS, "", "", ""),
            header=header,
        )
    )
    first, second, third, other = result.meetings
    assert (first.venue, first.directions, first.latitude) == ("Example Hall", "Side door", 39.74)
    assert (second.directions, third.directions, third.latitude) == ("Side door", "Ring twice", 39.74)
    assert (other.directions, other.latitude) == ("", None)
    assert result.notes["filled_from_neighbours"] == 2


def test_rows_of_one_group_share_its_page_and_its_notes() -> None:
    header = ("Name", "Day", "Time", "Address", "Group", "Website", "Group Notes", "Region")
    result = read(
        sheet(
            ("A", "Monday", "19:00", ADDRESS, "Example Group", "https://group.example.org", "All welcome", "Denver"),
            ("B", "Friday", "19:00", "9 Other St, Denver, CO", "example group", "", "", ""),
            ("C", "Friday", "19:00", "9 Third St, Boise, ID", "Example Group", "", "", "Boise"),
            header=header,
        )
    )
    assert [meeting.contact for meeting in result.meetings] == ["https://group.example.org"] * 2 + [""]
    assert [meeting.notes for meeting in result.meetings] == ["All welcome"] * 2 + [""]


def test_an_area_is_no_address_that_rows_share() -> None:
    header = ("Name", "Day", "Time", "Location", "Address")
    area = "Denver, CO, USA"
    result = read(
        sheet(("A", "Monday", "19:00", "Example Hall", area), ("B", "Monday", "19:00", "", area), header=header)
    )
    assert "filled_from_neighbours" not in result.notes


def test_an_online_row_takes_no_building_from_the_address_it_names() -> None:
    header = ("Name", "Day", "Time", "Location", "Address", "Location Notes")
    online = ("B", "Monday", "19:00", "Online", ADDRESS, "")
    result = read(sheet(("A", "Monday", "19:00", "Example Hall", ADDRESS, "Room 3"), online, header=header))
    assert result.meetings[1].directions == ""


# --- containers -----------------------------------------------------------------------------------------------------


def test_a_sheet_as_lists_of_cells_is_read_like_its_export() -> None:
    data = json.dumps({"range": "A1", "values": [HEADER, [], LINE, LINE[:6], "x", ["B", *LINE[1:], "over"]]})
    result = read(data)
    assert result.meetings[0] == one(sheet(LINE))
    assert (result.rows, result.complaints) == (4, {"not_an_object": 1, "cells_left_over": 1})


@pytest.mark.parametrize("values", [[], [HEADER], [HEADER, [], ["", None]]])
def test_a_sheet_without_rows_holds_no_meetings(values: list[Any]) -> None:
    assert refusal(json.dumps({"values": values})) == "This list holds no meetings."


@pytest.mark.parametrize(
    "data",
    [
        "Name,Place\nA,B\n",
        "text",
        "Day,Time\nMonday,19:00\n",
        "Committee,Day,Time\nA,Monday,0730\n",
        '{"values": [["Name"], ["A"]]}',
        '{"values": ["Name"]}',
        '[["Name", "Day", "Time"]]',
    ],
)
def test_a_sheet_without_the_columns_of_a_meeting_is_refused(data: str) -> None:
    assert "at least Day, Time" in refusal(data)


def test_each_reader_names_the_format_that_the_bytes_have() -> None:
    assert "--format csv" in refusal(sheet(LINE), "meeting_guide")
    assert "--format csv" in refusal(json.dumps({"values": [HEADER, LINE]}), "bmlt")
    assert "--format meeting_guide" in refusal(json.dumps({"meetings": [row()], "warnings": []}))
    assert "--format bmlt" in refusal(json.dumps([bmlt_row()]))


def test_a_cell_larger_than_any_text_costs_one_row() -> None:
    result = read(SHORT + f'A,Monday,7:00 PM,"1 St","{"x" * 200_000}"\n' + GOOD)
    assert (result.taken, result.complaints) == (1, {"quote_not_closed": 1})


def test_a_limit_on_lines_of_one_text_is_far_from_any_real_one() -> None:
    assert sheets.MOST_LINES > 30
