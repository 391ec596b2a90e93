"""A small version of the long run: a dozen zones with every kind of clock change, and rules in their pauses."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.recurrence import Rule
from tests.soak.recurrence import changes, compared, days_of, places

# Gaps and overlaps at 00:00, 01:00, 02:00 and 03:00, of half an hour and of an hour, north, south and in Ramadan.
ZONES = (
    "America/New_York", "Africa/Cairo", "America/Santiago", "Europe/Berlin", "Australia/Lord_Howe", "Europe/London",
    "Africa/Casablanca", "America/Nuuk", "Pacific/Chatham", "Asia/Beirut", "America/Havana", "Antarctica/Troll",
    "Asia/Kolkata",
)  # fmt: skip
DAY = timedelta(days=1)


@pytest.mark.parametrize("zone", ZONES)
def test_a_meeting_starts_when_the_clock_on_the_wall_first_shows_its_time(zone: str) -> None:
    result = compared([zone], datetime(2026, 1, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC))
    assert result.starts >= 3 * 48
    assert result.wrong == []


def test_the_reading_of_the_clock_knows_what_is_skipped_and_what_comes_twice() -> None:
    zone = ZoneInfo("America/New_York")
    spring, autumn = list(changes(zone, datetime(2026, 1, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC)))
    assert (spring, autumn) == (datetime(2026, 3, 8, 7, tzinfo=UTC), datetime(2026, 11, 1, 6, tzinfo=UTC))
    assert days_of(zone, spring)[date(2026, 3, 8)][150] == datetime(2026, 3, 8, 7, 30, tzinfo=UTC)  # 03:30
    assert days_of(zone, autumn)[date(2026, 11, 1)][90] == datetime(2026, 11, 1, 5, 30, tzinfo=UTC)  # the first 01:30


def test_every_zone_of_the_world_is_compared_in_the_long_run() -> None:
    assert len(places()) > 400
    assert set(ZONES) < set(places())


@settings(max_examples=60)
@given(
    zone=st.sampled_from(ZONES),
    weekday=st.integers(1, 7),
    minute=st.integers(0, 1439),
    at=st.datetimes(datetime(2025, 1, 1), datetime(2035, 12, 1), timezones=st.just(UTC)),
    lead_s=st.integers(60, 6 * 86_400),
    pause=st.none() | st.integers(-10, 70),
    skips=st.none() | st.integers(0, 4),
)
def test_what_is_left_out_never_fires_and_nothing_else_is_left_out(
    zone: str, weekday: int, minute: int, at: datetime, lead_s: int, pause: int | None, skips: int | None
) -> None:
    rule = Rule(weekday, minute, zone, lead_s, jitter_s=0)
    every = [rule.series(at)]
    while len(every) < 14:
        every.append(rule.series(every[-1].start))
    assert all(one.start < two.start and two.day - one.day == 7 * DAY for one, two in pairwise(every))
    until = None if pause is None else at.date() + pause * DAY
    skipped = None if skips is None else every[skips].day
    left = [one for one in every if one.day != skipped and (until is None or one.day >= until)]
    found = replace(rule, paused_until=until, skipped=skipped).next(at)
    assert found == left[0]
    assert rule.fires(found) == found.start - timedelta(seconds=lead_s)
    assert rule.next(found.start - timedelta(microseconds=1)) == found
    ahead = rule.next_ahead(at)
    assert ahead is not None
    assert rule.fires(ahead) > at
