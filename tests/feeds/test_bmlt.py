"""BMLT's search results, with and without what stands beside them."""

import json
from typing import Any

import pytest

from bot.domain.errors import FeedError
from bot.domain.meeting import Status
from bot.feeds.registry import READERS
from tests.feeds.rows import bmlt_row, one_bmlt, read_bmlt, source

FORMATS = [
    {"id": "17", "key_string": "Abierta", "name_string": "Open", "world_id": "OPEN", "format_type_enum": "FC3"},
    {
        "id": "4",
        "key_string": "O",
        "name_string": "Closed to all but addicts",
        "world_id": "CLOSED",
        "format_type_enum": "O",
    },
    {"id": "46", "key_string": "FIN", "name_string": "Finnish", "world_id": "LANG", "format_type_enum": "FC3"},
    {
        "id": "49",
        "key_string": "L/R",
        "name_string": "Lithuanian/Russian",
        "world_id": "LANG",
        "format_type_enum": "FC1",
    },
    {"id": "60", "key_string": "NO", "name_string": "Norsk", "world_id": "", "format_type_enum": "LANG"},
    {"id": "38", "key_string": "Ag", "name_string": "Agnostic", "world_id": "", "format_type_enum": "FC1"},
    {"id": "52", "key_string": "ID", "name_string": "ID Required to Enter", "world_id": "", "format_type_enum": ""},
    {"id": "70", "key_string": "VM", "name_string": "Anything", "world_id": "", "format_type_enum": "FC2"},
]
BODIES = [{"id": "3", "name": "Example Area", "helpline": "646-555-0100", "url": "http://example.org/"}]


@pytest.mark.parametrize(("written", "weekday"), [("1", 7), ("2", 1), ("7", 6), (1, 7)])
def test_day_one_is_sunday(written: object, weekday: int) -> None:
    assert one_bmlt(bmlt_row(weekday_tinyint=written)).weekday == weekday


@pytest.mark.parametrize(
    ("written", "reason"),
    [("0", "day_not_understood"), ("8", "day_not_understood"), ("", "no_day"), (None, "no_day")],
)
def test_another_day_is_refused(written: object, reason: str) -> None:
    assert read_bmlt(bmlt_row(weekday_tinyint=written)).complaints == {reason: 1}


@pytest.mark.parametrize(
    ("written", "minutes", "assumed"),
    [
        ("01:30:00", 90, False),
        ("24:00:00", 1440, False),
        ("00:00:00", 75, True),
        ("", 75, True),
        ("x", 75, True),
        (None, 75, True),
    ],
)
def test_a_length_of_zero_is_the_servers_usual_one(written: object, minutes: int, assumed: bool) -> None:
    meeting = one_bmlt(bmlt_row(duration_time=written), default_duration=75)
    assert (meeting.duration, meeting.duration_assumed) == (minutes, assumed)
    assert meeting.has_tag("round_the_clock") == (minutes == 1440)


def test_a_length_nobody_gives_is_an_hour() -> None:
    assert one_bmlt(bmlt_row(duration_time="00:00:00")).duration == 60


@pytest.mark.parametrize(
    ("venue", "expected"), [("1", (True, False)), ("2", (False, True)), ("3", (True, True)), (2, (False, True))]
)
def test_the_venue_type_says_where_people_meet(venue: object, expected: tuple[bool, bool]) -> None:
    meeting = one_bmlt(bmlt_row(venue_type=venue, virtual_meeting_link="https://zoom.us/j/5550100123"))
    assert (meeting.in_person, meeting.online) == expected


@pytest.mark.parametrize(
    ("formats", "link", "expected", "status"),
    [
        ("VM", True, (True, True), Status.ACTIVE),
        ("VM,TC", True, (False, True), Status.ONLINE_FOR_NOW),
        ("HY", True, (True, True), Status.ACTIVE),
        ("TC", False, (False, False), Status.SUSPENDED),
        ("O", False, (True, False), Status.ACTIVE),
    ],
)
def test_old_servers_say_it_by_their_formats(
    formats: str, link: bool, expected: tuple[bool, bool], status: Status
) -> None:
    url = "https://zoom.us/j/5550100123" if link else ""
    meeting = one_bmlt(bmlt_row(venue_type="", formats=formats, virtual_meeting_link=url))
    assert (meeting.in_person, meeting.online) == expected
    assert meeting.status is status


