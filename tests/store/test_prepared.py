"""Cards on the short way to the driver: the same rows, the same sentences, and no harm from whoever leaves early."""

import asyncio
import contextlib
from datetime import UTC, datetime

import pytest

from bot.domain.errors import StoreError
from bot.domain.meeting import Meeting, Status
from bot.store import meetings
from bot.store.database import Database
from tests.builders import make_meeting, make_online_meeting

ROWS = [
    make_meeting(key="1", tags=frozenset({"open", "wheelchair"}), languages=("en", "es"), notes="Ñandú 🙂"),
    make_meeting(key="2", weekday=None, start=None, status=Status.BY_APPOINTMENT, latitude=None, longitude=None),
    make_online_meeting(key="3", status=Status.SUSPENDED, updated=datetime(2026, 5, 1, 9, 30, 15, tzinfo=UTC)),
    *(make_meeting(key=str(number), start=number) for number in range(4, 14)),
]
IDS = [one.id for one in ROWS]


@pytest.fixture
async def kept(db: Database) -> Database:
    async with db.begin() as connection:
        await meetings.replace_feed(connection, "smart-sample", ROWS)
    return db


async def cards(db: Database, ids: list[int]) -> dict[int, Meeting]:
    async with db.read() as connection:
        return await meetings.by_ids(connection, ids)


@pytest.mark.parametrize("count", [1, meetings.CARDS, len(ROWS)])
async def test_a_card_is_the_same_by_whichever_connection_it_is_read(kept: Database, count: int) -> None:
    right = {one.id: one for one in ROWS[:count]}
    assert await cards(kept, IDS[:count]) == right
    async with kept.snapshot() as connection:
        assert await meetings.by_ids(connection, IDS[:count]) == right
    async with kept.begin() as connection:
        assert await meetings.by_ids(connection, IDS[:count]) == right


async def test_a_card_shows_what_was_imported_a_moment_ago(kept: Database) -> None:
    await cards(kept, IDS)
    async with kept.begin() as connection:
        await meetings.replace_feed(connection, "smart-sample", [make_meeting(key="1", name="New name")])
    assert [one.name for one in (await cards(kept, IDS)).values()] == ["New name"]


async def test_whoever_stops_waiting_for_a_card_leaves_the_connection_as_it_was(kept: Database) -> None:
    async with kept.read() as held:
        pass
    for _ in range(20):
        reading = asyncio.create_task(cards(kept, IDS))
        await asyncio.sleep(0)
        reading.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await reading
        assert await cards(kept, IDS[:1]) == {IDS[0]: ROWS[0]}
    async with kept.read() as again:
        assert kept.is_sqlite == (again is held)


async def test_a_card_is_read_without_the_engine(kept: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """On a connection of its own, that is: within a transaction the engine has to begin it first."""
    await cards(kept, IDS)
    async with kept.read() as connection:
        monkeypatch.setattr(type(connection), "execute", None)
        assert await meetings.by_ids(connection, IDS[:3]) == {one.id: one for one in ROWS[:3]}


async def test_cards_of_a_database_that_was_never_set_up_say_what_to_run(empty_url: str) -> None:
    db = Database(empty_url)
    await db.open()
    with pytest.raises(StoreError, match="db upgrade"):
        await cards(db, IDS)
    await db.close()
