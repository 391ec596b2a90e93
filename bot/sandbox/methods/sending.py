"""Messages from the bot: text, places, and what all sending has in common."""

from __future__ import annotations

from bot.sandbox.entities import formatted
from bot.sandbox.errors import Json, bad_request
from bot.sandbox.markup import Markup, read_markup
from bot.sandbox.methods.call import Call, Method
from bot.sandbox.state import BotAccount, Chat, Message
from bot.sandbox.view import show_chat_event, show_message

MAX_TEXT = 4096
MAX_CAPTION = 1024
_ACTIONS = {
    "typing", "upload_photo", "record_video", "upload_video", "record_voice", "upload_voice",
    "upload_document", "choose_sticker", "find_location", "record_video_note", "upload_video_note",
}  # fmt: skip


async def send_message(call: Call) -> Json:
    """A text message."""
    chat = call.chat()
    markup = read_markup(call.params, private=chat.private)
    return post(call, chat, read_text(call), markup)


def read_text(call: Call) -> Json:
    """The text and entities of a call. Raises ApiError: empty, too long, bad marks."""
    if not call.params.text("text"):
        raise bad_request("message text is empty")
    text, entities = formatted(call.params, "text", "entities")
    if not text:
        raise bad_request("text must be non-empty")
    if len(text) > MAX_TEXT:
        raise bad_request("message is too long")
    return {"text": text, **({"entities": entities} if entities else {})}


def read_caption(call: Call) -> Json:
    """The caption of a call, empty without one."""
    text, entities = formatted(call.params, "caption", "caption_entities")
    if len(text) > MAX_CAPTION:
        raise bad_request("message caption is too long")
    if not text:
        return {}
    return {"caption": text, **({"caption_entities": entities} if entities else {})}


def post(call: Call, chat: Chat, content: Json, markup: Markup | None) -> Json:
    """Put a message of the bot into a chat, with what every send method may carry."""
    bot = call.bot
    reply = _replied(call, chat)
    extra: Json = {"has_protected_content": True} if call.params.flag("protect_content") else {}
    raw = bot.new_message(chat, {**content, **extra, **reply}, bot.as_user())
    if markup and markup.kind == "inline":
        raw["reply_markup"] = markup.raw
    keyboard = markup.raw if markup and markup.kind != "inline" else None
    message = Message(raw, True, keyboard, silent=call.params.flag("disable_notification"))
    chat.add(message)
    if markup and markup.kind != "inline":
        chat.keyboard = None if markup.kind == "remove" else {"message_id": message.id, **markup.raw}
    show_message(bot, chat, message)
    show_chat_event(bot, chat)
    bot.acted(chat)
    return raw


def _replied(call: Call, chat: Chat) -> Json:
    wanted = call.params.decoded("reply_parameters", "can't parse reply parameters JSON object") or {}
    if not isinstance(wanted, dict):
        raise bad_request("object expected as reply parameters")
    number = wanted.get("message_id") or call.params.integer("reply_to_message_id")
    if not number:
        return {}
    try:
        message = chat.messages.get(int(number))
    except (TypeError, ValueError):
        message = None
    if message is None or message.deleted:
        lenient = wanted.get("allow_sending_without_reply") or call.params.flag("allow_sending_without_reply")
        if lenient:
            return {}
        raise bad_request("message to be replied not found")
    return {"reply_to_message": quoted(message)}


def quoted(message: Message) -> Json:
    """A message as it stands inside a reply: without what it replied to itself."""
    return {name: value for name, value in message.raw.items() if name != "reply_to_message"}


def read_location(call: Call) -> Json:
    """Latitude and longitude in degrees. Raises ApiError."""
    latitude, longitude = call.params.number("latitude"), call.params.number("longitude")
    if latitude is None or longitude is None or not (abs(latitude) <= 90 and abs(longitude) <= 180):
        raise bad_request("wrong location specified")
    return {"latitude": latitude, "longitude": longitude}


async def send_location(call: Call) -> Json:
    """A point on the map."""
    chat = call.chat()
    return post(call, chat, {"location": read_location(call)}, read_markup(call.params, private=chat.private))


async def send_venue(call: Call) -> Json:
    """A place with name and address."""
    chat, location = call.chat(), read_location(call)
    title, address = call.params.text("title"), call.params.text("address")
    if not title or not address:
        raise bad_request(f"{'title' if not title else 'address'} must be non-empty")
    venue = {"location": location, "title": title, "address": address}
    return post(call, chat, {"venue": venue, "location": location}, read_markup(call.params, private=chat.private))


async def send_chat_action(call: Call) -> bool:
    """Shows "typing" for a few seconds."""
    chat, action = call.chat(), call.params.text("action")
    if action not in _ACTIONS:
        raise bad_request("wrong parameter action in request")
    call.bot.broadcast.tell(chat.id, {"type": "action", "action": action})
    call.bot.acted()
    return True


async def get_chat(call: Call) -> Json:
    """A chat with its particulars."""
    chat = call.chat()
    info = {"accent_color_id": 0, "max_reaction_count": 11}
    gifts = {
        "unlimited_gifts": False,
        "limited_gifts": False,
        "unique_gifts": False,
        "premium_subscription": False,
        "gifts_from_channels": False,
    }
    return {**call.bot.chat_json(chat), **info, "accepted_gift_types": gifts}


async def leave_chat(call: Call) -> bool:
    """Leave a group."""
    chat = call.chat()
    if chat.private:
        raise bad_request("can't leave private chats")
    chat.refusal = "bot is not a member of the supergroup chat"
    return True


def bot_message(bot: BotAccount, chat: Chat, number: int) -> Message | None:
    """A message of the chat that is still there."""
    message = chat.messages.get(number)
    return None if message is None or message.deleted else message


METHODS: dict[str, Method] = {
    "sendMessage": send_message,
    "sendLocation": send_location,
    "sendVenue": send_venue,
    "sendChatAction": send_chat_action,
    "getChat": get_chat,
    "leaveChat": leave_chat,
}
