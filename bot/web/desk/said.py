"""Days and ages as the pages of the desk say them."""

from datetime import UTC, date, datetime, time

from bot.views.formatting import date_with_year
from bot.web.desk.sitting import Sitting

_HOUR_S, _DAY_S = 3600, 86_400


def on(at: Sitting, day: date) -> str:
    """A day, with its year."""
    noon = datetime.combine(day, time(12), UTC)
    return date_with_year(at.frame.texts, noon, at.frame.operator.country)


def age(at: Sitting, day: date) -> str:
    """How many days ago a day was."""
    return at.label("desk.ago.days", max(0, (at.frame.now.date() - day).days))


def ago(at: Sitting, instant: datetime) -> str:
    """How long ago an instant was: minutes, hours from two on, days from two on."""
    seconds = max(0.0, (at.frame.now - instant).total_seconds())
    if seconds < 2 * _HOUR_S:
        return at.label("desk.ago.minutes", round(seconds / 60))
    if seconds < 2 * _DAY_S:
        return at.label("desk.ago.hours", round(seconds / _HOUR_S))
    return at.label("desk.ago.days", round(seconds / _DAY_S))
