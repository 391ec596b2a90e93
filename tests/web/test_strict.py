"""What strangers on the network get from the web side: strict headers, and no way to keep others out."""

import asyncio
import re
import time
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from bot.web import strict, webhook
from bot.web.app import WebServer, build_web
from bot.web.metrics import PrometheusMetrics
from bot.web.webhook import MAX_BODY, SECRET_HEADER
from tests.web.test_web import NEW, OLD, Fed, probes, served

LET_IN = {SECRET_HEADER: NEW}


async def falls(_request: Request) -> Response:
    raise RuntimeError("inside")


async def own(_request: Request) -> Response:
    return PlainTextResponse("x", headers={"Content-Security-Policy": "default-src 'self'"})


ROUTES = (Route("/falls", falls), Route("/own", own))
PATHS = [
    ("GET", "/health", 200),
    ("GET", "/metrics", 200),
    ("GET", "/nowhere", 404),
    ("POST", "/health", 405),
    ("GET", "/falls", 500),
    ("POST", "/telegram", 401),
]


@pytest.mark.parametrize(("verb", "path", "status"), PATHS)
async def test_every_answer_has_the_strict_headers_errors_too(verb: str, path: str, status: int) -> None:
    async with (
        served(routes=ROUTES, feed=Fed(), secrets=(NEW,), https=True) as (client, url),
        client.request(verb, url + path) as answer,
    ):
        assert answer.status == status
        for name, value in (strict.HEADERS | strict.HSTS).items():
            assert answer.headers.getall(name) == [value]
        policy = answer.headers["Content-Security-Policy"]
        assert "unsafe" not in policy
        assert "frame-ancestors 'none'" in policy
        assert "Server" not in answer.headers


async def test_a_page_keeps_the_headers_it_sets_itself_and_without_https_none_is_promised() -> None:
    async with served(routes=ROUTES) as (client, url), client.get(f"{url}/own") as answer:
        assert answer.headers.getall("Content-Security-Policy") == ["default-src 'self'"]
        assert "Strict-Transport-Security" not in answer.headers


@pytest.mark.parametrize(
    ("given", "status"),
    [
        (NEW[:-1], 403),
        (NEW[1:], 403),
        (NEW.upper(), 403),
        (f"{NEW},{OLD}", 403),
        (f" {NEW}", 200),  # blanks around a header's value are no part of it
        (NEW, 200),
    ],
)
async def test_a_secret_that_is_cut_or_only_alike_opens_nothing(given: str, status: int) -> None:
    feed = Fed()
    async with (
        served(feed=feed, secrets=(NEW, OLD)) as (client, url),
        client.post(f"{url}/telegram", data=b"{}", headers={SECRET_HEADER: given}) as answer,
    ):
        assert answer.status == status
        assert len(feed.bodies) == (status == 200)


async def test_every_word_is_compared_in_constant_time(monkeypatch: pytest.MonkeyPatch) -> None:
    compared = []

    def compare(one: bytes, other: bytes) -> bool:
        compared.append(other.decode())
        return one == other

    monkeypatch.setattr("bot.web.webhook.hmac.compare_digest", compare)
    async with (
        served(feed=Fed(), secrets=(NEW, OLD)) as (client, url),
        client.post(f"{url}/telegram", data=b"{}", headers=LET_IN) as answer,
    ):
        assert answer.status == 200
    assert compared == [NEW, OLD], "the first that fits does not end the comparison"


async def raw(port: int, text: bytes) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(text)
    await writer.drain()
    return reader, writer


async def ended(reader: asyncio.StreamReader) -> bytes:
    async with asyncio.timeout(5):
        return await reader.read()


