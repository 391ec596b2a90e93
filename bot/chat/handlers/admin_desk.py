"""From the chat to the desk in a browser, and out of it everywhere."""

from bot.chat.context import Visit
from bot.domain.errors import OutdatedButton
from bot.views import admin_desk as views
from bot.views.screen import Screen


async def desk(visit: Visit) -> Screen:
    """A link that works once; or signed out everywhere."""
    who, frame, rooms = await visit.admin(), visit.frame(visit.blank()), visit.rooms
    if visit.press is not None and visit.press.number == views.EVERYWHERE:
        await rooms.desk.sessions.end_all(who)
        return views.closed(frame)
    if not rooms.desk_address:
        raise OutdatedButton
    token = await rooms.desk.sessions.link(who)
    return views.link(frame, who, f"{rooms.desk_address}/admin/in/{token}?lang={visit.language}")
