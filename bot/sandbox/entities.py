"""Text as it will stand in a message: parsed, trimmed, measured, with the entities Telegram finds itself."""

from __future__ import annotations

import html
import re
from typing import Any

from bot.sandbox.errors import Json, bad_request
from bot.sandbox.html_text import checked_date_format, parse_html, units
from bot.sandbox.links import checked_link
from bot.sandbox.params import Params

MAX_ENTITIES = 100

_ORDER = ["blockquote", "expandable_blockquote", "pre", "text_link", "text_mention", "bold", "italic", "underline",
          "strikethrough", "spoiler", "code"]  # fmt: skip
_PLAIN = {"bold", "italic", "underline", "strikethrough", "spoiler", "code", "blockquote", "expandable_blockquote"}
_AUTOMATIC = {"mention", "hashtag", "cashtag", "bot_command", "url", "email", "phone_number", "bank_card_number"}
_URL = r"(?:https?://|tg://)[^\s<>\"]+|(?<![\w@./])(?:[a-z0-9-]+\.)+(?:org|com|net|me|io|uk|gov|edu|app)(?:/[^\s<>\"]*)?(?!\w)"
_AFTER_URL = re.compile(r"[.,;:!?)'\"»]+$")  # belongs to the sentence around the address
_FINDERS = [
    ("email", re.compile(r"(?<![\w.+-])[\w.+-]+@[\w-]+(?:\.[\w-]+)+")),
    ("url", re.compile(_URL, re.IGNORECASE)),
    ("mention", re.compile(r"(?<![\w@])@[A-Za-z]\w{3,31}")),
    ("bot_command", re.compile(r"(?<![\w/<>])/[A-Za-z0-9_]{1,64}(?:@\w{3,32})?(?![\w/])")),
    ("hashtag", re.compile(r"(?<![\w#])#\w*[^\W\d]\w*")),
]
_HTML_TAGS = {"bold": "b", "italic": "i", "underline": "u", "strikethrough": "s", "spoiler": "tg-spoiler",
              "code": "code", "pre": "pre", "blockquote": "blockquote"}  # fmt: skip


def formatted(params: Params, name: str, entities_name: str) -> tuple[str, list[Json]]:
    """The text parameter `name` as a message will hold it: (text, entities)."""
    source = params.text(name).replace("\r", "")
    mode = params.text("parse_mode").lower()
    if mode == "html":
        text, entities = parse_html(source)
    elif mode in {"", "none"}:
        text, entities = source, _given(params, entities_name, source)
    else:
        raise bad_request("unsupported parse_mode")
    text, entities = trim(text, entities)
    return text, with_found(text, entities)


def trim(text: str, entities: list[Json]) -> tuple[str, list[Json]]:
    """Cut the white space Telegram cuts: at the end, and at the beginning up to the first entity."""
    text = text.rstrip()
    end = units(text)
    kept = [{**one, "length": min(one["length"], end - one["offset"])} for one in entities if one["offset"] < end]
    kept.sort(key=_rank)
    first = kept[0]["offset"] if kept else end
    lead = min(len(text) - len(text.lstrip(" \n")), first)
    return text[lead:], [{**one, "offset": one["offset"] - lead} for one in kept]


def with_found(text: str, entities: list[Json]) -> list[Json]:
    """Entities in Telegram's order, at most 100, with commands, addresses and mentions found in the text."""
    code = [one for one in entities if one["type"] in {"code", "pre"}]
    kept = [one for one in entities if one in code or not any(_inside(one, other) for other in code)]
    closed = [one for one in kept if one["type"] in {"code", "pre", "text_link", "text_mention", "date_time"}]
    for found in _found(text):
        if not any(_overlap(found, other) for other in closed):
            kept.append(found)
            closed.append(found)
    return sorted(kept, key=_rank)[:MAX_ENTITIES]


