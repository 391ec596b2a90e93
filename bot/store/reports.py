"""What people say is wrong with meetings. No row says who did."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Text, bindparam, delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.admin import Scope, place_scope
from bot.domain.report_kinds import ReportKind, ReportState
from bot.store.prepared import Among
from bot.store.tables import meetings, reports

BATCH = 200
_LISTED = meetings.c.vanished_at.is_(None)
_OPEN = reports.c.state == ReportState.OPEN.value
_STATE = reports.c.state == bindparam("state", type_=Text)
_OPEN_DAYS = Among(reports.c.meeting, lambda some: select(reports.c.day).where(some, _STATE))


@dataclass(frozen=True, slots=True)
class ReportRow:
    """One report."""

    id: int
    meeting: int
    kind: ReportKind
    text: str
    day: date
    state: ReportState
    reason: str


@dataclass(frozen=True, slots=True)
class Reported:
    """The meeting that a report is about, as far as it is still known."""

    name: str
    about: Scope
    feed: str


async def add(
    connection: AsyncConnection, meeting: int, kind: ReportKind, text: str, day: date, *, urgent: bool
) -> None:
    """One more open report; `urgent`: people who asked for it are told at once."""
    row = {"meeting": meeting, "kind": kind.value, "text": text, "day": day, "state": ReportState.OPEN.value}
    await connection.execute(insert(reports).values(row | {"reason": "", "alert": urgent}))


async def open_days(connection: AsyncConnection, ids: Sequence[int]) -> list[date]:
    """The days of the open reports on any of these meetings."""
    return [day for (day,) in await _OPEN_DAYS.rows(connection, ids, state=ReportState.OPEN.value)]


async def open_rows(
    connection: AsyncConnection, ids: Sequence[int] | None = None, *, lock: bool = False
) -> list[ReportRow]:
    """The open reports on these meetings, or all, oldest first."""
    chosen = select(reports).where(_OPEN).order_by(reports.c.id)
    chosen = chosen if ids is None else chosen.where(reports.c.meeting.in_(list(ids)))
    return [_row(row) for row in await connection.execute(chosen.with_for_update() if lock else chosen)]


async def by_numbers(connection: AsyncConnection, numbers: Sequence[int]) -> list[ReportRow]:
    """The reports of these numbers that are still there; nobody else changes them until the end."""
    chosen = select(reports).where(reports.c.id.in_(list(numbers))).order_by(reports.c.id).with_for_update()
    return [_row(row) for row in await connection.execute(chosen)]


async def settle(
    connection: AsyncConnection,
    numbers: Sequence[int],
    state: ReportState,
    reason: str,
    answered_on: date | None,
) -> None:
    """Say what became of reports; `answered_on`: None where they are open again."""
    values = {"state": state.value, "reason": reason, "answered_on": answered_on, "alert": False}
    await connection.execute(update(reports).where(reports.c.id.in_(list(numbers))).values(values))


async def about(connection: AsyncConnection, ids: Sequence[int], *, listed: bool = True) -> dict[int, Reported]:
    """What these meetings are; `listed`: without those that vanished."""
    names = ("id", "name", "fellowship", "country", "region", "feed")
    found: dict[int, Reported] = {}
    for first in range(0, len(ids), BATCH):
        chosen = select(*(meetings.c[name] for name in names)).where(meetings.c.id.in_(ids[first : first + BATCH]))
        for row in await connection.execute(chosen.where(_LISTED) if listed else chosen):
            number, name, fellowship, country, region, feed = row
            scope = place_scope(fellowship=fellowship, country=country, region=region, feed=feed)
            found[number] = Reported(name, scope, feed)
    return found


async def take_alerts(connection: AsyncConnection) -> list[ReportRow]:
    """Reports that people are to be told of at once, each handed out one time only."""
    chosen = select(reports).where(reports.c.alert, _OPEN).order_by(reports.c.id).limit(BATCH)
    rows = [_row(row) for row in await connection.execute(chosen.with_for_update(skip_locked=True))]
    if rows:
        taken = update(reports).where(reports.c.id.in_([row.id for row in rows]))
        await connection.execute(taken.values(alert=False))
    return rows


async def any_alert(connection: AsyncConnection) -> bool:
    """Whether there is anything for take_alerts."""
    return bool(await connection.scalar(select(func.count()).where(reports.c.alert, _OPEN)))


async def close_gone(connection: AsyncConnection, day: date) -> int:
    """Close open reports on meetings that are no longer listed; how many there were."""
    there = select(meetings.c.id).where(meetings.c.id == reports.c.meeting, _LISTED).exists()
    gone = update(reports).where(_OPEN, ~there)
    return (
        await connection.execute(gone.values(state=ReportState.GONE.value, answered_on=day, alert=False))
    ).rowcount


async def erase_texts(connection: AsyncConnection, until: date) -> int:
    """Erase the words of reports that were answered up to a day; how many had any."""
    old = update(reports).where(reports.c.answered_on <= until, reports.c.text != "")
    return (await connection.execute(old.values(text=""))).rowcount


async def erase(connection: AsyncConnection, until: date) -> int:
    """Erase reports that were answered up to a day."""
    return (await connection.execute(delete(reports).where(reports.c.answered_on <= until))).rowcount


def _row(row: Any) -> ReportRow:
    values = row._mapping
    return ReportRow(
        id=values["id"],
        meeting=values["meeting"],
        kind=ReportKind(values["kind"]),
        text=values["text"],
        day=values["day"],
        state=ReportState(values["state"]),
        reason=values["reason"],
    )
