"""An urgent number that is wrong: choose it, say what is right, and take the text to commit."""

from bot.chat.context import Visit
from bot.domain.admin import Admin, Deed, may
from bot.domain.buttons import Press, country_letters
from bot.domain.errors import NotPermitted, OutdatedButton
from bot.domain.urgent import UrgentCountry
from bot.services.queue import short
from bot.services.suggestions import cleaned, speaks_of_oneself
from bot.texts.present import urgent_file
from bot.views import admin_lines as views
from bot.views.screen import Screen


async def choose(visit: Visit) -> Screen:
    """The country, then the number, then the question."""
    await _helper(visit)
    press = visit.press
    if press is None or not press.number:
        return views.countries(visit.frame(), visit.rooms.urgent)
    frame, country = visit.frame(visit.blank()), _country(visit, press)
    if not press.meeting:
        return views.numbers(frame, country)
    return views.ask(frame, country, _which(visit, press))


async def typed(visit: Visit) -> Screen:
    """What is right: the text to commit. That somebody made one is written down; nothing else changes."""
    who = await _helper(visit)
    frame, press = visit.frame(visit.blank()), visit.replied
    country, which = _country(visit, press), _which(visit, press)
    if not (wanted := short(visit.text)):
        return views.ask(frame, country, which, again=True)
    path, present = urgent_file(visit.rooms.library.root, country.country)
    line = views.told(frame, country)[which - 1]
    await visit.rooms.desk.queue.note_line(who, country.country, line, wanted)
    return views.to_commit(frame, country, line, wanted, path, present)


def is_surely_one(visit: Visit) -> bool:
    """Whether a text that sounds urgent is a correction after all: it does not speak of whoever wrote it."""
    return not speaks_of_oneself(cleaned(visit.text))


async def _helper(visit: Visit) -> Admin:
    """Numbers are everybody's: they are for those who look after everything."""
    who = await visit.admin()
    if not may(who, Deed.ANSWER_SUGGESTIONS):
        raise NotPermitted
    return who


def _country(visit: Visit, press: Press | None) -> UrgentCountry:
    found = visit.rooms.urgent.get(country_letters(press.number - 1)) if press and press.number else None
    if found is None:
        raise OutdatedButton
    return found


def _which(visit: Visit, press: Press | None) -> int:
    country = _country(visit, press)
    which = (press.meeting if press else None) or 0
    if not 1 <= which <= len(country.emergency) + len(country.lines):
        raise OutdatedButton
    return which
