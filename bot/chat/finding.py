"""From words to the sheet of a meeting, for people who help."""

from urllib.parse import parse_qs, urlsplit

from bot.chat.context import Visit
from bot.domain.admin import Admin
from bot.domain.buttons import unpack
from bot.domain.edits import Found
from bot.domain.errors import OutdatedButton
from bot.domain.meeting import id_text
from bot.views import admin_meetings as views
from bot.views.screen import Screen

LONGEST = 200  # characters of what is looked for
MOST = 8  # meetings to choose from
LOOKED_AT = 200  # those of all kinds, where only one kind is meant


async def found(visit: Visit, who: Admin) -> Screen:
    """The sheet of the one meeting that the text means, those it may mean, or the question once more."""
    frame, text = visit.frame(visit.blank()), " ".join(visit.text.split())[:LONGEST]
    wanted = _linked(visit, text)
    some = await _search(visit, who, text if wanted is None else id_text(wanted))
    if not some:
        return views.ask(frame, typed=text, unknown=True)
    if len(some) > 1:
        return views.found(frame, text, some)
    return await sheet(visit, who, some[0].meeting.id)


async def _search(visit: Visit, who: Admin, text: str) -> list[Found]:
    """Meetings for these words; where there are none, a word may be the name of a kind of group: "na leeds"."""
    desk = visit.rooms.desk.meetings
    if some := await desk.find(who, text, MOST):
        return some
    known = visit.rooms.fellowships.values()
    named = {word: kind.id for kind in known for word in (kind.id, kind.short.casefold())}
    words = text.casefold().split()
    kinds = {named[word] for word in words if word in named}
    rest = " ".join(word for word in words if word not in named)
    if not kinds or not rest:
        return []
    return [one for one in await desk.find(who, rest, LOOKED_AT) if one.meeting.fellowship in kinds][:MOST]


async def sheet(visit: Visit, who: Admin, meeting: int, *, checked: bool = False) -> Screen:
    """Everything about one meeting. `checked`: somebody just said that it is right."""
    one = await visit.rooms.desk.meetings.one(who, meeting)
    days = await visit.rooms.desk.days.of(meeting)
    return views.sheet(visit.frame(visit.blank()), who, one, days, checked=checked)


def _linked(visit: Visit, text: str) -> int | None:
    """The meeting whose card a link of this bot opens."""
    numbers = {kind.number: name for name, kind in visit.rooms.fellowships.items()}
    try:
        payload = parse_qs(urlsplit(text).query).get("start", [""])[0] if "://" in text else ""
        return unpack(payload, numbers).meeting if payload else None
    except (OutdatedButton, ValueError):  # a link that is none
        return None
