"""The road to treatment, one press away from every screen of options."""

from bot.chat.context import Visit
from bot.domain.buttons import country_letters
from bot.texts.countries import ELSEWHERE
from bot.views import treatment as views
from bot.views.screen import Screen


async def treatment(visit: Visit) -> Screen:
    """The finders of the country that was chosen, else of the place, else of the operator; else the choice."""
    search = await visit.whole(visit.asked())
    frame, packs = visit.frame(search), visit.rooms.treatment
    number = visit.press.number if visit.press else 0
    if number >= views.PICKER:
        page = number - views.PICKER  # 0: opened; from 1 on: a page turned to
        return views.countries(frame, packs, max(0, page - 1), edits=page > 0)
    code = country_letters(number) if number else ""
    code = code or (search.place.country if search.place else "") or visit.rooms.operator.country
    if not code:
        return views.countries(frame, packs, 0)
    return views.card(frame, packs.get(code) or packs[ELSEWHERE], code)
