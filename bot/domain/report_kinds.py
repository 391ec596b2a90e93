"""What people say is wrong with a meeting: the kinds, what may be kept, and what gathers on one meeting.

Nothing here knows who said it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from bot.domain.admin import EVERYTHING, Scope
from bot.domain.meeting import Meeting
from bot.domain.suggestion import Finding


class ReportKind(StrEnum):
    """What is wrong, in the order in which people are asked."""

    LOCKED = "locked"  # the door
    TIME = "time"
    PLACE = "place"
    LINK = "link"  # or the phone number
    ENDED = "ended"  # not running any more
    OTHER = "other"  # in their own words


# Numbers stand in buttons that live for years: never change or reuse one.
NUMBERS: Mapping[ReportKind, int] = {
    ReportKind.LOCKED: 1,
    ReportKind.TIME: 2,
    ReportKind.PLACE: 3,
    ReportKind.LINK: 4,
    ReportKind.ENDED: 5,
    ReportKind.OTHER: 6,
}
_NUMBERED = {number: kind for kind, number in NUMBERS.items()}
INDEPENDENT = 2  # open reports from which on the card says so


def numbered_kind(number: int) -> ReportKind | None:
    """The reverse of NUMBERS; None for a number that no kind has."""
    return _NUMBERED.get(number)


def fitting(meeting: Meeting) -> tuple[ReportKind, ...]:
    """What can be wrong with a meeting: only one with a room has a door, only one online a link."""
    unfit = set[ReportKind]()
    if not meeting.in_person:
        unfit |= {ReportKind.LOCKED, ReportKind.PLACE}
    if not meeting.online:
        unfit.add(ReportKind.LINK)
    return tuple(kind for kind in ReportKind if kind not in unfit)


class ReportState(StrEnum):
    """What became of a report."""

    OPEN = "open"
    ACCEPTED = "accepted"  # it was right
    REJECTED = "rejected"
    GONE = "gone"  # the meeting is no longer listed


class Verdict(StrEnum):
    """What was done with a report. Only KEPT leaves a row."""

    KEPT = "kept"
    KNOWN = "known"  # so many wait about this meeting that one more tells nothing
    SHORT = "short"
    LONG = "long"
    PERSONAL = "personal"


@dataclass(frozen=True, slots=True)
class Kept:
    """A verdict, and for PERSONAL what was found."""

    verdict: Verdict
    found: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class Item:
    """All open reports on one meeting. Days are local to the meeting."""

    meeting: int
    name: str
    about: Scope = EVERYTHING  # whose business it is
    feed: str = ""
    counts: Mapping[ReportKind, int] = field(default_factory=dict)  # the kinds that were reported, most often first
    texts: tuple[str, ...] = ()  # what people wrote, oldest first
    first: date = date.min
    last: date = date.min
    ids: frozenset[int] = frozenset()  # of every list's row that is this meeting, as far as reports lie on them

    @property
    def count(self) -> int:
        """How many reports."""
        return sum(self.counts.values())
