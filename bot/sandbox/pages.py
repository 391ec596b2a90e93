"""The chat page: its files, its live events, and the files people see in it."""

from __future__ import annotations

import asyncio
import json
from importlib import resources
from typing import Any
from urllib.parse import quote

from aiohttp import web

from bot.sandbox import people
from bot.sandbox.control import account
from bot.sandbox.errors import ControlError, Json
from bot.sandbox.state import BotAccount, Chat, Person
from bot.sandbox.view import chat_view, profile_view, status_view

_FILES = {
    "": ("index.html", "text/html"),
    "style.css": ("style.css", "text/css"),
    "app.js": ("app.js", "text/javascript"),
    "chat.js": ("chat.js", "text/javascript"),
    "bubbles.js": ("bubbles.js", "text/javascript"),
    "richtext.js": ("richtext.js", "text/javascript"),
    "composer.js": ("composer.js", "text/javascript"),
    "server.js": ("server.js", "text/javascript"),
    "icon.svg": ("icon.svg", "image/svg+xml"),
}
_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}
_PICTURES = {"image/png", "image/jpeg", "image/webp", "image/gif"}
_HEARTBEAT_S = 15.0
_FIRST_PEOPLE = (("Sam", "en"), ("Ana", "es"), ("Robin", "en"))


async def page(request: web.Request) -> web.Response:
    """One file of the page."""
    name, media_type = _FILES[request.match_info.get("name", "")]
    text = resources.files("bot.sandbox").joinpath("page", name).read_text("utf-8")
    return web.Response(text=text, content_type=media_type, headers=_HEADERS)


async def hello(request: web.Request) -> web.Response:
    """Status for the page; the first visit brings a few test people along."""
    bot = account(request)
    if not bot.people:
        for name, language in _FIRST_PEOPLE:
            bot.add_person(Person(bot.next_person_id(), name, language))
    return web.json_response(status_view(bot))


async def events(request: web.Request) -> web.StreamResponse:
    """Server-sent events of one chat: a snapshot first, then every change."""
    bot = account(request)
    try:
        chat = people.find_chat(bot, int(request.match_info["chat"]))
    except ControlError as error:
        return web.json_response({"error": str(error)}, status=error.status)
    response = web.StreamResponse(headers={**_HEADERS, "Content-Type": "text/event-stream"})
    await response.prepare(request)
    queue = bot.broadcast.listen(chat.id)
    try:
        await response.write(b"retry: 1000\n\n")  # ms until a page that lost us asks again
        await _send(response, {"type": "snapshot", **_snapshot(bot, chat)})
        while not bot.updates.closing:
            event = await _next(queue)
            if event is None:
                break
            if event["type"] == "profile":
                event = {"type": "profile", **profile_view(bot, chat)}
            await _send(response, event if event["type"] != "beat" else {"type": "status", **status_view(bot)})
    except ConnectionError:
        pass  # the page was closed
    finally:
        bot.broadcast.leave(queue)
    return response


async def _next(queue: asyncio.Queue[Json | None]) -> Json | None:
    try:
        async with asyncio.timeout(_HEARTBEAT_S):
            return await queue.get()
    except TimeoutError:
        return {"type": "beat"}


async def _send(response: web.StreamResponse, event: Json) -> None:
    await response.write(f"data: {json.dumps(event)}\n\n".encode())


def _snapshot(bot: BotAccount, chat: Chat) -> Json:
    return {**chat_view(bot, chat), "profile": profile_view(bot, chat), "status": status_view(bot)}


async def file(request: web.Request) -> web.Response:
    """A file from a chat: pictures as pictures, everything else as a download."""
    stored = account(request).files.get(request.match_info["file"])
    if stored is None:
        raise web.HTTPNotFound
    picture = stored.media_type in _PICTURES
    place = "inline" if picture else f"attachment; filename*=UTF-8''{quote(stored.name, safe='')}"
    headers = {**_HEADERS, "Content-Disposition": place}
    kind = stored.media_type if picture else "application/octet-stream"
    return web.Response(body=stored.content, content_type=kind, headers=headers)


def routes() -> list[Any]:
    """The routes of the page."""
    names = "|".join(name.replace(".", r"\.") for name in _FILES if name)
    return [
        web.get("/", page),
        web.get(f"/page/{{name:{names}}}", page),
        web.get("/sandbox/hello", hello),
        web.get("/sandbox/chats/{chat:-?[0-9]+}/events", events),
        web.get("/sandbox/files/{file}", file),
    ]
