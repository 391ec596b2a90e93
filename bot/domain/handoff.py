"""The hand-off link: what a counselor picked, inside 64 characters that only this bot can have written.

It carries an area, needs, filters, up to three meetings, the recipient's language, for whom it is, and the day it
ends, and nothing else: there is no field for a name, a note or a sender. It fits Telegram's start payload
(A-Z a-z 0-9 _ -). The last eight bytes are an HMAC-SHA256 cut to 64 bits over all bytes before it.
"""

import base64
import binascii
import hmac
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta

from bot.domain.bits import BitReader, BitWriter
from bot.domain.buttons import MAX_NEEDS, MAX_PICKED, MEETING_BITS
from bot.domain.errors import BrokenHandoff, OutdatedButton
from bot.domain.found import Row
from bot.domain.place import GEOHASH_BITS, Place, from_cell, to_cell
from bot.domain.search import FILTERS, LANGUAGES, NEEDS, Search

PREFIX = "h"  # no button begins with it
MAX_CHARACTERS = 64
DAYS = 30  # how long a link shows the meetings that were picked
MAC_BYTES = 8
_EPOCH = date(2020, 1, 1)


@dataclass(frozen=True, slots=True)
class Handoff:
    """What the link says. `expires`: its last day, UTC. `from_family`: made by somebody close, not by a counselor."""

    place: Place | None = None
    online: bool | None = None
    needs: tuple[str, ...] = ()
    filters: frozenset[str] = field(default_factory=frozenset)
    meetings: tuple[int, ...] = ()
    language: str = "en"
    from_family: bool = False
    expires: date = _EPOCH

    def search(self, seed: int) -> Search:
        """The search it stands for, its turns drawn anew for who opens it."""
        return Search(self.place, self.online, self.needs, filters=self.filters, seed=seed, language=self.language)

    def expired(self, today: date) -> bool:
        """Whether its last day has passed; area, needs and language still hold then."""
        return today > self.expires


@dataclass(frozen=True, slots=True)
class Handed:
    """A hand-off as it stands today: the picked meetings, and others beside them that nobody picked."""

    search: Search
    picked: tuple[Row, ...]
    others: tuple[Row, ...]
    gone: int = 0  # picked meetings that are no longer listed
    expired: bool = False
    from_family: bool = False


def made_on(day: date, search: Search, meetings: Iterable[int], *, from_family: bool = False) -> Handoff:
    """A hand-off of this search that ends DAYS from now. Times, order and fellowships of the search stay out."""
    place = search.place and Place("", search.place.latitude, search.place.longitude).on_grid()
    return Handoff(
        place,
        search.online,
        search.needs[:MAX_NEEDS],
        search.filters,
        tuple(dict.fromkeys(meetings))[:MAX_PICKED],
        search.language,
        from_family,
        day + timedelta(days=DAYS),
    )


def seal_handoff(handoff: Handoff, key: bytes) -> str:
    """The payload, at most 64 characters."""
    writer = BitWriter()
    writer.put((handoff.expires - _EPOCH).days, 16)
    writer.put(LANGUAGES[handoff.language], 7)
    writer.put(handoff.from_family, 1)
    writer.put({None: 0, True: 1, False: 2}[handoff.online], 2)
    writer.put(len(handoff.needs), 2)
    for need in handoff.needs:
        writer.put(NEEDS[need], 5)
    bits = sum(1 << FILTERS[name] for name in handoff.filters if name in FILTERS)
    writer.put_optional(bits or None, 32)
    spoken = next((name[5:] for name in handoff.filters if name.startswith("lang_")), None)
    writer.put_optional(LANGUAGES[spoken] if spoken else None, 7)
    place = handoff.place
    writer.put_optional(to_cell(place.latitude, place.longitude) if place else None, GEOHASH_BITS)
    writer.put(len(handoff.meetings), 2)
    for meeting in handoff.meetings:
        writer.put(meeting, MEETING_BITS)
    data = writer.to_bytes()
    return PREFIX + base64.urlsafe_b64encode(data + _mac(data, key)).decode().rstrip("=")


def open_handoff(payload: str, keys: Iterable[bytes]) -> Handoff:
    """What a payload says; BrokenHandoff where it is cut, altered, or signed by none of the keys."""
    body = payload[len(PREFIX) :]
    if not payload.startswith(PREFIX) or not payload.isascii() or len(payload) > MAX_CHARACTERS:
        raise BrokenHandoff
    try:
        data = base64.b64decode(body + "=" * (-len(body) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        raise BrokenHandoff from None
    # The same bytes can be spelt in several ways; only the way it was written counts, so that no bit is free.
    if base64.urlsafe_b64encode(data).decode().rstrip("=") != body or len(data) <= MAC_BYTES:
        raise BrokenHandoff
    data, mac = data[:-MAC_BYTES], data[-MAC_BYTES:]
    if not any([hmac.compare_digest(mac, _mac(data, key)) for key in keys]):
        raise BrokenHandoff
    try:
        return _read(BitReader(data))
    except (OutdatedButton, KeyError, ValueError, OverflowError):
        raise BrokenHandoff from None


def _mac(data: bytes, key: bytes) -> bytes:
    return hmac.digest(key, data, "sha256")[:MAC_BYTES]


def _read(reader: BitReader) -> Handoff:
    expires = _EPOCH + timedelta(days=reader.take(16))
    language = _LANGUAGE_CODES[reader.take(7)]
    from_family = bool(reader.take(1))
    online = {0: None, 1: True, 2: False}[reader.take(2)]
    needs = tuple(_NEED_NAMES[reader.take(5)] for _ in range(reader.take(2)))
    bits = reader.take_optional(32) or 0
    filters = {name for name, bit in FILTERS.items() if bits >> bit & 1}
    spoken = reader.take_optional(7)
    if spoken is not None:
        filters.add(f"lang_{_LANGUAGE_CODES[spoken]}")
    cell = reader.take_optional(GEOHASH_BITS)
    place = None if cell is None else Place("", *from_cell(cell))
    meetings = tuple(reader.take(MEETING_BITS) for _ in range(reader.take(2)))
    return Handoff(place, online, needs, frozenset(filters), meetings, language, from_family, expires)


_NEED_NAMES = {number: name for name, number in NEEDS.items()}
_LANGUAGE_CODES = {number: code for code, number in LANGUAGES.items()}
