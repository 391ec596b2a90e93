"""From what Telegram sends to what handlers are given: language, press, question replied to."""

from urllib.parse import parse_qs, urlsplit

import telegram

from bot.chat.context import SentFile
from bot.domain.buttons import Press, unpack
from bot.domain.errors import OutdatedButton
from bot.texts.library import DEFAULT, Library


def spoken(library: Library, code: str | None) -> str:
    """The language to answer in for a Telegram language code ("es-MX"): one we speak, else English."""
    short = (code or "").partition("-")[0].lower()
    return short if library.speaks(short) else DEFAULT


def question_of(message: telegram.Message, bot_id: int, fellowship_ids: dict[int, str]) -> Press | None:
    """What our own question carried, if this message replies to one: the press in its link's payload."""
    question = message.reply_to_message
    if question is None or question.from_user is None or question.from_user.id != bot_id:
        return None
    for entity in question.entities or ():
        try:
            payload = parse_qs(urlsplit(entity.url or "").query).get("start", [""])[0]
            if payload:
                return unpack(payload, fellowship_ids)
        except (OutdatedButton, ValueError):  # the latter: no address at all
            return None
    return None


def own_message(message: telegram.MaybeInaccessibleMessage | None) -> telegram.Message | None:
    """The person's message that a pressed screen answers; in a private chat it is nobody else's."""
    if not isinstance(message, telegram.Message) or message.chat.type != telegram.Chat.PRIVATE:
        return None
    quoted = message.reply_to_message
    return quoted if quoted is not None and quoted.from_user is not None and not quoted.from_user.is_bot else None


def sent_file(message: telegram.Message | None) -> SentFile | None:
    """The document of a message."""
    document = message.document if message is not None else None
    return SentFile(document.file_id, document.file_name or "", document.file_size or 0) if document else None
