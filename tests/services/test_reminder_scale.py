"""A tick costs what is due, not what is stored. The whole of it, with a million: `make bench`."""

from typing import Any

import pytest
from sqlalchemy import event

from bot.services.keys import KeyRing
from bot.services.outbox import Outbox
from bot.store import outbox as messages
from bot.store import reminders as rows
from bot.store.database import Database
from tests.bench.reminders import DUE, NOW, Watch, fill
from tests.reminding import KEY
from tests.soak.filling import MINUTE

STORED = 8_000
DUE_AT = NOW + 10 * MINUTE


async def test_with_many_stored_a_tick_reads_what_is_due_by_its_index_and_lets_others_in_between(
    database_url: str,
) -> None:
    await fill(database_url, STORED)
    database = Database(database_url)
    await database.open()
    outbox, said = Outbox(database, KeyRing(database, setting=KEY)), list[tuple[str, Any]]()

    def listen(_connection: Any, _cursor: Any, statement: str, values: Any, _context: Any, many: bool) -> None:
        if not many and ("FROM reminders" in statement or "FROM outbox" in statement):
            said.append((statement, values))

    engines = [engine.sync_engine for engine in (database._writes, database._reads) if engine is not None]
    for engine in engines:
        event.listen(engine, "before_cursor_execute", listen)
    assert await outbox.idle(NOW)
    assert len(said) == 1, "nothing due is one question"
    assert await outbox.plan(DUE_AT) == DUE
    assert len(await outbox.take(DUE_AT, 25)) == 25
    watch = Watch()
    assert await outbox.plan(DUE_AT + 10 * MINUTE) == DUE
    assert watch.end() < 100
    for engine in engines:
        event.remove(engine, "before_cursor_execute", listen)
    explain = "EXPLAIN QUERY PLAN" if database.is_sqlite else "EXPLAIN"
    async with database.begin() as connection:
        asked = [one for one in said if "fires_at <=" in one[0]]
        assert asked
        for statement, values in asked:
            plan = str((await connection.exec_driver_sql(f"{explain} {statement}", values)).all())
            assert "ix_reminders_due" in plan, plan
    await database.close()


@pytest.mark.postgres
async def test_however_often_it_is_asked_postgresql_does_not_look_at_all_that_is_stored(
    upgraded_postgres: str,
) -> None:
    """After five times it would plan for any instant at all, and for that a look at every row seems cheap to it."""
    await fill(upgraded_postgres, STORED)
    database = Database(upgraded_postgres)
    await database.open()
    looks = "SELECT seq_scan, idx_scan FROM pg_stat_xact_user_tables WHERE relname = 'reminders'"
    async with database.begin() as connection:
        for _ in range(10):
            assert not await messages.anything(connection, NOW)
            assert await rows.due(connection, NOW, 50) == []
        whole, by_index = (await connection.exec_driver_sql(looks)).one()
    assert whole == 0
    assert by_index >= 20
    await database.close()
