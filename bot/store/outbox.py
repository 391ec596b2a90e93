"""Messages that the bot starts: put down when due, leased, marked before and after they are sent."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from secrets import randbits
from typing import Any

from sqlalchemy import case, delete, exists, func, literal_column, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.reminder import CHOSEN, Kind, State
from bot.store.tables import outbox as table
from bot.store.tables import people, reminders

LEASE = timedelta(seconds=60)
SENDING = timedelta(seconds=90)  # longer than a request may take
LAST_CALL = timedelta(seconds=2)  # what takes its way to Telegram so late may arrive too late
MOST_TRIES = 2
ON_LIST = timedelta(days=2)  # how long rows outlive the moment after which they could not be sent
# Written out, not bound: a database takes a partial index only when it can see that its condition holds.
_INDEXED = literal_column("outbox.state") <= literal_column("2")
_OPEN = table.c.state < State.SENDING
_FENCE_BITS = 30
_CHOSEN = sorted(CHOSEN)


@dataclass(frozen=True, slots=True)
class Message:
    """One message, as it is put down. `starts_at`: of its occurrence; nothing is sent from `dead_after` on."""

    reminder: int
    kind: Kind
    day: date
    visible_at: datetime
    dead_after: datetime
    starts_at: datetime | None = None
    turn: int = 0
    form: int | None = None


@dataclass(frozen=True, slots=True)
class Lease:
    """A message in this process's hands; `number` and `by` are its fence."""

    id: int
    by: str
    number: int


@dataclass(frozen=True, slots=True)
class Taken:
    """A leased message with whom it goes to."""

    id: int
    reminder: int
    kind: Kind
    day: date
    turn: int
    dead_after: datetime
    starts_at: datetime | None
    form: int | None
    tries: int
    person: int
    sealed: bytes
    key: int


async def put(connection: AsyncConnection, messages: Sequence[Message]) -> None:
    """Put messages down; one that stands there already stays as it is."""
    if not messages:
        return
    made = sqlite.insert(table) if connection.dialect.name == "sqlite" else postgresql.insert(table)
    fresh = {"state": State.READY, "lease_by": "", "tries": 0}
    # SQLite gives the ids of deleted rows out again: a lease of such a row shall not hold for the next one.
    rows = [
        {name: getattr(one, name) for name in Message.__slots__} | fresh | {"leases": randbits(_FENCE_BITS)}
        for one in messages
    ]
    key = ["reminder", "kind", "day", "turn"]
    await connection.execute(made.on_conflict_do_nothing(index_elements=key), rows)


async def anything(connection: AsyncConnection, now: datetime) -> bool:
    """Whether any reminder is due, or any message is to be sent or settled."""
    due = exists().where(reminders.c.fires_at <= now)
    visible = exists().where(_INDEXED, table.c.visible_at <= now)
    return bool((await connection.execute(select(or_(due, visible)))).scalar_one())


async def lease(connection: AsyncConnection, by: str, now: datetime, limit: int) -> list[Lease]:
    """Take some messages that may go now: those a person chose first, least time left first."""
    mine = select(table.c.id).where(_INDEXED, _OPEN, table.c.visible_at <= now, table.c.dead_after > now)
    first = case((table.c.kind.in_(_CHOSEN), 0), else_=1)
    mine = mine.order_by(first, table.c.dead_after, table.c.id).limit(limit).with_for_update(skip_locked=True)
    values = {
        "state": State.LEASED, "visible_at": now + LEASE, "lease_by": by, "leases": table.c.leases + 1
    }  # fmt: skip
    taking = update(table).where(table.c.id.in_(select(mine.cte("mine").c.id))).values(values)
    columns = (table.c.id, table.c.leases, table.c.kind, table.c.dead_after)
    rows = (await connection.execute(taking.returning(*columns))).all()
    rows = sorted(rows, key=lambda row: (row.kind not in CHOSEN, row.dead_after, row.id))
    return [Lease(row.id, by, row.leases) for row in rows]


def _held(lease: Lease, state: State) -> Any:
    fence = (table.c.id == lease.id, table.c.lease_by == lease.by, table.c.leases == lease.number)
    return update(table).where(*fence, table.c.state == state)


