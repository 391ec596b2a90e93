"""Reminders as people see them, and the messages that they become. When one fires: domain.recurrence."""

import hashlib
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import IntEnum, StrEnum

from bot.domain.exceptions import Days
from bot.domain.meeting import Meeting, Status
from bot.domain.recurrence import FOREVER as FOREVER  # said by those who speak of reminders
from bot.domain.recurrence import Rule

MINUTE_S, HOUR_S, DAY_S = 60, 3_600, 86_400
LEADS_S = (15 * MINUTE_S, 30 * MINUTE_S, HOUR_S, 2 * HOUR_S, 3 * HOUR_S, 6 * HOUR_S, DAY_S)
"""The lead times on offer, in seconds; the first and the third stand on the card."""
LONGEST_LEAD_S = 6 * DAY_S  # a week would be the meeting before
LATER_S = 10 * MINUTE_S  # how long "later" puts a reminder off
MOST_LATER = 3
LAST_MOMENT_S = MINUTE_S  # a reminder closer to the start than this helps nobody
UNOPENED = 3  # so many in a row, and one quiet question follows
PAUSES_AFTER = timedelta(days=7)  # the question stays without an answer
EXPIRES_AFTER = timedelta(days=90)  # without any press
EXPIRY_WORD = timedelta(days=7)  # so long before it is told
MOST_A_DAY = 2  # messages a day that the bot starts; reminders that a person chose come all the same
QUIET = (22 * 60, 8 * 60)  # local minutes between which only what a person chose for that hour comes
CHECK_IN_S = 30 * MINUTE_S  # after the end of a meeting
ASSUMED_DURATION = 60  # minutes, where the list does not say
DAYS_FROM = date(2020, 1, 1)  # buttons carry days since then


class Kind(IntEnum):
    """What a message that the bot starts is about. Stored: never change or reuse a number."""

    REMINDER = 1
    LATER = 2  # the same reminder again, as asked
    TOUGH_TIME = 3
    NOTICE = 4  # its meeting moved, is suspended, changed its place, or is gone
    CHECK_IN = 5
    QUESTION = 6  # three in a row were not opened: keep these, or pause?
    EXPIRY = 7  # it ends soon unless any button is pressed


CHOSEN = frozenset({Kind.REMINDER, Kind.LATER, Kind.TOUGH_TIME})
"""A person chose this very minute: such a message comes in quiet hours too and may be tried twice."""


class State(IntEnum):
    """How far a message is. Stored; those up to SENDING are open."""

    READY = 0
    LEASED = 1
    SENDING = 2  # from here on it may have arrived
    SENT = 3
    UNKNOWN = 4
    FAILED = 5
    EXPIRED = 6


class Reason(StrEnum):
    """What a NOTICE tells."""

    MOVED = "moved"  # another day or time
    CHANGED = "changed"  # another place, or another way to join
    CLOSED = "closed"  # not this week, or once at another time
    SUSPENDED = "suspended"
    GONE = "gone"  # no longer in its list


@dataclass(frozen=True, slots=True)
class Reminder:
    """One person's reminder of one meeting, as it stands now. Instants are UTC; `zone` is how times are shown."""

    meeting: int
    lead_s: int
    weekly: bool  # False: once, then it ends by itself a day later
    named: bool  # the meeting's name stands in the notification; False: discreet
    silent: bool  # without sound
    asks_afterwards: bool  # one question after the next meeting
    language: str
    zone: str | None  # the person's, if saved; None: times are shown in the meeting's
    paused_until: date | None  # FOREVER: until the person resumes it
    skipped: date | None  # "not this week": the local date that is left out
    next_day: date | None  # local date of the next occurrence; None: the list has none
    next_start: datetime | None
    fires_at: datetime | None  # None: paused, sent already, or nothing to remind of

    @property
    def paused(self) -> bool:
        """Paused until further notice."""
        return self.paused_until == FOREVER

    @property
    def off_the_list(self) -> bool:
        """The meeting is suspended or no longer listed: nothing comes until it is back."""
        return self.next_start is None and not self.paused


