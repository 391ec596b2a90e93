"""How fast the bot may start messages by itself: one bucket for all processes, and a stop for all of them."""

import asyncio
import time
from collections.abc import Awaitable, Callable

from bot.store import pace
from bot.store.database import Database

BURST_S = 0.2  # what gathers while nothing is sent
PATIENCE_S = 1.0  # a longer rest is reported instead of waited for


class Limiter:
    """A token bucket: in the database's one row on PostgreSQL, in this process on SQLite, which has no other."""

    def __init__(
        self,
        database: Database,
        rate: float,
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        """`rate`: messages a second."""
        self._database, self._rate, self._clock, self._sleep = database, rate, clock, sleep
        self._burst = max(1.0, rate * BURST_S)
        self._tokens, self._filled_at, self._paused_until = 0.0, clock(), 0.0

    async def take(self) -> float:
        """Wait for the right to send one message: 0. Or, without it, the seconds for which nobody may send."""
        while True:
            granted, rest = await self._take()
            if granted:
                return 0.0
            if rest > PATIENCE_S:
                return rest
            await self._sleep(max(rest, 1 / self._rate / 2))

    async def resting(self) -> float:
        """Seconds for which nobody may send; 0: go on."""
        return (await self._take(0))[1]

    async def pause(self, seconds: float) -> None:
        """Telegram asked for rest: all processes keep it."""
        if self._database.is_sqlite:
            self._paused_until = max(self._paused_until, self._clock() + seconds)
            self._tokens = 0.0
            return
        async with self._database.begin() as connection:
            await pace.pause(connection, seconds)

    async def _take(self, want: int = 1) -> tuple[int, float]:
        if not self._database.is_sqlite:
            async with self._database.begin() as connection:
                return await pace.take(connection, want, rate=self._rate, burst=self._burst)
        now = self._clock()
        self._tokens = min(self._burst, self._tokens + (now - self._filled_at) * self._rate)
        self._filled_at = now
        rest = max(0.0, self._paused_until - now)
        granted = 0 if rest else min(want, int(self._tokens))
        self._tokens -= granted
        return granted, rest
