"""`db backup` and `db restore` through the front door, on SQLite and on PostgreSQL."""

import asyncio
import base64
import json
import os
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from bot.cli import app
from bot.cli.shared import opened
from bot.domain.errors import BackupError, OperatorError
from bot.services.admins import Admins
from bot.services.backup import dated
from bot.services.forgetting import Forgetting
from bot.services.forgotten import ForgottenFile, read
from bot.services.keys import KeyRing
from bot.services.people import People
from bot.settings import load_settings
from bot.store import meetings
from bot.store.database import Database
from tests.builders import make_meeting
from tests.cli.test_keys import here  # noqa: F401 - a fixture
from tests.reminding import SOMEBODY

KEY = base64.b64encode(b"c" * 32).decode()


@pytest.fixture
def machine(here: Path, database_url: str, monkeypatch: pytest.MonkeyPatch) -> Path:  # noqa: F811
    """A machine on which somebody has a reminder."""
    monkeypatch.setenv("OPENCHAIR_DATABASE_URL", database_url)
    monkeypatch.setenv("OPENCHAIR_KEY", KEY)
    monkeypatch.setenv("OPENCHAIR_FORGOTTEN_FILE", str(here / "openchair.forgotten"))
    monkeypatch.setenv("OPENCHAIR_BACKUP_DIR", str(here / "backups"))

    async def remind() -> None:
        async with opened(load_settings()) as database:
            async with database.begin() as connection:
                await meetings.replace_feed(connection, "smart-sample", [make_meeting()])
            await people(database)._people.set_language(SOMEBODY, "es")

    asyncio.run(remind())
    return here


def people(database: Database) -> Forgetting:
    """The services of the bot that runs there."""
    settings = load_settings()
    ring = KeyRing(database, setting=settings.key_text, file=settings.key_file)
    file = ForgottenFile(settings.forgotten_at, settings.backups_at)
    return Forgetting(database, ring, People(database, ring), Admins(database, ring), file)


def forget() -> None:
    async def ask() -> None:
        async with opened(load_settings()) as database:
            await people(database).forget(SOMEBODY)

    asyncio.run(ask())


def known() -> bool:
    async def ask() -> bool:
        async with opened(load_settings()) as database:
            return await people(database)._people.has_anything(SOMEBODY)

    return asyncio.run(ask())


def run(*words: str) -> Result:
    return CliRunner().invoke(app, ["db", *words])


def refused(*words: str) -> str:
    """The sentence with which a command ends."""
    done = run(*words)
    assert isinstance(done.exception, OperatorError), done.output
    return str(done.exception)


def test_a_backup_a_forgetting_and_a_restore_leave_the_person_gone(machine: Path) -> None:
    file = str(machine / "one.backup")
    told = json.loads(run("backup", file, "--json").output)
    assert (told["file"], told["tables"]["people"]) == (file, 1)
    assert told["rows"] == sum(told["tables"].values())
    assert told["bytes"] == (machine / "one.backup").stat().st_size
    forget()
    assert not known()
    assert "not empty: add --replace" in refused("restore", file)
    back = run("restore", file, "--replace")
    assert back.exit_code == 0, back.output
    assert "1 of them who asked to be forgotten since were taken out" in back.output
    assert not known()


def test_on_an_empty_machine_the_two_files_of_the_backup_folder_are_enough(
    machine: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    run("backup")
    forget()
    (file,) = (machine / "backups").glob("*.backup")
    new = tmp_path_factory.mktemp("empty")
    for one in (file, machine / "backups" / "openchair.forgotten"):
        shutil.copy(one, new)
    monkeypatch.chdir(new)
    monkeypatch.delenv("OPENCHAIR_DATABASE_URL")
    monkeypatch.setenv("OPENCHAIR_FORGOTTEN_FILE", str(new / "data" / "openchair.forgotten"))
    told = json.loads(run("restore", file.name, "--json").output)
    assert (told["forgotten"], told["tables"]["people"]) == (1, 1)
    assert not known()
    assert run("backup", "again.backup").exit_code == 0, "the tables are all there"


def test_without_a_name_a_dated_file_is_made_and_those_older_than_seven_days_go(machine: Path) -> None:
    folder = machine / "backups"
    folder.mkdir()
    old = dated(folder, datetime.now(UTC) - timedelta(days=8))
    old.write_bytes(b"x")
    told = json.loads(run("backup", "--json").output)
    assert told["removed"] == 1
    assert sorted(path.name for path in folder.iterdir() if not path.name.startswith(".")) == [
        Path(told["file"]).name,
        "openchair.forgotten",
    ]
    assert all(path.stat().st_mode & 0o077 == 0 for path in folder.iterdir())


def test_with_a_wrong_key_one_sentence_says_so(machine: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run("backup", "one.backup")
    monkeypatch.setenv("OPENCHAIR_KEY", base64.b64encode(b"d" * 32).decode())
    said = refused("restore", "one.backup", "--replace")
    assert said.startswith("This backup was made with another key")
    assert "\n" not in said


def test_what_is_no_backup_or_not_there_is_told(machine: Path) -> None:
    (machine / "letter.txt").write_text("Dear Sam")
    assert refused("restore", "letter.txt") == "This file is no backup of Open Chair."
    assert "cannot be read" in refused("restore", "nowhere.backup")
    assert refused("restore", "letter.txt", "--forgotten", "nowhere") == "There is no file nowhere."
    assert "cannot be written" in refused("backup", "letter.txt/one.backup")


def test_a_file_of_the_forgotten_from_another_machine_counts_too(machine: Path) -> None:
    run("backup", "one.backup")
    forget()
    elsewhere = machine / "elsewhere"
    os.rename(machine / "openchair.forgotten", elsewhere)
    assert len(read(elsewhere)) == 1
    (machine / "backups" / "openchair.forgotten").unlink(missing_ok=True)
    run("restore", "one.backup", "--replace", "--forgotten", str(elsewhere))
    assert not known()


@pytest.mark.parametrize("command", ["backup", "restore"])
def test_each_command_explains_itself(command: str) -> None:
    assert run(command, "--help").exit_code == 0


def test_an_error_of_a_backup_is_one_for_the_operator() -> None:
    assert issubclass(BackupError, OperatorError)
