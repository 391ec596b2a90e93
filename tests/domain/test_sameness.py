"""Two rows of two lists: one meeting, or two that only look alike."""

from dataclasses import replace
from datetime import UTC, datetime
from itertools import permutations
from typing import Any

import pytest

from bot.domain.alike import street_of
from bot.domain.meeting import Meeting, Status
from bot.domain.sameness import call_mark, clusters, likeness, street_mark
from tests.builders import LEEDS, make_meeting, make_online_meeting

TEN_METRES = 0.00009  # degrees of latitude
NOWHERE: dict[str, Any] = {"latitude": None, "longitude": None}


def room(**more: Any) -> Meeting:
    where = {"address": "12 Mill Lane", "postal_code": "LS1 1AA", "venue": "St Mary's Church Hall"}
    return make_meeting(**({"feed": "a", "fellowship": "aa", "name": "Mill Lane Group"} | where | more))


def other_room(**more: Any) -> Meeting:
    return room(**({"feed": "b", "key": "9"} | more))


def call(**more: Any) -> Meeting:
    return make_online_meeting(**({"feed": "a", "fellowship": "aa", "name": "Early Birds", "join_url": ""} | more))


SAME_ROOM = {
    "the very same words": {},
    "a shorter name": {"name": "Mill Lane"},
    "decoration": {"name": "Tuesday Night AA Mill Lane Meeting (Hybrid) 7:00 PM"},
    "other signs": {"name": "MILL-LANE  group"},
    "no blank": {"name": "Milllane Group"},
    "an accent": {"name": "M\u00edll Lane"},
    "one more word of format": {"name": "Mill Lane Step Study"},
    "a slip of a finger": {"name": "Mill Lnae Group"},
    "the street written out": {"address": "12 Mill Ln."},
    "the number behind": {"address": "Mill Lane 12"},
    "the town in the line": {"address": "12 Mill Lane, Leeds LS1 1AA", "city": ""},
    "no point on the map": NOWHERE,
    "no point and no postcode": {**NOWHERE, "postal_code": ""},
    "another map": {"latitude": LEEDS[0] + 15 * TEN_METRES},
    "only a point": {"address": "", "city": "", "postal_code": "", "venue": ""},
    "a name of the house for the address": {"address": "Community Hall"},
    "a house on a corner": {"address": "3 Oak Avenue", "latitude": LEEDS[0] + 2 * TEN_METRES},
    "the room is closed for now": {"status": Status.ONLINE_FOR_NOW, "online": True},
    "also online there": {"online": True, "join_url": "https://zoom.us/j/5550100"},
    "more is said": {"tags": frozenset({"open"}), "notes": "Bring a mug.", "languages": ()},
    "a name of the zone": {"zone": "Europe/Isle_of_Man"},
}
OTHER_ROOM = {
    "another name": {"name": "Serenity"},
    "the women's meeting": {"name": "Mill Lane Women's Group"},
    "a second one": {"name": "Mill Lane Group 2"},
    "another letter": {"name": "Mill Lane Group B"},
    "the room upstairs": {"name": "Mill Lane Upstairs"},
    "nothing but the day": {"name": "Tuesday Meeting"},
    "another fellowship": {"fellowship": "na"},
    "the day after": {"weekday": 3},
    "an hour later": {"start": 20 * 60},
    "the same clock elsewhere": {"zone": "America/New_York"},
    "another town": {"city": "York", "postal_code": "YO1 1AA", "latitude": 53.96, "longitude": -1.08},
    "another town without a point": {**NOWHERE, "city": "York", "postal_code": ""},
    "another postcode without a point": {**NOWHERE, "postal_code": "YO1 1AA"},
    "another country": {"country": "US"},
    "another number of the street": {"address": "120 Mill Lane"},
    "another street": {"address": "3 Oak Avenue", "latitude": LEEDS[0] + 12 * TEN_METRES},
    "nothing about the place": {**NOWHERE, "address": "", "postal_code": ""},
    "another language": {"languages": ("es",)},
    "by appointment": {"weekday": None, "start": None, "status": Status.BY_APPOINTMENT},
    "suspended": {"status": Status.SUSPENDED},
    "the same feed": {"feed": "a"},
}


@pytest.mark.parametrize("change", SAME_ROOM.values(), ids=SAME_ROOM)
def test_one_meeting_in_two_lists_is_recognised_although_they_write_it_differently(change: dict[str, Any]) -> None:
    one, other = room(), other_room(**change)
    assert likeness(one, other) > 0
    assert likeness(one, other) == likeness(other, one)


@pytest.mark.parametrize("change", OTHER_ROOM.values(), ids=OTHER_ROOM)
def test_two_meetings_that_look_alike_stay_two(change: dict[str, Any]) -> None:
    one, other = room(), other_room(**change)
    assert likeness(one, other) == likeness(other, one) == 0


ZOOM = {"join_url": "https://zoom.us/j/85512340100?pwd=abc"}


@pytest.mark.parametrize(
    "change",
    [
        {"join_url": "https://us02web.zoom.us/j/85512340100"},
        {"join_id": "855 1234 0100"},
        {"join_id": "85512340100", "name": "The Early Birds Online"},
        {**ZOOM, "name": "Birds of Dawn, Early"},
        {**ZOOM, "name": "Tuesday Meeting"},
        # Seven in the evening in Leeds is two in the afternoon in New York, all year but for some weeks.
        {**ZOOM, "zone": "America/New_York", "start": 14 * 60},
        {**ZOOM, "in_person": True, "latitude": LEEDS[0], "longitude": LEEDS[1], "address": "12 Mill Lane"},
    ],
)
def test_one_number_of_a_call_at_one_hour_is_one_meeting(change: dict[str, Any]) -> None:
    assert likeness(call(**ZOOM), call(feed="b", **change)) > 0


