"""The kinds of groups: all of them, or those for what was said."""

from dataclasses import replace

from bot.chat.context import Visit
from bot.domain.search import Search
from bot.domain.understood import merged, reachable
from bot.views import options as views
from bot.views.screen import Screen

LONGEST = 1000  # of a text, in characters


async def options(visit: Visit) -> Screen:
    """Every kind that fits, in turns."""
    search = await visit.whole(visit.asked())
    turned = visit.press is not None and visit.press.number == views.TURNED
    return views.options(visit.frame(search), search, await _listed(visit, search), edits=turned)


async def typed(visit: Visit) -> Screen:
    """/options with words: the kinds for what they say."""
    heard = await visit.understood(visit.text[:LONGEST])
    visit = visit.speaking(heard.language)
    search = replace(merged(visit.blank(), heard), fellowships=())
    return views.options(visit.frame(search), search, await _listed(visit, search))


async def _listed(visit: Visit, search: Search) -> frozenset[str]:
    """Those kinds not known to meet of which a meeting is listed after all, near the place or online."""
    quiet = tuple(kind.id for kind in visit.rooms.fellowships.values() if not kind.live)
    if not quiet:
        return frozenset()
    asked = reachable(Search(place=search.place, fellowships=quiet, seed=search.seed))
    found = await visit.rooms.meetings.search(asked, now=visit.now)
    return frozenset(found.kinds + found.online_kinds)
