"""Files that people who help send: fetched from Telegram when they are needed, kept nowhere."""

from telegram import Bot
from telegram.error import TelegramError

from bot.domain.errors import UnreadableSheet

LARGEST = 20 * 1024 * 1024  # bytes; Telegram hands out no larger file to a bot


class Files:
    """The files of chats, through the bot's own account."""

    def __init__(self) -> None:
        self._bot: Bot | None = None

    def bind(self, bot: Bot) -> None:
        """Whose account fetches them."""
        self._bot = bot

    async def get(self, file_id: str, size: int = 0) -> bytes:
        """The bytes of a file; `size` as its message told it. Raises UnreadableSheet."""
        if size > LARGEST:
            raise UnreadableSheet("too_large", str(LARGEST // 1024 // 1024))
        if self._bot is None:
            raise UnreadableSheet("not_fetched")
        try:
            file = await self._bot.get_file(file_id)
            return bytes(await file.download_as_bytearray())
        except TelegramError as error:
            too_large = "too big" in str(error).lower()
            about = str(LARGEST // 1024 // 1024) if too_large else ""
            raise UnreadableSheet("too_large" if too_large else "not_fetched", about) from None
