"""Opening a hand-off: what was picked, and every choice beside it."""

from dataclasses import replace

from bot.chat.context import Visit
from bot.domain.errors import BrokenHandoff
from bot.domain.handoff import Handed
from bot.views import handed as views
from bot.views import start
from bot.views.handoff import draft_of, language_of, value_of
from bot.views.screen import Screen


async def opened(visit: Visit) -> Screen:
    """The link itself. One that was cut or changed opens the bot as usual, and one line says why."""
    rooms = visit.rooms
    try:
        handoff = await rooms.handoffs.read(visit.text)
    except BrokenHandoff as error:
        return start.welcome_after(visit.frame(visit.blank()), error.screen)
    visit = visit.speaking(handoff.language)
    search = await visit.whole(replace(handoff.search(rooms.seed()), language=visit.language))
    visit.remember()
    return views.opened(visit.frame(search), await rooms.handoffs.today(handoff, search, visit.now))


async def again(visit: Visit) -> Screen:
    """The same from a button, in the language that the button names."""
    visit = visit.speaking(language_of(value_of(visit.press)))
    visit.remember()
    handed = await _handed(visit)
    return views.opened(visit.frame(handed.search), handed)


async def along(visit: Visit) -> Screen:
    """A message that asks somebody to come along."""
    handed = await _handed(visit)
    return views.along(visit.frame(handed.search), handed)


async def _handed(visit: Visit) -> Handed:
    draft = draft_of(visit.press, visit.asked())
    search = await visit.whole(draft.search)
    handed = await visit.rooms.handoffs.beside(search, draft.picked, visit.now)
    return replace(handed, from_family=draft.family)
