"""Backups: whole, sealed, as of one moment; put back into either kind of database, without whoever was forgotten."""

import asyncio
import io
import json
import os
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert, select

from bot.domain.admin import Role
from bot.domain.errors import BackupError
from bot.services import forgotten
from bot.services.admins import Admins
from bot.services.backup import Backups, dated, drop_old
from bot.services.forgetting import Forgetting
from bot.services.forgotten import ForgottenFile, read
from bot.services.keys import Key, KeyRing, Keys
from bot.services.rotation import reseal
from bot.services.sealed_file import PIECE, SealedWriter, read_lines
from bot.store import dump, meetings, restored
from bot.store.database import Database
from bot.store.metadata import metadata
from bot.store.tables import people
from tests.builders import make_meeting
from tests.reminding import DAY, KEY, MONDAY, SOMEBODY, World, opened_world

ANOTHER = SOMEBODY + 1
HELPER = SOMEBODY + 2
OTHER_KEY = "b" * 42 + "A="


class Machine:
    """One database with its key, its file of the forgotten, and a clock."""

    def __init__(self, world: World, folder: Path, key: str = KEY) -> None:
        self.world, self.folder = world, folder
        clock = lambda: world.now  # noqa: E731 - the test moves it
        self.keys = KeyRing(world.database, setting=key)
        self.backups = Backups(world.database, self.keys, clock=clock)
        self.admins = Admins(world.database, self.keys, clock=clock)
        self.file = ForgottenFile(folder / "forgotten", folder / "backups", clock=clock)
        self.forgetting = Forgetting(world.database, self.keys, world.people, self.admins, self.file, clock=clock)
        self.backup = folder / "one.backup"

    @property
    def noted(self) -> list[forgotten.Entry]:
        return read(self.folder / "forgotten")

    async def restore(self, **how: Any) -> int:
        how = {"replace": True, **how}
        return (await self.backups.restore(self.backup, how.pop("noted", self.noted), **how)).forgotten

    async def has(self, chat: int = SOMEBODY) -> bool:
        return await self.world.people.has_anything(chat)


@pytest.fixture
async def machine(db: Database, tmp_path: Path) -> Machine:
    world, meeting = await opened_world(db)
    await world.wanted(meeting)
    await world.wanted(meeting, chat=ANOTHER)
    await world.people.set_language(ANOTHER, "es")
    return Machine(world, tmp_path)


async def everything(database: Database) -> dict[str, list[Any]]:
    """Every row of every table, but for what each database says of itself."""
    found = {}
    async with database.snapshot() as connection:
        for form in dump.forms():
            found[form.name] = [row async for some in dump.rows(connection, form) for row in some]
    return {name: rows for name, rows in found.items() if name not in dump.MADE_BY_MIGRATIONS}


async def one_of_each(database: Database, key: int) -> None:
    """A row in every table, with a value in every column."""
    examples = {
        "number": 7, "fraction": 53.8, "yes_no": True, "text": "Ωé\n\"x", "bytes": b"\0\xff", "day": date(2026, 1, 2),
        "instant": datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC), "json": {"a": [1, None, "ü"]},
    }  # fmt: skip
    async with database.begin() as connection:
        for form in dump.forms():
            if form.name in dump.MADE_BY_MIGRATIONS or await connection.scalar(
                select(metadata.tables[form.name]).limit(1)
            ):
                continue
            values = {name: examples[kind] for name, kind in form.columns}
            if "sealed" in values:
                values["key"] = key
            for name in set(values) & {"person", "reminder"}:
                values[name] = 1
            short = {"zone", "language", "country", "lease_by", "state", "kind"} & set(values)
            plain = dump._plain(form)
            await connection.execute(
                insert(plain), values | {name: "en" for name in short if values[name] == 'Ωé\n"x'}
            )


async def test_every_row_comes_back_as_it_was(machine: Machine) -> None:
    database = machine.world.database
    await one_of_each(database, (await machine.keys.keys()).primary.id)
    async with database.begin() as connection:
        many = [make_meeting(key=f"more {at}", feed="many") for at in range(dump.ROWS + 3)]
        await meetings.replace_feed(connection, "many", many)
    before = await everything(database)
    assert all(before.values()), "a table without a row proves nothing"
    taken = await machine.backups.make(machine.backup)
    await machine.restore()
    assert await everything(database) == before
    assert taken.tables["meetings"] == dump.ROWS + 4
    assert machine.backup.stat().st_mode & 0o777 == 0o600
    assert [path.name for path in machine.folder.iterdir() if path.suffix == ".new"] == []