@dataclass(frozen=True, slots=True)
class ToughTime:
    """An hour that tends to be hard: ISO weekday and local minute, in the person's saved zone."""

    weekday: int
    minute: int
    lead_s: int
    language: str
    cell: int | None  # grid cell of the area to look in, see domain.place; None: online only
    fires_at: datetime | None

    @property
    def number(self) -> int:
        """Its name in a button: the minute of the week."""
        return (self.weekday - 1) * 1440 + self.minute


@dataclass(frozen=True, slots=True)
class Plan:
    """A person's own intention, in their own numbers. Nothing is counted against it."""

    meetings: int
    until: date
    kinds: int | None = None  # at least so many different ones


@dataclass(frozen=True, slots=True)
class Person:
    """What somebody asked to have kept beside reminders; all None: nothing."""

    language: str | None = None
    zone: str | None = None
    quiet: tuple[int, int] | None = None  # local minutes, from and to; None: QUIET; equal: never quiet


@dataclass(frozen=True, slots=True)
class Due:
    """A message that is to be written now: everything a view needs, and no chat.

    `start` and `day` are the occurrence's: for a NOTICE as they were, for a QUESTION or EXPIRY of the next one. Of a
    hard hour, whatever the kind, `meeting` is None and `tough` is set.
    """

    kind: Kind
    language: str
    zone: str  # times are shown in it
    named: bool
    silent: bool
    day: date
    start: datetime | None
    meeting: Meeting | None  # for a NOTICE that it is GONE: as it was last, if still known
    tough: ToughTime | None = None
    weekly: bool = False
    reason: Reason | None = None  # of a NOTICE
    next_start: datetime | None = None  # of a NOTICE: when it is next, as listed now
    later_left: int = 0  # how often "later" can still be pressed
    ends_on: date | None = None  # QUESTION: pauses itself then; EXPIRY: is erased then


@dataclass(frozen=True, slots=True)
class Sent:
    """It arrived."""


@dataclass(frozen=True, slots=True)
class NotSent:
    """It surely did not arrive, and may be sent again in `after_s`; `everybody`: nobody may be written to before."""

    after_s: float
    everybody: bool = False


@dataclass(frozen=True, slots=True)
class Blocked:
    """Nobody is there any more: the bot was blocked, or the account is gone."""


@dataclass(frozen=True, slots=True)
class Rejected:
    """Refused because of a fault of ours: it would be refused again."""


@dataclass(frozen=True, slots=True)
class Unsure:
    """It may have arrived."""


Outcome = Sent | NotSent | Blocked | Rejected | Unsure


def can_remind(meeting: Meeting) -> bool:
    """Whether the list says when it takes place, and that it does."""
    takes_place = meeting.status in (Status.ACTIVE, Status.ONLINE_FOR_NOW)
    return takes_place and meeting.weekday is not None and meeting.start is not None


def leads_left(meeting: Meeting, now: datetime, days: Days = ()) -> tuple[int, ...]:
    """Those of LEADS_S that still come before the very next start; () for a meeting without one.

    `days`: its exceptions.
    """
    if not can_remind(meeting):
        return ()
    assert meeting.weekday is not None
    assert meeting.start is not None
    coming = Rule(meeting.weekday, meeting.start, meeting.zone, 0, 0, days=days).series(now)
    if coming is None:
        return ()
    left = (coming.start - now).total_seconds()
    return tuple(lead for lead in LEADS_S if lead < left)


def day_number(day: date) -> int:
    """A local date as the number that buttons carry (16 bits)."""
    return (day - DAYS_FROM).days


def numbered_day(number: int) -> date:
    """The reverse of day_number."""
    return DAYS_FROM + timedelta(days=number)


def asks_at(start: datetime, duration: int | None) -> datetime:
    """When to ask how it was: half an hour after the end (duration in minutes, an hour where not known)."""
    return start + timedelta(minutes=duration or ASSUMED_DURATION, seconds=CHECK_IN_S)


def may_repeat(kind: Kind) -> bool:
    """Whether a message that may have arrived is sent once more: what asks something never is."""
    return kind in CHOSEN


def form_of(status: str, in_person: bool, online: bool, street: int | None) -> int:
    """One number for where and how a meeting takes place; `street`: the mark of its address, see sameness."""
    text = f"{status}/{in_person:d}/{online:d}/{street}"
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=7).digest(), "big")
