"""The first screen, help, languages, and answers to what is no text."""

from bot.chat.context import Visit
from bot.views import start as views
from bot.views.screen import Screen


async def start(visit: Visit) -> Screen:
    """/start: who I am and how to begin."""
    visit.rooms.hints.forget(visit.chat)
    visit.remember()
    return views.welcome(visit.frame(visit.blank()))


async def language(visit: Visit) -> Screen:
    """Another language: the first screen in it, and its buttons carry it on."""
    visit.remember()
    return views.in_language(visit.frame(visit.blank()))


async def choose_language(visit: Visit) -> Screen:
    """/language: every language by its own name."""
    names = {code: entry.name for code, entry in visit.rooms.library.languages.items()}
    return views.languages(visit.frame(), names)


async def help_screen(visit: Visit) -> Screen:
    """/help: what one can write, and the commands."""
    frame = visit.frame()
    return views.help_screen(frame, visit.rooms.commands(frame.texts))


async def in_a_group(visit: Visit) -> Screen:
    """Any word in a group: write to me privately."""
    return views.in_a_group(visit.frame())


async def cannot_read(visit: Visit) -> Screen:
    """A voice note, a picture, a sticker: I can only read text."""
    return views.cannot_read(visit.frame())
