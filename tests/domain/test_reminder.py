"""When a reminder fires: weekly dates in the meeting's zone, whatever its clocks do."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.meeting import Status
from bot.domain.recurrence import FOREVER, Rule, is_quiet, jitter_s, next_occurrence, quiet_until, rules_version
from bot.domain.reminder import LEADS_S, asks_at, can_remind, day_number, leads_left, numbered_day
from tests.builders import make_meeting

DAY, WEEK = timedelta(days=1), timedelta(days=7)
LONDON = ZoneInfo("Europe/London")


@pytest.mark.parametrize(
    ("zone", "weekday", "wall", "day", "instant"),
    [
        ("America/New_York", 7, "01:30", "2026-11-01", "2026-11-01T05:30"),  # comes twice: the first
        ("Africa/Cairo", 5, "00:00", "2027-04-30", "2027-04-29T22:00"),  # midnight is skipped: 01:00 that day
        ("America/Santiago", 7, "00:00", "2026-09-06", "2026-09-06T04:00"),
        ("America/New_York", 7, "02:30", "2026-03-08", "2026-03-08T07:30"),  # 03:30
        ("Europe/Berlin", 7, "02:30", "2026-03-29", "2026-03-29T01:30"),
        ("Australia/Lord_Howe", 7, "02:15", "2026-10-04", "2026-10-03T15:45"),  # a gap of half an hour
        ("Europe/London", 2, "19:00", "2026-11-24", "2026-11-24T19:00"),
    ],
)
def test_a_meeting_in_the_hour_of_a_clock_change_takes_place_once_that_day(
    zone: str, weekday: int, wall: str, day: str, instant: str
) -> None:
    hours, minutes = wall.split(":")
    minute, at = int(hours) * 60 + int(minutes), datetime.fromisoformat(instant).replace(tzinfo=UTC)
    found = next_occurrence(weekday, minute, ZoneInfo(zone), at - 3 * DAY)
    assert (found.day, found.start) == (date.fromisoformat(day), at)
    following = next_occurrence(weekday, minute, ZoneInfo(zone), at)
    assert following.day == found.day + WEEK


ZONES = [
    "Europe/London", "America/New_York", "Africa/Cairo", "America/Santiago", "Australia/Lord_Howe", "Asia/Kolkata",
    "Pacific/Apia", "Africa/Casablanca", "America/Nuuk", "Pacific/Chatham",
]  # fmt: skip


@given(
    zone=st.sampled_from(ZONES),
    weekday=st.integers(1, 7),
    minute=st.integers(0, 1439),
    seconds=st.integers(1_735_689_600, 2_051_222_400),
)
def test_occurrences_follow_each_other_week_by_week(zone: str, weekday: int, minute: int, seconds: int) -> None:
    place, after = ZoneInfo(zone), datetime.fromtimestamp(seconds, UTC)
    first = next_occurrence(weekday, minute, place, after)
    assert after < first.start <= after + timedelta(days=7, hours=2)
    assert first.day.isoweekday() == weekday
    second = next_occurrence(weekday, minute, place, first.start)
    assert second.day == first.day + WEEK
    assert timedelta(days=6.9) < second.start - first.start < timedelta(days=7.1)
    assert next_occurrence(weekday, minute, place, first.start - timedelta(microseconds=1)) == first
    wall = first.start.astimezone(place)
    assert wall.fold == 0
    if wall.date() == first.day and wall.hour * 60 + wall.minute != minute:  # the clocks skip that time
        before = (first.start - timedelta(hours=3)).astimezone(place).utcoffset()
        assert before != wall.utcoffset()


RULE = Rule(2, 19 * 60, "Europe/London", lead_s=3600, jitter_s=300)
MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
TUESDAY = date(2026, 11, 24)


def test_a_reminder_fires_its_lead_before_in_elapsed_time_across_a_clock_change() -> None:
    early = Rule(7, 3 * 60, "Europe/London", lead_s=2 * 3600, jitter_s=0)
    coming = early.next(datetime(2026, 3, 28, 12, 0, tzinfo=UTC))
    assert coming is not None
    assert coming.start == datetime(2026, 3, 29, 2, 0, tzinfo=UTC)
    assert early.fires(coming) == datetime(2026, 3, 29, 0, 0, tzinfo=UTC)  # midnight on the wall, three hours before


def test_pauses_skips_and_what_was_reminded_of_already_are_left_out() -> None:
    def next_day(rule: Rule, **more: object) -> date | None:
        coming = rule.next(MONDAY, **more)  # type: ignore[arg-type]
        return coming.day if coming else None

    assert next_day(RULE) == TUESDAY
    assert next_day(replace(RULE, skipped=TUESDAY)) == TUESDAY + WEEK
    assert next_day(RULE, done={TUESDAY}) == TUESDAY + WEEK
    assert next_day(replace(RULE, paused_until=TUESDAY)) == TUESDAY
    assert next_day(replace(RULE, paused_until=TUESDAY + DAY)) == TUESDAY + WEEK
    assert next_day(replace(RULE, paused_until=FOREVER)) is None


def test_what_is_asked_for_within_its_own_lead_is_for_the_next_week() -> None:
    at = datetime(2026, 11, 24, 18, 30, tzinfo=UTC)
    coming = RULE.next_ahead(at)
    assert coming is not None
    assert coming.day == TUESDAY + WEEK


def test_without_end_left_out_dates_are_an_error_and_no_endless_loop() -> None:
    out = {TUESDAY + number * WEEK for number in range(-2, 80)}
    with pytest.raises(ValueError, match="every date is left out"):
        RULE.next(MONDAY, out)


@given(seed=st.binary(max_size=20), lead=st.integers(60, 6 * 86_400))
def test_jitter_is_earlier_small_and_always_the_same(seed: bytes, lead: int) -> None:
    assert 0 <= jitter_s(seed, lead) <= min(600, lead // 3)
    assert jitter_s(seed, lead) == jitter_s(seed, lead)


def test_jitter_spreads_people_over_the_ten_minutes() -> None:
    minutes = [jitter_s(b"%d" % number, 3600) // 60 for number in range(2_000)]
    assert all(100 < minutes.count(minute) < 320 for minute in range(10))


@pytest.mark.parametrize(
    ("local", "quiet", "until"),
    [
        ("2026-11-24T21:59", False, "2026-11-24T21:59"),
        ("2026-11-24T22:00", True, "2026-11-25T08:00"),
        ("2026-11-25T07:59", True, "2026-11-25T08:00"),
        ("2026-11-25T08:00", False, "2026-11-25T08:00"),
    ],
)
def test_quiet_hours_go_over_midnight(local: str, quiet: bool, until: str) -> None:
    at = datetime.fromisoformat(local).replace(tzinfo=LONDON)
    assert is_quiet(at, LONDON, (1320, 480)) is quiet
    assert quiet_until(at, LONDON, (1320, 480)) == datetime.fromisoformat(until).replace(tzinfo=LONDON)


def test_quiet_hours_may_lie_within_a_day_or_be_none() -> None:
    noon = datetime(2026, 11, 24, 12, 0, tzinfo=LONDON)
    assert is_quiet(noon, LONDON, (600, 780))
    assert not is_quiet(noon, LONDON, (780, 600 + 24 * 60))
    assert not is_quiet(noon, LONDON, (0, 0))


def test_only_what_takes_place_at_a_known_time_can_be_reminded_of() -> None:
    assert can_remind(make_meeting())
    assert can_remind(make_meeting(status=Status.ONLINE_FOR_NOW))
    assert not can_remind(make_meeting(status=Status.SUSPENDED))
    assert not can_remind(make_meeting(weekday=None, start=None, status=Status.BY_APPOINTMENT))
    assert leads_left(make_meeting(weekday=None, start=None), MONDAY) == ()


def test_only_leads_that_still_fit_are_offered() -> None:
    assert leads_left(make_meeting(), MONDAY) == LEADS_S
    assert leads_left(make_meeting(), datetime(2026, 11, 24, 18, 40, tzinfo=UTC)) == (900,)
    assert leads_left(make_meeting(), datetime(2026, 11, 24, 18, 45, tzinfo=UTC)) == ()


def test_the_question_afterwards_comes_half_an_hour_after_the_end() -> None:
    start = datetime(2026, 11, 24, 19, 0, tzinfo=UTC)
    assert asks_at(start, 75) == start + timedelta(minutes=105)
    assert asks_at(start, None) == start + timedelta(minutes=90)


def test_a_day_fits_a_button_and_comes_back() -> None:
    for day in (date(2026, 11, 24), date(2099, 12, 31)):
        assert 0 <= day_number(day) < 1 << 16
        assert numbered_day(day_number(day)) == day


def test_the_edition_of_the_zone_rules_is_known() -> None:
    assert any(character.isdigit() for character in rules_version())
