"""The first seconds of a bot: whoever wrote to it while it was away, or before all is taken up, is answered."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from typing import Any

import aiohttp
import pytest

from bot.domain.errors import ContentError
from bot.services.meetings import Meetings
from bot.services.places import Places
from bot.settings import Address
from bot.texts import pages
from tests.ports import free_port
from tests.stories.conftest import Running

A_WHILE_S = 0.5


@pytest.fixture
def gate(monkeypatch: pytest.MonkeyPatch) -> Iterator[asyncio.Event]:
    """The lists, and the towns that only they know, are taken up once it is set."""
    opened = asyncio.Event()

    def held(work: Callable[..., Awaitable[Any]]) -> Callable[..., Awaitable[Any]]:
        async def waits(*given: Any) -> Any:
            await opened.wait()
            return await work(*given)

        return waits

    for service, name in ((Meetings, "_take_up"), (Places, "_learn")):
        monkeypatch.setattr(service, name, held(getattr(service, name)))
    yield opened
    opened.set()


async def test_before_the_lists_are_taken_up_all_but_searches_is_answered_and_these_wait(
    running: Running, gate: asyncio.Event
) -> None:
    port = free_port()
    async with running(listen=Address("127.0.0.1", port)) as driver:
        ann, ben, cem = [await driver.visitor(name) for name in ("Ann", "Ben", "Cem")]
        await ann.open()
        assert "Find a meeting" in ann.buttons
        assert "999" in (await ann.press("Urgent help")).text
        assert "999" in (await ann.say("i want to kill myself")).text
        async with aiohttp.ClientSession() as client, client.get(f"http://127.0.0.1:{port}/health") as answer:
            assert answer.status == 200
        searches = [asyncio.create_task(ben.say("smart leeds")), asyncio.create_task(cem.say("/now"))]
        done, _ = await asyncio.wait(searches, timeout=A_WHILE_S)
        assert not done
        gate.set()
        found, now = await asyncio.gather(*searches)
        assert "SMART" in found.text
        assert "Leeds" in found.text
        assert any("18:" in line or ":" in line for line in now.text.splitlines())


async def test_words_that_are_wrong_end_a_bot_that_has_begun_to_answer(
    running: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    def wrong(*_: object) -> None:
        raise ContentError("content/en/pages/cost.md:3: a word is missing.")

    monkeypatch.setattr(pages, "load_pages", wrong)

    async def visited() -> None:
        async with running() as driver:
            ann = await driver.visitor("Ann")
            await ann.open()
            assert "Find a meeting" in ann.buttons
            await asyncio.sleep(A_WHILE_S * 2)

    with pytest.raises(ContentError, match="cost"):
        await visited()
