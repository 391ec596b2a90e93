"""The Bot API over HTTP: /bot<token>/<method> and /file/bot<token>/<path>."""

from __future__ import annotations

import asyncio
import re
import time
from typing import Any

from aiohttp import web

from bot.sandbox.errors import ApiError, Json
from bot.sandbox.faults import Fault, pick_fault
from bot.sandbox.keys import HOOKS, STATE
from bot.sandbox.methods import METHODS, Call
from bot.sandbox.methods.uploading import by_path
from bot.sandbox.params import Params, read_params
from bot.sandbox.state import BotAccount

_PAGE = "<html><head><title>{code} Bad Gateway</title></head><body><h1>{code} Bad Gateway</h1></body></html>"
_LONG = {"getupdates"}


async def handle_call(request: web.Request) -> web.StreamResponse:
    """Answer one call of a method as Telegram does."""
    try:
        bot = request.app[STATE].bot(request.match_info["token"])
        params = await read_params(request)
    except ApiError as error:
        return _failed(error)
    method = request.match_info["method"]
    counted = method.lower() not in _LONG
    bot.in_flight += counted
    try:
        return await _with_faults(request, bot, method, params)
    finally:
        bot.in_flight -= counted
        bot.bell.ring()


async def _with_faults(request: web.Request, bot: BotAccount, method: str, params: Params) -> web.StreamResponse:
    chat = params.text("chat_id")
    number = int(chat) if re.fullmatch(r"-?\d{1,20}", chat) else None
    fault = pick_fault(bot.faults, method.lower(), number)
    if fault is None:
        return await _answer(request, bot, method, params)
    if fault.kind == "slow":
        await asyncio.sleep(fault.seconds)
        return await _answer(request, bot, method, params)
    if fault.kind == "drop_after":
        await _answer(request, bot, method, params)
        return _drop(request)
    _log(bot, method, params, _code(fault), fault.kind)
    if fault.kind == "error":
        return web.json_response(fault.body(), status=fault.code)
    if fault.kind == "html":
        return web.Response(text=_PAGE.format(code=fault.code), content_type="text/html", status=fault.code)
    if fault.kind == "hang":
        await _hang(bot, fault.seconds)
    return _drop(request)


def _code(fault: Fault) -> int:
    return fault.code if fault.kind in {"error", "html"} else 0


async def _hang(bot: BotAccount, seconds: float) -> None:
    until = asyncio.get_running_loop().time() + seconds
    while not bot.updates.closing and (left := until - asyncio.get_running_loop().time()) > 0:
        await bot.bell.wait(left)


def _drop(request: web.Request) -> web.Response:
    if request.transport is not None:
        request.transport.abort()
    return web.Response()


async def _answer(request: web.Request, bot: BotAccount, method: str, params: Params) -> web.Response:
    run = METHODS.get(method.lower())
    try:
        if run is None:
            raise ApiError(404, "Not Found")
        result = await run(Call(bot, method, params, request.app[HOOKS]))
    except ApiError as error:
        _log(bot, method, params, error.code, error.description)
        return _failed(error)
    _log(bot, method, params, 200, "")
    return web.json_response({"ok": True, "result": result})


def _failed(error: ApiError) -> web.Response:
    return web.json_response(error.body(), status=error.code)


def _log(bot: BotAccount, method: str, params: Params, code: int, problem: str) -> None:
    if method.lower() in _LONG:
        return
    entry: Json = {"method": method, "params": params.values, "code": code, "problem": problem, "at": time.time()}
    bot.calls.append(entry)


async def handle_file(request: web.Request) -> web.Response:
    """The bytes of a file, as the path of getFile names it."""
    try:
        bot = request.app[STATE].bot(request.match_info["token"])
    except ApiError as error:
        return _failed(error)
    stored = by_path(bot, request.match_info["path"])
    if stored is None:
        return _failed(ApiError(404, "Not Found"))
    return web.Response(body=stored.content, content_type="application/octet-stream")


async def not_found(request: web.Request) -> web.Response:
    """Everything else below /bot…"""
    return _failed(ApiError(404, "Not Found"))


def routes() -> list[Any]:
    """The routes of the Bot API."""
    return [
        web.route("GET", "/bot{token}/{method}", handle_call),
        web.route("POST", "/bot{token}/{method}", handle_call),
        web.get("/file/bot{token}/{path:.+}", handle_file),
        web.route("*", "/bot{rest:.*}", not_found),
    ]
