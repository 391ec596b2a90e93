"""Life happens: a meeting moved, changed, is suspended or gone; and the two questions that a quiet reminder asks."""

from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.domain.buttons import Action
from bot.domain.fellowship import Fellowship
from bot.domain.filters import room_open
from bot.domain.found import Row
from bot.domain.meeting import Meeting
from bot.domain.place import Place
from bot.domain.reminder import Due, Reason, Reminder
from bot.domain.search import Search
from bot.views.days import all_said
from bot.views.formatting import cut, weekday_name
from bot.views.frame import Frame
from bot.views.meeting import place_values
from bot.views.moments import date_of, day_of, hour_of, wall_of, weekday_of
from bot.views.remind import Part
from bot.views.screen import Button, Screen
from bot.views.zones import country_of_zone

NAME_LENGTH = 60
UNKNOWN = 0  # the number of a notice whose time nobody knows any more
_WEEK = 7 * 1440  # added to the number of a notice about one day alone


def arrived(frame: Frame, due: Due) -> Screen:
    """Something changed: the line tells which time it is about, and no more."""
    number = UNKNOWN if due.start is None else _minute_of_week(due.start, _zone(frame, due)) + 1
    if due.start is not None and due.reason is Reason.CLOSED:
        number += _WEEK
    meeting = due.meeting
    search = same_kind(frame, meeting) if meeting else frame.blank()
    return resting(
        frame,
        meeting.id if meeting else None,
        number,
        _zone(frame, due),
        search,
        name=cut(meeting.name, NAME_LENGTH) if meeting and due.named else "",
    )


def resting(
    frame: Frame,
    meeting: int | None,
    number: int,
    zone: str,
    search: Search,
    *,
    name: str = "",
    edits: bool = False,
) -> Screen:
    """The discreet line of a notice. `number`: the minute of the week plus one; `search`: the same kind elsewhere."""
    weekday, time = _was(frame, number, zone)
    text = frame.texts.render("arrives/notice", weekday=weekday, time=time, name=name)
    rows = (
        (
            frame.button("open", Action.NOTICE_OPEN, search, meeting=meeting, number=number),
            frame.button("my_reminders", Action.REMINDERS, frame.blank()),
        ),
        (frame.button("stop_all", Action.STOP_ALL, frame.blank()), frame.urgent()),
    )
    return Screen(text, rows, edits=edits)


def opened(frame: Frame, row: Row | None, number: int, reminder: Reminder | None) -> Screen:
    """What the list says now, and other meetings. The frame's search: the same kind."""
    meeting = row.meeting if row else None
    zone = reminder.zone if reminder else None
    wall = wall_of(frame, meeting, zone)
    weekday, time = _was(frame, number, wall.zone)
    values: dict[str, object] = place_values(frame, row) if row else {}
    coming = row.next if row else None
    moved = coming is not None and number != UNKNOWN and _minute_of_week(coming, wall.zone) != (number - 1) % _WEEK
    text = frame.texts.render(
        "reminders/notice",
        weekday=weekday,
        time=time,
        next=f"{day_of(frame, coming, wall, inline=True)}, {wall.time(coming)}" if coming else "",
        known=meeting is not None,
        name=meeting.name if meeting else "",
        kind=frame.kind(meeting.fellowship).name if meeting else "",
        moved=moved,
        once=number > _WEEK,
        days=all_said(frame, _with_near(row), wall.country) if row else [],
        goes_along=reminder is not None and reminder.fires_at is not None,
        **({"place": "", "how": ""} | values),
    )
    identity = meeting.id if meeting else None
    first: list[Button] = []
    if identity is not None:
        first.append(frame.button("to_meeting", Action.MEETING, frame.blank(), meeting=identity))
    if reminder is not None:
        first.append(frame.button("change_it", Action.REMINDER, frame.blank(), meeting=reminder.meeting))
    about = reminder.meeting if reminder else identity
    hide = frame.button("hide_again", Action.NOTICE_HIDE, frame.search, meeting=about, number=number)
    ways = (tuple(first),) if first else ()
    return Screen(text, (*ways, *alternatives(frame), (hide, frame.urgent())), edits=True)


def _with_near(row: Row) -> Row:
    """Without the exceptions that lie behind the next start: these nobody has to be told of now."""
    if row.next is None:
        return row
    last = row.next.astimezone(ZoneInfo(row.meeting.zone)).date()
    return replace(row, days=tuple(one for one in row.days if one.first_day <= last))