@pytest.fixture
async def server(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[WebServer]:
    """A web side with very little patience."""
    monkeypatch.setattr(strict, "REQUEST_S", 0.2)
    monkeypatch.setattr(webhook, "BODY_S", 0.2)
    app = build_web(probes=probes(), metrics=PrometheusMetrics(), feed=Fed(), secrets=(NEW,))
    async with WebServer(app, "127.0.0.1", 0) as running:
        yield running


@pytest.mark.parametrize("begun", [b"", b"GET /health HTTP/1.1\r\nHost: x\r\nX-Slow: "])
async def test_a_request_that_never_comes_is_hung_up_on(server: WebServer, begun: bytes) -> None:
    reader, writer = await raw(server.port, begun)
    began = time.monotonic()
    assert await ended(reader) == b""
    assert time.monotonic() - began < 3
    writer.close()


async def test_dripping_gains_no_time(server: WebServer) -> None:
    reader, writer = await raw(server.port, b"GET /health HTTP/1.1\r\n")
    ending = asyncio.create_task(ended(reader))
    while not ending.done():
        writer.write(b"X-Drop: 1\r\n")
        await asyncio.sleep(0.02)
    assert await ending == b""
    writer.close()


async def test_a_second_request_that_drips_after_a_first_is_hung_up_on_too(server: WebServer) -> None:
    reader, writer = await raw(server.port, b"GET /metrics HTTP/1.1\r\nHost: x\r\n\r\nGET /metrics HTT")
    assert (await ended(reader)).startswith(b"HTTP/1.1 200")
    writer.close()


async def test_a_body_that_does_not_come_is_told_so_and_the_next_caller_is_answered(server: WebServer) -> None:
    head = f"POST /telegram HTTP/1.1\r\nHost: x\r\n{SECRET_HEADER}: {NEW}\r\nContent-Length: 100\r\n\r\n{{"
    reader, writer = await raw(server.port, head.encode())
    async with aiohttp.ClientSession() as client, client.get(f"http://127.0.0.1:{server.port}/health") as answer:
        assert answer.status == 200
    assert (await ended(reader)).startswith(b"HTTP/1.1 408")
    writer.close()


async def test_without_the_secret_not_a_byte_of_the_body_is_waited_for(server: WebServer) -> None:
    head = f"POST /telegram HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: {MAX_BODY}\r\n\r\n"
    reader, writer = await raw(server.port, head.encode())
    assert (await ended(reader)).startswith(b"HTTP/1.1 401")
    writer.close()


async def test_too_many_callers_at_once_are_told_to_come_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.web.app.MOST_OPEN", 3)
    async with served() as (client, url):
        port = int(url.rpartition(":")[2])
        held = [await raw(port, b"") for _ in range(4)]
        async with client.get(f"{url}/health") as answer:
            assert answer.status == 503
        for _, writer in held:
            writer.close()
        await asyncio.sleep(0.05)
        async with aiohttp.ClientSession() as later, later.get(f"{url}/health") as answer:
            assert answer.status == 200


async def test_an_oversized_body_is_refused_although_it_names_no_size() -> None:
    async def pieces() -> AsyncIterator[bytes]:
        for _ in range(5):
            yield b"x" * (MAX_BODY // 4)

    feed = Fed()
    async with (
        served(feed=feed, secrets=(NEW,)) as (client, url),
        client.post(f"{url}/telegram", data=pieces(), headers=LET_IN) as answer,
    ):
        assert answer.status == 413
    assert feed.bodies == []


_OWN = r'(?! src="\{\{ to\([^<>]+ defer></script>)'  # a file of ours
INLINE = re.compile(rf"<script{_OWN}|<style|\sstyle=|\son[a-z]+=|javascript:|\|\s*safe", re.IGNORECASE)


def test_no_page_holds_what_the_policy_would_stop_or_markup_that_is_taken_on_trust() -> None:
    pages = list((Path(__file__).parents[2] / "content" / "web").rglob("*.html"))
    assert pages
    found = {page.name: INLINE.findall(page.read_text(encoding="utf-8")) for page in pages}
    # A picture drawn here; our own locked words; a screen of the chat, whose message escaped what others wrote.
    trusted = {"card.html": ["qr"], "urgent.html": ["line", "line"], "parts.html": ["said"]}
    assert {name: len(parts) for name, parts in found.items() if parts} == {
        name: len(values) for name, values in trusted.items()
    }
    for page in pages:
        values = re.findall(r"{{ (\w+) \| safe }}", page.read_text(encoding="utf-8"))
        assert values == trusted.get(page.name, []), "nothing that a list or a person wrote"
    assert len(INLINE.findall("<p style='x'><a onclick=y><script>{{ x | safe }}")) == 4
    assert len(INLINE.findall("<script src='//x'></script><script src=\"{{ to(x) }}\">x</script>")) == 2
