"""What arrives by itself, and what its buttons show. The first words tell nothing about what it is for.

`arrived` writes each kind of message; `resting` is the discreet line that a reminder always goes back to.
"""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.domain.buttons import Action
from bot.domain.exceptions import Days, held_between
from bot.domain.found import Row
from bot.domain.meeting import Meeting, Status
from bot.domain.reminder import ASSUMED_DURATION, Due, Kind, day_number
from bot.domain.when import local_instant
from bot.views import check_in, notices
from bot.views.formatting import cut, lead
from bot.views.frame import Frame
from bot.views.meeting import place_values, ways_in
from bot.views.moments import Wall, date_of, day_of, hour_of, wall_of
from bot.views.screen import Button, Screen, pairs
from bot.views.zones import country_of_zone

Rows = tuple[tuple[Button, ...], ...]
NAME_LENGTH = 60


def arrived(frame: Frame, due: Due) -> Screen:
    """The message that a due reminder becomes, in the frame's language."""
    writers: dict[Kind, Callable[[Frame, Due], Screen]] = {
        Kind.REMINDER: _reminder,
        Kind.LATER: _reminder,
        Kind.TOUGH_TIME: _tough_time,
        Kind.NOTICE: notices.arrived,
        Kind.CHECK_IN: check_in.arrived,
        Kind.QUESTION: notices.question,
        Kind.EXPIRY: notices.expiry,
    }
    return writers[due.kind](frame, due)


def _reminder(frame: Frame, due: Due) -> Screen:
    assert due.meeting is not None
    return resting(frame, due.meeting, due.day, zone=due.zone, named=due.named, start=due.start)


def _tough_time(frame: Frame, due: Due) -> Screen:
    assert due.tough is not None
    return tough_resting(frame, due.tough.number, due.zone)


def starts(meeting: Meeting, on: date, days: Days = ()) -> datetime | None:
    """When a meeting starts on a local date; None where it is not held on it. `days`: its exceptions."""
    if meeting.start is None or meeting.weekday is None:
        return None
    zone = ZoneInfo(meeting.zone)
    midnight, next_midnight = local_instant(on, 0, zone), local_instant(on + timedelta(days=1), 0, zone)
    held = held_between(meeting.weekday, meeting.start, zone, days, midnight, next_midnight)
    return next((one.start for one in held if one.day == on), None)


def resting(
    frame: Frame,
    meeting: Meeting | None,
    on: date,
    *,
    zone: str | None = None,
    named: bool = False,
    start: datetime | None = None,
    identity: int | None = None,
    edits: bool = False,
) -> Screen:
    """The discreet line of one occurrence; the same words however often it is shown.

    `identity` is the meeting's id where the meeting itself is no longer known.
    """
    wall = wall_of(frame, meeting, zone)
    start = start or (starts(meeting, on) if meeting else None)
    name = cut(meeting.name, NAME_LENGTH) if meeting and named else ""
    text = frame.texts.render("arrives/reminder", time=wall.time(start) if start else "", name=name)
    rows = occasion_rows(frame, meeting.id if meeting else identity, on)
    return Screen(text, rows, edits=edits)


def occasion_rows(frame: Frame, meeting: int | None, on: date) -> Rows:
    """What can be done with a reminder that came."""
    return (
        (_on_day(frame, "open", Action.REMINDER_OPEN, meeting, on), _later(frame, meeting, on)),
        (
            _on_day(frame, "not_this_week", Action.REMINDER_SKIP, meeting, on),
            frame.button("change_it", Action.REMINDER, frame.blank(), meeting=meeting),
        ),
        stop_row(frame),
    )


def stop_row(frame: Frame) -> tuple[Button, ...]:
    """The last row of whatever the bot sends by itself."""
    return (frame.button("stop_all", Action.STOP_ALL, frame.blank()), frame.urgent())


