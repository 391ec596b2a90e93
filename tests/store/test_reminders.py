"""What is on the disk: sealed, erased for good, and found by its index."""

import asyncio
import struct
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event, text

from bot.domain.errors import StoreError
from bot.domain.reminder import NotSent
from bot.services.clocks import ClockCheck
from bot.services.limiter import Limiter
from bot.services.outbox import Outbox
from bot.store import outbox as messages
from bot.store import reminders as rows
from bot.store.database import Database
from tests.reminding import DAY, HOUR, SOMEBODY, TUESDAY, World, opened_world

DUE = TUESDAY - HOUR
FORMS = [
    str(SOMEBODY).encode(),
    f"{SOMEBODY:x}".encode(),
    *(struct.pack(order + size, SOMEBODY) for order in "<>" for size in "iq"),
    SOMEBODY.to_bytes(3, "big"),
    SOMEBODY.to_bytes(3, "little"),
]


def on_disk(database: Database) -> bytes:
    """Everything that SQLite has written: the file, and the journal beside it."""
    file = Path(database.url.database or "")
    return b"".join(path.read_bytes() for path in sorted(file.parent.glob(f"{file.name}*")))


async def test_the_file_holds_no_chat_id_in_any_form(sqlite_db: Database) -> None:
    world, meeting = await opened_world(sqlite_db)
    await world.wanted(meeting, weekly=True)
    await world.plans.set(SOMEBODY, 3, TUESDAY.date())
    await world.reminders.add_tough_time(SOMEBODY, 5, 18 * 60, zone="Europe/London")
    await world.tick(DUE)
    await sqlite_db.scrub()
    disk = on_disk(sqlite_db)
    assert b"Europe/London" in disk
    assert [form for form in FORMS if len(form) > 3 and form in disk] == []
    async with sqlite_db.read() as connection:
        values = [value for table in ("people", "reminders", "outbox", "plans")
                  for row in await connection.exec_driver_sql(f"SELECT * FROM {table}") for value in row]  # fmt: skip
    assert SOMEBODY not in values
    assert not any(isinstance(value, bytes) and form in value for value in values for form in FORMS)


async def test_after_an_erasure_nothing_is_left_of_it_in_the_file_or_its_journal(sqlite_db: Database) -> None:
    world, meeting = await opened_world(sqlite_db)
    await world.wanted(meeting, chat=1)
    await world.wanted(meeting)
    async with sqlite_db.read() as connection:
        gone = (await connection.exec_driver_sql("SELECT mark, sealed FROM people ORDER BY id DESC")).first()
    assert gone is not None
    assert all(part in on_disk(sqlite_db) for part in gone)
    await world.people.forget(SOMEBODY)
    assert not any(part in on_disk(sqlite_db) for part in gone)
    assert len(await world.reminders.of(1)) == 1


async def test_one_person_is_one_row_however_often_and_at_once_they_ask(db: Database) -> None:
    world, meeting = await opened_world(db)
    await asyncio.gather(*(world.people.set_language(SOMEBODY, "es") for _ in range(6)), world.wanted(meeting))
    async with db.read() as connection:
        assert (await connection.exec_driver_sql("SELECT count(*) FROM people")).scalar_one() == 1
    assert len(await world.reminders.of(SOMEBODY)) == 1


async def many(world: World, meeting: int, count: int) -> None:
    """So many due reminders of one person each."""
    async with world.database.begin() as connection:
        template = (await connection.exec_driver_sql("SELECT * FROM reminders")).mappings().one()
        first = (await connection.exec_driver_sql("SELECT * FROM people")).mappings().one()
        people = [dict(first) | {"id": number, "mark": b"%16d" % number} for number in range(100, 100 + count)]
        kept = [dict(template) | {"id": one["id"], "person": one["id"]} for one in people]
        await connection.execute(rows.people.insert(), people)
        for row in kept:
            row["pressed_on"] = row["next_day"] = TUESDAY.date()
            row["starts_at"], row["fires_at"] = TUESDAY, DUE
        await connection.execute(rows.table.insert(), kept)


@pytest.mark.postgres
async def test_four_processes_plan_and_lease_every_message_once(upgraded_postgres: str) -> None:
    databases = [Database(upgraded_postgres) for _ in range(4)]
    await asyncio.gather(*(one.open() for one in databases))
    world, meeting = await opened_world(databases[0])
    await world.wanted(meeting)
    await many(world, meeting.id, 400)
    taken: Counter[int] = Counter()

    async def process(database: Database) -> None:
        mine = Outbox(database, world.keys)
        await mine.plan(DUE)
        while leases := await mine.take(DUE, 20):
            taken.update(lease.id for lease in leases)

    await asyncio.gather(*map(process, databases))
    assert len(taken) == 401
    assert set(taken.values()) == {1}
    await asyncio.gather(*(one.close() for one in databases))


