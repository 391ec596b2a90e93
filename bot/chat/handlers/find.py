"""Find a meeting: where, what about, the list, and changing it."""

from dataclasses import replace

from bot.chat.context import Visit
from bot.domain.buttons import Action
from bot.domain.errors import PlaceUnknown
from bot.domain.found import Found
from bot.domain.place import Place, valid_coordinates
from bot.domain.search import Search
from bot.domain.understood import Understood, merged, reachable
from bot.domain.urgent import UrgentCountry
from bot.domain.when import NOW
from bot.views import doors, privacy, start, topics, urgent
from bot.views import find as views
from bot.views.screen import Keys, Screen

LONGEST = 1000  # of a text, in characters: what a person writes about one search


async def ask_place(visit: Visit) -> Screen:
    """Asks for the place, and keeps what was asked before."""
    search = replace(visit.asked(), place=None, page=1)
    search = replace(search, online=None) if search.online else search
    visit.remember(search, asked_place=True)
    return views.where(visit.frame(), search)


async def ask_about(visit: Visit) -> Screen:
    """Asks what it is about; doors with a second step lead there."""
    search = await visit.whole(visit.asked())
    visit.remember(search)
    press = visit.press
    if press and press.action == Action.ASK_ABOUT_MORE:
        return doors.about_more(visit.frame(), search, press.number)
    return doors.about(visit.frame(), search, of_kinds=press is not None and press.number == doors.OF_KINDS)


async def family(visit: Visit) -> Screen:
    """The door for family and friends."""
    return doors.about_more(visit.frame(), visit.blank(), doors.DOORS["family"])


async def ask_when(visit: Visit) -> Screen:
    """Asks for day or time; a typed one is understood too."""
    search = await visit.whole(visit.asked())
    visit.remember(search)
    return views.ask_when(visit.frame(), search)


async def ask_filters(visit: Visit) -> Screen:
    """Filters to put on and take off, in place; others can be typed."""
    search = await visit.whole(visit.asked())
    visit.remember(search)
    return views.ask_filters(visit.frame(search), search)


async def change(visit: Visit) -> Screen:
    """Every part of the search, each changeable."""
    search = await visit.whole(visit.asked())
    visit.remember(search)
    return views.change(visit.frame(), search)


async def why_order(visit: Visit) -> Screen:
    """Why the list stands in this order."""
    return views.why_order(visit.frame(), await visit.whole(visit.asked()))


async def show_list(visit: Visit) -> Screen:
    """A list as a new message."""
    return await answer(visit, visit.asked())


async def turn_page(visit: Visit) -> Screen:
    """Another page of a list, in place."""
    search = await visit.whole(visit.asked())
    return views.results(visit.frame(search), await _found(visit, search), edits=True)


async def online_now(visit: Visit) -> Screen:
    """What is on online in the next two hours, in one press."""
    return await answer(visit, replace(visit.blank(), online=True, when=NOW))


async def online(visit: Visit) -> Screen:
    """Online meetings, soonest first."""
    return await answer(visit, replace(visit.blank(), online=True))


async def location(visit: Visit) -> Screen:
    """A shared location: the list around it, or first what it is about where that was the way."""
    if visit.location is None or not valid_coordinates(*visit.location):
        raise PlaceUnknown
    base, asked = _base(visit)
    latitude, longitude = visit.location
    place = Place("", latitude, longitude).on_grid()
    screen = await _with_place(visit, await visit.whole(replace(base, place=place)), asked)
    return _with_keys_closed(visit, base, asked, screen)


async def free_text(visit: Visit) -> Screen:
    """Any text is a search: alone, or as the answer to a question."""
    heard = await visit.understood(visit.text[:LONGEST])
    visit = visit.speaking(heard.language or await visit.saved_language())
    base, asked = _base(visit)
    topic = topics.written(heard.topics)
    if heard.asks_something:
        screen = await _searched(visit, base, heard, asked)
        country = _numbers(visit, merged(base, heard))
        screen = topics.before(visit.frame(merged(base, heard)), topic, screen, country) if topic else screen
    elif topic:
        screen = topics.answer(visit.frame(), topic, _numbers(visit, base))
    else:
        screen = await _not_a_search(visit, base, heard, asked)
    if heard.unknown and heard.language is None:  # perhaps a language in which nothing urgent would be heard
        screen = urgent.with_line(visit.frame(), screen)
    return _with_keys_closed(visit, base, asked, screen)


