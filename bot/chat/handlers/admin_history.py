"""The history behind /admin: what was changed, and taking it back."""

from bot.chat.context import Visit
from bot.domain.errors import FeedError, OutdatedButton
from bot.views import admin as admin_views
from bot.views import admin_history as views
from bot.views.screen import Screen


async def listed(visit: Visit) -> Screen:
    """The last changes, a page at a time."""
    who, frame = await visit.admin(), visit.frame()
    changes, more = await visit.rooms.desk.audit.page(who, frame.search.page)
    return views.listed(frame, changes, more=more)


async def one(visit: Visit) -> Screen:
    """One change; taking it back, or what stands in the way."""
    who, press, audit = await visit.admin(), visit.press, visit.rooms.desk.audit
    if press is None or press.meeting is None:
        raise OutdatedButton
    frame = visit.frame(visit.blank())
    change = await audit.one(who, press.meeting)
    if press.number not in (views.Step.UNDO, views.Step.UNDO_REST):
        return views.one(frame, who, change)
    try:
        result = await audit.undo(change.id, who, despite_conflicts=press.number == views.Step.UNDO_REST)
    except FeedError as error:
        return admin_views.trouble(frame, str(error), views.back(frame))
    await visit.rooms.menus.refresh()
    return views.undone(frame, result)