async def test_no_step_of_a_tick_looks_at_every_row(sqlite_db: Database) -> None:
    world, meeting = await opened_world(sqlite_db)
    await world.wanted(meeting, weekly=True)
    said: list[tuple[str, Any]] = []

    def listen(_connection: Any, _cursor: Any, statement: str, values: Any, _context: Any, many: bool) -> None:
        if not many:
            said.append((statement, values))

    engines = [engine.sync_engine for engine in (sqlite_db._writes, sqlite_db._reads) if engine is not None]
    for engine in engines:
        event.listen(engine, "before_cursor_execute", listen)
    await world.tick(DUE)
    for engine in engines:
        event.remove(engine, "before_cursor_execute", listen)
    assert world.arrived
    asked = [one for one in said if "outbox" in one[0] or "reminders" in one[0]]
    assert len(asked) > 8
    async with sqlite_db.begin() as connection:
        for statement, values in asked:
            plan = str((await connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)).all())
            assert "SCAN outbox" not in plan, statement
            assert "SCAN reminders" not in plan, statement


@pytest.mark.postgres
async def test_postgresql_finds_what_is_due_by_its_partial_indexes(upgraded_postgres: str) -> None:
    database = Database(upgraded_postgres)
    await database.open()
    questions = {
        "ix_reminders_due": "SELECT id FROM reminders WHERE fires_at <= $1",
        "ix_outbox_open": "SELECT id FROM outbox WHERE outbox.state <= 2 AND state < $1 AND visible_at <= $1",
    }
    async with database.begin() as connection:
        await connection.execute(text("SET LOCAL enable_seqscan = off"))
        await connection.execute(text("SET LOCAL plan_cache_mode = force_generic_plan"))
        for index, question in questions.items():
            await connection.execute(text(f"PREPARE {index}(bigint) AS {question}"))
            plan = str((await connection.execute(text(f"EXPLAIN EXECUTE {index}(5)"))).all())
            assert index in plan
    await database.close()


async def test_sqlite_writes_safely_and_erases_for_good(sqlite_db: Database) -> None:
    wanted = {"journal_mode": "wal", "synchronous": 2, "secure_delete": 1, "foreign_keys": 1}
    async with sqlite_db.begin() as connection:
        found = {name: (await connection.exec_driver_sql(f"PRAGMA {name}")).scalar_one() for name in wanted}
    assert found == wanted


async def test_the_process_limiter_keeps_the_rate_and_the_rest_that_telegram_asked_for(sqlite_db: Database) -> None:
    at = [0.0]

    async def sleep(seconds: float) -> None:
        at[0] += seconds

    limiter = Limiter(sqlite_db, 25, clock=lambda: at[0], sleep=sleep)
    for _ in range(250):
        assert await limiter.take() == 0
    assert 9.7 <= at[0] <= 10.2
    await limiter.pause(30)
    assert 29 < await limiter.take() <= 30
    at[0] += 29.5
    assert await limiter.take() == 0
    assert at[0] >= 39.7


@pytest.mark.postgres
async def test_the_shared_limiter_never_grants_more_than_the_rate_to_all_together(upgraded_postgres: str) -> None:
    databases = [Database(upgraded_postgres) for _ in range(2)]
    await asyncio.gather(*(one.open() for one in databases))
    limiters = [Limiter(one, 100) for one in databases]
    began, granted = asyncio.get_running_loop().time(), 0
    while asyncio.get_running_loop().time() - began < 0.5:
        for limiter in limiters:
            granted += (await limiter._take())[0]
    most = (asyncio.get_running_loop().time() - began) * 100 + 100 * 0.2 + 1
    assert 1 <= granted <= most  # how many there was time for is the affair of the machine
    await limiters[0].pause(20)
    assert 18 < await limiters[1].resting() <= 20
    assert await limiters[1].take() > 18
    await asyncio.gather(*(one.close() for one in databases))


@pytest.mark.postgres
async def test_clocks_that_disagree_send_nothing(upgraded_postgres: str) -> None:
    database = Database(upgraded_postgres)
    await database.open()
    await ClockCheck(database)()
    wrong = ClockCheck(database, clock=lambda: datetime.now(UTC) + timedelta(seconds=9))
    with pytest.raises(StoreError, match="seconds apart"):
        await wrong()
    await database.close()


@pytest.mark.postgres
async def test_a_clock_that_leaps_is_looked_at_again_at_once(upgraded_postgres: str) -> None:
    database, leap = Database(upgraded_postgres), [timedelta()]
    await database.open()
    check = ClockCheck(database, clock=lambda: datetime.now(UTC) + leap[0])
    await check()
    leap[0] = timedelta(hours=1)
    with pytest.raises(StoreError, match="seconds apart"):
        await check()
    leap[0] = timedelta()
    await check()
    await database.close()


async def test_a_burst_is_planned_in_parts_that_let_others_in_between(sqlite_db: Database) -> None:
    world, meeting = await opened_world(sqlite_db)
    await world.wanted(meeting)
    await many(world, meeting.id, 500)
    assert await world.outbox.idle(DUE - DAY)
    answered, planning = 0, asyncio.create_task(world.outbox.plan(DUE))
    while not planning.done():
        assert len(await world.reminders.of(SOMEBODY)) == 1
        answered += 1
    assert planning.result() == 501
    assert answered >= 5


async def test_a_message_given_back_keeps_its_tries(db: Database) -> None:
    world, meeting = await opened_world(db)
    await world.wanted(meeting)
    world.answers = [NotSent(1)]
    await world.tick(DUE)
    async with db.begin() as connection:
        (lease,) = await messages.lease(connection, "me", DUE + DAY / 48, 1)
        taken = await messages.look(connection, lease)
    assert taken is not None
    assert taken.tries == 0
