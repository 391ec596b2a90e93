"""Which countries a bot serves, and what `doctor` asks the operator to look at again because of it."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from bot.cli import doctor
from bot.cli.served import served
from bot.cli.shared import opened
from bot.store import syncs
from tests.cli.test_commands import run
from tests.stories.conftest import story_settings


@pytest.fixture
def operator(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The address of a database that nobody has made yet."""
    url = f"sqlite+aiosqlite:///{tmp_path / 'charity.db'}"
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("OPENCHAIR_CONTENT_DIR", str(Path(__file__).parents[2] / "content"))
    monkeypatch.setenv("OPENCHAIR_DATABASE_URL", url)
    monkeypatch.setenv("OPENCHAIR_COUNTRY", "NZ")
    return url


async def test_asking_makes_no_database(tmp_path: Path) -> None:
    settings = story_settings(tmp_path, country="GB")
    assert await served(settings) == {"GB"}
    assert await served(story_settings(tmp_path, country=None)) is None
    assert list(tmp_path.glob("*.db")) == []


async def test_the_countries_of_feeds_that_are_on_count_too(operator: str, tmp_path: Path) -> None:
    settings = story_settings(tmp_path, country="NZ", database_url=operator)
    async with opened(settings) as database, database.begin() as connection:
        await syncs.add(connection, syncs.SyncRecord("na-ireland", datetime(2026, 11, 22, tzinfo=UTC)))
    assert await served(settings) == {"NZ", "IE", "GB"}


def test_old_numbers_are_named_only_where_the_bot_is_run_for(operator: str, monkeypatch: pytest.MonkeyPatch) -> None:
    class Later(date):
        @classmethod
        def today(cls) -> date:
            return date(2027, 6, 1)

    monkeypatch.setattr(doctor, "date", Later)
    told = next(line for line in run("doctor").stdout.splitlines() if "urgent numbers:" in line)
    assert told.startswith("DO ")
    assert "urgent/nz.yml" in told
    assert "urgent/us.yml" not in told
    assert "people still see these numbers" in told
