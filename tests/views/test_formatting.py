"""Days, times and distances as the language and the country write them."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.views import formatting
from tests.views.frames import LIBRARY, NOW

ENGLISH, SPANISH = LIBRARY.texts("en"), LIBRARY.texts("es")
LONDON, NEW_YORK = "Europe/London", "America/New_York"


@pytest.mark.parametrize(("country", "said"), [("GB", "18:02"), ("US", "6:02 PM"), ("ES", "18:02"), ("", "18:02")])
def test_the_clock_is_the_country_s_own(country: str, said: str) -> None:
    assert formatting.clock(NOW, LONDON, country) == said


def test_midnight_and_noon_on_a_twelve_hour_clock() -> None:
    midnight = datetime(2026, 11, 24, tzinfo=UTC)
    assert formatting.clock(midnight, "UTC", "US") == "12:00 AM"
    assert formatting.clock(midnight + timedelta(hours=12), "UTC", "US") == "12:00 PM"


@pytest.mark.parametrize(
    ("hours", "said"),
    [(1, "Today, Tue 24 Nov"), (24, "Tomorrow, Wed 25 Nov"), (48, "Thu 26 Nov"), (-24, "Mon 23 Nov")],
)
def test_a_day_is_named_with_its_date(hours: int, said: str) -> None:
    assert formatting.day(ENGLISH, NOW + timedelta(hours=hours), LONDON, "GB", NOW) == said


def test_at_two_in_the_morning_it_is_still_tonight() -> None:
    night = datetime(2026, 11, 25, 2, tzinfo=UTC)
    assert formatting.day(ENGLISH, night + timedelta(hours=1), LONDON, "GB", night) == "Tonight, Wed 25 Nov"


def test_dates_follow_language_and_country() -> None:
    later = NOW + timedelta(days=3)
    assert formatting.day(ENGLISH, later, NEW_YORK, "US", NOW) == "Fri Nov 27"
    assert "27" in formatting.day(SPANISH, later, LONDON, "ES", NOW)
    assert "vie" in formatting.day(SPANISH, later, LONDON, "ES", NOW)


@pytest.mark.parametrize(
    ("km", "country", "said"),
    [
        (0.03, "IE", "100 m"),
        (0.84, "IE", "800 m"),
        (1.24, "DE", "1.2 km"),
        (31.4, "DE", "31 km"),
        (1.2, "US", "0.7 miles"),
        (0.01, "GB", "0.1 miles"),
        (1.6, "US", "1 mile"),
        (40, "GB", "25 miles"),
    ],
)
def test_a_distance_can_be_pictured(km: float, country: str, said: str) -> None:
    assert formatting.distance(ENGLISH, km, country) == said


@pytest.mark.parametrize(
    ("minutes", "said"),
    [
        (-10, "began 10 minutes ago"),
        (0, "begins now"),
        (1, "in 1 minute"),
        (25, "in 25 minutes"),
        (95, "in 2 hours"),
    ],
)
def test_how_soon_it_is(minutes: int, said: str) -> None:
    assert formatting.lead(ENGLISH, NOW + timedelta(minutes=minutes), NOW) == said


def test_a_zone_is_named_by_its_city() -> None:
    assert formatting.zone_name("en", LONDON) == "London"
    assert formatting.zone_name("es", NEW_YORK) == "Nueva York"


def test_a_text_is_cut_at_a_word() -> None:
    assert formatting.cut("one two three four", 12) == "one two…"
    assert formatting.cut("short", 12) == "short"
