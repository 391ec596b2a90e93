"""The menu of people who help: it has one command more, in their own chats alone."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from typing import TYPE_CHECKING

from telegram import Bot, BotCommand, BotCommandScopeChat
from telegram.error import TelegramError

from bot.chat.errors import trouble
from bot.texts.library import DEFAULT, Library, Texts

if TYPE_CHECKING:
    from bot.services.admins import Admins

logger = logging.getLogger(__name__)


class Menus:
    """Brings the menus of single chats in step with who helps, whichever process or command changed that."""

    def __init__(self, admins: Admins, library: Library, lines: Callable[[Texts], list[tuple[str, str]]]) -> None:
        self._admins, self._library, self._lines = admins, library, lines
        self._bot: Bot | None = None
        self._shown: dict[int, bool] = {}  # chats whose menu was set (true) or taken away by this process
        self._unreached: set[int] = set()  # somebody may help before they ever wrote to the bot
        self._help: frozenset[int] = frozenset()  # chats of those who help, as last looked at
        self._turn = asyncio.Lock()

    async def begin(self, bot: Bot) -> None:
        """From now on there is somebody to tell. Raises nothing that Telegram says."""
        self._bot = bot
        await self.refresh()

    def may_help(self, chat: int) -> bool:
        """Whether it is worth asking who somebody is here; costs nothing, and permits nothing."""
        return chat in self._help

    async def saw(self, chat: int) -> None:
        """Somebody who helps is here: now their chat can be reached."""
        self._help |= {chat}
        if chat in self._unreached:
            self._unreached.discard(chat)
            await self.refresh()

    async def refresh(self) -> None:
        """Let go of what is too old, then set and take away what differs. A failure is logged."""
        await self._admins.tidy()
        async with self._turn:
            wanted = await self._admins.chats()
            self._help = frozenset(chat for chat, helps in wanted.items() if helps)
            if self._bot is None:
                return
            for chat in self._shown.keys() - wanted.keys():
                wanted[chat] = False
            for chat, helps in wanted.items():
                if chat not in self._unreached and self._shown.get(chat) is not helps:
                    await self._set(self._bot, chat, helps)

    async def _set(self, bot: Bot, chat: int, helps: bool) -> None:
        scope = BotCommandScopeChat(chat)
        try:
            for code in self._library.languages:
                language = None if code == DEFAULT else code
                if helps:
                    lines = self._lines(self._library.texts(code))
                    await bot.set_my_commands([BotCommand(*line) for line in lines], scope, language)
                else:
                    await bot.delete_my_commands(scope, language)
        except TelegramError as error:
            logger.warning("the menu of one chat could not be set", extra={"problem": trouble(error)})
            self._unreached.add(chat)
            return
        self._shown[chat] = helps
