"""What a person does: writing, pressing, sharing, blocking. Each deed becomes the update Telegram would send."""

from __future__ import annotations

import asyncio
import hashlib
import time
from typing import Any

from bot.sandbox.entities import trim, with_found
from bot.sandbox.errors import ControlError, Json
from bot.sandbox.methods.sending import quoted
from bot.sandbox.methods.uploading import file_content
from bot.sandbox.state import BotAccount, Chat, Message, Person
from bot.sandbox.view import show_chat_event, show_message

MAX_TEXT = 4096
AUTO = "auto"  # reply when the bot's force reply is open, as a chat app does
_DOT = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d49444154789c6360606060000000050001a5f645400000000049454e44ae426082"
)


def find_chat(bot: BotAccount, chat_id: int) -> Chat:
    """A chat by its id. Raises ControlError."""
    chat = bot.chats.get(chat_id)
    if chat is None:
        raise ControlError(f"No chat {chat_id}. Make a person or a group first.", 404)
    return chat


def sender_in(bot: BotAccount, chat: Chat, person_id: int | None) -> Person:
    """Who acts in a chat: the person of a private chat, in a group the one named or the first member."""
    wanted = chat.id if chat.private else person_id or min(chat.members, default=0)
    person = bot.people.get(wanted)
    if person is None or (not chat.private and person.id not in chat.members):
        raise ControlError(f"No person {wanted} in chat {chat.id}.", 404)
    return person


def say(bot: BotAccount, chat: Chat, person: Person, text: str, reply_to: Any = AUTO) -> Json:
    """Send a text. Raises ControlError when it is empty, too long, or the bot is blocked."""
    text, _ = trim(text, [])
    if not text:
        raise ControlError("There is no text to send.")
    if len(text) > MAX_TEXT:
        raise ControlError(f"A message holds at most {MAX_TEXT} characters; this one has {len(text)}.")
    entities = with_found(text, [])
    content = {"text": text, **({"entities": entities} if entities else {})}
    return send(bot, chat, person, content, reply_to)


def send(bot: BotAccount, chat: Chat, person: Person, content: Json, reply_to: Any = None) -> Json:
    """Send any content; answers {message_id, update_id}, update_id None when the bot is not told."""
    _refuse_blocked(chat)
    replied = _replied(chat, reply_to)
    reply = {"reply_to_message": quoted(replied)} if replied else {}
    raw = bot.new_message(chat, {**content, **reply}, person.as_user())
    message = Message(raw, from_bot=False)
    chat.add(message)
    chat.started = True
    if chat.keyboard and chat.keyboard.get("force_reply"):
        chat.keyboard = None
    _asked(chat)
    show_message(bot, chat, message)
    show_chat_event(bot, chat)
    told = chat.private or _meant_for_bot(bot, raw, replied)
    update_id = bot.updates.push({"message": raw}) if told else None
    return {"message_id": message.id, "update_id": update_id}


def edit(bot: BotAccount, chat: Chat, message_id: int, text: str) -> Json:
    """The person corrects an earlier message of theirs."""
    message = chat.messages.get(message_id)
    if message is None or message.from_bot or message.deleted or "text" not in message.raw:
        raise ControlError(f"Message {message_id} is no text of a person.", 404)
    entities = with_found(text, [])
    kept = {name: value for name, value in message.raw.items() if name != "entities"}
    extra = {"entities": entities} if entities else {}
    message.raw = {**kept, "text": text, "edit_date": int(time.time()), **extra}
    show_message(bot, chat, message)
    _asked(chat)
    return {"message_id": message_id, "update_id": bot.updates.push({"edited_message": message.raw})}


def share_location(bot: BotAccount, chat: Chat, person: Person, latitude: float, longitude: float) -> Json:
    """Share a place, as the keyboard's location button does: no reply comes with it."""
    if not (abs(latitude) <= 90 and abs(longitude) <= 180):
        raise ControlError("A latitude lies between -90 and 90, a longitude between -180 and 180.")
    _use_keyboard(chat)
    return send(bot, chat, person, {"location": {"latitude": latitude, "longitude": longitude}})


def send_file(bot: BotAccount, chat: Chat, person: Person, kind: str, name: str, content: bytes) -> Json:
    """Send a photo, voice, sticker or document; without content a tiny made-up one."""
    if kind not in {"photo", "voice", "sticker", "document"}:
        raise ControlError(f"Cannot send a {kind!r}; known: photo, voice, sticker, document.")
    types = {"photo": "image/png", "voice": "audio/ogg", "sticker": "image/webp"}
    stored = bot.keep_file(name or kind, types.get(kind, "application/octet-stream"), content or _DOT, f"{kind}s")
    return send(bot, chat, person, file_content(kind, stored))


def press(bot: BotAccount, chat: Chat, person: Person, wanted: Json) -> Json:
    """Press a button, named by `label` or `data`, of `message_id` or of the newest message that has it.

    A callback button becomes a callback query, a key of the reply keyboard a text; answers
    {"kind": "callback"|"text"|"url"|"copy"|…} with the ids or the value.
    """
    _refuse_blocked(chat)
    label, data, number = wanted.get("label"), wanted.get("data"), wanted.get("message_id")
    for message in _with_buttons(chat, number):
        for button in _buttons(message):
            if _is(button, label, data):
                return _press_inline(bot, chat, person, message, button)
    keyboard = (chat.keyboard or {}).get("keyboard") or []
    key = next((key for row in keyboard for key in row if key["text"] == label), None)
    if number is None and key is not None:
        return _press_key(bot, chat, person, key)
    raise ControlError(f"No button {label if label is not None else data!r} to press. {_known(chat, number)}", 404)


