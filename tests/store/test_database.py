"""The database as operators and the rest of the bot meet it: together, interrupted, broken."""

import asyncio
import random
import sys
from pathlib import Path

import pytest
from sqlalchemy import text

from bot.domain.errors import StoreError
from bot.store import meetings, upgrade
from bot.store.database import Database
from tests.builders import make_meeting


async def put(db: Database, feed: str, *ids: int) -> None:
    async with db.begin() as connection:
        await meetings.replace_feed(connection, feed, [make_meeting(feed=feed, id=one) for one in ids])


async def counted(db: Database) -> dict[str, int]:
    async with db.read() as connection:
        return await meetings.count_by_feed(connection)


async def test_a_database_in_memory_is_one_database_for_all_its_connections() -> None:
    db, other = Database("sqlite+aiosqlite:///:memory:"), Database("sqlite+aiosqlite://")
    for one in (db, other):
        await one.open()
        await one.upgrade()
    await put(db, "a", 1, 2)
    assert await counted(db) == {"a": 2}
    async with db.snapshot() as connection:
        assert len([row async for part in meetings.light_parts(connection) for row in part]) == 2
    assert await counted(other) == {}
    await db.close()
    await other.close()


async def test_the_directory_of_a_new_file_is_made_for_its_owner_only(tmp_path: Path) -> None:
    file = tmp_path / "new" / "data" / "openchair.db"
    db = Database(f"sqlite+aiosqlite:///{file}")
    await db.open()
    await db.upgrade()
    await db.close()
    assert file.exists()
    assert file.parent.stat().st_mode & 0o077 == 0


async def test_upgrading_twice_changes_nothing_and_keeps_the_meetings(db: Database) -> None:
    await put(db, "a", 1)
    await db.upgrade()
    await db.check()
    assert await counted(db) == {"a": 1}


STARTS = """
import asyncio, sys
from bot.store.database import Database
async def main():
    db = Database(sys.argv[1])
    await db.open()
    await db.upgrade()
    await db.check()
    await db.close()
asyncio.run(main())
"""
STOPS_HALF_WAY = """
import asyncio, sys
from bot.store import meetings
from bot.store.database import Database
from tests.builders import make_meeting
async def main():
    db = Database(sys.argv[1])
    await db.open()
    async with db.begin() as connection:
        await meetings.replace_feed(connection, "a", [make_meeting(feed="a", id=n) for n in range(100, 900)])
        print("half way", flush=True)
        await asyncio.sleep(60)
asyncio.run(main())
"""


async def run(script: str, url: str) -> asyncio.subprocess.Process:
    pipes = {"stdout": asyncio.subprocess.PIPE, "stderr": asyncio.subprocess.PIPE}
    root = Path(__file__).parents[2]
    return await asyncio.create_subprocess_exec(sys.executable, "-c", script, url, cwd=root, **pipes)


async def test_a_process_that_is_killed_while_it_imports_leaves_the_listing_of_before(db: Database) -> None:
    await put(db, "a", 1, 2)
    process = await run(STOPS_HALF_WAY, db.url.render_as_string(hide_password=False))
    assert process.stdout is not None
    assert await process.stdout.readline() == b"half way\n"
    process.kill()
    await process.communicate()
    assert await counted(db) == {"a": 2}
    async with asyncio.timeout(5):
        await put(db, "a", 3)
    assert await counted(db) == {"a": 1}


async def test_processes_that_start_together_all_find_the_tables(empty_url: str) -> None:
    together = [await run(STARTS, empty_url) for _ in range(3)]
    said = [(await process.communicate())[1].decode() for process in together]
    assert [process.returncode for process in together] == [0, 0, 0], said


async def test_a_database_that_was_never_set_up_says_what_to_run(empty_url: str) -> None:
    db = Database(empty_url)
    await db.open()
    with pytest.raises(StoreError, match="db upgrade"):
        await db.check()
    with pytest.raises(StoreError, match="db upgrade"):
        await counted(db)
    await db.close()


async def test_a_database_of_a_newer_version_is_left_alone(db: Database) -> None:
    async with db.begin() as connection:
        await connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(StoreError, match="newer version"):
        await db.upgrade()
    with pytest.raises(StoreError, match="newer version"):
        await db.check()


