"""Work in order per chat, chats side by side."""

import asyncio
import time
from collections import deque
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from typing import Any

from telegram import Update


@dataclass(eq=False, slots=True)
class Job:
    """One update in hand.

    `chat` says whose queue it stands in, `since` when its work began (monotonic seconds). When `done` is set, it
    was `finished` or cut off. `unheard`: neither an answer nor an apology got through.
    """

    number: int
    chat: int | str
    update: Update
    since: float | None = None
    finished: bool = False
    unheard: bool = False
    done: asyncio.Event = field(default_factory=asyncio.Event)


@dataclass(eq=False, slots=True)
class _Queue:
    waiting: deque[Job] = field(default_factory=deque)
    running: Job | None = None
    busy_since: float = field(default_factory=time.monotonic)


class ChatQueues:
    """Runs at most one job of a chat at a time, and at most `places` in all.

    Places go round: a chat with a thousand jobs gets the next one only after every other chat that waits.
    """

    def __init__(self, run: Callable[[Job], Coroutine[Any, Any, None]], *, places: int = 64) -> None:
        self._run = run
        self._places = places
        self._queues: dict[int | str, _Queue] = {}
        self._ready: deque[int | str] = deque()  # chats with work and none running
        self._tasks: set[asyncio.Task[None]] = set()
        self._idle = asyncio.Event()
        self._idle.set()

    def __len__(self) -> int:
        """Jobs that wait or run."""
        return len(self._tasks) + sum(len(queue.waiting) for queue in self._queues.values())

    @property
    def has_place(self) -> bool:
        """Whether another chat's job could start at once."""
        return len(self._tasks) < self._places

    def waiting(self, chat: int | str) -> int:
        """How many jobs of a chat wait for the one before them."""
        queue = self._queues.get(chat)
        return len(queue.waiting) if queue else 0

    def add(self, job: Job) -> None:
        """Put a job at the end of its chat's queue."""
        queue = self._queues.get(job.chat)
        if queue is None:
            queue = self._queues[job.chat] = _Queue()
            self._ready.append(job.chat)
        queue.waiting.append(job)
        self._idle.clear()
        self._fill()

    def slow(self, chat: int | str, *, one_s: float, all_s: float) -> bool:
        """Whether a chat's running job takes longer than `one_s`, or its queue was never empty for `all_s`."""
        queue = self._queues.get(chat)
        if queue is None:
            return False
        now = time.monotonic()
        running = queue.running
        if running is not None and running.since is not None and now - running.since > one_s:
            return True
        return now - queue.busy_since > all_s

    async def drain(self, seconds: float) -> bool:
        """Wait until all is done, then True; after `seconds` cancel what still runs or waits, then False."""
        try:
            await asyncio.wait_for(self._idle.wait(), seconds)
        except TimeoutError:
            await self._cut_off()
            return False
        return True

    async def _cut_off(self) -> None:
        waiting = [job for queue in self._queues.values() for job in queue.waiting]
        self._ready.clear()
        self._queues.clear()
        running = list(self._tasks)
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)
        for job in waiting:
            job.done.set()

    def _fill(self) -> None:
        while self._ready and self.has_place:
            queue = self._queues[self._ready.popleft()]
            job = queue.running = queue.waiting.popleft()
            job.since = time.monotonic()
            task = asyncio.create_task(self._run(job))
            self._tasks.add(task)
            task.add_done_callback(lambda task, job=job: self._finished(task, job))  # type: ignore[misc]

    def _finished(self, task: asyncio.Task[None], job: Job) -> None:
        self._tasks.discard(task)
        job.done.set()
        queue = self._queues.get(job.chat)
        if queue is not None and queue.running is job:
            queue.running = None
            if queue.waiting:
                self._ready.append(job.chat)
            else:
                del self._queues[job.chat]
        self._fill()
        if not self._tasks and not self._queues:
            self._idle.set()
