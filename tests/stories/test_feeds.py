"""A list that is kept in step with its publisher, as people and the operator notice it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
import pytest

import bot.serving as serving
from bot.app import Work, open_work
from bot.domain.errors import FeedError
from bot.feeds.fetch import Fetched, Fetcher, NotModified
from bot.sandbox.server import Sandbox
from bot.serving import serve
from bot.settings import Address
from tests.feeds.feed_server import FeedServer
from tests.feeds.rows import online_row
from tests.ports import free_port
from tests.sandbox_driver import SandboxDriver
from tests.stories.conftest import story_settings

CONTENT = Path(__file__).parents[2] / "content"
CARD = """\
publisher: Denver AA
url: https://lists.example.org/meetings.json
format: meeting_guide
fellowship: aa
zone: America/Denver
every: 24
expect: {min: 1, max: 90}
contact: https://example.org/
"""


@pytest.fixture
def content(tmp_path: Path) -> Path:
    """The real words and one card of our own."""
    folder = tmp_path / "content"
    (folder / "feeds").mkdir(parents=True)
    for part in CONTENT.iterdir():
        if part.name != "feeds":
            (folder / part.name).symlink_to(part)
    (folder / "feeds" / "aa-denver.yml").write_text(CARD, encoding="utf-8")
    return folder


@asynccontextmanager
async def bot_beside(
    publisher: FeedServer, folder: Path, cache: Path, **changes: Any
) -> AsyncIterator[tuple[Work, SandboxDriver]]:
    """The real bot with an empty database; the host of the card is the stand-in's."""
    fetcher = Fetcher(allow_http_hosts=frozenset({"127.0.0.1"}))

    async def fetch(url: str, **tags: str) -> Fetched | NotModified:
        return await fetcher.fetch(url.replace("https://lists.example.org/", publisher.at("")), **tags)

    settings = story_settings(folder, **changes)
    async with Sandbox("127.0.0.1:0") as sandbox, open_work(settings, cache=cache, fetch=fetch) as work:
        stop, ready = asyncio.Event(), asyncio.Event()
        serving = serve(work, token=sandbox.token, api_url=sandbox.api_url, preview=True, stop=stop, ready=ready.set)
        bot = asyncio.create_task(serving)
        try:
            async with SandboxDriver(sandbox.url) as driver:
                await driver.wait_connected()
                yield work, driver
        finally:
            stop.set()
            await bot


async def health(port: int) -> dict[str, Any]:
    async with aiohttp.ClientSession() as session, session.get(f"http://127.0.0.1:{port}/health") as answer:
        found: dict[str, Any] = await answer.json()
        return found


async def wait_until(true: Any) -> None:
    async with asyncio.timeout(60):
        while not await true():
            await asyncio.sleep(0.05)


async def test_a_feed_that_is_turned_on_comes_by_itself_and_its_failure_is_told(
    tmp_path: Path, unpacked: Path, content: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(serving, "FEEDS_SECONDS", 0.1)
    monkeypatch.setattr(serving, "REFRESH_SECONDS", 0.1)
    port = free_port()
    async with FeedServer(online_row(name="Night Lamp")) as publisher:
        options: dict[str, Any] = {"content_dir": content, "listen": Address("127.0.0.1", port)}
        async with bot_beside(publisher, tmp_path, unpacked, **options) as (work, driver):
            sam = await driver.visitor("Sam")
            await work.sync.enable("aa-denver")

            async def listed() -> bool:
                await sam.say("aa online")
                return "Night Lamp" in sam.text

            await wait_until(listed)
            assert (await health(port))["feeds"] == {"late": [], "failing": []}
            publisher.play = "challenge"
            with pytest.raises(FeedError, match="browser check"):
                await work.sync.sync("aa-denver")
            assert (await health(port))["feeds"] == {"late": [], "failing": ["aa-denver"]}
            assert await listed()


async def test_a_bot_that_is_stopped_while_it_reads_a_list_stops_cleanly(
    tmp_path: Path, unpacked: Path, content: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(serving, "FEEDS_SECONDS", 0.1)
    async with FeedServer(online_row()) as publisher:
        publisher.play = "slow"
        async with bot_beside(publisher, tmp_path, unpacked, content_dir=content) as (work, _driver):
            await work.sync.enable("aa-denver")

            async def asked() -> bool:
                return bool(publisher.asked)

            await wait_until(asked)
        assert len(publisher.asked) == 1
