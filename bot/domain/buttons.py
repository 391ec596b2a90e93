"""The codec of buttons: a search, and what is done with it, in Telegram's 64 bytes, both ways.

The text is a version character and URL-safe base64, so that the same text also serves as the payload of a
start link (64 characters of A-Z a-z 0-9 _ -). Any old button works after a restart, on any machine. A checksum
tells cut or altered data from whole data; it is no signature, and nothing behind a button needs one.

Fields are written in the order of `_write`; each optional group has a presence bit. A new field is added at the
end of a new version, and the old version stays readable: version 2 adds the meetings picked for a hand-off, and
is written only where there are some.
"""

import base64
import binascii
from dataclasses import dataclass, field, replace
from enum import IntEnum

from bot.domain.bits import BitReader, BitWriter
from bot.domain.errors import OutdatedButton
from bot.domain.place import GEOHASH_BITS, Place, from_cell, to_cell
from bot.domain.search import FILTERS, LANGUAGES, NEEDS, RINGS_KM, Order, Search
from bot.domain.when import Day, When

VERSION = "1"
PICKED_VERSION = "2"
MAX_BYTES = 64
MAX_NEEDS = 3
MAX_FELLOWSHIPS = 3
MAX_PICKED = 3
MEETING_BITS = 56
QUARTER = 15
_REACHES = (*RINGS_KM, 100, 200)


class Action(IntEnum):
    """What a button does. Numbers stand in buttons that live for years: never change or reuse one."""

    START = 1
    ASK_PLACE = 2
    ASK_ABOUT = 3
    ASK_ABOUT_MORE = 4  # number: the door whose second step this is
    LIST = 5  # a new list
    PAGE = 6  # the same list, edited in place
    MEETING = 7
    EXPECT = 8
    TALK_FIRST = 9
    FELLOWSHIP = 10  # number: the fellowship's
    OTHER_ACTIONS = 11
    CALENDAR = 12
    SHARE = 13
    URGENT = 14
    URGENT_COUNTRY = 15  # number: two letters of the country, see country_number()
    URGENT_COUNTRIES = 16  # number: page
    ONLINE_NOW = 17
    WHY_ORDER = 18
    CHANGE = 19
    ASK_WHEN = 20
    FAMILY = 21
    OPTIONS = 22
    PRIVACY = 23
    FORGET = 24
    HELP = 25
    LANGUAGE = 26
    JOIN_HELP = 27
    RESUME = 28  # "Show the meetings I asked for"
    ASK_FILTERS = 29  # the search already carries the filters that were pressed


@dataclass(frozen=True, slots=True)
class Press:
    """A button's meaning: an action on a search, perhaps on one meeting, with a small number of its own."""

    action: Action
    search: Search = field(default_factory=Search)
    meeting: int | None = None
    number: int = 0
    picked: tuple[int, ...] = ()  # while a hand-off is made; at most three meetings together with `meeting`


def country_number(country: str) -> int:
    """A country's two letters as a number of ten bits."""
    return (ord(country[0]) - 65) * 26 + ord(country[1]) - 65


def country_letters(number: int) -> str:
    """The reverse of country_number; OutdatedButton if it is none."""
    first, second = divmod(number, 26)
    if first > 25:
        raise OutdatedButton
    return chr(65 + first) + chr(65 + second)


def pack(press: Press, fellowship_numbers: dict[str, int]) -> str:
    """Button data of at most 64 bytes. ValueError for a search that no button could carry."""
    writer = BitWriter()
    _write(writer, press, fellowship_numbers)
    if press.picked:
        _write_list(writer, list(press.picked), MAX_PICKED, MEETING_BITS)
    data = writer.to_bytes()
    data += binascii.crc_hqx(data, 0).to_bytes(2, "big")
    version = PICKED_VERSION if press.picked else VERSION
    text = version + base64.urlsafe_b64encode(data).decode().rstrip("=")
    if len(text) > MAX_BYTES:
        raise ValueError("a button cannot carry this search")
    return text


