"""Whether the bot is alive: can it reach its database, does it hear from Telegram, does its clock tick?"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

log = logging.getLogger(__name__)

OLD_POLL_S = 120.0
OLD_TICK_S = 60.0
DATABASE_S = 3.0  # a database that takes longer counts as away


@dataclass(frozen=True, slots=True)
class FeedState:
    """Ids of the feeds that are late, and of those that fail."""

    late: list[str] = field(default_factory=list)
    failing: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Probes:
    """What health is made of.

    `database` returns when the database answered and raises when not. `updates` gives the mode ("polling" or
    "webhook") and the seconds since the last good poll or brought update, `tick` those since the last tick; None:
    never yet.
    """

    database: Callable[[], Awaitable[object]]
    updates: Callable[[], tuple[str, float | None]]
    tick: Callable[[], float | None]
    feeds: Callable[[], Awaitable[FeedState]]


def health_route(probes: Probes) -> Route:
    """GET /health: 200 when all is well, else 503, with the same body."""

    async def show(_request: Request) -> JSONResponse:
        database = await _answers(probes.database)
        feeds = await _feeds(probes) if database else FeedState()
        mode, age = probes.updates()
        tick = probes.tick()
        # Nobody writing for a while is no fault: brought updates have no age that is too old.
        hears = mode != "polling" or (age is not None and age <= OLD_POLL_S)
        ok = database and hears and tick is not None and tick <= OLD_TICK_S
        body = {
            "ok": ok,
            "database": database,
            "updates": {"mode": mode, "age_s": _rounded(age)},
            "tick": {"age_s": _rounded(tick)},
            "feeds": {"late": feeds.late, "failing": feeds.failing},
        }
        return JSONResponse(body, status_code=200 if ok else 503, headers={"Cache-Control": "no-store"})

    return Route("/health", show, methods=["GET"])


async def _answers(ask: Callable[[], Awaitable[object]]) -> bool:
    try:
        async with asyncio.timeout(DATABASE_S):
            await ask()
    except Exception as error:  # noqa: BLE001 - whatever it is, the answer is no
        log.warning("the database does not answer", extra={"reason": type(error).__name__})
        return False
    return True


async def _feeds(probes: Probes) -> FeedState:
    try:
        async with asyncio.timeout(DATABASE_S):
            return await probes.feeds()
    except Exception as error:  # noqa: BLE001 - feeds never decide whether the bot is alive
        log.warning("the state of the feeds is not known", extra={"reason": type(error).__name__})
        return FeedState()


def _rounded(age: float | None) -> float | None:
    return None if age is None else round(age, 1)