def _numbers(visit: Visit, search: Search) -> UrgentCountry | None:
    """The urgent numbers of where the person looks, else of the operator's country."""
    return visit.rooms.urgent.get(search.place.country if search.place else visit.rooms.operator.country)


async def _searched(visit: Visit, base: Search, heard: Understood, asked: bool) -> Screen:
    """The list for what was understood, or the question that comes first."""
    search = merged(base, heard)
    if len(heard.places) > 1:
        return views.choose_place(visit.frame(), search, heard.places, then_about=asked)
    if asked and heard.places and not (heard.when or heard.filters or heard.online):
        return await _with_place(visit, search, asked)
    visit.remember()
    return await answer(visit, search, heard)


async def _not_a_search(visit: Visit, base: Search, heard: Understood, asked: bool) -> Screen:
    """A text in which nothing was found: after a question for a place it may still be one."""
    if "near_me" in heard.topics:
        visit.remember(base, asked_place=True)
        return views.where(visit.frame(), base)
    if "greeting" in heard.topics:
        return start.welcome(visit.frame())
    if "privacy" in heard.topics:
        return privacy.privacy(visit.frame(), kept=await visit.rooms.people.has_anything(visit.chat))
    if "help" in heard.topics:
        return doors.about(visit.frame(), base)
    if not asked:
        return views.not_understood(visit.frame(), heard.unknown)
    places = await visit.rooms.places.find(visit.text[:LONGEST], country=visit.rooms.operator.country)
    if not places:
        visit.remember(base, asked_place=True)
        return views.place_unknown(visit.frame(), base)
    if len(places) > 1:
        return views.choose_place(visit.frame(), base, tuple(places), then_about=True)
    return await _with_place(visit, replace(base, place=places[0]), asked)


def _with_keys_closed(visit: Visit, base: Search, asked: bool, screen: Screen) -> Screen:
    """Takes away the keyboard that a question for the place opened, where this text answered it."""
    if not asked or visit.replied is not None or base.says_something or isinstance(screen.ask, Keys):
        return screen
    place = visit.hint.search if visit.hint else None
    return views.with_keys_closed(visit.frame(), place or base, screen)


def _base(visit: Visit) -> tuple[Search, bool]:
    """The search a question was about, and whether the question asked for the place."""
    if visit.replied is not None:
        asked_place = visit.replied.action == Action.ASK_PLACE
        return replace(visit.replied.search, language=visit.language), asked_place
    hint = visit.hint
    if hint is not None and hint.search is not None:
        return replace(hint.search, language=visit.language), hint.asked_place
    return visit.blank(), False


async def _with_place(visit: Visit, search: Search, asked: bool) -> Screen:
    """The place is known: what it is about is asked next, where the person is being asked at all."""
    visit.remember(search if asked else None)
    if asked and not search.needs and not search.fellowships:
        return doors.about(visit.frame(search), search)
    return await answer(visit, search)


async def answer(visit: Visit, search: Search, heard: Understood | None = None) -> Screen:
    """The list of a search; with neither place nor way it is the online meetings that start soon."""
    if search.place is None and search.online is False:
        visit.remember(search, asked_place=True)
        return views.where(visit.frame(), search)
    search = await visit.whole(reachable(search))
    return views.results(visit.frame(search), await _found(visit, search), heard)


async def _found(visit: Visit, search: Search) -> Found:
    """The page that was asked for; the first one where the list has become shorter than that."""
    found = await visit.rooms.meetings.search(search, now=visit.now)
    if found.rows or search.page == 1:
        return found
    return await visit.rooms.meetings.search(search.with_page(1), now=visit.now)
