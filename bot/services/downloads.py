"""One answer of a publisher: the list and what belongs to it, fetched, told apart, packed away and read again."""

import hashlib
import zlib
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from typing import Protocol

import msgspec

from bot.domain.feed import FeedCard
from bot.feeds.fetch import Fetched, NotModified
from bot.services.feeds import Extra, Part


class Fetch(Protocol):
    """Asks one address; FeedError in one sentence when there is no answer."""

    async def __call__(self, url: str, *, etag: str = "", last_modified: str = "") -> Fetched | NotModified:
        """The answer, or that it is still the one that these two came with."""
        ...


@dataclass(frozen=True, slots=True)
class Download:
    """A whole answer, and what tells next time whether it is still the same."""

    part: Part
    etag: str
    last_modified: str


async def download(fetch: Fetch, card: FeedCard, etag: str, last_modified: str) -> Download | None:
    """The list of a card with all that its format needs; None: it did not change. Raises FeedError."""
    found = await fetch(card.url, etag=etag, last_modified=last_modified)
    if isinstance(found, NotModified):
        return None
    beside = []
    for url in (card.formats_url, card.service_bodies_url, card.server_info_url):
        answer = await fetch(url) if url else None
        beside.append(answer.data if isinstance(answer, Fetched) else None)
    return Download(part_of(card, found.data, *beside), found.etag, found.last_modified)


def part_of(
    card: FeedCard,
    data: bytes,
    formats: bytes | None = None,
    service_bodies: bytes | None = None,
    server_info: bytes | None = None,
) -> Part:
    """The bytes of a card's list as they are read."""
    extra = Extra(formats, service_bodies, server_info=server_info)
    return Part(data, card.format, card.fellowship, card.zone, extra)


def digest(part: Part) -> bytes:
    """32 bytes that tell one answer from another."""
    return hashlib.blake2b(msgspec.msgpack.encode(_pieces(part)), digest_size=32).digest()


def pack(part: Part) -> bytes:
    """The bytes of an answer, small enough to lie in the database."""
    return zlib.compress(msgspec.msgpack.encode(_pieces(part)))


def unpack(card: FeedCard, packed: bytes) -> Part:
    """What `pack` packed."""
    data, *beside = msgspec.msgpack.decode(zlib.decompress(packed), type=list[bytes | None])
    return part_of(card, data or b"", *beside)


def reading(card: FeedCard) -> bytes:
    """Changes with the card and with this program: an unchanged list would then be read another way."""
    try:
        program = version("openchair")
    except PackageNotFoundError:
        program = ""
    return hashlib.blake2b(f"{program} {card!r}".encode(), digest_size=16).digest()


def _pieces(part: Part) -> list[bytes | None]:
    return [part.data, part.extra.formats, part.extra.service_bodies, part.extra.server_info]
