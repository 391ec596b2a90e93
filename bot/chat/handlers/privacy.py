"""What is kept, having it shown, and having it gone."""

import json
from typing import Any

from bot.chat.context import Visit
from bot.views import privacy as views
from bot.views.screen import Screen


async def privacy(visit: Visit) -> Screen:
    """/privacy: what Telegram sees and what is kept here."""
    return views.privacy(visit.frame(), kept=bool(await _kept(visit)))


async def forget(visit: Visit) -> Screen:
    """/forget: every row goes at once, and the last question from memory; whoever helped here helps no longer."""
    visit.rooms.hints.forget(visit.chat)
    forgot = await visit.rooms.forgetting.forget(visit.chat)
    return views.forgotten(visit.frame(), had=forgot.had, owner=forgot.stays)


async def clear(visit: Visit) -> Screen:
    """/clear: take back what the bot wrote here of late, as far as it still knows, and say how to clear the rest."""
    visit.rooms.hints.forget(visit.chat)
    return views.cleared(visit.frame(), count=await visit.rooms.own_messages.take_back(visit.chat))


async def export(visit: Visit) -> Screen:
    """/export: first who could see it, then the file of all that is kept."""
    kept = await _kept(visit)
    if not kept or visit.press is None or visit.press.number == 0:
        return views.export(visit.frame(), kept=bool(kept))
    return views.export_file(visit.frame(), json.dumps(kept, ensure_ascii=False, indent=2).encode())


async def _kept(visit: Visit) -> dict[str, Any]:
    return await visit.rooms.people.export(visit.chat) | await visit.rooms.desk.admins.export(visit.chat)
