"""Making a hand-off, together with the person it is for; nothing about either is kept."""

import asyncio
from dataclasses import replace

from bot.chat.context import Visit
from bot.domain.handoff import Handed, made_on
from bot.views import handoff as views
from bot.views import handoff_card
from bot.views.handoff import Draft
from bot.views.screen import Document, Screen

LONGEST = 200  # characters of a typed place


async def start(visit: Visit) -> Screen:
    """/handoff: what it is, and the first step."""
    return views.start(visit.frame(), views.draft_of(visit.press, visit.asked()))


async def ask_place(visit: Visit) -> Screen:
    """Asks for the place."""
    return views.where(visit.frame(), _draft(visit))


async def placed(visit: Visit) -> Screen:
    """The reply: a place, perhaps with what it is about."""
    draft = views.draft_of(visit.replied, visit.asked_before())
    text = visit.text[:LONGEST]
    heard = await visit.understood(text)
    places = heard.places or tuple(await visit.rooms.places.find(text, country=visit.rooms.operator.country))
    draft = draft.changed(needs=heard.needs or draft.search.needs, filters=draft.search.filters | heard.filters)
    if len(places) > 1:
        return views.choose_place(visit.frame(), draft, places)
    if not places and not heard.online:
        return views.where(visit.frame(), draft, unknown=True)
    draft = draft.changed(place=places[0]) if places else draft.changed(online=True)
    return await _list(visit, draft) if draft.search.needs else views.about(visit.frame(), draft)


async def about(visit: Visit) -> Screen:
    """What it is about."""
    return views.about(visit.frame(), _draft(visit), views.value_of(visit.press))


async def pick(visit: Visit) -> Screen:
    """The list to pick from; picking and paging edit it in place."""
    value = views.value_of(visit.press)
    return await _list(visit, _draft(visit), edits=value > 0, full=value == views.FULL)


async def filters(visit: Visit) -> Screen:
    """Filters on and off, in place."""
    draft = _draft(visit)
    draft = replace(draft, search=await visit.whole(draft.search))
    return views.filters(visit.frame(draft.search), draft, edits=views.value_of(visit.press) > 0)


async def language(visit: Visit) -> Screen:
    """In which language the link opens."""
    names = {code: entry.name for code, entry in visit.rooms.library.languages.items()}
    return views.language(visit.frame(), _draft(visit), names)


async def make(visit: Visit) -> Screen:
    """The link, the QR picture and the printed card."""
    draft, language = _draft(visit), views.language_of(views.value_of(visit.press))
    theirs, handed, payload = await _sealed(visit, draft, language)
    link, public = visit.rooms.frames.start_link(payload), visit.rooms.frames.card_link(payload)
    country = handed.search.place.country if handed.search.place else visit.rooms.operator.country
    sheet = await _sheet(theirs, handed, public, *views.sheet_for(country))
    return views.made(visit.frame(), draft, theirs.frame(handed.search), link, public, sheet)


async def paper(visit: Visit) -> Screen:
    """The printed card on another sheet, or with larger letters."""
    draft = _draft(visit)
    (size, large), language = views.sheet_of(views.value_of(visit.press))
    theirs, handed, payload = await _sealed(visit, draft, language)
    sheet = await _sheet(theirs, handed, visit.rooms.frames.card_link(payload), size, large)
    return views.printed(visit.frame(), draft, language, sheet)


async def together(visit: Visit) -> Screen:
    """The checklist for ten minutes side by side."""
    return views.together(visit.frame(), _draft(visit))


def _draft(visit: Visit) -> Draft:
    return views.draft_of(visit.press, visit.asked())


async def _list(visit: Visit, draft: Draft, *, edits: bool = False, full: bool = False) -> Screen:
    draft = replace(draft, search=await visit.whole(draft.search))
    found = await visit.rooms.meetings.search(draft.search, now=visit.now)
    return views.pick(visit.frame(draft.search), draft, found, edits=edits, full=full)


async def _sealed(visit: Visit, draft: Draft, language: str) -> tuple[Visit, Handed, str]:
    """The recipient's side of it: their words, what they will see, and the payload of the link."""
    theirs = replace(visit, language=language)
    search = await theirs.whole(replace(draft.search, language=language))
    handoff = made_on(visit.now.date(), search, draft.picked, from_family=draft.family)
    handed = await visit.rooms.handoffs.today(handoff, search, visit.now)
    return theirs, handed, await visit.rooms.handoffs.seal(handoff)


async def _sheet(theirs: Visit, handed: Handed, link: str, size: str, large: bool) -> Document:
    place = handed.search.place
    country = (place.country if place else "") or theirs.rooms.operator.country
    urgent = theirs.rooms.urgent.get(country)
    frame = theirs.frame(handed.search)
    return await asyncio.to_thread(handoff_card.sheet, frame, handed, urgent, link, size, large)
