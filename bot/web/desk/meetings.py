"""Several meetings on the web, ticked in the table and changed at once; and a new one."""

from collections.abc import Sequence
from http import HTTPStatus

from starlette.responses import Response
from starlette.routing import Route

from bot.domain import fields, guarded
from bot.domain.admin import Deed, does
from bot.domain.errors import MeetingChanged, NotPermitted, OutdatedButton
from bot.domain.fields import FIELDS
from bot.domain.meeting import Meeting, id_text
from bot.views.admin_edit import after
from bot.views.admin_fields import called, shown
from bot.views.admin_meetings import when
from bot.web.desk import fields as inputs
from bot.web.desk.asked import identity, outcome, seen_of, why_of
from bot.web.desk.dates import Until, until_said, until_typed
from bot.web.desk.days import choose as choose_days
from bot.web.desk.days import ticked
from bot.web.desk.fields import Typed
from bot.web.desk.meeting import like
from bot.web.desk.sitting import ROOT, Sitting, WebDesk, seated

PAIRS = 3  # fields that can be set at once


def meetings_routes(room: WebDesk) -> list[Route]:
    """/admin/meetings/many, /admin/meetings/new."""
    return [
        Route(f"/{ROOT}/meetings/many", seated(room, _many), methods=["POST"]),
        Route(f"/{ROOT}/meetings/new", seated(room, _new), methods=["GET"]),
        Route(f"/{ROOT}/meetings/new", seated(room, _add), methods=["POST"]),
    ]


async def _many(at: Sitting) -> Response:
    """What is to be done with those that were ticked."""
    found = await ticked(at)
    if not found:
        return at.go("meetings", "none_ticked")
    do = at.form.get("do")
    if do == "checked":
        await at.desk.meetings.checked_all(at.who, [one.id for one in found])
        return at.go("meetings", "checked_many", count=len(found))
    if do == "days":
        return choose_days(at, found)
    if do == "choose":
        return _choose(at, found, Typed(), [("", "")] * PAIRS)
    if do in ("look", "save", "again"):
        return await _set(at, found, do)
    raise OutdatedButton


def _pairs(at: Sitting) -> list[tuple[str, str]]:
    """Fields that were chosen, and what was typed for each."""
    return list(zip(at.form.all("field"), at.form.all("value"), strict=False))[:PAIRS]


async def _set(at: Sitting, found: Sequence[Meeting], do: str) -> Response:
    pairs, until = _pairs(at), until_typed(at.frame, at.form.get("until"), found)
    typed = inputs.values(at.frame, {name: text for name, text in pairs if name in FIELDS})
    if typed.faults or until.fault or not typed.cells or do == "again":
        status = HTTPStatus.UNPROCESSABLE_ENTITY if typed.faults or until.fault else HTTPStatus.OK
        return _choose(at, found, typed, pairs + [("", "")] * (PAIRS - len(pairs)), until, status)
    if do == "look":
        return _sure(at, found, typed, until)
    ids = [one.id for one in found]
    try:
        done = await at.desk.meetings.change(
            at.who, ids, typed.values, why=why_of(at), until=until.end, seen=seen_of(at)
        )
    except MeetingChanged:
        return _sure(at, await at.desk.table.these(at.who, ids), typed, until, changed=True)
    if done.faults:
        told = Typed(typed.cells, typed.values, done.faults)
        return _choose(at, found, told, pairs, until, HTTPStatus.UNPROCESSABLE_ENTITY)
    count = len(done.proposed) if done.proposed else len(done.changed)
    return at.go("meetings", f"{outcome(done, 'changed')}_many", undo=done.changes, count=count)


def _choose(
    at: Sitting,
    found: Sequence[Meeting],
    typed: Typed,
    pairs: Sequence[tuple[str, str]],
    until: Until = Until(),
    status: int = 200,
) -> Response:
    """Which fields, and to what."""
    return at.show(
        "meetings_set",
        status,
        rows=[(id_text(one.id), one.name, when(at.frame, one)) for one in found],
        fields=[(name, called(at.frame, name)) for name in FIELDS if name != "name"],
        pairs=pairs,
        until=until.text,
        faults=[*inputs.faults_said(at.frame, typed), *until.faults(at.frame)],
    )


def _sure(at: Sitting, found: Sequence[Meeting], typed: Typed, until: Until, *, changed: bool = False) -> Response:
    """Before and after, row by row."""
    rows, kinds = [], at.desk.meetings.kinds
    for one in found:
        told = [
            (called(at.frame, name), shown(at.frame, name, getattr(one, name)), shown(at.frame, name, value))
            for name, value in typed.values.items()
            if getattr(one, name) != value
        ]
        waits = bool(guarded.puts_up(one, after(one, typed.values), kinds))
        rows.append((id_text(one.id), one.name, when(at.frame, one), told, waits))
    return at.show(
        "meetings_sure",
        HTTPStatus.CONFLICT if changed else HTTPStatus.OK,
        rows=rows,
        count=sum(bool(told) for _, _, _, told, _ in rows),
        changed=changed,
        pairs=list(typed.cells.items()),
        until=until.text,
        ends=until_said(at.frame, until.end, found[0]) if until.end else "",
        seen=fields.mark(found),
    )


async def _new(at: Sitting) -> Response:
    """An empty form, or one like another meeting."""
    if not does(at.who, Deed.EDIT_MEETING):
        raise NotPermitted
    return await _blank(at, Typed(), at.asked("like"))


async def _blank(at: Sitting, typed: Typed, other: str, status: int = 200) -> Response:
    """`other`: the id of a meeting that the new one is to be like, or nothing."""
    likely = {"country": at.frame.operator.country, "languages": at.session.language}
    cells, was = inputs.cells_of(None) | likely, dict.fromkeys(FIELDS, "")
    if other:
        meeting = (await at.desk.meetings.one(at.who, identity(other))).meeting
        cells, was = like(meeting), inputs.cells_of(meeting)
    return at.show(
        "meeting_new",
        status,
        groups=inputs.groups(at.frame, cells | typed.cells, was, typed, {}),
        faults=inputs.faults_said(at.frame, typed),
        like=other,
    )


async def _add(at: Sitting) -> Response:
    """Add it, of what was filled in."""
    typed, other = inputs.read(at.frame, at.form), at.form.get("like")
    if typed.faults:
        return await _blank(at, typed, other, HTTPStatus.UNPROCESSABLE_ENTITY)
    if other:
        done = await at.desk.meetings.duplicate(at.who, identity(other), typed.values)
    else:
        done = await at.desk.meetings.add(at.who, typed.values)
    if done.faults:
        told = Typed(typed.cells, typed.values, done.faults)
        return await _blank(at, told, other, HTTPStatus.UNPROCESSABLE_ENTITY)
    path = f"meetings/{id_text(done.changed[0])}" if done.changed else "meetings"
    return at.go(path, "proposed" if done.proposed else "added", undo=done.changes)
