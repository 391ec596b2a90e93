"""Whether this machine's clock can be trusted where several machines share one database."""

import time

from bot.domain.clock import Clock, system_clock
from bot.domain.errors import StoreError
from bot.store import pace
from bot.store.database import Database

APART_S = 5.0
EVERY_S = 60.0


class ClockCheck:
    """Compares this machine's clock with the PostgreSQL server's, now and then."""

    def __init__(self, database: Database, *, clock: Clock = system_clock) -> None:
        self._database, self._clock = database, clock
        self._good: tuple[float, float] | None = None  # when they agreed: monotonic, unix seconds

    async def __call__(self) -> None:
        """Raises StoreError when they are more than five seconds apart: leases and starts would mean two things."""
        if self._database.is_sqlite or self._still_good():
            return
        async with self._database.read() as connection:
            server = await pace.database_clock(connection)
        apart = abs((server - self._clock()).total_seconds())
        if apart > APART_S:
            raise StoreError(
                f"The clocks of this machine and of its database are {apart:.0f} seconds apart: no reminder is sent "
                "before they agree. Set them by NTP."
            )
        self._good = time.monotonic(), self._clock().timestamp()

    def _still_good(self) -> bool:
        """Whether they agreed not long ago, and this clock has gone on evenly since."""
        if self._good is None:
            return False
        passed, shown = time.monotonic() - self._good[0], self._clock().timestamp() - self._good[1]
        return passed < EVERY_S and abs(shown - passed) <= APART_S
