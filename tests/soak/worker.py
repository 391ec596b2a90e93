"""One of several processes that share a database. Each kind of work waits for the same moment to begin.

python -m tests.soak.worker claim|unlocked|stall|send|pace ADDRESS BEGIN [more], see each function.
"""

import asyncio
import signal
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime

from sqlalchemy import Select

from bot.domain.errors import StoreError
from bot.domain.reminder import Due, Sent
from bot.jobs.send_reminders import SendReminders
from bot.services.clocks import ClockCheck
from bot.services.keys import KeyRing
from bot.services.limiter import Limiter
from bot.services.outbox import Outbox
from bot.store.database import Database
from bot.views.screen import Screen
from tests.reminding import KEY


async def claim(database: Database, now: str) -> None:
    """Plan and lease all that is due by `now` (epoch seconds), 20 messages at a time."""
    outbox, at = Outbox(database, KeyRing(database, setting=KEY)), datetime.fromtimestamp(float(now), UTC)
    await _again(lambda: outbox.plan(at))
    while await _again(lambda: outbox.take(at, 20)):
        pass


async def unlocked(database: Database, now: str) -> None:
    """The same without any lock: it shows that doubles would be seen."""
    Select.with_for_update = lambda chosen, **_: chosen  # type: ignore[method-assign,assignment]
    await claim(database, now)


async def _again(work: Callable[[], Awaitable[object]]) -> object:
    # Without locks the database ends deadlocks by itself.
    for _ in range(50):
        with suppress(StoreError):
            return await work()
    raise AssertionError("the database gives up every time")


async def stall(database: Database, now: str) -> None:
    """Begin to send one message, say so, wait for a line, and note that it was sent."""
    outbox, at = Outbox(database, KeyRing(database, setting=KEY)), datetime.fromtimestamp(float(now), UTC)
    await outbox.plan(at)
    (lease,) = await outbox.take(at, 1)
    begun = await outbox.begin(lease, at)
    assert begun is not None
    print("sending", flush=True)
    await asyncio.to_thread(sys.stdin.readline)
    print("noted" if await outbox.finish(begun, Sent(), at) else "overtaken", flush=True)


async def send(database: Database, token: str, api_url: str, rate: str) -> None:
    """Send what is due, as the bot does, until SIGTERM."""
    from bot.chat.backend import telegram_bot  # the others start faster without
    from bot.chat.deliver import Deliver

    async def compose(due: Due) -> Screen:
        assert due.meeting is not None
        return Screen(f"{due.meeting.id}")

    async with telegram_bot(token, api_url, fresh=True) as bot:
        sender = SendReminders(
            Outbox(database, KeyRing(database, setting=KEY)), Limiter(database, float(rate)), compose, Deliver(bot),
            check=ClockCheck(database), rate=float(rate),
        )  # fmt: skip
        told = asyncio.Event()
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, told.set)
        while not told.is_set():
            await sender.run()
            with suppress(TimeoutError):
                await asyncio.wait_for(told.wait(), 0.2)
        await sender.close()


async def pace(database: Database, rate: str, seconds: str) -> None:
    """Ask for the right to send, as fast as it is given. This machine's clock is an hour wrong."""
    limiter = Limiter(database, float(rate), clock=lambda: time.monotonic() + 3_600)
    end = time.monotonic() + float(seconds)
    while time.monotonic() < end:
        await limiter.take()


@asynccontextmanager
async def _opened(url: str) -> AsyncIterator[Database]:
    database = Database(url)
    await database.open()
    try:
        yield database
    finally:
        await database.close()


async def main(kind: str, url: str, begin: str, *more: str) -> None:
    """Open the database, wait for the moment, work."""
    work = {"claim": claim, "unlocked": unlocked, "stall": stall, "send": send, "pace": pace}[kind]
    async with _opened(url) as database:
        await asyncio.sleep(max(0.0, float(begin) - time.time()))
        await work(database, *more)


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
