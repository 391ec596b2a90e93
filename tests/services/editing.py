"""A world with meetings that people who help correct, and a publisher who goes on listing."""

import json
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from bot.domain.admin import Admin, Role, Scope
from bot.domain.edits import Sheet
from bot.domain.meeting import Meeting, meeting_id
from bot.services.feeds import Part
from bot.services.meeting_desk import MeetingDesk
from bot.store.database import Database
from tests.feeds.rows import online_row, row
from tests.helping import AA, World

OTHER = "aa-county"  # a second list of the same meetings, read from files
FROM_FILE = "aa-file"  # a list that is only ever read from files


@dataclass
class Editing:
    """`listed`: what the publisher says, by slug."""

    database: Database
    listed: dict[str, dict[str, Any]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.world = World(self.database)

    @property
    def desk(self) -> MeetingDesk:
        return self.world.desk.meetings

    async def open(self, *rows: dict[str, Any]) -> Admin:
        """The list is on and read; somebody helps with all of it."""
        self.listed = {one["slug"]: one for one in rows or (row(), online_row(slug="online", name="Online"))}
        await self.world.sync.enable(AA)
        await self.sync()
        return await self.world.helper(Role.EDITOR, name="Ana")

    async def sync(self, **said: Any) -> None:
        """The publisher says something else of early-birds, an hour later, and is asked."""
        if said:
            self.listed["early-birds"] |= said
        self.world.now += timedelta(hours=1)
        self.world.answers[AA] = list(self.listed.values())
        await self.world.sync.sync(AA, whole=True)

    async def file(self, feed: str, *rows: dict[str, Any]) -> None:
        """Somebody brings a list in a file."""
        part = Part(json.dumps(rows).encode(), "meeting_guide", "aa")
        await self.world.sync.import_bytes(feed, part)

    async def shown(self, feed: str = AA) -> dict[str, Meeting]:
        """What people are shown, by slug."""
        found = await self.world.meetings(feed)
        return {one.key.partition("/")[0]: one for one in found.values()}

    async def sheet(self, slug: str = "early-birds", feed: str = AA) -> Sheet:
        return await self.desk.one(None, number(slug, feed))

    async def helper(self, role: Role = Role.EDITOR, scope: Scope = Scope(), name: str = "") -> Admin:
        return await self.world.helper(role, scope, name)


def number(slug: str = "early-birds", feed: str = AA) -> int:
    return meeting_id(feed, slug, 0)
