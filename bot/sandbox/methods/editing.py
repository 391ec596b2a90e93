"""Changing and removing what the bot sent."""

from __future__ import annotations

import time

from bot.sandbox.errors import Json, bad_request
from bot.sandbox.markup import read_markup
from bot.sandbox.methods.call import Call, Method
from bot.sandbox.methods.sending import bot_message, read_caption, read_text
from bot.sandbox.state import Chat, Message
from bot.sandbox.view import show_chat_event, show_message

_TWO_DAYS_S = 48 * 3600
_MAX_EDITS = 50
_NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same as "
    "a current content and reply markup of the message"
)


async def edit_message_text(call: Call) -> Json:
    """New text, and the buttons given or none."""
    chat, message = _editable(call)
    content = read_text(call)
    if "text" not in message.raw:
        raise bad_request("there is no text in the message to edit")
    return _change(call, chat, message, content, ("text", "entities", "reply_markup"))


async def edit_message_caption(call: Call) -> Json:
    """New caption of a file."""
    chat, message = _editable(call)
    if "text" in message.raw:
        raise bad_request("there is no caption in the message to edit")
    return _change(call, chat, message, read_caption(call), ("caption", "caption_entities", "reply_markup"))


async def edit_message_reply_markup(call: Call) -> Json:
    """New buttons, the text stays."""
    chat, message = _editable(call)
    return _change(call, chat, message, {}, ("reply_markup",))


def _editable(call: Call) -> tuple[Chat, Message]:
    chat, number = call.chat(), call.params.integer("message_id")
    if not number:
        raise bad_request("message identifier is not specified")
    message = bot_message(call.bot, chat, number)
    if message is None:
        raise bad_request("message to edit not found")
    if not message.from_bot or message.keyboard is not None:
        raise bad_request("message can't be edited")
    return chat, message


def _change(call: Call, chat: Chat, message: Message, content: Json, fields: tuple[str, ...]) -> Json:
    markup = read_markup(call.params, private=chat.private, inline_only=True)
    new = {**content, **({"reply_markup": markup.raw} if markup else {})}
    old = {name: message.raw[name] for name in fields if name in message.raw}
    if new == old:
        raise bad_request(_NOT_MODIFIED)
    before: Json = {
        name: message.raw.get(name) for name in ("text", "caption", "reply_markup") if name in message.raw
    }
    message.edits = [*message.edits, before][-_MAX_EDITS:]
    kept = {name: value for name, value in message.raw.items() if name not in fields}
    message.raw = {**kept, "edit_date": int(time.time()), **new}
    show_message(call.bot, chat, message)
    call.bot.acted(chat)
    return message.raw


async def delete_message(call: Call) -> bool:
    """Take one message away for both sides."""
    chat = call.chat()
    message = bot_message(call.bot, chat, call.params.integer("message_id"))
    if message is None:
        raise bad_request("message to delete not found")
    if message.raw["date"] < time.time() - _TWO_DAYS_S:
        raise bad_request("message can't be deleted for everyone")
    if not message.from_bot and not chat.private:
        raise bad_request("message can't be deleted")
    _delete(call, chat, message)
    return True


async def delete_messages(call: Call) -> bool:
    """Take up to 100 messages away; those not there are passed over."""
    chat = call.chat()
    numbers = call.params.decoded("message_ids", "can't parse message_ids JSON object")
    if not isinstance(numbers, list) or not numbers:
        raise bad_request("message identifiers are not specified")
    if len(numbers) > 100:
        raise bad_request("too many message identifiers specified")
    if not all(isinstance(number, int) for number in numbers):
        raise bad_request("can't parse message identifier as a Number")
    for number in numbers:
        message = bot_message(call.bot, chat, number)
        if message is not None:
            _delete(call, chat, message)
    return True


def _delete(call: Call, chat: Chat, message: Message) -> None:
    message.deleted = True
    if chat.keyboard and chat.keyboard.get("message_id") == message.id:
        chat.keyboard = None
        show_chat_event(call.bot, chat)
    call.bot.broadcast.tell(chat.id, {"type": "deleted", "message_id": message.id})
    call.bot.acted(chat)


METHODS: dict[str, Method] = {
    "editMessageText": edit_message_text,
    "editMessageCaption": edit_message_caption,
    "editMessageReplyMarkup": edit_message_reply_markup,
    "deleteMessage": delete_message,
    "deleteMessages": delete_messages,
}
