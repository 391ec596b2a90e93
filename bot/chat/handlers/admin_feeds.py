"""Feeds behind /admin: see how they are, turn them on and off, read them now, decide on what is held."""

from collections.abc import Awaitable, Callable

from bot.chat.context import Visit
from bot.domain.admin import Admin, Deed
from bot.domain.buttons import Action
from bot.domain.errors import FeedError, HeldChanged, NotPermitted, OutdatedButton
from bot.views import admin_feeds as views
from bot.views.screen import Screen


async def listed(visit: Visit) -> Screen:
    """Every feed that somebody looks after."""
    who, desk = await visit.admin(), visit.rooms.desk.feeds
    states = await desk.listing(who)
    found = [views.Feed(state, desk.publisher(state.id), desk.about(state.id)) for state in states]
    return views.listed(visit.frame(), found)


async def one(visit: Visit) -> Screen:
    """One feed, and what its buttons do."""
    who, feed = await visit.admin(), _feed(visit)
    frame, desk = visit.frame(visit.blank()), visit.rooms.desk.feeds
    step = views.Step(visit.press.number) if visit.press and visit.press.number in set(views.Step) else None
    try:
        if step is views.Step.ON:
            done = "on" if await desk.enable(who, feed) else ""
            return views.one(frame, who, await _seen(visit, who, feed), done=done)
        if step is views.Step.OFF:
            count = await desk.disable(who, feed)
            done = "" if count is None else "off"
            return views.one(frame, who, await _seen(visit, who, feed), done=done, meetings=count or 0)
    except FeedError as error:
        return views.failed(frame, feed, str(error))
    shown = await _seen(visit, who, feed)
    if step is views.Step.ASK_OFF:
        desk.check(who, Deed.MANAGE_FEEDS, feed)
        return views.ask_off(frame, shown)
    return await _sync(visit, who, shown) if step is views.Step.SYNC else views.one(frame, who, shown)


async def _sync(visit: Visit, who: Admin, feed: views.Feed) -> Screen:
    """Begins the reading; its result is a message of its own."""
    frame, desk, name = visit.frame(visit.blank()), visit.rooms.desk.feeds, feed.state.id
    desk.check(who, Deed.SYNC_FEED, name)

    async def work() -> Screen:
        try:
            report = await desk.sync(who, name)
        except (FeedError, NotPermitted) as error:
            return views.failed(frame, name, str(error))
        return views.was_read(frame, name, feed.publisher, report)

    begun = visit.rooms.errands.run(visit.chat, f"sync {name}", work)
    return views.reading(frame, feed, already=not begun)


async def held(visit: Visit) -> Screen:
    """What waits of a feed."""
    who, feed = await visit.admin(), _feed(visit)
    waiting = await visit.rooms.desk.feeds.waiting(who, feed)
    return views.held(visit.frame(visit.blank()), visit.rooms.desk.feeds.publisher(feed), waiting)


async def accept(visit: Visit) -> Screen:
    """Take what waits, after asking."""

    async def take(who: Admin, feed: str, mark: int) -> Screen:
        desk = visit.rooms.desk.feeds
        report = await desk.accept(who, feed, mark)
        return views.was_read(visit.frame(visit.blank()), feed, desk.publisher(feed), report)

    return await _decided(visit, Action.ADMIN_ACCEPT, take)


async def refuse(visit: Visit) -> Screen:
    """Give it up, after asking."""

    async def give_up(who: Admin, feed: str, mark: int) -> Screen:
        desk = visit.rooms.desk.feeds
        count = await desk.refuse(who, feed, mark)
        return views.refused(visit.frame(visit.blank()), feed, desk.publisher(feed), count)

    return await _decided(visit, Action.ADMIN_REFUSE, give_up)


async def _decided(visit: Visit, action: Action, decide: Callable[[Admin, str, int], Awaitable[Screen]]) -> Screen:
    """Ask first, then decide on what was looked at: shown anew where it has changed since."""
    who, feed, mark = await visit.admin(), _feed(visit), _mark(visit)
    frame, desk = visit.frame(visit.blank()), visit.rooms.desk.feeds
    if not _is_sure(visit):
        return await _ask_sure(visit, who, feed, action)
    try:
        return await decide(who, feed, mark)
    except HeldChanged:
        return views.held(frame, desk.publisher(feed), await desk.waiting(who, feed), changed=True)
    except FeedError as error:
        return views.failed(frame, feed, str(error))


async def _ask_sure(visit: Visit, who: Admin, feed: str, action: Action) -> Screen:
    frame, desk = visit.frame(visit.blank()), visit.rooms.desk.feeds
    waiting, publisher = await desk.waiting(who, feed), desk.publisher(feed)
    if waiting.mark != _mark(visit) or not waiting:
        return views.held(frame, publisher, waiting, changed=True)
    return views.ask_sure(frame, publisher, waiting, action)


async def _seen(visit: Visit, who: Admin, feed: str) -> views.Feed:
    desk = visit.rooms.desk.feeds
    return views.Feed(await desk.state(who, feed), desk.publisher(feed), desk.about(feed))


def _feed(visit: Visit) -> str:
    if visit.press is None or visit.press.meeting is None:
        raise OutdatedButton
    return visit.rooms.desk.feeds.known(visit.press.meeting)


def _mark(visit: Visit) -> int:
    return visit.press.number if visit.press else 0


def _is_sure(visit: Visit) -> bool:
    return visit.press is not None and visit.press.search.page == views.SURE
