"""What a reader of feeds is given, and what the codes of the lists mean."""

import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from bot.domain.report import FeedResult

ZoneOf = Callable[[float, float], str]  # latitude, longitude -> IANA zone, "" where none is known
Locate = Callable[[str, str, str, str], tuple[float, float] | None]  # city, region, country, postal code -> point


@dataclass(frozen=True, slots=True)
class Meaning:
    """What one type code says about a meeting; all empty: a known code that our vocabulary has no word for."""

    tags: frozenset[str] = frozenset()
    languages: tuple[str, ...] = ()  # ISO 639-1
    state: str = ""  # "online", "hybrid" or "room_shut" where the code says how the meeting takes place


@dataclass(frozen=True, slots=True, eq=False)
class TypeTables:
    """The codes of all lists in the canonical vocabulary, and the words that lists write days and places in.

    Codes are in capitals, words are `folded`. A code means what the fellowship's own table says, else what the
    common one (Meeting Guide) says.
    """

    common: Mapping[str, Meaning]
    common_names: Mapping[str, Meaning]  # full names in nine languages
    fellowships: Mapping[str, Mapping[str, Meaning]]
    fellowship_names: Mapping[str, Mapping[str, Meaning]]
    world_ids: Mapping[str, Meaning]  # BMLT, the same on every server
    key_strings: Mapping[str, Meaning]  # BMLT, as servers come; each server may have changed them
    format_names: Mapping[str, Meaning]  # BMLT, of formats without a world id
    languages: Mapping[str, str]  # name of a language -> ISO 639-1
    days: Mapping[str, int]  # name of a day -> ISO weekday
    countries: Mapping[str, str]  # name or code -> ISO alpha-2
    regions: Mapping[str, frozenset[str]]  # ISO alpha-2 -> postal codes of its states or provinces
    zones: Mapping[str, str]  # what people call a zone -> IANA, only where no other can be meant
    join_hosts: frozenset[str]  # meeting services whose links may become buttons

    def meaning(self, fellowship: str, text: str) -> Meaning | None:
        """What a code or a full name says in a list of this fellowship; None: unknown."""
        code = text.strip().upper()
        own = self.fellowships.get(fellowship, {})
        if code in own:
            return own[code]
        if code in self.common:
            return self.common[code]
        name = folded(text)
        return self.fellowship_names.get(fellowship, {}).get(name) or self.common_names.get(name)


def folded(text: str) -> str:
    """A name as it is compared: lower case, no accents, single spaces."""
    if not text.isascii():
        text = "".join(mark for mark in unicodedata.normalize("NFKD", text) if not unicodedata.combining(mark))
    return " ".join(text.casefold().split())


@dataclass(frozen=True, slots=True)
class FeedSource:
    """Everything a reader has to know that does not stand in the bytes themselves."""

    feed: str  # the feed's id, part of every meeting's id
    fellowship: str
    zone: str | None  # IANA zone for rows that have none
    types: TypeTables
    formats: bytes | None = None  # BMLT: the answer to GetFormats
    service_bodies: bytes | None = None  # BMLT: the answer to GetServiceBodies
    zone_of: ZoneOf | None = None
    default_duration: int | None = None  # minutes, where a row has no length
    locate: Locate | None = field(default=None, repr=False)  # finds towns of rows without coordinates
    server_info: bytes | None = None  # BMLT: the answer to GetServerInfo


@dataclass(frozen=True, slots=True)
class FeedCard:
    """One public list: whose it is, where it lies, and what a plausible answer looks like."""

    id: str
    publisher: str
    url: str
    format: str
    fellowship: str
    every: int  # hours between two readings
    least: int  # meetings; an answer with fewer is not taken for the list
    most: int
    max_shrink: float = 0.2  # share of the meetings that may be gone from one reading to the next
    zone: str | None = None  # IANA zone of rows that have none
    formats_url: str = ""  # BMLT: GetFormats
    service_bodies_url: str = ""  # BMLT: GetServiceBodies
    server_info_url: str = ""  # BMLT: GetServerInfo
    contact: str = ""  # the publisher's public page
    feedback: str = ""  # where corrections go: an address of the publisher
    terms: str = ""  # what is known about using the list
    countries: tuple[str, ...] = ()  # ISO alpha-2; empty: anywhere
    areas: tuple[str, ...] = ()  # names of the parts of those countries; empty: all of them


class Reader(Protocol):
    """Turns the bytes of one feed into meetings and complaints; FeedError when they cannot be read at all."""

    def __call__(self, data: bytes, source: FeedSource) -> FeedResult:
        """Every row is taken or refused; no row raises."""
        ...
