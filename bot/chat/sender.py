"""Screens out: the one place that writes to people.

What Telegram refuses for good because nobody is there comes back as `NotSent`. Every other failure is raised as the
library's TelegramError; `bot.chat.errors` has the table. A message is sent again only when it surely did not arrive,
an edit also when that is unknown.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, TypeVar

from telegram import Bot, InputFile, Message
from telegram.constants import ParseMode
from telegram.error import ChatMigrated, RetryAfter, TelegramError

from bot.chat.backend import ask
from bot.chat.errors import Trouble, trouble, wait_seconds
from bot.chat.own_messages import OwnMessages
from bot.chat.pieces import CAPTION_LIMIT, pieces, visible_length
from bot.domain.metrics import Metrics, NoMetrics
from bot.views.screen import Ask, Button, Document, Keys, Screen

Json = dict[str, Any]
T = TypeVar("T")

PATIENCE_S = 10.0  # a person waits no longer for an answer that Telegram holds back
PICTURES = frozenset({"image/png", "image/jpeg"})
RESENDS = 2
NO_PREVIEW: Json = {"is_disabled": True}  # previews bury the list and tell others what was looked at


@dataclass(frozen=True, slots=True)
class Sent:
    """Shown; `messages` are the new messages' numbers, or the edited one."""

    messages: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class NotSent:
    """Nobody is there: blocked, deactivated, or no right to write."""

    reason: str


@dataclass(frozen=True, slots=True)
class _Chat:
    id: int
    thread_id: int | None
    reply_to: int | None


class Sender:
    """Shows screens through one bot."""

    def __init__(self, bot: Bot, *, metrics: Metrics | None = None, own: OwnMessages | None = None) -> None:
        """`own`: remembers for a while what was sent, and takes it back."""
        self._bot = bot
        self._own = own or OwnMessages()
        self._own.bind(self._take_back)
        self._metrics = metrics or NoMetrics()
        self._pauses: dict[int, float] = {}  # chat to the monotonic second until which Telegram wants rest there

    async def show(
        self,
        chat_id: int,
        screen: Screen,
        *,
        thread_id: int | None = None,
        edit_message_id: int | None = None,
        reply_to: int | None = None,
    ) -> Sent | NotSent:
        """Show a screen and those that follow it.

        `edit_message_id`: the message whose button was pressed; changed in place when the screen `edits`.
        `reply_to`: quote this message. Raises TelegramError.
        """
        try:
            messages = await self._all(_Chat(chat_id, thread_id, reply_to), screen, edit_message_id)
        except TelegramError as error:
            kind = trouble(error)
            if kind is Trouble.BLOCKED:
                return NotSent(kind.value)
            raise
        self._own.add(chat_id, *messages)
        return Sent(tuple(messages))

    async def answer(self, callback_query_id: str, text: str = "") -> None:
        """Stop the waiting mark on a pressed button. Never raises: what the press asked for matters more."""

        answered = {"callback_query_id": callback_query_id, "text": text[:200] or None}

        async def call() -> object:
            return await ask(self._bot, "answerCallbackQuery", answered)

        with suppress(TelegramError):  # counted; most often the press has expired
            await self._call("answer", 0, call, again_when_unsure=True)

    async def _take_back(self, chat_id: int, numbers: Sequence[int]) -> None:
        """Delete our own messages, at most a hundred; what is gone already is passed over. Raises TelegramError."""

        async def call() -> object:
            return await ask(self._bot, "deleteMessages", {"chat_id": chat_id, "message_ids": list(numbers)})

        await self._call("delete", chat_id, call, again_when_unsure=True)

    # -- the parts of a screen

    async def _all(self, chat: _Chat, screen: Screen, edit_id: int | None) -> list[int]:
        try:
            messages = await self._one(chat, screen, edit_id)
        except ChatMigrated as moved:  # a group became a supergroup
            chat = _Chat(moved.new_chat_id, chat.thread_id, None)
            messages = await self._one(chat, screen, None)
        except TelegramError as error:
            if trouble(error) is not Trouble.NO_THREAD or chat.thread_id is None:
                raise
            chat = _Chat(chat.id, None, chat.reply_to)
            messages = await self._one(chat, screen, None)
        for following in screen.then:
            messages += await self._all(_Chat(chat.id, chat.thread_id, None), following, None)
        return messages

    async def _one(self, chat: _Chat, screen: Screen, edit_id: int | None) -> list[int]:
        texts = pieces(screen.text)
        markup = markup_of(screen)
        if screen.document is not None:
            return await self._with_document(chat, screen, markup, texts)
        if (
            screen.edits
            and edit_id is not None
            and len(texts) == 1
            and await self._edit(chat, edit_id, texts[0], markup)
        ):
            return [edit_id]
        return await self._texts(chat, texts, markup)

    async def _with_document(self, chat: _Chat, screen: Screen, markup: Json | None, texts: list[str]) -> list[int]:
        assert screen.document is not None
        if visible_length(screen.text) <= CAPTION_LIMIT:
            return [await self._file(chat, screen.document, screen.text, markup)]
        messages = await self._texts(chat, texts, markup)
        return [*messages, await self._file(chat, screen.document, "", None)]

    async def _texts(self, chat: _Chat, texts: list[str], markup: Json | None) -> list[int]:
        """The buttons stand below the last piece."""
        first = [await self._text(chat, text, None) for text in texts[:-1]]
        return [*first, await self._text(chat, texts[-1], markup)]

    async def _text(self, chat: _Chat, text: str, markup: Json | None) -> int:
        message = {
            "chat_id": chat.id,
            "text": text,
            "parse_mode": ParseMode.HTML,
            "link_preview_options": NO_PREVIEW,
            "reply_markup": markup,
            "message_thread_id": chat.thread_id,
            "reply_parameters": _quoting(chat.reply_to),
        }

        async def call() -> int:
            return _number(await ask(self._bot, "sendMessage", message))

        return await self._call("message", chat.id, call)

    async def _file(self, chat: _Chat, document: Document, caption: str, markup: Json | None) -> int:
        """A picture is shown in the chat, every other file lies there to be opened."""
        picture = document.mime in PICTURES
        send: Callable[..., Awaitable[Message]] = self._bot.send_photo if picture else self._bot.send_document
        more = {"reply_markup": markup, "reply_parameters": _quoting(chat.reply_to)}

        async def call() -> int:
            message = await send(
                chat.id,
                InputFile(document.data, filename=document.name),
                caption=caption or None,
                parse_mode=ParseMode.HTML,
                message_thread_id=chat.thread_id,
                api_kwargs={name: value for name, value in more.items() if value is not None},
            )
            return message.message_id

        return await self._call("photo" if picture else "document", chat.id, call)

    async def _edit(self, chat: _Chat, message_id: int, text: str, markup: Json | None) -> bool:
        """False when the message is gone, or cannot carry the markup, and a new one must do."""
        if markup is not None and "inline_keyboard" not in markup:
            return False
        message = {
            "chat_id": chat.id,
            "message_id": message_id,
            "text": text,
            "parse_mode": ParseMode.HTML,
            "link_preview_options": NO_PREVIEW,
            "reply_markup": markup,
        }

        async def call() -> object:
            return await ask(self._bot, "editMessageText", message)

        try:
            await self._call("edit", chat.id, call, again_when_unsure=True)
        except TelegramError as error:
            kind = trouble(error)
            if kind is Trouble.GONE:
                return False
            if kind is not Trouble.UNCHANGED:
                raise
        return True

    # -- one call

    async def _call(
        self, method: str, chat_id: int, call: Callable[[], Awaitable[T]], *, again_when_unsure: bool = False
    ) -> T:
        """One request, paced and repeated as far as that is safe. Raises TelegramError."""
        began = time.monotonic()
        tries = 0
        while True:
            tries += 1
            try:
                await self._rest(chat_id)
                result = await call()
            except TelegramError as error:
                kind = trouble(error)
                self._metrics.count("sends", method=method, outcome=kind.value)
                wait = self._wait_before_again(error, kind, chat_id, again_when_unsure)
                if wait is None or tries > RESENDS or time.monotonic() - began + wait > PATIENCE_S:
                    raise
                self._metrics.observe("wait_seconds", wait, reason="telegram")
                await asyncio.sleep(wait)
            else:
                self._metrics.count("sends", method=method, outcome="sent")
                self._metrics.observe("send_seconds", time.monotonic() - began, method=method)
                return result

    def _wait_before_again(
        self, error: TelegramError, kind: Trouble, chat_id: int, again_when_unsure: bool
    ) -> float | None:
        """Seconds until the request may be repeated; None when it may not."""
        if isinstance(error, RetryAfter):
            wait = wait_seconds(error)
            if chat_id:
                self._pauses[chat_id] = time.monotonic() + wait
            return wait
        if kind is Trouble.NOT_SENT or (kind is Trouble.UNSURE and again_when_unsure):
            return 0.5
        return None

    async def _rest(self, chat_id: int) -> None:
        """Leave a chat alone as long as Telegram asked for: asking again sooner only prolongs it.

        Raises RetryAfter when that is longer than a person would wait.
        """
        now = time.monotonic()
        for chat in [chat for chat, until in self._pauses.items() if until <= now]:
            del self._pauses[chat]
        left = self._pauses.get(chat_id, 0.0) - now
        if left > PATIENCE_S:
            raise RetryAfter(timedelta(seconds=left))
        if left > 0:
            self._metrics.observe("wait_seconds", left, reason="telegram")
            await asyncio.sleep(left)


