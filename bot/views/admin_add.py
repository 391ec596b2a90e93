"""Adding a meeting, or the same one on another day: step by step, all that was chosen so far in the buttons."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from bot.domain.buttons import Action
from bot.domain.edits import Done, Sheet
from bot.domain.fields import FIELDS
from bot.domain.meeting import Meeting
from bot.views.admin import home_row, stacked
from bot.views.admin_draft import Draft, Form, button
from bot.views.admin_edit import FIELD_LENGTH, NEARBY, PAGE, after_saving, take_back
from bot.views.admin_fields import called, shown
from bot.views.admin_form import BOTH, IN_ROOM, ONLINE
from bot.views.admin_meetings import back, title
from bot.views.formatting import cut, weekday_name
from bot.views.frame import Frame
from bot.views.moments import hour_of
from bot.views.screen import Button, Screen, pairs

NEW = 0  # in the place of a meeting's id
KINDS_A_PAGE = 6
_WAYS = 2  # bits
_MINUTE = 11  # bits


def kind_of(frame: Frame, draft: Draft) -> str:
    """The fellowship of a new meeting; empty where it is not chosen yet."""
    number = draft.value >> _WAYS
    return next((kind.id for kind in frame.fellowships.values() if kind.number == number), "")


def ways_of(draft: Draft) -> int:
    """How a new meeting is joined; 0: not chosen yet."""
    return draft.value & BOTH


def choose_kind(frame: Frame, kinds: Sequence[str], page: int) -> Screen:
    """Which kind of group, a page at a time."""
    pages = max(1, -(-len(kinds) // KINDS_A_PAGE))
    page %= pages
    blank = Draft(NEW, Form.ADD)
    buttons = []
    for kind in kinds[page * KINDS_A_PAGE : (page + 1) * KINDS_A_PAGE]:
        draft = replace(blank, value=frame.kind(kind).number << _WAYS)
        buttons.append(button(frame, cut(frame.kind(kind).name, 32), Action.ADMIN_ADD, draft))
    turns: tuple[Button, ...] = ()
    if pages > 1:
        label = frame.texts.label("next_page")
        turns = (button(frame, label, Action.ADMIN_ADD, blank, number=PAGE + (page + 1) % pages),)
    text = frame.texts.render("admin/meeting_choose", what="kind", title="")
    return Screen(text, stacked(*pairs(buttons), turns, home_row(frame)), edits=page > 0)


def choose_ways(frame: Frame, draft: Draft) -> Screen:
    """In a room, online, or both."""
    ways = ((IN_ROOM, "admin.in_room"), (ONLINE, "admin.online"), (BOTH, "admin.both"))
    buttons = [
        button(frame, frame.texts.label(label), Action.ADMIN_FORM, replace(draft, value=draft.value & ~BOTH | way))
        for way, label in ways
    ]
    text = frame.texts.render("admin/meeting_choose", what="ways", title=frame.kind(kind_of(frame, draft)).name)
    return Screen(text, (*pairs(buttons), home_row(frame)))


def confirm(frame: Frame, draft: Draft, made: Meeting, *, guarded: bool) -> Screen:
    """Everything that a new meeting would say."""
    text = frame.texts.render("admin/meeting_add", rows=_rows(frame, made), guarded=guarded)
    label = frame.texts.label
    save = button(frame, label("admin.save"), Action.ADMIN_SAVE, draft)
    again = button(frame, label("admin.change_again"), Action.ADMIN_FORM, draft)
    leave = frame.button("admin.leave_it", Action.ADMIN, frame.blank())
    return Screen(text, ((save,), (again, leave), home_row(frame)), answers=True)


def _rows(frame: Frame, made: Meeting) -> list[tuple[str, str]]:
    said = ((name, getattr(made, name)) for name in FIELDS)
    return [
        (called(frame, name), shown(frame, name, value, made.country, FIELD_LENGTH))
        for name, value in said
        if value not in ("", None, (), frozenset(), False)
    ]


def added(frame: Frame, values: Mapping[str, Any], done: Done) -> Screen:
    """It is there; or it waits for a second person."""
    meeting = next(iter((*done.changed, *done.unchanged)), NEW)
    name, there = cut(str(values.get("name", "")), 80), bool(done.unchanged)
    text = frame.texts.render("admin/meeting_added", name=name, waits=bool(done.proposed), there=there)
    if not meeting:
        return Screen(text, (home_row(frame),))
    return Screen(text, stacked(take_back(frame, meeting, done), *after_saving(frame, meeting)))


def choose_other_day(frame: Frame, one: Sheet, draft: Draft) -> Screen:
    """On which day the same group meets too."""
    start = one.meeting.start or 0
    buttons = [
        button(
            frame,
            weekday_name(frame.texts, day),
            Action.ADMIN_FORM,
            replace(draft, value=day << _MINUTE | start),
            number=PAGE,
        )
        for day in range(1, 8)
    ]
    return _choose(frame, "other_day", one.meeting, buttons)


def choose_other_time(frame: Frame, one: Sheet, draft: Draft) -> Screen:
    """At what time on that day."""
    day, start = draft.value >> _MINUTE, one.meeting.start or 0
    buttons = []
    for step in (*NEARBY[:3], 0, *NEARBY[3:]):
        minute = (start + step) % 1440
        label = hour_of(minute, one.meeting.country)
        buttons.append(button(frame, label, Action.ADMIN_DRAFT, replace(draft, value=day << _MINUTE | minute)))
    return _choose(frame, "other_time", one.meeting, buttons)


def other_day_of(draft: Draft) -> dict[str, Any]:
    """Day and time of the same meeting once more."""
    return {"weekday": draft.value >> _MINUTE, "start": draft.value & (1 << _MINUTE) - 1}


def _choose(frame: Frame, what: str, meeting: Meeting, buttons: list[Button]) -> Screen:
    text = frame.texts.render("admin/meeting_choose", what=what, title=title(frame, meeting))
    return Screen(text, (*pairs(buttons), (back(frame, meeting.id),), home_row(frame)))
