"""Fetching a list from its publisher: politely, within limits, and never from a private network.

What is checked is the address of each socket, just before it connects. A name that is resolved again, a redirect
or a number in place of a name all come to that one point, so none of them slips by.
"""

import asyncio
import socket
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Any
from urllib.parse import SplitResult, urljoin, urlsplit

import aiohttp
from aiohttp.abc import AbstractResolver

from bot.domain.errors import FeedError

TOTAL_S = 120.0
CONNECT_S = 15.0
READ_S = 30.0  # between two pieces of an answer
SIZE_LIMIT = 64 * 1024 * 1024  # bytes, when unpacked
REDIRECTS = 5
PIECE = 256 * 1024  # bytes that are unpacked before others have their turn
_MOVED = frozenset((301, 302, 303, 307, 308))
_NAT64 = ip_network("64:ff9b::/96")
_REFUSED = frozenset((401, 403, 429, 503))
_CONDITIONS = ("If-None-Match", "If-Modified-Since")
_GZIP = 16 + zlib.MAX_WBITS


@dataclass(frozen=True, slots=True)
class Fetched:
    """The whole answer, unpacked, and what tells next time whether it is still the same."""

    data: bytes
    etag: str = ""
    last_modified: str = ""


@dataclass(frozen=True, slots=True)
class NotModified:
    """The list is still the one that was fetched before."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How long (seconds) and how much (bytes) a fetch may take."""

    total_s: float = TOTAL_S
    connect_s: float = CONNECT_S
    read_s: float = READ_S
    size: int = SIZE_LIMIT


class Fetcher:
    """Asks publishers for their lists.

    `allow_http_hosts`: hosts (not names below them) that may be asked without encryption and on this machine; for
    stand-ins in tests. `contact`: told to publishers, so that they can write to whoever runs the bot.
    """

    def __init__(
        self,
        *,
        contact: str = "",
        limits: Limits = Limits(),
        allow_http_hosts: frozenset[str] = frozenset(),
        resolver: Callable[[], AbstractResolver] = aiohttp.ThreadedResolver,
    ) -> None:
        self._limits = limits
        self._allowed = allow_http_hosts
        self._resolver = resolver
        self._headers = {
            "User-Agent": _user_agent(contact),
            "Accept": "application/json, text/csv;q=0.9, */*;q=0.5",
            "Accept-Encoding": "gzip",
        }

    async def fetch(self, url: str, *, etag: str = "", last_modified: str = "") -> Fetched | NotModified:
        """The list at `url`, or that it did not change since those two were given; FeedError in one sentence."""
        headers = dict(self._headers)
        if etag:
            headers["If-None-Match"] = etag
        if last_modified:
            headers["If-Modified-Since"] = last_modified
        host = _host(url)
        try:
            async with asyncio.timeout(self._limits.total_s):
                return await self._follow(url, headers)
        except TimeoutError as error:
            raise FeedError(f"{host} took too long to answer.") from error
        except aiohttp.ClientConnectorCertificateError as error:
            raise FeedError(f"{host} has no valid certificate.") from error
        except aiohttp.ClientConnectorError as error:
            raise FeedError(f"{host} cannot be reached.") from error
        except (aiohttp.ClientPayloadError, aiohttp.ServerDisconnectedError) as error:
            raise FeedError(f"{host} broke off in the middle of its answer.") from error
        except (aiohttp.ClientError, OSError, ValueError) as error:
            raise FeedError(f"{host} gave no answer that can be understood.") from error

    async def _follow(self, url: str, headers: dict[str, str]) -> Fetched | NotModified:
        for _ in range(REDIRECTS + 1):
            found = await self._ask(url, headers)
            if not isinstance(found, str):
                return found
            url = urljoin(url, found)
        raise FeedError(f"{_host(url)} sends from one address to the next without an end.")

    async def _ask(self, url: str, headers: dict[str, str]) -> Fetched | NotModified | str:
        """The answer of one address; a text is the address it sends to."""
        parts = self._checked(url)
        guard = _Guard(open_=parts.hostname in self._allowed)
        connector = aiohttp.TCPConnector(
            resolver=self._resolver(), use_dns_cache=False, force_close=True, socket_factory=guard
        )
        waits = aiohttp.ClientTimeout(
            total=self._limits.total_s, sock_connect=self._limits.connect_s, sock_read=self._limits.read_s
        )
        session = aiohttp.ClientSession(
            connector=connector, timeout=waits, cookie_jar=aiohttp.DummyCookieJar(), auto_decompress=False
        )
        try:
            async with session, session.get(url, headers=headers, allow_redirects=False) as answer:
                return await self._read(answer, parts.hostname or "")
        except aiohttp.ClientConnectorError as error:
            if guard.refused:
                raise FeedError(f"{parts.hostname} lies in a private network, where no list is fetched.") from error
            raise

    def _checked(self, url: str) -> SplitResult:
        try:
            parts = urlsplit(url)
            host, _ = parts.hostname, parts.port
        except ValueError as error:
            raise FeedError("The address of the list, or one it sends to, is no web address.") from error
        if not host or parts.username is not None:
            raise FeedError("The address of the list, or one it sends to, is no plain web address.")
        if parts.scheme != "https" and not (parts.scheme == "http" and host in self._allowed):
            raise FeedError(f"{host} was to be asked without encryption; lists are fetched by https only.")
        return parts

    async def _read(self, answer: aiohttp.ClientResponse, host: str) -> Fetched | NotModified | str:
        if answer.status == 304 and any(name in answer.request_info.headers for name in _CONDITIONS):
            return NotModified()
        if answer.status in _MOVED and "Location" in answer.headers:
            return answer.headers["Location"]
        if answer.status != 200:
            refuses = answer.status in _REFUSED
            asks = "; it may be asking for a browser check" if refuses and "html" in answer.content_type else ""
            raise FeedError(f"{host} answered with status {answer.status} instead of its list{asks}.")
        data = await self._body(answer, host)
        if data[:200].lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
            raise FeedError(
                f"{host} answered with a web page instead of a list; it may be asking for a browser check."
            )
        return Fetched(data, answer.headers.get("ETag", ""), answer.headers.get("Last-Modified", ""))

    async def _body(self, answer: aiohttp.ClientResponse, host: str) -> bytes:
        encoding = answer.headers.get("Content-Encoding", "identity").strip().lower()
        if encoding not in ("identity", "", "gzip", "x-gzip"):
            raise FeedError(f"{host} packed its list in a way that was not asked for ({encoding[:20]}).")
        packed = "gzip" in encoding
        too_large = FeedError(f"{host} sent more than {self._limits.size // 1024 // 1024} MB: that is no list.")
        if (answer.content_length or 0) > self._limits.size:
            raise too_large
        unpacking, body = _Unpacking(), bytearray()
        async for chunk in answer.content.iter_chunked(PIECE):
            for piece in unpacking.pieces(chunk) if packed else (chunk,):
                body += piece
                if len(body) > self._limits.size:
                    raise too_large
                await asyncio.sleep(0)
        if packed and not unpacking.whole:
            raise FeedError(f"{host} broke off in the middle of its answer.")
        return bytes(body)


