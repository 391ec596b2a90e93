"""What the checks of content find, read beside the requests: once for each state of the files and each day."""

import asyncio
import os
from collections.abc import Awaitable, Callable
from concurrent.futures import ProcessPoolExecutor
from datetime import date
from multiprocessing import get_context
from pathlib import Path

from bot.domain.clock import Clock
from bot.texts.proofs import Proofs, prove, state_of

PATIENCE_S = 0.1  # so long a page waits for the result
NICE = 15  # people are answered first

Prove = Callable[[Path, date], Awaitable[Proofs]]


async def prove_apart(root: Path, day: date) -> Proofs:
    """`prove` in a process of its own: a thread that computes for seconds would hold up the answers to people."""
    pool = ProcessPoolExecutor(1, get_context("spawn"), os.nice, (NICE,))
    try:
        return await asyncio.get_running_loop().run_in_executor(pool, prove, root, day)
    finally:
        pool.shutdown(wait=False)


class ProofReader:
    """One reading at a time. Nothing is read before somebody asks."""

    def __init__(self, root: Path, clock: Clock, *, prove: Prove = prove_apart) -> None:
        self._root, self._clock, self._prove = root, clock, prove
        self._about: tuple[int, date] | None = None
        self._reading: asyncio.Future[Proofs] | None = None

    async def read(self) -> Proofs | None:
        """What is found in the files as they are now; None: they are being read, ask again in some seconds."""
        about = await asyncio.to_thread(state_of, self._root), self._clock().date()
        task = self._reading
        if task is None or (task.done() and (about != self._about or task.cancelled() or task.exception())):
            self._about = about
            task = self._reading = asyncio.ensure_future(self._prove(self._root, about[1]))
        await asyncio.wait({task}, timeout=PATIENCE_S)
        return task.result() if task.done() and about == self._about else None
