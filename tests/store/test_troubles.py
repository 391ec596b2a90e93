"""What goes wrong with a database, as the operator reads it: one sentence, what to do, and no secret."""

import sqlite3
import traceback
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert, make_url, text

from bot.domain.errors import StoreError
from bot.store import meetings, tables
from bot.store.database import Database
from tests.builders import make_meeting
from tests.store.test_database import counted, put


@pytest.mark.parametrize(
    "address",
    ["", "openchair.db", "sqlite:///a.db", "mysql://me:hunter2@host/x", "postgresql://me:hunter2@host/x",
     "sqlite+aiosqlite://hunter2/a.db", "postgresql+asyncpg://me:hunter2@host:port/x"],
)  # fmt: skip
def test_an_address_that_is_not_understood_shows_one_that_is(address: str) -> None:
    with pytest.raises(StoreError, match=r"sqlite\+aiosqlite:///data/openchair.db") as caught:
        Database(address)
    assert "hunter2" not in str(caught.value)


async def start(url: str) -> None:
    db = Database(url)
    try:
        await db.open()
        await db.upgrade()
    finally:
        await db.close()


async def refused(url: str) -> str:
    """The sentence that opening and upgrading this address ends with."""
    with pytest.raises(StoreError) as caught:
        await start(url)
    sentence = str(caught.value)
    assert sentence.endswith(".")
    assert "\n" not in sentence
    assert "hunter2" not in sentence
    return sentence


async def test_a_file_that_is_no_database_is_named(tmp_path: Path) -> None:
    file = tmp_path / "letter.db"
    file.write_text("Dear all, " * 1000)
    assert f"{file} is not a database" in await refused(f"sqlite+aiosqlite:///{file}")
    assert file.read_text().startswith("Dear all")


async def test_a_directory_in_the_place_of_the_file_is_named(tmp_path: Path) -> None:
    assert f"{tmp_path} cannot be opened" in await refused(f"sqlite+aiosqlite:///{tmp_path}")


async def test_a_path_through_a_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    file = tmp_path / "file" / "openchair.db"
    assert f"{file} cannot be opened" in await refused(f"sqlite+aiosqlite:///{file}")


async def test_a_full_disk_is_told_and_what_was_there_stays(sqlite_db: Database) -> None:
    async def overfill() -> None:
        async with sqlite_db.begin() as connection:
            pages = (await connection.execute(text("PRAGMA page_count"))).scalar_one()
            await connection.execute(text(f"PRAGMA max_page_count = {pages}"))
            await meetings.replace_feed(connection, "b", [make_meeting(feed="b", id=n) for n in range(9, 900)])

    await put(sqlite_db, "a", 1)
    with pytest.raises(StoreError, match="full: make room"):
        await overfill()
    assert await counted(sqlite_db) == {"a": 1}


async def test_a_damaged_file_says_that_a_backup_is_needed(upgraded_sqlite: str) -> None:
    file = Path(make_url(upgraded_sqlite).database or "")
    tables = file.stat().st_size
    db = Database(upgraded_sqlite)
    await db.open()
    await put(db, "a", *range(2000))
    await db.close()
    data = bytearray(file.read_bytes())
    for start in range(tables, len(data), 4096):  # the rows, not the list of the tables
        data[start : start + 64] = b"\xff" * 64
    file.write_bytes(data)
    await db.open()
    with pytest.raises(StoreError, match="restore a backup"):
        await counted(db)
    await db.close()


async def test_a_file_that_another_program_keeps_locked_is_told(
    upgraded_sqlite: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.store.engines.WAIT_S", 0.1)
    db = Database(upgraded_sqlite)
    await db.open()
    other = sqlite3.connect(make_url(upgraded_sqlite).database or "", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(StoreError, match="in use by another program"):
        await put(db, "a", 1)
    other.execute("ROLLBACK")
    other.close()
    await put(db, "a", 1)
    await db.close()


async def test_a_file_that_may_not_be_written_is_told(upgraded_sqlite: str) -> None:
    # Root may write anywhere, so the file says it itself: its header asks for a version that writes otherwise.
    file = Path(make_url(upgraded_sqlite).database or "")
    data = bytearray(file.read_bytes())
    data[18] = 3
    file.write_bytes(data)
    db = Database(upgraded_sqlite)
    await db.open()
    with pytest.raises(StoreError, match="cannot be written: check who owns"):
        await put(db, "a", 1)
    await db.close()


async def test_a_server_that_is_not_there_is_told_without_the_password(unused_tcp_port: int) -> None:
    sentence = await refused(f"postgresql+asyncpg://me:hunter2@127.0.0.1:{unused_tcp_port}/openchair")
    assert f"127.0.0.1:{unused_tcp_port}/openchair does not answer" in sentence


@pytest.mark.postgres
async def test_a_wrong_password_is_told_without_the_password(empty_postgres: str) -> None:
    wrong = make_url(empty_postgres).set(password="hunter2").render_as_string(hide_password=False)
    assert "refuses this user or password" in await refused(wrong)


@pytest.mark.postgres
async def test_a_database_that_the_server_does_not_have_is_told(empty_postgres: str) -> None:
    missing = make_url(empty_postgres).set(database="nowhere").render_as_string(hide_password=False)
    assert "nowhere: create it" in await refused(missing)


@pytest.mark.parametrize(
    ("row", "says"),
    [
        ({"id": "hush-hush", "formats": ("hush-hush",)}, "refused a row: .*feeds"),
        ({"id": "hush-hush", "rows": "hush-hush"}, "refused a row: "),
    ],
)
async def test_an_error_of_the_database_never_shows_what_stands_in_the_row(
    db: Database, row: dict[str, Any], says: str
) -> None:
    async def add() -> None:
        async with db.begin() as connection:
            await connection.execute(insert(tables.feeds), [row])

    with pytest.raises(StoreError, match=says) as caught:
        await add()
    assert "hush-hush" not in "".join(traceback.format_exception(caught.value))


async def test_a_database_that_is_not_open_says_so() -> None:
    db = Database("sqlite+aiosqlite:///:memory:")
    for lend in (db.read, db.begin, db.snapshot):
        with pytest.raises(StoreError, match="not open"):
            async with lend():
                pass
    await db.close()