async def look(connection: AsyncConnection, lease: Lease) -> Taken | None:
    """The message behind a lease, held until the transaction ends; None: it was taken back, or the lease is lost."""
    columns = [table.c[name] for name in Taken.__slots__[:9]]
    person = (reminders.c.person, people.c.sealed, people.c.key)
    joined = table.join(reminders, reminders.c.id == table.c.reminder)
    joined = joined.join(people, people.c.id == reminders.c.person)
    fence = (table.c.id == lease.id, table.c.lease_by == lease.by, table.c.leases == lease.number)
    chosen = select(*columns, *person).select_from(joined).where(*fence, table.c.state == State.LEASED)
    row = (await connection.execute(chosen.with_for_update(of=table))).one_or_none()
    if row is None:
        return None
    values = row._asdict()
    return Taken(**(values | {"kind": Kind(values["kind"])}))


async def start(connection: AsyncConnection, lease: Lease, now: datetime) -> bool:
    """Mark a message as being sent; False, and it must not be: the lease is lost, or it is too late."""
    going = _held(lease, State.LEASED).where(table.c.visible_at > now, table.c.dead_after > now + LAST_CALL)
    values = {"state": State.SENDING, "visible_at": now + SENDING, "tries": table.c.tries + 1}
    return (await connection.execute(going.values(values))).rowcount > 0


async def release(connection: AsyncConnection, lease: Lease, until: datetime, *, sending: bool = False) -> bool:
    """Give a message back, to be looked at again; `sending`: it was marked, and surely did not arrive."""
    values: dict[str, Any] = {"state": State.READY, "visible_at": until}
    if sending:
        values["tries"] = table.c.tries - 1
    state = State.SENDING if sending else State.LEASED
    return (await connection.execute(_held(lease, state).values(values))).rowcount > 0


async def drop(connection: AsyncConnection, lease: Lease) -> None:
    """Take a leased message off the list: there is nothing to say any more."""
    fence = (table.c.id == lease.id, table.c.lease_by == lease.by, table.c.leases == lease.number)
    await connection.execute(delete(table).where(*fence, table.c.state == State.LEASED))


async def end(connection: AsyncConnection, lease: Lease, state: State, now: datetime) -> bool:
    """Note what became of a message that was being sent; False: the lease was lost, and nothing is noted."""
    values = {"state": state, "sent_at": now if state is State.SENT else None}
    return (await connection.execute(_held(lease, State.SENDING).values(values))).rowcount > 0


async def holds(connection: AsyncConnection, lease: Lease) -> bool:
    """Whether a message that is being sent is still in these hands."""
    fence = (table.c.id == lease.id, table.c.lease_by == lease.by, table.c.leases == lease.number)
    mine = exists().where(*fence, table.c.state == State.SENDING)
    return bool((await connection.execute(select(mine))).scalar_one())


async def again(connection: AsyncConnection, lease: Lease, at: datetime) -> bool:
    """Let a message that may have arrived go once more; False: not this one, it is bounded or too late."""
    bounded = (table.c.kind.in_(_CHOSEN), table.c.tries < MOST_TRIES, table.c.dead_after > at)
    going = _held(lease, State.SENDING).where(*bounded)
    return (await connection.execute(going.values(state=State.READY, visible_at=at))).rowcount > 0


async def reap(connection: AsyncConnection, now: datetime) -> None:
    """Settle what nobody works on any more: sends that were cut off, and messages that are too late."""
    late = (_INDEXED, table.c.visible_at <= now, table.c.dead_after <= now)
    await connection.execute(update(table).where(_OPEN, *late).values(state=State.EXPIRED))
    cut_off = (_INDEXED, table.c.state == State.SENDING, table.c.visible_at <= now)
    once_more = (table.c.kind.in_(_CHOSEN), table.c.tries < MOST_TRIES, table.c.dead_after > now)
    await connection.execute(update(table).where(*cut_off, *once_more).values(state=State.READY))
    await connection.execute(update(table).where(*cut_off).values(state=State.UNKNOWN))


async def sent_since(connection: AsyncConnection, person: int, since: datetime) -> int:
    """How many messages a person was sent since an instant."""
    joined = table.join(reminders, reminders.c.id == table.c.reminder)
    mine = (reminders.c.person == person, table.c.sent_at >= since)
    return int((await connection.execute(select(func.count()).select_from(joined).where(*mine))).scalar_one())


async def waiting_later(connection: AsyncConnection, reminder: int, day: date) -> datetime | None:
    """When a reminder that was put off comes again, if it is to."""
    mine = (table.c.reminder == reminder, table.c.kind == Kind.LATER, table.c.day == day, _OPEN)
    at: datetime | None = await connection.scalar(select(table.c.visible_at).where(*mine).limit(1))
    return at


async def asking(connection: AsyncConnection, ids: Sequence[int]) -> set[int]:
    """Those of the reminders whose question afterwards is still to come."""
    mine = (table.c.reminder.in_(list(ids)), table.c.kind == Kind.CHECK_IN, _OPEN)
    return set(await connection.scalars(select(table.c.reminder).where(*mine)))