@pytest.mark.parametrize(
    "change",
    [
        {"join_url": "https://zoom.us/j/85512340199?pwd=abc"},
        {"join_url": "https://meet.example.org/85512340100"},
        {"join_url": "", "dial_in": "+15550100"},
        {**ZOOM, "name": "Serenity of Ohio"},
        {**ZOOM, "start": 20 * 60},
        {**ZOOM, "zone": "America/New_York"},
        {**ZOOM, "tags": frozenset({"men"})},
    ],
)
def test_other_calls_and_other_hours_of_a_call_stay_two(change: dict[str, Any]) -> None:
    women = call(**ZOOM, tags=frozenset({"women"}))
    assert likeness(women, call(feed="b", **change)) == 0


def test_a_page_that_many_meetings_give_as_their_link_makes_none_of_them_one() -> None:
    page = {"join_url": "https://example.org/online/"}
    assert likeness(call(**page), call(feed="b", name="Tuesday Meeting", **page)) == 0
    assert likeness(call(**page), call(feed="b", name="Early Birds Online", join_url=page["join_url"][:-1])) > 0


def test_two_rooms_with_one_call_stay_two() -> None:
    here = room(online=True, **ZOOM)
    there = other_room(online=True, **ZOOM, city="York", postal_code="YO1 1AA", latitude=53.96, longitude=-1.08)
    assert likeness(here, there) == 0


def test_an_area_is_no_address() -> None:
    one, other = (replace(some, approximate=True, address="Leeds") for some in (room(), other_room()))
    assert likeness(one, other) == 0


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("12 North Main Street", "12 N. Main St"),
        ("1200 1st Ave", "1200 First Avenue, Suite 200"),
        ("Calle Mayor, 12", "C/ Mayor 12"),
        ("Hauptstra\u00dfe 5", "Hauptstr. 5"),
        ("St. John's Church, 7 Oak Rd", "7 Oak Road #4"),
        ("12-14 Mill Lane", "12 Mill Lane"),
        ("5 The Avenue", "5 The Avenue"),
        ("Room 3, 9 Elm Close", "9 Elm Close"),
    ],
)
def test_a_street_is_one_however_it_is_written(one: str, other: str) -> None:
    assert street_mark(one) == street_mark(other) is not None


@pytest.mark.parametrize(
    ("one", "other"),
    [("12 Mill Lane", "14 Mill Lane"), ("12 Mill Lane", "12 Oak Lane"), ("Mill Lane", "12 Mill Lane")],
)
def test_another_door_is_another_street_mark(one: str, other: str) -> None:
    assert street_mark(one) != street_mark(other)


def test_marks_are_whole_numbers_of_63_bits_and_nothing_has_none() -> None:
    assert call_mark("", "") is street_mark("") is street_mark(" ,; ") is None
    assert call_mark("", "https://[broken") is None
    assert call_mark("", "https://example.org") is None
    assert street_of("...") is None
    for mark in (call_mark("855 123", ""), street_mark("12 Mill Lane"), call_mark("", "https://example.org/\ud800")):
        assert mark is not None
        assert 0 < mark < 2**63


def clustered(*rows: Meeting) -> list[list[str]]:
    pairs = [(likeness(one, other), one, other) for at, one in enumerate(rows) for other in rows[at + 1 :]]
    return sorted([row.feed + row.key for row in cluster] for cluster in clusters(pairs))


def test_three_lists_make_one_meeting_whatever_order_they_come_in() -> None:
    rows = room(name="Mill Lane Big Book"), other_room(name="Mill Lane"), room(feed="c", name="Mill Lane Big Book")
    assert [sorted(one) for one in clustered(*rows)] == [["a1", "b9", "c1"]]
    assert {str(clustered(*some)) for some in permutations(rows)} == {str(clustered(*rows))}


def test_of_two_rows_of_one_list_the_liker_one_is_taken_and_the_other_stays() -> None:
    first, second = room(key="1", name="Mill Lane Step Study"), room(key="2")
    for some in permutations((first, second, other_room())):
        assert [sorted(one) for one in clustered(*some)] == [["a2", "b9"]]


@pytest.mark.parametrize(
    "change",
    [
        {"updated": datetime(2026, 11, 1, tzinfo=UTC)},
        {"online": True, "join_url": "https://zoom.us/j/5550100"},
        {"notes": "Bring a mug.", "tags": frozenset({"open", "wheelchair"})},
    ],
)
def test_the_row_that_is_shown_is_the_fresher_then_the_one_with_more_ways_in_then_the_fuller(
    change: dict[str, Any],
) -> None:
    for one, other in ((room(), other_room(**change)), (room(**change), other_room())):
        wanted = [one, other] if one.updated or one.online or one.notes else [other, one]
        assert clustered(one, other) == clustered(other, one) == [[row.feed + row.key for row in wanted]]


def test_a_fresher_row_that_nobody_near_by_would_find_does_not_hide_the_one_on_the_map() -> None:
    fresh = other_room(**NOWHERE, updated=datetime(2026, 11, 1, tzinfo=UTC))
    assert clustered(room(), fresh) == [["a1", "b9"]]


def test_of_two_rows_that_say_as_much_the_lower_id_is_shown() -> None:
    one, other = room(), other_room()
    low, high = sorted((one, other), key=lambda row: row.id)
    assert clustered(one, other) == [[low.feed + low.key, high.feed + high.key]]
