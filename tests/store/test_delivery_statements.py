"""The engine says the same to both databases: statements are compared, and what only one of them has is listed."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event

from bot.domain.meeting import Status
from bot.domain.reminder import NotSent, Unsure
from bot.store.database import Database
from tests.reminding import DAY, HOUR, SOMEBODY, TUESDAY, WEEK, opened_world

TABLES = re.compile(r"\b(people|reminders|outbox|plans|facts)\b")
ONLY_POSTGRESQL = (  # SQLite has one writer at a time: there is nobody to lock out
    r" FOR (NO KEY )?UPDATE( OF \w+)?( SKIP LOCKED)?",
)
SPELLING = (  # the same thing in other words
    (r"\$\d+(::[A-Z]+( VARYING)?)?", "?"),
    (r"\bIS 1\b", "IS true"), (r"\bIS 0\b", "IS false"),
    (r"([\w.]+) = 1\b", r"\1"), (r"([\w.]+) = 0\b", r"NOT \1"),
    (r"\(SELECT 1 FROM \(SELECT 1\) WHERE 1!=1\)", "(NULL) AND (1 != 1)"),  # in no row
    (r"LIMIT \? OFFSET \?", "LIMIT ?"),
    (r" RETURNING .*", ""),  # the id of a new row comes back one way or the other
)  # fmt: skip


@contextmanager
def heard(database: Database) -> Iterator[list[str]]:
    """Every statement about people and their reminders while this lasts."""
    said: list[str] = []

    def listen(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if TABLES.search(statement) and not statement.startswith("PRAGMA"):
            said.append(statement)

    engines = [engine.sync_engine for engine in (database._writes, database._reads) if engine is not None]
    for engine in engines:
        event.listen(engine, "before_cursor_execute", listen)
    try:
        yield said
    finally:
        for engine in engines:
            event.remove(engine, "before_cursor_execute", listen)


def plain(statement: str) -> str:
    """Without what only one database needs, and with one spelling of the rest."""
    text = " ".join(statement.replace(chr(34), "").split())
    for pattern in ONLY_POSTGRESQL:
        text = re.sub(pattern, "", text)
    for pattern, same in SPELLING:
        text = re.sub(pattern, same, text)
    return re.sub(r"\((\?, )+\?\)", "(?)", text)


async def whole_life(database: Database) -> list[str]:
    """Everything that a reminder may go through."""
    world, meeting = await opened_world(database)
    with heard(database) as said:
        await world.wanted(meeting, weekly=True, zone="Europe/London")
        await world.people.set_language(SOMEBODY, "es")
        await world.plans.set(SOMEBODY, 3, TUESDAY.date())
        await world.reminders.add_tough_time(SOMEBODY, 5, 18 * 60, zone="Europe/London")
        await world.reminders.ask_afterwards(SOMEBODY, meeting.id, True)
        world.answers = [NotSent(1), Unsure()]
        for minutes in (0, 1, 2, 10):
            await world.tick(TUESDAY - HOUR + timedelta(minutes=minutes))
        await world.reminders.later(SOMEBODY, meeting.id, TUESDAY.date())
        await world.reminders.skip(SOMEBODY, meeting.id, TUESDAY.date() + WEEK)
        await world.reminders.pause(SOMEBODY, meeting.id)
        await world.reminders.keep(SOMEBODY, meeting.id)
        await world.synced(replace(meeting, start=20 * 60))
        await world.tick()
        await world.synced(replace(meeting, status=Status.SUSPENDED))
        await world.upkeep.run(TUESDAY + 84 * DAY)
        await world.upkeep.run(TUESDAY + 92 * DAY)
        await world.wanted(meeting) if await world.reminders.get(SOMEBODY, meeting.id) else None
        await world.people.export(SOMEBODY)
        await world.reminders.stop_all(SOMEBODY)
        await world.people.forget(SOMEBODY)
    return said


@pytest.mark.postgres
async def test_both_databases_hear_the_same_statements(sqlite_db: Database, upgraded_postgres: str) -> None:
    other = Database(upgraded_postgres)
    await other.open()
    one, two = await whole_life(sqlite_db), await whole_life(other)
    await other.close()
    assert len(set(one)) > 50
    assert {plain(statement) for statement in one} ^ {plain(statement) for statement in two} == set()
