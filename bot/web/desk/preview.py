"""What people see: a card, or the list for some words, in any language and from any town's clock."""

from starlette.responses import Response
from starlette.routing import Route

from bot.domain.place import Place
from bot.domain.search import Search
from bot.domain.understood import merged
from bot.views import find as find_views
from bot.views import meeting as card_views
from bot.views.frame import Frame
from bot.views.screen import Screen
from bot.web.desk.meeting import identity
from bot.web.desk.sitting import ROOT, Sitting, WebDesk, seated

LONGEST = 200  # characters of what is typed


def preview_routes(room: WebDesk) -> list[Route]:
    """/admin/preview."""
    return [Route(f"/{ROOT}/preview", seated(room, _preview), methods=["GET"])]


async def _preview(at: Sitting) -> Response:
    languages = at.room.frames.library.languages
    language = at.asked("in") if at.asked("in") in languages else at.session.language
    town, words, meeting = at.asked("town")[:LONGEST], at.asked("text")[:LONGEST], at.asked("meeting")
    screen, missing = None, ""
    place = await _place(at, town)
    if town and place is None:
        missing = at.label("desk.preview.no_town")
    elif meeting:
        screen = await _card(at, language, identity(meeting), place)
    elif words:
        screen = await _list(at, language, words, place)
        missing = "" if screen else at.label("desk.preview.no_words")
    return at.show(
        "preview",
        languages_known=[(code, one.name, code == language) for code, one in languages.items()],
        language_shown=language,
        town=town,
        words=words,
        meeting=meeting,
        missing=missing,
        text=screen.text if screen else "",
        buttons=[[button.label for button in row] for row in screen.rows] if screen else [],
    )


async def _place(at: Sitting, town: str) -> Place | None:
    found = await at.room.places.find(town, country=at.frame.operator.country) if town else []
    return found[0] if found else None


def _frame(at: Sitting, language: str, search: Search) -> Frame:
    return at.room.frames.frame(language, search, at.room.clock())


async def _card(at: Sitting, language: str, meeting: int, place: Place | None) -> Screen:
    """Raises MeetingGone: what has ended has no card."""
    search = Search(place, language=language)
    row = (await at.room.meetings.open(meeting, place, now=at.room.clock())).row
    standing = await at.room.standings.of(row.meeting)
    return card_views.card(_frame(at, language, search), row, standing=standing)


async def _list(at: Sitting, language: str, words: str, place: Place | None) -> Screen | None:
    """What is answered to these words; None where they ask for no meeting."""
    country, now = at.frame.operator.country, at.room.clock()
    heard = await at.room.understand.read(words, language=language, now=now, country=country)
    if not heard.asks_something:
        return None
    search = merged(Search(place, language=language), heard)
    found = await at.room.meetings.search(search, now=now)
    frame = _frame(at, language, search)
    return find_views.results(frame, found, heard) if found.rows else find_views.nothing(frame, found, heard)
