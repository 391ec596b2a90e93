"""A light Bot API for measuring: hands out prepared updates and answers every call at once, or after a while."""

import argparse
import asyncio
import json
import time
from collections import deque
from typing import Any

from aiohttp import web

DEFAULT_CHATS = 400
_MESSAGE = {"message_id": 1, "date": 1_700_000_000, "chat": {"id": 1, "type": "private"}, "text": "x"}


class StandIn:
    """`PUT /prepare` queues updates and starts the clock at the first fetch; `GET /done` reads it.

    They are copies of one update, or of `steps`, which each of so many chats takes in turn.
    """

    def __init__(self, delay_s: float) -> None:
        self.delay_s = delay_s
        self.updates: list[dict[str, Any]] = []
        self.next_id = 1
        self.answered = self.wanted = 0
        self.began = self.ended = 0.0
        self.finishing = ""  # methods, with spaces between
        self.calls, self.pace = 0, 0.0  # pace: updates a second, 0: all at once
        self.waits: list[float] = []
        self.due: dict[int, deque[float]] = {}
        self.seen: set[int] = set()
        self.arrived = asyncio.Event()

    def app(self) -> web.Application:
        """The application."""
        app = web.Application()
        app.router.add_put("/prepare", self.prepare)
        app.router.add_get("/done", self.done)
        app.router.add_route("*", "/bot{token}/{method}", self.call)
        return app

    async def prepare(self, request: web.Request) -> web.Response:
        """Queue `count` updates made from `update`; the calls named `finishing` are counted."""
        body = await request.json()
        self.finishing, self.wanted, self.answered = body["finishing"], body["count"], 0
        self.began = self.ended = 0.0
        self.calls, self.pace, self.waits, self.due = 0, float(body.get("pace", 0)), [], {}
        steps, chats = body.get("steps") or [body["update"]], body.get("chats", DEFAULT_CHATS)
        self.updates = [
            _copied(steps[at // chats % len(steps)], self.next_id + at, 1000 + at % chats)
            for at in range(self.wanted)
        ]
        self.next_id += self.wanted
        self.arrived.set()
        return web.json_response({})

    async def done(self, _request: web.Request) -> web.Response:
        """Seconds from the first fetch to the last answer, or null; calls, and with a pace how long each took."""
        seconds = self.ended - self.began if self.ended else None
        told = {"seconds": seconds, "count": self.answered, "calls": self.calls, "waits": self.waits}
        return web.json_response(told)

    async def call(self, request: web.Request) -> web.Response:
        """One call of the Bot API."""
        method = request.match_info["method"]
        if method == "getUpdates":
            return _ok(await self.fetch(await _params(request)))
        if method == "getMe":
            return _ok({"id": 1, "is_bot": True, "first_name": "Bench", "username": "bench_bot"})
        if method == "getWebhookInfo":
            return _ok({"url": "", "has_custom_certificate": False, "pending_update_count": 0})
        if self.delay_s:
            await asyncio.sleep(self.delay_s)
        self.calls += 1
        if method in self.finishing.split():
            self.answered += 1
            if self.pace:
                due = self.due[int((await _params(request))["chat_id"])]
                self.waits.append(time.perf_counter() - due.popleft())
            if self.answered == self.wanted:
                self.ended = time.perf_counter()
        return _ok(_MESSAGE if method in {"sendMessage", "editMessageText"} else True)

    async def fetch(self, params: dict[str, str]) -> list[dict[str, Any]]:
        """The next updates from the offset on; waits a moment when there are none."""
        offset, limit = int(params.get("offset") or 0), int(params.get("limit") or 100)
        self.updates = [update for update in self.updates if update["update_id"] >= offset]
        if not self.updates:
            self.arrived.clear()
            try:
                await asyncio.wait_for(self.arrived.wait(), 2)
            except TimeoutError:
                return []
        if not self.began and self.updates:
            self.began = time.perf_counter()
        return await self._released(limit) if self.pace else self.updates[:limit]

    async def _released(self, limit: int) -> list[dict[str, Any]]:
        """Those that people have sent by now; waits for the first of them."""
        left = self.began + (self.wanted - len(self.updates)) / self.pace - time.perf_counter()
        await asyncio.sleep(max(0.0, left))
        first = self.wanted - len(self.updates)
        many = min(limit, int((time.perf_counter() - self.began) * self.pace) + 1 - first)
        for at, update in enumerate(self.updates[: max(0, many)], first):
            if update["update_id"] not in self.seen:
                self.seen.add(update["update_id"])
                content = update.get("message") or update["callback_query"]["message"]
                self.due.setdefault(content["chat"]["id"], deque()).append(self.began + at / self.pace)
        return self.updates[: max(0, many)]


def _copied(update: dict[str, Any], number: int, chat: int) -> dict[str, Any]:
    """The update as if from one of many people."""
    text = json.dumps(update).replace('"CHAT"', str(chat)).replace('"NUMBER"', f'"{number}"')
    copied: dict[str, Any] = json.loads(text)
    return copied | {"update_id": number}


async def _params(request: web.Request) -> dict[str, str]:
    if request.content_type == "application/json":
        given: dict[str, str] = await request.json()
        return given
    return {**request.query, **(await request.post())}  # type: ignore[dict-item]


def _ok(result: object) -> web.Response:
    return web.json_response({"ok": True, "result": result})


def main() -> None:
    """Serve on the given port."""
    parser = argparse.ArgumentParser()
    parser.add_argument("port", type=int)
    parser.add_argument("--delay", type=float, default=0.0)
    given = parser.parse_args()
    web.run_app(StandIn(given.delay).app(), host="127.0.0.1", port=given.port, print=None, access_log=None)


if __name__ == "__main__":
    main()
