"""The key outside the database: made once, never twice, changed without losing anybody."""

import base64
import os
from datetime import date
from pathlib import Path

import pytest

from bot.domain.errors import SettingsError
from bot.services.keys import Key, KeyRing, UnknownKeyError, read_file
from bot.services.reminders import Reminders
from bot.services.rotation import reseal
from bot.store.database import Database
from tests.reminding import SOMEBODY, opened_world

TODAY = date(2026, 11, 23)


def secret() -> str:
    return base64.b64encode(os.urandom(32)).decode()


@pytest.mark.parametrize("chat", [1, -1_001_234_567_890, 2**52, -(2**52)])
def test_a_chat_comes_back_from_its_seal_for_its_own_purpose_and_key_only(chat: int) -> None:
    key = Key.of(b"k" * 32)
    sealed = key.seal(chat)
    assert key.unseal(sealed) == chat
    assert sealed != key.seal(chat)
    with pytest.raises(UnknownKeyError):
        key.unseal(sealed, "link")
    with pytest.raises(UnknownKeyError):
        Key.of(b"o" * 32).unseal(sealed)
    with pytest.raises(UnknownKeyError):
        key.unseal(sealed[:-1] + bytes([sealed[-1] ^ 1]))
    with pytest.raises(UnknownKeyError):
        key.unseal(b"")


def test_what_is_derived_for_one_purpose_tells_nothing_about_another() -> None:
    key = Key.of(b"k" * 32)
    parts = {key.sealing, key.lookup, key.link, key.backup, b"k" * 32}
    assert len(parts) == 5
    assert key.mark(1) == key.mark(1) != key.mark(2)
    assert len(key.mark(1)) == 16
    assert "k" * 32 not in repr(key)


async def test_the_file_is_made_when_first_something_is_sealed_and_only_its_owner_reads_it(
    sqlite_db: Database, tmp_path: Path
) -> None:
    file = tmp_path / "keys" / "openchair.key"
    ring = KeyRing(sqlite_db, file=file)
    await ring.check()
    assert await ring.marks(SOMEBODY) == []
    assert not file.exists()
    keys = await ring.keys()
    assert file.stat().st_mode & 0o777 == 0o600
    assert (await KeyRing(sqlite_db, file=file).keys()).primary.id == keys.primary.id


async def test_a_lost_file_is_not_made_anew_while_somebody_waits_behind_it(
    sqlite_db: Database, tmp_path: Path
) -> None:
    world, meeting = await opened_world(sqlite_db)
    await world.wanted(meeting)
    ring = KeyRing(sqlite_db, file=tmp_path / "openchair.key")
    for ask in (ring.check, ring.keys):
        with pytest.raises(SettingsError, match=r"^The key file .* is missing, and the database holds reminders"):
            await ask()
    assert not (tmp_path / "openchair.key").exists()


@pytest.mark.postgres
async def test_on_postgresql_no_file_is_made_and_the_sentence_says_what_to_do(
    upgraded_postgres: str, tmp_path: Path
) -> None:
    database = Database(upgraded_postgres)
    await database.open()
    ring = KeyRing(database, file=tmp_path / "openchair.key")
    for ask in (ring.check, ring.keys):
        with pytest.raises(SettingsError, match=r"^On PostgreSQL .* must be set: put the same OPENCHAIR_KEY "):
            await ask()
    assert list(tmp_path.iterdir()) == []
    await database.close()


@pytest.mark.parametrize("text", ["", "not base64!", "QUJD", "\N{SNOWMAN}"])
async def test_a_damaged_file_is_told_and_not_replaced(sqlite_db: Database, tmp_path: Path, text: str) -> None:
    file = tmp_path / "openchair.key"
    file.write_text(text, "utf-8")
    with pytest.raises(SettingsError, match="is damaged"):
        await KeyRing(sqlite_db, file=file).keys()
    assert file.read_text("utf-8") == text


async def test_rotating_seals_everybody_anew_while_the_bot_goes_on(sqlite_db: Database, tmp_path: Path) -> None:
    file = tmp_path / "openchair.key"
    ring = KeyRing(sqlite_db, file=file)
    world, meeting = await opened_world(sqlite_db)
    running = Reminders(sqlite_db, ring, clock=lambda: world.now)
    for chat in range(150):
        await running.set(chat, meeting.id)
    old = (await ring.keys()).primary
    rotating = KeyRing(sqlite_db, file=file)
    await rotating.rotate(TODAY)
    assert len(await running.of(7)) == 1, "before it is sealed anew it is found by the old key"
    assert await reseal(sqlite_db, rotating) == 150
    assert await reseal(sqlite_db, rotating) == 0
    keys = await ring.keys()
    assert [key.id for key in keys.every[1:]] == [old.id]
    assert [len(await running.of(chat)) for chat in (0, 7, 149)] == [1, 1, 1]
    assert len(await running.of(150)) == 0
    assert file.stat().st_mode & 0o777 == 0o600


async def test_an_old_key_leaves_the_file_once_all_it_made_is_void(sqlite_db: Database, tmp_path: Path) -> None:
    file = tmp_path / "openchair.key"
    ring = KeyRing(sqlite_db, file=file)
    await ring.keys()
    await ring.rotate(TODAY)
    await ring.rotate(TODAY)
    assert [line.kept_until for line in read_file(file)] == [None, date(2027, 12, 28), date(2027, 12, 28)]
    await ring.rotate(date(2027, 12, 29))
    assert len(read_file(file)) == 2


async def test_a_set_key_is_rotated_by_setting_a_new_one_before_it(db: Database) -> None:
    old, new = secret(), secret()
    world, meeting = await opened_world(db)
    first = KeyRing(db, setting=old)
    await Reminders(db, first, clock=lambda: world.now).set(SOMEBODY, meeting.id)
    with pytest.raises(SettingsError, match="put a new one before it"):
        await first.rotate(TODAY)
    both = KeyRing(db, setting=f"{new},{old}")
    assert await reseal(db, both) == 1
    assert len(await Reminders(db, KeyRing(db, setting=new)).of(SOMEBODY)) == 1
    with pytest.raises(UnknownKeyError):
        await reseal(db, KeyRing(db, setting=old))


async def test_a_wrong_setting_is_told_without_repeating_it(sqlite_db: Database) -> None:
    with pytest.raises(SettingsError, match="OPENCHAIR_KEY is not right") as caught:
        await KeyRing(sqlite_db, setting="hunter2").keys()
    assert "hunter2" not in str(caught.value)
