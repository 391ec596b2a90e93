"""Reminders: rows with what decides when they fire, read beside their meeting and their person."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cache
from typing import Any

from sqlalchemy import Select, bindparam, delete, exists, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.exceptions import Days
from bot.domain.meeting import Meeting, Status
from bot.domain.recurrence import FOREVER, Occurrence, Rule
from bot.domain.reminder import QUIET, Kind, Reminder, State, ToughTime, form_of
from bot.store import exceptions
from bot.store.tables import meetings, people
from bot.store.tables import outbox as messages
from bot.store.tables import reminders as table

BATCH = 250


@dataclass(frozen=True, slots=True)
class Kept:
    """A reminder, what its meeting says now, and what its person chose. `meeting` None: of a hard hour."""

    id: int
    person: int
    meeting: int | None
    weekday: int | None
    minute: int | None
    cell: int | None
    language: str
    lead_s: int
    jitter_s: int
    weekly: bool
    named: bool
    silent: bool
    check_in: bool
    form: int | None
    paused_until: date | None
    skipped: date | None
    sent: int
    pressed_on: date
    next_day: date | None
    starts_at: datetime | None
    fires_at: datetime | None
    listed_id: int | None  # the rest is the meeting's and the person's
    vanished_at: datetime | None
    listed_weekday: int | None
    listed_start: int | None
    listed_zone: str | None
    duration: int | None
    status: Status | None
    in_person: bool | None
    online: bool | None
    street: int | None
    zone: str | None
    quiet_from: int | None
    quiet_to: int | None
    days: Days = ()  # on which its meeting is not as every week

    @property
    def gone(self) -> bool:
        """Its meeting is no longer in its list."""
        return self.meeting is not None and (self.listed_id is None or self.vanished_at is not None)

    @property
    def rule(self) -> Rule | None:
        """When it fires; None while its meeting is not listed, suspended or without a time."""
        fixed = (self.lead_s, self.jitter_s, self.paused_until, self.skipped)
        if self.meeting is None:
            assert self.weekday is not None
            assert self.minute is not None
            return Rule(self.weekday, self.minute, self.zone or "UTC", *fixed)
        if self.gone or self.status not in (Status.ACTIVE, Status.ONLINE_FOR_NOW):
            return None
        if self.listed_weekday is None or self.listed_start is None or self.listed_zone is None:
            return None
        return Rule(self.listed_weekday, self.listed_start, self.listed_zone, *fixed, self.days)

    @property
    def coming(self) -> Occurrence | None:
        """The next occurrence as it was last computed."""
        if self.next_day is None or self.starts_at is None:
            return None
        return Occurrence(self.next_day, self.starts_at)

    @property
    def form_now(self) -> int | None:
        """Where and how the meeting takes place now."""
        if self.gone or self.meeting is None:
            return None
        return form_of(str(self.status), bool(self.in_person), bool(self.online), self.street)

    @property
    def shown_zone(self) -> str:
        """In which zone times are shown, and quiet hours are meant."""
        return self.zone or self.listed_zone or "UTC"

    @property
    def quiet(self) -> tuple[int, int]:
        """The quiet hours, local minutes."""
        if self.quiet_from is None or self.quiet_to is None:
            return QUIET
        return self.quiet_from, self.quiet_to

    def as_reminder(self, asks_afterwards: bool) -> Reminder:
        """As people see it."""
        assert self.meeting is not None
        return Reminder(
            meeting=self.meeting, lead_s=self.lead_s, weekly=self.weekly, named=self.named, silent=self.silent,
            asks_afterwards=asks_afterwards, language=self.language, zone=self.zone, paused_until=self.paused_until,
            skipped=self.skipped, next_day=self.next_day, next_start=self.starts_at, fires_at=self.fires_at,
        )  # fmt: skip

    def as_tough_time(self) -> ToughTime:
        """As people see it."""
        assert self.weekday is not None
        assert self.minute is not None
        return ToughTime(self.weekday, self.minute, self.lead_s, self.language, self.cell, self.fires_at)


OWN = Kept.__slots__[: Kept.__slots__.index("listed_id")]
_LISTED = (
    meetings.c.id, meetings.c.vanished_at, meetings.c.weekday, meetings.c.start, meetings.c.zone,
    meetings.c.duration, meetings.c.status, meetings.c.in_person, meetings.c.online, meetings.c.same_street,
)  # fmt: skip
KEPT_COLUMNS = (*(table.c[name] for name in OWN), *_LISTED, people.c.zone, people.c.quiet_from, people.c.quiet_to)
JOINED = table.join(people, people.c.id == table.c.person).outerjoin(meetings, meetings.c.id == table.c.meeting)


def kept(*, lock: bool = False, skip_locked: bool = False) -> Select[Any]:
    """Reminders with everything beside them; `lock` holds the reminders' rows until the transaction ends.

    Locks are taken in one order everywhere: people, reminders, outbox.
    """
    chosen = select(*KEPT_COLUMNS).select_from(JOINED)
    return chosen.with_for_update(of=table, skip_locked=skip_locked) if lock else chosen


async def fetch(
    connection: AsyncConnection, chosen: Select[Any], values: Mapping[str, Any] | None = None
) -> list[Kept]:
    """The rows of a statement made with `kept`. The days are read after the rows are locked: nobody changed them."""
    found = [Kept(*row) for row in await connection.execute(chosen, values)]
    days = await exceptions.of_meetings(connection, {row.meeting for row in found if row.meeting is not None})
    return [replace(row, days=days[row.meeting]) if row.meeting in days else row for row in found] if days else found


@cache
def _by_id(lock: bool) -> Select[Any]:
    return kept(lock=lock).where(table.c.id == bindparam("which"))


@cache
def _of_meeting() -> Select[Any]:
    return kept(lock=True).where(table.c.person == bindparam("whose"), table.c.meeting == bindparam("which"))


async def by_id(connection: AsyncConnection, reminder: int, *, lock: bool = False) -> Kept | None:
    """One reminder."""
    return next(iter(await fetch(connection, _by_id(lock), {"which": reminder})), None)


async def of_person(connection: AsyncConnection, person: int) -> list[Kept]:
    """All reminders of a person, hard hours too, the next first."""
    order = (table.c.fires_at.is_(None), table.c.fires_at, table.c.id)
    return await fetch(connection, kept().where(table.c.person == person).order_by(*order))


async def of_meeting(connection: AsyncConnection, person: int, meeting: int) -> Kept | None:
    """A person's reminder of a meeting, held until the transaction ends."""
    return next(iter(await fetch(connection, _of_meeting(), {"whose": person, "which": meeting})), None)


