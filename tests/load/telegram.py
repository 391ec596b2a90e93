"""The sandbox as a busy Telegram: it says when an update was taken, and remembers only what a long run needs."""

import asyncio
import time
from collections import deque

from bot.sandbox.errors import Json
from bot.sandbox.live import Bell
from bot.sandbox.state import BotAccount
from bot.sandbox.updates import UpdateQueue

FIRST_VISITOR = 556_000_000
VISITORS = range(FIRST_VISITOR, FIRST_VISITOR + 10_000_000)


class WatchedQueue(UpdateQueue):
    """Updates, and who waits for one of them to be taken."""

    def __init__(self, bell: Bell) -> None:
        super().__init__(bell)
        self._since: dict[int, tuple[float, asyncio.Future[float]]] = {}

    def push(self, raw: Json, *, as_is: bool = False) -> int | None:
        """Queue an update, and begin to wait for it."""
        number = super().push(raw, as_is=as_is)
        if number is not None:
            self._since[number] = (time.monotonic(), asyncio.get_running_loop().create_future())
        return number

    def remove(self, number: int) -> None:
        """It was taken with a 200."""
        super().remove(number)
        if number in self._since:
            began, taken = self._since[number]
            if not taken.done():
                taken.set_result(time.monotonic() - began)

    async def taken(self, number: int, seconds: float) -> float:
        """Wait until an update was taken: after how long. TimeoutError."""
        try:
            return await asyncio.wait_for(self._since[number][1], seconds)
        finally:
            del self._since[number]


class OthersCalls(deque[Json]):
    """The calls that are about nobody who visits: the reminders of the others."""

    def append(self, call: Json) -> None:
        """Keep one, unless it is an answer to a visitor."""
        chat = str(call["params"].get("chat_id", ""))
        if call["method"] == "sendMessage" and int(chat or VISITORS[0]) not in VISITORS:
            super().append(call)


def watch(account: BotAccount, *, patience_s: float = 0.2) -> WatchedQueue:
    """Make an account fit for a long run. `patience_s`: the first pause before an update is brought again."""
    account.updates = queue = WatchedQueue(account.bell)
    account.calls = OthersCalls()
    account.settings.webhook_backoff_s = patience_s
    return queue
