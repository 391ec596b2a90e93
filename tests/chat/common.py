"""Small bots for the tests of the intake."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

from telegram import Bot, Update

from bot.chat.intake import Intake

SORRY = "Sorry, that did not work."
Handler = Callable[[Update], Awaitable[None]]


async def echo(update: Update) -> None:
    assert update.message is not None
    await update.message.reply_text(f"You said {update.message.text}")


async def apologise(update: Update) -> None:
    assert update.message is not None
    await update.message.reply_text(SORRY)


class Counts:
    """Remembers what was counted."""

    def __init__(self) -> None:
        self.seen: list[tuple[str, dict[str, str]]] = []

    def count(self, name: str, **labels: str) -> None:
        self.seen.append((name, labels))

    def observe(self, name: str, seconds: float, **labels: str) -> None:
        assert seconds >= 0

    def outcomes(self, name: str = "updates") -> list[str]:
        return [labels["outcome"] for seen, labels in self.seen if seen == name]


@asynccontextmanager
async def running(bot: Bot, handle: Handler, counts: Counts | None = None, **options: Any) -> AsyncIterator[Intake]:
    intake = Intake(bot, handle, apologise, metrics=counts, **options)
    polling = asyncio.create_task(intake.poll())
    try:
        yield intake
    finally:
        await intake.stop(5)
        await polling


async def until(condition: Callable[[], bool], seconds: float = 30.0) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not happen in time"
        await asyncio.sleep(0.01)
