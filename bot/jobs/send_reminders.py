"""Sends what is due, as fast as allowed and least time left first, until nothing is due any more."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from datetime import timedelta

from bot.domain.clock import Clock, system_clock
from bot.domain.metrics import Metrics, NoMetrics
from bot.domain.reminder import Due, NotSent, Outcome, Rejected, Unsure
from bot.services.limiter import Limiter
from bot.services.outbox import Begun, Lease, Outbox
from bot.views.screen import Screen

log = logging.getLogger(__name__)

MOST_FLYING = 32  # sends at once: Telegram answers in a second, and 25 of them are allowed in it
MOST_LEASED = 25
SEND_S = 60.0  # an answer that takes longer counts as lost; shorter than the mark "sending" is kept
STRAGGLERS_S = 5.0  # how long a tick waits for its last answers

Compose = Callable[[Due], Awaitable[Screen]]
Deliver = Callable[[int, Screen, bool], Awaitable[Outcome]]
"""Writes a screen to a chat, without sound if the last is true. Never raises for what Telegram may do."""


class SendReminders:
    """The clock's work: each tick plans, leases and sends until nothing is due.

    `run` ticks beside the clock: a burst takes minutes. `close` waits for what is on its way.
    """

    def __init__(
        self,
        outbox: Outbox,
        limiter: Limiter,
        compose: Compose,
        deliver: Deliver,
        *,
        check: Callable[[], Awaitable[None]] | None = None,
        clock: Clock = system_clock,
        rate: float = 25.0,
        metrics: Metrics | None = None,
    ) -> None:
        """`check` raises when the clock cannot be trusted. `rate`: the limiter's; no more is leased than leaves."""
        self._outbox, self._limiter, self._compose, self._deliver = outbox, limiter, compose, deliver
        self._check, self._clock, self._metrics = check, clock, metrics or NoMetrics()
        self._leased = max(1, min(MOST_LEASED, int(rate * 10)))
        self._flying: set[asyncio.Task[None]] = set()
        self._ticking: asyncio.Task[None] | None = None
        self._closing = False
        self._beat: float | None = None

    @property
    def age_s(self) -> float | None:
        """Seconds since a tick last went well, or since the first one began; None before it."""
        return None if self._beat is None else time.monotonic() - self._beat

    async def run(self) -> None:
        """Begin a tick, unless one goes on."""
        if self._beat is None:
            self._beat = time.monotonic()
        if not self._closing and (self._ticking is None or self._ticking.done()):
            self._ticking = asyncio.create_task(self._told())

    async def _told(self) -> None:
        try:
            await self.tick()
        except Exception as error:
            log.error("reminders could not be sent", exc_info=error)
            self._metrics.count("reminders", kind="any", outcome="fault")

    async def tick(self) -> None:
        """Send all that is due. Raises StoreError, and the next tick comes."""
        if self._check is not None:
            await self._check()
        leases = await self._next()
        while leases and not self._closing:
            coming = asyncio.create_task(self._next())  # leased while these leave: no gap in between
            try:
                rest = await self._leave(leases)
            finally:
                leases = await coming
            if rest:
                break
        await self._give_back(leases, 0)
        await self._landed(STRAGGLERS_S)

    async def close(self) -> None:
        """Begin nothing any more, and wait for what is on its way, so that it is noted."""
        self._closing = True
        if self._ticking is not None:
            await self._ticking
        await self._landed(SEND_S)

    async def _next(self) -> list[Lease]:
        """The next messages to leave; none while nobody may be written to."""
        now, leases = self._clock(), list[Lease]()
        if not await self._outbox.idle(now):
            await self._outbox.plan(now)
            await self._outbox.reap(now)
            if not await self._limiter.resting():
                leases = await self._outbox.take(now, self._leased)
        self._beat = time.monotonic()
        return leases

    async def _leave(self, leases: list[Lease]) -> float:
        """Let messages go, each as soon as it may; the seconds for which no further one may go."""
        for place, lease in enumerate(leases):
            while len(self._flying) >= MOST_FLYING:
                await asyncio.wait(self._flying, return_when=asyncio.FIRST_COMPLETED)
            began = time.monotonic()
            rest = await self._limiter.take()
            self._metrics.observe("wait_seconds", time.monotonic() - began, reason="pace")
            if rest or self._closing:
                await self._give_back(leases[place:], rest)
                return rest
            task = asyncio.create_task(self._one(lease))
            self._flying.add(task)
            task.add_done_callback(self._flying.discard)
        return 0.0

    async def _give_back(self, leases: list[Lease], rest: float) -> None:
        until = self._clock() + timedelta(seconds=rest)
        for lease in leases:
            await self._outbox.give_back(lease, until)

    async def _one(self, lease: Lease) -> None:
        """One message, from its last look to its mark; a fault in it stops no other."""
        try:
            begun = await self._outbox.begin(lease, self._clock())
            if begun is not None:
                await self._send(begun)
        except Exception as error:
            log.error("a reminder met a fault", exc_info=error)
            self._metrics.count("reminders", kind="any", outcome="fault")

    async def _send(self, begun: Begun) -> None:
        outcome = await self._outcome(begun)
        if isinstance(outcome, NotSent) and outcome.everybody:
            await self._limiter.pause(outcome.after_s)
        noted = await self._outbox.finish(begun, outcome, self._clock())
        told = type(outcome).__name__.lower() if noted else "overtaken"
        self._metrics.count("reminders", kind=begun.due.kind.name.lower(), outcome=told)

    async def _outcome(self, begun: Begun) -> Outcome:
        try:
            screen = await self._compose(begun.due)
        except Exception as error:
            log.error("a reminder cannot be written", exc_info=error, extra={"kind": begun.due.kind.name})
            return Rejected()
        try:
            async with asyncio.timeout(SEND_S):
                return await self._deliver(begun.chat, screen, begun.due.silent)
        except Exception as error:
            log.error("a reminder may not have arrived", exc_info=error, extra={"kind": begun.due.kind.name})
            return Unsure()

    async def _landed(self, seconds: float) -> None:
        if self._flying:
            await asyncio.wait(set(self._flying), timeout=seconds)
