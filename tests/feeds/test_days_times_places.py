"""Days, times, zones and places, however a list writes them."""

from typing import Any

import pytest

from bot.domain.meeting import Status
from tests.feeds.rows import LEEDS, locate, one, online_row, read, row

SUNDAY, MONDAY = 7, 1


# --- days -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "weekday"),
    [
        (0, 7),
        (1, 1),
        (6, 6),
        ("0", 7),
        ("3", 3),
        (4.0, 4),
        ("Monday", 1),
        ("sun", 7),
        ("Thursdays", 4),
        ("miércoles", 3),
        ([5], 5),
    ],
)
def test_a_day_is_understood_however_it_is_written(day: object, weekday: int) -> None:
    assert one(row(day=day)).weekday == weekday


@pytest.mark.parametrize("day", [7, "7", -1, 1.5, "x", True, {"day": 1}, [1, "x"], [[1]], "1st Monday", "M"])
def test_a_day_that_is_not_understood_is_refused_and_never_guessed(day: object) -> None:
    assert read(row(day=day)).complaints == {"day_not_understood": 1}


@pytest.mark.parametrize("days", [[1, 3, 5], ["1", "3", "5"], "Monday, Wednesday, Friday", [1, 3, 1, 5]])
def test_a_row_with_several_days_is_one_row_and_several_meetings(days: object) -> None:
    result = read(row(day=days))
    assert (result.rows, result.taken, len(result.meetings)) == (1, 1, 3)
    assert [(meeting.weekday, meeting.position) for meeting in result.meetings] == [(1, 0), (3, 1), (5, 2)]
    assert len({meeting.id for meeting in result.meetings}) == 3


@pytest.mark.parametrize("day", [None, [], "", [None]])
def test_no_day_and_no_time_is_by_appointment(day: object) -> None:
    meeting = one(row(day=day, time=None))
    assert (meeting.status, meeting.weekday, meeting.start, meeting.duration) == (
        Status.BY_APPOINTMENT,
        None,
        None,
        None,
    )


def test_a_day_without_a_time_and_a_time_without_a_day_are_refused() -> None:
    assert read(row(time=None), row(slug="b", day=None)).complaints == {"no_time": 1, "no_day": 1}


def test_a_moved_meeting_keeps_its_id() -> None:
    assert one(row(day=1, time="19:00")).id == one(row(day=4, time="07:00")).id


# --- times and lengths ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("time", "start"),
    [
        ("19:00", 1140),
        ("9:05", 545),
        ("19:00:00", 1140),
        ("6:30 PM", 1110),
        ("6:30pm", 1110),
        ("6:30 p.m.", 1110),
        ("12:00 AM", 0),
        ("12:15 PM", 735),
        ("7 PM", 1140),
        ("18h30", 1110),
        ("Noon", 720),
        ("midnight", 0),
        ("00:00", 0),
    ],
)
def test_a_time_is_understood_however_it_is_written(time: str, start: int) -> None:
    assert one(row(time=time)).start == start


@pytest.mark.parametrize(
    "time", ["25:00", "19:60", "7", "13:00 AM", "evening", 1900, True, ["19:00"], "24:30", "6:30 XM"]
)
def test_a_time_that_is_not_understood_is_refused(time: object) -> None:
    assert read(row(time=time)).complaints == {"time_not_understood": 1}


def test_a_start_one_minute_before_midnight_is_kept_and_noted() -> None:
    result = read(row(time="23:59", end_time="00:59"))
    assert (result.meetings[0].start, result.meetings[0].weekday) == (1439, MONDAY)
    assert result.notes["midnight_as_2359"] == 1


def test_twenty_four_hundred_is_the_first_minute_of_the_next_day() -> None:
    result = read(row(day=6, time="24:00", end_time="1:00"))
    assert (result.meetings[0].start, result.meetings[0].weekday) == (0, SUNDAY)
    assert result.notes["midnight_as_2400"] == 1


@pytest.mark.parametrize(
    ("start", "end", "minutes"),
    [
        ("19:00", "20:30", 90),
        ("23:30", "00:30", 60),
        ("00:00", "23:59", 1440),
        ("18:00", "18:00", 1440),
        ("23:00", "24:00", 60),
    ],
)
def test_a_meeting_lasts_to_its_end_even_over_midnight(start: str, end: str, minutes: int) -> None:
    meeting = one(row(time=start, end_time=end))
    assert (meeting.duration, meeting.duration_assumed) == (minutes, False)
    assert meeting.has_tag("round_the_clock") == (minutes == 1440)