async def of_hour(connection: AsyncConnection, person: int, weekday: int, minute: int) -> Kept | None:
    """A person's hard hour, held until the transaction ends."""
    hour = (table.c.meeting.is_(None), table.c.weekday == weekday, table.c.minute == minute)
    return next(iter(await fetch(connection, kept(lock=True).where(table.c.person == person, *hour))), None)


async def add(connection: AsyncConnection, values: Mapping[str, Any]) -> int:
    """A new reminder; its id."""
    made = await connection.execute(insert(table).values(dict(values)).returning(table.c.id))
    return int(made.scalar_one())


async def change(connection: AsyncConnection, reminder: int, values: Mapping[str, Any]) -> None:
    """Set columns of one reminder, if any."""
    if values:
        await connection.execute(update(table).where(table.c.id == reminder).values(dict(values)))


async def remove(connection: AsyncConnection, ids: Sequence[int]) -> int:
    """Delete reminders with all that waits to be sent for them; how many."""
    return (await connection.execute(delete(table).where(table.c.id.in_(list(ids))))).rowcount


async def due(connection: AsyncConnection, now: datetime, limit: int) -> list[Kept]:
    """Reminders that fire by now, least time left first; held, and those that another process holds left out."""
    chosen = kept(lock=True, skip_locked=True).where(table.c.fires_at <= now)
    return await fetch(connection, chosen.order_by(table.c.starts_at, table.c.id).limit(limit))


