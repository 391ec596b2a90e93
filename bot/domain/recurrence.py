"""When a reminder fires: pure, no clock of its own.

The rule is stored, the instant is computed: dates are walked in the zone of the meeting, never instants. An
occurrence is known by its local date, so that a meeting moved on the same day is no second occurrence.
"""

import hashlib
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from importlib.metadata import version
from pathlib import Path
from zoneinfo import TZPATH, ZoneInfo

from bot.domain.exceptions import Days, next_held
from bot.domain.when import Occurrence as Occurrence  # said by those who speak of reminders
from bot.domain.when import local_instant

FOREVER = date(9999, 12, 31)  # paused until the person says otherwise
JITTER_S = 600
JITTER_SHARE = 3  # of the lead
_WEEK = timedelta(days=7)
_MOST_WEEKS = 60
_INSTANT = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Rule:
    """What is stored of a reminder and decides when it fires: ISO weekday, local minute, IANA zone, seconds."""

    weekday: int
    minute: int
    zone: str
    lead_s: int
    jitter_s: int
    paused_until: date | None = None
    skipped: date | None = None
    days: Days = ()  # on which the meeting is not as every week

    @property
    def ahead(self) -> timedelta:
        """How long before the start it fires."""
        return timedelta(seconds=self.lead_s + self.jitter_s)

    def fires(self, coming: Occurrence) -> datetime:
        """When it fires for an occurrence; elapsed time, whatever the clocks do in between."""
        return coming.start - self.ahead

    def next(self, after: datetime, done: Collection[date] = ()) -> Occurrence | None:
        """The first occurrence after an instant that is neither `done` nor skipped nor in a pause.

        None: paused, or suspended.
        """
        if self.paused_until == FOREVER:
            return None
        if self.paused_until is not None:
            zone = zone_named(self.zone)
            midnight = local_instant(self.paused_until, 0, zone)
            after = max(after, midnight - timedelta(seconds=1))
        return self.series(after, {*done, self.skipped})

    def series(self, after: datetime, without: Collection[date | None] = ()) -> Occurrence | None:
        """The first occurrence after an instant, whatever the person chose to leave out; None: suspended."""
        if self.days:
            since = after + _INSTANT
            return next_held(self.weekday, self.minute, zone_named(self.zone), self.days, since, without)
        return next_occurrence(self.weekday, self.minute, zone_named(self.zone), after, without)

    def next_ahead(self, now: datetime, done: Collection[date] = ()) -> Occurrence | None:
        """The first occurrence whose reminder is still ahead: nothing fires in the moment it is asked for."""
        return self.next(now + self.ahead, done)


def next_occurrence(
    weekday: int, minute: int, zone: tzinfo, after: datetime, without: Collection[date | None] = ()
) -> Occurrence:
    """The first occurrence that starts after `after` (aware) and whose local date is not among `without`.

    ISO weekday and local minute. A time that a clock change skips is later by the gap; one that comes twice is the
    first (RFC 5545). ValueError if more than a year of dates is left out.
    """
    today = after.astimezone(zone).date()
    day = today + timedelta(days=(weekday - today.isoweekday()) % 7) - _WEEK
    for _ in range(_MOST_WEEKS):
        start = local_instant(day, minute, zone)
        if start > after and day not in without:
            return Occurrence(day, start)
        day += _WEEK
    raise ValueError("every date is left out")


def jitter_s(seed: bytes, lead_s: int) -> int:
    """How much earlier than its lead a reminder fires: fixed for a seed, at most ten minutes or a third of the lead.

    Thousands ask for the same minute, and Telegram takes some 25 messages a second.
    """
    most = min(JITTER_S, lead_s // JITTER_SHARE)
    return int.from_bytes(hashlib.blake2b(seed, digest_size=8).digest(), "big") % (most + 1)


def is_quiet(at: datetime, zone: tzinfo, quiet: tuple[int, int]) -> bool:
    """Whether an instant lies in the quiet hours (local minutes, from and to; equal: never)."""
    local = at.astimezone(zone)
    minute, (start, end) = local.hour * 60 + local.minute, quiet
    return start <= minute < end if start <= end else minute >= start or minute < end


def quiet_until(at: datetime, zone: tzinfo, quiet: tuple[int, int]) -> datetime:
    """When the quiet hours around an instant end; the instant itself outside of them. UTC."""
    if not is_quiet(at, zone, quiet):
        return at
    day = at.astimezone(zone).date()
    ends = local_instant(day, quiet[1], zone)
    return ends if ends > at else local_instant(day + timedelta(days=1), quiet[1], zone)


def zone_named(name: str) -> tzinfo:
    """The zone of an IANA name; ValueError for a name that is none."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise ValueError("no such zone") from None


def rules_version() -> str:
    """Which edition of the world's zone rules this process computes with."""
    for folder in TZPATH:
        edition = Path(folder, "tzdata.zi")
        if edition.is_file():
            with edition.open(encoding="ascii", errors="replace") as lines:
                return f"system {lines.readline().strip()}"
    return f"tzdata {version('tzdata')}"


def forget_zones() -> None:
    """Let the rules be read again: the operator may have brought newer ones."""
    ZoneInfo.clear_cache()
