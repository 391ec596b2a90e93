"""What people who help changed, on the web: page by page, one by one, and how it is taken back."""

from http import HTTPStatus

from starlette.responses import Response
from starlette.routing import Route

from bot.domain.errors import NotPermitted, OutdatedButton
from bot.views import admin_history as views
from bot.web.desk import screens
from bot.web.desk.queue import number
from bot.web.desk.sitting import ROOT, Sitting, WebDesk, seated

MOST_UNDONE = 200
PAGES = 10  # of the history's own, on one page here


def history_routes(room: WebDesk) -> list[Route]:
    """/admin/history, /admin/history/<number>, and /admin/undo for several at once."""
    one = f"/{ROOT}/history/{{change}}"
    return [
        Route(f"/{ROOT}/history", seated(room, _listed), methods=["GET"]),
        Route(one, seated(room, _one), methods=["GET"]),
        Route(one, seated(room, _undo_one), methods=["POST"]),
        Route(f"/{ROOT}/undo", seated(room, _undo), methods=["POST"]),
    ]


async def _listed(at: Sitting) -> Response:
    page = max(1, min(1000, number(at.asked("page"))))
    changes, more = await at.desk.audit.page(at.who, page, PAGES)
    rows = [{**views.told(at.frame, one), "id": one.id, "undone": one.undone_by is not None} for one in changes]
    return at.show("history", rows=rows, page=page, more=more)


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
    count, stuck = 0, []
    for one in filter(None, numbers):
        change = await at.desk.audit.one(at.who, one)
        try:
            result = await at.desk.audit.undo(one, at.who)
        except (NotPermitted, OutdatedButton):
            stuck.append((one, change.subject.title))
            continue
        count += bool(result.fields)
        stuck += [(one, change.subject.title)] if result.conflicts else []
    return at.show("undone", HTTPStatus.CONFLICT if stuck else HTTPStatus.OK, count=count, stuck=stuck)
