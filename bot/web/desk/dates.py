"""Dates that somebody typed or picked in a form of the desk."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from bot.domain.exceptions import FARTHEST, BadDays
from bot.domain.meeting import Meeting
from bot.views.admin_dates import read_date
from bot.views.admin_days import bad, today_at
from bot.views.formatting import date_with_year
from bot.views.frame import Frame

_LAST = time(23, 59)  # of the day until which something counts: the meeting of that evening belongs to it


def day_read(frame: Frame, text: str, meeting: Meeting) -> date | None:
    """The date that was typed, as its country writes it; None for nothing. Raises BadDays (unreadable)."""
    if not text.strip():
        return None
    today = today_at(meeting, frame.now)
    found = read_date(text[:100], frame.texts.language, meeting.country, today)
    if found is None:
        raise BadDays("unreadable")
    return found


def until_read(frame: Frame, text: str, meetings: Sequence[Meeting]) -> datetime | None:
    """The end of the day until which a change is to count, by the clock of the meetings; None: for good.

    Raises BadDays: unreadable, past, far.
    """
    day = day_read(frame, text, meetings[0])
    if day is None:
        return None
    today = min(today_at(one, frame.now) for one in meetings)
    if day < today:
        raise BadDays("past")
    if day > today + FARTHEST:
        raise BadDays("far")
    return max(datetime.combine(day, _LAST, ZoneInfo(one.zone)) for one in meetings).astimezone(UTC)


@dataclass(frozen=True, slots=True)
class Until:
    """How long a change is to count: what was typed, what it means, and what is wrong with it."""

    text: str = ""
    end: datetime | None = None
    fault: str = ""

    def faults(self, frame: Frame) -> list[tuple[str, str, str]]:
        """As those of fields are said."""
        return [("until", frame.texts.label("desk.until.field"), self.fault)] if self.fault else []


def until_typed(frame: Frame, text: str, meetings: Sequence[Meeting]) -> Until:
    """The same as `until_read`, with what is wrong in words."""
    try:
        return Until(text, until_read(frame, text, meetings))
    except BadDays as fault:
        return Until(text, fault=bad(frame, fault.reason))


def until_said(frame: Frame, until: datetime, meeting: Meeting) -> str:
    """That day, by the clock of the meeting: "12 Dec 2026"."""
    return date_with_year(frame.texts, until.astimezone(ZoneInfo(meeting.zone)), meeting.country)
