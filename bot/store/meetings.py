"""Meetings: replaced feed by feed, read by id or as the light rows that a search index is built from."""

import asyncio
from collections.abc import AsyncIterator, Iterable, Sequence
from dataclasses import fields, replace
from datetime import datetime
from itertools import islice
from operator import attrgetter
from typing import Any

from sqlalchemy import (
    BigInteger,
    Integer,
    Text,
    bindparam,
    case,
    cast,
    delete,
    func,
    insert,
    or_,
    select,
    type_coerce,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.clock import system_clock
from bot.domain.desk_words import words_of
from bot.domain.meeting import Meeting
from bot.domain.sameness import call_mark, street_mark
from bot.store.prepared import Prepared
from bot.store.retiming import reminded, retime
from bot.store.tables import meetings as table
from bot.store.tables import revision as counter

INSERT_BATCH = 250
SCAN_BATCH = 2_500
CARDS = 8  # a page of a list, its stand-in, and the meetings named below it
MANY = 100
HEIRS = 500  # a house that is open all week lists some two hundred

LightRow = tuple[Any, ...]
"""(id, feed, fellowship, zone, weekday, start, in_person, online, status, latitude, longitude, tags, languages,
has_dial_in, duration, same_street, same_call): numbers, texts and None only; tags are bits, languages a text like
"en es"; the last two are marks of domain.sameness."""

PlaceRow = tuple[str, str, str, str, float, float, int]
"""(city, region, postal code, country, mean latitude, mean longitude, meetings)."""

NAMES = tuple(field.name for field in fields(Meeting))
"""The columns that are fields of a meeting."""
_TEXTS = tuple(name for name in NAMES if isinstance(table.c[name].type, Text))
_LOOKED_FOR = ("name", "city", "region", "venue", "address", "postal_code")
_LISTED = table.c.vanished_at.is_(None)
_VALUES = attrgetter(*NAMES)
_TEXT_VALUES = attrgetter(*_TEXTS)


def _by_ids(size: int) -> Prepared:
    # A fixed number of binds: one statement text for every question, compiled and prepared once.
    places = [bindparam(f"id_{number}", type_=BigInteger) for number in range(size)]
    return Prepared(select(*(table.c[name] for name in NAMES)).where(table.c.id.in_(places), _LISTED))


_CARDS, _MANY = _by_ids(CARDS), _by_ids(MANY)
_LIGHT = (
    select(
        table.c.id,
        table.c.feed,
        table.c.fellowship,
        table.c.zone,
        table.c.weekday,
        table.c.start,
        cast(table.c.in_person, Integer),
        cast(table.c.online, Integer),
        type_coerce(table.c.status, Text),
        table.c.latitude,
        table.c.longitude,
        type_coerce(table.c.tags, BigInteger),
        type_coerce(table.c.languages, Text),
        case((table.c.dial_in != "", 1), else_=0),
        table.c.duration,
        table.c.same_street,
        table.c.same_call,
    )
    .where(table.c.id > bindparam("after", type_=BigInteger), _LISTED)
    .order_by(table.c.id)
    .limit(SCAN_BATCH)
)


async def replace_feed(
    connection: AsyncConnection, feed: str, meetings: Iterable[Meeting], *, at: datetime | None = None
) -> None:
    """Put these meetings in the place of all that the feed had; the caller's transaction makes it one step.

    Every meeting must carry `feed` and an id that no other feed holds (see `ids_elsewhere`). Reminders are brought
    in step as of `at`, by default now.
    """
    await count_change(connection)
    before = await reminded(connection, feed)
    await connection.execute(delete(table).where(table.c.feed == feed))
    rest = iter(meetings)
    while batch := [record_of(meeting) for meeting in islice(rest, INSERT_BATCH)]:
        await connection.execute(insert(table), batch)
    await retime(connection, {*before, *await reminded(connection, feed)}, at or system_clock())


async def remove_feed(connection: AsyncConnection, feed: str, *, at: datetime | None = None) -> int:
    """Delete all meetings of a feed; how many there were. Where there were none, nothing has changed.

    Reminders are brought in step as of `at`, by default now.
    """
    if not (await connection.execute(select(table.c.id).where(table.c.feed == feed).limit(1))).all():
        return 0
    await count_change(connection)
    before = await reminded(connection, feed)
    removed = (await connection.execute(delete(table).where(table.c.feed == feed))).rowcount
    await retime(connection, before, at or system_clock())
    return removed


async def by_ids(connection: AsyncConnection, ids: Sequence[int]) -> dict[int, Meeting]:
    """The meetings of these ids; an id that is no longer listed is left out."""
    size, statement = (CARDS, _CARDS) if len(ids) <= CARDS else (MANY, _MANY)
    found: dict[int, Meeting] = {}
    for first in range(0, len(ids), size):
        chunk = ids[first : first + size]
        padded = [*chunk, *[chunk[0]] * (size - len(chunk))]
        rows = await statement.rows(connection, {f"id_{place}": one for place, one in enumerate(padded)})
        found |= {row[0]: Meeting(*row) for row in rows}
    return found


async def heirs(connection: AsyncConnection, identity: int) -> tuple[Meeting, list[Meeting]] | None:
    """A meeting that is no longer listed, and those of other feeds that share a mark with it; None for no such row.

    It looks at the whole table: for an id that somebody kept, not for lists.
    """
    columns = [table.c[name] for name in NAMES]
    marks = table.c.same_street, table.c.same_call
    vanished = select(*columns, *marks).where(table.c.id == identity, table.c.vanished_at.is_not(None))
    row = (await connection.execute(vanished)).one_or_none()
    if row is None:
        return None
    gone, street, call = Meeting(*row[:-2]), row[-2], row[-1]
    shared = or_(marks[0] == street, marks[1] == call)  # nothing is equal to NULL
    alike = select(*columns).where(shared, table.c.fellowship == gone.fellowship, table.c.feed != gone.feed, _LISTED)
    return gone, [Meeting(*one) for one in await connection.execute(alike.order_by(table.c.id).limit(HEIRS))]


async def ids_elsewhere(connection: AsyncConnection, feed: str, ids: Sequence[int]) -> set[int]:
    """Those of the ids that belong to another feed."""
    taken: set[int] = set()
    for first in range(0, len(ids), MANY * 5):
        chunk = ids[first : first + MANY * 5]
        rows = await connection.scalars(select(table.c.id).where(table.c.id.in_(chunk), table.c.feed != feed))
        taken.update(rows)
    return taken


async def light_parts(connection: AsyncConnection) -> AsyncIterator[list[LightRow]]:
    """Every meeting as a plain tuple (see `LightRow`) in the order of ids, some at a time: ask a snapshot."""
    after = -1
    while rows := (await connection.execute(_LIGHT, {"after": after})).fetchall():
        yield [tuple(row) for row in rows]
        after = rows[-1][0]


async def place_rows(connection: AsyncConnection) -> list[PlaceRow]:
    """Towns and postcodes as the meetings name them, for places learned from the lists."""
    named = (table.c.city, table.c.region, table.c.postal_code, table.c.country)
    statement = (
        select(*named, func.avg(table.c.latitude), func.avg(table.c.longitude), func.count())
        .where(table.c.latitude.is_not(None), table.c.longitude.is_not(None), _LISTED)
        .where((table.c.city != "") | (table.c.postal_code != ""))
        .group_by(*named)
        .order_by(*named)
    )
    places: list[PlaceRow] = []
    for part in (await connection.execute(statement)).partitions(SCAN_BATCH):
        places += [tuple(row) for row in part]
        await asyncio.sleep(0)
    return places


async def count_by_feed(connection: AsyncConnection) -> dict[str, int]:
    """Meetings of each feed that has any."""
    rows = await connection.execute(select(table.c.feed, func.count()).where(_LISTED).group_by(table.c.feed))
    return {feed: count for feed, count in rows}


async def count_by_fellowship(connection: AsyncConnection) -> dict[str, int]:
    """Meetings of each fellowship that has any."""
    rows = await connection.execute(
        select(table.c.fellowship, func.count()).where(_LISTED).group_by(table.c.fellowship)
    )
    return {fellowship: count for fellowship, count in rows}


async def revision(connection: AsyncConnection) -> int:
    """A number that grows with every change of meetings, in whichever process."""
    number: int = (await connection.execute(select(counter.c.number))).scalar_one()
    return number


async def all_meetings(connection: AsyncConnection, feed: str) -> list[Meeting]:
    """Every meeting of a feed, in the order of ids."""
    statement = select(*(table.c[name] for name in NAMES)).where(table.c.feed == feed, _LISTED).order_by(table.c.id)
    return [Meeting(*row) for row in await connection.execute(statement)]


async def count_change(connection: AsyncConnection) -> None:
    """Tell that meetings change: first of all, so that on PostgreSQL two imports take turns on this row."""
    await connection.execute(update(counter).values(number=counter.c.number + 1))


def as_stored(meeting: Meeting) -> Meeting:
    """The meeting as it will come back, without what no database takes."""
    if _storable("".join(_TEXT_VALUES(meeting))):
        return meeting
    texts: dict[str, Any] = {name: _mended(getattr(meeting, name)) for name in _TEXTS}
    return replace(meeting, **texts)


def record_of(meeting: Meeting) -> dict[str, Any]:
    """The row of a meeting, with texts that every database takes."""
    record = dict(zip(NAMES, _VALUES(meeting), strict=True))
    if not _storable("".join(_TEXT_VALUES(meeting))):
        record |= {name: _mended(record[name]) for name in _TEXTS}
    record["same_street"] = street_mark(meeting.address)
    record["same_call"] = call_mark(meeting.join_id, meeting.join_url)
    record["words"] = words_of(*(record[name] for name in _LOOKED_FOR))
    return record


def _storable(text: str) -> bool:
    return "\x00" not in text and (text.isascii() or _mended(text) == text)


def _mended(text: str) -> str:
    # Half of a surrogate pair and NUL are legal in JSON and in no database.
    return text.replace("\x00", "").encode(errors="replace").decode()
