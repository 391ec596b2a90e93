"""Suggested revisions that wait for people, and what became of them."""

from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.suggestion import Kind, State, Subject, Suggestion
from bot.store.tables import revision_suggestions as table


async def count_waiting(connection: AsyncConnection, subject: Subject) -> int:
    """How many wait about the same article or fellowship, in any language."""
    waiting = select(func.count()).where(table.c.state == State.WAITING, *_about(subject))
    return await connection.scalar(waiting) or 0


async def is_waiting(connection: AsyncConnection, subject: Subject, text: str) -> bool:
    """Whether the same words wait about the same thing."""
    same = and_(table.c.state == State.WAITING, table.c.text == text, *_about(subject))
    return bool(await connection.scalar(select(exists().where(same))))


async def add(connection: AsyncConnection, subject: Subject, text: str, received_on: date) -> None:
    """One more that waits."""
    row = {
        "kind": subject.kind.value,
        "subject": subject.id,
        "language": subject.language,
        "version": subject.version,
        "text": text,
        "received_on": received_on,
        "state": State.WAITING.value,
    }
    await connection.execute(insert(table), row)


async def every(connection: AsyncConnection, state: State | None = None) -> list[Suggestion]:
    """Those in a state, or all of them, oldest first."""
    chosen = select(table).order_by(table.c.id)
    rows = await connection.execute(chosen if state is None else chosen.where(table.c.state == state))
    return [_suggestion(row) for row in rows]


async def by_id(connection: AsyncConnection, number: int) -> Suggestion | None:
    """One of them, for a change: nobody else changes it until the transaction ends."""
    row = (await connection.execute(select(table).where(table.c.id == number).with_for_update())).one_or_none()
    return None if row is None else _suggestion(row)


async def answer(connection: AsyncConnection, number: int, state: State, answered_on: date) -> bool:
    """Say what became of one that waits; whether there was one."""
    one = update(table).where(table.c.id == number, table.c.state == State.WAITING)
    return (await connection.execute(one.values(state=state.value, answered_on=answered_on))).rowcount > 0


async def put(connection: AsyncConnection, number: int, state: State, answered_on: date | None) -> None:
    """Set what became of one, whatever it was; waiting has no day."""
    chosen = update(table).where(table.c.id == number)
    await connection.execute(chosen.values(state=state.value, answered_on=answered_on))


async def waiting_subjects(connection: AsyncConnection) -> list[Subject]:
    """What each of those that wait is about."""
    columns = (table.c.kind, table.c.subject, table.c.language, table.c.version)
    rows = await connection.execute(select(*columns).where(table.c.state == State.WAITING))
    return [Subject(Kind(kind), *rest) for kind, *rest in rows]


def _suggestion(row: Any) -> Suggestion:
    subject = Subject(Kind(row.kind), row.subject, row.language, row.version)
    return Suggestion(row.id, subject, row.text, row.received_on, State(row.state), row.answered_on)


def _about(subject: Subject) -> tuple[ColumnElement[bool], ...]:
    return table.c.kind == subject.kind, table.c.subject == subject.id
