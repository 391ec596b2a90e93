"""Attendance, keys and texts, however a list writes them."""

from datetime import UTC, datetime

import pytest

from bot.domain.meeting import Status
from tests.feeds.rows import one, online_row, read, row

# --- attendance -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("option", "expected"),
    [("in_person", (True, False)), ("hybrid", (True, True)), ("online", (False, True)), ("inactive", (False, False))],
)
def test_what_the_list_says_about_attendance_holds(option: str, expected: tuple[bool, bool]) -> None:
    meeting = one(row(attendance_option=option))
    assert (meeting.in_person, meeting.online) == expected
    assert (meeting.status is Status.SUSPENDED) == (option == "inactive")


def test_a_shut_room_with_a_link_goes_on_online() -> None:
    meeting = one(row(types=["TC"], conference_url="https://zoom.us/j/5550100123"))
    assert (meeting.in_person, meeting.online, meeting.status) == (False, True, Status.ONLINE_FOR_NOW)


def test_a_shut_room_without_a_link_is_suspended() -> None:
    meeting = one(row(types=["TC", "O"]))
    assert (meeting.in_person, meeting.online, meeting.status) == (False, False, Status.SUSPENDED)


def test_a_room_with_a_link_is_both() -> None:
    meeting = one(row(conference_url="https://zoom.us/j/5550100123"))
    assert (meeting.in_person, meeting.online, meeting.status) == (True, True, Status.ACTIVE)


@pytest.mark.parametrize("name", ["(SUSPENDED) Early Birds", "[Suspended] Early Birds", "SUSPENDED - Early Birds"])
def test_a_name_that_says_suspended_suspends_and_loses_the_word(name: str) -> None:
    meeting = one(row(name=name))
    assert (meeting.name, meeting.status, meeting.in_person) == ("Early Birds", Status.SUSPENDED, False)


def test_a_suspended_room_whose_name_says_online_goes_on_online() -> None:
    meeting = one(row(name="(SUSPENDED) Early Birds (ONLINE)", conference_url="https://zoom.us/j/5550100123"))
    assert (meeting.name, meeting.status) == ("Early Birds (ONLINE)", Status.ONLINE_FOR_NOW)
    assert (meeting.in_person, meeting.online) == (False, True)


@pytest.mark.parametrize(("name", "in_person"), [("Book (ONLINE)", False), ("Book - Active and (ONLINE)", True)])
def test_nobody_is_sent_to_the_office_of_a_meeting_that_is_online_only(name: str, in_person: bool) -> None:
    assert one(row(name=name, conference_url="https://zoom.us/j/5550100123")).in_person is in_person


def test_an_online_meeting_without_a_way_in_is_kept_and_noted() -> None:
    result = read(online_row(conference_url=None))
    assert result.meetings[0].online
    assert result.notes["no_way_in"] == 1


def test_a_row_that_says_nothing_about_where_is_refused() -> None:
    nowhere = row(location=None, formatted_address=None, latitude=None, longitude=None, timezone="America/Denver")
    assert read(nowhere).complaints == {"no_place_and_no_link": 1}


# --- keys, names, dates of change -----------------------------------------------------------------------------------


def test_the_same_meeting_again_is_refused_and_another_with_its_key_is_taken() -> None:
    result = read(row(), row(), row(day=3), row(day=5))
    assert result.complaints == {"duplicate": 1}
    assert [meeting.key for meeting in result.meetings] == ["early-birds", "early-birds~2", "early-birds~3"]
    assert result.notes["repeated_key"] == 2
    assert len({meeting.id for meeting in result.meetings}) == 3


def test_a_row_without_a_key_gets_one_from_name_and_place() -> None:
    result = read(row(slug=None))
    again = read(row(slug=None, day=5))
    assert result.notes["no_key"] == 1
    assert result.meetings[0].id == again.meetings[0].id


def test_a_number_is_a_key_too() -> None:
    assert one(row(slug=17)).key == "17"
    assert one(row(slug=None, id=18)).key == "18"


@pytest.mark.parametrize(("field", "value"), [("post_name", "hall-1"), ("ID", 19), ("id", 18)])
def test_a_row_without_a_slug_has_the_key_that_the_plugin_would_take(field: str, value: object) -> None:
    assert one(row(slug=None, **{field: value})).key == str(value)


def test_a_title_is_a_name_too() -> None:
    assert one(row(name=None, title="Early Birds")).name == "Early Birds"


