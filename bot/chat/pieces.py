"""Long messages in pieces: Telegram counts what is visible, in UTF-16 units, and every piece must be whole HTML."""

import html
import re

TEXT_LIMIT = 4096
CAPTION_LIMIT = 1024

_TOKEN = re.compile(r"<(/?)([a-zA-Z][\w-]*)[^>]*>|&#?\w+;|\s|[^\s<&]+|.", re.DOTALL)


def visible_length(text: str) -> int:
    """UTF-16 units of a Telegram HTML text without its tags."""
    return _units(_visible(text))


def pieces(text: str, limit: int = TEXT_LIMIT) -> list[str]:
    """The text in pieces of at most `limit` visible units, cut between lines where possible, else between words.

    Tags open at a cut are closed there and opened again in the next piece.
    """
    if visible_length(text) <= limit:
        return [text]
    cutter = _Cutter(limit)
    for line in text.splitlines(keepends=True):
        if visible_length(line) <= limit:
            cutter.room_for(visible_length(line.rstrip()))
        for match in _TOKEN.finditer(line):
            cutter.add(match)
    return cutter.finish()


class _Cutter:
    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._done: list[str] = []
        self._parts: list[str] = []
        self._used = 0
        self._open: list[tuple[str, str]] = []  # name and the tag as written

    def room_for(self, units: int) -> None:
        """Begin a new piece when this one cannot take so much more."""
        if self._used + units > self._limit:
            self._cut()

    def add(self, match: re.Match[str]) -> None:
        token, closing, name = match[0], match[1], match[2]
        if name:
            self._tag(token, bool(closing), name.lower())
            return
        shown = html.unescape(token)
        while _units(shown) > self._limit:  # a word longer than a message
            self._cut()
            head = shown.encode("utf-16-le")[: 2 * self._limit].decode("utf-16-le", errors="ignore")
            self._put(html.escape(head, quote=False), _units(head))
            shown = shown[len(head) :]
            token = html.escape(shown, quote=False)
        self.room_for(_units(shown))
        self._put(token, _units(shown))

    def finish(self) -> list[str]:
        self._cut()
        return self._done

    def _put(self, token: str, units: int) -> None:
        self._parts.append(token)
        self._used += units

    def _tag(self, token: str, closing: bool, name: str) -> None:
        self._parts.append(token)
        if not closing:
            self._open.append((name, token))
        elif self._open and self._open[-1][0] == name:
            self._open.pop()

    def _cut(self) -> None:
        piece = "".join(self._parts) + "".join(f"</{name}>" for name, _ in reversed(self._open))
        if _visible(piece).strip():
            self._done.append(piece.strip())
        self._parts = [token for _, token in self._open]
        self._used = 0


def _visible(text: str) -> str:
    return html.unescape(re.sub(r"</?[a-zA-Z][^>]*>", "", text))


def _units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2