def to_html(text: str, entities: list[Json]) -> str:
    """The text with its marks as HTML, for people who read a transcript."""
    marks: list[tuple[int, int, int, str]] = []
    for index, entity in enumerate(entities):
        before, after = _tags(entity)
        if before:
            end = entity["offset"] + entity["length"]
            marks.append((entity["offset"], 1, index, before))
            marks.append((end, 0, -index, after))
    marks.sort()
    pieces: list[str] = []
    raw, last = text.encode("utf-16-le"), 0
    for offset, _, _, tag in marks:
        pieces += [html.escape(raw[last * 2 : offset * 2].decode("utf-16-le"), quote=False), tag]
        last = offset
    pieces.append(html.escape(raw[last * 2 :].decode("utf-16-le"), quote=False))
    return "".join(pieces)


def _given(params: Params, name: str, text: str) -> list[Json]:
    raw = params.decoded(name, "can't parse entities JSON object")
    if not isinstance(raw, list):
        return []
    entities = [entity for one in raw[:MAX_ENTITIES] if (entity := _checked(one)) is not None]
    end = units(text)
    for entity in entities:
        if entity["offset"] < 0 or entity["offset"] + entity["length"] > end:
            raise bad_request(
                f"entity beginning at UTF-16 offset {entity['offset']} ends after the end of the text "
                f"at UTF-16 offset {entity['offset'] + entity['length']}"
            )
    return entities


def _checked(one: Any) -> Json | None:
    if not isinstance(one, dict):
        raise bad_request("can't parse MessageEntity: expected an Object")
    kind, offset, length = one.get("type"), one.get("offset"), one.get("length")
    if not isinstance(offset, int) or not isinstance(length, int):
        raise bad_request("can't parse MessageEntity: Can't find field \"offset\"")
    if kind in _AUTOMATIC or length <= 0:
        return None
    entity = {"type": kind, "offset": offset, "length": length}
    if kind in _PLAIN:
        return entity
    if kind == "pre":
        return {**entity, **({"language": one["language"]} if one.get("language") else {})}
    if kind == "text_link":
        link = checked_link(str(one.get("url", "")))
        return {**entity, "url": link} if link else None
    if kind == "date_time":
        return {**entity, **_moment(one)}
    if kind in {"text_mention", "custom_emoji"}:
        field = "user" if kind == "text_mention" else "custom_emoji_id"
        return {**entity, field: one.get(field)}
    raise bad_request("can't parse MessageEntity: Unsupported type specified")


def _moment(one: Json) -> Json:
    moment = one.get("unix_time")
    if not isinstance(moment, int):
        raise bad_request("can't parse MessageEntity: Can't find field \"unix_time\"")
    form = checked_date_format(str(one.get("date_time_format") or ""))
    return {"unix_time": moment, **({"date_time_format": form} if form else {})}


def _found(text: str) -> list[Json]:
    found = []
    for kind, pattern in _FINDERS:
        for match in pattern.finditer(text):
            piece = _AFTER_URL.sub("", match.group()) if kind == "url" else match.group()
            found.append({"type": kind, "offset": units(text[: match.start()]), "length": units(piece)})
    return found


def _rank(entity: Json) -> tuple[int, int, int]:
    kind = entity["type"]
    return entity["offset"], -entity["length"], _ORDER.index(kind) if kind in _ORDER else len(_ORDER)


def _inside(one: Json, other: Json) -> bool:
    end, other_end = one["offset"] + one["length"], other["offset"] + other["length"]
    return bool(one["offset"] >= other["offset"] and end <= other_end)


def _overlap(one: Json, other: Json) -> bool:
    end, other_end = one["offset"] + one["length"], other["offset"] + other["length"]
    return bool(one["offset"] < other_end and other["offset"] < end)


def _tags(entity: Json) -> tuple[str, str]:
    kind = entity["type"]
    if kind == "text_link":
        return f'<a href="{html.escape(entity["url"])}">', "</a>"
    if kind == "expandable_blockquote":
        return "<blockquote expandable>", "</blockquote>"
    if kind == "date_time":
        form = f' format="{entity["date_time_format"]}"' if "date_time_format" in entity else ""
        return f'<tg-time unix="{entity["unix_time"]}"{form}>', "</tg-time>"
    tag = _HTML_TAGS.get(kind)
    return (f"<{tag}>", f"</{tag}>") if tag else ("", "")
