"""Many meetings at once behind /admin: download a sheet, send it back, say yes to what it would change.

Nothing is kept in between: the screen with the difference is a reply to the file or the link, and its buttons bring
that back. It is read again then, and what it would change compared with what was looked at.
"""

from collections.abc import Awaitable, Callable

from bot.chat.context import Visit
from bot.domain.admin import Admin, Deed, does
from bot.domain.bulk import Difference, Part
from bot.domain.errors import NotPermitted, OperatorError, OutdatedButton, PersonError, UnreadableSheet
from bot.views import admin as admin_views
from bot.views import admin_bulk as views
from bot.views import start as start_views
from bot.views.screen import Screen

MOST_SENT = 45 * 1024 * 1024  # bytes; Telegram takes 50 MB with all that belongs to the message
SMALL_FILE = 256 * 1024  # bytes that are read, and applied, while somebody waits
Found = Callable[[Difference], Awaitable[Screen]]


async def home(visit: Visit) -> Screen:
    """Many at once."""
    await _helper(visit)
    return views.home(visit.frame(visit.blank()), left=visit.press is not None and visit.press.number == 1)


async def export(visit: Visit) -> Screen:
    """A file of what somebody looks after, or the choice of a part of it."""
    who, frame, desk = await _helper(visit), visit.frame(), visit.rooms.desk
    press = visit.press
    if press is None or press.number not in set(views.Export):
        raise OutdatedButton
    what = views.Export(press.number)
    if what in (views.Export.BY_LIST, views.Export.BY_KIND):
        parts = await desk.bulk.parts(who)
        if what is views.Export.BY_KIND:
            return views.kinds(frame, sorted({kind for _, kind in parts}))
        feeds = sorted({feed for feed, _ in parts})
        return views.lists(frame, [(feed, desk.feeds.publisher(feed)) for feed in feeds])
    kind = views.FILES[what]
    feed = "" if press.meeting is None else await desk.bulk.feed_of(who, press.meeting)
    fellowship = next(iter(press.search.fellowships), "")

    async def work() -> Screen:
        data = await desk.bulk.exported(who, kind, MOST_SENT, feed=feed, fellowship=fellowship)
        if data is None:
            return views.too_large(frame, MOST_SENT // 1024 // 1024)
        return views.exported(frame, kind, data)

    return await _done(visit, who, work, at_once=False)


async def ask_link(visit: Visit) -> Screen:
    """Asks for the link of a published sheet."""
    await _helper(visit)
    return views.ask_link(visit.frame(visit.blank()))


async def sent(visit: Visit) -> Screen:
    """A file, or the link that was asked for: what it would change."""
    who = await _helper(visit)

    async def show(found: Difference) -> Screen:
        return views.difference(visit.frame(visit.blank()), found)

    return await _looked(visit, who, show)


async def apply(visit: Visit) -> Screen:
    """Yes to one part of it: of the very file that the screen answers, if it would still do the same."""
    who, frame, press = await _helper(visit), visit.frame(visit.blank()), visit.press
    if press is None or press.meeting not in set(Part):
        raise OutdatedButton
    part = Part(press.meeting)

    async def work(found: Difference) -> Screen:
        if not found.count(part) or found.mark(part) != press.number:
            return views.difference(frame, found, since=True)
        if part is Part.GONE and press.search.page != views.SURE:
            return views.ask_end(frame, found)
        return views.done(frame, await visit.rooms.desk.bulk.apply(who, _name(visit), found, part))

    return await _looked(visit, who, work)


async def _helper(visit: Visit) -> Admin:
    who = await visit.admin()
    if not does(who, Deed.BULK):
        raise NotPermitted
    return who


def _link(visit: Visit) -> str:
    return (visit.quoted or visit.text).strip()


def _name(visit: Visit) -> str:
    return (visit.file.name or visit.file.id[:8]) if visit.file else _link(visit)


def _is_small(visit: Visit) -> bool:
    return visit.file is not None and visit.file.size <= SMALL_FILE


async def _looked(visit: Visit, who: Admin, then: Found) -> Screen:
    """What the file or the link would change, and what follows from that."""
    if visit.file is None and not _link(visit):
        raise OutdatedButton
    bulk = visit.rooms.desk.bulk

    async def work() -> Screen:
        file = visit.file
        data = await visit.rooms.files.get(file.id, file.size) if file else await bulk.published(_link(visit))
        return await then(await bulk.look(who, data))

    return await _done(visit, who, work, at_once=_is_small(visit))


async def _done(visit: Visit, who: Admin, work: Callable[[], Awaitable[Screen]], *, at_once: bool) -> Screen:
    """Now, or in a message of its own where it may take longer than somebody waits."""
    frame = visit.frame(visit.blank())

    async def told() -> Screen:
        try:
            return await work()
        except UnreadableSheet as error:
            return views.unreadable(frame, error.reason, error.about)
        except OperatorError as error:
            return admin_views.trouble(frame, str(error), views.back(frame))
        except PersonError as error:
            return start_views.failed(frame, error.screen)

    if at_once:
        return await told()
    begun = visit.rooms.errands.run(visit.chat, f"bulk {who.id}", told, reply_to=visit.message)
    return views.working(frame, already=not begun)
