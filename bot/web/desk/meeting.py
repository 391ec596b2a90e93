"""One meeting on the web: all its fields, the difference before it is saved, and what was done to it before."""

from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from starlette.responses import Response
from starlette.routing import Route

from bot.domain import fields, guarded
from bot.domain.admin import Deed, may
from bot.domain.edits import Done, Sheet
from bot.domain.errors import MeetingChanged, MeetingGone, NotPermitted, OutdatedButton
from bot.domain.fields import FIELDS
from bot.domain.meeting import ID_BITS, Meeting
from bot.views import admin_history
from bot.views.admin_edit import after
from bot.views.admin_fields import called, shown
from bot.views.admin_meetings import day_name, set_by_hand, when
from bot.views.formatting import date_with_year
from bot.web.desk import fields as inputs
from bot.web.desk import screens
from bot.web.desk.fields import WAS, Typed
from bot.web.desk.sitting import ROOT, Sitting, WebDesk, seated

HISTORY_SHOWN = 20
LONGEST_WHY = 200
_HISTORY = ("meeting", "meeting_added", "exception")


@dataclass(frozen=True, slots=True)
class Change:
    """One field before and after. `since`: what somebody else made of it after the form was opened."""

    field: str
    before: str
    after: str
    since: str = ""


def meeting_routes(room: WebDesk) -> list[Route]:
    """/admin/meetings/<14 hex digits>."""
    one = f"/{ROOT}/meetings/{{meeting}}"
    return [
        Route(one, seated(room, _one), methods=["GET"]),
        Route(one, seated(room, _do), methods=["POST"]),
    ]


def identity(text: str) -> int:
    """The id that an address names; MeetingGone for what is none."""
    if len(text) != ID_BITS // 4 or not set(text) <= set("0123456789abcdef"):
        raise MeetingGone
    return int(text, 16)


async def _sheet(at: Sitting) -> Sheet:
    return await at.desk.meetings.one(at.who, identity(at.request.path_params["meeting"]))


async def _one(at: Sitting) -> Response:
    return await _form(at, await _sheet(at), Typed())


async def _form(at: Sitting, sheet: Sheet, typed: Typed, status: int = 200) -> Response:
    """The form; with what was typed standing in it where something is wrong with that."""
    frame, meeting = at.frame, sheet.meeting
    was = inputs.cells_of(meeting)
    editable = may(at.who, Deed.EDIT_MEETING, sheet.about)
    changes = await at.desk.audit.of(at.who, _HISTORY, at.request.path_params["meeting"])
    history = [admin_history.one(frame, at.who, one) for one in changes[:HISTORY_SHOWN]]
    corrections = [
        (one.field, called(frame, one.field), _said(at, one.field, one.listed), _said(at, one.field, one.value))
        for one in set_by_hand(sheet)
    ]
    notes = {name: at.label("desk.listed", None, value=listed) for name, _, listed, _ in corrections}
    return at.show(
        "meeting",
        status,
        name=meeting.name,
        when=when(frame, meeting),
        kind=frame.kind(meeting.fellowship).name,
        id=at.request.path_params["meeting"],
        source=at.desk.feeds.publisher(meeting.feed) or meeting.feed,
        groups=inputs.groups(frame, was | typed.cells, was, typed, notes),
        faults=inputs.faults_said(frame, typed),
        why=at.form.get("why")[:LONGEST_WHY],
        editable=editable,
        ended=sheet.ended,
        vanished=date_with_year(frame.texts, sheet.vanished_at, meeting.country) if sheet.vanished_at else "",
        checked=day_name(frame, sheet.checked_on, meeting) if sheet.checked_on else "",
        waiting=len(sheet.proposals),
        corrections=corrections,
        others=[(one.id, when(frame, one)) for one in sheet.others],
        seen=fields.mark([meeting]),
        history=[(one.text, screens.ways(at, one)) for one in history],
    )


def _said(at: Sitting, name: str, value: Any) -> str:
    return shown(at.frame, name, value)


async def _do(at: Sitting) -> Response:
    sheet = await _sheet(at)
    if not may(at.who, Deed.EDIT_MEETING, sheet.about):
        raise NotPermitted
    deed = _DEEDS.get(at.form.get("do"))
    if deed is None:
        raise OutdatedButton
    return await deed(at, sheet)


async def _look(at: Sitting, sheet: Sheet) -> Response:
    """The difference; or the form once more, with what is wrong."""
    typed = inputs.read(at.frame, at.form)
    if typed.faults:
        return await _form(at, sheet, typed, HTTPStatus.UNPROCESSABLE_ENTITY)
    return _difference(at, sheet, typed)


