"""Reminders brought in step with their meetings, in the transaction that changes these.

What is stored is compared with the rule as it stands now; asked twice, nothing more happens. Whoever was told of a
time or place that is not true any more gets one notice.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.recurrence import Occurrence, Rule
from bot.domain.reminder import Kind
from bot.store import outbox, reminders
from bot.store.outbox import Ahead, Message
from bot.store.reminders import BATCH, Advance, Kept
from bot.store.tables import meetings
from bot.store.tables import reminders as table

TOLD_WITHIN = timedelta(days=3)  # a notice about a series is of use that long
LONG_WAIT = timedelta(hours=20)  # longer than quiet hours: a notice that waits so long is about a day far ahead


async def reminded(connection: AsyncConnection, feed: str) -> list[int]:
    """Those meetings of a feed that anybody wants to be reminded of."""
    of_feed = select(meetings.c.id).where(meetings.c.feed == feed)
    return list(await connection.scalars(select(table.c.meeting).where(table.c.meeting.in_(of_feed)).distinct()))


async def retime(connection: AsyncConnection, ids: Collection[int], now: datetime) -> None:
    """Bring all reminders of these meetings in step, and put down what their people should hear of it."""
    wanted = sorted(ids)
    for first in range(0, len(wanted), BATCH):
        chosen = table.c.meeting.in_(wanted[first : first + BATCH])
        found = await reminders.fetch(connection, reminders.kept(lock=True).where(chosen).order_by(table.c.id))
        for start in range(0, len(found), BATCH):
            await refit(connection, found[start : start + BATCH], now)


async def refit(connection: AsyncConnection, rows: Sequence[Kept], now: datetime, *, tells: bool = True) -> None:
    """The same for reminders that are held already; `tells`: their people hear of it."""
    ahead: dict[int, list[Ahead]] = {row.id: [] for row in rows}
    for message in await outbox.ahead(connection, list(ahead), now):
        ahead[message.reminder].append(message)
    found = [_compare(row, ahead[row.id], now) for row in rows]
    moved = [one.row.id for one in found if one.false is not None]
    if moved:
        await outbox.take_back(connection, moved, now)
    await reminders.advance(connection, [one.step for one in found if one.step is not None])
    for one in found:
        if one.form is not None:
            await reminders.change(connection, one.row.id, {"form": one.form})
    if tells:
        await _tell(connection, [one for one in found if one.false is not None or one.form is not None], now)


@dataclass(slots=True)
class _Found:
    """What is not true any more of a reminder. `form`: the new one, where it differs."""

    row: Kept
    false: Occurrence | None = None
    form: int | None = None
    step: Advance | None = None
    coming: Occurrence | None = field(default=None)


def _compare(row: Kept, ahead: Sequence[Ahead], now: datetime) -> _Found:
    found = _Found(row)
    coming, rule = row.coming, row.rule
    over = not row.weekly and coming is not None and coming.start <= now
    if over or (coming is None and (rule is None or rule.next(now) is None)):
        return found  # it was for one meeting, which began; or it is paused, or off the list as before
    believed = [Occurrence(one.day, one.starts_at) for one in ahead if one.kind is not Kind.CHECK_IN]
    believed += [] if coming is None else [coming]  # of a series even one that passed unplanned tells its hour
    found.false = next((one for one in believed if not _holds(rule, one)), None)
    if rule is not None and row.form is not None and row.form != row.form_now:
        found.form = row.form_now
    if found.false is not None or coming is None:
        found.step = _step(row, ahead, now, moved=found.false is not None)
    else:
        found.step = _sooner(row, coming, ahead, now)
    found.coming = found.step.coming if found.step else coming
    return found


def _sooner(row: Kept, coming: Occurrence, ahead: Sequence[Ahead], now: datetime) -> Advance | None:
    """The step back to an occurrence that is held after all and can still be reminded of."""
    if row.rule is None or row.fires_at is None:
        return None
    sooner = row.rule.next_ahead(now, _told(ahead))
    if sooner is None or sooner.start >= coming.start:
        return None
    return Advance(row.id, sooner, row.rule.fires(sooner), row.check_in, row.skipped)


def _told(ahead: Sequence[Ahead]) -> set[date]:
    """The dates about which something may have arrived."""
    return {one.day for one in ahead if one.bound and one.kind is not Kind.CHECK_IN}


def _holds(rule: Rule | None, believed: Occurrence) -> bool:
    """Whether an occurrence is still one of the series."""
    return rule is not None and rule.series(believed.start - timedelta(seconds=1)) == believed


def _step(row: Kept, ahead: Sequence[Ahead], now: datetime, *, moved: bool) -> Advance:
    rule = row.rule
    # A check-in that is taken back with its reminder is asked for again after the next meeting.
    asks = row.check_in or (moved and any(one.kind is Kind.CHECK_IN and not one.bound for one in ahead))
    if rule is None:
        return Advance(row.id, None, None, asks, row.skipped)
    told = _told(ahead)
    if not row.weekly and told:
        return Advance(row.id, rule.next(now), None, asks, row.skipped)
    coming = rule.next(now, told)
    return Advance(row.id, coming, rule.fires(coming) if coming else None, asks, row.skipped)


async def _tell(connection: AsyncConnection, found: Sequence[_Found], now: datetime) -> None:
    """One notice each; one that waits already tells of the newest state when it goes."""
    waiting = await outbox.waiting_notices(connection, [one.row.id for one in found], now + LONG_WAIT)
    notices = [_notice(one, now) for one in found if one.row.meeting is not None and one.row.id not in waiting]
    await outbox.put(connection, [one for one in notices if one is not None])


def _notice(found: _Found, now: datetime) -> Message | None:
    before = found.false or found.coming
    if before is None:
        return None
    dead_after = now + TOLD_WITHIN
    if not found.row.weekly:
        dead_after = found.coming.start if found.coming else before.start
    second = now.hour * 3600 + now.minute * 60 + now.second
    return Message(
        reminder=found.row.id, kind=Kind.NOTICE, day=now.date(), turn=second, visible_at=now, dead_after=dead_after,
        starts_at=before.start, form=found.row.form,
    )  # fmt: skip
