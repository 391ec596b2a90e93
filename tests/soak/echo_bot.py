"""A bot that repeats what it hears, through the real intake and sender. Arguments: token, API root, milliseconds."""

import asyncio
import random
import signal
import sys

from telegram import Update

from bot.chat.backend import telegram_bot
from bot.chat.intake import Intake
from bot.chat.sender import Sender
from bot.views.screen import Screen


async def main(token: str, api_url: str, milliseconds: int) -> None:
    """Answer until SIGTERM; each answer takes up to `milliseconds` of thought."""
    async with telegram_bot(token, api_url) as bot:
        sender = Sender(bot)

        async def echo(update: Update) -> None:
            if update.message is None:
                return
            await asyncio.sleep(random.uniform(0, milliseconds / 1000))
            await sender.show(update.message.chat.id, Screen(f"You said {update.message.text}"))

        intake = Intake(bot, echo, echo)
        polling = asyncio.create_task(intake.poll())
        told = asyncio.Event()
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, told.set)
        await told.wait()
        await intake.stop()
        await polling


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], sys.argv[2], int(sys.argv[3])))
