"""How often something was done of late, in memory only: nobody is written down to be counted."""

import time
from collections import OrderedDict
from collections.abc import Callable, Hashable

HOUR, DAY = 60 * 60.0, 24 * 60 * 60.0
MOST_CHATS = 5000


class Hourly:
    """At most `most` within `span_s` for each chat, or each chat and thing, as `wait_s` and `count` are asked.

    Of more than MOST_CHATS the one that is longest silent goes.
    """

    def __init__(self, most: int, seconds: Callable[[], float] = time.monotonic, *, span_s: float = HOUR) -> None:
        self._most, self._span_s = most, span_s
        self._seconds = seconds
        self._done: OrderedDict[Hashable, list[float]] = OrderedDict()

    def wait_s(self, chat: Hashable) -> float:
        """Seconds until the next may be done; 0: now."""
        done = self._recent(chat)
        return 0.0 if len(done) < self._most else max(0.0, done[-self._most] + self._span_s - self._seconds())

    def count(self, chat: Hashable) -> None:
        """One more was done."""
        self._done[chat] = [*self._recent(chat), self._seconds()]
        self._done.move_to_end(chat)
        while len(self._done) > MOST_CHATS:
            self._done.popitem(last=False)

    async def purge(self) -> None:
        """Let go of everything that is older."""
        for chat in [chat for chat in self._done if not self._recent(chat)]:
            del self._done[chat]

    def _recent(self, chat: Hashable) -> list[float]:
        before = self._seconds() - self._span_s
        return [at for at in self._done.get(chat, []) if at > before]
