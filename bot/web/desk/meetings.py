"""Meetings on the web as a table: looked for, ticked, several changed at once, and a new one."""

from collections.abc import Sequence
from http import HTTPStatus
from urllib.parse import urlencode

from starlette.responses import Response
from starlette.routing import Route

from bot.domain import fields, guarded
from bot.domain.admin import Deed, does, may
from bot.domain.desk_table import Asked, Line, Only
from bot.domain.edits import scope_of
from bot.domain.errors import MeetingChanged, NotPermitted, OutdatedButton
from bot.domain.fields import FIELDS
from bot.domain.meeting import Meeting, id_text
from bot.views.admin_edit import after
from bot.views.admin_fields import called, shown
from bot.views.admin_meetings import when
from bot.web.desk import fields as inputs
from bot.web.desk.fields import Typed
from bot.web.desk.meeting import identity, like, outcome, seen_of
from bot.web.desk.queue import number
from bot.web.desk.sitting import ROOT, Sitting, WebDesk, seated

MOST = 200  # meetings at once
PAIRS = 3  # fields that can be set at once


def meetings_routes(room: WebDesk) -> list[Route]:
    """/admin/meetings, /admin/meetings/many, /admin/meetings/new."""
    return [
        Route(f"/{ROOT}/meetings", seated(room, _table), methods=["GET"]),
        Route(f"/{ROOT}/meetings/many", seated(room, _many), methods=["POST"]),
        Route(f"/{ROOT}/meetings/new", seated(room, _new), methods=["GET"]),
        Route(f"/{ROOT}/meetings/new", seated(room, _add), methods=["POST"]),
    ]


async def _table(at: Sitting) -> Response:
    asked = _asked(at)
    table = await at.desk.table.page(at.who, asked)
    feeds = [(one, at.desk.feeds.publisher(one) or one) for one in at.desk.feeds.within(at.who)]
    kinds = sorted((one.name, one.id) for one in at.frame.fellowships.values() if _mine(at, one.id))
    turned = {"q": asked.words, "fellowship": asked.fellowship, "feed": asked.feed, "only": asked.only.value}
    query = urlencode({name: value for name, value in turned.items() if value})
    return at.show(
        "meetings",
        asked=asked,
        rows=[_row(at, one) for one in table.lines],
        page=table.page,
        more=table.more,
        cut=table.cut,
        feeds=feeds,
        kinds=kinds,
        onlys=[(one.value, at.label(f"desk.only.{one.value or 'all'}")) for one in Only],
        query=query,
        editable=does(at.who, Deed.EDIT_MEETING),
    )


def _mine(at: Sitting, fellowship: str) -> bool:
    kinds = at.who.scope.fellowships
    return not kinds or fellowship in kinds


def _asked(at: Sitting) -> Asked:
    only = next((one for one in Only if one.value == at.asked("only")), Only.ALL)
    page = max(1, number(at.asked("page")))
    return Asked(" ".join(at.asked("q").split()), at.asked("fellowship"), at.asked("feed"), only, page)


def _row(at: Sitting, line: Line) -> dict[str, object]:
    one = line.meeting
    return {
        "id": id_text(one.id),
        "name": one.name,
        "when": when(at.frame, one),
        "kind": at.frame.kind(one.fellowship).short,
        "place": one.place_line if one.in_person else "",
        "online": one.online,
        "source": at.desk.feeds.publisher(one.feed) or one.feed,
        "ended": line.ended,
        "corrected": line.corrected,
        "editable": may(at.who, Deed.EDIT_MEETING, scope_of(one)),
    }


async def _many(at: Sitting) -> Response:
    """What is to be done with those that were ticked."""
    ids = [identity(one) for one in at.form.all("m")[:MOST]]
    if not ids:
        return at.go("meetings", "none_ticked")
    found = await at.desk.table.these(at.who, ids)
    if len(found) != len(set(ids)) or not all(may(at.who, Deed.EDIT_MEETING, scope_of(one)) for one in found):
        raise NotPermitted  # one that lies outside was not ticked on a page of ours
    do = at.form.get("do")
    if do == "checked":
        for one in found:
            await at.desk.meetings.checked(at.who, one.id)
        return at.go("meetings", "checked_many", count=len(found))
    if do == "choose":
        return _choose(at, found, Typed(), [("", "")] * PAIRS)
    if do in ("look", "save", "again"):
        return await _set(at, found, do)
    raise OutdatedButton


def _pairs(at: Sitting) -> list[tuple[str, str]]:
    """Fields that were chosen, and what was typed for each."""
    return list(zip(at.form.all("field"), at.form.all("value"), strict=False))[:PAIRS]


async def _set(at: Sitting, found: Sequence[Meeting], do: str) -> Response:
    pairs = _pairs(at)
    typed = inputs.values(at.frame, {name: text for name, text in pairs if name in FIELDS})
    if typed.faults or not typed.cells or do == "again":
        status = HTTPStatus.UNPROCESSABLE_ENTITY if typed.faults else HTTPStatus.OK
        return _choose(at, found, typed, pairs + [("", "")] * (PAIRS - len(pairs)), status)
    if do == "look":
        return _sure(at, found, typed)
    try:
        ids = [one.id for one in found]
        done = await at.desk.meetings.change(at.who, ids, typed.values, why=at.form.get("why"), seen=seen_of(at))
    except MeetingChanged:
        return _sure(at, await at.desk.table.these(at.who, ids), typed, changed=True)
    if done.faults:
        told = Typed(typed.cells, typed.values, done.faults)
        return _choose(at, found, told, pairs, HTTPStatus.UNPROCESSABLE_ENTITY)
    count = len(done.proposed) if done.proposed else len(done.changed)
    return at.go("meetings", f"{outcome(done, 'changed')}_many", undo=done.changes, count=count)


def _choose(
    at: Sitting, found: Sequence[Meeting], typed: Typed, pairs: Sequence[tuple[str, str]], status: int = 200
) -> Response:
    """Which fields, and to what."""
    return at.show(
        "meetings_set",
        status,
        rows=[(id_text(one.id), one.name, when(at.frame, one)) for one in found],
        fields=[(name, called(at.frame, name)) for name in FIELDS if name != "name"],
        pairs=pairs,
        faults=inputs.faults_said(at.frame, typed),
    )


def _sure(at: Sitting, found: Sequence[Meeting], typed: Typed, *, changed: bool = False) -> Response:
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