@pytest.mark.postgres
@pytest.mark.parametrize("there", ["sqlite", "postgresql"])
async def test_a_backup_of_one_database_goes_into_the_other(
    there: str,
    upgraded_sqlite: str,
    empty_postgres: str,
    tmp_path: Path,
) -> None:
    urls = [upgraded_sqlite, empty_postgres]
    first, second = (Database(url) for url in (urls if there == "postgresql" else reversed(urls)))
    await first.open()
    await first.upgrade()
    world, meeting = await opened_world(first)
    await world.wanted(meeting)
    machine = Machine(world, tmp_path)
    await machine.backups.make(machine.backup)
    before = await everything(first)
    if there == "sqlite":
        second = Database(f"sqlite+aiosqlite:///{tmp_path / 'empty.db'}")
    else:
        second = Database(empty_postgres)
    await second.open()
    moved = Machine(World(second), tmp_path)
    await moved.restore(replace=False)
    assert await everything(second) == before
    await moved.world.wanted(meeting, chat=ANOTHER), "new rows get numbers of their own"
    assert await moved.has(ANOTHER)
    await first.close()
    await second.close()


async def test_who_was_forgotten_after_the_backup_stays_forgotten(machine: Machine) -> None:
    await machine.backups.make(machine.backup)
    machine.world.now += timedelta(hours=3)
    assert (await machine.forgetting.forget(SOMEBODY)).had
    assert await machine.restore() == 1
    assert not await machine.has()
    assert await machine.has(ANOTHER)


async def test_on_an_empty_machine_the_two_files_and_the_key_are_enough(
    machine: Machine, tmp_path: Path, upgraded_sqlite: str
) -> None:
    (tmp_path / "backups").mkdir()
    machine.backup = tmp_path / "backups" / "one.backup"
    await machine.backups.make(machine.backup)
    machine.world.now += timedelta(hours=3)
    await machine.forgetting.forget(SOMEBODY)
    new = Database(f"sqlite+aiosqlite:///{tmp_path / 'new.db'}")
    await new.open()
    there = Machine(World(new), tmp_path / "elsewhere")
    there.backup = machine.backup
    assert await there.restore(replace=False, noted=read(tmp_path / "backups" / "forgotten")) == 1
    assert not await there.has()
    assert await there.has(ANOTHER)
    await new.close()


async def test_who_came_back_before_the_backup_stays(machine: Machine) -> None:
    await machine.forgetting.forget(SOMEBODY)
    machine.world.now += timedelta(hours=1)
    await machine.world.people.set_language(SOMEBODY, "en")
    await machine.backups.make(machine.backup)
    assert await machine.restore() == 0
    assert await machine.has()


async def test_a_new_key_in_between_brings_nobody_back(machine: Machine) -> None:
    """The backup speaks of marks of the old key; the old key may be gone when somebody asks to be forgotten."""
    await machine.backups.make(machine.backup)
    both = KeyRing(machine.world.database, setting=f"{OTHER_KEY},{KEY}")
    assert await reseal(machine.world.database, both) == 2
    only_new = Machine(machine.world, machine.folder, OTHER_KEY)
    machine.world.people._keys = only_new.keys
    machine.world.now += timedelta(hours=1)
    assert (await only_new.forgetting.forget(SOMEBODY)).had
    machine.world.people._keys = both
    restoring = Machine(machine.world, machine.folder, f"{OTHER_KEY},{KEY}")
    assert await restoring.restore() == 1
    assert not await restoring.has()


async def test_a_helper_who_left_by_being_forgotten_helps_no_longer_after_a_restore(machine: Machine) -> None:
    await machine.admins.grant(ANOTHER, Role.OWNER)
    await machine.admins.grant(HELPER, Role.EDITOR)
    await machine.backups.make(machine.backup)
    machine.world.now += timedelta(hours=1)
    assert not (await machine.forgetting.forget(HELPER)).stays
    await machine.restore()
    assert await machine.admins.of(HELPER) is None
    assert await machine.admins.of(ANOTHER) is not None


