"""People who help, two feeds with a publisher that says what the test wants, and a clock that stands still."""

import base64
import json
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

from bot.domain.admin import Admin, Role, Scope
from bot.domain.audit import Change
from bot.domain.errors import FeedError
from bot.domain.feed import FeedCard
from bot.domain.fellowship import Fellowship
from bot.domain.meeting import Meeting
from bot.feeds.fetch import Fetched
from bot.feeds.registry import READERS
from bot.services.desk import desk_for
from bot.services.feeds import Feeds
from bot.services.keys import KeyRing
from bot.services.meeting_rules import world
from bot.services.sync import Sync
from bot.store import audit
from bot.store import meetings as listings
from bot.store.database import Database
from bot.texts.fellowships import load_fellowships
from tests.feeds.rows import CONTENT, locate, online_row, tables, zone_of

KEY = base64.b64encode(b"a" * 32).decode()
NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
AA, NA = "aa-denver", "na-spain"
ZOOM, MEET = "https://zoom.us/j/5550100123", "https://meet.google.com/abc-defg-hij"
CARDS = {
    AA: FeedCard(AA, "Denver AA", "https://aa.example.org/", "meeting_guide", "aa", 24, 1, 50, countries=("US",)),
    NA: FeedCard(NA, "NA Spain", "https://na.example.org/", "meeting_guide", "na", 24, 1, 50, countries=("ES",)),
}
IN_AA = {
    "everything": Scope(),
    "its kind": Scope(fellowships=frozenset({"aa", "alanon"})),
    "its country": Scope(areas=frozenset({"US"})),
    "the feed": Scope(feeds=frozenset({AA})),
    "all three": Scope(frozenset({"aa"}), frozenset({"US", "CA"}), frozenset({AA})),
}
NOT_IN_AA = {
    "another kind": Scope(fellowships=frozenset({"na"})),
    "another country": Scope(areas=frozenset({"ES"})),
    "a part of its country": Scope(areas=frozenset({"US/Colorado"})),
    "another feed": Scope(feeds=frozenset({NA})),
    "its kind elsewhere": Scope(fellowships=frozenset({"aa"}), areas=frozenset({"GB"})),
}


@cache
def kinds() -> dict[str, Fellowship]:
    """Every fellowship of the content."""
    return {one.id: one for one in load_fellowships(CONTENT)}


def rows(*names: str, url: str = ZOOM) -> list[dict[str, Any]]:
    return [online_row(slug=name, name=name, conference_url=url) for name in names]


@dataclass
class World:
    """The desk of one bot. `answers`: what each publisher lists."""

    database: Database
    owners: Collection[int] = ()
    now: datetime = NOON
    answers: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    chats: int = 7_700_100
    chat_of: dict[int, int] = field(default_factory=dict)  # of those who were made here, by number

    def __post_init__(self) -> None:
        clock = lambda: self.now  # noqa: E731 - the test moves it
        feeds = Feeds(self.database, READERS, tables(), zone_of=zone_of, clock=clock)
        self.sync = Sync(self.database, feeds, CARDS, self._fetch, clock=clock, draw=lambda: 0)
        self.keys = KeyRing(self.database, setting=KEY)
        about = world(kinds(), locate, zone_of)
        self.desk = desk_for(self.database, self.keys, self.sync, self.owners, clock, world=about)
        self.admins = self.desk.admins

    async def _fetch(self, url: str, **_tags: str) -> Fetched:
        feed = next(one for one, card in CARDS.items() if card.url == url)
        if feed not in self.answers:
            raise FeedError(f"{feed} does not answer.")
        return Fetched(json.dumps(self.answers[feed]).encode(), "", "")

    async def helper(self, role: Role, scope: Scope = Scope(), name: str = "") -> Admin:
        """Somebody new, by command line."""
        self.chats += 1
        admin = await self.admins.grant(self.chats, role, scope, name)
        self.chat_of[admin.id] = self.chats
        return admin

    async def listed(self, *names: str, url: str = ZOOM, feed: str = AA) -> None:
        """The publisher lists these, and they are read, a day later."""
        self.now += timedelta(days=1)
        self.answers[feed] = rows(*names, url=url)
        await self.sync.enable(feed)
        await self.sync.sync(feed)

    async def meetings(self, feed: str = AA) -> dict[str, Meeting]:
        """What is listed, by name."""
        async with self.database.read() as connection:
            found = await listings.all_meetings(connection, feed)
        return {one.name: one for one in found}

    async def history(self) -> list[Change]:
        """Every change, newest first."""
        async with self.database.read() as connection:
            return await audit.newest(connection, 1000)

    async def state(self, feed: str = AA) -> str:
        """How a feed is."""
        return next(one.state for one in await self.sync.listing() if one.id == feed)
