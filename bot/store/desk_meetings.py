"""Meetings for people who help: looked for by words, and rows that may be the same meeting in other lists."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from math import cos, radians
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.admin import Scope
from bot.domain.desk_words import words_of
from bot.domain.meeting import BY_HAND, Meeting, meeting_id
from bot.domain.sameness import NEAR_KM, call_mark, exact_point, street_mark, week_minutes
from bot.store import revising
from bot.store.desk_listing import beside, holding, inside, walked
from bot.store.meetings import NAMES
from bot.store.revising import Known
from bot.store.tables import meetings as table

LOOKED_AT = 600  # rows that a question may bring, before they are put in order
ASKED = 250  # marks, or places on the map, in one statement
SPOTS = 50
OTHERS = 20
POSITIONS = 250  # rows that one key of a list is looked for in
_KM_A_DEGREE = 111.2
_LAST = "\U0010ffff"
_COLUMNS = (*(table.c[name] for name in NAMES), table.c.vanished_at)
_TIMES = tuple(table.c[name] for name in ("id", "feed", "fellowship", "weekday", "start", "zone"))


async def find(connection: AsyncConnection, words: Sequence[str], scope: Scope) -> list[Known]:
    """Meetings of a scope that hold all of these words in name, place or postcode; LOOKED_AT at most.

    `words` as `domain.words.fold` gives them.
    """
    ids = await walked(connection, [*holding(words), *inside(connection, scope)], 0, LOOKED_AT)
    return list((await revising.rows(connection, ids)).values())


async def alike(connection: AsyncConnection, asked: Sequence[Meeting]) -> list[Known]:
    """Rows of other lists at the same time that share the street, the call or the spot with one of these meetings.

    What is no longer listed is among them.
    """
    timed = [one for one in asked if one.weekday is not None and one.start is not None]
    hours: defaultdict[tuple[str, tuple[int, ...]], set[str]] = defaultdict(set)
    for one in timed:
        hours[one.fellowship, week_minutes(one)].add(one.feed)
    kinds = table.c.fellowship.in_(sorted({one.fellowship for one in timed}))
    found: set[int] = set()
    for shared in _shared(timed):
        rows = await connection.execute(select(*_TIMES).where(shared, kinds))
        found |= {row.id for row in rows if _at_an_hour_of_theirs(row, hours)}
    return list((await revising.rows(connection, sorted(found))).values())


def _at_an_hour_of_theirs(row: Any, hours: dict[tuple[str, tuple[int, ...]], set[str]]) -> bool:
    if row.weekday is None or row.start is None:
        return False
    return bool(hours.get((row.fellowship, week_minutes(row)), set()) - {row.feed})


def _shared(asked: Sequence[Meeting]) -> Iterable[ColumnElement[bool]]:
    """Each of these by an index of its own."""
    streets = {mark for one in asked if (mark := street_mark(one.address)) is not None}
    calls = {mark for one in asked if (mark := call_mark(one.join_id, one.join_url)) is not None}
    points = {point for one in asked if (point := exact_point(one)) is not None}
    for column, marks in ((table.c.same_street, sorted(streets)), (table.c.same_call, sorted(calls))):
        yield from (column.in_(marks[first : first + ASKED]) for first in range(0, len(marks), ASKED))
    spots = sorted(points)
    yield from (or_(*(_about(*one) for one in spots[at : at + SPOTS])) for at in range(0, len(spots), SPOTS))


async def others(connection: AsyncConnection, meeting: Meeting) -> list[Meeting]:
    """Those that the same list has of the same group, without the meeting itself; in the order of the week."""
    keyed = [meeting_id(meeting.feed, meeting.key, at) for at in range(POSITIONS)] if meeting.key else []
    named = and_(_begins(meeting), table.c.name == meeting.name, table.c.city == meeting.city)
    in_list = beside(connection, table.c.feed) == meeting.feed
    there = (in_list, table.c.id != meeting.id, table.c.vanished_at.is_(None))
    found: dict[int, Meeting] = {}
    for same in (table.c.id.in_(keyed), and_(named, table.c.fellowship == meeting.fellowship)):
        rows = await connection.execute(select(*_COLUMNS).where(same, *there).limit(ASKED))
        found |= {row[0]: _known(row).meeting for row in rows}
    return sorted(found.values(), key=_in_the_week)[:OTHERS]


def _begins(meeting: Meeting) -> ColumnElement[bool]:
    """Words that begin with its name and town."""
    words = words_of(meeting.name, meeting.city, "", "", "", "")
    return and_(table.c.words >= words, table.c.words <= words + _LAST)


def _in_the_week(one: Meeting) -> tuple[int, int, int]:
    return one.weekday or 8, one.start or 0, one.id


async def by_hand(connection: AsyncConnection, like: Meeting) -> list[Meeting]:
    """Meetings that were added by hand and are shown, with the name, day and time of this one."""
    same = (table.c[name].is_not_distinct_from(getattr(like, name)) for name in ("name", "weekday", "start"))
    chosen = select(*_COLUMNS).where(table.c.feed == BY_HAND, table.c.vanished_at.is_(None), *same)
    return [_known(row).meeting for row in await connection.execute(chosen.order_by(table.c.id))]


def _known(row: Any) -> Known:
    return Known(Meeting(*row[:-1]), row[-1])


def _about(latitude: float, longitude: float) -> ColumnElement[bool]:
    high = NEAR_KM / _KM_A_DEGREE
    wide = high / max(0.01, cos(radians(latitude)))
    return and_(
        table.c.latitude.between(latitude - high, latitude + high),
        table.c.longitude.between(longitude - wide, longitude + wide),
    )
