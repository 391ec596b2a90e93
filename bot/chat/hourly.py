"""How often something was done in the last hour, in memory only: nobody is written down to be counted."""

import time
from collections import OrderedDict
from collections.abc import Callable

HOUR = 60 * 60.0
MOST_CHATS = 5000


class Hourly:
    """At most `most` in an hour for each chat; of more than MOST_CHATS chats the one that is longest silent goes."""

    def __init__(self, most: int, seconds: Callable[[], float] = time.monotonic) -> None:
        self._most = most
        self._seconds = seconds
        self._done: OrderedDict[int, list[float]] = OrderedDict()

    def wait_s(self, chat: int) -> float:
        """Seconds until the next may be done; 0: now."""
        done = self._recent(chat)
        return 0.0 if len(done) < self._most else max(0.0, done[-self._most] + HOUR - self._seconds())

    def count(self, chat: int) -> None:
        """One more was done."""
        self._done[chat] = [*self._recent(chat), self._seconds()]
        self._done.move_to_end(chat)
        while len(self._done) > MOST_CHATS:
            self._done.popitem(last=False)

    async def purge(self) -> None:
        """Let go of everything older than an hour."""
        for chat in [chat for chat in self._done if not self._recent(chat)]:
            del self._done[chat]

    def _recent(self, chat: int) -> list[float]:
        before = self._seconds() - HOUR
        return [at for at in self._done.get(chat, []) if at > before]