@pytest.mark.parametrize(("end", "note"), [(None, ""), ("", ""), ("late", "end_not_understood")])
def test_a_missing_end_is_an_hour_and_marked_as_assumed(end: object, note: str) -> None:
    result = read(row(end_time=end))
    assert (result.meetings[0].duration, result.meetings[0].duration_assumed) == (60, True)
    assert result.notes[note] == bool(note)


def test_the_feed_may_know_the_usual_length_better() -> None:
    assert one(row(end_time=None), default_duration=90).duration == 90


def test_an_absurd_length_is_kept_and_noted() -> None:
    result = read(row(end_time="07:00"))
    assert result.meetings[0].duration == 720
    assert result.notes["long_meeting"] == 1


# --- zones ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("written", ["Europe/London", "europe/london"])
def test_the_rows_own_zone_comes_first(written: str) -> None:
    assert one(row(timezone=written), zone="Asia/Tokyo").zone == "Europe/London"


@pytest.mark.parametrize(
    ("written", "zone"),
    [
        ("eastern", "America/New_York"),
        ("Pacific Time", "America/Los_Angeles"),
        ("Mountain Standard Time", "America/Denver"),
    ],
)
def test_a_zone_in_words_is_understood_where_only_one_can_be_meant(written: str, zone: str) -> None:
    result = read(row(timezone=written))
    assert result.meetings[0].zone == zone
    assert result.notes["zone_mended"] == 1


@pytest.mark.parametrize("written", ["EST", "GMT -4", "../../etc/passwd", "Nowhere/Town", "posix/UTC", "local"])
def test_a_zone_that_could_be_several_gives_way_to_the_coordinates(written: str) -> None:
    result = read(row(timezone=written))
    assert result.meetings[0].zone == "America/Denver"
    assert result.notes["zone_not_understood"] == result.notes["zone_from_coordinates"] == 1


def test_coordinates_of_a_room_tell_the_zone_before_the_feed_does() -> None:
    assert one(row(), zone="America/New_York").zone == "America/Denver"


def test_an_online_meetings_coordinates_tell_less_than_the_feed() -> None:
    assert one(online_row(), zone="America/New_York").zone == "America/New_York"
    assert one(online_row()).zone == "America/Denver"


def test_a_name_that_tells_the_same_time_with_its_zone_tells_the_zone() -> None:
    result = read(online_row(name="Readings - 7pm Eastern - Online"))
    assert result.meetings[0].zone == "America/New_York"
    assert result.notes["zone_from_name"] == 1


def test_a_name_that_tells_another_time_makes_the_date_doubtful() -> None:
    result = read(row(name="Readings - 6pm Central"))
    assert result.meetings[0].zone == "America/Denver"
    assert result.meetings[0].check_date
    assert result.notes["name_says_other_time"] == 1


def test_a_row_with_no_zone_at_all_is_refused_and_never_becomes_utc() -> None:
    rows = [row(latitude=None, longitude=None), row(slug="b", latitude=10.0)]
    assert read(*rows).complaints == {"no_zone": 2}
    assert {meeting.zone for meeting in read(*rows, zone="America/Chicago").meetings} == {"America/Chicago"}


# --- places ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("latitude", "longitude"),
    [("-", "-"), ("", ""), (0, 0), (95, 10), ("north", 3), (float("1e308"), 1), (True, True), ([1], 2)],
)
def test_coordinates_that_are_no_point_on_earth_are_left_out(latitude: object, longitude: object) -> None:
    meeting = one(row(latitude=latitude, longitude=longitude), zone="America/Denver")
    assert (meeting.latitude, meeting.longitude) == (None, None)
    assert meeting.in_person


def test_coordinates_as_text_are_read() -> None:
    assert one(row(latitude="39.74", longitude=" -104.99")).latitude == 39.74


def test_two_numbers_in_one_field_are_a_point_and_four_are_an_area() -> None:
    bare = row(latitude=None, longitude=None, formatted_address=None)
    point = one(bare | {"coordinates": "39.74,-104.99"})
    assert (point.latitude, point.longitude, point.approximate) == (39.74, -104.99, False)
    box = one(bare | {"coordinates": "39.48,-105.0,40.0,-104.0", "attendance_option": "in_person"})
    assert (box.latitude, box.approximate) == (39.74, True)