def test_a_meeting_without_a_room_is_online_where_its_formats_say_so() -> None:
    bare: dict[str, Any] = {"location_text": "", "location_street": "", "venue_type": ""}
    meeting = one_bmlt(bmlt_row(formats="VM", virtual_meeting_link="https://zoom.us/j/5550100123", **bare))
    assert (meeting.in_person, meeting.online) == (False, True)


def test_where_the_server_does_not_say_link_and_address_decide() -> None:
    result = read_bmlt(bmlt_row(venue_type="", virtual_meeting_link="https://zoom.us/j/5550100123"))
    assert (result.meetings[0].in_person, result.meetings[0].online) == (True, True)
    assert result.notes["venue_guessed"] == 1


def test_unpublished_rows_are_refused() -> None:
    assert read_bmlt(bmlt_row(published="0"), bmlt_row(id_bigint="8")).complaints == {"unpublished": 1}


def test_stock_keys_are_understood_without_a_formats_file() -> None:
    assert one_bmlt(bmlt_row(formats="O,B,WC,St,ES")).tags == {"open", "newcomers", "wheelchair", "step_study"}
    assert one_bmlt(bmlt_row(formats="ES,L/R")).languages == ("es", "lt", "ru")


def test_the_servers_own_formats_outweigh_the_stock_keys() -> None:
    formats = json.dumps(FORMATS).encode()
    meeting = one_bmlt(bmlt_row(formats="O,Ag", format_shared_id_list="4,38"), formats=formats)
    assert meeting.tags == {"closed", "secular"}
    assert one_bmlt(bmlt_row(formats="O"), formats=formats).tags == {"closed"}


def test_language_formats_become_languages() -> None:
    formats = json.dumps(FORMATS).encode()
    assert one_bmlt(bmlt_row(format_shared_id_list="46,49,60"), formats=formats).languages == ("fi", "lt", "ru", "no")


def test_a_format_without_a_tag_is_told_by_its_name() -> None:
    meeting = one_bmlt(
        bmlt_row(format_shared_id_list="52", comments="Ring twice"), formats=json.dumps(FORMATS).encode()
    )
    assert meeting.notes == "Ring twice\nID Required to Enter"


def test_formats_that_stand_beside_the_meetings_are_used() -> None:
    data = json.dumps({"meetings": [bmlt_row(formats="Abierta")], "formats": FORMATS}).encode()
    result = READERS["bmlt"](data, source(fellowship="na"))
    assert result.meetings[0].tags == {"open"}


def test_an_unknown_format_is_noted_once() -> None:
    assert read_bmlt(bmlt_row(formats="O,QQ,ZZ")).notes["unknown_type"] == 1


def test_the_service_body_is_named_with_its_helpline() -> None:
    meeting = one_bmlt(bmlt_row(), service_bodies=json.dumps(BODIES).encode())
    assert (meeting.entity, meeting.entity_phone, meeting.entity_url) == (
        "Example Area",
        "646-555-0100",
        "http://example.org/",
    )
    assert one_bmlt(bmlt_row(service_body_name="Other Area")).entity == "Other Area"


def test_an_old_prompt_is_left_out() -> None:
    result = read_bmlt(
        bmlt_row(train_lines="Train Lines#@-@#Line 7", bus_lines="Bus#@-@#Bus#@-@#Line 66", location_info="Rear door")
    )
    assert result.meetings[0].directions == "Rear door\nLine 7\nLine 66"
    assert result.notes["old_prompt"] == 1


def test_contacts_are_never_read() -> None:
    fields = {f"contact_{what}_{n}": "hidden" for n in (1, 2) for what in ("name", "phone", "email")}
    assert "hidden" not in repr(one_bmlt(bmlt_row(email_contact="hidden@example.org", **fields)))


def test_the_address_names_the_borough_and_the_city_stays_searchable() -> None:
    meeting = one_bmlt(bmlt_row(location_city_subsection="Brooklyn", location_neighborhood="Bushwick"))
    assert meeting.address == "12 Example St, Brooklyn, NY 10001"
    assert (meeting.city, meeting.region, meeting.country, meeting.directions) == ("New York", "NY", "US", "Bushwick")


