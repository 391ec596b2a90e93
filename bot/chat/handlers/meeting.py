"""One meeting: its card and what one can do with it."""

from bot.chat.context import Visit
from bot.domain.admin import Deed, may
from bot.domain.edits import scope_of
from bot.domain.errors import MeetingGone
from bot.domain.found import Row
from bot.domain.meeting import Meeting
from bot.domain.reminder import can_remind
from bot.domain.search import Search
from bot.views import meeting as views
from bot.views.screen import Screen


async def card(visit: Visit) -> Screen:
    """Everything the list says about a meeting."""
    search, row = await _opened(visit)
    reminded = await visit.rooms.reminders.get(visit.chat, row.meeting.id) is not None
    offered = reminded or (can_remind(row.meeting) and row.next is not None)
    standing = await visit.rooms.standings.of(row.meeting)
    return views.card(visit.frame(search), row, reminded=reminded if offered else None, standing=standing)


async def other_actions(visit: Visit) -> Screen:
    """Keep it or pass it on."""
    search, row = await _opened(visit)
    return views.other_actions(visit.frame(search), row, editable=await _may_change(visit, row.meeting))


async def calendar(visit: Visit) -> Screen:
    """The meeting as a calendar file."""
    search, row = await _opened(visit)
    return views.calendar(visit.frame(search), row)


async def share(visit: Visit) -> Screen:
    """The meeting as a message to forward."""
    search, row = await _opened(visit)
    return views.share(visit.frame(search), row)


async def _may_change(visit: Visit, meeting: Meeting) -> bool:
    """Whether somebody who helps is here and looks after it; of all others nothing is asked."""
    if not visit.rooms.menus.may_help(visit.chat):
        return False
    who = await visit.rooms.desk.admins.of(visit.chat)
    return who is not None and may(who, Deed.EDIT_MEETING, scope_of(meeting))


async def _opened(visit: Visit) -> tuple[Search, Row]:
    if visit.press is None or visit.press.meeting is None:
        raise MeetingGone
    search = await visit.whole(visit.asked())
    listed = await visit.rooms.meetings.open(visit.press.meeting, search.place, now=visit.now)
    return search, listed.row
