"""A chat as a person sees it: the JSON that the page and the transcript share."""

from __future__ import annotations

import time

from bot.sandbox.entities import to_html
from bot.sandbox.errors import Json
from bot.sandbox.state import BotAccount, Chat, Message

CONNECTED_S = 70.0  # a bot that polled longer ago than this is not there
_SINGLE = ("document", "voice", "sticker", "contact")


def message_view(message: Message) -> Json:
    """One message: text, entities, html, buttons in rows, what was attached, and its history."""
    raw = message.raw
    text: str = raw.get("text") or raw.get("caption") or ""
    entities: list[Json] = raw.get("entities") or raw.get("caption_entities") or []
    view: Json = {
        "message_id": message.id,
        "from": "bot" if message.from_bot else "person",
        "sender": raw["from"].get("first_name", ""),
        "sender_id": raw["from"]["id"],
        "date": raw["date"],
        "edit_date": raw.get("edit_date"),
        "text": text,
        "entities": entities,
        "html": to_html(text, entities),
        "buttons": [[_button(button) for button in row] for row in _inline(raw)],
        "keyboard": message.keyboard,
        "reply_to": raw.get("reply_to_message", {}).get("message_id"),
        "silent": message.silent,
        "deleted": message.deleted,
        "changed": message.changed,
        "edits": message.edits,
        "answers": message.answers,
    }
    return {**view, **_attachment(raw)}


def _inline(raw: Json) -> list[list[Json]]:
    return list(raw.get("reply_markup", {}).get("inline_keyboard", []))


def _button(button: Json) -> Json:
    view = {"text": button["text"], "style": button.get("style", "")}
    if "callback_data" in button:
        return {**view, "kind": "callback", "data": button["callback_data"]}
    if "url" in button:
        return {**view, "kind": "url", "url": button["url"]}
    if "copy_text" in button:
        return {**view, "kind": "copy", "copy": button["copy_text"]["text"]}
    kind = next(name for name in button if name not in {"text", "style"})
    return {**view, "kind": kind, "value": button[kind]}


def _attachment(raw: Json) -> Json:
    if "photo" in raw:
        photo = raw["photo"][-1]
        size = {"width": photo["width"], "height": photo["height"]}
        return {"kind": "photo", "file": {"id": photo["file_id"], "name": "photo", **size}}
    for kind in _SINGLE:
        if kind in raw:
            held = raw[kind]
            name = held.get("file_name", kind)
            return {"kind": kind, "file": {"id": held.get("file_id"), "name": name, "size": held.get("file_size", 0)}}
    if "venue" in raw:
        return {"kind": "venue", "venue": raw["venue"]}
    if "location" in raw:
        return {"kind": "location", "location": raw["location"]}
    return {"kind": "text"}


def chat_view(bot: BotAccount, chat: Chat, *, deleted: bool = False) -> Json:
    """A whole chat: who is in it, its messages, the keyboard below it."""
    kept = chat.messages.values() if deleted else chat.live()
    return {
        "chat": bot.chat_json(chat),
        "messages": [message_view(message) for message in kept],
        "refusal": chat.refusal,
        **chat_footer(bot, chat),
    }


def chat_footer(bot: BotAccount, chat: Chat) -> Json:
    """What stands below the messages now."""
    return {"keyboard": chat.keyboard, "started": any(chat.live()), "blocked": bool(chat.refusal)}


def status_view(bot: BotAccount) -> Json:
    """The bot and whether it listens."""
    queue = bot.updates
    listening = queue.webhook_active or queue.polls > 0 or time.time() - queue.last_poll < CONNECTED_S
    return {
        "bot": bot.as_user(),
        "connected": listening,
        "mode": "webhook" if queue.webhook_active else "polling" if queue.last_poll else None,
        "pending": len(queue.pending()),
        "people": [person.as_user() for person in bot.people.values()],
    }


def profile_view(bot: BotAccount, chat: Chat) -> Json:
    """Name, descriptions and the command menu in the language and scope of a chat's person."""
    person = bot.people.get(chat.id)
    language = person.language_code[:2] if person else ""
    texts = {
        field: bot.profile.get((field, language)) or bot.profile.get((field, ""), "")
        for field in ("name", "description", "short_description")
    }
    return {**texts, "name": texts["name"] or bot.name, "commands": _commands(bot, chat, language)}


def _commands(bot: BotAccount, chat: Chat, language: str) -> list[Json]:
    # Telegram's order: the narrowest scope first, in it the person's language before the general menu.
    wide = "all_private_chats" if chat.private else "all_group_chats"
    scopes = [f'{{"chat_id": {chat.id}, "type": "chat"}}', f'{{"type": "{wide}"}}', '{"type": "default"}']
    for scope in scopes:
        for code in (language, ""):
            if found := bot.commands.get((scope, code)):
                return found
    return []


def show_message(bot: BotAccount, chat: Chat, message: Message) -> None:
    """Tell open pages of a new or changed message."""
    message.changed = bot.next_change()
    bot.broadcast.tell(chat.id, {"type": "message", "message": message_view(message)})


def show_chat_event(bot: BotAccount, chat: Chat) -> None:
    """Tell open pages what stands below the messages now."""
    bot.broadcast.tell(chat.id, {"type": "footer", **chat_footer(bot, chat)})
