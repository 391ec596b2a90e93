"""News for people who help: a digest at their hour, and alerts; both only for who asks."""

from bot.chat.context import Visit
from bot.domain.admin import Admin
from bot.domain.errors import OutdatedButton
from bot.domain.news import Wanted
from bot.views import admin_news as views
from bot.views.admin_news import Choice
from bot.views.screen import Screen
from bot.views.zones import likely_zone, numbered_zone

LONGEST = 200  # of a typed town, in characters


async def news(visit: Visit) -> Screen:
    """What somebody is told by itself; or, asked for another place, whose clock."""
    who, frame = await visit.admin(), visit.frame(visit.blank())
    wanted = await visit.rooms.desk.news.of(who)
    if visit.press is not None and visit.press.number == views.ASK:
        return views.ask_zone(frame, wanted.minute)
    return views.news(frame, wanted)


async def put(visit: Visit) -> Screen:
    """One change to it."""
    who, press = await visit.admin(), visit.press
    if press is None or press.search.page not in tuple(Choice):
        raise OutdatedButton
    choice, frame = Choice(press.search.page), visit.frame(visit.blank())
    if choice is Choice.ALERTS:
        done = await visit.rooms.desk.news.set_alerts(who, press.number == 1, visit.language)
        return views.news(frame, done, edits=True)
    if choice is Choice.ZONE:
        return await _clock(visit, who, press.search.when.start, numbered_zone(press.number))
    return await _hour(visit, who, views.numbered_minute(press.number))


async def town(visit: Visit) -> Screen:
    """A typed town: its zone, or which of several."""
    who, frame, asked = await visit.admin(), visit.frame(visit.blank()), visit.asked_before()
    minute = asked.when.start
    places = await visit.rooms.places.find(visit.text[:LONGEST], country=visit.rooms.operator.country)
    zones = {place.zone for place in places if place.zone}
    if not zones:
        return views.ask_zone(frame, minute, unknown=True)
    if len(zones) > 1:
        return views.choose_zone(frame, minute, places)
    return await _clock(visit, who, minute, zones.pop())


async def _hour(visit: Visit, who: Admin, minute: int | None) -> Screen:
    """Set the hour by the clock that is known or likely; where none is, ask for one."""
    wanted = await visit.rooms.desk.news.of(who)
    zone = wanted.zone or await _zone(visit)
    if minute is not None and not zone:
        return views.ask_zone(visit.frame(visit.blank()), minute)
    return await _kept(visit, who, Wanted(minute, zone), edits=True)


async def _clock(visit: Visit, who: Admin, minute: int | None, zone: str) -> Screen:
    wanted = await visit.rooms.desk.news.of(who)
    return await _kept(visit, who, Wanted(wanted.minute if minute is None else minute, zone))


async def _kept(visit: Visit, who: Admin, chosen: Wanted, *, edits: bool = False) -> Screen:
    try:
        done = await visit.rooms.desk.news.set_digest(who, chosen.minute, chosen.zone, visit.language)
    except ValueError:
        raise OutdatedButton from None
    return views.news(visit.frame(visit.blank()), done, edits=edits)


async def _zone(visit: Visit) -> str:
    """The zone that somebody chose for their own reminders, else the likely one of the operator's country."""
    chosen = (await visit.rooms.people.of(visit.chat)).zone
    return chosen or likely_zone(visit.frame(visit.blank()), "")