async def _again(at: Sitting, sheet: Sheet) -> Response:
    """Back from the difference to the form."""
    return await _form(at, sheet, inputs.read(at.frame, at.form))


def _difference(at: Sitting, sheet: Sheet, typed: Typed, *, changed: bool = False) -> Response:
    meeting, was = sheet.meeting, inputs.cells_of(sheet.meeting)
    told = [
        Change(
            called(at.frame, name),
            shown(at.frame, name, getattr(meeting, name), meeting.country),
            shown(at.frame, name, value, typed.values.get("country") or meeting.country),
            _since(at, name, was),
        )
        for name, value in typed.values.items()
        if getattr(meeting, name) != value
    ]
    waits = guarded.puts_up(meeting, after(meeting, typed.values), at.desk.meetings.kinds) & typed.values.keys()
    return at.show(
        "meeting_sure",
        HTTPStatus.CONFLICT if changed else HTTPStatus.OK,
        name=meeting.name,
        when=when(at.frame, meeting),
        id=at.request.path_params["meeting"],
        changes=told,
        changed=changed,
        contested=any(one.since for one in told),
        waits=[called(at.frame, name) for name in FIELDS if name in waits],
        # What the fields were when this difference was made: whatever is sent back is compared with that.
        hidden=[*typed.cells.items(), *((f"{WAS}{name}", was[name]) for name in typed.cells)],
        why=at.form.get("why")[:LONGEST_WHY],
        seen=fields.mark([meeting]),
    )


def _since(at: Sitting, name: str, now: Mapping[str, str]) -> str:
    """What a field was when the form was opened, if it is something else now."""
    then = at.form.get(f"{WAS}{name}")
    if f"{WAS}{name}" not in at.form.fields or then.split() == now[name].split():
        return ""
    return then or at.label("admin.nothing")


async def _save(at: Sitting, sheet: Sheet) -> Response:
    """Keep it; shown anew where the meeting is not what was looked at."""
    typed = inputs.values(at.frame, {name: at.form.get(name) for name in FIELDS if name in at.form.fields})
    if typed.faults:
        return await _form(at, sheet, typed, HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        done = await at.desk.meetings.change(at.who, [sheet.meeting.id], typed.values, why=_why(at), seen=seen_of(at))
    except MeetingChanged:
        return _difference(at, await _sheet(at), typed, changed=True)
    return await _came_of_it(at, sheet, done, "saved", typed)


def seen_of(at: Sitting) -> int:
    """The mark of what was looked at; 0 where the form holds none, which no meeting has."""
    text = at.form.get("seen")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 0


def _why(at: Sitting) -> str:
    return " ".join(at.form.get("why").split())[:LONGEST_WHY]


async def _came_of_it(at: Sitting, sheet: Sheet, done: Done, word: str, typed: Typed = Typed()) -> Response:
    if done.faults:
        told = Typed(typed.cells, typed.values, done.faults)
        return await _form(at, sheet, told, HTTPStatus.UNPROCESSABLE_ENTITY)
    return at.go(_path(at), outcome(done, word), undo=done.changes)


def outcome(done: Done, word: str) -> str:
    """Which words say what came of a deed."""
    if done.proposed:
        return "proposed"
    return word if done.changed else "same"


def _path(at: Sitting) -> str:
    return f"meetings/{at.request.path_params['meeting']}"


async def _end(at: Sitting, sheet: Sheet) -> Response:
    done = await at.desk.meetings.end(at.who, [sheet.meeting.id], why=_why(at), seen=seen_of(at))
    return await _came_of_it(at, sheet, done, "ended")


async def _restore(at: Sitting, sheet: Sheet) -> Response:
    done = await at.desk.meetings.restore(at.who, [sheet.meeting.id], seen=seen_of(at))
    return await _came_of_it(at, sheet, done, "restored")


async def _checked(at: Sitting, sheet: Sheet) -> Response:
    await at.desk.meetings.checked(at.who, sheet.meeting.id)
    return at.go(_path(at), "checked")


async def _give_up(at: Sitting, sheet: Sheet) -> Response:
    names = [one for one in at.form.all("field") if one in FIELDS]
    done = await at.desk.meetings.give_up(at.who, [sheet.meeting.id], names, seen=seen_of(at))
    return await _came_of_it(at, sheet, done, "list_counts")


_DEEDS = {
    "look": _look,
    "again": _again,
    "save": _save,
    "end": _end,
    "restore": _restore,
    "checked": _checked,
    "give_up": _give_up,
}


def like(meeting: Meeting) -> dict[str, str]:
    """The texts of a meeting that another one is to be like: all but its hour."""
    return inputs.cells_of(meeting) | {"weekday": "", "start": ""}