async def test_while_the_next_version_is_put_up_this_one_goes_on(db: Database) -> None:
    await db.ready()
    async with db.begin() as connection:
        await connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    await db.ready()
    async with db.begin() as connection:
        await connection.execute(text("UPDATE alembic_version SET version_num = '0001'"))
    with pytest.raises(StoreError, match="db upgrade"):
        await db.ready()


@pytest.mark.postgres
async def test_an_upgrade_does_not_make_everybody_wait_behind_it(
    upgraded_postgres: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(upgrade, "_PATIENCE_S", 1)
    db = Database(upgraded_postgres)
    await db.open()
    await upgrade.move(db.url, "0007", back=True)
    async with db.begin() as connection:
        await connection.execute(text("LOCK TABLE admins IN ACCESS SHARE MODE"))
        with pytest.raises(StoreError, match="in use for too long"):
            await db.upgrade()
    await db.upgrade()
    await db.check()
    await db.close()


async def test_an_error_inside_a_transaction_takes_back_all_of_it(db: Database) -> None:
    async def break_off() -> None:
        async with db.begin() as connection:
            await meetings.replace_feed(connection, "a", [make_meeting(feed="a", id=3)])
            raise RuntimeError("half way")

    await put(db, "a", 1, 2)
    with pytest.raises(RuntimeError, match="half way"):
        await break_off()
    assert await counted(db) == {"a": 2}


async def test_a_reader_sees_the_old_listing_until_the_new_one_is_whole(db: Database) -> None:
    await put(db, "a", 1, 2)
    async with db.begin() as connection:
        await meetings.replace_feed(connection, "a", [make_meeting(feed="a", id=one) for one in (3, 4, 5)])
        assert await counted(db) == {"a": 2}
        async with db.read() as reading:
            assert set(await meetings.by_ids(reading, [1, 3])) == {1}
    assert await counted(db) == {"a": 3}


async def test_a_snapshot_shows_one_moment_however_long_it_is_read(db: Database) -> None:
    await put(db, "a", 1, 2)
    async with db.snapshot() as connection:
        before = await meetings.revision(connection)
        await put(db, "a", 3)
        assert await meetings.revision(connection) == before
        assert [row[0] for row in [row async for part in meetings.light_parts(connection) for row in part]] == [1, 2]
    assert await counted(db) == {"a": 1}


async def test_cards_are_read_while_a_long_scan_is_under_way(db: Database) -> None:
    await put(db, "a", 1)
    async with asyncio.timeout(5), db.snapshot() as scanning:
        assert [part async for part in meetings.light_parts(scanning)]
        async with db.read() as reading:
            assert set(await meetings.by_ids(reading, [1])) == {1}


async def test_many_writers_at_once_wait_for_each_other_and_none_fails(database_url: str) -> None:
    async def look_then_put(db: Database, feed: str, *ids: int) -> None:
        async with db.begin() as connection:
            assert not await meetings.ids_elsewhere(connection, feed, ids)
            await meetings.replace_feed(connection, feed, [make_meeting(feed=feed, id=one) for one in ids])

    processes = [Database(database_url), Database(database_url)]
    for one in processes:
        await one.open()
    await asyncio.gather(*(look_then_put(processes[n % 2], f"feed {n}", n * 2, n * 2 + 1) for n in range(24)))
    assert await counted(processes[0]) == {f"feed {n}": 2 for n in range(24)}
    async with processes[1].read() as connection:
        assert await meetings.revision(connection) == 24
    for one in processes:
        await one.close()


async def test_many_readers_at_once_get_their_own_answers(db: Database) -> None:
    await put(db, "a", *range(50))

    async def ask(identity: int) -> set[int]:
        async with db.read() as connection:
            return set(await meetings.by_ids(connection, [identity]))

    assert await asyncio.gather(*map(ask, range(50))) == [{identity} for identity in range(50)]


async def test_a_reader_that_is_cut_off_does_not_harm_the_next_one(db: Database) -> None:
    await put(db, "a", *range(200))

    async def scan() -> None:
        async with db.read() as connection:
            while True:
                await meetings.by_ids(connection, range(200))

    for _ in range(3):
        reader = asyncio.create_task(scan())
        await asyncio.sleep(0.02)
        reader.cancel()
        with pytest.raises(asyncio.CancelledError):
            await reader
        assert await counted(db) == {"a": 200}


async def replace_for_ever(db: Database) -> None:
    many = [make_meeting(feed="b", id=one) for one in range(100, 140)]
    while True:
        async with db.begin() as connection:
            await meetings.replace_feed(connection, "b", many)


async def read_for_ever(db: Database) -> None:
    while True:
        async with db.read() as connection:
            assert len(await meetings.by_ids(connection, range(100, 140))) in (0, 40)


async def scan_for_ever(db: Database) -> None:
    while True:
        async with db.snapshot() as connection:
            assert len([row async for part in meetings.light_parts(connection) for row in part]) in (1, 41)


@pytest.mark.parametrize("seed", [1, 2])
async def test_whoever_is_cut_off_at_any_moment_leaves_a_database_that_works(db: Database, seed: int) -> None:
    chance = random.Random(seed)
    await put(db, "a", 1)
    for _ in range(15):
        doing = [asyncio.create_task(work(db)) for work in (replace_for_ever, read_for_ever, scan_for_ever)]
        await asyncio.sleep(chance.uniform(0.005, 0.03))
        for task in doing * 2:  # twice: a time limit, and then the end of the program
            task.cancel()
            await asyncio.sleep(chance.uniform(0, 0.001))
        ends = await asyncio.gather(*doing, return_exceptions=True)
        assert {type(end) for end in ends} == {asyncio.CancelledError}
        async with asyncio.timeout(5):
            await put(db, "c", 2)
        assert (await counted(db)).keys() - {"b"} == {"a", "c"}
        await put(db, "c")


async def test_reads_cannot_change_anything(sqlite_db: Database) -> None:
    with pytest.raises(StoreError, match="cannot be written"):
        async with sqlite_db.read() as connection:
            await connection.execute(text("DELETE FROM meetings"))


async def test_a_sqlite_file_survives_a_loss_of_power(sqlite_db: Database) -> None:
    async with sqlite_db.begin() as connection:
        settings = [
            (await connection.execute(text(f"PRAGMA {name}"))).scalar_one()
            for name in ("journal_mode", "synchronous", "foreign_keys")
        ]
    assert settings == ["wal", 2, 1]


@pytest.mark.postgres
async def test_a_server_that_was_restarted_is_used_again_without_an_error(upgraded_postgres: str) -> None:
    db, admin = Database(upgraded_postgres), Database(upgraded_postgres)
    await db.open()
    await admin.open()
    await put(db, "a", 1)
    async with admin.begin() as connection:
        own = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid != "
        await connection.execute(text(own + "pg_backend_pid()"))
    assert await counted(db) == {"a": 1}
    await put(db, "b", 2)
    await db.close()
    await admin.close()


@pytest.mark.postgres
async def test_a_read_right_after_another_takes_its_connection_and_never_one_on_which_a_read_failed(
    upgraded_postgres: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    database = Database(upgraded_postgres)
    await database.open()
    lent: list[object] = []

    async def read(sql: str = "SELECT 1") -> None:
        async with database.read() as connection:
            lent.append(connection)
            await connection.execute(text(sql))

    try:
        await asyncio.gather(*(read() for _ in range(20)))  # more than are kept
        await read()
        await read()
        assert lent[-1] is lent[-2]
        with pytest.raises(StoreError):
            await read("SELECT no_such_column FROM meetings")
        await read()
        assert lent[-1] is not lent[-2]
        monkeypatch.setattr("bot.store.database.TRUSTED_S", 0.0)  # as if it had lain idle
        await read()
        assert lent[-1] is not lent[-2]
    finally:
        await database.close()


async def test_a_new_file_and_its_journal_are_read_by_their_owner_only(tmp_path: Path) -> None:
    database = Database(f"sqlite+aiosqlite:///{tmp_path / 'data' / 'new.db'}")
    await database.open()
    async with database.begin() as connection:
        await connection.execute(text("CREATE TABLE notes (words TEXT)"))
    files = list((tmp_path / "data").iterdir())
    rights = {file.stat().st_mode & 0o077 for file in (*files, tmp_path / "data")}
    await database.close()
    assert len(files) > 1
    assert rights == {0}
