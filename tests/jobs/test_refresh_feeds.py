"""Feeds that are due are read by themselves, and one that fails keeps no other waiting."""

import json
import logging
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.domain.errors import FeedError
from bot.domain.feed import FeedCard
from bot.feeds.fetch import Fetched
from bot.feeds.registry import READERS
from bot.jobs.refresh_feeds import refresh_feeds
from bot.services.feeds import Feeds
from bot.services.sync import Sync
from bot.store.database import Database
from tests.feeds.rows import online_row, tables, zone_of

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


class Publishers:
    """Lists by address; an address without a list does not answer."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    async def fetch(self, url: str, **_: Any) -> Fetched:
        self.asked.append(url)
        if "broken" in url:
            raise FeedError("broken.example.org cannot be reached.")
        if "faulty" in url:
            raise RuntimeError("about nobody")
        return Fetched(json.dumps([online_row()]).encode())


def sync(database: Database, publishers: Publishers, *hosts: str) -> Sync:
    cards = {
        host: FeedCard(host, host, f"https://{host}.example.org/", "meeting_guide", "aa", 24, 1, 9, zone="Etc/UTC")
        for host in hosts
    }
    feeds = Feeds(database, READERS, tables(), zone_of=zone_of, clock=lambda: NOW)
    return Sync(database, feeds, cards, publishers.fetch, clock=lambda: NOW)


async def states(service: Sync) -> dict[str, str]:
    return {state.id: state.state for state in await service.listing()}


async def test_all_that_is_due_is_read_once_and_what_is_off_is_not(sqlite_db: Database) -> None:
    publishers = Publishers()
    service = sync(sqlite_db, publishers, "one", "two", "off")
    await service.enable("one")
    await service.enable("two")
    await refresh_feeds(service)
    assert await states(service) == {"one": "fresh", "two": "fresh", "off": "off"}
    await refresh_feeds(service)
    assert len(publishers.asked) == 2


async def test_one_that_fails_keeps_no_other_waiting(sqlite_db: Database, caplog: pytest.LogCaptureFixture) -> None:
    service = sync(sqlite_db, Publishers(), "broken", "faulty", "well")
    for feed in ("broken", "faulty", "well"):
        await service.enable(feed)
    with caplog.at_level(logging.WARNING, "bot"):
        await refresh_feeds(service)
    assert await states(service) == {"broken": "failing", "faulty": "failing", "well": "fresh"}
    told = {getattr(record, "feed", ""): record for record in caplog.records if record.name.startswith("bot.")}
    assert told["broken"].reason == "broken.example.org cannot be reached."  # type: ignore[attr-defined]
    assert told["faulty"].exc_info


async def test_a_feed_comes_round_again(sqlite_db: Database) -> None:
    publishers = Publishers()
    service = sync(sqlite_db, publishers, "one")
    await service.enable("one")
    await refresh_feeds(service)
    later = Sync(sqlite_db, service._feeds, service.cards, publishers.fetch, clock=lambda: NOW + timedelta(hours=27))
    await refresh_feeds(later)
    assert len(publishers.asked) == 2
