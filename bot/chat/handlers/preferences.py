"""What somebody chooses once for everything: time zone, quiet hours, language."""

from dataclasses import replace

from bot.chat.context import Visit
from bot.domain.buttons import Press
from bot.domain.errors import MeetingGone, OutdatedButton
from bot.domain.place import to_cell
from bot.domain.search import Search
from bot.views import preferences as views
from bot.views import remind, tough_times
from bot.views.screen import Screen
from bot.views.zones import ASK, numbered_zone

LONGEST = 200  # of a typed town, in characters


async def quiet(visit: Visit) -> Screen:
    """Quiet hours: shown, or set by the pressed ones."""
    chosen = views.numbered_quiet(visit.press.number) if visit.press else None
    if chosen is not None:
        await visit.rooms.people.set_quiet(visit.chat, chosen)
    return views.quiet(visit.frame(), await visit.rooms.people.of(visit.chat), edits=chosen is not None)


async def zone(visit: Visit) -> Screen:
    """Asks for a town, or takes the zone that was pressed."""
    press = visit.press
    if press is None or press.number == ASK:
        return views.ask_zone(visit.frame(), visit.asked(), press.meeting if press else None)
    return await _taken(visit, press, numbered_zone(press.number))


async def town(visit: Visit) -> Screen:
    """A typed town: its zone, or which of several."""
    asked = visit.replied
    if asked is None:
        raise OutdatedButton
    search = replace(asked.search, language=visit.language)
    places = await visit.rooms.places.find(visit.text[:LONGEST], country=visit.rooms.operator.country)
    zones = {place.zone for place in places if place.zone}
    if not zones:
        return views.ask_zone(visit.frame(search), search, asked.meeting, unknown=True)
    if len(zones) > 1:
        return views.choose_zone(visit.frame(search), search, asked.meeting, tuple(places))
    return await _taken(visit, replace(asked, search=search), zones.pop())


async def _taken(visit: Visit, asked: Press, name: str) -> Screen:
    """Keep a zone with what it was asked for: a reminder, a tough time, or everything."""
    if asked.meeting is not None:
        return await _for_reminder(visit, asked.meeting, name)
    if asked.search.when.start is not None:
        return await _for_tough_time(visit, asked.search, name)
    await visit.rooms.people.set_zone(visit.chat, name)
    return views.zone_set(visit.frame(visit.blank()), name)


async def _for_reminder(visit: Visit, identity: int, name: str) -> Screen:
    reminders = visit.rooms.reminders
    kept = await reminders.get(visit.chat, identity)
    if kept is None:
        return remind.gone(visit.frame(visit.blank()), identity)
    try:
        meeting = (await visit.rooms.meetings.open(identity, None, now=visit.now)).row.meeting
    except MeetingGone:
        return remind.reminder(visit.frame(visit.blank()), None, kept)
    kept = await reminders.set(
        visit.chat, identity, lead_s=kept.lead_s, language=visit.language, weekly=kept.weekly,
        named=kept.named, silent=kept.silent, zone=name,
    )  # fmt: skip
    return remind.done(visit.frame(visit.blank()), meeting, kept)


async def _for_tough_time(visit: Visit, search: Search, name: str) -> Screen:
    search = await visit.whole(search)
    place, when = search.place, search.when
    hour = await visit.rooms.reminders.add_tough_time(
        visit.chat,
        int(when.day),
        when.start or 0,
        zone=name,
        language=visit.language,
        cell=to_cell(place.latitude, place.longitude) if place else None,
    )
    return tough_times.added(visit.frame(search), hour, name, search)


async def keep_language(visit: Visit) -> Screen:
    """Remember the language of this screen, or do not."""
    kept = visit.press is not None and visit.press.number == 1
    await visit.rooms.people.set_language(visit.chat, visit.language if kept else None)
    visit.remember()
    return views.language_kept(visit.frame(), kept=kept)
