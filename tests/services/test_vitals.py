"""What whoever looks after the bot can watch, on both databases."""

import math
import os
from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert

from bot.domain.errors import StoreError
from bot.domain.reminder import Kind
from bot.domain.urgent import UrgentCountry
from bot.services.vitals import Vitals
from bot.store import held, outbox, syncs
from bot.store.database import Database
from bot.store.held import HeldSnapshot
from bot.store.outbox import Message
from bot.store.syncs import SyncRecord
from bot.store.tables import people, reminders
from tests.chat.common import Counts
from tests.helping import AA, CARDS, NA, NOON


class Levels(Counts):
    def __init__(self) -> None:
        super().__init__()
        self.now: dict[tuple[str, ...], float] = {}

    def put(self, name: str, value: float, **labels: str) -> None:
        self.now[(name, *labels.values())] = value

    def __getitem__(self, name: str) -> float:
        return self.now[tuple(name.split())]


def checked(country: str, days: int) -> UrgentCountry:
    day = NOON.date() - timedelta(days=days)
    return UrgentCountry(country, ("112",), ("en",), (), day, "https://help.example.org/", "A")


URGENT = {code: checked(code, days) for code, days in (("US", 10), ("ES", 40), ("GB", 70), ("FR", 300))}


def vitals(db: Database, folder: Path, urgent: Mapping[str, UrgentCountry] = URGENT) -> Vitals:
    return Vitals(
        db, CARDS, urgent, country="GB", data=folder / "not/yet/made", backups=folder / "backups", clock=lambda: NOON
    )


async def measured(db: Database, folder: Path) -> Levels:
    levels = Levels()
    await vitals(db, folder).measure(levels)
    return levels


async def reminder(db: Database, fires_s: int | None) -> int:
    """A reminder that is due so many seconds ago; its number."""
    row: dict[str, Any] = {"language": "en", "lead_s": 900, "jitter_s": 0, "weekly": True, "named": False}
    row |= {"silent": False, "check_in": False, "sent": 0, "pressed_on": date(2026, 11, 1)}
    row["fires_at"] = None if fires_s is None else NOON - timedelta(seconds=fires_s)
    who = {"mark": os.urandom(16), "sealed": b"s", "key": 1, "keeps_zone": False, "quiet_from": 0, "quiet_to": 0}
    async with db.begin() as connection:
        columns = {name: value for name, value in who.items() if name in people.c}
        person = (await connection.execute(insert(people).values(columns).returning(people.c.id))).scalar_one()
        made = insert(reminders).values(row | {"person": person}).returning(reminders.c.id)
        return int((await connection.execute(made)).scalar_one())


async def test_a_quiet_bot_has_nothing_waiting(db: Database, tmp_path: Path) -> None:
    await reminder(db, None)
    await reminder(db, -3600)
    levels = await measured(db, tmp_path)
    assert levels["database_up"] == 1
    assert (levels["outbox_waiting"], levels["outbox_overdue"], levels["outbox_oldest_seconds"]) == (0, 0, 0)


async def test_what_waits_is_counted_from_the_moment_it_was_due(db: Database, tmp_path: Path) -> None:
    await reminder(db, 30)
    one = await reminder(db, None)
    async with db.begin() as connection:
        late = [
            Message(
                one, Kind.REMINDER, NOON.date(), NOON - timedelta(seconds=ago), NOON + timedelta(hours=1), turn=ago
            )
            for ago in (200, 5, -60)
        ]
        await outbox.put(connection, late)
    levels = await measured(db, tmp_path)
    assert (levels["outbox_waiting"], levels["outbox_overdue"], levels["outbox_oldest_seconds"]) == (3, 1, 200)


async def test_lists_are_counted_by_how_they_are_and_never_named(db: Database, tmp_path: Path) -> None:
    read = NOON - timedelta(days=3)
    async with db.begin() as connection:
        await syncs.add(connection, SyncRecord(AA, NOON, read, read))
        await syncs.add(connection, SyncRecord(NA, NOON, NOON, NOON, failures=2, trouble="away"))
        await held.hold(connection, HeldSnapshot(AA, NOON, "too few", digest=b"d", data=b"x"))
    levels = await measured(db, tmp_path)
    assert [levels[f"feeds {state}"] for state in ("on", "late", "failing", "held")] == [2, 1, 1, 1]
    assert levels["feed_oldest_seconds"] == 3 * 86_400
    assert not any(AA in name or NA in name for name in levels.now)


async def test_urgent_numbers_are_as_old_as_the_oldest_of_the_countries_served(db: Database, tmp_path: Path) -> None:
    assert (await measured(db, tmp_path))["urgent_numbers_oldest_days"] == 70
    async with db.begin() as connection:
        await syncs.add(connection, SyncRecord(NA, NOON))
    levels = Levels()
    await vitals(db, tmp_path, URGENT | {"ES": checked("ES", 95)}).measure(levels)
    assert levels["urgent_numbers_oldest_days"] == 95, "its lists serve Spain"


async def test_the_newest_backup_counts_and_without_any_it_is_infinitely_old(
    sqlite_db: Database, tmp_path: Path
) -> None:
    assert (await measured(sqlite_db, tmp_path))["backup_age_seconds"] == math.inf
    folder = tmp_path / "backups"
    folder.mkdir()
    for name, hours in (("old.backup", 50), ("new.backup", 2), ("openchair.forgotten", 0)):
        (folder / name).touch()
        os.utime(folder / name, (NOON.timestamp() - hours * 3600,) * 2)
    levels = await measured(sqlite_db, tmp_path)
    assert levels["backup_age_seconds"] == 2 * 3600
    assert 0 < levels["disk_free_ratio"] < 1
    assert levels["disk_free_bytes"] > 0


async def test_a_database_that_is_away_is_a_level_too_and_an_error_that_is_counted(
    sqlite_db: Database, tmp_path: Path
) -> None:
    levels = Levels()
    sqlite_db.metrics = levels
    async with sqlite_db.begin() as connection:
        await connection.exec_driver_sql("DROP TABLE outbox")
    await vitals(sqlite_db, tmp_path).measure(levels)
    assert levels["database_up"] == 0
    assert [name for name, _ in levels.seen] == ["database_errors"]
    with pytest.raises(StoreError):
        async with sqlite_db.read() as connection:
            await connection.exec_driver_sql("SELECT 1 FROM outbox")
    assert len(levels.seen) == 2
