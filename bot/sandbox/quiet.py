"""Telling when the bot is done with what a person did."""

from __future__ import annotations

import asyncio

from bot.sandbox.errors import Json
from bot.sandbox.state import BotAccount, Chat


async def wait_for_quiet(bot: BotAccount, chat: Chat, *, limit_s: float, settle_s: float, grace_s: float) -> Json:
    """Wait until the bot has dealt with a chat, at most `limit_s` seconds.

    Quiet is: every update of the chat confirmed, no call being handled, and since then nothing for
    `settle_s` seconds when the bot did something after the person's last deed, for `grace_s` when it
    did not (a bot that confirms first and answers later needs that).
    """
    loop = asyncio.get_running_loop()
    until = loop.time() + limit_s
    calm_since: float | None = None
    last_deed = chat.acted_at
    while True:
        now = loop.time()
        busy = bool(bot.updates.pending(chat.id)) or bot.in_flight > 0
        if busy or chat.acted_at != last_deed:
            calm_since, last_deed = None, chat.acted_at
        if not busy and calm_since is None:
            calm_since = now
        needed = settle_s if chat.acted_at > chat.asked_at else grace_s
        if calm_since is not None and now - calm_since >= needed:
            return {"quiet": True, "acted": chat.acted_at > chat.asked_at, "pending": 0}
        if now >= until:
            waiting = len(bot.updates.pending(chat.id))
            return {"quiet": False, "acted": chat.acted_at > chat.asked_at, "pending": waiting}
        rest = until - now if calm_since is None else min(until, calm_since + needed) - now
        await bot.bell.wait(max(rest, 0.001))
