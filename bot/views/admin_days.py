"""Days on which a meeting is not as every week: closed for a while, not once, or held once at another time."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.domain.buttons import Action, Press
from bot.domain.edits import Sheet
from bot.domain.errors import OutdatedButton
from bot.domain.exceptions import DatedException, Days, closed, held_between, moved_once
from bot.domain.exceptions import Done as DaysDone
from bot.domain.meeting import MINUTES_A_DAY, Meeting
from bot.domain.reminder import day_number, numbered_day
from bot.views import days as day_words
from bot.views.admin import home_row, stacked
from bot.views.admin_draft import Draft, Form, button, changes_packed, press_of
from bot.views.admin_edit import ASK, NEARBY, PAGE, Step, after_saving, cut_lines
from bot.views.admin_meetings import back, title, when
from bot.views.formatting import cut
from bot.views.frame import Frame
from bot.views.moments import date_of, hour_of
from bot.views.screen import Ask, Button, Screen, pairs

DATES_SHOWN = 6
WEEKS = (1, 2, 4, 8)
AROUND = (-3, -2, -1, 0, 1, 2, 3)  # days from the one that it is moved from
TIME = PAGE + 1  # number of the step that asks for the hour
FORMS = frozenset({Form.SUSPEND, Form.CLOSED, Form.MOVED})
_DAY, _MINUTE = 16, 11  # bits
_AHEAD = timedelta(weeks=DATES_SHOWN + 2)


def what_of(draft: Draft, meeting: Meeting) -> DatedException:
    """The exception that a draft carries; OutdatedButton for none."""
    try:
        if draft.form is Form.MOVED:
            day, to, minute = _moved(draft)
            return moved_once(day, to, None if minute == meeting.start else minute)
        first, last = draft.value >> _DAY, draft.value & (1 << _DAY) - 1
        return closed(numbered_day(first), numbered_day(last) if last else None)
    except OverflowError:
        raise OutdatedButton from None


def spanned(draft: Draft, first: date, last: date | None) -> Draft:
    """The draft of being closed from one day to another; None: until further notice."""
    return replace(draft, value=day_number(first) << _DAY | (day_number(last) if last else 0))


def _moved(draft: Draft) -> tuple[date, date, int]:
    value, minute = draft.value >> _MINUTE, draft.value & (1 << _MINUTE) - 1
    return numbered_day(value >> _DAY), numbered_day(value & (1 << _DAY) - 1), minute


def _moving(draft: Draft, day: date, to: date, minute: int) -> Draft:
    return replace(draft, value=(day_number(day) << _DAY | day_number(to)) << _MINUTE | minute)


def today_at(meeting: Meeting, now: datetime) -> date:
    """The local day of a meeting."""
    return now.astimezone(ZoneInfo(meeting.zone)).date()


def choose(frame: Frame, one: Sheet, days: Days, draft: Draft, number: int) -> Screen:
    """The next thing to choose: how long, which day, to which day, at what time."""
    if draft.form is Form.SUSPEND:
        return _suspend(frame, one.meeting, draft)
    if draft.form is Form.MOVED and number == PAGE:
        return _choose_new_day(frame, one.meeting, draft)
    if draft.form is Form.MOVED and number == TIME:
        return _choose_hour(frame, one.meeting, draft)
    return _choose_date(frame, one.meeting, days, draft)


def _suspend(frame: Frame, meeting: Meeting, draft: Draft) -> Screen:
    today = today_at(meeting, frame.now)
    buttons = []
    for weeks in WEEKS:
        last = today + timedelta(days=7 * weeks - 1)
        label = frame.texts.label("admin.until", date=dated(frame, last, meeting))
        buttons.append(button(frame, label, Action.ADMIN_DRAFT, spanned(draft, today, last)))
    label = frame.texts.label("admin.until_further_notice")
    buttons.append(button(frame, label, Action.ADMIN_DRAFT, spanned(draft, today, None)))
    buttons.append(button(frame, frame.texts.label("write_it"), Action.ADMIN_FORM, draft, number=ASK))
    return _choose(frame, "suspend", meeting, buttons)


def _choose_date(frame: Frame, meeting: Meeting, days: Days, draft: Draft) -> Screen:
    buttons = []
    for day in coming(meeting, days, frame.now):
        if draft.form is Form.CLOSED:
            data = button(frame, dated(frame, day, meeting), Action.ADMIN_DRAFT, spanned(draft, day, day))
        else:
            moving = _moving(draft, day, day, meeting.start or 0)
            data = button(frame, dated(frame, day, meeting), Action.ADMIN_FORM, moving, number=PAGE)
        buttons.append(data)
    return _choose(frame, draft.form.name.lower() if buttons else "no_dates", meeting, buttons)


def _choose_new_day(frame: Frame, meeting: Meeting, draft: Draft) -> Screen:
    day, _, minute = _moved(draft)
    buttons = []
    for step in AROUND:
        to = day + timedelta(days=step)
        if to >= today_at(meeting, frame.now):
            moving = _moving(draft, day, to, minute)
            buttons.append(button(frame, dated(frame, to, meeting), Action.ADMIN_FORM, moving, number=TIME))
    return _choose(frame, "new_day", meeting, buttons)


def _choose_hour(frame: Frame, meeting: Meeting, draft: Draft) -> Screen:
    day, to, _ = _moved(draft)
    start, buttons = meeting.start or 0, []
    for step in (*NEARBY[:3], 0, *NEARBY[3:]):
        minute = (start + step) % MINUTES_A_DAY
        if to != day or step:
            label = hour_of(minute, meeting.country)
            buttons.append(button(frame, label, Action.ADMIN_DRAFT, _moving(draft, day, to, minute)))
    return _choose(frame, "new_hour", meeting, buttons)


def _choose(frame: Frame, what: str, meeting: Meeting, buttons: list[Button]) -> Screen:
    text = frame.texts.render("admin/meeting_choose", what=what, title=title(frame, meeting))
    return Screen(text, stacked(*pairs(buttons), (back(frame, meeting.id),), home_row(frame)))


def coming(meeting: Meeting, days: Days, now: datetime) -> list[date]:
    """The next days on which it is held."""
    if meeting.weekday is None or meeting.start is None:
        return []
    zone = ZoneInfo(meeting.zone)
    found = held_between(meeting.weekday, meeting.start, zone, days, now, now + _AHEAD)
    return [one.day for one in found][:DATES_SHOWN]


def dated(frame: Frame, day: date, meeting: Meeting) -> str:
    """A date with its day of the week."""
    return date_of(frame, day, meeting.country)


def question(frame: Frame, meeting: Meeting, draft: Draft, *, typed: str = "", reason: str = "") -> Screen:
    """Asks from when to when. `reason`: what is wrong with what was `typed`."""
    text = frame.texts.render(
        "admin/meeting_dates",
        link=frame.start_link(press_of(frame, Action.ADMIN_FORM, draft, ASK)),
        title=title(frame, meeting),
        typed=cut_lines(typed),
        reason=reason,
    )
    return Screen(text, ask=Ask(frame.texts.label("admin.placeholder.suspend")))


def bad(frame: Frame, reason: str) -> str:
    """Why days make no sense, in words."""
    key = f"admin.days.bad.{reason}"
    return frame.texts.label(key if key in frame.texts.labels else "admin.bad.unreadable")


def refused(frame: Frame, meeting: Meeting, draft: Draft, reason: str) -> Screen:
    """Days that make no sense, and the way to choose others."""
    text = frame.texts.render("admin/meeting_days_refused", title=title(frame, meeting), reason=bad(frame, reason))
    again = button(frame, frame.texts.label("admin.change_again"), Action.ADMIN_FORM, replace(draft, value=0))
    return Screen(text, ((again, back(frame, meeting.id)), home_row(frame)))


def confirm(frame: Frame, one: Sheet, draft: Draft, what: DatedException) -> Screen:
    """What it says, and which meetings it is about."""
    label, others = frame.texts.label, draft.chosen(one.others)
    text = frame.texts.render(
        "admin/meeting_days_confirm",
        title=title(frame, one.meeting),
        said=day_words.said(frame, one.meeting, what, one.meeting.country),
        others=[when(frame, other) for other in others],
    )
    rows: list[tuple[Button, ...]] = [(button(frame, label("admin.save"), Action.ADMIN_SAVE, draft),)]
    if one.others and draft.form is not Form.MOVED:
        rows.append((button(frame, label("admin.several_days"), Action.ADMIN_DRAFT, draft, number=Step.OTHERS),))
    again = button(frame, label("admin.change_again"), Action.ADMIN_FORM, replace(draft, value=0))
    rows.append((again, Button(label("admin.leave_it"), data=back(frame, one.meeting.id).data)))
    return Screen(text, stacked(*rows, home_row(frame)), answers=True)


def saved(frame: Frame, one: Sheet, what: DatedException | None, done: DaysDone) -> Screen:
    """It is set, or (none) everything is as every week again."""
    text = frame.texts.render(
        "admin/meeting_days_saved",
        title=title(frame, one.meeting),
        said=day_words.said(frame, one.meeting, what, one.meeting.country) if what else "",
        count=len(done.changed),
    )
    packed = changes_packed(done.changes)
    undo: tuple[Button, ...] = ()
    if packed:
        data = frame.pack(Press(Action.ADMIN_TAKE_BACK, frame.blank(), one.meeting.id, picked=packed))
        undo = (Button(frame.texts.label("admin.undo"), data=data),)
    return Screen(text, stacked(undo, *after_saving(frame, one.meeting.id)))


def listed(frame: Frame, one: Sheet, days: Sequence[DatedException], *, editable: bool) -> Screen:
    """The days ahead that are not as every week, and the way to take each away."""
    meeting = one.meeting
    told = [day_words.said(frame, meeting, day, meeting.country) for day in days]
    text = frame.texts.render("admin/meeting_days", title=title(frame, meeting), days=told)
    buttons = []
    for day in days[:7] if editable else ():
        label = frame.texts.label("admin.as_every_week", day=dated(frame, day.first_day, meeting))
        number = day_number(day.first_day)
        data = frame.data(Action.ADMIN_DAY_GONE, frame.blank(), meeting.id, number)
        buttons.append(Button(cut(label, 40), data=data))
    return Screen(text, stacked(*pairs(buttons), (back(frame, meeting.id),), home_row(frame)))
