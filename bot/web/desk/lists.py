"""Lists of meetings on the web: how each is, what waits of it, and what can be done about that."""

from starlette.responses import Response
from starlette.routing import Route

from bot.domain.buttons import Action
from bot.domain.errors import FeedError, HeldChanged, OutdatedButton
from bot.views import admin_feeds as views
from bot.views.admin_feeds import Feed
from bot.views.screen import Screen
from bot.web.desk import screens
from bot.web.desk.queue import number
from bot.web.desk.sitting import ROOT, Sitting, WebDesk, seated


def list_routes(room: WebDesk) -> list[Route]:
    """/admin/lists, and /admin/lists/<feed>."""
    one = f"/{ROOT}/lists/{{feed}}"
    return [
        Route(f"/{ROOT}/lists", seated(room, _listed), methods=["GET"]),
        Route(one, seated(room, _one), methods=["GET"]),
        Route(one, seated(room, _do), methods=["POST"]),
    ]


async def _listed(at: Sitting) -> Response:
    desk = at.desk.feeds
    states = await desk.listing(at.who)
    rows = [views.line(at.frame, Feed(one, desk.publisher(one.id), desk.about(one.id))) for one in states]
    return at.show("lists", rows=[{**row, "id": one.id} for row, one in zip(rows, states, strict=True)])


async def _seen(at: Sitting, feed: str) -> Feed:
    desk = at.desk.feeds
    return Feed(await desk.state(at.who, feed), desk.publisher(feed), desk.about(feed))


async def _one(at: Sitting) -> Response:
    """A list; what waits of it; or what is asked before something is done."""
    feed, step, desk = at.request.path_params["feed"], at.asked("step"), at.desk.feeds
    seen = await _seen(at, feed)
    if step == "ask_off":
        return screens.show(at, views.ask_off(at.frame, seen))
    if step not in ("held", "accept", "refuse"):
        return screens.show(at, views.one(at.frame, at.who, seen))
    waiting = await desk.waiting(at.who, feed)
    if step == "held" or not waiting:
        return screens.show(at, views.held(at.frame, desk.publisher(feed), waiting))
    if waiting.mark != number(at.asked("mark")):
        return screens.show(at, views.held(at.frame, desk.publisher(feed), waiting, changed=True), 409)
    action = Action.ADMIN_ACCEPT if step == "accept" else Action.ADMIN_REFUSE
    return screens.show(at, views.ask_sure(at.frame, desk.publisher(feed), waiting, action))


async def _do(at: Sitting) -> Response:
    feed, desk = at.request.path_params["feed"], at.desk.feeds
    await desk.state(at.who, feed)  # one that lies outside is not there
    try:
        return screens.show(at, await _done(at, feed, at.form.get("step")))
    except HeldChanged:
        waiting = await desk.waiting(at.who, feed)
        return screens.show(at, views.held(at.frame, desk.publisher(feed), waiting, changed=True), 409)
    except FeedError as error:
        return screens.show(at, views.failed(at.frame, feed, str(error)), 409)


async def _done(at: Sitting, feed: str, step: str) -> Screen:
    desk, mark = at.desk.feeds, number(at.form.get("mark"))
    publisher = desk.publisher(feed)
    if step == "on":
        done = "on" if await desk.enable(at.who, feed) else ""
        return views.one(at.frame, at.who, await _seen(at, feed), done=done)
    if step == "off":
        count = await desk.disable(at.who, feed)
        seen = await _seen(at, feed)
        return views.one(at.frame, at.who, seen, done="" if count is None else "off", meetings=count or 0)
    if step == "sync":
        return views.was_read(at.frame, feed, publisher, await desk.sync(at.who, feed))
    if step == "accept":
        return views.was_read(at.frame, feed, publisher, await desk.accept(at.who, feed, mark))
    if step == "refuse":
        return views.refused(at.frame, feed, publisher, await desk.refuse(at.who, feed, mark))
    raise OutdatedButton
