"""Days on which a meeting is not as every week, in words."""

from zoneinfo import ZoneInfo

from bot.domain.exceptions import DatedException
from bot.domain.found import Row
from bot.domain.meeting import Meeting
from bot.views.frame import Frame
from bot.views.moments import date_of, hour_of

MOST = 3  # said of one meeting


def all_said(frame: Frame, row: Row, country: str) -> list[str]:
    """The next few exceptions of a meeting, one sentence each."""
    return [said(frame, row.meeting, one, country) for one in row.days[:MOST]]


def said(frame: Frame, meeting: Meeting | None, one: DatedException, country: str = "") -> str:
    """ "Not on Thu 24 Dec.", "Suspended until Sun 3 Jan.", "Once on Fri 25 Dec, 18:00, instead of Thu 24 Dec." """
    words = _moved(frame, meeting, one, country) if one.moved_to else _closed(frame, meeting, one, country)
    return f"{words} {one.note.rstrip('. ')}." if one.note.rstrip(". ") else words


def bare(frame: Frame, one: DatedException) -> str:
    """The same for the history, where the meeting itself is not at hand."""
    return said(frame, None, one)


def _closed(frame: Frame, meeting: Meeting | None, one: DatedException, country: str) -> str:
    first = date_of(frame, one.first_day, country)
    if one.last_day == one.first_day:
        return frame.texts.label("days.closed", day=first)
    begun = meeting is not None and one.first_day <= frame.now.astimezone(ZoneInfo(meeting.zone)).date()
    if one.last_day is None:
        return frame.texts.label("days.suspended" if begun else "days.suspended_from", first=first)
    last = date_of(frame, one.last_day, country)
    return frame.texts.label("days.until" if begun else "days.from_until", first=first, last=last)


def _moved(frame: Frame, meeting: Meeting | None, one: DatedException, country: str) -> str:
    assert one.moved_to is not None
    usual = meeting.start if meeting else None
    start = usual if one.start is None else one.start
    day, to = (date_of(frame, date, country) for date in (one.first_day, one.moved_to))
    if start is None:
        return frame.texts.label("days.moved_day", to=to, day=day)
    key = "days.other_hour" if one.moved_to == one.first_day else "days.moved"
    return frame.texts.label(key, to=to, time=hour_of(start, country), day=day)
