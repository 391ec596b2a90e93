"""A meeting as a calendar file: weekly, in its own zone, under a title that tells nothing."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event, vRecur

from bot.domain.meeting import Meeting, id_text


def calendar_file(meeting: Meeting, start: datetime | None, title: str, now: datetime) -> bytes:
    """iCalendar bytes with VTIMEZONE, a weekly rule and a stable UID; by appointment: an empty calendar."""
    calendar = Calendar()
    calendar.add("prodid", "-//Open Chair//openchair//")
    calendar.add("version", "2.0")
    if start is not None:
        calendar.add_component(_event(meeting, start.astimezone(ZoneInfo(meeting.zone)), title, now))
        calendar.add_missing_timezones()
    return bytes(calendar.to_ical())


def _event(meeting: Meeting, start: datetime, title: str, now: datetime) -> Event:
    event = Event()
    event.add("uid", f"{id_text(meeting.id)}@openchair")
    event.add("dtstamp", now)
    event.add("dtstart", start)
    event.add("dtend", start + timedelta(minutes=meeting.duration or 60))
    event.add("summary", title)
    event.add("class", "PRIVATE")
    if not meeting.check_date:
        event.add("rrule", vRecur(freq="WEEKLY"))
    if meeting.in_person and meeting.address:
        event.add("location", ", ".join(part for part in (meeting.address, meeting.city) if part))
    elif meeting.join_url:
        event.add("location", meeting.join_url)
    return event