_ADVANCED = (
    update(table)
    .where(table.c.id == bindparam("reminder"))
    .values(
        next_day=bindparam("day"), starts_at=bindparam("start"), fires_at=bindparam("fires"),
        check_in=bindparam("asks"), skipped=bindparam("skips"),
    )
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Advance:
    """What becomes of a reminder after it fired, or after its rule changed."""

    reminder: int
    coming: Occurrence | None
    fires: datetime | None
    check_in: bool
    skipped: date | None


async def advance(connection: AsyncConnection, steps: Sequence[Advance]) -> None:
    """Move reminders on, all in one statement."""
    rows = [
        {
            "reminder": one.reminder,
            "day": one.coming.day if one.coming else None,
            "start": one.coming.start if one.coming else None,
            "fires": one.fires,
            "asks": one.check_in,
            "skips": one.skipped,
        }
        for one in steps
    ]
    if rows:
        await connection.execute(_ADVANCED, rows)


async def put_off(connection: AsyncConnection, reminder: int, until: datetime) -> None:
    """Look at a reminder again later: it could not be worked out."""
    await change(connection, reminder, {"fires_at": until})


async def known_meeting(connection: AsyncConnection, identity: int) -> Meeting | None:
    """A meeting as it was last listed, whether it still is or not."""
    columns = [meetings.c[name] for name in Meeting.__slots__]
    row = (await connection.execute(select(*columns).where(meetings.c.id == identity))).one_or_none()
    return None if row is None else Meeting(*row)


async def after(connection: AsyncConnection, last: int, limit: int = BATCH) -> list[Kept]:
    """Some of the reminders that have something ahead, in the order of ids, held."""
    chosen = kept(lock=True).where(table.c.id > last, table.c.starts_at.is_not(None))
    return await fetch(connection, chosen.order_by(table.c.id).limit(limit))


async def to_tell_of_end(connection: AsyncConnection, since: date, limit: int = BATCH) -> list[Kept]:
    """Some of the reminders without a press since a date (inclusive) that were not told yet, held. Paused: never."""
    told = exists().where(messages.c.reminder == table.c.id, messages.c.kind == Kind.EXPIRY)
    told = told.where(messages.c.day == table.c.pressed_on)
    silent = (table.c.pressed_on <= since, table.c.fires_at.is_not(None), ~told)
    return await fetch(connection, kept(lock=True).where(*silent).order_by(table.c.id).limit(limit))


async def ended(connection: AsyncConnection, since: date, now: datetime, limit: int = BATCH) -> list[int]:
    """Ids of some without a press since a date (inclusive) that were told so in time, or have nothing ahead."""
    told = exists().where(messages.c.reminder == table.c.id, messages.c.kind == Kind.EXPIRY)
    told = told.where(messages.c.day == table.c.pressed_on, messages.c.dead_after <= now)
    over = (table.c.pressed_on <= since, table.c.fires_at.is_(None) | told)
    return list(await connection.scalars(select(table.c.id).where(*over).order_by(table.c.id).limit(limit)))


async def over(connection: AsyncConnection, now: datetime, limit: int = BATCH) -> list[int]:
    """Ids of some that were for one meeting, which began by `now`, or whose meeting is long gone, as was told."""
    once = ~table.c.weekly & table.c.fires_at.is_(None) & (table.c.starts_at <= now)
    forgotten = table.c.meeting.is_not(None) & table.c.starts_at.is_(None) & meetings.c.id.is_(None)
    waiting = exists().where(messages.c.reminder == table.c.id, messages.c.state <= State.SENDING)
    awake = (table.c.paused_until.is_(None) | (table.c.paused_until != FOREVER)) & ~waiting
    chosen = select(table.c.id).select_from(table.outerjoin(meetings, meetings.c.id == table.c.meeting))
    return list(await connection.scalars(chosen.where(once | (forgotten & awake)).limit(limit)))


async def count(connection: AsyncConnection) -> int:
    """How many there are."""
    return int((await connection.execute(select(func.count()).select_from(table))).scalar_one())
