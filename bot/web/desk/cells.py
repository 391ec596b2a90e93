"""One field of one meeting, changed where it stands in the table.

Nothing is saved whose difference was not shown: a form takes along the text that it showed the difference of
(`looked`). A page that runs scripts asks for it while somebody types, so that one press saves; any other sees it
after the first press. Both are sent to the same place, and get the same cell: alone, or with the page around it.
"""

from dataclasses import replace
from http import HTTPStatus

from starlette.responses import Response
from starlette.routing import Route

from bot.domain import fields, guarded
from bot.domain.admin import Deed, may
from bot.domain.edits import Done, Sheet
from bot.domain.errors import MeetingChanged, NotPermitted, OutdatedButton
from bot.domain.fields import BadField
from bot.domain.meeting import Meeting, id_text
from bot.views.admin_edit import after
from bot.views.admin_fields import called, shown
from bot.web.desk import fields as inputs
from bot.web.desk.asked import identity, outcome, seen_of
from bot.web.desk.fields import WAS, Typed
from bot.web.desk.queue import number
from bot.web.desk.scripts import is_part, up_from_page
from bot.web.desk.sitting import ROOT, Sitting, WebDesk, seated
from bot.web.desk.table import EDITED, Cell, Opened, View, closed_cell, shown_table, view_back, view_of

MOST_UNDONE = 20


def cell_routes(room: WebDesk) -> list[Route]:
    """/admin/meetings and /admin/meetings/<14 hex digits>/cell."""
    one = f"/{ROOT}/meetings/{{meeting}}/cell"
    return [
        Route(f"/{ROOT}/meetings", seated(room, _table), methods=["GET"]),
        Route(one, seated(room, _cell), methods=["GET"]),
        Route(one, seated(room, _do), methods=["POST"]),
    ]


async def _table(at: Sitting) -> Response:
    """The page; with a cell open where its address says so."""
    view = view_of(at.request.query_params.multi_items())
    meeting, _, field = at.asked("open").partition(".")
    if field not in EDITED:
        return await shown_table(at, view)
    one = (await _sheet(at, meeting)).meeting
    return await shown_table(at, view, (one, opened(at, one, field)))


async def _sheet(at: Sitting, meeting: str = "") -> Sheet:
    """The meeting, for somebody who may change it."""
    sheet = await at.desk.meetings.one(at.who, identity(meeting or at.request.path_params["meeting"]))
    if not may(at.who, Deed.EDIT_MEETING, sheet.about):
        raise NotPermitted
    return sheet


async def _cell(at: Sitting) -> Response:
    """The cell alone: open, or as it was."""
    sheet, field = await _sheet(at), _field(at.asked("field"))
    view = view_back(at.asked("back"))
    if not is_part(at):
        opening = view.path(f"open={id_text(sheet.meeting.id)}.{field}")
        return _back(at.go(opening), sheet.meeting, field)
    if at.asked("leave"):
        return await _part(at, view, sheet, closed_cell(at, sheet.meeting, field))
    return await _part(at, view, sheet, opened(at, sheet.meeting, field))


def _field(name: str) -> str:
    if name not in EDITED:
        raise OutdatedButton
    return name


async def _do(at: Sitting) -> Response:
    sheet, field = await _sheet(at), _field(at.form.get("field"))
    deed = {"look": _look, "save": _save, "undo": _undo}.get(at.form.get("do"))
    if deed is None:
        raise OutdatedButton
    return await deed(at, sheet, field)


async def _look(at: Sitting, sheet: Sheet, field: str) -> Response:
    """The difference that a text would make; alone, while it is being typed."""
    cell = opened(at, sheet.meeting, field, at.form.get(field))
    if is_part(at):
        return at.show("meetings_difference", cell=cell, row=_row(sheet))
    return await _stays(at, sheet, cell)


async def _save(at: Sitting, sheet: Sheet, field: str) -> Response:
    """Keep it, if its difference was seen and is the same still; else show that."""
    text, meeting = at.form.get(field), sheet.meeting
    cell = opened(at, meeting, field, text)
    about = cell.opened
    if about is None or about.faults or about.changed or at.form.get("looked").split() != text.split():
        return await (
            _stays(at, sheet, cell) if about and not _as_it_was(about) else _closed(at, sheet, field, Done())
        )
    try:
        values = inputs.values(at.frame, {field: text}).values
        done = await at.desk.meetings.change(at.who, [meeting.id], values, seen=seen_of(at))
    except MeetingChanged:
        sheet = await _sheet(at)
        return await _stays(at, sheet, opened(at, sheet.meeting, field, text))
    if done.faults:
        told = _told(at, done.faults)
        return await _stays(at, sheet, replace(cell, opened=replace(about, faults=told, looked="")))
    return await _closed(at, sheet, field, done)


