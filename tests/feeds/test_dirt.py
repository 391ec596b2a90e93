"""Each kind of dirt that was measured in real lists, by name, with the row that shows it and what becomes of it.

Variants of the same dirt stand in the tests of their own part of the row; this table is what to look a dirt up in.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import pytest

from bot.domain.errors import FeedError
from bot.domain.meeting import Status
from bot.domain.report import FeedResult
from bot.feeds.registry import READERS
from tests.feeds.rows import bmlt_row, locate, online_row, read, read_bmlt, row, source

ZOOM = "https://zoom.us/j/5550100123"
BARE: dict[str, Any] = {"latitude": None, "longitude": None}
ONLINE, ROOM, NOWHERE = (False, True), (True, False), (False, False)


@dataclass(frozen=True)
class Case:
    """A row and what is expected: fields of the one meeting, `attends` (in person, online), notes; or a complaint."""

    row: Mapping[str, Any]
    expected: Mapping[str, Any] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    refused: str = ""
    options: Mapping[str, Any] = field(default_factory=dict)

    def result(self) -> FeedResult:
        """What the row's own format makes of it."""
        reader = read_bmlt if "id_bigint" in self.row else read
        return reader(self.row, **self.options)


DIRT: dict[str, Case] = {
    "day as text": Case(row(day="3"), {"weekday": 3}),
    "day by name": Case(row(day="jeudi"), {"weekday": 4}),
    "day as an array": Case(row(day=["6"]), {"weekday": 6}),
    "day counted from 1 to 7 in a format that counts from 0": Case(row(day=7), refused="day_not_understood"),
    "day counted from 1 as the format says": Case(bmlt_row(weekday_tinyint="1"), {"weekday": 7}),
    "day missing": Case(row(day=None), refused="no_day"),
    "day and time missing: by appointment": Case(
        row(day=None, time=None), {"weekday": None, "start": None, "status": Status.BY_APPOINTMENT}
    ),
    "12-hour time": Case(row(time="6:30 PM", end_time="7:30 PM"), {"start": 1110, "duration": 60}),
    "time with seconds": Case(row(time="06:30:00"), {"start": 390}),
    "noon by name": Case(row(time="Noon", end_time=None), {"start": 720}),
    "00:00": Case(row(time="00:00", end_time="01:00"), {"start": 0, "duration": 60, "weekday": 1}),
    "23:59 for midnight": Case(
        row(time="23:59", end_time=None), {"start": 1439, "weekday": 1}, notes=("midnight_as_2359",)
    ),
    "24:00 for midnight": Case(
        row(time="24:00:00", end_time=None), {"start": 0, "weekday": 2}, notes=("midnight_as_2400",)
    ),
    "overnight": Case(row(time="23:30", end_time="00:30"), {"duration": 60, "weekday": 1}),
    "overnight in BMLT": Case(bmlt_row(start_time="23:00:00"), {"start": 1380, "duration": 90}),
    "round the clock, 00:00 to 23:59": Case(
        row(name="24 Hour Meeting", time="00:00", end_time="23:59"),
        {"duration": 1440, "tags": {"open", "round_the_clock"}},
    ),
    "round the clock, 24:00:00": Case(
        bmlt_row(duration_time="24:00:00"), {"duration": 1440, "duration_assumed": False}
    ),
    "absurd length": Case(
        bmlt_row(meeting_name="Nooner", start_time="20:30:00", duration_time="12:00:00"),
        {"duration": 720},
        notes=("long_meeting",),
    ),
    "no length": Case(bmlt_row(duration_time="00:00:00"), {"duration": 60, "duration_assumed": True}),
    "no coordinates": Case(
        row(**BARE), {"latitude": None, "in_person": True}, ("no_coordinates",), options={"zone": "America/Denver"}
    ),
    "no coordinates, in a town that is known": Case(
        row(**BARE), {"latitude": 39.74, "zone": "America/Denver"}, ("placed_by_town",), options={"locate": locate}
    ),
    "a dash for coordinates": Case(
        row(latitude="-", longitude="-"), {"latitude": None}, options={"zone": "America/Denver"}
    ),
    "approximate address": Case(
        online_row(approximate="yes"), {"approximate": True, "attends": ONLINE, "address": ""}
    ),
    "approximate address and no way in": Case(
        row(formatted_address="Denver, CO, USA", location=None), {"attends": NOWHERE}, notes=("area_only",)
    ),
    "types as one text in brackets": Case(row(types="[open]"), {"tags": {"open"}}),
    "types in brackets inside an array": Case(row(types=["[open]"]), {"tags": {"open"}}),
    "types in small letters": Case(online_row(types=["onl", "o"]), {"tags": {"open"}, "attends": ONLINE}),
    "types by full name": Case(row(types=["Big Book", "Mujeres"]), {"tags": {"big_book", "women"}}),
    "types as an object, as PHP writes an array with a gap": Case(
        row(types={"0": "O", "2": "M"}), {"tags": {"open", "men"}}
    ),
    "open and closed": Case(row(types=["O", "C"]), {"tags": {"closed"}}, notes=("open_and_closed",)),
    "unknown type": Case(row(types=["O", "QQQ"]), {"tags": {"open"}}, notes=("unknown_type",)),
    "no format at all": Case(bmlt_row(formats=""), {"tags": frozenset()}),
    "TC without a link": Case(row(types=["TC"]), {"attends": NOWHERE, "status": Status.SUSPENDED}),
    "TC with a link": Case(
        row(types=["TC"], conference_url=ZOOM), {"attends": ONLINE, "status": Status.ONLINE_FOR_NOW}
    ),
    "(SUSPENDED) in the name": Case(
        row(name="(SUSPENDED) Early Birds"),
        {"name": "Early Birds", "status": Status.SUSPENDED},
        notes=("suspended_by_name",),
    ),
    "temporarily closed in the text": Case(
        row(notes="The hall is temporarily closed."), {"check_date": True}, notes=("says_paused",)
    ),
    "no longer meeting in the text": Case(row(notes="We no longer meet on Mondays."), {"check_date": True}),
    "Http:// in capitals": Case(online_row(conference_url="Http://zoom.us/j/5550100123"), {"join_url": ZOOM}),
    "a host with a dot left out": Case(
        online_row(conference_url="https://us04web.zoomus/j/5550100123"), {"join_url": ""}, notes=("link_not_known",)
    ),
    "a host that only looks alike": Case(online_row(conference_url="https://us04web.us/meeting/1"), {"join_url": ""}),
    "a shortener": Case(online_row(conference_url="https://tinyurl.com/abc"), {"join_url": ""}),
    "a page of a group": Case(
        online_row(conference_url="https://sites.google.com/view/x"),
        {"join_url": "", "join_notes": "https://sites.google.com/view/x"},
    ),
    "a sentence for a link": Case(
        online_row(conference_url="Contact the office for zoom info"), {"join_url": "", "online": True}
    ),
    "a link to register": Case(
        online_row(conference_url="Register to receive: https://zoom.us/meeting/register/abc"),
        {"join_url": "https://zoom.us/meeting/register/abc"},
    ),
    "a link with #success": Case(online_row(conference_url=ZOOM + "#success"), {"join_url": ZOOM}),
    "a space inside the meeting number": Case(
        online_row(conference_url="https://zoom.us/j/555 0100 123"), {"join_url": ZOOM}, notes=("link_mended",)
    ),
    "telephone only": Case(
        online_row(conference_url=None, conference_phone="+1 (646) 555-0100"),
        {"attends": ONLINE, "dial_in": "+16465550100", "join_url": ""},
    ),
    "junk for a telephone": Case(row(conference_phone="+11"), {"attends": ROOM, "dial_in": ""}),
    "number and password for a telephone": Case(
        online_row(conference_url=None, conference_phone="ID: 555 010 012 Password: serenity"),
        {"dial_in": "", "dial_in_notes": "ID: 555 010 012 Password: serenity"},
        notes=("dial_in_not_understood",),
    ),
    "passcode and number in the text": Case(
        online_row(conference_url=None, notes="Meeting ID: 555 0100 123\nPassword: letme\nAll welcome."),
        {"join_id": "5550100123", "passcode": "letme", "notes": "All welcome."},
    ),
    "monthly in the text": Case(
        row(notes="Meets the 1st Friday only"), {"check_date": True}, notes=("special_dates",)
    ),
    "monthly in the text, in Spanish": Case(row(notes="Solo el último domingo"), {"check_date": True}),
    "HTML and entities": Case(row(notes="Ring &amp;amp; wait<br>2nd floor"), {"notes": "Ring & wait\n2nd floor"}),
    "zone only in the name, as letters that several zones share": Case(
        online_row(name="Morning (EST)", **BARE), refused="no_zone"
    ),
    "zone in the name, with the same time": Case(
        online_row(name="Readings, 7pm Eastern", **BARE), {"zone": "America/New_York"}, notes=("zone_from_name",)
    ),
    "a text that contradicts the zone column": Case(
        online_row(timezone="America/Sao_Paulo", notes="Fuso horário: GMT -4"), {"zone": "America/Sao_Paulo"}
    ),
    "country spelt in its own way": Case(
        row(formatted_address=None, address="1 Example St", city="Denver", state="CO", country="U.S.A"),
        {"country": "US"},
    ),
    "no country": Case(bmlt_row(location_nation=""), {"country": "US"}),
    "no date of change": Case(row(updated=None), {"updated": None}),
    "American date of change": Case(
        row(updated="8/16/2021 7:25:34 AM"), {"updated": datetime(2021, 8, 16, 7, 25, 34, tzinfo=UTC)}
    ),
    "a piece of a web page for a name": Case(row(name="time:"), {"name": "Example Hall"}, notes=("name_made",)),
    "an e-mail address for a name": Case(row(name="person@example.org"), {"name": "Example Hall"}),
    "a piece of a web page for a row": Case(
        {"name": "About Wordfence", "slug": "about", "day": None}, refused="no_place_and_no_link"
    ),
    "a day for a town": Case(
        row(formatted_address=None, address="1 Example St", city="Sunday", state="CO"),
        {"city": ""},
        notes=("town_left_out",),
    ),
}


