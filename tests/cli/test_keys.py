"""`keys rotate` through the front door."""

import asyncio
import base64
import os
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.cli import app, keys
from bot.domain.errors import SettingsError
from bot.services.keys import KeyRing
from bot.services.reminders import Reminders
from bot.store import meetings
from bot.store.database import Database
from tests.builders import make_meeting


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working directory of its own with nothing set."""
    for name in [name for name in os.environ if name.startswith("OPENCHAIR_")]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(keys, "SETTLE_S", 0)
    return tmp_path


async def remind(folder: Path) -> None:
    """Somebody asks for a reminder."""
    database = Database(f"sqlite+aiosqlite:///{folder / 'data' / 'openchair.db'}")
    await database.open()
    await database.upgrade()
    async with database.begin() as connection:
        await meetings.replace_feed(connection, "smart-sample", [make_meeting()])
    ring = KeyRing(database, file=folder / "data" / "openchair.key")
    await Reminders(database, ring).set(5550100, make_meeting().id)
    await database.close()


def test_a_new_key_seals_everybody_anew(here: Path) -> None:
    asyncio.run(remind(here))
    done = CliRunner().invoke(app, ["keys", "rotate"])
    assert done.exit_code == 0, done.output
    assert done.output == "A new key is in use; 1 people were sealed anew.\n"
    assert len((here / "data" / "openchair.key").read_text().splitlines()) == 2
    again = CliRunner().invoke(app, ["keys", "rotate", "--reseal"])
    assert again.output == "The first key is in use; 0 people were sealed anew.\n"


def test_a_key_that_is_not_here_is_told(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asyncio.run(remind(here))
    monkeypatch.setenv("OPENCHAIR_KEY", base64.b64encode(b"o" * 32).decode())
    done = CliRunner().invoke(app, ["keys", "rotate", "--reseal"])
    assert isinstance(done.exception, SettingsError)
    assert str(done.exception).startswith("Some of what is kept was sealed with a key that is not here")


def test_a_wrong_key_is_told_without_repeating_it(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENCHAIR_KEY", "hunter2")
    done = CliRunner().invoke(app, ["keys", "rotate"])
    assert isinstance(done.exception, SettingsError)
    assert "hunter2" not in str(done.exception)