class _Unpacking:
    """Unpacks gzip in pieces of at most PIECE bytes, however much a small chunk swells to."""

    def __init__(self) -> None:
        self._stream = zlib.decompressobj(_GZIP)
        self._begun = False

    @property
    def whole(self) -> bool:
        """Whether the packed text came to its end."""
        return self._stream.eof or not self._begun

    def pieces(self, chunk: bytes) -> Iterator[bytes]:
        """What a chunk holds, unpacked; FeedError when it is no gzip."""
        self._begun = True
        full = True  # a full piece may leave more behind, even when all that came is used up
        while (chunk or full) and not self._stream.eof:
            try:
                piece = self._stream.decompress(chunk, PIECE)
            except zlib.error as error:
                raise FeedError("The answer says it is packed, and it is not.") from error
            yield piece
            chunk, full = self._stream.unconsumed_tail, len(piece) == PIECE


class _Guard:
    """Makes the sockets of one request, none of them to a private network unless `open_`."""

    def __init__(self, *, open_: bool) -> None:
        self._open = open_
        self.refused = False

    def __call__(self, info: tuple[Any, ...]) -> socket.socket:
        family, kind, protocol, _, address = info
        if not self._open and not is_public(str(address[0])):
            self.refused = True
            raise OSError("not a public address")
        return socket.socket(family, kind, protocol)


def is_public(address: str) -> bool:
    """Whether an IP address is one of the open internet: not private, loopback, link-local, multicast or reserved.

    An IPv6 address that carries an IPv4 address is as public as that one.
    """
    try:
        ip = ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(ip, IPv6Address) and (inner := _inner(ip)) is not None:
        return is_public(str(inner))
    return ip.is_global and not (ip.is_multicast or ip.is_reserved or ip.is_unspecified)


def _inner(ip: IPv6Address) -> IPv4Address | None:
    if ip in _NAT64:
        return IPv4Address(ip.packed[-4:])
    return ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None)


def _host(url: str) -> str:
    try:
        return urlsplit(url).hostname or "The server"
    except ValueError:
        return "The server"


def _user_agent(contact: str) -> str:
    try:
        number = version("openchair")
    except PackageNotFoundError:
        number = "0"
    told = "".join(char for char in contact if char.isascii() and char.isprintable() and char not in "()")
    return f"OpenChair/{number} ({'; '.join(filter(None, ('meeting lists', told.strip())))})"