@pytest.mark.parametrize("dirt", DIRT)
def test_dirt_becomes_a_meeting_with_a_note_or_a_complaint(dirt: str) -> None:
    case = DIRT[dirt]
    result = case.result()
    assert result.complaints == ({case.refused: 1} if case.refused else {})
    assert set(case.notes) <= result.notes.keys()
    for meeting in result.meetings:
        found = {name: getattr(meeting, name) for name in case.expected if name != "attends"}
        if "attends" in case.expected:
            found["attends"] = (meeting.in_person, meeting.online)
        assert found == case.expected
    assert len(result.meetings) == (not case.refused)


# Dirt that no single row shows.


def test_dirt_the_same_meeting_twice_with_its_key_is_taken_once() -> None:
    assert read(row(), row()).complaints == {"duplicate": 1}


def test_dirt_an_export_date_on_every_row_is_no_freshness() -> None:
    result = read(*[row(slug=str(number), updated="2023-08-22 21:56:56") for number in range(30)])
    assert {meeting.updated for meeting in result.meetings} == {None}


def test_dirt_delimiters_without_quotes_cost_only_their_row() -> None:
    data = b"Name;Day;Time;Address\nA;Monday;7:00 PM;1 St; rear; Denver\nB;Monday;8:00 PM;2 St, Denver\n"
    result = READERS["csv"](data, source(zone="America/Denver"))
    assert (result.taken, result.complaints) == (1, {"cells_left_over": 1})


@pytest.mark.parametrize("data", [b'[{"name": "A", ]', b"<html><title>Just a moment...</title>"])
def test_dirt_a_broken_container_or_a_challenge_page_changes_nothing(data: bytes) -> None:
    with pytest.raises(FeedError):
        READERS["meeting_guide"](data, source())
