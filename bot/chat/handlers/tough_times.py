"""Hours that tend to be hard: naming one, and opening what is on then."""

from dataclasses import replace
from zoneinfo import ZoneInfo

from bot.chat.context import Visit
from bot.domain.errors import OutdatedButton
from bot.domain.found import Found
from bot.domain.place import Place, from_cell, to_cell
from bot.domain.search import Search
from bot.domain.urgent import UrgentCountry
from bot.domain.when import Day, When
from bot.texts.countries import ELSEWHERE
from bot.views import preferences, remind
from bot.views import tough_times as views
from bot.views.screen import Screen
from bot.views.zones import country_of_zone, likely_zone

LONGEST = 200  # of a typed text, in characters
_AROUND = 90  # minutes: how the reading of "18:00" spreads, from half an hour before to an hour after
_BEFORE = 30
_DAY = 24 * 60


async def add(visit: Visit) -> Screen:
    """Day, then hour, then whose clock; or all of it in words."""
    search, number = await visit.whole(visit.asked()), visit.press.number if visit.press else 0
    if number == views.TYPED:
        return views.ask_words(visit.frame())
    if search.when.day not in _WEEK:
        return views.ask_day(visit.frame())
    if search.when.start is None:
        return views.ask_hour(visit.frame(), search)
    if number == views.PLACE:
        return views.ask_place(visit.frame(), search)
    return await _kept(visit, search)


async def typed(visit: Visit) -> Screen:
    """The reply to one of the two questions: an hour in words, or a place."""
    if visit.replied is None:
        raise OutdatedButton
    search = replace(visit.replied.search, language=visit.language)
    if search.when.start is not None:
        return await _place(visit, search)
    when = await _hour(visit)
    if when is None:
        return views.ask_words(visit.frame(search), again=True)
    return await _kept(visit, replace(search, when=when))


async def opened(visit: Visit) -> Screen:
    """What is on around that hour, and whom one can call, as it is now."""
    number = visit.press.number if visit.press else 0
    reminders, chat = visit.rooms.reminders, visit.chat
    await reminders.opened_tough_time(chat, number)
    hour = next((one for one in await reminders.tough_times(chat) if one.number == number), None)
    if hour is None:
        return remind.gone(visit.frame(), None)
    zone = (await visit.rooms.people.of(chat)).zone or "UTC"
    when = replace(views.at(hour.weekday, hour.minute), end=(hour.minute // 15 * 15 + views.LASTS) % _DAY)
    near = await _found(visit, await _near(visit, hour.cell, when), zone) if hour.cell is not None else None
    online = await _found(visit, replace(visit.blank(), online=True, when=when), zone)
    place = near.search.place if near else None
    country = _country(visit, (place.country if place else "") or country_of_zone(zone))
    return views.opened(visit.frame(visit.blank()), number, zone, near, online, country)


_WEEK = frozenset(Day(number) for number in range(1, 8))


async def _kept(visit: Visit, search: Search) -> Screen:
    """Keep the hour; the clock is asked for where it is not known."""
    frame = visit.frame(search)
    zone = (await visit.rooms.people.of(visit.chat)).zone
    if zone is None:
        guess = likely_zone(frame, "")
        return views.ask_zone(frame, search, guess) if guess else preferences.ask_zone(frame, search, None)
    place = search.place
    hour = await visit.rooms.reminders.add_tough_time(
        visit.chat,
        int(search.when.day),
        search.when.start or 0,
        zone=zone,
        language=visit.language,
        cell=to_cell(place.latitude, place.longitude) if place else None,
    )
    return views.added(frame, hour, zone, search)


async def _hour(visit: Visit) -> When | None:
    """Weekday and hour in a typed text; None where either is not said."""
    heard = await visit.understood(visit.text[:LONGEST])
    when = heard.when
    if when is None or when.day not in _WEEK or when.start is None:
        return None
    exact = when.end is not None and (when.end - when.start) % _DAY == _AROUND
    return views.at(when.day, (when.start + (_BEFORE if exact else 0)) % _DAY)


async def _place(visit: Visit, search: Search) -> Screen:
    places = await visit.rooms.places.find(visit.text[:LONGEST], country=visit.rooms.operator.country)
    if not places:
        return views.ask_place(visit.frame(search), search, unknown=True)
    if len(places) > 1:
        return views.choose_place(visit.frame(search), search, tuple(places))
    return await _kept(visit, replace(search, place=places[0]))


async def _near(visit: Visit, cell: int, when: When) -> Search:
    return await visit.whole(replace(visit.blank(), place=Place("", *from_cell(cell)), when=when))


async def _found(visit: Visit, search: Search, zone: str) -> Found:
    """The search by the person's clock."""
    return await visit.rooms.meetings.search(search, now=visit.now.astimezone(ZoneInfo(zone)))


def _country(visit: Visit, code: str) -> UrgentCountry | None:
    """The numbers of a country, else of the operator's, else those that hold in many."""
    numbers = visit.rooms.urgent
    return numbers.get(code or visit.rooms.operator.country) or numbers.get(ELSEWHERE)
