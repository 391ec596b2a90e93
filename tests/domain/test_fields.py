"""Values of fields as people type them, and as a sheet holds them."""

import math
from zoneinfo import available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.fields import FIELDS, BadField, Kind, cell, checked, faults, mark, plain, read, typed
from bot.domain.meeting import MINUTES_A_DAY, TAGS, Meeting, Status
from tests.builders import make_meeting, make_online_meeting

_TEXTS = st.text(st.characters(exclude_categories=["Cs", "Cc", "Cf"]), max_size=20)
_VALUES = {
    Kind.TIME: st.none() | st.integers(0, MINUTES_A_DAY - 1),
    Kind.DAY: st.none() | st.integers(1, 7),
    Kind.MINUTES: st.none() | st.integers(1, MINUTES_A_DAY),
    Kind.YES_NO: st.booleans(),
    Kind.TAGS: st.frozensets(st.sampled_from(sorted(TAGS))),
    Kind.LANGUAGES: st.lists(st.sampled_from(["en", "es", "cy", "ga"]), unique=True).map(tuple),
    Kind.LINK: st.sampled_from(["", "https://zoom.us/j/5550100?pwd=a%2Fb#c", "https://example.org:8443/x,y"]),
    Kind.PHONE: st.sampled_from(["", "+15550100123", "5550100,,44#", "*67#0100"]),
    Kind.DEGREES: st.none() | st.floats(-90, 90),
    Kind.ZONE: st.sampled_from(sorted(available_timezones() - {"Factory", "localtime", "posixrules"})),
    Kind.STATUS: st.sampled_from(Status),
    Kind.COUNTRY: st.sampled_from(["", "GB", "US", "ES"]),
    Kind.FELLOWSHIP: st.sampled_from(["aa", "smart", "she_recovers"]),
    Kind.TEXT: _TEXTS.map(lambda text: " ".join(text.split())),
}


@pytest.mark.parametrize("name", FIELDS)
def test_every_field_is_one_of_a_meeting(name: str) -> None:
    assert name in Meeting.__slots__


@given(st.data())
def test_a_value_written_to_a_cell_and_read_again_is_the_same(data: st.DataObject) -> None:
    field = data.draw(st.sampled_from(list(FIELDS.values())))
    value = data.draw(_VALUES[field.kind])
    if field.needed and value == "":
        with pytest.raises(BadField, match="empty"):
            read(field.name, cell(field.name, value))
    else:
        assert read(field.name, cell(field.name, value)) == value == typed(field.name, plain(value))


@given(st.sampled_from(sorted(FIELDS)), st.text(max_size=40))
def test_whatever_is_typed_is_a_value_or_a_reason(name: str, text: str) -> None:
    try:
        value = read(name, text)
    except BadField as error:
        told = (error.field, bool(error.reason))
    else:
        told = (name, read(name, cell(name, value)) == value)
    assert told == (name, True)


@pytest.mark.parametrize(
    ("text", "minute"),
    [
        ("19:30", 1170), ("7:30 pm", 1170), ("7:30 PM", 1170), ("7.30 p.m.", 1170), ("7:30 p. m.", 1170),
        ("7pm", 1140), ("7 de la tarde", 1140), ("8 de la mañana", 480), ("19h30", 1170), ("1930", 1170),
        ("0:00", 0), ("12 am", 0), ("12 pm", 720), ("noon", 720), ("mediodía", 720), ("midnight", 0),
        ("19 h 30", 1170),
    ],
)  # fmt: skip
def test_an_hour_may_be_typed_in_many_ways(text: str, minute: int) -> None:
    assert read("start", text) == minute


@pytest.mark.parametrize(
    ("text", "reason"),
    [("7", "time_half"), ("25:00", "time"), ("24:00", "time"), ("7:60", "time"), ("13 am", "time"), ("soon", "time")],
)
def test_an_hour_that_is_not_sure_is_not_guessed(text: str, reason: str) -> None:
    with pytest.raises(BadField) as caught:
        read("start", text)
    assert (caught.value.reason, caught.value.text) == (reason, text)


@pytest.mark.parametrize(
    ("text", "day"),
    [("Monday", 1), ("martes", 2), ("MIÉRCOLES", 3), ("thurs", 4), ("vie", 5), ("Sábados", 6), ("7", 7), ("sun.", 7)],
)
def test_a_day_may_be_a_name_in_two_languages_or_a_number_from_monday(text: str, day: int) -> None:
    assert read("weekday", text) == day


