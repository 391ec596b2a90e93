"""A sandbox over real HTTP, a bot on it, and people who write."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from telegram import Bot

from bot.chat.backend import telegram_bot
from bot.sandbox import Sandbox
from bot.sandbox.people import say
from bot.sandbox.state import BotAccount, Person


class Town:
    """The people of a sandbox, by number."""

    def __init__(self, account: BotAccount) -> None:
        self.account = account

    def person(self, number: int) -> int:
        """Make person `number`; the id of their chat."""
        chat_id = 5550000 + number
        if chat_id not in self.account.people:
            self.account.add_person(Person(chat_id, f"Person {number}"))
            self.account.chats[chat_id].started = True
        return chat_id

    def says(self, number: int, text: str) -> int:
        """Person `number` writes; the number of the update."""
        chat_id = self.person(number)
        done = say(self.account, self.account.chats[chat_id], self.account.people[chat_id], text)
        return int(done["update_id"])

    def hears(self, number: int) -> list[str]:
        """What the bot wrote to person `number`."""
        chat = self.account.chats[self.person(number)]
        return [
            str(message.raw.get("text") or message.raw.get("caption")) for message in chat.live() if message.from_bot
        ]

    def messages(self, number: int) -> list[dict[str, Any]]:
        """The bot's messages to person `number`, as the API gives them."""
        chat = self.account.chats[self.person(number)]
        return [message.raw for message in chat.live() if message.from_bot]

    def calls(self, method: str) -> list[dict[str, Any]]:
        """The calls the bot made of a method."""
        return [call for call in self.account.calls if call["method"] == method]


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    async with Sandbox("127.0.0.1:0") as running:
        yield running


@pytest.fixture
def town(sandbox: Sandbox) -> Town:
    return Town(sandbox.state.bot(sandbox.token))


@pytest.fixture
async def bot(sandbox: Sandbox) -> AsyncIterator[Bot]:
    async with telegram_bot(sandbox.token, sandbox.api_url) as running:
        yield running
