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
from functools import lru_cache

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
    ALL_FACTS = 30  # number: the fellowship's
    COMPARE_WITH = 31  # another kind to set beside the search's first; number: bot.views.compare.TURNED
    COMPARE = 32  # the search's first two kinds, field by field; number likewise
    READ = 33  # number: the article's, 0 for all of them, plus bot.views.articles.TURNED; the search's page
    SUGGEST = 34  # a question; number: the article's
    SUGGEST_CARD = 35  # likewise; number: the fellowship's
    TREATMENT = 37  # number: a country, see country_number(); or a page of the list of countries
    REPORT = 38  # what is wrong; number: domain.report_kinds.NUMBERS, that of OTHER asks for words
    REPORT_SEND = 39  # number likewise
    REMIND = 40  # asks how long before a meeting
    REMINDER_SET = 41  # number: minutes before
    REMINDER = 42  # one reminder and what can be changed; number: see bot.views.remind.Part
    REMINDER_PUT = 43  # one change to it; number: see bot.views.remind.Choice
    REMINDER_OPEN = 44  # number: the day, see domain.reminder.day_number(); likewise to REMINDER_SKIP
    REMINDER_HIDE = 45
    REMINDER_LATER = 46
    REMINDER_SKIP = 47
    REMINDER_STOP = 48
    STOP_ALL = 49
    REMINDERS = 50
    REMINDER_KEEP = 51  # without a meeting: the tough time of that number
    NOTICE_OPEN = 52  # number: the minute of the week as it was, plus one; likewise NOTICE_HIDE
    NOTICE_HIDE = 53
    CHECK_IN = 54  # number: see bot.views.check_in.Answer
    ZONE = 55  # number: see bot.views.zones.zone_number(), or how to ask
    QUIET = 56  # number: quarters of an hour from and to
    PLAN = 57  # number: see bot.views.plan.numbered()
    TOUGH_TIME = 58  # a new one: day and hour stand in the search
    TOUGH_TIME_OPEN = 59  # number: the minute of the week; likewise to TOUGH_TIME_STOP
    TOUGH_TIME_HIDE = 60
    TOUGH_TIME_STOP = 61
    KEEP_LANGUAGE = 62  # number: 1 to keep it, 0 to let it go
    EXPORT = 63  # number: 1 sends the file, 0 says first what is in it
    HANDOFF = 64  # its number, as that of all of these: see bot.views.handoff.numbered()
    HANDOFF_PLACE = 65  # a question
    HANDOFF_ABOUT = 66  # value: the door whose second step this is
    HANDOFF_PICK = 67  # the list to pick from; value: 1 edits it in place
    HANDOFF_FILTERS = 68
    HANDOFF_LANGUAGE = 69
    HANDOFF_MAKE = 70  # value: the recipient's language
    HANDOFF_PAPER = 71  # value: which sheet, see bot.views.handoff.SHEETS; the search is in the recipient's language
    HANDOFF_TOGETHER = 72
    HANDOFF_SHOW = 73  # what the link opens
    HANDOFF_ALONG = 74  # a message that asks somebody to come along
    NOTE = 75  # value: how many days ago, plus one
    NOTE_WRITTEN = 76  # value: days ago times bot.views.note.ENDINGS, plus the ending
    CLEAR = 77  # takes back what the bot wrote of late
    ADMIN = 80  # from here on: for people who help, see bot.views.admin and its like; number: bot.views.admin.ME
    ADMIN_OFFER = 81  # an invitation; its code is in meeting and picked, as in ADMIN_JOIN
    ADMIN_JOIN = 82
    ADMIN_NAME = 83  # a question
    ADMIN_LEAVE = 84  # number: 1 when sure
    ADMIN_FEEDS = 85
    ADMIN_FEED = 86  # meeting: domain.admin.key_of() the feed; number: bot.views.admin_feeds.Step
    ADMIN_HELD = 87  # meeting likewise
    ADMIN_ACCEPT = 88  # meeting likewise; number: the mark of what was looked at; the search's page: 2 when sure
    ADMIN_REFUSE = 89  # likewise
    ADMIN_PEOPLE = 90
    ADMIN_PERSON = 91  # meeting: the person's number; number: bot.views.admin_people.Step
    ADMIN_GIVE = 92  # meeting likewise, none for an invitation; number: see bot.views.admin_people.Gift
    ADMIN_AREA = 93  # a question; likewise
    ADMIN_HISTORY = 94
    ADMIN_CHANGE = 95  # meeting: the change's number; number: bot.views.admin_history.Step
    ADMIN_FIND = 96  # a question
    ADMIN_FORM = 97  # picked: bot.views.admin_draft.Draft, as in ADMIN_DRAFT and ADMIN_SAVE; number: a step or page
    ADMIN_MEETING = 98  # number: bot.views.admin_meetings.Part
    ADMIN_DRAFT = 99  # number: bot.views.admin_edit.Step
    ADMIN_SAVE = 100
    ADMIN_GIVE_UP = 101  # picked: domain.admin.key_of() the field; none: all of them
    ADMIN_TAKE_BACK = 102  # picked: bot.views.admin_draft.changes_packed()
    ADMIN_ADD = 103  # picked: a draft, or nothing; number: a page
    ADMIN_DAY_GONE = 104  # number: domain.reminder.day_number()
    ADMIN_QUEUE = 108  # number: a kind of domain.queue alone, 0 for all; the search's page
    ADMIN_ITEM = 109  # meeting: the item's key; number: see domain.queue.numbered(), as in the three that follow
    ADMIN_ITEM_DO = 110
    ADMIN_ITEM_REASON = 111  # a question
    ADMIN_ITEM_MEETINGS = 112  # those of a list that are gone or old; the search's page
    ADMIN_OLD = 113  # meeting: one of them; number: domain.queue.Step
    ADMIN_LINE = 114  # number: a country's plus one; meeting: which of its urgent numbers, from 1: then a question
    ADMIN_BULK = 116  # number: 1 when a file was just left alone
    ADMIN_BULK_EXPORT = 117  # number: bot.views.admin_bulk.Export; meeting: key_of() a feed; or the search's kind
    ADMIN_BULK_APPLY = 118  # meeting: domain.bulk.Part; number: the mark of what was looked at; page: 2 when sure
    ADMIN_BULK_LINK = 119  # a question
    ADMIN_NEWS = 120  # number: bot.views.admin_news.ASK asks for a town
    ADMIN_NEWS_SET = 121  # the search's page: bot.views.admin_news.Choice; number: what is set
    ADMIN_DESK = 122  # the desk in a browser; number: bot.views.admin_desk.EVERYWHERE


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
    writer.put(press.action, 7)
    writer.put(*_search_bits(press.search, tuple(numbers[kind] for kind in press.search.fellowships)))
    writer.put_optional(press.meeting, MEETING_BITS)
    writer.put_optional(press.number or None, 16)


@lru_cache(maxsize=256)  # the buttons of a screen carry the same search, a few of them another
def _search_bits(search: Search, kinds: tuple[int, ...]) -> tuple[int, int]:
    """A search as a number, and how many bits it has; `kinds`: the numbers of its fellowships."""
    writer = BitWriter()
    writer.put(LANGUAGES[search.language], 7)
    writer.put(search.seed, 16)
    writer.put({None: 0, True: 1, False: 2}[search.online], 2)
    writer.put(search.order, 2)
    writer.put(_REACHES.index(search.reach_km), 3)
    writer.put(search.stated_groups, 1)
    writer.put(min(search.page, 255), 8)
    _write_list(writer, [NEEDS[need] for need in search.needs], MAX_NEEDS, 5)
    _write_list(writer, list(kinds), MAX_FELLOWSHIPS, 8)
    _write_when(writer, search.when)
    _write_filters(writer, search)
    place = search.place
    writer.put_optional(to_cell(place.latitude, place.longitude) if place else None, GEOHASH_BITS)
    return writer.value, writer.bits


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
