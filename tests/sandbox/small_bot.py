"""A small bot on the real library, for tests of the stand-in: it confirms an update after handling it."""

from __future__ import annotations

import asyncio
import contextlib
from types import TracebackType

from telegram import (
    Bot,
    BotCommand,
    CallbackQuery,
    CopyTextButton,
    ForceReply,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    KeyboardButton,
    Message,
    ReplyKeyboardMarkup,
    Update,
)
from telegram.request import HTTPXRequest

LIST = """<b>Drinking, near Leeds LS6, next 7 days.</b> I have meetings of 3 kinds here.

1. SMART Recovery: <b>Tuesday Tools</b>. Today, Tue 24 Nov, 19:00. In person, 1.2 km.
2. AA: <b>Mill Lane Group</b>. Today, Tue 24 Nov, 18:30. In person, 0.8 km.
3. Recovery Dharma: <b>Quiet Room</b>. Wed 25 Nov, 19:30. In person, 2 km.

These kinds take turns. Nobody pays to be listed. <a href="https://t.me/{bot}?start=why">Why this order?</a>

<i>If you drink a lot every day, speak with a doctor before you stop.</i> Urgent help: /urgent"""

CARD = """<b>Tuesday Tools</b>. SMART Recovery.
When: <b>Tue 24 Nov, 19:00 to 20:30</b>, London time. Every week.
Where: Mill Lane Centre, Room 2, 14 Mill Lane, Leeds LS6.
Step-free: the list does not say.

<blockquote expandable>Source: a list invented for this test.
Last updated 12 Nov 2026.
Nothing here is a real meeting.
It only shows how a long quotation folds, line after line, until someone asks for more of it.
The fifth line.</blockquote>"""


def buttons(*rows: list[str]) -> InlineKeyboardMarkup:
    """Rows of labels; each button's data is its label."""
    return InlineKeyboardMarkup(
        [[InlineKeyboardButton(text, callback_data=text[:60]) for text in row] for row in rows]
    )


class SmallBot:
    """Runs until the end of its `async with`."""

    def __init__(self, api_url: str, token: str) -> None:
        # Both parts of the library get their own client, else its default one is never closed.
        requests = [HTTPXRequest(read_timeout=35) for _ in range(2)]
        self.bot = Bot(
            token, f"{api_url}/bot", f"{api_url}/file/bot", request=requests[0], get_updates_request=requests[1]
        )
        self.seen: list[Update] = []
        self._task: asyncio.Task[None] | None = None

    async def __aenter__(self) -> SmallBot:
        await self.bot.initialize()
        await self.bot.set_my_commands(
            [
                BotCommand("find", "Find a meeting"),
                BotCommand("urgent", "Urgent help"),
                BotCommand("privacy", "What is saved about you"),
            ]
        )
        await self.bot.set_my_description("Helps you find support groups near you or online. Press Start to begin.")
        self._task = asyncio.create_task(self._run())
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._task
        self._task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await self._task
        await self.bot.shutdown()

    async def _run(self) -> None:
        offset = 0
        while True:
            for update in await self.bot.get_updates(offset, timeout=20):
                self.seen.append(update)
                if update.callback_query:
                    await self._pressed(update.callback_query)
                elif update.message:
                    await self._written(update.message)
                offset = update.update_id + 1

    async def _written(self, message: Message) -> None:
        text = message.text or ""
        if text.startswith("/start"):
            await self._welcome(message, text.removeprefix("/start").strip())
        elif text == "/quiet":
            return
        elif text.startswith("/urgent"):
            await self.bot.send_message(message.chat_id, "Urgent help: a made-up number, 555-0100.")
        elif message.location:
            await self._list(message, f"{message.location.latitude:.2f}")
        elif message.reply_to_message:
            asked = message.reply_to_message.text
            await self.bot.send_message(message.chat_id, f"You answered {text!r} to {asked!r}.")
        else:
            await self._list(message, text)

    async def _welcome(self, message: Message, payload: str) -> None:
        opened = f" You came with {payload}." if payload else ""
        await self.bot.send_message(
            message.chat_id,
            f"Hello. I am <b>Open Chair</b>, a program that helps you find support groups.{opened}\n\n"
            "Press a button, or write in your own words. Example: <i>drinking, Leeds, tonight</i>.\n\n"
            "I save nothing about you unless you ask me to.",
            parse_mode="HTML",
            reply_markup=buttons(
                ["Find a meeting", "Online now"], ["What are my options?"], ["For family and friends"],
                ["Urgent help", "Español"],
            ),
        )  # fmt: skip

    async def _list(self, message: Message, text: str) -> None:
        await self.bot.send_chat_action(message.chat_id, "typing")
        await self.bot.send_message(
            message.chat_id,
            LIST.format(bot=self.bot.username),
            parse_mode="HTML",
            reply_markup=buttons(
                ["1. SMART, today 19:00"], ["2. AA, today 18:30"], ["3. Dharma, Wed 19:30"],
                ["Online: 9 kinds", "More"], ["Change search", "Ask me"], ["Urgent help"],
            ),
        )  # fmt: skip

    async def _pressed(self, query: CallbackQuery) -> None:
        chat = query.message.chat.id if query.message else 0
        if query.data == "Find a meeting":
            await query.answer("One moment")
            keyboard = [[KeyboardButton("Share my location", request_location=True)], ["Online", "By phone"]]
            markup = ReplyKeyboardMarkup(
                keyboard, one_time_keyboard=True, resize_keyboard=True, input_field_placeholder="Town or postcode"
            )
            await self.bot.send_message(chat, "Where would you like to look?", reply_markup=markup)
        elif query.data == "Ask me":
            await query.answer()
            markup_reply = ForceReply(input_field_placeholder="A town")
            await self.bot.send_message(chat, "Which town?", reply_markup=markup_reply)
        elif query.data == "Online now":
            await query.answer("Nothing is online now.", show_alert=True)
        elif query.data == "More":
            await query.answer("That is all")
            await query.edit_message_text("No more meetings.", reply_markup=buttons(["Change search"]))
        elif (query.data or "").startswith("1."):
            await query.answer()
            await self._card(chat)
        else:
            await query.answer(f"You pressed {query.data}")

    async def _card(self, chat: int) -> None:
        rows = [
            [InlineKeyboardButton("Directions", url="https://www.openstreetmap.org/?mlat=53.8&mlon=-1.55"),
             InlineKeyboardButton("Remind me", callback_data="Remind me")],
            [InlineKeyboardButton("Copy the address", copy_text=CopyTextButton("14 Mill Lane, Leeds LS6"))],
            [InlineKeyboardButton("Delete my data", callback_data="Delete", style="danger")],
        ]  # fmt: skip
        await self.bot.send_message(chat, CARD, parse_mode="HTML", reply_markup=InlineKeyboardMarkup(rows))
        await self.bot.send_document(chat, b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n", filename="tuesday-tools.ics")
