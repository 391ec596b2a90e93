"""The control API under /sandbox: what tests and the page do in the place of people.

Every route takes ?bot=<token> (default: the sandbox's own), speaks JSON, and answers
{"error": sentence} with 4xx when something cannot be done.
"""

from __future__ import annotations

import base64
from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web

from bot.sandbox import people
from bot.sandbox.errors import ApiError, ControlError, Json
from bot.sandbox.faults import read_fault
from bot.sandbox.keys import STATE
from bot.sandbox.params import MAX_UPLOAD
from bot.sandbox.quiet import wait_for_quiet
from bot.sandbox.state import BotAccount, Chat, Person
from bot.sandbox.view import chat_view, profile_view, show_chat_event, status_view

Deed = Callable[[web.Request, BotAccount, Json], Any]
_SETTINGS = {"callback_expiry_s": float, "inline_expiry_s": float, "webhook_backoff_s": float, "privacy_mode": bool}


def account(request: web.Request) -> BotAccount:
    """The bot a request is about."""
    state = request.app[STATE]
    return state.bot(request.query.get("bot", state.default_token))


def deed(run: Deed) -> Callable[[web.Request], Awaitable[web.Response]]:
    """A handler: read the JSON body, run, answer as JSON, errors as sentences."""

    async def handler(request: web.Request) -> web.Response:
        try:
            body = await _body(request)
            result = run(request, account(request), body)
            answer = await result if isinstance(result, Awaitable) else result
        except ControlError as error:
            return web.json_response({"error": str(error)}, status=error.status)
        except ApiError as error:
            return web.json_response({"error": error.description}, status=error.code)
        except (KeyError, TypeError, ValueError) as error:
            return web.json_response({"error": f"Cannot read this request: {error!r}."}, status=400)
        return web.json_response(answer)

    return handler


async def _body(request: web.Request) -> Json:
    if request.method != "POST":
        return {}
    # A page from elsewhere cannot send this type without asking first, and nobody answers it.
    if request.content_type != "application/json":
        raise ControlError("Send JSON with the content type application/json.", 415)
    body = await request.json()
    if not isinstance(body, dict):
        raise ControlError("Send a JSON object.")
    return body


def _chat(request: web.Request, bot: BotAccount) -> Chat:
    return people.find_chat(bot, int(request.match_info["chat"]))


def _who(request: web.Request, bot: BotAccount, body: Json) -> tuple[Chat, Person]:
    chat = _chat(request, bot)
    return chat, people.sender_in(bot, chat, body.get("person"))


def _status(request: web.Request, bot: BotAccount, body: Json) -> Json:
    return status_view(bot)


def _add_person(request: web.Request, bot: BotAccount, body: Json) -> Json:
    person = Person(
        id=int(body.get("id") or bot.next_person_id()),
        first_name=str(body.get("first_name") or "Sam"),
        language_code=str(body.get("language_code", "en")),
        last_name=str(body.get("last_name", "")),
        username=str(body.get("username", "")),
    )
    if person.id <= 0:
        raise ControlError("A person's id is a positive number.")
    return bot.add_person(person).as_user()


def _add_group(request: web.Request, bot: BotAccount, body: Json) -> Json:
    members = [int(one) for one in body["members"]]
    if unknown := [one for one in members if one not in bot.people]:
        raise ControlError(f"No such people: {unknown}.", 404)
    return bot.chat_json(bot.add_group(str(body.get("title", "Group")), members))


def _say(request: web.Request, bot: BotAccount, body: Json) -> Json:
    chat, person = _who(request, bot, body)
    return people.say(bot, chat, person, str(body["text"]), body.get("reply_to", people.AUTO))


def _edit(request: web.Request, bot: BotAccount, body: Json) -> Json:
    return people.edit(bot, _chat(request, bot), int(body["message_id"]), str(body["text"]))


def _location(request: web.Request, bot: BotAccount, body: Json) -> Json:
    chat, person = _who(request, bot, body)
    return people.share_location(bot, chat, person, float(body["latitude"]), float(body["longitude"]))


def _file(request: web.Request, bot: BotAccount, body: Json) -> Json:
    chat, person = _who(request, bot, body)
    content = base64.b64decode(body.get("content", ""), validate=True)
    if len(content) > MAX_UPLOAD:
        raise ControlError("A file holds at most 50 MB.", 413)
    return people.send_file(bot, chat, person, str(body["kind"]), str(body.get("name", "")), content)


def _press(request: web.Request, bot: BotAccount, body: Json) -> Json:
    chat, person = _who(request, bot, body)
    if body.get("forge"):
        return people.forge_press(bot, chat, person, int(body["message_id"]), str(body["data"]))
    return people.press(bot, chat, person, body)


def _block(request: web.Request, bot: BotAccount, body: Json) -> Json:
    chat = _chat(request, bot)
    usual = "bot was blocked by the user" if chat.private else "bot was kicked from the supergroup chat"
    return people.block(bot, chat, str(body.get("reason") or usual))


