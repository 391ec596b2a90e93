"""Urgent help: before everything else, and one press away from everywhere."""

from dataclasses import replace

from bot.chat.context import Visit
from bot.domain.buttons import Action, country_letters
from bot.domain.understood import merged
from bot.domain.urgent import UrgentCountry
from bot.texts.countries import ELSEWHERE
from bot.views import urgent as views
from bot.views.screen import Screen

SURE_TOWN = 50_000  # people


async def urgent(visit: Visit) -> Screen:
    """The card of the person's country: the one chosen, else that of their place, else the operator's."""
    search = await visit.whole(visit.asked())
    code = search.place.country if search.place else visit.rooms.operator.country
    if visit.press and visit.press.action == Action.URGENT_COUNTRY:
        code = country_letters(visit.press.number)
    return views.card(visit.frame(search), _of(visit, code), nearby(visit))


async def countries(visit: Visit) -> Screen:
    """The list of countries."""
    page = visit.press.number if visit.press else 0  # 0: opened; from 1 on: a page turned to
    return views.countries(visit.frame(), visit.rooms.urgent, max(0, page - 1), edits=page > 0)


async def detected(visit: Visit) -> Screen:
    """A text that sounds like an emergency: the card first, then the way to the meetings it may have asked for."""
    heard = await visit.understood(_without_command(visit.text))
    visit = visit.speaking(heard.language)
    # "kill" and "hope" are villages: in such a text only a town large enough to be meant decides the country.
    sure = tuple(place for place in heard.places if place.population >= SURE_TOWN)[:1]
    search = merged(visit.blank(), replace(heard, places=sure))
    code = search.place.country if search.place else visit.rooms.operator.country
    # What somebody took, when, and whom they fear for is no question for meetings: a place, a kind, a group is.
    asked = bool(sure or heard.fellowships or heard.names_meetings) or heard.online is not None
    frame = visit.frame(search if asked else visit.blank())
    resume = search if asked else None
    return views.card(
        frame, _of(visit, code), nearby(visit), kind=visit.alarm.card if visit.alarm else "", resume=resume
    )


def _without_command(text: str) -> str:
    """The words after a command, whose own name is English for everybody."""
    return text.partition(" ")[2] if text.startswith("/") else text


def _of(visit: Visit, code: str) -> UrgentCountry | None:
    """The numbers of a country; those that hold everywhere where it has no row; None for no country."""
    return visit.rooms.urgent.get(code) or visit.rooms.urgent[ELSEWHERE] if code else None


def nearby(visit: Visit) -> list[UrgentCountry]:
    """Countries where the visit's language comes first, for a person whose country is not known."""
    entry = visit.rooms.library.languages.get(visit.language)
    codes = entry.urgent_first if entry else ()
    return [visit.rooms.urgent[code] for code in codes if code in visit.rooms.urgent]
