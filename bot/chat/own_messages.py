"""The numbers of the bot's own latest messages, in memory only, so that /clear can take them back.

Telegram lets a bot delete what it wrote within 48 hours. Only private chats are remembered, and nothing but numbers.
"""

import logging
import time
from array import array
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Sequence

from telegram.error import TelegramError

log = logging.getLogger(__name__)

KEPT_SECONDS = 47 * 60 * 60
MOST_CHATS = 5000
MOST_OF_ONE = 100  # in one request
_NUMBER_BITS = 32

Delete = Callable[[int, Sequence[int]], Awaitable[object]]


class OwnMessages:
    """At most MOST_OF_ONE numbers of each of MOST_CHATS chats, each for KEPT_SECONDS; the oldest give way."""

    def __init__(self, seconds: Callable[[], float] = time.monotonic) -> None:
        self._seconds = seconds
        self._kept: OrderedDict[int, array[int]] = OrderedDict()  # each: its second, and in the lower bits its number
        self._delete: Delete | None = None

    def bind(self, delete: Delete) -> None:
        """How messages of a chat are taken away."""
        self._delete = delete

    def add(self, chat: int, *numbers: int) -> None:
        """These were sent."""
        if chat <= 0:
            return
        kept = self._kept.setdefault(chat, array("q"))
        self._kept.move_to_end(chat)
        second = int(self._seconds())
        known = {one & (1 << _NUMBER_BITS) - 1 for one in kept}
        kept.extend(second << _NUMBER_BITS | number for number in numbers if number not in known)
        del kept[:-MOST_OF_ONE]
        while len(self._kept) > MOST_CHATS:
            self._kept.popitem(last=False)

    def of(self, chat: int) -> list[int]:
        """What may still be taken back, oldest first."""
        since = int(self._seconds()) - KEPT_SECONDS
        return [one & (1 << _NUMBER_BITS) - 1 for one in self._kept.get(chat, ()) if one >> _NUMBER_BITS >= since]

    async def take_back(self, chat: int) -> int:
        """Have them deleted and know them no longer; how many. A failure of Telegram takes back none."""
        numbers = self.of(chat)
        if not numbers or self._delete is None:
            return 0
        try:
            await self._delete(chat, numbers)
        except TelegramError as error:
            log.warning("messages could not be taken back", extra={"reason": type(error).__name__})
            return 0
        self._kept.pop(chat, None)
        return len(numbers)

    async def purge(self) -> None:
        """Let go of everything that is too old."""
        since = int(self._seconds()) - KEPT_SECONDS
        for chat, kept in list(self._kept.items()):
            fresh = array("q", (one for one in kept if one >> _NUMBER_BITS >= since))
            if fresh:
                self._kept[chat] = fresh
            else:
                del self._kept[chat]