def alternatives(frame: Frame) -> tuple[tuple[Button, ...], ...]:
    """The same kind elsewhere, and other kinds near there or online; the frame's search is the same kind."""
    search = frame.near()
    kind = frame.kind(search.fellowships[0]) if search.fellowships else None
    if kind is None:
        blank = frame.blank()
        find = frame.button("find_a_meeting", Action.ASK_PLACE, blank)
        return ((find, frame.button("online_now", Action.ONLINE_NOW, blank)),)
    others = other_kinds(frame, kind, search.place)
    return (
        (frame.button("kind_next", Action.LIST, search, kind=kind.short),),
        (
            frame.button("other_meetings", Action.LIST, others),
            frame.button("online", Action.LIST, other_kinds(frame, kind, None)),
        ),
    )


def around(meeting: Meeting) -> Place | None:
    """Where a meeting's room is; None for a call, and where the list gives no point."""
    if not room_open(meeting.in_person, meeting.status) or meeting.latitude is None or meeting.longitude is None:
        return None
    place = Place(meeting.city, meeting.latitude, meeting.longitude, meeting.region, meeting.country, meeting.zone)
    return place.on_grid()


def same_kind(frame: Frame, meeting: Meeting) -> Search:
    """Meetings of its kind, near there or online."""
    place = around(meeting)
    blank = frame.blank()
    if place:
        return frame.near(blank, fellowships=(meeting.fellowship,), place=place)
    return frame.near(blank, fellowships=(meeting.fellowship,), online=True)


def other_kinds(frame: Frame, kind: Fellowship, place: Place | None) -> Search:
    """Meetings of every kind for the same needs, near there or online."""
    needs = tuple(need for need in kind.needs if not kind.family or need == "family")[:3]
    blank = frame.blank()
    return frame.near(blank, needs=needs, place=place) if place else frame.near(blank, needs=needs, online=True)


def question(frame: Frame, due: Due) -> Screen:
    """Three in a row were not opened: one quiet question."""
    return _asks(frame, due, "arrives/question", _pause(frame, due))


def expiry(frame: Frame, due: Due) -> Screen:
    """It ends soon by itself unless it is wanted."""
    return _asks(frame, due, "arrives/expiry", _stop(frame, due))


def _asks(frame: Frame, due: Due, message: str, other: Button) -> Screen:
    country = country_of_zone(_zone(frame, due)) or frame.operator.country
    weekday, time = _when(frame, due)
    ends_on = date_of(frame, due.ends_on, country) if due.ends_on else ""
    text = frame.texts.render(message, weekday=weekday, time=time, ends_on=ends_on)
    meeting, number = _named(due)
    keep = frame.button("keep", Action.REMINDER_KEEP, frame.blank(), meeting=meeting, number=number)
    last = (frame.button("stop_all", Action.STOP_ALL, frame.blank()), frame.urgent())
    return Screen(text, ((keep, other), last))


def _named(due: Due) -> tuple[int | None, int]:
    """How a button names what it is about: a meeting, or the number of a tough time."""
    if due.tough is not None:
        return None, due.tough.number
    return (due.meeting.id if due.meeting else None), 0


def _pause(frame: Frame, due: Due) -> Button:
    meeting, _ = _named(due)
    if meeting is None:
        return _stop(frame, due)
    return frame.button("pause", Action.REMINDER, frame.blank(), meeting=meeting, number=Part.PAUSES)


def _stop(frame: Frame, due: Due) -> Button:
    meeting, number = _named(due)
    if due.tough is not None:
        return frame.button("stop_this", Action.TOUGH_TIME_STOP, frame.blank(), number=number)
    return frame.button("stop_this", Action.REMINDER_STOP, frame.blank(), meeting=meeting)


def _when(frame: Frame, due: Due) -> tuple[str, str]:
    """Weekday and time of what is asked about, in words."""
    if due.tough is not None:
        country = country_of_zone(due.zone) or frame.operator.country
        return weekday_name(frame.texts, due.tough.weekday), hour_of(due.tough.minute, country)
    if due.start is None:
        return weekday_name(frame.texts, due.day.isoweekday()), ""
    wall = wall_of(frame, due.meeting, due.zone)
    return weekday_of(frame, due.start, wall), wall.time(due.start)


def _zone(frame: Frame, due: Due) -> str:
    return wall_of(frame, due.meeting, due.zone).zone


def _minute_of_week(instant: datetime, zone: str) -> int:
    local = instant.astimezone(ZoneInfo(zone))
    return (local.isoweekday() - 1) * 1440 + local.hour * 60 + local.minute


def _was(frame: Frame, number: int, zone: str) -> tuple[str, str]:
    """Weekday and time that a notice's number stands for; empty where not known."""
    if not UNKNOWN < number <= 2 * _WEEK:
        return "", ""
    weekday, minute = divmod((number - 1) % _WEEK, 1440)
    country = country_of_zone(zone) or frame.operator.country
    return weekday_name(frame.texts, weekday + 1), hour_of(minute, country)
