"""Lists of meetings on the web: how each is, what waits of it, and what can be done about that."""

from http import HTTPStatus

from starlette.responses import Response
from starlette.routing import Route

from bot.domain.buttons import Action
from bot.domain.errors import FeedError, HeldChanged, OutdatedButton
from bot.domain.feed_state import Health, Waiting
from bot.views import admin_feeds as views
from bot.views.admin_feeds import Feed
from bot.views.screen import Screen
from bot.web.desk import screens
from bot.web.desk.lists_said import card_said, examples_said, health_said, refused_said
from bot.web.desk.queue import number
from bot.web.desk.said import ago
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
    states, health = await desk.listing(at.who), await desk.health(at.who)
    rows = [_row(at, Feed(one, desk.publisher(one.id), desk.about(one.id)), health.get(one.id)) for one in states]
    return at.show("lists", rows=rows, any_on=any(one.state != "off" for one in states))


def _row(at: Sitting, feed: Feed, health: Health | None) -> dict[str, object]:
    state = feed.state
    return views.line(at.frame, feed) | {
        "id": state.id,
        "age": ago(at, state.last_success) if state.last_success else "",
        "health": health_said(at, health),
        "refused": health.refused if health else 0,
        "bad": state.state in ("failing", "late", "held"),
    }


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
        return await _shown(at, seen, views.one(at.frame, at.who, seen))
    waiting = await desk.waiting(at.who, feed)
    if step == "held" or not waiting:
        return _held(at, waiting)
    if waiting.mark != number(at.asked("mark")):
        return _held(at, waiting, changed=True)
    action = Action.ADMIN_ACCEPT if step == "accept" else Action.ADMIN_REFUSE
    return screens.show(at, views.ask_sure(at.frame, desk.publisher(feed), waiting, action))


async def _shown(at: Sitting, feed: Feed, screen: Screen) -> Response:
    """One list: how it is, what can be done, how its readings go, and its card."""
    health = (await at.desk.feeds.health(at.who)).get(feed.state.id)
    card = at.desk.feeds.card(feed.state.id)
    return at.show(
        "list",
        **screens.pieces(at, screen),
        age=ago(at, feed.state.last_success) if feed.state.last_success else "",
        state=feed.state.state,
        health=health_said(at, health),
        refused=refused_said(at, health),
        card=card_said(at, card) if card else [],
        feed=feed.state.id,
    )


def _held(at: Sitting, waiting: Waiting, *, changed: bool = False) -> Response:
    """What waits of a list, with the first of its changes by name."""
    screen = views.held(at.frame, at.desk.feeds.publisher(waiting.feed), waiting, changed=changed)
    status = HTTPStatus.CONFLICT if changed else HTTPStatus.OK
    return at.show("list_held", status, **screens.pieces(at, screen), groups=examples_said(at, waiting))


async def _do(at: Sitting) -> Response:
    feed, desk = at.request.path_params["feed"], at.desk.feeds
    await desk.state(at.who, feed)  # one that lies outside is not there
    try:
        return screens.show(at, await _done(at, feed, at.form.get("step")))
    except HeldChanged:
        return _held(at, await desk.waiting(at.who, feed), changed=True)
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
