"""What people who help changed, on the web: page by page, one by one, and how it is taken back."""

from http import HTTPStatus

from starlette.responses import Response
from starlette.routing import Route

from bot.domain.admin import Deed, does
from bot.domain.audit import Change, Undone
from bot.domain.errors import OutdatedButton
from bot.services.audit import Stuck
from bot.views import admin_history as views
from bot.web.desk import screens
from bot.web.desk.queue import number
from bot.web.desk.sitting import HEADERS, ROOT, Sitting, WebDesk, seated

MOST_UNDONE = 200
_TYPES = {"csv": "text/csv; charset=utf-8", "json": "application/json"}
FIELDS = 3  # of a change are told in the list; its own page tells all
PAGES = 10  # of the history's own, on one page here


def history_routes(room: WebDesk) -> list[Route]:
    """/admin/history, the same as a file, /admin/history/<number>, and /admin/undo for several at once."""
    one = f"/{ROOT}/history/{{change}}"
    return [
        Route(f"/{ROOT}/history", seated(room, _listed), methods=["GET"]),
        Route(f"/{ROOT}/history.{{kind}}", seated(room, _export), methods=["GET"]),
        Route(one, seated(room, _one), methods=["GET"]),
        Route(one, seated(room, _undo_one), methods=["POST"]),
        Route(f"/{ROOT}/undo", seated(room, _undo), methods=["POST"]),
    ]


async def _listed(at: Sitting) -> Response:
    page = max(1, min(1000, number(at.asked("page"))))
    changes, more = await at.desk.audit.page(at.who, page, PAGES)
    rows = [_row(at, one) for one in changes]
    return at.show("history", rows=rows, page=page, more=more, export=does(at.who, Deed.EXPORT_AUDIT))


def _row(at: Sitting, change: Change) -> dict[str, object]:
    fields = views.changed(at.frame, change)
    more = {"fields": fields[:FIELDS], "cut": len(fields) > FIELDS, "undone": change.undone_by is not None}
    return {**views.told(at.frame, change), **more, "id": change.id}


async def _export(at: Sitting) -> Response:
    """All of it, for those who may have it."""
    kind = at.request.path_params["kind"]
    if kind not in _TYPES:
        raise OutdatedButton
    data = await at.desk.audit.export(at.who, kind)
    headers = HEADERS | {"Content-Disposition": f'attachment; filename="{at.label("desk.history.file_name")}.{kind}"'}
    return Response(data, media_type=_TYPES[kind], headers=headers)


async def _one(at: Sitting) -> Response:
    change = await at.desk.audit.one(at.who, number(at.request.path_params["change"]))
    return screens.show(at, views.one(at.frame, at.who, change))


async def _undo_one(at: Sitting) -> Response:
    change = await at.desk.audit.one(at.who, number(at.request.path_params["change"]))
    rest = at.form.get("step") == "undo_rest"
    result = await at.desk.audit.undo(change.id, at.who, despite_conflicts=rest)
    return screens.show(at, views.undone(at.frame, result), 409 if result.conflicts and not result.fields else 200)


async def _undo(at: Sitting) -> Response:
    """Several that were made together. What cannot be set back any more is named, each with its own page."""
    numbers = [number(one) for one in at.form.get("changes").split(",")][:MOST_UNDONE]
    if not any(numbers):
        raise OutdatedButton
    results = await at.desk.audit.undo_together(list(filter(None, dict.fromkeys(numbers))), at.who)
    count = sum(isinstance(one, Undone) and bool(one.fields) for one in results)
    left = [one.change for one in results if isinstance(one, Stuck) or one.conflicts]
    stuck = [(one.id, one.subject.title) for one in left]
    return at.show("undone", HTTPStatus.CONFLICT if stuck else HTTPStatus.OK, count=count, stuck=stuck)
