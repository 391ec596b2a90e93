"""A meeting as a calendar file: weekly, in its own zone, under a title that tells nothing.

Days on which it is not held are left out of the series, one that is held once elsewhen takes the place of its own.
"""

from collections.abc import Collection
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event, vRecur

from bot.domain.exceptions import DatedException, Days, is_closed, is_held, next_held
from bot.domain.meeting import MINUTES_A_DAY, Meeting, id_text

_WEEK = timedelta(days=7)
_ASSUMED_MINUTES = 60


def calendar_file(meeting: Meeting, start: datetime | None, title: str, now: datetime, days: Days = ()) -> bytes:
    """iCalendar bytes with VTIMEZONE, a weekly rule and a stable UID; by appointment: an empty calendar."""
    calendar = Calendar()
    calendar.add("prodid", "-//Open Chair//openchair//")
    calendar.add("version", "2.0")
    if start is not None:
        for event in _events(meeting, start.astimezone(ZoneInfo(meeting.zone)), title, now, days):
            calendar.add_component(event)
        calendar.add_missing_timezones()
    return bytes(calendar.to_ical())


def _events(meeting: Meeting, start: datetime, title: str, now: datetime, days: Days) -> list[Event]:
    if meeting.check_date or not days or meeting.weekday is None or meeting.start is None:
        event = _event(meeting, start, title, now)
        if not meeting.check_date:
            event.add("rrule", vRecur(freq="WEEKLY"))
        return [event]
    moved = {one.first_day: one for one in _moves(meeting, start.date(), days)}
    own = {day for day in moved if day.isoweekday() == meeting.weekday and not is_closed(days, day)}
    first = _first(meeting, start, days, own)
    series = [] if first is None else [_series(meeting, first, title, now, days, own)]
    return [*series, *(_once(meeting, one, title, now, replaces=day in own) for day, one in moved.items())]


def _moves(meeting: Meeting, today: date, days: Days) -> Collection[DatedException]:
    """Those still ahead that are held elsewhen; of two on one date the earlier, as domain.exceptions has it."""
    found: dict[date, DatedException] = {}
    for one in days:
        if _is_ahead(one, today, days) and one.moved_to is not None:
            before = found.get(one.moved_to)
            if before is None or _minute(meeting, one) < _minute(meeting, before):
                found[one.moved_to] = one
    return found.values()


def _minute(meeting: Meeting, one: DatedException) -> int:
    return (meeting.start or 0) if one.start is None else one.start


def _is_ahead(one: DatedException, today: date, days: Days) -> bool:
    return one.moved_to is not None and one.moved_to >= today and not is_closed(days, one.moved_to)


def _first(meeting: Meeting, start: datetime, days: Days, own: Collection[date]) -> date | None:
    """The day on which the series begins: one that is held, or one that is held elsewhen; None: there is no more."""
    assert meeting.weekday is not None
    assert meeting.start is not None
    weekly = tuple(one for one in days if one.moved_to is None)
    midnight = datetime.combine(start.date(), time(), tzinfo=start.tzinfo).astimezone(UTC)
    coming = next_held(meeting.weekday, meeting.start, ZoneInfo(meeting.zone), weekly, midnight)
    return min([*own, *([coming.day] if coming else [])], default=None)


def _series(meeting: Meeting, first: date, title: str, now: datetime, days: Days, own: Collection[date]) -> Event:
    """Weekly from a day on, without what is not held; suspended until further notice it ends. `own`: what moved."""
    event = _event(meeting, _at(meeting, first), title, now)
    endless = min((one.first_day for one in days if one.last_day is None), default=date.max)
    if endless < date.max:
        last = _at(meeting, endless - timedelta(days=1), MINUTES_A_DAY - 1)
        event.add("rrule", vRecur(freq="WEEKLY", until=last.astimezone(UTC)))
    else:
        event.add("rrule", vRecur(freq="WEEKLY"))
    last_day = max((one.ends for one in days if one.ends), default=first)
    for weeks in range((last_day - first).days // 7 + 1):
        day = first + weeks * _WEEK
        if day < endless and day not in own and not is_held(days, day):
            event.add("exdate", _at(meeting, day))
    return event


def _once(meeting: Meeting, one: DatedException, title: str, now: datetime, *, replaces: bool) -> Event:
    """The one that is moved: in the place of its own day of the series, or by itself where that has none."""
    assert one.moved_to is not None
    event = _event(meeting, _at(meeting, one.moved_to, one.start), title, now)
    if replaces:
        event.add("recurrence-id", _at(meeting, one.first_day))
    else:
        event["uid"] = f"{id_text(meeting.id)}-{one.first_day:%Y%m%d}@openchair"
    return event


def _at(meeting: Meeting, day: date, minute: int | None = None) -> datetime:
    """A day at the meeting's hour, or at another local minute, in its zone."""
    assert meeting.start is not None
    return datetime.combine(
        day, time(*divmod(meeting.start if minute is None else minute, 60)), tzinfo=ZoneInfo(meeting.zone)
    )


def _event(meeting: Meeting, start: datetime, title: str, now: datetime) -> Event:
    event = Event()
    event.add("uid", f"{id_text(meeting.id)}@openchair")
    event.add("dtstamp", now)
    event.add("dtstart", start)
    event.add("dtend", start + timedelta(minutes=meeting.duration or _ASSUMED_MINUTES))
    event.add("summary", title)
    event.add("class", "PRIVATE")
    if meeting.in_person and meeting.address:
        event.add("location", ", ".join(part for part in (meeting.address, meeting.city) if part))
    elif meeting.join_url:
        event.add("location", meeting.join_url)
    return event
