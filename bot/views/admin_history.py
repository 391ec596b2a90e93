"""What people who help changed: who, when, before and after; and what can be taken back."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from enum import IntEnum
from typing import Any

from bot.domain.admin import Admin, Role, may, scope_of_json
from bot.domain.audit import Change, Conflict, Undone
from bot.domain.buttons import Action
from bot.domain.exceptions import KIND as DAYS
from bot.domain.exceptions import of_json
from bot.domain.fields import FIELDS
from bot.views import days as day_words
from bot.views.admin import called, home_row, moment, role_name, scope_said, stacked
from bot.views.admin_feeds import turns
from bot.views.admin_fields import shown
from bot.views.formatting import cut
from bot.views.frame import Frame
from bot.views.moments import date_of
from bot.views.screen import Button, Screen

FIELDS_SHOWN = 4
VALUE_LENGTH = 70
TITLE_LENGTH = 50


class Step(IntEnum):
    """What a button of one change does."""

    LOOK = 0
    UNDO = 1
    UNDO_REST = 2  # what was not changed again since


def listed(frame: Frame, changes: list[Change], *, more: bool) -> Screen:
    """One page, newest first."""
    page = frame.search.page
    lines = [{**told(frame, one), "fields": changed(frame, one)[:1]} for one in changes]
    text = frame.texts.render("admin/history", changes=lines, page=page, more=more)
    first = replace(frame.blank(), page=page)
    buttons = [
        (Button(cut(_short(frame, one), 40), data=frame.data(Action.ADMIN_CHANGE, first, one.id)),) for one in changes
    ]
    rows = stacked(*buttons, turns(frame, Action.ADMIN_HISTORY, page, more=more), home_row(frame))
    return Screen(text, rows, edits=page > 1)


def one(frame: Frame, who: Admin, change: Change) -> Screen:
    """One change with all that is known of it, and the way to take it back, or why there is none."""
    fields = changed(frame, change)
    undo = change.can_be_undone and may(who, change.deed, change.subject.about)
    text = frame.texts.render(
        "admin/change",
        **told(frame, change),
        fields=fields[:FIELDS_SHOWN],
        more=max(0, len(fields) - FIELDS_SHOWN),
        undo=undo,
        is_undone=change.undone_by is not None,
        read_anew=change.subject.kind == "feed" and change.before.get("on") is True,
        is_kept=bool(change.before),
        each=change.subject.kind == "bulk",
    )
    rows = ((_step(frame, change, "admin.undo", Step.UNDO),),) if undo else ()
    return Screen(text, (*rows, (back(frame),), home_row(frame)))


def undone(frame: Frame, result: Undone) -> Screen:
    """What was set back; or what stands in the way, field by field."""
    change = result.change
    conflicts = [_conflict(frame, change, one) for one in result.conflicts[:FIELDS_SHOWN]]
    text = frame.texts.render(
        "admin/undone",
        **told(frame, change),
        count=len(result.fields),
        conflicts=conflicts,
        more=max(0, len(result.conflicts) - FIELDS_SHOWN),
    )
    rest = not result.fields and 0 < len(result.conflicts) < len(change.before)
    rows = ((_step(frame, change, "admin.undo_rest", Step.UNDO_REST),),) if rest else ()
    return Screen(text, (*rows, (back(frame),), home_row(frame)))


def told(frame: Frame, change: Change) -> dict[str, object]:
    """When, who, what and about what, by their names in the screens."""
    return {
        "at": moment(frame, change.at),
        "who": cut(called(frame, change.who.name, change.who.id), TITLE_LENGTH),
        "role": role_name(frame, change.who.role) if change.who.role else "",
        "deed": _deed(frame, change),
        "title": cut(_title(frame, change), TITLE_LENGTH),
    }


def _title(frame: Frame, change: Change) -> str:
    subject = change.subject
    if subject.kind == "invitation":
        return role_name(frame, Role(subject.title))
    if subject.kind == "admin":
        return called(frame, subject.title, int(subject.id))
    return subject.title or subject.id


def _deed(frame: Frame, change: Change) -> str:
    return frame.texts.label(f"admin.deed.{change.deed.value}")


def _short(frame: Frame, change: Change) -> str:
    return f"{_deed(frame, change)}: {_title(frame, change)}"


def changed(frame: Frame, change: Change) -> list[tuple[str, str, str]]:
    """Name, before and after of every field; what is known of one side only stands there alone."""
    every = [*change.after, *(name for name in change.before if name not in change.after)]
    names = [name for name in every if not name.startswith("edit:")]  # what an undo needs beside the value
    said = [(name, change.before.get(name), change.after.get(name)) for name in names]
    return [
        (_field(frame, change, name), _value(frame, change, name, before), _value(frame, change, name, after))
        for name, before, after in said
    ]


def _field(frame: Frame, change: Change, name: str) -> str:
    known = f"admin.field.{name}"
    if known in frame.texts.labels:
        return frame.texts.label(known)
    if change.subject.kind == DAYS:
        return date_of(frame, date.fromisoformat(name))
    said = {"links": "join", "held": "join", "reports": "report"}.get(change.subject.kind)
    return frame.texts.label(f"admin.field.{said}") if said else name


def _days(frame: Frame, name: str, value: Any) -> str:
    if value is None:
        return frame.texts.label("admin.days.as_every_week")
    return day_words.bare(frame, of_json(date.fromisoformat(name), value)).rstrip(".")


def _value(frame: Frame, change: Change, name: str, value: Any) -> str:
    if change.subject.kind == DAYS:
        return cut(_days(frame, name, value), VALUE_LENGTH)
    if value is None:
        return ""
    if change.subject.kind.startswith("meeting") and name in FIELDS:
        return shown(frame, name, value, longest=VALUE_LENGTH)
    if isinstance(value, bool):
        key = f"admin.value.{name}_{'yes' if value else 'no'}"
        return frame.texts.label(key if key in frame.texts.labels else f"admin.value.{'yes' if value else 'no'}")
    special: dict[str, Callable[[], str]] = {
        "role": lambda: role_name(frame, Role(value)),
        "scope": lambda: scope_said(frame, scope_of_json(value)),
        "until": lambda: _until(frame, value),
    }
    if name in special:
        return cut(special[name](), VALUE_LENGTH)
    if isinstance(value, list):
        return cut(next((str(part) for part in value if part), ""), VALUE_LENGTH)
    for word in (f"admin.value.{change.subject.kind}_{value}", f"admin.value.{value}"):
        if word in frame.texts.labels:
            return frame.texts.label(word)
    return cut(str(value), VALUE_LENGTH)


def _until(frame: Frame, value: str) -> str:
    """An instant as the audit writes it; "" for none."""
    try:
        return moment(frame, datetime.fromisoformat(value)) if value else ""
    except (TypeError, ValueError):
        return str(value)


def _conflict(frame: Frame, change: Change, conflict: Conflict) -> tuple[str, str, str]:
    made, now = (_value(frame, change, conflict.field, value) for value in (conflict.made, conflict.now))
    return _field(frame, change, conflict.field), made, now


def _step(frame: Frame, change: Change, label: str, step: Step) -> Button:
    return frame.button(label, Action.ADMIN_CHANGE, frame.blank(), meeting=change.id, number=step)


def back(frame: Frame) -> Button:
    """The way to the list."""
    return frame.button("admin.history", Action.ADMIN_HISTORY, frame.blank())
