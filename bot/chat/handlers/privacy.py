"""What is kept, and having it gone."""

from bot.chat.context import Visit
from bot.views import privacy as views
from bot.views.screen import Screen


async def privacy(visit: Visit) -> Screen:
    """/privacy: what Telegram sees and what is kept here."""
    return views.privacy(visit.frame())


async def forget(visit: Visit) -> Screen:
    """/forget: the last question goes from memory; nothing else is held."""
    visit.rooms.hints.forget(visit.chat)
    return views.forgotten(visit.frame())
