"""Changes that one person alone may not make: they wait for a second one."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.admin import Author, scope_as_json, scope_of_json
from bot.domain.edits import Proposal
from bot.store.tables import proposals as table

OPEN, ACCEPTED, REJECTED, WITHDRAWN = "open", "accepted", "rejected", "withdrawn"


async def add(connection: AsyncConnection, proposal: Proposal) -> Proposal:
    """Let one wait; it gets its number."""
    row = {
        "meeting": proposal.meeting,
        "kind": proposal.kind,
        "title": proposal.title,
        "about": scope_as_json(proposal.about),
        "before": dict(proposal.before),
        "after": dict(proposal.after),
        "admin": proposal.author.id,
        "name": proposal.author.name,
        "at": proposal.at,
        "why": proposal.why,
        "until": proposal.until,
        "state": OPEN,
        "reason": "",
    }
    number = (await connection.execute(insert(table).values(row).returning(table.c.id))).scalar_one()
    return replace(proposal, id=int(number))


async def waiting(connection: AsyncConnection) -> list[Proposal]:
    """All that wait, the oldest first."""
    rows = await connection.execute(select(table).where(table.c.state == OPEN).order_by(table.c.id))
    return [_proposal(row) for row in rows]


async def of_meeting(connection: AsyncConnection, meeting: int) -> list[Proposal]:
    """Those of one meeting that wait, the oldest first."""
    chosen = select(table).where(table.c.meeting == meeting, table.c.state == OPEN).order_by(table.c.id)
    return [_proposal(row) for row in await connection.execute(chosen)]


async def by_id(connection: AsyncConnection, number: int, *, lock: bool = False) -> tuple[Proposal, str, str] | None:
    """One, with its state and the reason of that; `lock`: nobody else decides until the transaction ends."""
    chosen = select(table).where(table.c.id == number)
    row = (await connection.execute(chosen.with_for_update() if lock else chosen)).one_or_none()
    return None if row is None else (_proposal(row), row.state, row.reason)


async def settle(connection: AsyncConnection, numbers: Sequence[int], state: str, reason: str = "") -> None:
    """Remember what was decided."""
    await connection.execute(update(table).where(table.c.id.in_(numbers)).values(state=state, reason=reason))


async def forget_settled(connection: AsyncConnection, before: datetime) -> int:
    """Forget what was proposed before that instant and waits no more; how many there were."""
    return (await connection.execute(delete(table).where(table.c.state != OPEN, table.c.at < before))).rowcount


def _proposal(row: Any) -> Proposal:
    about, author = scope_of_json(row.about), Author(row.admin, row.name)
    return Proposal(
        row.id, row.meeting, row.kind, row.title, about, row.before, row.after, author, row.at, row.why, row.until
    )