def unpack(text: str, fellowship_ids: dict[int, str]) -> Press:
    """The meaning of button data; OutdatedButton for anything that is not whole and known."""
    version, body = text[:1], text[1:]
    if version not in (VERSION, PICKED_VERSION) or not text.isascii() or len(text) > MAX_BYTES:
        raise OutdatedButton
    try:
        data = base64.b64decode(body + "=" * (-len(body) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        raise OutdatedButton from None
    if len(data) < 3 or binascii.crc_hqx(data[:-2], 0).to_bytes(2, "big") != data[-2:]:
        raise OutdatedButton
    try:
        reader = BitReader(data[:-2])
        press = _read(reader, fellowship_ids)
        return replace(press, picked=_read_picked(reader)) if version == PICKED_VERSION else press
    except (KeyError, ValueError, IndexError):
        raise OutdatedButton from None


def _write(writer: BitWriter, press: Press, numbers: dict[str, int]) -> None:
    search = press.search
    writer.put(press.action, 7)
    writer.put(LANGUAGES[search.language], 7)
    writer.put(search.seed, 16)
    writer.put({None: 0, True: 1, False: 2}[search.online], 2)
    writer.put(search.order, 2)
    writer.put(_REACHES.index(search.reach_km), 3)
    writer.put(search.stated_groups, 1)
    writer.put(min(search.page, 255), 8)
    _write_list(writer, [NEEDS[need] for need in search.needs], MAX_NEEDS, 5)
    _write_list(writer, [numbers[kind] for kind in search.fellowships], MAX_FELLOWSHIPS, 8)
    _write_when(writer, search.when)
    _write_filters(writer, search)
    place = search.place
    writer.put_optional(to_cell(place.latitude, place.longitude) if place else None, GEOHASH_BITS)
    writer.put_optional(press.meeting, MEETING_BITS)
    writer.put_optional(press.number or None, 16)


def _write_list(writer: BitWriter, values: list[int], most: int, width: int) -> None:
    kept = values[:most]
    writer.put(len(kept), 2)
    for value in kept:
        writer.put(value, width)


def _write_when(writer: BitWriter, when: When) -> None:
    writer.put(when.day, 4)
    for minute in (when.start, when.end):
        writer.put_optional(None if minute is None else minute // QUARTER, 7)


def _write_filters(writer: BitWriter, search: Search) -> None:
    bits = 0
    for name in search.filters:
        bits |= 0 if name.startswith("lang_") else 1 << FILTERS[name]
    writer.put_optional(bits or None, 32)
    language = search.meeting_language
    writer.put_optional(LANGUAGES[language] if language else None, 7)


def _read(reader: BitReader, fellowship_ids: dict[int, str]) -> Press:
    action = Action(reader.take(7))
    language = _LANGUAGE_CODES[reader.take(7)]
    seed = reader.take(16)
    online = (None, True, False)[reader.take(2)]
    order = Order(reader.take(2))
    reach = _REACHES[reader.take(3)]
    stated = bool(reader.take(1))
    page = max(1, reader.take(8))
    needs = tuple(_NEED_NAMES[reader.take(5)] for _ in range(reader.take(2)))
    fellowships = tuple(fellowship_ids[reader.take(8)] for _ in range(reader.take(2)))
    when = When(Day(reader.take(4)), _read_minute(reader), _read_minute(reader))
    filters = _read_filters(reader)
    cell = reader.take_optional(GEOHASH_BITS)
    place = None if cell is None else Place("", *from_cell(cell))
    meeting = reader.take_optional(MEETING_BITS)
    number = reader.take_optional(16) or 0
    search = Search(
        place,
        online,
        needs,
        fellowships,
        when,
        filters,
        order,
        seed,
        page,
        reach,
        stated,
        language,
    )
    return Press(action, search, meeting, number)


def _read_picked(reader: BitReader) -> tuple[int, ...]:
    return tuple(reader.take(MEETING_BITS) for _ in range(reader.take(2)))


def _read_minute(reader: BitReader) -> int | None:
    quarter = reader.take_optional(7)
    if quarter is not None and quarter >= 24 * 60 // QUARTER:
        raise OutdatedButton
    return None if quarter is None else quarter * QUARTER


def _read_filters(reader: BitReader) -> frozenset[str]:
    bits = reader.take_optional(32) or 0
    names = {name for name, bit in FILTERS.items() if bits >> bit & 1}
    language = reader.take_optional(7)
    if language is not None:
        names.add(f"lang_{_LANGUAGE_CODES[language]}")
    return frozenset(names)


_NEED_NAMES = {number: name for name, number in NEEDS.items()}
_LANGUAGE_CODES = {number: code for code, number in LANGUAGES.items()}
