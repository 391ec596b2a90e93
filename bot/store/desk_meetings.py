"""Meetings for people who help: looked for by words, and rows that may be the same meeting in other lists.

These statements look through the whole table: for a person who waits for one answer, not for lists of everybody.
"""

from collections.abc import Sequence
from math import cos, radians
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.admin import Scope
from bot.domain.meeting import BY_HAND, Meeting
from bot.domain.sameness import NEAR_KM, call_mark, exact_point, street_mark
from bot.domain.words import fold
from bot.store.meetings import NAMES
from bot.store.revising import Known
from bot.store.tables import meetings as table

LOOKED_AT = 600  # rows that a question may bring, before they are put in order
ALIKE = 2_000  # rows that are compared with those of one question
ASKED = 250
SPOTS = 10  # meetings whose places on the map are looked around
OTHERS = 20
_KM_A_DEGREE = 111.2
_CODE: ColumnElement[str] = table.c.postal_code + " " + func.replace(table.c.postal_code, " ", "")
_TEXT: ColumnElement[str] = (
    table.c.name + " " + table.c.venue + " " + table.c.city + " " + table.c.address + " " + _CODE
)
_LOOSE = frozenset("aeiounc")  # letters that stand with and without an accent
_FIRM = 2  # letters of a word that have to be others
_COLUMNS = (*(table.c[name] for name in NAMES), table.c.vanished_at)


async def find(connection: AsyncConnection, words: Sequence[str], scope: Scope) -> list[Known]:
    """Meetings of a scope that hold all of these words in name, place or postcode, in no order.

    `words` as `domain.words.fold` gives them. A letter may have an accent that was not typed.
    """
    like = "LIKE" if connection.dialect.name == "sqlite" else "ILIKE"  # SQLite's folds plain letters by itself
    conditions = [or_(*(_TEXT.op(like, is_comparison=True)(one) for one in word_patterns(word))) for word in words]
    chosen = select(*_COLUMNS).where(*conditions, *_inside(scope)).limit(LOOKED_AT)
    found = [_known(row) for row in await connection.execute(chosen)]
    return [one for one in found if all(word in _folded(one.meeting) for word in words)]


async def alike(connection: AsyncConnection, asked: Sequence[Meeting]) -> list[Known]:
    """Rows that share the street or the call with one of these meetings, or (asked about a few) the spot.

    What is no longer listed is among them.
    """
    found: dict[int, Known] = {}
    for first in range(0, len(asked), ASKED):
        some = asked[first : first + ASKED]
        streets = {mark for one in some if (mark := street_mark(one.address)) is not None}
        calls = {mark for one in some if (mark := call_mark(one.join_id, one.join_url)) is not None}
        points = [point for one in some if (point := exact_point(one)) is not None]
        near: list[ColumnElement[bool]] = [
            table.c.same_street.in_(sorted(streets)),
            table.c.same_call.in_(sorted(calls)),
        ]
        if len(asked) <= SPOTS:
            near += [_about(*point) for point in points]
        kinds = sorted({one.fellowship for one in some})
        chosen = select(*_COLUMNS).where(table.c.fellowship.in_(kinds), or_(*near)).order_by(table.c.id)
        found |= {row[0]: _known(row) for row in await connection.execute(chosen.limit(ALIKE))}
    return list(found.values())


async def others(connection: AsyncConnection, meeting: Meeting) -> list[Meeting]:
    """Those that the same list has of the same group, without the meeting itself; in the order of the week."""
    same = or_(
        and_(table.c.key == meeting.key, table.c.key != ""),
        and_(table.c.name == meeting.name, table.c.fellowship == meeting.fellowship, table.c.city == meeting.city),
    )
    chosen = select(*_COLUMNS).where(
        table.c.feed == meeting.feed, table.c.id != meeting.id, table.c.vanished_at.is_(None), same
    )
    ordered = chosen.order_by(table.c.weekday, table.c.start, table.c.id).limit(OTHERS)
    return [_known(row).meeting for row in await connection.execute(ordered)]


async def by_hand(connection: AsyncConnection, like: Meeting) -> list[Meeting]:
    """Meetings that were added by hand and are shown, with the name, day and time of this one."""
    same = (table.c[name].is_not_distinct_from(getattr(like, name)) for name in ("name", "weekday", "start"))
    chosen = select(*_COLUMNS).where(table.c.feed == BY_HAND, table.c.vanished_at.is_(None), *same)
    return [_known(row).meeting for row in await connection.execute(chosen.order_by(table.c.id))]


def _known(row: Any) -> Known:
    return Known(Meeting(*row[:-1]), row[-1])


def word_patterns(word: str) -> list[str]:
    """What a text has to be like that may hold a word: letters that may have an accent are left open.

    All of them where enough is left to tell; else one at a time: few words have two accents.
    """
    if not word.isascii():
        return [f"%{one}%" for one in sorted({word, word.upper(), word.title()})]
    open_ = [place for place, letter in enumerate(word) if letter in _LOOSE]
    if len(word) - len(open_) >= _FIRM:
        return [f"%{''.join('_' if letter in _LOOSE else letter for letter in word)}%"]
    return [f"%{word}%", *(f"%{word[:place]}_{word[place + 1 :]}%" for place in open_)]


def _inside(scope: Scope) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if scope.fellowships:
        found.append(table.c.fellowship.in_(sorted(scope.fellowships)))
    if scope.feeds:
        found.append(table.c.feed.in_(sorted(scope.feeds)))
    if scope.areas:
        found.append(table.c.country.in_(sorted({area.partition("/")[0].upper() for area in scope.areas})))
    return found


def _about(latitude: float, longitude: float) -> ColumnElement[bool]:
    high = NEAR_KM / _KM_A_DEGREE
    wide = high / max(0.01, cos(radians(latitude)))
    return and_(
        table.c.latitude.between(latitude - high, latitude + high),
        table.c.longitude.between(longitude - wide, longitude + wide),
    )


def _folded(meeting: Meeting) -> str:
    texts = (meeting.name, meeting.venue, meeting.city, meeting.address, meeting.postal_code)
    return fold(" ".join((*texts, meeting.postal_code.replace(" ", ""))))
