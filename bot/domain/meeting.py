"""A meeting as a list publishes it, and the one vocabulary that every list is mapped to."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

MINUTES_A_DAY = 1440
ID_BITS = 56
SAMPLES = "samples"  # the feed of invented meetings that the local preview shows
BY_HAND = "by_hand"  # the feed of meetings that people who help added

# Bit numbers are stored: add at the end, never move one.
TAGS: dict[str, int] = {
    name: bit
    for bit, name in enumerate(
        (
            "open closed wheelchair women men lgbtq young newcomers seniors poc indigenous secular medication "
            "dual child_friendly sign_language speaker discussion step_study meditation round_the_clock "
            "listen_only signs_slips goal_stop goal_less goal_own mental_health literature big_book candlelight "
            "fragrance_free smoking outdoor birthday professionals parents adult_children beginners_only "
            "service tradition_study crosstalk nonbinary families_welcome food captions"
        ).split()
    )
}


class Status(StrEnum):
    """What the list says about whether the meeting takes place."""

    ACTIVE = "active"
    ONLINE_FOR_NOW = "online_for_now"  # the room is shut, the meeting goes on online
    SUSPENDED = "suspended"
    BY_APPOINTMENT = "by_appointment"


@dataclass(frozen=True, slots=True)
class Meeting:
    """One weekly meeting of one source row; times are local wall times in `zone`."""

    id: int  # 56 bits, from meeting_id()
    feed: str
    key: str  # the publisher's own key for the row
    position: int  # in the row's array of days; 0 for a single day
    fellowship: str
    name: str
    weekday: int | None  # ISO, 1 = Monday; None: by appointment
    start: int | None  # minutes after midnight, 0..1439
    duration: int | None  # minutes; None: not known
    zone: str  # IANA
    in_person: bool
    online: bool  # joins by video, chat or phone
    status: Status = Status.ACTIVE
    duration_assumed: bool = False
    check_date: bool = False  # the text hints at monthly or special dates
    approximate: bool = False  # the address is only an area
    latitude: float | None = None
    longitude: float | None = None
    venue: str = ""  # name of the building
    address: str = ""
    city: str = ""
    region: str = ""
    postal_code: str = ""
    country: str = ""  # ISO alpha-2, "" where not known
    directions: str = ""  # room, entrance, transport
    notes: str = ""
    group: str = ""
    tags: frozenset[str] = frozenset()
    languages: tuple[str, ...] = ()  # ISO 639-1
    join_url: str = ""
    join_notes: str = ""
    join_id: str = ""  # meeting number of the conference service
    passcode: str = ""
    dial_in: str = ""  # as published, digits and + , * #
    dial_in_notes: str = ""
    url: str = ""  # the publisher's public page of this meeting
    contact: str = ""  # public contact of the group or its service body, never of an individual
    entity: str = ""  # whose list: name of the service body or intergroup
    entity_phone: str = ""  # helpline of that body
    entity_url: str = ""
    updated: datetime | None = None  # aware, UTC; when the publisher last changed the row

    def has_tag(self, tag: str) -> bool:
        """Whether the list says so; False means only that it does not say."""
        return tag in self.tags

    @property
    def place_line(self) -> str:
        """Venue and address in one line, nothing twice."""
        parts = [part for part in (self.venue, self.address) if part]
        if len(parts) == 2 and parts[1].startswith(parts[0]):
            parts = parts[1:]
        return ", ".join(parts) or self.city or self.region


def meeting_id(feed: str, key: str, position: int) -> int:
    """56 bits of a hash of feed, publisher's key and position in a day array: never of day or time."""
    digest = hashlib.blake2b(f"{feed}\x00{key}\x00{position}".encode(), digest_size=ID_BITS // 8).digest()
    return int.from_bytes(digest, "big")


def id_text(identity: int) -> str:
    """The id as people and reports see it: 14 hexadecimal digits."""
    return f"{identity:014x}"


def tags_to_bits(tags: frozenset[str]) -> int:
    """The tags as a number with one bit each; unknown tags are a programming error (KeyError)."""
    bits = 0
    for tag in tags:
        bits |= 1 << TAGS[tag]
    return bits


def bits_to_tags(bits: int) -> frozenset[str]:
    """The reverse of tags_to_bits; bits of a newer version are left out."""
    return frozenset(tag for tag, bit in TAGS.items() if bits >> bit & 1)