def test_a_country_nobody_names_follows_from_province_and_zone() -> None:
    assert one_bmlt(bmlt_row(location_nation="")).country == "US"
    assert one_bmlt(bmlt_row(location_nation="", location_province="Kent")).country == ""


def test_servers_of_an_aggregator_do_not_mix_up_their_numbers() -> None:
    result = read_bmlt(bmlt_row(root_server_id="4"), bmlt_row(root_server_id="5"), bmlt_row(root_server_id="5"))
    assert [meeting.key for meeting in result.meetings] == ["4-7", "5-7"]
    assert result.complaints == {"duplicate": 1}


def test_the_rows_zone_comes_before_its_coordinates_and_these_before_the_feeds() -> None:
    assert one_bmlt(bmlt_row(time_zone="Europe/London"), zone="Asia/Tokyo").zone == "Europe/London"
    assert one_bmlt(bmlt_row(time_zone=""), zone="Asia/Tokyo").zone == "America/New_York"
    assert one_bmlt(bmlt_row(latitude="1.0"), zone="Asia/Tokyo").zone == "Asia/Tokyo"
    assert read_bmlt(bmlt_row(latitude="1.0")).complaints == {"no_zone": 1}


def test_how_to_join_is_read_from_the_servers_fields() -> None:
    meeting = one_bmlt(
        bmlt_row(
            venue_type="2",
            virtual_meeting_link="http://zoom.us/j/5550100123",
            virtual_meeting_additional_info="Meeting ID: 555 0100 123, Passcode: letme",
            phone_meeting_number="+1 646 555 0100",
        )
    )
    assert (meeting.join_url, meeting.passcode, meeting.dial_in) == (
        "https://zoom.us/j/5550100123",
        "letme",
        "+16465550100",
    )
    assert meeting.join_id == "5550100123"


# --- what stands beside the meetings --------------------------------------------------------------------------------

TREE = [
    {"id": "1", "parent_id": "0", "name": "Example Region", "helpline": "646-555-0100", "type": "RS"},
    {"id": "3", "parent_id": "1", "name": "Example Area", "helpline": "yap->3", "url": "https://area.example.org"},
    {"id": "4", "parent_id": "3", "name": "Example Group", "helpline": ""},
    {"id": "5", "parent_id": "6", "name": "Round", "helpline": ""},
    {"id": "6", "parent_id": "5", "name": "And round", "helpline": ""},
    {"id": "8", "parent_id": "1", "name": "Second Area", "helpline": "646-555-0101"},
]


@pytest.mark.parametrize(
    ("body", "name", "number"),
    [
        ("3", "Example Area", "646-555-0100"),
        ("4", "Example Group", "646-555-0100"),
        ("8", "Second Area", "646-555-0101"),
        ("5", "Round", ""),
        ("9", "", ""),
    ],
)
def test_a_body_without_a_helpline_has_the_one_of_the_region_above_it(body: str, name: str, number: str) -> None:
    meeting = one_bmlt(bmlt_row(service_body_bigint=body), service_bodies=json.dumps(TREE).encode())
    assert (meeting.entity, meeting.entity_phone) == (name, number)


@pytest.mark.parametrize(
    ("info", "minutes"),
    [
        ([{"version": "4.2.6", "defaultDuration": "01:30"}], 90),
        ({"defaultDuration": "01:15:00"}, 75),
        ([{"defaultDuration": "00:00"}], 60),
        ([{"defaultDuration": 90}], 60),
        ([], 60),
        ("text", 60),
    ],
)
def test_the_server_tells_the_length_that_a_meeting_does_not(info: Any, minutes: int) -> None:
    meeting = one_bmlt(bmlt_row(duration_time="00:00:00"), server_info=json.dumps(info).encode())
    assert (meeting.duration, meeting.duration_assumed) == (minutes, True)


def test_a_length_that_the_operator_sets_comes_before_the_servers() -> None:
    info = json.dumps([{"defaultDuration": "01:30"}]).encode()
    assert one_bmlt(bmlt_row(duration_time=""), server_info=info, default_duration=45).duration == 45


@pytest.mark.parametrize("beside", ["server_info", "service_bodies"])
def test_a_file_that_stands_beside_and_is_broken_is_named(beside: str) -> None:
    with pytest.raises(FeedError, match=beside.replace("_", " ")):
        read_bmlt(bmlt_row(), **{beside: b"<html>"})
