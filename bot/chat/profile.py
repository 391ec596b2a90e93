"""What Telegram shows of the bot before anybody writes: the menu of commands, in every language."""

import logging

from telegram import Bot, BotCommand, BotCommandScopeAllGroupChats, BotCommandScopeAllPrivateChats
from telegram.error import TelegramError

from bot.chat.errors import trouble
from bot.chat.routes import menu
from bot.texts.library import DEFAULT, Library

logger = logging.getLogger(__name__)


async def announce(bot: Bot, library: Library) -> None:
    """Set the menu for private chats, none for groups. A failure is logged: the bot works without its menu."""
    private = BotCommandScopeAllPrivateChats()
    try:
        await bot.delete_my_commands(BotCommandScopeAllGroupChats())
        for code in library.languages:
            commands = [BotCommand(name, line) for name, line in menu(library.texts(code))]
            await bot.set_my_commands(commands, private, None if code == DEFAULT else code)
    except TelegramError as error:
        logger.warning("the menu could not be set", extra={"problem": trouble(error)})