async def count(connection: AsyncConnection, reminder: int, kind: Kind, day: date) -> int:
    """How many messages of a kind there are about a day."""
    mine = (table.c.reminder == reminder, table.c.kind == kind, table.c.day == day)
    return int((await connection.execute(select(func.count()).select_from(table).where(*mine))).scalar_one())


async def planned(connection: AsyncConnection, reminder: int, day: date) -> Any | None:
    """The reminder message about a day (starts_at, dead_after), if it was put down."""
    mine = (table.c.reminder == reminder, table.c.kind.in_(_CHOSEN), table.c.day == day)
    columns = (table.c.starts_at, table.c.dead_after)
    return (await connection.execute(select(*columns).where(*mine).limit(1))).one_or_none()


async def take_back(
    connection: AsyncConnection, ids: Sequence[int], now: datetime, *, day: date | None = None
) -> None:
    """Let nothing of these reminders come any more that is about a day, or else about occurrences that lie ahead.

    What may have arrived once stays known as such; what is on its way at this very moment is not tried again.
    """
    about = table.c.starts_at > now if day is None else table.c.day == day
    mine = (table.c.reminder.in_(list(ids)), table.c.kind.in_((*_CHOSEN, Kind.CHECK_IN)), about)
    await connection.execute(update(table).where(*mine, _OPEN, table.c.tries > 0).values(state=State.UNKNOWN))
    await connection.execute(delete(table).where(*mine, _OPEN))
    await connection.execute(update(table).where(*mine, table.c.state == State.SENDING).values(dead_after=now))


@dataclass(frozen=True, slots=True)
class Ahead:
    """A message about an occurrence that has not begun. `bound`: it may have arrived."""

    reminder: int
    kind: Kind
    day: date
    starts_at: datetime
    bound: bool


async def ahead(connection: AsyncConnection, ids: Sequence[int], now: datetime) -> list[Ahead]:
    """Reminders and check-ins of these reminders that are about occurrences ahead, the soonest first."""
    columns = [table.c[name] for name in ("reminder", "kind", "day", "starts_at", "state", "tries")]
    kinds = (Kind.REMINDER, Kind.TOUGH_TIME, Kind.CHECK_IN)
    mine = (table.c.reminder.in_(list(ids)), table.c.kind.in_(kinds), table.c.starts_at > now)
    rows = await connection.execute(select(*columns).where(*mine).order_by(table.c.starts_at, table.c.id))
    return [
        Ahead(row.reminder, Kind(row.kind), row.day, row.starts_at, row.state >= State.SENDING or row.tries > 0)
        for row in rows
    ]


async def withdraw(connection: AsyncConnection, reminder: int, kinds: Sequence[Kind]) -> None:
    """Delete what was put down of these kinds, sent or not: a press answered it."""
    mine = (table.c.reminder == reminder, table.c.kind.in_(list(kinds)), table.c.state != State.SENDING)
    await connection.execute(delete(table).where(*mine))


async def waiting_notices(connection: AsyncConnection, ids: Sequence[int], until: datetime) -> set[int]:
    """Those of the reminders that have a notice which nobody has begun to send, and which goes by then."""
    mine = (table.c.reminder.in_(list(ids)), table.c.kind == Kind.NOTICE, _OPEN, table.c.visible_at <= until)
    return set(await connection.scalars(select(table.c.reminder).where(*mine)))


async def answered_by_silence(connection: AsyncConnection, before: datetime, limit: int) -> list[tuple[int, int]]:
    """(message, reminder) of some questions that were sent before an instant and are still there."""
    mine = (table.c.kind == Kind.QUESTION, table.c.state == State.SENT, table.c.sent_at <= before)
    chosen = select(table.c.id, table.c.reminder).where(*mine).order_by(table.c.id).limit(limit)
    return [(row.id, row.reminder) for row in await connection.execute(chosen)]


async def purge(connection: AsyncConnection, now: datetime) -> int:
    """Delete what has been over for a while: who was reminded of what is nobody's business. How many."""
    over = (table.c.state > State.SENDING, table.c.dead_after < now - ON_LIST)
    return (await connection.execute(delete(table).where(*over))).rowcount


async def count_by_state(connection: AsyncConnection) -> dict[State, int]:
    """How many messages are in each state."""
    rows = await connection.execute(select(table.c.state, func.count()).group_by(table.c.state))
    return {State(state): number for state, number in rows}
