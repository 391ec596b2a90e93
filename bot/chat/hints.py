"""What was asked a few minutes ago, in memory only: it may save a question, and nothing is wrong without it."""

import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

from bot.domain.search import Search

KEPT_SECONDS = 15 * 60
MOST = 5000


@dataclass(frozen=True, slots=True)
class Hint:
    """The language a chat was answered in, and the search whose place or change was asked for, if any."""

    language: str
    search: Search | None = None
    asked_place: bool = False


class Hints:
    """At most MOST hints, each for KEPT_SECONDS; the oldest gives way."""

    def __init__(self, seconds: Callable[[], float] = time.monotonic) -> None:
        self._seconds = seconds
        self._kept: OrderedDict[int, tuple[float, Hint]] = OrderedDict()

    def get(self, chat: int) -> Hint | None:
        """The hint of a chat, if it is fresh."""
        until, hint = self._kept.get(chat, (0.0, None))
        return hint if self._seconds() < until else None

    def keep(self, chat: int, hint: Hint) -> None:
        """Remember for a few minutes; whatever is too old or too many goes."""
        self._kept[chat] = (self._seconds() + KEPT_SECONDS, hint)
        self._kept.move_to_end(chat)
        while len(self._kept) > MOST:
            self._kept.popitem(last=False)

    async def purge(self) -> None:
        """Let go of everything that is too old."""
        now = self._seconds()
        for chat in [chat for chat, (until, _) in self._kept.items() if until < now]:
            del self._kept[chat]

    def forget(self, chat: int) -> None:
        """Drop what is remembered of a chat."""
        self._kept.pop(chat, None)