def forge_press(bot: BotAccount, chat: Chat, person: Person, message_id: int, data: str) -> Json:
    """A press with data that no button carries, as a forged or very old button would send it."""
    message = chat.messages.get(message_id)
    if message is None or message.deleted:
        raise ControlError(f"No message {message_id}.", 404)
    return _callback(bot, chat, person, message, data)


def block(bot: BotAccount, chat: Chat, refusal: str) -> Json:
    """The person blocks the bot (or the group puts it out); an empty refusal lets it back in."""
    was, chat.refusal = bool(chat.refusal), refusal
    person = sender_in(bot, chat, None)
    gone, there = ("kicked", "member") if chat.private else ("left", "member")
    old, new = (gone if was else there), (gone if refusal else there)
    show_chat_event(bot, chat)
    update = {
        "my_chat_member": {
            "chat": bot.chat_json(chat),
            "from": person.as_user(),
            "date": int(time.time()),
            "old_chat_member": _member(bot, old),
            "new_chat_member": _member(bot, new),
        }
    }
    return {"update_id": bot.updates.push(update)}


def ask_inline(bot: BotAccount, person: Person, text: str) -> Json:
    """Type "@bot text" in some chat."""
    query = bot.open_query(person.id, 0, bot.settings.inline_expiry_s)
    content = {"id": query.id, "from": person.as_user(), "query": text, "offset": "", "chat_type": "sender"}
    return {"query_id": query.id, "update_id": bot.updates.push({"inline_query": content})}


def _member(bot: BotAccount, status: str) -> Json:
    extra = {"until_date": 0} if status == "kicked" else {}
    return {"user": bot.as_user(), "status": status, **extra}


def _refuse_blocked(chat: Chat) -> None:
    if chat.refusal:
        raise ControlError("The bot is blocked here. Unblock it first.", 409)


def _asked(chat: Chat) -> None:
    chat.asked_at = asyncio.get_running_loop().time()


def _replied(chat: Chat, reply_to: Any) -> Message | None:
    number = reply_to
    if reply_to == AUTO:
        number = chat.keyboard["message_id"] if chat.keyboard and chat.keyboard.get("force_reply") else None
    if number is None:
        return None
    message = chat.messages.get(int(number))
    if message is None or message.deleted:
        raise ControlError(f"No message {number} to reply to.", 404)
    return message


def _meant_for_bot(bot: BotAccount, raw: Json, replied: Message | None) -> bool:
    # With privacy mode on, a bot in a group sees commands and replies to itself only.
    if not bot.settings.privacy_mode or (replied is not None and replied.from_bot):
        return True
    text = raw.get("text", "")
    command = text.split()[0] if text.startswith("/") else ""
    _, _, addressee = command.partition("@")
    return bool(command) and addressee.lower() in {"", bot.username.lower()}


def _with_buttons(chat: Chat, number: int | None) -> list[Message]:
    newest_first = [message for message in reversed(list(chat.live())) if message.raw.get("reply_markup")]
    return [message for message in newest_first if number is None or message.id == number]


def _buttons(message: Message) -> list[Json]:
    return [button for row in message.raw["reply_markup"]["inline_keyboard"] for button in row]


def _is(button: Json, label: str | None, data: str | None) -> bool:
    if data is not None:
        return bool(button.get("callback_data") == data)
    return bool(button["text"] == label)


def _known(chat: Chat, number: int | None) -> str:
    labels = [button["text"] for message in _with_buttons(chat, number) for button in _buttons(message)][:40]
    keys = [key["text"] for row in (chat.keyboard or {}).get("keyboard", []) for key in row]
    return f"Buttons: {', '.join(map(repr, labels + keys)) or 'none'}."


def _press_inline(bot: BotAccount, chat: Chat, person: Person, message: Message, button: Json) -> Json:
    if "callback_data" in button:
        return _callback(bot, chat, person, message, button["callback_data"])
    if "url" in button:
        return {"kind": "url", "url": button["url"]}
    if "copy_text" in button:
        return {"kind": "copy", "copy": button["copy_text"]["text"]}
    kind = next(name for name in button if name not in {"text", "style"})
    return {"kind": kind, "value": button[kind]}


def _callback(bot: BotAccount, chat: Chat, person: Person, message: Message, data: str) -> Json:
    query = bot.open_query(chat.id, message.id, bot.settings.callback_expiry_s)
    content = {
        "id": query.id,
        "from": person.as_user(),
        "message": message.raw,
        "chat_instance": hashlib.sha256(f"{bot.id}/{chat.id}".encode()).hexdigest()[:18],
        "data": data,
    }
    _asked(chat)
    update_id = bot.updates.push({"callback_query": content})
    return {"kind": "callback", "query_id": query.id, "message_id": message.id, "update_id": update_id}


def _press_key(bot: BotAccount, chat: Chat, person: Person, key: Json) -> Json:
    if key.get("request_location"):
        raise ControlError("This key asks for a location: share one instead.", 409)
    if key.get("request_contact"):
        _use_keyboard(chat)
        contact = {"phone_number": "+15550100", "first_name": person.first_name, "user_id": person.id}
        return {"kind": "contact", **send(bot, chat, person, {"contact": contact})}
    _use_keyboard(chat)
    return {"kind": "text", **say(bot, chat, person, key["text"], reply_to=None)}


def _use_keyboard(chat: Chat) -> None:
    if chat.keyboard and chat.keyboard.get("one_time_keyboard"):
        chat.keyboard = None