def markup_of(screen: Screen) -> Json | None:
    """What stands below a screen, as the Bot API writes it: its buttons, else its question, else nothing."""
    if screen.rows:
        return {"inline_keyboard": [[_button(button) for button in row] for row in screen.rows]}
    match screen.ask:
        case Ask(placeholder):
            return {"force_reply": True, "selective": True, **_placed(placeholder)}
        case Keys(rows, location, placeholder):
            keys = [[_key(label, location) for label in row] for row in rows]
            once = {"resize_keyboard": True, "one_time_keyboard": True, "selective": True}
            return {"keyboard": keys, **once, **_placed(placeholder)}
    return {"remove_keyboard": True, "selective": True} if screen.clears_keys else None


def _button(button: Button) -> Json:
    if button.url:
        return {"text": button.label, "url": button.url}
    if button.copy:
        return {"text": button.label, "copy_text": {"text": button.copy[:256]}}
    return {"text": button.label, "callback_data": button.data}


def _key(label: str, location: str) -> Json:
    return {"text": label, "request_location": True} if label == location else {"text": label}


def _placed(placeholder: str) -> Json:
    return {"input_field_placeholder": placeholder[:64]} if placeholder else {}


def _quoting(message_id: int | None) -> Json | None:
    return None if message_id is None else {"message_id": message_id, "allow_sending_without_reply": True}


def _number(message: Any) -> int:
    """The number of the message that was sent."""
    try:
        return int(message["message_id"])
    except (KeyError, TypeError, ValueError):
        raise TelegramError("not a message of the Bot API") from None
