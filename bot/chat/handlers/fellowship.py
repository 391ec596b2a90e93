"""Kinds of groups: all of them, one of them, a first visit, whom to talk to."""

from bot.chat.context import Visit
from bot.domain.errors import OutdatedButton
from bot.domain.fellowship import Fellowship
from bot.domain.meeting import Meeting
from bot.views import fellowship as views
from bot.views.screen import Screen


async def options(visit: Visit) -> Screen:
    """Every kind that fits, in turns."""
    search = await visit.whole(visit.asked())
    turned = visit.press is not None and visit.press.number == views.TURNED
    return views.options(visit.frame(search), search, edits=turned)


async def card(visit: Visit) -> Screen:
    """One kind in eight fields."""
    meeting = visit.press.meeting if visit.press else None
    return views.card(visit.frame(await visit.whole(visit.asked())), _kind(visit), meeting)


async def expect(visit: Visit) -> Screen:
    """What a first visit is like."""
    meeting = await _meeting(visit)
    online = meeting is not None and meeting.online
    return views.expect(visit.frame(), _kind(visit), meeting.id if meeting else None, online)


async def talk_first(visit: Visit) -> Screen:
    """Whom one can call before going."""
    meeting = await _meeting(visit)
    contacts = [] if meeting is None else _contacts(meeting)
    return views.talk_first(visit.frame(), _kind(visit), contacts, meeting.id if meeting else None)


async def join_help(visit: Visit) -> Screen:
    """What to try when joining does not work."""
    press = visit.press
    return views.join_help(visit.frame(), _kind(visit), press.meeting if press else None)


def _kind(visit: Visit) -> Fellowship:
    number = visit.press.number if visit.press else 0
    for fellowship in visit.rooms.fellowships.values():
        if fellowship.number == number:
            return fellowship
    raise OutdatedButton


async def _meeting(visit: Visit) -> Meeting | None:
    if visit.press is None or visit.press.meeting is None:
        return None
    listed = await visit.rooms.meetings.open(visit.press.meeting, None, now=visit.now)
    return listed.row.meeting


def _contacts(meeting: Meeting) -> list[tuple[str, str]]:
    """Public contacts of the list and the group, each once."""
    found = [
        (meeting.entity or meeting.name, meeting.entity_phone),
        (meeting.group or meeting.name, meeting.contact),
        (meeting.entity or meeting.name, meeting.entity_url),
        (meeting.name, meeting.url),
    ]
    return [(name, value) for name, value in found if value][:3]
