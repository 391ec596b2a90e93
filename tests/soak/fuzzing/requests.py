"""What strangers ask the web side: pages that are there and pages that are not, odd verbs, headers and bodies."""

from dataclasses import dataclass
from random import Random
from urllib.parse import quote

from tests.soak.fuzzing import presses, words
from tests.soak.fuzzing.known import Known
from tests.soak.fuzzing.mutate import damaged

SECRET = "a-secret-word-of-the-fuzzing"
_VERBS = ("GET", "GET", "GET", "GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "TRACE", "PATCH", "X", "get")
_SECRET_HEADER = "x-telegram-bot-api-secret-token"


@dataclass(frozen=True, slots=True)
class Asked:
    """A request that the server has read."""

    verb: str
    path: bytes  # as it stood in the first line, without the query
    query: bytes
    headers: tuple[tuple[bytes, bytes], ...]
    body: bytes


@dataclass(frozen=True, slots=True)
class Wire:
    """Bytes on a connection, which then ends."""

    data: bytes


def asked(chance: Random, known: Known, update: bytes) -> Asked:
    """Any request; `update`: what a forged or true call of Telegram brings."""
    if chance.random() < 0.3:
        return _hook(chance, update)
    headers = tuple(_header(chance) for _ in range(chance.choice((0, 1, 2, 30))))
    query = quote(words.text(chance, 80), safe="=&%", errors="replace").encode() if chance.random() < 0.4 else b""
    if chance.random() < 0.2:
        query = b"&".join(
            chance.choice((b"page=-1", b"size=9", b"lang=es", b"lang=%ff", b"%", b"=", b"a4")) for _ in "123"
        )
    return Asked(chance.choice(_VERBS), path(chance, known), query, headers, b"x" * chance.choice((0, 0, 1, 70_000)))


def path(chance: Random, known: Known) -> bytes:
    """The path of a page, true or nearly."""
    whole = chance.choice(
        (*known.paths, "/card/{}", "/card/{}", "/card/{}/{}.ics", "/card/{}.pdf", "/read/{}/{}", "/urgent/{}", "/{}")
    )
    filled = whole.format(_part(chance, known), _part(chance, known))
    if chance.random() < 0.3:
        return damaged(chance, filled.encode("ascii", "replace")).replace(b"?", b"").replace(b"\n", b"") or b"/"
    return filled.encode("ascii", "replace")


def _part(chance: Random, known: Known) -> str:
    way = chance.random()
    if way < 0.5:
        return quote(presses.handed(chance, known), errors="replace")
    if way < 0.7:
        return chance.choice(("en", "es", "xx", "gb", "GB", "us", "zz", "..", "%2e%2e", "%00", "%ff%fe"))
    return quote(words.text(chance, 60), errors="replace")


def _hook(chance: Random, update: bytes) -> Asked:
    """A call at the door of Telegram: with the right word only now and then."""
    wrong = (SECRET[:-1], SECRET.upper(), f"{SECRET}x", "", f"{SECRET},{SECRET}", words.text(chance, 300))
    word = SECRET if chance.random() < 0.3 else chance.choice(wrong)
    header = (_SECRET_HEADER.encode(), word.encode("utf-8", "replace"))
    headers = (header,) if chance.random() < 0.9 else (header, header, (b"content-length", b"-1"))
    body = damaged(chance, update) if chance.random() < 0.5 else update
    if chance.random() < 0.02:
        body = b" " * (1024 * 1024 + 1)
    return Asked(chance.choice(("POST", "POST", "POST", "GET", "PUT")), b"/telegram", b"", headers, body)


def _header(chance: Random) -> tuple[bytes, bytes]:
    names = (b"accept-language", b"host", b"cookie", b"x-forwarded-for", b"range", b"if-none-match", b"accept",
             b"content-length", b"content-type", b"origin", b"user-agent", b"accept-encoding", b"x")  # fmt: skip
    values = (b"es", b"es;q=9, en;q=x", b"*", b"bytes=0-1", b'"x"', b"-1", b"99999999999999999999", b"\xff", b"",
              words.text(chance, 200).encode("utf-8", "replace"), b"q" * 9000)  # fmt: skip
    return chance.choice(names), chance.choice(values)


def wire(chance: Random, known: Known) -> Wire:
    """A request as bytes, damaged."""
    verb, target = chance.choice(_VERBS).encode(), path(chance, known)
    headers = b"".join(name + b": " + value + b"\r\n" for name, value in (_header(chance) for _ in range(3)))
    whole = verb + b" " + target + b" HTTP/1.1\r\nHost: x\r\nConnection: close\r\n" + headers + b"\r\n"
    return Wire(whole if chance.random() < 0.3 else damaged(chance, whole))