def _on_day(frame: Frame, label: str, action: Action, meeting: int | None, on: date) -> Button:
    return frame.button(label, action, frame.blank(), meeting=meeting, number=day_number(on))


def _later(frame: Frame, meeting: int | None, on: date) -> Button:
    return _on_day(frame, "later", Action.REMINDER_LATER, meeting, on)


def opened(frame: Frame, row: Row, on: date, zone: str | None) -> Screen:
    """The details as they are now, in place of the line; they can be hidden again."""
    meeting = row.meeting
    wall, start = wall_of(frame, meeting, zone), starts(meeting, on, row.days)
    now_listed = start is not None and meeting.status != Status.SUSPENDED
    over = start is not None and frame.now >= start + timedelta(minutes=meeting.duration or ASSUMED_DURATION)
    coming = row.next if row.next and row.next != start else None
    text = frame.texts.render(
        "reminders/opened",
        time=wall.time(start) if start else "",
        day=day_of(frame, start, wall, inline=True) if start else date_of(frame, on, wall.country),
        lead=lead(frame.texts, start, frame.now) if start else "",
        listed=now_listed,
        over=over,
        next=_moment(frame, coming, wall) if coming else "",
        name=meeting.name,
        kind=frame.kind(meeting.fellowship).name,
        **place_values(frame, row),
    )
    ways = ways_in(frame, meeting) if now_listed and not over else []
    again = [frame.button("remind_me", Action.REMIND, meeting=meeting.id)] if over else []
    number = frame.kind(meeting.fellowship).number
    beside = [
        frame.button("talk_first", Action.TALK_FIRST, meeting=meeting.id, number=number),
        frame.button("expect", Action.EXPECT, meeting=meeting.id, number=number),
    ]
    hide = (_on_day(frame, "hide_again", Action.REMINDER_HIDE, meeting.id, on), frame.urgent())
    return Screen(text, (*pairs([*ways, *again, *beside]), hide), edits=True)


def _moment(frame: Frame, instant: datetime, wall: Wall) -> str:
    return f"{day_of(frame, instant, wall, inline=True)}, {wall.time(instant)}"


def put_off(frame: Frame, shown: Screen, again: datetime | None, wall: Wall, *, began: bool) -> Screen:
    """After "Later": when it comes again, or kindly that it does not. `shown` is the resting screen."""
    text = frame.texts.render(
        "reminders/later", line=_plain(shown), again=wall.time(again) if again else "", began=began
    )
    return Screen(text, shown.rows, edits=True)


def left_out(frame: Frame, shown: Screen, meeting: Meeting | None, coming: str, *, on: str, began: bool) -> Screen:
    """After "Not this week": which date is left out, when the next comes, and what else there is."""
    text = frame.texts.render("reminders/left_out", line=_plain(shown), on=on, next=coming, began=began)
    rows: Rows = ()
    if meeting is not None:
        search = notices.other_kinds(frame, frame.kind(meeting.fellowship), notices.around(meeting))
        rows = ((frame.button("other_meetings", Action.LIST, search),),)
    change = frame.button("change_it", Action.REMINDER, frame.blank(), meeting=meeting.id if meeting else None)
    mine = frame.button("my_reminders", Action.REMINDERS, frame.blank())
    return Screen(text, (*rows, (change, mine), stop_row(frame)), edits=True)


def _plain(screen: Screen) -> str:
    return screen.text.partition("\n")[0]


def tough_resting(frame: Frame, number: int, zone: str, *, edits: bool = False) -> Screen:
    """The line of a tough time: the words of any other reminder."""
    country = country_of_zone(zone) or frame.operator.country
    text = frame.texts.render("arrives/reminder", time=hour_of(number, country), name="")
    rows = (
        (
            frame.button("open", Action.TOUGH_TIME_OPEN, frame.blank(), number=number),
            frame.button("stop_this", Action.TOUGH_TIME_STOP, frame.blank(), number=number),
        ),
        stop_row(frame),
    )
    return Screen(text, rows, edits=edits)
