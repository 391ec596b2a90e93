"""What takes longer than somebody waits for an answer: done beside, with a message of its own when it is done."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from types import TracebackType

from bot.views.screen import Screen

logger = logging.getLogger(__name__)


class Errands:
    """Runs each errand once at a time; leaving the `async with` block ends what still runs."""

    def __init__(self) -> None:
        self._send: Callable[..., Awaitable[object]] | None = None
        self._running: dict[str, asyncio.Task[None]] = {}

    def bind(self, send: Callable[..., Awaitable[object]]) -> None:
        """How a screen reaches a chat: its number, the screen, and `reply_to`."""
        self._send = send

    def run(
        self, chat: int, name: str, work: Callable[[], Awaitable[Screen]], *, reply_to: int | None = None
    ) -> bool:
        """Begin, and write to the chat what comes of it; false when the same is under way for somebody already.

        `reply_to`: the message that a screen which `answers` replies to.
        """
        if name in self._running:
            return False
        task = asyncio.create_task(self._done(chat, work, reply_to))
        self._running[name] = task
        task.add_done_callback(lambda _: self._running.pop(name, None))
        return True

    async def _done(self, chat: int, work: Callable[[], Awaitable[Screen]], reply_to: int | None) -> None:
        try:
            screen = await work()
            if self._send is not None:
                await self._send(chat, screen, reply_to=reply_to if screen.answers else None)
        except Exception as error:
            logger.error("an errand failed", exc_info=error)

    async def __aenter__(self) -> "Errands":
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        tasks = list(self._running.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
