"""The last look before a message leaves: is it still true, still wanted, and is it the hour for it?"""

from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta

from bot.domain.recurrence import FOREVER, Rule, quiet_until, zone_named
from bot.domain.reminder import (
    CHOSEN,
    EXPIRES_AFTER,
    EXPIRY_WORD,
    MOST_A_DAY,
    MOST_LATER,
    PAUSES_AFTER,
    UNOPENED,
    Due,
    Kind,
    Reason,
)
from bot.store import outbox, reminders
from bot.store.database import Connection
from bot.store.outbox import Taken
from bot.store.reminders import Kept


@dataclass(frozen=True, slots=True)
class Hold:
    """Not at this hour: look again then."""

    until: datetime


@dataclass(frozen=True, slots=True)
class Drop:
    """There is nothing to say any more."""


@dataclass(frozen=True, slots=True)
class Stale:
    """The reminder stands for another time by now: it is to be computed anew."""


Verdict = Due | Hold | Drop | Stale


async def judge(connection: Connection, taken: Taken, now: datetime) -> Verdict:
    """What to do with a message, by all that is known at this moment."""
    row = await reminders.by_id(connection, taken.reminder)
    if row is None or not _wanted(row, taken):
        return Drop()
    if taken.kind in (*CHOSEN, Kind.CHECK_IN) and not _holds(row, taken):
        return Drop() if taken.kind is Kind.CHECK_IN else Stale()
    reason = _reason(row, taken) if taken.kind is Kind.NOTICE else None
    if taken.kind is Kind.NOTICE and reason is None:
        return Drop()
    if taken.kind not in CHOSEN:
        until = await _courteous(connection, row, taken, now)
        if until > now:
            return Hold(until)
    return await _due(connection, row, taken, reason, now)


def _wanted(row: Kept, taken: Taken) -> bool:
    """Whether the person still wants it: no pause, no skip, no press since."""
    if row.paused_until == FOREVER:
        return False
    if row.paused_until is not None and taken.kind in CHOSEN and taken.day < row.paused_until:
        return False
    if taken.kind in (*CHOSEN, Kind.CHECK_IN) and row.skipped == taken.day:
        return False
    if taken.kind is Kind.QUESTION:
        return row.sent >= UNOPENED
    return taken.kind is not Kind.EXPIRY or row.pressed_on == taken.day


def _holds(row: Kept, taken: Taken) -> bool:
    """Whether the list still says what the message is about. What has begun does not change any more."""
    if taken.kind is Kind.CHECK_IN:
        return not row.gone
    rule, start = row.rule, taken.starts_at
    if rule is None or start is None:
        return False
    found = rule.series(start - timedelta(seconds=1))
    return found is not None and found.start == start and found.day == taken.day


def _reason(row: Kept, taken: Taken) -> Reason | None:
    """What a notice tells; None: all is again as the person knew it."""
    if row.gone:
        return Reason.GONE
    rule = row.rule
    if rule is None:
        return Reason.SUSPENDED
    if taken.starts_at is not None and not _is_start(rule, taken.starts_at):
        usual = _is_start(replace(rule, days=()), taken.starts_at)
        return Reason.CLOSED if usual else Reason.MOVED
    return Reason.CHANGED if taken.form != row.form_now else None


def _is_start(rule: Rule, instant: datetime) -> bool:
    found = rule.series(instant - timedelta(seconds=1))
    return found is not None and found.start == instant


async def _courteous(connection: Connection, row: Kept, taken: Taken, now: datetime) -> datetime:
    """When a message that nobody chose the minute of may come: not in quiet hours, and not as the third that day."""
    zone = zone_named(row.shown_zone)
    until = quiet_until(now, zone, row.quiet)
    today = datetime.combine(now.astimezone(zone).date(), time(), tzinfo=zone)
    if until == now and await outbox.sent_since(connection, row.person, today) >= MOST_A_DAY:
        until = quiet_until(datetime.combine(today + timedelta(days=1), time(9), tzinfo=zone), zone, row.quiet)
    soon = [at for at in (taken.starts_at, row.starts_at) if at is not None and at > now]
    if taken.kind is Kind.NOTICE and soon and min(soon) <= until:
        return now  # later would be too late: somebody may be standing before a locked door
    return until


async def _due(connection: Connection, row: Kept, taken: Taken, reason: Reason | None, now: datetime) -> Due:
    meeting = None if row.meeting is None else await reminders.known_meeting(connection, row.meeting)
    used = await outbox.count(connection, row.id, Kind.LATER, taken.day) if taken.kind in CHOSEN else MOST_LATER
    ends = None
    if taken.kind is Kind.QUESTION:
        ends = now.date() + PAUSES_AFTER
    elif taken.kind is Kind.EXPIRY:
        ends = max(row.pressed_on + EXPIRES_AFTER, now.date() + EXPIRY_WORD)
    day, start = taken.day, taken.starts_at
    if taken.kind in (Kind.QUESTION, Kind.EXPIRY):  # they are about what would come next
        day, start = row.next_day or taken.day, row.starts_at
    elif taken.kind is Kind.NOTICE and start is not None:
        day = start.astimezone(zone_named(row.shown_zone)).date()
    return Due(
        kind=taken.kind, language=row.language, zone=row.shown_zone, named=row.named, silent=row.silent, day=day,
        start=start, meeting=meeting, tough=row.as_tough_time() if row.meeting is None else None,
        weekly=row.weekly, reason=reason, next_start=row.starts_at if reason is not None else None,
        later_left=MOST_LATER - used, ends_on=ends,
    )  # fmt: skip
