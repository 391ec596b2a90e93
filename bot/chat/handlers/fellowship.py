"""One kind of groups, and a first visit to it."""

from bot.chat.context import Visit
from bot.domain.fellowship import Fellowship
from bot.views import fellowship as views
from bot.views.screen import Screen


async def card(visit: Visit) -> Screen:
    """One kind in eight fields."""
    return views.card(visit.frame(await visit.whole(visit.asked())), visit.pressed_kind(), _meeting(visit))


async def all_facts(visit: Visit) -> Screen:
    """One kind in all its facts, with what studies say and the sources."""
    return views.all_facts(visit.frame(await visit.whole(visit.asked())), visit.pressed_kind(), _meeting(visit))


async def expect(visit: Visit) -> Screen:
    """What a first visit is like: to one meeting, or in all the ways in which the kind meets."""
    kind, meeting = visit.pressed_kind(), await visit.pressed_meeting()
    frame = visit.frame(await visit.whole(visit.asked()))
    if meeting is not None:
        return views.expect(frame, kind, meeting.id, meeting.online, meeting.in_person)
    online, room = _ways(kind)
    return views.expect(frame, kind, None, online, room)


async def join_help(visit: Visit) -> Screen:
    """What to try when joining does not work."""
    return views.join_help(visit.frame(), visit.pressed_kind(), _meeting(visit))


def _ways(kind: Fellowship) -> tuple[bool, bool]:
    """Whether a kind meets online, and in rooms; one of which it is not known may do both."""
    formats = set(kind.facts.formats)
    if not formats:
        return True, True
    return not formats.isdisjoint({"video", "online", "chat", "forum"}), "in_person" in formats


def _meeting(visit: Visit) -> int | None:
    return visit.press.meeting if visit.press else None