def _as_it_was(about: Opened) -> bool:
    """Whether there is nothing to save, and nothing to tell of."""
    return about.same and not about.faults and not about.changed


async def _undo(at: Sitting, sheet: Sheet, field: str) -> Response:
    """Take back what was just saved here."""
    numbers = [number(one) for one in at.form.get("changes").split(",")][:MOST_UNDONE]
    results = [await at.desk.audit.undo(one, at.who) for one in filter(None, numbers)]
    word = "undone" if any(one.fields for one in results) else "not_undone"
    return await _closed(at, sheet, field, Done(), word)


async def _stays(at: Sitting, sheet: Sheet, cell: Cell) -> Response:
    """The cell once more, open: with its difference, with what is wrong, or with what somebody else did."""
    about, view = cell.opened, view_back(at.form.get("back"))
    status = HTTPStatus.OK
    if about and about.faults:
        status = HTTPStatus.UNPROCESSABLE_ENTITY
    elif about and about.changed:
        status = HTTPStatus.CONFLICT
    if is_part(at):
        return await _part(at, view, sheet, cell, status)
    return await shown_table(at, view, (sheet.meeting, replace(cell, focus="autofocus")), status)


async def _closed(at: Sitting, sheet: Sheet, field: str, done: Done, word: str = "") -> Response:
    """The cell as it is now, and what came of it."""
    word, view = word or outcome(done, "saved"), view_back(at.form.get("back"))
    if not is_part(at):
        return _back(at.go(view.path(), word, undo=done.changes), sheet.meeting, field)
    sheet = await _sheet(at)
    cell = closed_cell(at, sheet.meeting, field)
    cell = replace(cell, done=at.label(f"desk.done.{word}"), undo=done.changes)
    return await _part(at, view, sheet, cell)


def _back(answer: Response, meeting: Meeting, field: str) -> Response:
    """The answer, which leads to the place of a cell on its page."""
    answer.headers["Location"] += f"#c-{id_text(meeting.id)}-{field}"
    return answer


async def _part(at: Sitting, view: View, sheet: Sheet, cell: Cell, status: int = 200) -> Response:
    up = up_from_page(at)
    return at.show(
        "meetings_slot",
        status,
        cell=replace(cell, focus="data-focus"),
        row=_row(sheet),
        back=view.back,
        query=view.query,
        to=lambda path: f"{up}/{path}" if path else up,
    )


def _row(sheet: Sheet) -> dict[str, object]:
    """What a cell says of its row."""
    meeting = sheet.meeting
    corrected = any(not one.derived for one in sheet.edits.values())
    return {"id": id_text(meeting.id), "title": meeting.name, "ended": sheet.ended, "corrected": corrected}


def opened(at: Sitting, meeting: Meeting, field: str, text: str | None = None) -> Cell:
    """A cell that is being changed; `text`: what was typed, with the difference that it makes."""
    value, was = getattr(meeting, field), fields.cell(field, getattr(meeting, field))
    typed = Typed() if text is None or text.split() == was.split() else inputs.values(at.frame, {field: text})
    then = at.form.get(f"{WAS}{field}") if text is not None else was
    changed = text is not None and seen_of(at) != fields.mark([meeting])
    waits = guarded.puts_up(meeting, after(meeting, typed.values), at.desk.meetings.kinds) & typed.values.keys()
    about = Opened(
        input=inputs.one(at.frame, field, was if text is None else text, was, typed),
        field=field,
        before=shown(at.frame, field, value, meeting.country),
        after=shown(at.frame, field, typed.values.get(field, value), meeting.country),
        seen=fields.mark([meeting]),
        looked="" if typed.faults or text is None else text,
        since=(then or at.label("admin.nothing")) if then.split() != was.split() else "",
        changed=changed,
        waits=tuple(called(at.frame, one) for one in waits),
        faults=_told(at, typed.faults),
    )
    return Cell(field, called(at.frame, field), about.before, about)


def _told(at: Sitting, faults: tuple[BadField, ...]) -> tuple[tuple[str, str], ...]:
    return tuple((called(at.frame, one.field), at.label(f"admin.bad.{one.reason}")) for one in faults)