def test_the_narrowest_region_stands_for_a_town_that_is_missing() -> None:
    bare = row(formatted_address=None, region="Colorado", sub_region="Denver")
    assert one(bare).city == "Denver"
    assert one(bare | {"sub_sub_region": "Capitol Hill"}).city == "Capitol Hill"
    assert one(row(formatted_address=None, regions=["Colorado", "Boulder", None])).city == "Boulder"
    assert one(row(formatted_address=None, region=["Colorado", "Golden"])).city == "Golden"


@pytest.mark.parametrize("option", ["In Person", "in-person", " IN_PERSON "])
def test_attendance_is_understood_however_it_is_spelt(option: str) -> None:
    meeting = one(row(attendance_option=option, conference_url="https://zoom.us/j/5550100123"))
    assert (meeting.in_person, meeting.online) == (True, False)


def test_a_nameless_row_is_called_by_its_group_or_place() -> None:
    result = read(row(name="", group="Example Group"), row(slug="b", name="person@example.org"))
    assert [meeting.name for meeting in result.meetings] == ["Example Group", "Example Hall"]
    assert result.notes["name_made"] == 2


@pytest.mark.parametrize(
    ("written", "moment"),
    [
        ("2023-08-22 21:56:56", datetime(2023, 8, 22, 21, 56, 56, tzinfo=UTC)),
        ("8/16/2021 7:25:34 AM", datetime(2021, 8, 16, 7, 25, 34, tzinfo=UTC)),
        ("12/31/2022", datetime(2022, 12, 31, tzinfo=UTC)),
        ("2999-01-01 00:00:00", None),
        ("1823-88-27", None),
        ("0001-01-01 00:00:00+14:00", None),
        (20230822, None),
        ("yesterday", None),
    ],
)
def test_the_moment_of_change_is_read_and_the_future_is_not_believed(
    written: object, moment: datetime | None
) -> None:
    assert one(row(updated=written)).updated == moment


def test_an_export_date_on_every_row_is_no_moment_of_change() -> None:
    result = read(*[row(slug=str(number), updated="2023-08-22 21:56:56") for number in range(30)])
    assert {meeting.updated for meeting in result.meetings} == {None}
    assert result.notes["updated_is_export_date"] == 30


# --- texts ----------------------------------------------------------------------------------------------------------


def test_markup_and_double_entities_become_plain_text_with_its_lines() -> None:
    notes = "<p>Ring &amp;amp; wait</p>\r\n\r\n<b>Side</b> door<br>2nd floor &lt;left&gt;<script>alert(1)</script>"
    assert one(row(notes=notes)).notes == "Ring & wait\nSide door\n2nd floor"


def test_hidden_and_turning_characters_are_taken_out() -> None:
    meeting = one(row(name="Early\u202e Birds\u0000", notes="A\u200bB\tC\u00a0D"))
    assert (meeting.name, meeting.notes) == ("Early Birds", "AB C D")


def test_long_notes_end_with_an_ellipsis_at_a_word() -> None:
    notes = one(row(notes="word " * 600)).notes
    assert len(notes) <= 1000
    assert notes.endswith("word…")


@pytest.mark.parametrize("notes", [",", ", ,", " \r\n "])
def test_notes_without_a_word_are_none(notes: str) -> None:
    assert one(row(notes=notes)).notes == ""


@pytest.mark.parametrize(
    "text",
    [
        "Meets 1st & 3rd Mondays",
        "First Friday of the month only",
        "every other Sunday",
        "Monthly",
        "last Saturday",
        "Primer viernes del mes",
        "cada dos semanas",
        "Temporarily closed until May",
        "Suspended until further notice",
        "You must call before coming",
    ],
)
def test_a_hint_at_special_dates_makes_the_date_doubtful(text: str) -> None:
    assert one(row(notes=text)).check_date


@pytest.mark.parametrize(
    "text",
    [
        "Open meeting last Friday of the month",
        "1st Wednesday is birthdays",
        "3rd floor",
        "First Church, Sunday St",
        "",
    ],
)
def test_a_different_format_on_one_day_leaves_the_date_alone(text: str) -> None:
    assert not one(row(notes=text)).check_date


def test_a_name_with_special_dates_always_counts() -> None:
    assert one(row(name="Speaker Meeting, 2nd Saturday")).check_date