@pytest.mark.parametrize(
    ("text", "minutes"),
    [("90", 90), ("1:30", 90), ("1 h 30", 90), ("1h30 min", 90), ("2 hours", 120), ("45 min", 45)],
)
def test_a_length_may_be_in_minutes_or_in_hours(text: str, minutes: int) -> None:
    assert read("duration", text) == minutes


@pytest.mark.parametrize(
    ("name", "text", "reason"),
    [
        ("weekday", "0", "day"), ("weekday", "someday", "day"), ("duration", "0", "minutes"),
        ("duration", "1:75", "minutes"), ("duration", "1500", "minutes"), ("zone", "Leeds", "zone"),
        ("zone", "../etc", "zone"), ("join_url", "http://zoom.us/j/1", "link_http"), ("join_url", "zoom", "link"),
        ("join_url", "https://me@zoom.us/j/1", "link"), ("url", "javascript:alert(1)", "link"),
        ("url", "ftp://example.org", "link"), ("join_url", "https://zoom.us/a b", "link"),
        ("dial_in", "call us", "phone"), ("dial_in", "12", "phone"), ("dial_in", "٥٥٥٠١٠٠", "phone"),
        ("latitude", "91", "degrees"), ("latitude", "north", "degrees"), ("latitude", "nan", "degrees"),
        ("tags", "women, nice", "tags"), ("languages", "english", "languages"), ("country", "UK", "country"),
        ("in_person", "maybe", "yes_no"), ("status", "gone", "status"), ("name", " ", "empty"), ("zone", "", "empty"),
        ("in_person", "", "empty"), ("name", "x" * 256, "too_long"), ("fellowship", "A A", "fellowship"),
    ],
)  # fmt: skip
def test_what_is_no_value_is_told_with_its_reason(name: str, text: str, reason: str) -> None:
    with pytest.raises(BadField) as caught:
        read(name, text)
    assert (caught.value.field, caught.value.reason) == (name, reason)


def test_a_wrong_word_in_a_list_is_named() -> None:
    with pytest.raises(BadField) as caught:
        read("tags", "open, wimmin")
    assert caught.value.text == "wimmin"


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("join_url", "zoom.us/j/5550100", "https://zoom.us/j/5550100"), ("latitude", "53,7997", 53.7997),
        ("join_url", "HTTPS://zoom.us/J", "https://zoom.us/J"), ("longitude", "-120", -120.0),
        ("dial_in", "+1 (555) 010-0123", "+15550100123"),
        ("zone", "america/denver", "America/Denver"), ("zone", "America/New York", "America/New_York"),
        ("name", "  Early \u200b Birds\n", "Early Birds"), ("notes", " one \n two  2 \n", "one\ntwo 2"),
        ("country", "gb", "GB"), ("languages", "EN es en", ("en", "es")), ("online", "sí", True),
        ("weekday", "", None), ("tags", "", frozenset()), ("join_url", "", ""), ("latitude", "", None),
    ],
)  # fmt: skip
def test_what_is_meant_is_taken_in_one_spelling(name: str, text: str, value: object) -> None:
    assert read(name, text) == value


def test_a_value_that_nobody_could_have_typed_is_refused() -> None:
    for name, value in (
        ("weekday", 9),
        ("start", -5),
        ("tags", frozenset({"nice"})),
        ("latitude", math.nan),
        ("id", 1),
    ):
        with pytest.raises(BadField):
            checked(name, value)


@pytest.mark.parametrize(
    ("changed", "fault"),
    [
        ({"start": None}, ("start", "day_and_time")),
        ({"weekday": None}, ("weekday", "day_and_time")),
        ({"in_person": False}, ("in_person", "nowhere")),
        ({"address": "", "venue": "", "city": "", "latitude": None, "longitude": None}, ("address", "no_place")),
        ({"online": True}, ("join_url", "no_way")),
        ({"latitude": None}, ("latitude", "point")),
        ({"latitude": 0.0, "longitude": 0.0}, ("latitude", "point")),
    ],
)
def test_a_meeting_that_cannot_be_gone_to_is_at_fault(changed: dict[str, object], fault: tuple[str, str]) -> None:
    assert [(one.field, one.reason) for one in faults(make_meeting(**changed))] == [fault]


def test_a_meeting_by_appointment_needs_no_hour() -> None:
    assert faults(make_meeting()) == faults(make_online_meeting()) == ()
    assert faults(make_meeting(weekday=None, start=None, status=Status.BY_APPOINTMENT)) == ()


def test_a_mark_tells_whether_any_of_some_meetings_changed() -> None:
    one, other = make_meeting(), make_meeting(key="2")
    assert mark([one, other]) == mark([other, one])
    assert mark([one, other]) != mark([one, make_meeting(key="2", start=600)])
    assert 0 < mark([one]) < 1 << 16
