"""Telegram's HTML: marked-up text becomes plain text and entities, with Telegram's own complaints.

Follows parse_html of tdlib: the tags it knows, unknown attributes ignored, four named references,
errors with the byte offset of the tag, entity offsets in UTF-16 units.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import NoReturn

from bot.sandbox.errors import Json, bad_request
from bot.sandbox.links import checked_link, mentioned_user

_STYLES = {
    "b": "bold", "strong": "bold", "i": "italic", "em": "italic", "u": "underline", "ins": "underline",
    "s": "strikethrough", "strike": "strikethrough", "del": "strikethrough",
    "tg-spoiler": "spoiler", "span": "spoiler",
}  # fmt: skip
_TAGS = frozenset(_STYLES) | {"a", "tg-emoji", "tg-time", "pre", "code", "blockquote"}
_NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
_REFERENCE = re.compile(r"&(?:#x([0-9a-fA-F]{1,7})|#([0-9]{1,7})|([A-Za-z]+));?")
_PLAIN = re.compile(r"[^<&]+")
_NAME = re.compile(r"[^\s=>/\"']*")
_TOKEN = re.compile(r"[A-Za-z0-9.-]*")
_SPACE = re.compile(r"\s*")
_TAG_END = re.compile(r"[\s>]|$")
_DATE_FORMAT = re.compile(r"[rR]?|[tTdDwW]*")


def units(text: str) -> int:
    """Length in UTF-16 code units, the unit of entity offsets."""
    return len(text) if text.isascii() else len(text) + sum(1 for char in text if char > "\uffff")


def parse_html(source: str) -> tuple[str, list[Json]]:
    """Plain text and entities (unsorted, untrimmed). Raises ApiError "can't parse entities: …"."""
    return _Reader(source).run()


@dataclass
class _Open:
    tag: str
    offset: int
    begin: int
    attributes: dict[str, str]


class _Reader:
    def __init__(self, source: str) -> None:
        self.source = source
        self.at = 0
        self.out: list[str] = []
        self.offset = 0
        self.open: list[_Open] = []
        self.entities: list[Json] = []

    def run(self) -> tuple[str, list[Json]]:
        while self.at < len(self.source):
            char = self.source[self.at]
            if char == "<":
                self._tag()
            elif char == "&":
                self._emit(self._reference())
            elif found := _PLAIN.match(self.source, self.at):
                self.at = found.end()
                self._emit(found[0])
        if self.open:
            _fail(f'Can\'t find end tag corresponding to start tag "{self.open[-1].tag}"')
        for entity in self.entities:
            if entity["type"] == "code":
                entity.pop("language", None)
        return "".join(self.out), self.entities

    def _emit(self, piece: str) -> None:
        self.out.append(piece)
        self.offset += units(piece)

    def _reference(self) -> str:
        found = _REFERENCE.match(self.source, self.at)
        char = _referenced(found) if found else None
        if found is None or char is None:
            self.at += 1
            return "&"
        self.at = found.end()
        return char

    def _tag(self) -> None:
        begin = self.at
        if self.source.startswith("</", begin):
            self._end_tag(begin)
        else:
            self._start_tag(begin)

    def _word(self, start: int) -> str:
        found = _TAG_END.search(self.source, start)
        self.at = found.start() if found else len(self.source)
        return self.source[start : self.at].lower()

    def _skip_space(self) -> str:
        found = _SPACE.match(self.source, self.at)
        self.at = found.end() if found else self.at
        return self.source[self.at : self.at + 1]

    def _start_tag(self, begin: int) -> None:
        tag = self._word(begin + 1)
        if self.at >= len(self.source):
            _fail(f"Unclosed start tag at byte offset {self._bytes(begin)}")
        if tag not in _TAGS:
            _fail(f'Unsupported start tag "{tag}" at byte offset {self._bytes(begin)}')
        attributes: dict[str, str] = {}
        while (char := self._skip_space()) != ">":
            name, value = self._attribute(tag, begin, char)
            attributes[name] = value
        self.at += 1
        if tag == "span" and attributes.get("class") != "tg-spoiler":
            _fail(f'Tag "span" must have class "tg-spoiler" at byte offset {self._bytes(begin)}')
        self.open.append(_Open(tag, self.offset, len(self.out), attributes))

    def _attribute(self, tag: str, begin: int, char: str) -> tuple[str, str]:
        unclosed = f'Unclosed start tag "{tag}" at byte offset {self._bytes(begin)}'
        if not char:
            _fail(unclosed)
        found = _NAME.match(self.source, self.at)
        name = found.group() if found else ""
        if not name:
            _fail(f'Empty attribute name in the tag "{tag}" at byte offset {self._bytes(begin)}')
        self.at += len(name)
        char = self._skip_space()
        if not char:
            _fail(unclosed)
        if char != "=":
            return name, ""
        self.at += 1
        quote = self._skip_space()
        if not quote:
            _fail(unclosed)
        value = self._quoted(quote) if quote in "'\"" else self._token()
        if self.at >= len(self.source):
            _fail(f"Unclosed start tag at byte offset {self._bytes(begin)}")
        return name, value

    def _token(self) -> str:
        begin = self.at
        found = _TOKEN.match(self.source, begin)
        self.at = found.end() if found else begin
        if self.at < len(self.source) and not re.match(r"[\s>]", self.source[self.at]):
            _fail(f"Unexpected end of name token at byte offset {self._bytes(begin)}")
        return self.source[begin : self.at].lower()

    def _quoted(self, quote: str) -> str:
        end = self.source.find(quote, self.at + 1)
        raw = self.source[self.at + 1 : end if end >= 0 else len(self.source)]
        self.at = end + 1 if end >= 0 else len(self.source)
        return _REFERENCE.sub(lambda found: _referenced(found) or found.group(), raw)

    def _end_tag(self, begin: int) -> None:
        if not self.open:
            _fail(f"Unexpected end tag at byte offset {self._bytes(begin)}")
        tag = self._word(begin + 2)
        if self._skip_space() != ">":
            _fail(f"Unclosed end tag at byte offset {self._bytes(begin)}")
        self.at += 1
        opened = self.open.pop()
        if tag and tag != opened.tag:
            _fail(
                f'Unmatched end tag at byte offset {self._bytes(begin)}, expected "</{opened.tag}>", found "</{tag}>"'
            )
        if self.offset > opened.offset:
            self._close(opened)

    def _close(self, opened: _Open) -> None:
        entity: Json = {"offset": opened.offset, "length": self.offset - opened.offset}
        kind = _STYLES.get(opened.tag)
        if kind:
            self.entities.append({"type": kind, **entity})
        elif opened.tag in {"pre", "code"}:
            self._close_code(opened, entity)
        elif opened.tag == "blockquote":
            kind = "expandable_blockquote" if "expandable" in opened.attributes else "blockquote"
            self.entities.append({"type": kind, **entity})
        elif opened.tag == "a":
            self._close_link(opened, entity)
        else:
            self._close_special(opened, entity)

    def _close_code(self, opened: _Open, entity: Json) -> None:
        name = opened.attributes.get("class", "")
        language = name.removeprefix("language-") if name.startswith("language-") else ""
        last = self.entities[-1] if self.entities else {}
        same = last.get("offset") == entity["offset"] and last.get("length") == entity["length"]
        if opened.tag == "pre" and same and last["type"] == "code" and last.get("language"):
            last["type"] = "pre"
        elif opened.tag == "code" and same and last["type"] == "pre" and language:
            last["language"] = language
        else:
            extra = {"language": language} if language and opened.tag == "code" else {}
            self.entities.append({"type": opened.tag, **entity, **extra})

    def _close_link(self, opened: _Open, entity: Json) -> None:
        url = opened.attributes.get("href") or "".join(self.out[opened.begin :])
        user = mentioned_user(url)
        if user is not None:
            person = {"id": user, "is_bot": False, "first_name": ""}
            self.entities.append({"type": "text_mention", **entity, "user": person})
        elif link := checked_link(url):
            self.entities.append({"type": "text_link", **entity, "url": link})

    def _close_special(self, opened: _Open, entity: Json) -> None:
        if opened.tag == "tg-emoji":
            identifier = opened.attributes.get("emoji-id", "")
            if not identifier.isdigit():
                _fail("Invalid custom emoji identifier specified")
            self.entities.append({"type": "custom_emoji", **entity, "custom_emoji_id": identifier})
            return
        moment = opened.attributes.get("unix", "")
        form = checked_date_format(opened.attributes.get("format", ""))
        if moment.isdigit() and int(moment) > 0:
            extra = {"date_time_format": form} if form else {}
            self.entities.append({"type": "date_time", **entity, "unix_time": int(moment), **extra})

    def _bytes(self, position: int) -> int:
        return len(self.source[:position].encode())


def checked_date_format(form: str) -> str:
    """The format of a date_time entity, unchanged; raises ApiError for letters Telegram does not know."""
    if not _DATE_FORMAT.fullmatch(form):
        _fail("Invalid date-time format specified")
    return form


def _referenced(found: re.Match[str]) -> str | None:
    hexadecimal, decimal, name = found.groups()
    if name:
        return _NAMED.get(name)
    code = int(hexadecimal, 16) if hexadecimal else int(decimal)
    if not 0 < code < 0x10FFFF or 0xD800 <= code <= 0xDFFF:
        return None
    return chr(code)


def _fail(text: str) -> NoReturn:
    raise bad_request(f"Can't parse entities: {text}")
