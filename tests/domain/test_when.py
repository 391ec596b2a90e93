"""When a weekly meeting starts next, and what a stated time means at a moment."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.when import ANY_TIME, GRACE, NOW, Day, When, Window, local_instant, next_start, window

LONDON, NEW_YORK, LORD_HOWE = ZoneInfo("Europe/London"), ZoneInfo("America/New_York"), ZoneInfo("Australia/Lord_Howe")
KIRITIMATI, PAGO_PAGO = ZoneInfo("Pacific/Kiritimati"), ZoneInfo("Pacific/Pago_Pago")
ZONES = [LONDON, NEW_YORK, LORD_HOWE, KIRITIMATI, PAGO_PAGO, ZoneInfo("Asia/Kolkata"), ZoneInfo("Africa/Casablanca")]


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[misc, arg-type]


def local(zone: ZoneInfo, *parts: int) -> datetime:
    return datetime(*parts, tzinfo=zone)  # type: ignore[misc, arg-type]


def spoken(when: When, now: datetime, zone: ZoneInfo = LONDON) -> tuple[str, str]:
    """The window on the clock of the zone, as people would say it."""
    found = window(when, now, zone)
    start, end = (instant.astimezone(zone).strftime("%a %H:%M") for instant in (found.start, found.end))
    return start, end


def test_a_time_that_a_clock_change_skips_moves_later_by_the_gap() -> None:
    assert local_instant(date(2026, 3, 29), 90, LONDON) == utc(2026, 3, 29, 1, 30)  # 01:30 becomes 02:30
    assert local_instant(date(2026, 3, 29), 150, LONDON) == utc(2026, 3, 29, 1, 30)
    assert local_instant(date(2026, 10, 4), 135, LORD_HOWE) == utc(2026, 10, 3, 15, 45)  # half an hour is skipped


def test_a_time_that_comes_twice_is_the_first() -> None:
    assert local_instant(date(2026, 10, 25), 90, LONDON) == utc(2026, 10, 25, 0, 30)
    assert local_instant(date(2026, 11, 1), 90, NEW_YORK) == utc(2026, 11, 1, 5, 30)


def test_a_meeting_keeps_its_wall_time_across_a_clock_change() -> None:
    before, after = utc(2026, 3, 24, 12), utc(2026, 3, 31, 12)
    assert next_start(2, 19 * 60, LONDON, before) == utc(2026, 3, 24, 19)
    assert next_start(2, 19 * 60, LONDON, after) == utc(2026, 3, 31, 18)


def test_in_the_doubled_hour_the_second_time_is_next_weeks_meeting() -> None:
    between = utc(2026, 10, 25, 0, 45)  # 01:45 for the first time; 01:30 was a quarter of an hour ago
    assert next_start(7, 90, LONDON, between) == utc(2026, 11, 1, 1, 30)


def test_in_the_skipped_hour_the_meeting_is_still_to_come() -> None:
    assert next_start(7, 90, LONDON, utc(2026, 3, 29, 1, 10)) == utc(2026, 3, 29, 1, 30)


def test_a_start_at_this_very_moment_is_next_and_one_a_second_ago_is_not() -> None:
    start = utc(2026, 11, 24, 19)
    assert next_start(2, 19 * 60, LONDON, start) == start
    assert next_start(2, 19 * 60, LONDON, start + timedelta(seconds=1)) == start + timedelta(days=7)


def test_sunday_night_rolls_over_to_monday() -> None:
    assert next_start(1, 0, LONDON, utc(2026, 11, 22, 23, 59)) == utc(2026, 11, 23)
    assert next_start(7, 1439, LONDON, utc(2026, 11, 23)) == utc(2026, 11, 29, 23, 59)


def test_the_same_weekday_is_a_day_apart_on_both_sides_of_the_date_line() -> None:
    now = utc(2026, 11, 24, 11)
    assert now.astimezone(KIRITIMATI).isoweekday() == 3
    assert next_start(3, 2 * 60, KIRITIMATI, now) == utc(2026, 11, 24, 12)
    assert next_start(3, 2 * 60, PAGO_PAGO, now) == utc(2026, 11, 25, 13)


@given(
    st.integers(1, 7),
    st.integers(0, 1439),
    st.sampled_from(ZONES),
    st.datetimes(datetime(2020, 1, 1), datetime(2035, 1, 1), timezones=st.just(UTC)),
)
def test_the_next_start_is_the_first_of_all_dates_at_or_after_the_moment(
    weekday: int, minute: int, zone: ZoneInfo, after: datetime
) -> None:
    found = next_start(weekday, minute, zone, after)
    days = (after.date() + timedelta(days=offset) for offset in range(-3, 12))
    starts = [local_instant(day, minute, zone) for day in days if day.isoweekday() == weekday]
    assert found == min(start for start in starts if start >= after)


def test_now_is_from_a_quarter_of_an_hour_ago_to_two_hours_ahead() -> None:
    now = utc(2026, 11, 24, 12)
    assert window(NOW, now, LONDON) == Window(utc(2026, 11, 24, 11, 45), utc(2026, 11, 24, 14))


def test_no_stated_time_is_the_next_seven_days() -> None:
    now = utc(2026, 11, 24, 12)
    assert window(ANY_TIME, now, LONDON) == Window(now - GRACE, utc(2026, 12, 1, 12))


def test_tonight_before_four_is_the_night_that_is_going_on() -> None:
    assert spoken(When(Day.TONIGHT), local(LONDON, 2026, 11, 25, 2)) == ("Wed 01:45", "Wed 04:00")
    assert spoken(When(Day.TONIGHT), local(LONDON, 2026, 11, 25, 3, 59)) == ("Wed 03:44", "Wed 04:00")
    assert spoken(When(Day.TONIGHT), local(LONDON, 2026, 11, 25, 4)) == ("Wed 17:00", "Thu 04:00")
    assert spoken(When(Day.TONIGHT), local(LONDON, 2026, 11, 24, 20)) == ("Tue 19:45", "Wed 04:00")


def test_today_ends_at_midnight_and_tomorrow_begins_there() -> None:
    now = local(LONDON, 2026, 11, 24, 12)
    assert spoken(When(Day.TODAY), now) == ("Tue 11:45", "Wed 00:00")
    assert spoken(When(Day.TOMORROW), now) == ("Wed 00:00", "Thu 00:00")


def test_a_named_day_is_its_next_date_with_today_included() -> None:
    now = local(LONDON, 2026, 11, 24, 12)
    assert window(When(Day.TUESDAY), now, LONDON) == Window(now - GRACE, local(LONDON, 2026, 11, 25))
    assert window(When(Day.WEDNESDAY), now, LONDON).start == local(LONDON, 2026, 11, 25)
    assert window(When(Day.MONDAY), now, LONDON).start == local(LONDON, 2026, 11, 30)


def test_an_hour_of_a_named_day_that_is_over_means_next_week() -> None:
    morning = When(Day.TUESDAY, 5 * 60, 12 * 60)
    assert spoken(morning, local(LONDON, 2026, 11, 24, 11)) == ("Tue 10:45", "Tue 12:00")
    assert window(morning, local(LONDON, 2026, 11, 24, 15), LONDON).start == local(LONDON, 2026, 12, 1, 5)


def test_an_hour_without_a_day_is_today_or_when_over_tomorrow() -> None:
    morning = When(Day.ANY, 5 * 60, 12 * 60)
    assert spoken(morning, local(LONDON, 2026, 11, 24, 3)) == ("Tue 05:00", "Tue 12:00")
    assert spoken(morning, local(LONDON, 2026, 11, 24, 15)) == ("Wed 05:00", "Wed 12:00")


def test_this_morning_said_in_the_afternoon_holds_nothing() -> None:
    found = window(When(Day.TODAY, 5 * 60, 12 * 60), local(LONDON, 2026, 11, 24, 15), LONDON)
    assert found.end == found.start


def test_an_end_before_the_start_is_after_midnight() -> None:
    assert spoken(When(Day.FRIDAY, 22 * 60, 2 * 60), local(LONDON, 2026, 11, 24, 12)) == ("Fri 22:00", "Sat 02:00")


def test_the_weekend_is_saturday_and_sunday_and_on_sunday_what_is_left_of_it() -> None:
    weekend = When(Day.WEEKEND)
    assert spoken(weekend, local(LONDON, 2026, 11, 24, 12)) == ("Sat 00:00", "Mon 00:00")
    assert spoken(weekend, local(LONDON, 2026, 11, 28, 12)) == ("Sat 11:45", "Mon 00:00")
    assert spoken(weekend, local(LONDON, 2026, 11, 29, 12)) == ("Sun 11:45", "Mon 00:00")


def test_a_day_is_the_day_of_the_zone_not_of_utc() -> None:
    now = utc(2026, 11, 24, 11)
    assert window(When(Day.TODAY), now, KIRITIMATI).end == local(KIRITIMATI, 2026, 11, 26)
    assert window(When(Day.TODAY), now, PAGO_PAGO).end == local(PAGO_PAGO, 2026, 11, 25)


def test_the_day_of_a_clock_change_has_23_or_25_hours() -> None:
    for day, hours in ((date(2026, 3, 29), 23), (date(2026, 10, 25), 25)):
        eve = datetime.combine(day, datetime.min.time(), tzinfo=LONDON) - timedelta(hours=6)
        found = window(When(Day.SUNDAY), eve, LONDON)
        assert found.end - found.start == timedelta(hours=hours)


@given(
    st.sampled_from(Day),
    st.none() | st.integers(0, 95).map(lambda quarter: quarter * 15),
    st.none() | st.integers(0, 95).map(lambda quarter: quarter * 15),
    st.sampled_from(ZONES),
    st.datetimes(datetime(2020, 1, 1), datetime(2035, 1, 1), timezones=st.just(UTC)),
)
def test_any_stated_time_is_a_window_that_lies_ahead_and_within_ten_days(
    day: Day, start: int | None, end: int | None, zone: ZoneInfo, now: datetime
) -> None:
    found = window(When(day, start, end), now, zone)
    assert now - GRACE <= found.start <= found.end <= now + timedelta(days=10)
