"""Pushing updates to a webhook: each lane in order, lanes side by side, again until it is accepted."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Collection

import aiohttp

from bot.sandbox.errors import Json
from bot.sandbox.state import BotAccount, Webhook
from bot.sandbox.updates import Update

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - the header's name
_ANSWER_S = 60.0
_MAX_BACKOFF_S = 60.0
_IDLE_S = 5.0


class Webhooks:
    """The running pushers, one task per bot with a webhook."""

    def __init__(self) -> None:
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._starting = asyncio.Lock()  # several workers set their webhook in one moment: one pusher is left

    async def start(self, bot: BotAccount, webhook: Webhook) -> None:
        """Push this bot's updates to its webhook from now on."""
        async with self._starting:
            await self.stop(bot)
            self._tasks[bot.token] = asyncio.create_task(_push_all(bot, webhook))

    async def stop(self, bot: BotAccount) -> None:
        """End pushing; what was not accepted stays in the queue."""
        task = self._tasks.pop(bot.token, None)
        if task:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task

    async def close(self, bots: list[BotAccount]) -> None:
        """End all pushing."""
        for bot in bots:
            await self.stop(bot)


async def _push_all(bot: BotAccount, webhook: Webhook) -> None:
    busy: dict[tuple[str, int], asyncio.Task[None]] = {}
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=_ANSWER_S)) as session:
        try:
            while True:
                _fill_lanes(busy, bot, webhook, session)
                await bot.bell.wait(_IDLE_S)
        finally:
            await _end(busy.values())


async def _end(pushes: Collection[asyncio.Task[None]]) -> None:
    for task in pushes:
        task.cancel()
    await asyncio.gather(*pushes, return_exceptions=True)


def _fill_lanes(
    busy: dict[tuple[str, int], asyncio.Task[None]], bot: BotAccount, webhook: Webhook, session: aiohttp.ClientSession
) -> None:
    """Start one push in each lane that is free, while connections are left."""
    for lane in [lane for lane, task in busy.items() if task.done()]:
        del busy[lane]
    for update in bot.updates.pending():
        if update.lane not in busy and len(busy) < webhook.max_connections:
            busy[update.lane] = asyncio.create_task(_push(bot, webhook, session, update))


async def _push(bot: BotAccount, webhook: Webhook, session: aiohttp.ClientSession, update: Update) -> None:
    headers = {SECRET_HEADER: webhook.secret} if webhook.secret else {}
    delay = bot.settings.webhook_backoff_s
    while update in bot.updates.pending():
        problem = await _attempt(session, webhook.url, update.deliver(), headers)
        if not problem:
            bot.updates.remove(update.id)
            break
        webhook.last_error_date, webhook.last_error_message = int(time.time()), problem
        await asyncio.sleep(delay)
        delay = min(delay * 2, _MAX_BACKOFF_S)
    # The lane is free once this task is done, which is after this ring: wake the pusher a step later.
    asyncio.get_running_loop().call_soon(bot.bell.ring)


async def _attempt(session: aiohttp.ClientSession, url: str, raw: Json, headers: dict[str, str]) -> str:
    """Bring one update; what went wrong in Telegram's words, "" when it was taken."""
    try:
        async with session.post(url, json=raw, headers=headers) as response:
            if 200 <= response.status < 300:
                return ""
            return f"Wrong response from the webhook: {response.status} {response.reason}"
    except (aiohttp.ClientError, TimeoutError) as error:
        return "Connection timed out" if isinstance(error, TimeoutError) else "Connection refused"
