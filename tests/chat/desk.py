"""A desk for the tests of /admin: the real dispatcher and services over lists of their own, and phones at it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from bot.app import open_work, rooms_for
from bot.chat.dispatch import Dispatcher
from bot.chat.menus import Menus
from bot.chat.routes import whole_menu
from bot.domain.admin import EVERYTHING, Role, Scope
from bot.domain.buttons import Press, pack
from bot.domain.meeting import Meeting
from bot.store import meetings as listings
from bot.store.database import Database
from tests.chat.phone import Kept, Phone
from tests.chat.test_fuzz import BOT_ID, Counted
from tests.helping import AA, World
from tests.stories.conftest import story_settings

NOT_YOURS, OUTDATED = "That is not yours to change.", "That button is out of date."


@dataclass
class Desk:
    """The real dispatcher and services over a list of their own."""

    world: World
    dispatcher: Dispatcher
    kept: Kept
    counted: Counted
    numbers: dict[str, int]
    menus: Menus

    async def phone(self, role: Role = Role.EDITOR, scope: Scope = EVERYTHING) -> Phone:
        """Somebody's who helps."""
        admin = await self.world.helper(role, scope, "Joan")
        return self.of(self.world.chat_of[admin.id])

    def of(self, chat: int) -> Phone:
        """Anybody's."""
        self.kept.screens.clear()
        return Phone(self.dispatcher, self.kept, self.counted, chat)

    async def meeting(self, name: str, feed: str = AA, **wanted: Any) -> Meeting:
        """A meeting as it is shown."""
        async with self.world.database.read() as connection:
            found = await listings.all_meetings(connection, feed)
        return next(
            one for one in found if one.name == name and all(getattr(one, key) == wanted[key] for key in wanted)
        )

    def data(self, press: Press) -> str:
        """Any button, also one that was never shown."""
        return pack(press, self.numbers)


@asynccontextmanager
async def desk_in(folder: Path) -> AsyncIterator[Desk]:
    """A desk whose database lies in a folder; the clock is the world's."""
    async with open_work(story_settings(folder)) as work:
        database = Database(f"sqlite+aiosqlite:///{folder / 'desk.db'}")
        await database.open()
        await database.upgrade()
        world = World(database)
        menus = Menus(world.admins, work.library, whole_menu)
        rooms = replace(rooms_for(work, "open_chair_bot", preview=True), desk=world.desk, menus=menus)
        rooms = replace(rooms, clock=lambda: world.now)
        kept, counted = Kept(), Counted()
        async with rooms.errands:
            dispatcher = Dispatcher(rooms, kept, BOT_ID, counted)  # type: ignore[arg-type]
            numbers = {kind: one.number for kind, one in work.fellowships.items()}
            yield Desk(world, dispatcher, kept, counted, numbers, menus)
        await database.close()
