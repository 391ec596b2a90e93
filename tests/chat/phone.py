"""A phone at the real dispatcher: presses the buttons that were shown, and replies to the questions that were asked.

What Telegram would send along is sent along: the question with its link, and the person's own message that a pressed
screen is an answer to.
"""

from typing import Any

from telegram import Bot, Update

from bot.chat.dispatch import Dispatcher
from bot.sandbox.html_text import parse_html
from bot.views.screen import Ask, Button, Screen
from tests.chat.test_fuzz import BOT_ID, Counted

JSON = dict[str, Any]


class Kept:
    """Stands in for the sender: keeps each screen with the message that it was sent as an answer to."""

    def __init__(self) -> None:
        self.screens: list[tuple[Screen, int | None]] = []

    async def show(self, chat_id: int, screen: Screen, *, reply_to: int | None = None, **_: Any) -> None:
        self.screens += [(screen, reply_to), *((one, None) for one in screen.then)]

    async def answer(self, query_id: str) -> None:
        """Nothing to keep."""


class Phone:
    """One person's phone; counts what they do."""

    bot = Bot("1:a")  # making one reads all certificates of the machine

    def __init__(self, dispatcher: Dispatcher, kept: Kept, counted: Counted, chat: int) -> None:
        self.dispatcher, self.kept, self.counted, self.chat = dispatcher, kept, counted, chat
        self.sent: dict[int, str] = {}
        self.presses = self.replies = 0
        self.number = 100

    @property
    def screen(self) -> Screen:
        """The last screen."""
        return self.kept.screens[-1][0]

    @property
    def text(self) -> str:
        """Its plain text."""
        return parse_html(self.screen.text)[0]

    @property
    def labels(self) -> list[str]:
        """Its buttons."""
        return [button.label for row in self.screen.rows for button in row]

    def button(self, label: str) -> Button:
        """One of them."""
        found = [button for row in self.screen.rows for button in row if button.label == label]
        assert found, (label, self.labels, self.text)
        return found[0]

    async def say(self, text: str) -> str:
        """Write something; what is answered."""
        return await self._written(text)

    async def reply(self, text: str) -> str:
        """Reply to the question that stands there."""
        assert isinstance(self.screen.ask, Ask), self.text
        self.replies += 1
        plain, entities = parse_html(self.screen.text)
        question = self._message(99, {"id": BOT_ID, "is_bot": True, "first_name": "Chair"}, plain, entities=entities)
        return await self._written(text, reply_to_message=question)

    async def press(self, label: str) -> str:
        """Press a button of the last screen."""
        return await self.press_data(self.button(label).data)

    async def press_data(self, data: str, **changes: Any) -> str:
        """Press one by its data, below the last screen; parts of its message changed by name."""
        self.presses += 1
        own = self._message(98, {"id": BOT_ID, "is_bot": True, "first_name": "Chair"}, "x")
        reply_to = self.kept.screens[-1][1] if self.kept.screens else None
        if reply_to is not None:
            own["reply_to_message"] = self._message(reply_to, self._person(), self.sent[reply_to])
        return await self._update(
            callback_query={
                "id": "7",
                "from": self._person(),
                "message": own | changes,
                "chat_instance": "1",
                "data": data,
            }
        )

    async def _written(self, text: str, **more: Any) -> str:
        self.number += 1
        self.sent[self.number] = text
        return await self._update(message=self._message(self.number, self._person(), text, **more))

    async def _update(self, **raw: Any) -> str:
        before = len(self.kept.screens)
        await self.dispatcher.handle(Update.de_json({"update_id": 1, **raw}, self.bot))
        assert self.counted.failures == [], self.counted.failures
        return "\n".join(parse_html(screen.text)[0] for screen, _ in self.kept.screens[before:])

    def _person(self) -> JSON:
        return {"id": self.chat, "is_bot": False, "first_name": "Sam"}

    def _message(self, number: int, sender: JSON, text: str, **more: Any) -> JSON:
        chat = {"id": self.chat, "type": "private", "first_name": "Sam"}
        return {"message_id": number, "date": 1, "from": sender, "chat": chat, "text": text} | more