@pytest.mark.parametrize(
    ("address", "parts"),
    [
        ("317 Example St, Danville, PA 17821, USA", ("Danville", "PA", "17821", "US")),
        ("12 34 Street NW, Edmonton, Alberta, T6E 4E8, Canada", ("Edmonton", "Alberta", "T6E 4E8", "CA")),
        ("8 Example Street, Edmonton, Alberta, T5R0T2, Canada", ("Edmonton", "Alberta", "T5R0T2", "CA")),
        ("125 Example Rd, London WC2H 0EW, UK", ("London", "", "WC2H 0EW", "GB")),
        ("12 Example St, Fitzroy VIC 3065, Australia", ("Fitzroy", "VIC", "3065", "AU")),
        ("12 Example St, Dublin 2, D02 XY45, Ireland", ("Dublin 2", "", "D02 XY45", "IE")),
        ("Examplestraat 3, 5212AJ Den Bosch, Netherlands", ("Den Bosch", "", "5212AJ", "NL")),
        ("325 Example St. Philadelphia, PA 19106", ("Philadelphia", "PA", "19106", "US")),
        ("217 Example Rd Devon, PA  19333 United States", ("Devon", "PA", "19333", "US")),
        ("1 Example Ave, Los Angeles, CA 90001", ("Los Angeles", "CA", "90001", "US")),
    ],
)
def test_an_address_in_one_line_is_taken_apart(address: str, parts: tuple[str, ...]) -> None:
    meeting = one(row(formatted_address=address))
    assert (meeting.city, meeting.region, meeting.postal_code, meeting.country) == parts
    assert not meeting.approximate
    assert meeting.in_person


@pytest.mark.parametrize(
    "address", ["Denver, CO, USA", "London, UK", "United States", "Sherwood Park, Alberta, T8H 1T7, Canada"]
)
def test_an_area_is_not_taken_for_an_address(address: str) -> None:
    result = read(row(formatted_address=address, location="Online"))
    meeting = result.meetings[0]
    assert (meeting.approximate, meeting.in_person, meeting.address) == (True, False, "")
    assert meeting.status is Status.SUSPENDED
    assert result.notes["area_only"] == 1


@pytest.mark.parametrize(("said", "approximate"), [("yes", True), (True, True), ("no", False), (False, False)])
def test_what_the_list_says_about_the_address_outweighs_its_shape(said: object, approximate: bool) -> None:
    assert one(row(approximate=said)).approximate is approximate


def test_separate_columns_make_the_address() -> None:
    fields: dict[str, Any] = {"address": "12 Example St @ Main", "city": "Amarillo", "state": "TX", "country": "US"}
    result = read(row(formatted_address=None, postal_code=7101, **fields))
    meeting = result.meetings[0]
    assert meeting.address == "12 Example St, Amarillo, TX 07101"
    assert (meeting.city, meeting.region, meeting.country, meeting.approximate) == ("Amarillo", "TX", "US", False)
    assert result.notes["postal_code_padded"] == 1


@pytest.mark.parametrize(
    ("spelt", "code"),
    [("USA", "US"), ("U.S.A", "US"), ("Estados Unidos", "US"), ("england", "GB"), ("México", "MX"), ("Mars", "")],
)
def test_a_country_has_one_code_however_it_is_spelt(spelt: str, code: str) -> None:
    assert one(row(formatted_address=None, address="1 Example St", city="Town", country=spelt)).country == code


def test_a_row_without_coordinates_is_put_where_its_town_is() -> None:
    bare = row(latitude=None, longitude=None, formatted_address="1 Example Rd, Leeds LS1 1AA, UK")
    result = read(bare, locate=locate)
    meeting = result.meetings[0]
    assert (meeting.latitude, meeting.longitude, meeting.zone) == (*LEEDS, "Europe/London")
    assert result.notes["placed_by_town"] == 1
    left = read(bare, zone="Europe/London")
    assert left.meetings[0].latitude is None
    assert left.notes["no_coordinates"] == 1


def test_a_district_where_the_building_should_be_gives_way_to_the_notes() -> None:
    result = read(
        row(location="District 07", district="District 07", group="District 07", location_notes="First Church")
    )
    meeting = result.meetings[0]
    assert (meeting.venue, meeting.directions, meeting.group) == ("First Church", "", "")
    assert result.notes["venue_from_notes"] == 1
