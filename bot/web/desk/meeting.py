"""One meeting on the web: all its fields, the difference before it is saved, and what was done to it before."""

from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus

from starlette.responses import Response
from starlette.routing import Route

from bot.domain import fields, guarded
from bot.domain.admin import Deed, may
from bot.domain.edits import Done, Edit, Sheet
from bot.domain.errors import MeetingChanged, NotPermitted, OutdatedButton
from bot.domain.fields import FIELDS
from bot.domain.meeting import Meeting
from bot.views import admin_history
from bot.views.admin_edit import after
from bot.views.admin_fields import called, shown
from bot.views.admin_meetings import day_name, set_by_hand, when
from bot.views.formatting import date_with_year
from bot.web.desk import fields as inputs
from bot.web.desk import screens
from bot.web.desk.asked import LONGEST_WHY, identity, outcome, seen_of, why_of
from bot.web.desk.dates import Until, until_said, until_typed
from bot.web.desk.days import ahead_of, forms_of
from bot.web.desk.fields import WAS, Typed
from bot.web.desk.sitting import ROOT, Sitting, WebDesk, seated

HISTORY_SHOWN = 20
_HISTORY = ("meeting", "meeting_added", "exception")


@dataclass(frozen=True, slots=True)
class Change:
    """One field before and after. `since`: what somebody else made of it after the form was opened."""

    field: str
    before: str
    after: str
    since: str = ""


@dataclass(frozen=True, slots=True)
class Correction:
    """What was set here in the place of what the list says; `until`: the day on which that ends, if it does."""

    field: str
    label: str
    listed: str
    here: str
    until: str = ""


def meeting_routes(room: WebDesk) -> list[Route]:
    """/admin/meetings/<14 hex digits>."""
    one = f"/{ROOT}/meetings/{{meeting}}"
    return [
        Route(one, seated(room, _one), methods=["GET"]),
        Route(one, seated(room, _do), methods=["POST"]),
    ]


async def _sheet(at: Sitting) -> Sheet:
    return await at.desk.meetings.one(at.who, identity(at.request.path_params["meeting"]))


async def _one(at: Sitting) -> Response:
    return await _form(at, await _sheet(at), Typed())


async def _form(at: Sitting, sheet: Sheet, typed: Typed, status: int = 200, *, until: Until = Until()) -> Response:
    """The form; with what was typed standing in it where something is wrong with that."""
    frame, meeting = at.frame, sheet.meeting
    was = inputs.cells_of(meeting)
    editable = may(at.who, Deed.EDIT_MEETING, sheet.about)
    changes = await at.desk.audit.of(at.who, _HISTORY, at.request.path_params["meeting"])
    history = [admin_history.one(frame, at.who, one) for one in changes[:HISTORY_SHOWN]]
    corrections = [_correction(at, meeting, one) for one in set_by_hand(sheet)]
    notes = {one.field: at.label("desk.listed", None, value=one.listed) for one in corrections}
    return at.show(
        "meeting",
        status,
        name=meeting.name,
        when=when(frame, meeting),
        kind=frame.kind(meeting.fellowship).name,
        id=at.request.path_params["meeting"],
        source=at.desk.feeds.publisher(meeting.feed) or meeting.feed,
        groups=inputs.groups(frame, was | typed.cells, was, typed, notes),
        faults=[*inputs.faults_said(frame, typed), *until.faults(frame)],
        until=until.text,
        days=await ahead_of(at, meeting),
        forms=await forms_of(at, meeting),
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


def _correction(at: Sitting, meeting: Meeting, edit: Edit) -> Correction:
    listed, here = (shown(at.frame, edit.field, value, meeting.country) for value in (edit.listed, edit.value))
    until = until_said(at.frame, edit.until, meeting) if edit.until else ""
    return Correction(edit.field, called(at.frame, edit.field), listed, here, until)


def _until(at: Sitting, sheet: Sheet) -> Until:
    return until_typed(at.frame, at.form.get("until"), [sheet.meeting])


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
    typed, until = inputs.read(at.frame, at.form), _until(at, sheet)
    if typed.faults or until.fault:
        return await _form(at, sheet, typed, HTTPStatus.UNPROCESSABLE_ENTITY, until=until)
    return _difference(at, sheet, typed, until)


async def _again(at: Sitting, sheet: Sheet) -> Response:
    """Back from the difference to the form."""
    return await _form(at, sheet, inputs.read(at.frame, at.form), until=_until(at, sheet))


def _difference(at: Sitting, sheet: Sheet, typed: Typed, until: Until, *, changed: bool = False) -> Response:
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
        until=until.text,
        ends=until_said(at.frame, until.end, meeting) if until.end else "",
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
    until = _until(at, sheet)
    if typed.faults or until.fault:
        return await _form(at, sheet, typed, HTTPStatus.UNPROCESSABLE_ENTITY, until=until)
    ids = [sheet.meeting.id]
    try:
        done = await at.desk.meetings.change(
            at.who, ids, typed.values, why=why_of(at), until=until.end, seen=seen_of(at)
        )
    except MeetingChanged:
        return _difference(at, await _sheet(at), typed, until, changed=True)
    return await _came_of_it(at, sheet, done, "saved", typed, until)


async def _came_of_it(
    at: Sitting, sheet: Sheet, done: Done, word: str, typed: Typed = Typed(), until: Until = Until()
) -> Response:
    if done.faults:
        told = Typed(typed.cells, typed.values, done.faults)
        return await _form(at, sheet, told, HTTPStatus.UNPROCESSABLE_ENTITY, until=until)
    return at.go(_path(at), outcome(done, word), undo=done.changes)


def _path(at: Sitting) -> str:
    return f"meetings/{at.request.path_params['meeting']}"


async def _end(at: Sitting, sheet: Sheet) -> Response:
    done = await at.desk.meetings.end(at.who, [sheet.meeting.id], why=why_of(at), seen=seen_of(at))
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
