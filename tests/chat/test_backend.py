"""Requests over the network: what surely did not arrive is told apart from what may have."""

import asyncio
import gc
import socket
import warnings
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest
from aiohttp import web
from telegram import Bot
from telegram.error import BadRequest, InvalidToken, NetworkError, RetryAfter, TelegramError, TimedOut

from bot.chat.backend import Backend, NotSentError, telegram_bot
from bot.chat.errors import Trouble, for_operator, trouble
from bot.sandbox import Sandbox
from bot.sandbox.faults import Fault
from tests.chat.conftest import Town

TOKEN = "5550100200:canary"


@asynccontextmanager
async def served(answer: Callable[[web.Request], Awaitable[web.StreamResponse]]) -> AsyncIterator[str]:
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", answer)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    await runner.cleanup()


@asynccontextmanager
async def at(url: str) -> AsyncIterator[Bot]:
    bot = telegram_bot(TOKEN, url)
    await bot.request.initialize()
    yield bot
    await bot.request.shutdown()


async def test_letters_of_every_language_arrive_as_written(bot: Bot, town: Town) -> None:
    text = "Reunión & café 🌊 +1=2%20\n<not a tag>"
    await bot.send_message(town.person(1), text)
    assert town.hears(1) == [text]


async def test_a_refused_connection_surely_did_not_arrive() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound, but nobody listens
        async with at(f"http://127.0.0.1:{taken.getsockname()[1]}") as bot:
            with pytest.raises(NotSentError):
                await bot.get_me()


async def test_a_closed_backend_surely_sent_nothing() -> None:
    bot = telegram_bot(TOKEN, "http://127.0.0.1:1")
    with pytest.raises(NotSentError):
        await bot.get_me()


async def test_no_answer_in_time_may_have_arrived() -> None:
    async def hang(_request: web.Request) -> web.Response:
        await asyncio.sleep(5)
        return web.Response()

    async with served(hang) as url, at(url) as bot:
        with pytest.raises(TimedOut):
            await bot.get_me(read_timeout=0.1)


async def test_a_broken_connection_may_have_arrived() -> None:
    async def drop(request: web.Request) -> web.Response:
        assert request.transport is not None
        request.transport.abort()
        return web.Response()

    async with served(drop) as url, at(url) as bot:
        with pytest.raises(NetworkError) as caught:
            await bot.get_me()
    assert trouble(caught.value) is Trouble.UNSURE


async def test_waiting_for_a_free_connection_too_long_surely_did_not_arrive() -> None:
    async def slow(_request: web.Request) -> web.Response:
        await asyncio.sleep(0.5)
        return web.json_response({"ok": True, "result": True})

    async with served(slow) as url:
        backend = Backend(limit=1)
        async with backend:
            first = asyncio.create_task(backend.post(f"{url}/x"))
            await asyncio.sleep(0.1)
            with pytest.raises(NotSentError):
                await backend.post(f"{url}/x", connect_timeout=0.1)
            assert await first is True


@pytest.mark.parametrize(
    "body",
    [b"", b"<html>", b"[]", b"null", b"7", b"{}", b'{"ok": true}', b"\xff", b"[" * 100_000, b'{"result"'],
    ids=lambda body: repr(body[:9]),
)
async def test_whatever_is_no_answer_of_telegram_is_a_telegram_error_without_its_words(body: bytes) -> None:
    async def odd(_request: web.Request) -> web.Response:
        return web.Response(body=body)

    async with served(odd) as url, at(url) as bot:
        with pytest.raises(TelegramError) as caught:
            await bot.get_me()
    assert trouble(caught.value) is Trouble.UNSURE


async def test_a_broken_letter_spoils_only_itself() -> None:
    async def odd(_request: web.Request) -> web.Response:
        return web.Response(body=b'{"ok": true, "result": "a\xffb"}')

    async with served(odd) as url, Backend() as backend:
        assert await backend.post(f"{url}/x") == "a\N{REPLACEMENT CHARACTER}b"  # type: ignore[comparison-overlap]


@pytest.mark.parametrize(
    ("code", "error", "kind"),
    [
        (400, BadRequest, Trouble.REFUSED),
        (401, InvalidToken, Trouble.TOKEN),
        (404, InvalidToken, Trouble.TOKEN),
        (429, RetryAfter, Trouble.WAIT),
        (500, NetworkError, Trouble.UNSURE),
        (502, NetworkError, Trouble.UNSURE),
    ],
)
async def test_telegrams_refusals_are_told_apart(
    bot: Bot, town: Town, code: int, error: type[TelegramError], kind: Trouble
) -> None:
    town.account.faults.append(Fault("getme", "error", code, times=9))
    with pytest.raises(error) as caught:
        await bot.get_me()
    assert trouble(caught.value) is kind
    assert bot.token not in str(for_operator(caught.value))


async def test_files_are_fetched(bot: Bot, town: Town) -> None:
    chat_id = town.person(1)
    sent = await bot.send_document(chat_id, b"hello", filename="a.txt")
    assert sent.document is not None
    file = await bot.get_file(sent.document.file_id)
    assert bytes(await file.download_as_bytearray()) == b"hello"


async def test_connections_are_used_again_but_not_by_a_fresh_backend() -> None:
    ports: list[int] = []

    async def note(request: web.Request) -> web.Response:
        assert request.transport is not None
        ports.append(request.transport.get_extra_info("peername")[1])
        return web.json_response({"ok": True, "result": True})

    async with served(note) as url:
        for fresh in (False, True):
            async with Backend(fresh=fresh) as backend:
                for _ in range(3):
                    await backend.post(f"{url}/x")
    assert len(set(ports[:3])) == 1
    assert len(set(ports[3:])) == 3


async def test_closing_leaves_nothing_open(sandbox: Sandbox) -> None:
    with warnings.catch_warnings(record=True) as seen:
        warnings.simplefilter("always")
        async with telegram_bot(sandbox.token, sandbox.api_url) as bot:
            await bot.get_me()
        await bot.shutdown()  # twice does no harm
        await asyncio.sleep(0)
        gc.collect()
    assert [str(one.message) for one in seen if issubclass(one.category, ResourceWarning)] == []


async def test_the_proxy_of_the_environment_does_not_stand_before_the_sandbox(
    sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    async with telegram_bot(sandbox.token, sandbox.api_url) as bot:
        assert (await bot.get_me()).is_bot