def _unblock(request: web.Request, bot: BotAccount, body: Json) -> Json:
    return people.block(bot, _chat(request, bot), "")


def _transcript(request: web.Request, bot: BotAccount, body: Json) -> Json:
    chat = _chat(request, bot)
    return {**chat_view(bot, chat, deleted="deleted" in request.query), "profile": profile_view(bot, chat)}


def _clear(request: web.Request, bot: BotAccount, body: Json) -> Json:
    chat = _chat(request, bot)
    chat.messages.clear()
    chat.keyboard = None
    bot.broadcast.tell(chat.id, {"type": "cleared"})
    show_chat_event(bot, chat)
    return {"ok": True}


async def _quiet(request: web.Request, bot: BotAccount, body: Json) -> Json:
    query = request.query
    return await wait_for_quiet(
        bot,
        _chat(request, bot),
        limit_s=min(float(query.get("timeout", 10)), 60),
        settle_s=float(query.get("settle", 0.02)),
        grace_s=float(query.get("grace", 0.3)),
    )


def _inline(request: web.Request, bot: BotAccount, body: Json) -> Json:
    person = bot.people.get(int(body["person"]))
    if person is None:
        raise ControlError(f"No person {body['person']}.", 404)
    return people.ask_inline(bot, person, str(body.get("query", "")))


def _query(request: web.Request, bot: BotAccount, body: Json) -> Json:
    query = bot.queries.get(request.match_info["query"])
    if query is None:
        raise ControlError("No such query.", 404)
    return {"answered": query.answer is not None, "answer": query.answer}


def _updates(request: web.Request, bot: BotAccount, body: Json) -> Json:
    waiting = bot.updates.pending()
    return {"pending": len(waiting), "updates": [update.raw for update in waiting]}


def _push(request: web.Request, bot: BotAccount, body: Json) -> Json:
    return {"update_id": bot.updates.push(dict(body["update"]), as_is=True)}


def _faults(request: web.Request, bot: BotAccount, body: Json) -> Json:
    return {"faults": [fault.as_json() for fault in bot.faults]}


def _add_faults(request: web.Request, bot: BotAccount, body: Json) -> Json:
    bot.faults += [read_fault(rule) for rule in body.get("faults", [body])]
    return _faults(request, bot, body)


def _no_faults(request: web.Request, bot: BotAccount, body: Json) -> Json:
    bot.faults.clear()
    return _faults(request, bot, body)


def _calls(request: web.Request, bot: BotAccount, body: Json) -> Json:
    method, chat = request.query.get("method", "").lower(), request.query.get("chat")
    kept = [
        call
        for call in bot.calls
        if (not method or call["method"].lower() == method)
        and (chat is None or str(call["params"].get("chat_id")) == chat)
    ]
    return {"calls": kept}


def _settings(request: web.Request, bot: BotAccount, body: Json) -> Json:
    for name, value in body.items():
        if name not in _SETTINGS:
            raise ControlError(f"Unknown setting {name!r}; known: {', '.join(_SETTINGS)}.")
        setattr(bot.settings, name, _SETTINGS[name](value))
    return dict(vars(bot.settings))


def _reset(request: web.Request, bot: BotAccount, body: Json) -> Json:
    bot.forget()
    return {"ok": True}


def routes() -> list[Any]:
    """The routes of the control API."""
    chat = "/sandbox/chats/{chat:-?[0-9]+}"
    return [
        web.get("/sandbox/status", deed(_status)),
        web.post("/sandbox/people", deed(_add_person)),
        web.post("/sandbox/groups", deed(_add_group)),
        web.get(chat, deed(_transcript)),
        web.post(f"{chat}/say", deed(_say)),
        web.post(f"{chat}/edit", deed(_edit)),
        web.post(f"{chat}/location", deed(_location)),
        web.post(f"{chat}/file", deed(_file)),
        web.post(f"{chat}/press", deed(_press)),
        web.post(f"{chat}/block", deed(_block)),
        web.post(f"{chat}/unblock", deed(_unblock)),
        web.post(f"{chat}/clear", deed(_clear)),
        web.get(f"{chat}/quiet", deed(_quiet)),
        web.post("/sandbox/inline", deed(_inline)),
        web.get("/sandbox/queries/{query}", deed(_query)),
        web.get("/sandbox/updates", deed(_updates)),
        web.post("/sandbox/updates", deed(_push)),
        web.get("/sandbox/faults", deed(_faults)),
        web.post("/sandbox/faults", deed(_add_faults)),
        web.delete("/sandbox/faults", deed(_no_faults)),
        web.get("/sandbox/calls", deed(_calls)),
        web.post("/sandbox/settings", deed(_settings)),
        web.post("/sandbox/reset", deed(_reset)),
    ]
