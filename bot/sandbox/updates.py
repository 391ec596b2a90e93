"""The queue of updates of one bot and its two ways out: long poll and webhook."""

from __future__ import annotations

import asyncio
import itertools
import time
from dataclasses import dataclass

from bot.sandbox.errors import ApiError, Json, conflict
from bot.sandbox.live import Bell

MAX_LONG_POLL_S = 50
SAME_OFFSET_S = 0.5  # Telegram hands out one update when the same offset is asked again so soon
_NOT_BY_DEFAULT = {"chat_member", "message_reaction", "message_reaction_count"}
_LIFETIME_S = {"callback_query": 150.0, "inline_query": 30.0}
_DAY_S = 86400.0


@dataclass
class Update:
    """One update on its way, `lane` is the webhook queue whose order is kept."""

    id: int
    raw: Json
    lane: tuple[str, int]
    chat_id: int | None
    expires_at: float
    delivered: bool = False

    def deliver(self) -> Json:
        """Hand it out: what the bot is given."""
        self.delivered = True
        return self.raw


class UpdateQueue:
    """Updates the bot has not confirmed, oldest first."""

    def __init__(self, bell: Bell, first_id: int = 100_000_001) -> None:
        self._bell = bell
        self._ids = itertools.count(first_id)
        self._pending: dict[int, Update] = {}
        self.allowed: list[str] = []
        self.webhook_active = False
        self.closing = False
        self.last_poll = 0.0  # unix seconds
        self.polls = 0  # long polls open now
        self._asked: tuple[int, float] = (0, -100.0)
        self._turn = 0
        self._stop_reason = ""

    # -- in

    def push(self, raw: Json, *, as_is: bool = False) -> int | None:
        """Queue an update; None when the bot did not ask for its kind. An update_id in `raw` is kept."""
        kind = next((name for name in raw if name != "update_id"), "")
        if not as_is and not self._wanted(kind):
            return None
        number = raw.get("update_id")
        if not isinstance(number, int):
            number = next(self._ids)
        else:
            self._ids = itertools.count(max(number + 1, next(self._ids)))
        lane, chat_id = _lane(kind, raw.get(kind))
        expires = time.time() + _LIFETIME_S.get(kind, _DAY_S)
        self._pending[number] = Update(number, {"update_id": number, **raw}, lane, chat_id, expires)
        self._bell.ring()
        return number

    def _wanted(self, kind: str) -> bool:
        return kind in self.allowed if self.allowed else kind not in _NOT_BY_DEFAULT

    # -- looking

    def pending(self, chat_id: int | None = None) -> list[Update]:
        """What is not confirmed yet (of one chat), in order of ids."""
        now = time.time()
        for update in [one for one in self._pending.values() if one.expires_at < now]:
            del self._pending[update.id]
        found = sorted(self._pending.values(), key=lambda one: one.id)
        return found if chat_id is None else [one for one in found if one.chat_id == chat_id]

    def remove(self, number: int) -> None:
        """Confirm one update."""
        if self._pending.pop(number, None):
            self._bell.ring()

    def clear(self) -> None:
        """Drop everything that waits."""
        self._pending.clear()
        self._bell.ring()

    # -- long poll

    async def poll(self, offset: int, limit: int, timeout: int) -> list[Json]:  # noqa: ASYNC109
        """What getUpdates returns. Raises ApiError 409 when a webhook is set or another poll takes over."""
        if self.webhook_active:
            raise conflict(
                "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
            )
        loop = asyncio.get_running_loop()
        now = loop.time()
        if self._asked[0] == offset and now < self._asked[1] + SAME_OFFSET_S:
            limit = 1
        self._asked = (offset, now)
        self.last_poll = time.time()
        self._confirm(offset)
        self._turn += 1
        self._stop_reason = "terminated by other getUpdates request; make sure that only one bot instance is running"
        self._bell.ring()
        return await self._wait(limit, now + timeout)

    async def _wait(self, limit: int, until: float) -> list[Json]:
        turn, loop = self._turn, asyncio.get_running_loop()
        self.polls += 1
        try:
            while True:
                if self._turn != turn:
                    raise conflict(self._stop_reason)
                found = self.pending()[:limit]
                left = until - loop.time()
                if found or left <= 0 or self.closing:
                    return [update.deliver() for update in found]
                await self._bell.wait(left)
        finally:
            self.polls -= 1
            self.last_poll = time.time()

    def _confirm(self, offset: int) -> None:
        waiting = self.pending()
        if offset < 0:
            gone = waiting[:offset]
        else:
            gone = [update for update in waiting if update.id < offset]
        for update in gone:
            del self._pending[update.id]

    def stop_polls(self, reason: str) -> None:
        """End every open long poll with a conflict."""
        self._turn += 1
        self._stop_reason = reason
        self._bell.ring()

    def close(self) -> None:
        """The server goes down: open polls return what they have."""
        self.closing = True
        self._bell.ring()


def read_allowed(raw: object) -> list[str] | None:
    """The allowed_updates parameter: None keeps what was, an empty list means the default."""
    if raw is None:
        return None
    if not isinstance(raw, list):
        raise ApiError(400, "Bad Request: can't parse allowed_updates: Array expected")
    return [str(one) for one in raw]


def _lane(kind: str, content: object) -> tuple[tuple[str, int], int | None]:
    if not isinstance(content, dict):
        return ("other", 0), None
    sender = content.get("from")
    sender_id = sender.get("id", 0) if isinstance(sender, dict) else 0
    held = content.get("message") if kind == "callback_query" else content
    chat = held.get("chat") if isinstance(held, dict) else None
    chat_id = chat.get("id") if isinstance(chat, dict) else None
    if kind in {"message", "edited_message"}:
        return ("message", chat_id or 0), chat_id
    if kind in {"callback_query", "inline_query"}:
        return (kind, sender_id), chat_id
    return (kind, chat_id or sender_id), chat_id
