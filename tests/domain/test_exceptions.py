"""Days on which a meeting is not as every week: what is held then, and what cannot be set."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.exceptions import (
    BadDays,
    DatedException,
    Days,
    as_json,
    checked,
    closed,
    held_between,
    merged,
    moved_once,
    next_held,
    of_json,
)
from bot.domain.recurrence import Rule
from tests.builders import make_meeting
from tests.services.oracle import starts

LONDON = ZoneInfo("Europe/London")
EVE, CHRISTMAS, YEARS_END = date(2026, 12, 24), date(2026, 12, 25), date(2026, 12, 31)  # a Thursday and after
THURSDAYS = (4, 19 * 60, LONDON)
NOON = datetime(2026, 12, 20, 12, tzinfo=UTC)


def next_days(*days: DatedException, after: datetime = NOON) -> list[str]:
    """The next three starts in London."""
    found: list[str] = []
    while len(found) < 3 and (coming := next_held(*THURSDAYS, days, after)):
        found.append(f"{coming.start.astimezone(LONDON):%a %d %H:%M}")
        after = coming.start + timedelta(seconds=1)
    return found


def test_a_day_on_which_it_is_closed_is_left_out_and_the_week_after_is_not() -> None:
    assert next_days(closed(EVE, EVE)) == ["Thu 31 19:00", "Thu 07 19:00", "Thu 14 19:00"]
    assert next_days(closed(EVE, YEARS_END)) == ["Thu 07 19:00", "Thu 14 19:00", "Thu 21 19:00"]


def test_until_further_notice_nothing_comes() -> None:
    assert next_days(closed(EVE, None)) == []
    assert next_days(closed(YEARS_END, None)) == ["Thu 24 19:00"]
    assert next_held(*THURSDAYS, (closed(date(2020, 1, 1), date(2029, 1, 1)),), NOON) is not None


def test_one_that_is_moved_is_held_once_on_its_new_day_and_hour() -> None:
    assert next_days(moved_once(EVE, CHRISTMAS, 18 * 60)) == ["Fri 25 18:00", "Thu 31 19:00", "Thu 07 19:00"]
    assert next_days(moved_once(EVE, EVE, 18 * 60)) == ["Thu 24 18:00", "Thu 31 19:00", "Thu 07 19:00"]
    assert next_days(moved_once(EVE, date(2026, 12, 22))) == ["Tue 22 19:00", "Thu 31 19:00", "Thu 07 19:00"]


def test_what_is_closed_stays_closed_for_one_that_was_moved_there() -> None:
    assert next_days(moved_once(EVE, CHRISTMAS), closed(CHRISTMAS, CHRISTMAS)) == next_days(closed(EVE, EVE))


def test_one_that_was_moved_away_from_closed_days_is_held() -> None:
    assert next_days(moved_once(EVE, date(2026, 12, 23)), closed(CHRISTMAS, None)) == ["Wed 23 19:00"]


def test_a_moved_start_in_the_hour_that_a_clock_change_skips_is_later_by_the_gap() -> None:
    days = (moved_once(date(2027, 3, 25), date(2027, 3, 28), 90),)
    coming = next_held(*THURSDAYS, days, datetime(2027, 3, 26, tzinfo=UTC))
    assert coming is not None
    assert coming.start == datetime(2027, 3, 28, 1, 30, tzinfo=UTC)  # 02:30 in London


dates = st.dates(date(2026, 3, 1), date(2026, 4, 20))


@st.composite
def exceptions(draw: st.DrawFn) -> Days:
    found = {}
    for first in draw(st.lists(dates, max_size=4)):
        if draw(st.booleans()):
            to = first + timedelta(days=draw(st.integers(-8, 8)))
            found[first] = moved_once(first, to, draw(st.none() | st.sampled_from((0, 90, 150, 1439))))
        else:
            length = draw(st.none() | st.integers(0, 20))
            found[first] = closed(first, None if length is None else first + timedelta(days=length))
    return tuple(found.values())


zones = st.sampled_from(("Europe/London", "America/New_York", "Australia/Lord_Howe", "Asia/Tehran", "UTC"))


@given(exceptions(), st.integers(1, 7), st.sampled_from((0, 60, 90, 150, 1140, 1439)), zones, dates)
def test_what_is_held_is_what_one_finds_date_by_date(
    days: Days, weekday: int, minute: int, zone: str, begin: date
) -> None:
    meeting = make_meeting(weekday=weekday, start=minute, zone=zone)
    first = datetime(begin.year, begin.month, begin.day, 11, 30, tzinfo=UTC)
    last = first + timedelta(days=40)
    right = [one for one in starts(meeting, days, begin - timedelta(days=3), 50) if first <= one < last]
    found = held_between(weekday, minute, ZoneInfo(zone), days, first, last)
    assert [one.start for one in found] == right
    assert len({one.day for one in found}) == len(found)
    coming = next_held(weekday, minute, ZoneInfo(zone), days, first)
    assert (coming.start if coming and coming.start < last else None) == (right[0] if right else None)
    by_rule = Rule(weekday, minute, zone, 0, 0, days=days).next(first - timedelta(microseconds=1))
    assert by_rule == coming


@given(exceptions())
def test_the_audit_keeps_all_of_an_exception(days: Days) -> None:
    assert [of_json(one.first_day, as_json(one)) for one in days] == list(days)
    assert set(merged([days, days])) == set(days)
    assert len(merged([days, days])) == len(days)


TODAY = date(2026, 12, 20)
REASONS = {
    "order": closed(YEARS_END, EVE),
    "past": closed(date(2026, 12, 10), date(2026, 12, 17)),
    "far": closed(date(2029, 1, 4), date(2029, 1, 4)),
    "no_meeting": closed(CHRISTMAS, CHRISTMAS),
    "closed": moved_once(EVE, date(2027, 2, 1) - timedelta(days=10)),
    "taken": moved_once(EVE, YEARS_END),
    "same": moved_once(EVE, EVE),
    "hour": moved_once(EVE, CHRISTMAS, 1440),
    "note_long": closed(EVE, EVE, "x" * 81),
    "note_way_in": closed(EVE, EVE, "Call 555-0100-22 instead"),
}


@pytest.mark.parametrize("reason", REASONS)
def test_days_that_make_no_sense_say_why(reason: str) -> None:
    with pytest.raises(BadDays) as fault:
        checked(REASONS[reason], 4, TODAY, (closed(date(2027, 1, 15), date(2027, 1, 30)),))
    assert fault.value.reason == reason


@pytest.mark.parametrize("note", ["https://zoom.us/j/5550100", "www.example.org", "me@example.org", "555 01 00 2"])
def test_a_note_holds_no_way_to_join(note: str) -> None:
    with pytest.raises(BadDays, match="note_way_in"):
        checked(closed(EVE, EVE, note), 4, TODAY, ())


def test_days_that_make_sense_pass() -> None:
    for one in (
        closed(EVE, EVE, "The church is shut on 24 and 25 Dec"),
        closed(TODAY, None),
        closed(date(2026, 12, 1), YEARS_END),
        moved_once(EVE, CHRISTMAS, 0),
        moved_once(EVE, EVE, 1439),
    ):
        checked(one, 4, TODAY, (closed(YEARS_END, YEARS_END),))
    with pytest.raises(BadDays, match="no_meeting"):
        checked(closed(TODAY, None), None, TODAY, ())


def test_it_is_over_after_its_last_day_and_after_the_day_it_moved_to() -> None:
    assert not closed(EVE, EVE).is_over(EVE)
    assert closed(EVE, EVE).is_over(CHRISTMAS)
    assert not moved_once(EVE, YEARS_END).is_over(YEARS_END)
    assert not closed(EVE, None).is_over(date(2030, 1, 1))
