"""Puts the sample meetings into the database that the settings name, under a feed of their own."""

import asyncio

from bot.app import open_work
from bot.sandbox.samples import sample_parts
from bot.services.feeds import Part
from bot.settings import load_settings


async def fill() -> None:
    """Import them as `bench`: `run` with a token takes the feed `samples` away."""
    async with open_work(load_settings()) as work:
        parts = [Part(data, "meeting_guide", kind) for kind, data in sample_parts().items()]
        await work.feeds.import_parts(parts, feed="bench")


if __name__ == "__main__":
    asyncio.run(fill())
