"""A note that a person writes about their own visit; it is shown to them and kept nowhere."""

from bot.chat.context import Visit
from bot.domain.errors import MeetingGone, OutdatedButton
from bot.domain.found import Row
from bot.views import note as views
from bot.views.screen import Screen


async def day(visit: Visit) -> Screen:
    """On which day it was, then what may be added."""
    row, number = await _row(visit), visit.press.number if visit.press else 0
    if number > views.DAYS:
        raise OutdatedButton
    return views.endings(visit.frame(), row, number - 1) if number else views.days(visit.frame(), row)


async def written(visit: Visit) -> Screen:
    """The note."""
    row = await _row(visit)
    ago, ending = divmod(visit.press.number if visit.press else 0, views.ENDINGS)
    if ago >= views.DAYS:
        raise OutdatedButton
    return views.written(visit.frame(), row, ago, ending)


async def _row(visit: Visit) -> Row:
    if visit.press is None or visit.press.meeting is None:
        raise MeetingGone
    return (await visit.rooms.meetings.open(visit.press.meeting, None, now=visit.now)).row
