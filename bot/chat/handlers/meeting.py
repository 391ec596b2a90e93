"""One meeting: its card and what one can do with it."""

from bot.chat.context import Visit
from bot.domain.errors import MeetingGone
from bot.domain.found import Row
from bot.domain.reminder import can_remind
from bot.domain.search import Search
from bot.views import meeting as views
from bot.views.screen import Screen


async def card(visit: Visit) -> Screen:
    """Everything the list says about a meeting."""
    search, row = await _opened(visit)
    reminded = await visit.rooms.reminders.get(visit.chat, row.meeting.id) is not None
    offered = reminded or can_remind(row.meeting)
    return views.card(visit.frame(search), row, reminded=reminded if offered else None)


async def other_actions(visit: Visit) -> Screen:
    """Keep it or pass it on."""
    search, row = await _opened(visit)
    return views.other_actions(visit.frame(search), row)


async def calendar(visit: Visit) -> Screen:
    """The meeting as a calendar file."""
    search, row = await _opened(visit)
    return views.calendar(visit.frame(search), row)


async def share(visit: Visit) -> Screen:
    """The meeting as a message to forward."""
    search, row = await _opened(visit)
    return views.share(visit.frame(search), row)


async def _opened(visit: Visit) -> tuple[Search, Row]:
    if visit.press is None or visit.press.meeting is None:
        raise MeetingGone
    search = await visit.whole(visit.asked())
    listed = await visit.rooms.meetings.open(visit.press.meeting, search.place, now=visit.now)
    return search, listed.row
