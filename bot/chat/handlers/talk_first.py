"""Whom one can call or write to before going."""

from bot.chat.context import Visit
from bot.domain.fellowship import Fellowship
from bot.domain.meeting import Meeting
from bot.domain.place import Place
from bot.domain.search import Search
from bot.views import talk_first as views
from bot.views.screen import Screen
from bot.views.talk_first import Contact

MOST = 3


async def talk_first(visit: Visit) -> Screen:
    """The group's public contact, the helpline of its area, and a few words to say."""
    kind, meeting = visit.pressed_kind(), await visit.pressed_meeting()
    search = visit.asked()
    contacts = _of_group(meeting) if meeting else []
    if not any(one.of_area and not one.is_page for one in contacts):
        contacts += await _of_area(visit, kind, _place(meeting) or search.place)
    once = list({one.value: one for one in reversed(contacts)}.values())[::-1]
    return views.talk_first(visit.frame(search), kind, once[:MOST], meeting.id if meeting else None)


def _of_group(meeting: Meeting) -> list[Contact]:
    """What the list says of this group, then the body behind the list."""
    body, group = meeting.entity or meeting.name, meeting.group or meeting.name
    found = [
        Contact(group, meeting.contact),
        Contact(body, meeting.entity_phone, of_area=True),
        Contact(body, meeting.entity_url, of_area=True),
        Contact(meeting.name, meeting.url),
    ]
    return [one for one in found if one.value]


async def _of_area(visit: Visit, kind: Fellowship, place: Place | None) -> list[Contact]:
    """The helplines of bodies that list meetings of this kind near a place."""
    if place is None:
        return []
    found = await visit.rooms.meetings.search(Search(place=place, fellowships=(kind.id,)), now=visit.now)
    listed = [row.meeting for row in found.rows]
    return [Contact(one.entity or kind.name, one.entity_phone, of_area=True) for one in listed if one.entity_phone]


def _place(meeting: Meeting | None) -> Place | None:
    """Where a group meets, if in a room."""
    if meeting is None or not meeting.in_person or meeting.latitude is None or meeting.longitude is None:
        return None
    return Place(meeting.city, meeting.latitude, meeting.longitude, country=meeting.country, zone=meeting.zone)
