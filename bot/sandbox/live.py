"""Waking those who wait: long polls, tests, open pages."""

from __future__ import annotations

import asyncio

from bot.sandbox.errors import Json

_QUEUE = 2000  # events a page may lag behind before it has to start over


class Bell:
    """Wakes everybody who waits, once per ring."""

    def __init__(self) -> None:
        self._event = asyncio.Event()

    def ring(self) -> None:
        """Wake all who wait now."""
        event, self._event = self._event, asyncio.Event()
        event.set()

    async def wait(self, timeout: float) -> bool:  # noqa: ASYNC109 - the wait is the timeout
        """Wait for the next ring, at most `timeout` seconds; False when nothing rang."""
        event = self._event
        try:
            async with asyncio.timeout(max(timeout, 0)):
                await event.wait()
        except TimeoutError:
            return False
        return True


class Broadcast:
    """Events for the open pages, each page listening to one chat."""

    def __init__(self) -> None:
        self._listeners: dict[asyncio.Queue[Json | None], int] = {}

    def listen(self, chat_id: int) -> asyncio.Queue[Json | None]:
        """A queue of events of a chat; None means: begin anew."""
        queue: asyncio.Queue[Json | None] = asyncio.Queue(_QUEUE)
        self._listeners[queue] = chat_id
        return queue

    def leave(self, queue: asyncio.Queue[Json | None]) -> None:
        """Stop listening."""
        self._listeners.pop(queue, None)

    def tell(self, chat_id: int | None, event: Json) -> None:
        """Send an event to the pages of a chat, to all pages with None."""
        for queue, wanted in list(self._listeners.items()):
            if chat_id is None or wanted == chat_id:
                self._put(queue, event)

    def end(self) -> None:
        """Make every page begin anew."""
        for queue in list(self._listeners):
            self._put(queue, None)

    def _put(self, queue: asyncio.Queue[Json | None], event: Json | None) -> None:
        if queue.full():
            self.leave(queue)
            queue.get_nowait()
            event = None
        queue.put_nowait(event)