async def test_the_last_owner_who_asked_to_be_forgotten_still_looks_after_the_bot(machine: Machine) -> None:
    await machine.admins.grant(SOMEBODY, Role.OWNER)
    await machine.backups.make(machine.backup)
    machine.world.now += timedelta(hours=1)
    forgot = await machine.forgetting.forget(SOMEBODY)
    assert (forgot.had, forgot.stays) == (True, True)
    assert await machine.restore() == 1
    assert not await machine.has()
    assert await machine.admins.of(SOMEBODY) is not None


async def test_a_crash_between_the_note_and_the_erasure_costs_nothing(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    await machine.backups.make(machine.backup)

    async def crashes(chat: int) -> bool:
        raise KeyboardInterrupt

    monkeypatch.setattr(machine.world.people, "forget", crashes)
    with pytest.raises(KeyboardInterrupt):
        await machine.forgetting.forget(SOMEBODY)
    assert await machine.restore() == 1
    assert not await machine.has()


async def test_without_the_key_neither_database_nor_backup_holds_a_chat_or_a_text(machine: Machine) -> None:
    await machine.backups.make(machine.backup)
    kept = machine.backup.read_bytes()
    if machine.world.database.is_sqlite:
        kept += b"".join(path.read_bytes() for path in machine.folder.glob("openchair.db*"))
    assert b"Mill" not in machine.backup.read_bytes()
    for written in (str(SOMEBODY).encode(), SOMEBODY.to_bytes(8, "big"), SOMEBODY.to_bytes(4, "little")):
        assert written not in kept


async def test_with_a_wrong_key_the_sentence_says_so_and_nothing_changes(machine: Machine) -> None:
    await machine.backups.make(machine.backup)
    before = await everything(machine.world.database)
    wrong = Machine(machine.world, machine.folder, OTHER_KEY)
    with pytest.raises(BackupError, match=r"^This backup was made with another key: put that one into OPENCHAIR_KEY"):
        await wrong.restore()
    assert await everything(machine.world.database) == before


async def test_without_any_key_nothing_is_put_back_and_no_key_is_made(machine: Machine, tmp_path: Path) -> None:
    await machine.backups.make(machine.backup)
    ring = KeyRing(machine.world.database, file=tmp_path / "openchair.key")
    with pytest.raises(BackupError, match="There is no key here"):
        await Backups(machine.world.database, ring).restore(machine.backup, [])
    assert not (tmp_path / "openchair.key").exists()


def cut(data: bytes) -> bytes:
    return data[:-1]


def altered(data: bytes) -> bytes:
    return data[:-20] + bytes([data[-20] ^ 1]) + data[-19:]


def empty(data: bytes) -> bytes:
    return b""


def longer(data: bytes) -> bytes:
    return data + b"x"


@pytest.mark.parametrize("harm", [cut, altered, empty, longer])
async def test_a_file_that_is_not_whole_is_refused_and_nothing_changes(machine: Machine, harm: Any) -> None:
    await machine.backups.make(machine.backup)
    before = await everything(machine.world.database)
    machine.backup.write_bytes(harm(machine.backup.read_bytes()))
    with pytest.raises(BackupError):
        await machine.restore()
    assert await everything(machine.world.database) == before


async def test_a_full_database_is_left_alone_without_being_told_to_replace(machine: Machine) -> None:
    await machine.backups.make(machine.backup)
    with pytest.raises(BackupError, match="not empty: add --replace"):
        await machine.restore(replace=False)
    assert await machine.has()


async def test_a_failure_in_the_middle_leaves_all_as_it_was(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    await machine.backups.make(machine.backup)
    before = await everything(machine.world.database)

    async def fails(*_: Any) -> None:
        raise RuntimeError("in the middle")

    monkeypatch.setattr(restored, "key_ids", fails)
    with pytest.raises(RuntimeError):
        await machine.restore()
    assert await everything(machine.world.database) == before


async def test_after_seven_days_only_what_is_nobodys_is_put_back(machine: Machine) -> None:
    await machine.admins.grant(HELPER, Role.OWNER)
    await machine.backups.make(machine.backup)
    machine.world.now += 7 * DAY + timedelta(seconds=1)
    with pytest.raises(BackupError, match="older than seven days"):
        await machine.restore()
    await machine.restore(without_people=True)
    assert not await machine.has()
    assert await machine.admins.listed() == []
    async with machine.world.database.read() as connection:
        assert await meetings.by_ids(connection, [make_meeting().id])


async def test_people_sealed_with_a_key_that_is_not_here_are_not_put_back_blindly(machine: Machine) -> None:
    async with machine.world.database.begin() as connection:
        await connection.execute(insert(people).values(mark=b"m" * 16, sealed=b"s" * 36, key=99, keeps_zone=True))
    await machine.backups.make(machine.backup)
    with pytest.raises(BackupError, match="sealed with a key that is not here"):
        await machine.restore()


async def test_a_backup_of_an_older_version_is_brought_up_to_date(machine: Machine) -> None:
    """As a version before the tables of helpers wrote it."""
    keys = await machine.keys.keys()
    sealed = keys.primary.seal(ANOTHER).hex()
    with machine.backup.open("wb") as out:
        writer = SealedWriter(out, keys.primary)
        columns = {"id": "number", "mark": "bytes", "sealed": "bytes", "key": "number", "language": "text",
                   "keeps_zone": "yes_no"}  # fmt: skip
        to_text = dump._TO_JSON["bytes"]
        row = [5, to_text(keys.primary.mark(ANOTHER)), to_text(bytes.fromhex(sealed)), keys.primary.id, "es", False]
        head = {"backup": 1, "at": machine.world.now.isoformat(), "revision": "0005", "rows": 1}
        for line in (head, {"table": "people", "columns": list(columns.items())}, row, {"end": 1}):
            writer.line(json.dumps(line).encode())
        writer.close()
    await machine.restore()
    await machine.world.database.check()
    assert (await machine.world.people.of(ANOTHER)).language == "es"
    assert not await machine.has(SOMEBODY)


async def test_a_backup_taken_while_people_change_things_is_of_one_moment(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each writer makes a person and a reminder at once: half of that is in no backup."""
    database, stop = machine.world.database, asyncio.Event()
    monkeypatch.setattr(dump, "ROWS", 3)

    async def writes(chat: int) -> None:
        while not stop.is_set():
            chat += 10
            await machine.world.wanted(make_meeting(), chat=chat)

    writers = [asyncio.create_task(writes(SOMEBODY + at)) for at in range(2)]
    for _ in range(3):
        taken = await machine.backups.make(machine.backup)
        assert taken.tables["people"] == taken.tables["reminders"]
    stop.set()
    await asyncio.gather(*writers)
    await machine.restore()
    rows = await everything(database)
    assert {row[0] for row in rows["people"]} == {row[1] for row in rows["reminders"]}
    assert len(rows["people"]) == taken.tables["people"]


def keys_of(*letters: bytes) -> Keys:
    return Keys(tuple(Key.of(letter * 32) for letter in letters))


@pytest.mark.parametrize("size", [0, 1, PIECE - 1, PIECE, PIECE + 1, 3 * PIECE])
def test_lines_of_any_length_come_back(size: int) -> None:
    keys, out = keys_of(b"k"), io.BytesIO()
    writer = SealedWriter(out, keys.primary)
    lines = [os.urandom(size).replace(b"\n", b" "), b"", b"a" * 5 * PIECE, b"last"]
    for line in lines:
        writer.line(line)
    writer.close()
    assert list(read_lines(io.BytesIO(out.getvalue()), keys)) == lines


def test_pieces_cannot_change_places_be_left_out_or_come_from_another_file() -> None:
    keys, files = keys_of(b"k"), []
    for _ in range(2):
        out = io.BytesIO()
        writer = SealedWriter(out, keys.primary)
        writer.line(os.urandom(4 * PIECE).replace(b"\n", b" "))
        writer.close()
        files.append(out.getvalue())
    one, other = files
    size, head = PIECE + 16, 37
    first, second = one[head : head + size], one[head + size : head + 2 * size]
    bad = [
        one[:head] + second + first + one[head + 2 * size :],
        one[:head] + first + one[head + 2 * size :],
        one[: head + 2 * size],
        one[:head] + other[head : head + size] + one[head + size :],
        other[:head] + one[head:],
    ]
    for data in bad:
        with pytest.raises(BackupError, match="cut short or altered"):
            list(read_lines(io.BytesIO(data), keys))


def test_dated_backups_leave_after_seven_days_and_other_files_stay(tmp_path: Path) -> None:
    kept = [dated(tmp_path, MONDAY - 6 * DAY), tmp_path / "mine.backup", tmp_path / "openchair-old.txt"]
    old = dated(tmp_path, MONDAY - 8 * DAY)
    for file in (*kept, old):
        file.write_bytes(b"x")
    assert drop_old(tmp_path, MONDAY) == [old]
    assert sorted(tmp_path.iterdir()) == sorted(kept)
