"""Opens the bot for the cases: sample meetings, people of every role, publishers that give anything."""

import base64
import sys
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from pathlib import Path
from random import Random

from sqlalchemy import delete

from bot import logs
from bot.app import Work, open_work, pages_for, rooms_for
from bot.chat.context import Rooms
from bot.chat.dispatch import Dispatcher
from bot.chat.hints import Hint
from bot.chat.intake import Intake
from bot.chat.sender import Sender
from bot.domain.admin import Role, Scope
from bot.domain.errors import FeedError
from bot.feeds.fetch import Fetched
from bot.store.desk_tables import invitations
from bot.web.app import WebServer, build_web
from tests.soak.fuzzing import files, watch
from tests.soak.fuzzing.crawl import found_out
from tests.soak.fuzzing.known import ADMIN, EDITOR, NARROW, OWNER, REVIEWER, Known
from tests.soak.fuzzing.requests import SECRET
from tests.soak.fuzzing.standin import StandIn, bot_on
from tests.soak.fuzzing.world import Moment, World
from tests.stories.conftest import import_samples, story_settings
from tests.web.test_web import probes

KEY = base64.b64encode(b"f" * 32).decode()
FULL = 5000  # chats of which something is remembered: as many as ever are, from the start
GIVEN = {
    ADMIN: (Role.ADMIN, Scope()),
    EDITOR: (Role.EDITOR, Scope()),
    REVIEWER: (Role.REVIEWER, Scope()),
    NARROW: (Role.EDITOR, Scope(fellowships=frozenset({"aa"}))),
}


class Publishers:
    """What every address that a feed or a sheet names gives: nothing, or a list with anything in it."""

    def __init__(self) -> None:
        self.known: Known | None = None
        self._chance = Random("publishers")

    async def fetch(self, url: str, **_: str) -> Fetched:
        """Raises FeedError."""
        if self.known is None or self._chance.random() < 0.3:
            raise FeedError("No answer.")
        return Fetched(files.listed(self._chance, self.known).data, "", "")


@asynccontextmanager
async def opened(folder: Path, cache: Path | None = None) -> AsyncIterator[World]:
    """The whole bot. From here on the log of this process goes to the world."""
    settings = story_settings(folder, key=KEY, admins=str(OWNER), public_url="https://chair.example.org")
    publishers, moment = Publishers(), Moment()
    async with AsyncExitStack() as stack:
        opening = open_work(settings, cache=cache, clock=moment.clock, fetch=publishers.fetch)
        work = await stack.enter_async_context(opening)
        await _fill(work)
        world = await _world(stack, work, moment)
        lines = world.lines
        hook = sys.excepthook
        logs.setup(stream=lines, as_json=True)  # type: ignore[arg-type]
        sys.excepthook = hook  # what ends the run itself is for whoever runs it
        known = await found_out(world)
        publishers.known = known
        async with work.database.begin() as connection:
            await connection.execute(delete(invitations))  # an open one rightly makes a helper of whoever presses it
        tables = watch.Tables(folder / "openchair.db")
        stack.callback(tables.close)
        world.know(known, tables)
        fill_memories(world.rooms)
        yield world


async def _fill(work: Work) -> None:
    await import_samples(work)
    for chat, (role, scope) in GIVEN.items():
        await work.desk.admins.grant(chat, role, scope, role.value)
    await work.refresh()


async def _world(stack: AsyncExitStack, work: Work, moment: Moment) -> World:
    metrics, standin = watch.Noticing(), StandIn()
    bot = bot_on(standin)
    await bot.initialize()
    rooms = replace(rooms_for(work, "open_chair_bot", preview=True), seed=moment.seed)
    rooms.files.bind(bot)
    dispatcher = Dispatcher(rooms, Sender(bot, metrics=metrics, own=rooms.own_messages), bot.id, metrics)
    intake = Intake(bot, dispatcher.handle, dispatcher.apologise, metrics=metrics)
    pages = pages_for(work, rooms)
    web = build_web(probes=probes(), metrics=metrics, feed=intake.feed, secrets=(SECRET,), routes=pages)
    server = await stack.enter_async_context(WebServer(web, "127.0.0.1", 0))
    await stack.enter_async_context(rooms.errands)
    await rooms.menus.refresh()
    return World(work, rooms, intake, web, server.port, standin, metrics, watch.Lines(), moment)


def fill_memories(rooms: Rooms) -> None:
    """What may be remembered of so many chats is full, so that whatever grows later has no end."""
    for chat in range(1_000_000, 1_000_000 + FULL):
        rooms.hints.keep(chat, Hint("en"))
        rooms.own_messages.add(chat, *range(100))
        for counted in (rooms.suggested, rooms.reported, rooms.reported_today, rooms.guesses):
            counted.count(chat)
