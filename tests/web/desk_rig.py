"""The desk's pages over a desk of a test's own, and browsers of people who help."""

import asyncio
import html
import re
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from bot.app import Work, open_work, rooms_for
from bot.domain.admin import Admin
from bot.services.meetings import Meetings
from bot.services.reports import alone
from bot.services.standing import Standings
from bot.store.database import Database
from bot.texts.proofs import Proofs
from bot.texts.site import Site
from bot.web.app import WebServer, build_web
from bot.web.desk.proofs import ProofReader
from bot.web.desk.routes import desk_routes
from bot.web.desk.sitting import WebDesk
from bot.web.metrics import PrometheusMetrics
from tests.helping import World
from tests.stories.conftest import story_settings
from tests.web.test_web import probes

HERE = {"Sec-Fetch-Site": "same-origin"}


@dataclass
class Shown:
    """A page that came back."""

    status: int
    text: str
    headers: Any
    path: str

    @property
    def words(self) -> str:
        """What is read on it: without marks, on one line."""
        body = re.sub(r"<(style|title)[^>]*>.*?</\1>|<[^>]+>", " ", self.text, flags=re.DOTALL)
        return " ".join(html.unescape(body).split())

    @property
    def token(self) -> str:
        """The token of its forms."""
        found = re.search(r'name="token" value="(\w+)"', self.text)
        return found[1] if found else ""

    def form(self, holding: str) -> dict[str, list[str]]:
        """What a browser would send of the first form that holds a button or field of that name or words."""
        reader = Forms()
        reader.feed(self.text)
        found = [fields for source, fields in reader.forms if holding in source]
        assert found, f"no form with {holding}: {self.words}"
        return found[0]


class Forms(HTMLParser):
    """Every form of a page: its source, and its fields as they stand."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[tuple[str, dict[str, list[str]]]] = []
        self._choice = self._lines = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.forms.append(("", {}))
        if not self.forms:
            return
        source, fields = self.forms[-1]
        self.forms[-1] = (source + (self.get_starttag_text() or ""), fields)
        name, is_box = given.get("name", ""), given.get("type") in ("checkbox", "radio")
        if tag == "input" and name and (not is_box or "checked" in given):
            fields.setdefault(name, []).append(given.get("value", ""))
        elif tag == "select":
            self._choice = name
        elif tag == "option" and self._choice and ("selected" in given or self._choice not in fields):
            fields[self._choice] = [given.get("value", "")]
        elif tag == "textarea":
            self._lines, fields[name] = name, [""]

    def handle_endtag(self, tag: str) -> None:
        self._choice = "" if tag == "select" else self._choice
        self._lines = "" if tag == "textarea" else self._lines

    def handle_data(self, data: str) -> None:
        if self.forms:
            source, fields = self.forms[-1]
            self.forms[-1] = (source + data, fields)
            if self._lines:
                fields[self._lines] = [fields[self._lines][0] + data.removeprefix("\n")]


@dataclass
class Browser:
    """Somebody's browser."""

    root: str
    client: aiohttp.ClientSession
    token: str = ""

    async def get(self, path: str = "", **headers: str) -> Shown:
        async with self.client.get(self._address(path), headers=headers) as answer:
            return await self._shown(answer)

    async def post(self, path: str, fields: Any = (), *, token: str | None = None, **options: Any) -> Shown:
        """A form of a page that was shown; `token`: another one than that of the pages."""
        pairs = [("token", self.token if token is None else token)]
        given = fields.items() if isinstance(fields, dict) else fields
        for name, value in given:
            pairs += (
                [(name, one) for one in (value if isinstance(value, list) else [value])] if name != "token" else []
            )
        options.setdefault("headers", HERE)
        async with self.client.post(self._address(path), data=options.pop("data", pairs), **options) as answer:
            return await self._shown(answer)

    async def enter(self, link: str) -> Shown:
        """The press on the page of a link."""
        found = await self.post(f"in/{link}?lang=en", token="")
        self.token = found.token
        return found

    def _address(self, path: str) -> str:
        return f"{self.root}/admin/{path}" if path else f"{self.root}/admin"

    async def _shown(self, answer: aiohttp.ClientResponse) -> Shown:
        return Shown(answer.status, await answer.text(), answer.headers, answer.url.path_qs)


@dataclass
class Desk:
    """The pages, and the world behind them."""

    database: Database
    world: World
    room: WebDesk
    root: str
    browsers: list[aiohttp.ClientSession] = field(default_factory=list)

    def browser(self) -> Browser:
        """A new browser in which nobody is signed in."""
        client = aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True))
        self.browsers.append(client)
        return Browser(self.root, client)

    async def signed_in(self, who: Admin) -> Browser:
        """A browser in which this person is."""
        browser = self.browser()
        assert (await browser.enter(await self.world.desk.sessions.link(who))).status == 200
        return browser


def nothing_wrong(_root: Path, day: date) -> Proofs:
    """The checks of content take seconds; they find nothing here, at once."""
    return Proofs(day, (), ())


@asynccontextmanager
async def desk_at(
    work: Work, database: Database, origin: str = "", prove: Callable[[Path, date], Proofs] = nothing_wrong
) -> AsyncIterator[Desk]:
    """The pages over a database of the test's own; `work` lends its words. `prove`: what the checks find."""
    world = World(database)
    rooms = rooms_for(work, "open_chair_bot", preview=False)
    site = Site(work.library, work.articles, bot_name="open_chair_bot")
    clock = lambda: world.now  # noqa: E731 - the test moves it
    meetings = Meetings(database, work.fellowships, clock=clock, zone_of=lambda place: place.zone)
    standings = Standings(database, same=alone)
    proofs = ProofReader(work.library.root, clock, prove=partial(asyncio.to_thread, prove))
    parts = (world.desk, rooms.frames, site, meetings, work.places, work.understand, standings, clock)
    room = WebDesk(*parts, work.urgent, proofs, origin)
    app = build_web(probes=probes(), metrics=PrometheusMetrics(), routes=desk_routes(room))
    async with WebServer(app, "127.0.0.1", 0) as server:
        desk = Desk(database, world, room, f"http://127.0.0.1:{server.port}")
        try:
            yield desk
        finally:
            for client in desk.browsers:
                await client.close()


@pytest.fixture(scope="package")
def lent_words(tmp_path_factory: pytest.TempPathFactory, unpacked: Path) -> Iterator[Work]:
    """The words of the real bot, read once; its own database stays empty."""
    with asyncio.Runner() as runner:
        opening = open_work(story_settings(tmp_path_factory.mktemp("words")), cache=unpacked)
        yield runner.run(opening.__aenter__())
        runner.run(opening.__aexit__(None, None, None))


@pytest.fixture
async def desk(lent_words: Work, sqlite_db: Database) -> AsyncIterator[Desk]:
    """The desk of one test."""
    async with desk_at(lent_words, sqlite_db) as made:
        yield made
