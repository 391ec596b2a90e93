"""Two kinds of groups beside each other."""

from bot.chat.context import Visit
from bot.domain.errors import OutdatedButton
from bot.domain.fellowship import Fellowship
from bot.domain.search import Search
from bot.views import compare as views
from bot.views.screen import Screen


async def choose(visit: Visit) -> Screen:
    """Which other kind to set beside this one."""
    search = await visit.whole(visit.asked())
    (kind,) = _kinds(visit, search, 1)
    return views.choose(visit.frame(search), kind, _meeting(visit), edits=_turned(visit))


async def compare(visit: Visit) -> Screen:
    """Two kinds, field by field."""
    search = await visit.whole(visit.asked())
    one, other = _kinds(visit, search, 2)
    return views.compare(visit.frame(search), one, other, _meeting(visit), edits=_turned(visit))


def _kinds(visit: Visit, search: Search, count: int) -> list[Fellowship]:
    """The first kinds that a button carries; one that carries fewer is out of date."""
    if len(set(search.fellowships)) < count:
        raise OutdatedButton
    return [visit.rooms.fellowships[kind] for kind in search.fellowships[:count]]


def _meeting(visit: Visit) -> int | None:
    return visit.press.meeting if visit.press else None


def _turned(visit: Visit) -> bool:
    return visit.press is not None and visit.press.number == views.TURNED
