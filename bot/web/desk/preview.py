"""What people see: a card, or the list for some words, in any language and from the clock of any town or zone."""

from dataclasses import replace
from urllib.parse import urlencode

from babel.core import get_global
from starlette.responses import Response
from starlette.routing import Route

from bot.domain.found import Row
from bot.domain.meeting import id_text
from bot.domain.place import Place
from bot.domain.search import Search
from bot.domain.understood import merged
from bot.views import find as find_views
from bot.views import meeting as card_views
from bot.views.frame import Frame
from bot.views.screen import Screen
from bot.views.zones import country_of_zone
from bot.web.desk.asked import identity
from bot.web.desk.sitting import ROOT, Sitting, WebDesk, seated

LONGEST = 200  # characters of what is typed


def preview_routes(room: WebDesk) -> list[Route]:
    """/admin/preview."""
    return [Route(f"/{ROOT}/preview", seated(room, _preview), methods=["GET"])]


async def _preview(at: Sitting) -> Response:
    languages = at.room.frames.library.languages
    language = at.asked("in") if at.asked("in") in languages else at.session.language
    town, zone, words = (at.asked(name)[:LONGEST].strip() for name in ("town", "zone", "text"))
    meeting = at.asked("meeting")
    screen, missing = None, ""
    rows: tuple[Row, ...] = ()
    place = await _place(at, town, zone)
    if (town or zone) and place is None:
        missing = at.label("desk.preview.no_town" if town else "desk.preview.no_zone")
    elif meeting:
        screen = await _card(at, language, identity(meeting), place)
    elif words:
        screen, rows = await _list(at, language, words, place)
        missing = "" if screen else at.label("desk.preview.no_words")
    kept = {"in": language, "town": town, "zone": zone}
    return at.show(
        "preview",
        languages_known=[(code, one.name, code == language) for code, one in languages.items()],
        language_shown=language,
        town=town,
        zone=zone,
        zones=_zones(),
        place=f"{place.name}, {place.zone}" if place else "",
        words=words,
        meeting=meeting,
        missing=missing,
        text=screen.text if screen else "",
        buttons=[[button.label for button in row] for row in screen.rows] if screen else [],
        cards=[(one.meeting.name, urlencode({"meeting": id_text(one.meeting.id), **kept})) for one in rows],
        query=urlencode(kept),
    )


def _zones() -> list[str]:
    return sorted(name for name in get_global("zone_territories") if "/" in name and not name.startswith("Etc/"))


async def _place(at: Sitting, town: str, zone: str) -> Place | None:
    """The town; else the one that a zone is named after: people have a clock by where they are."""
    if town:
        found = await at.room.places.find(town, country=at.frame.operator.country)
        return found[0] if found else None
    name = next((one for one in _zones() if one.casefold() == zone.casefold()), "")
    if not name:
        return None
    city = name.rpartition("/")[2].replace("_", " ")
    found = await at.room.places.find(city, country=country_of_zone(name))
    there = [one for one in found if one.zone == name] or list(found)
    return replace(there[0], zone=name) if there else None


def _frame(at: Sitting, language: str, search: Search) -> Frame:
    return at.room.frames.frame(language, search, at.room.clock())


async def _card(at: Sitting, language: str, meeting: int, place: Place | None) -> Screen:
    """Raises MeetingGone: what has ended has no card."""
    search = Search(place, language=language)
    row = (await at.room.meetings.open(meeting, place, now=at.room.clock())).row
    standing = await at.room.standings.of(row.meeting)
    return card_views.card(_frame(at, language, search), row, standing=standing)


async def _list(at: Sitting, language: str, words: str, place: Place | None) -> tuple[Screen | None, tuple[Row, ...]]:
    """What is answered to these words, and its rows; None where they ask for no meeting."""
    country, now = at.frame.operator.country, at.room.clock()
    heard = await at.room.understand.read(words, language=language, now=now, country=country)
    if not heard.asks_something:
        return None, ()
    search = merged(Search(place, language=language), heard)
    found = await at.room.meetings.search(search, now=now)
    frame = _frame(at, language, search)
    screen = find_views.results(frame, found, heard) if found.rows else find_views.nothing(frame, found, heard)
    return screen, tuple(found.rows)
