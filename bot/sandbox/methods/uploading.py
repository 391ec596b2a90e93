"""Files from the bot: documents, photos and the like, kept in memory."""

from __future__ import annotations

import mimetypes
import struct

from bot.sandbox.errors import Json, bad_request
from bot.sandbox.markup import read_markup
from bot.sandbox.methods.call import Call, Method
from bot.sandbox.methods.sending import post, read_caption
from bot.sandbox.params import Upload
from bot.sandbox.state import BotAccount, StoredFile

MAX_DOWNLOAD = 20 * 1024 * 1024  # bytes; what getFile hands out at Telegram


async def send_document(call: Call) -> Json:
    """A file."""
    return _send(call, "document")


async def send_photo(call: Call) -> Json:
    """A picture."""
    return _send(call, "photo")


def _send(call: Call, kind: str) -> Json:
    chat = call.chat()
    markup = read_markup(call.params, private=chat.private)
    caption = read_caption(call)
    stored = _stored(call, kind)
    return post(call, chat, {**file_content(kind, stored), **caption}, markup)


def _stored(call: Call, kind: str) -> StoredFile:
    upload = _upload(call, kind)
    if upload is None:
        return _known(call, kind)
    if not upload.content:
        raise bad_request("file must be non-empty")
    if kind == "photo" and picture_size(upload.content) is None:
        raise bad_request("IMAGE_PROCESS_FAILED")
    media_type = mimetypes.guess_type(upload.name)[0] or upload.media_type
    return call.bot.keep_file(upload.name, media_type, upload.content, f"{kind}s")


def _upload(call: Call, kind: str) -> Upload | None:
    value = call.params.text(kind)
    name = value.removeprefix("attach://") if value.startswith("attach://") else kind
    return call.params.files.get(name)


def _known(call: Call, kind: str) -> StoredFile:
    value = call.params.text(kind)
    if not value:
        raise bad_request(f"there is no {kind} in the request")
    if value.startswith(("http://", "https://")):
        # The stand-in reaches for nothing outside this computer.
        raise bad_request("failed to get HTTP URL content")
    stored = call.bot.files.get(value)
    if stored is None:
        raise bad_request("wrong file identifier/HTTP URL specified")
    return stored


def file_content(kind: str, stored: StoredFile) -> Json:
    """The message field of a file: photo, document, voice or sticker."""
    common: Json = {
        "file_id": stored.file_id,
        "file_unique_id": stored.file_id[-12:],
        "file_size": len(stored.content),
    }
    width, height = picture_size(stored.content) or (512, 512)
    if kind == "photo":
        return {"photo": [{**common, "width": width, "height": height}]}
    if kind == "voice":
        return {"voice": {**common, "duration": 3, "mime_type": "audio/ogg"}}
    if kind == "sticker":
        looks = {"type": "regular", "is_animated": False, "is_video": False}
        return {"sticker": {**common, **looks, "width": width, "height": height, "emoji": "🙂"}}
    return {"document": {**common, "file_name": stored.name, "mime_type": stored.media_type}}


def picture_size(content: bytes) -> tuple[int, int] | None:
    """(width, height) in pixels of a PNG, JPEG or WebP, None for anything else."""
    if content.startswith(b"\x89PNG\r\n\x1a\n") and len(content) >= 24:
        width, height = struct.unpack(">II", content[16:24])
        return width, height
    if content.startswith(b"\xff\xd8"):
        return _jpeg_size(content)
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return 512, 512
    return None


def _jpeg_size(content: bytes) -> tuple[int, int] | None:
    at = 2
    while at + 9 < len(content) and content[at] == 0xFF:
        marker, length = content[at + 1], int.from_bytes(content[at + 2 : at + 4], "big")
        if 0xC0 <= marker <= 0xCF and marker not in {0xC4, 0xC8, 0xCC}:
            height, width = struct.unpack(">HH", content[at + 5 : at + 9])
            return width, height
        at += 2 + length
    return None


async def get_file(call: Call) -> Json:
    """Where to download a file from: /file/bot<token>/<file_path>."""
    stored = call.bot.files.get(call.params.text("file_id"))
    if stored is None:
        raise bad_request("wrong file_id or the file is temporarily unavailable")
    if len(stored.content) > MAX_DOWNLOAD:
        raise bad_request("file is too big")
    return {
        "file_id": stored.file_id,
        "file_unique_id": stored.file_id[-12:],
        "file_size": len(stored.content),
        "file_path": stored.path,
    }


def by_path(bot: BotAccount, path: str) -> StoredFile | None:
    """The file behind a file_path."""
    return next((stored for stored in bot.files.values() if stored.path == path), None)


METHODS: dict[str, Method] = {"sendDocument": send_document, "sendPhoto": send_photo, "getFile": get_file}
