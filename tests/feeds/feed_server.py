"""A publisher on loopback that can be well, slow, broken, guarded or malicious."""

import asyncio
import gzip
import hashlib
import json
from collections.abc import Awaitable, Callable
from typing import Any, Self

from aiohttp import web

CHALLENGE = "<!DOCTYPE html><html><head><title>Just a moment...</title></head><body>Checking</body></html>"
BOMB_BYTES = 32 * 1024 * 1024

Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]


class FeedServer:
    """Serves `rows` at `url` with an ETag. `play` names what it does instead; `asked` are the requests it got."""

    def __init__(self, *rows: dict[str, Any]) -> None:
        self.rows = list(rows)
        self.play = "well"
        self.target = ""  # where "redirect" sends to
        self.beside: dict[str, Any] = {}  # other addresses and what they answer
        self.asked: list[web.Request] = []
        self.port = 0
        self.release = asyncio.Event()  # ends what "slow" waits for
        self._runner: web.AppRunner | None = None

    @property
    def url(self) -> str:
        """Where the list lies."""
        return self.at("meetings.json")

    def at(self, path: str) -> str:
        """Another address of this server."""
        return f"http://127.0.0.1:{self.port}/{path}"

    async def __aenter__(self) -> Self:
        app = web.Application()
        app.router.add_get("/{path:.*}", self._answer)
        self._runner = web.AppRunner(app, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        self.port = self._runner.addresses[0][1]
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._runner is not None
        self.release.set()
        await self._runner.cleanup()

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        self.asked.append(request)
        path = request.match_info["path"]
        if path in self.beside:
            return web.json_response(self.beside[path])
        plays: dict[str, Answer] = {
            "well": self._well,
            "challenge": self._challenge,
            "challenge with 200": self._challenge,
            "error": self._error,
            "slow": self._slow,
            "drip": self._drip,
            "half": self._half,
            "cut json": self._cut_json,
            "half gzip": self._half_gzip,
            "bomb": self._bomb,
            "not gzip": self._not_gzip,
            "brotli": self._brotli,
            "redirect": self._redirect,
            "stubborn 304": self._stubborn,
            "empty": self._empty,
        }
        return await plays[self.play](request)

    def _body(self) -> bytes:
        return json.dumps(self.rows).encode()

    async def _well(self, request: web.Request) -> web.StreamResponse:
        body = self._body()
        tag = f'"{hashlib.blake2b(body, digest_size=8).hexdigest()}"'
        headers = {"ETag": tag, "Last-Modified": "Sat, 21 Nov 2026 10:00:00 GMT"}
        if request.headers.get("If-None-Match") == tag:
            return web.Response(status=304, headers=headers)
        answer = web.Response(body=body, headers=headers, content_type="application/json")
        answer.enable_compression(web.ContentCoding.gzip)
        return answer

    async def _challenge(self, _request: web.Request) -> web.StreamResponse:
        status = 200 if self.play.endswith("200") else 403
        return web.Response(status=status, text=CHALLENGE, content_type="text/html")

    async def _error(self, _request: web.Request) -> web.StreamResponse:
        return web.Response(status=500, text="[]")

    async def _slow(self, request: web.Request) -> web.StreamResponse:
        await self.release.wait()
        return await self._well(request)

    async def _drip(self, request: web.Request) -> web.StreamResponse:
        """A byte now and then: no single wait is long."""
        answer = web.StreamResponse()
        await answer.prepare(request)
        while not self.release.is_set():
            await answer.write(b" ")
            await asyncio.sleep(0.02)
        return answer

    async def _half(self, request: web.Request) -> web.StreamResponse:
        body = self._body()
        answer = web.StreamResponse(headers={"Content-Length": str(len(body))})
        await answer.prepare(request)
        await answer.write(body[: len(body) // 2])
        assert request.transport is not None
        request.transport.close()
        return answer

    async def _cut_json(self, _request: web.Request) -> web.StreamResponse:
        """Half a list that says it is whole."""
        body = self._body()
        return web.Response(body=body[: len(body) // 2], content_type="application/json")

    async def _half_gzip(self, _request: web.Request) -> web.StreamResponse:
        packed = gzip.compress(self._body())
        return _packed(packed[: len(packed) // 2])

    async def _bomb(self, _request: web.Request) -> web.StreamResponse:
        return _packed(gzip.compress(b" " * BOMB_BYTES, 9))

    async def _not_gzip(self, _request: web.Request) -> web.StreamResponse:
        return _packed(self._body())

    async def _brotli(self, _request: web.Request) -> web.StreamResponse:
        return _packed(self._body(), "br")

    async def _redirect(self, _request: web.Request) -> web.StreamResponse:
        return web.Response(status=302, headers={"Location": self.target})

    async def _stubborn(self, _request: web.Request) -> web.StreamResponse:
        return web.Response(status=304)

    async def _empty(self, _request: web.Request) -> web.StreamResponse:
        return web.Response(body=b"", content_type="application/json")


def _packed(body: bytes, encoding: str = "gzip") -> web.Response:
    return web.Response(body=body, headers={"Content-Encoding": encoding, "Content-Type": "application/json"})
