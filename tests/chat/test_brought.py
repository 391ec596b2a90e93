"""Updates that are brought by the webhook: each answered once, nobody in the way of others, never more than fits."""

import asyncio
import json

import aiohttp
import pytest
from telegram import Bot, Update

from bot.chat import intake as intakes
from bot.chat.intake import Intake
from bot.web.app import WebServer, build_web
from bot.web.metrics import PrometheusMetrics
from bot.web.webhook import SECRET_HEADER
from tests.web.test_web import NEW, probes

LET_IN = {SECRET_HEADER: NEW}


def update(number: int, chat: int = 5550001) -> bytes:
    person = {"id": chat, "is_bot": False, "first_name": "Sam"}
    message = {"message_id": number, "date": 1, "chat": {"id": chat, "type": "private"}, "from": person, "text": "x"}
    return json.dumps({"update_id": number, "message": message}).encode()


@pytest.fixture
def answered() -> list[int]:
    return []


@pytest.fixture
def brought(bot: Bot, answered: list[int]) -> Intake:
    async def handle(given: Update) -> None:
        answered.append(given.update_id)

    return Intake(bot, handle, handle)


async def test_an_update_that_is_brought_again_is_answered_once(brought: Intake, answered: list[int]) -> None:
    app = build_web(probes=probes(), metrics=PrometheusMetrics(), feed=brought.feed, secrets=(NEW,))
    async with WebServer(app, "127.0.0.1", 0) as running, aiohttp.ClientSession() as client:
        url = f"http://127.0.0.1:{running.port}/telegram"

        async def post(number: int) -> int:
            async with client.post(url, data=update(number), headers=LET_IN) as answer:
                return answer.status

        assert await asyncio.gather(*(post(7) for _ in range(10)), post(8)) == [200] * 11
        assert await post(7) == 200
    assert sorted(answered) == [7, 8]
    await brought.stop()


async def test_only_so_many_numbers_are_remembered(
    brought: Intake, answered: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(intakes, "REMEMBERED", 3)
    for number in range(5):
        await brought.feed(update(number))
    assert list(brought._brought) == [2, 3, 4]
    await brought.stop()


async def test_one_person_cannot_fill_all_there_is_and_others_are_answered(
    bot: Bot,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(intakes, "MOST_OF_ONE", 5)
    release, handled = asyncio.Event(), []

    async def handle(given: Update) -> None:
        assert given.effective_chat is not None
        if given.effective_chat.id == 1:
            await release.wait()
        handled.append(given.effective_chat.id)

    held = Intake(bot, handle, handle)
    flood = [asyncio.create_task(held.feed(update(number, 1))) for number in range(100)]
    await asyncio.sleep(0.05)
    assert held.in_hand == 6
    assert await held.feed(update(200, 2))
    assert handled == [2]
    release.set()
    assert all(await asyncio.gather(*flood))
    assert handled.count(1) == 6
    await held.stop()


async def test_with_too_much_in_hand_telegram_is_asked_to_come_again(
    bot: Bot,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(intakes, "IN_HAND", 10)
    release = asyncio.Event()

    async def handle(given: Update) -> None:
        await release.wait()

    held = Intake(bot, handle, handle)
    first = [asyncio.create_task(held.feed(update(number, number))) for number in range(1, 11)]
    await asyncio.sleep(0.05)
    assert not await held.feed(update(50, 50))
    release.set()
    await asyncio.gather(*first)
    assert await held.feed(update(50, 50))
    await held.stop()


async def test_under_a_rain_of_forged_and_slow_calls_people_are_answered(
    brought: Intake, answered: list[int]
) -> None:
    app = build_web(probes=probes(), metrics=PrometheusMetrics(), feed=brought.feed, secrets=(NEW,))
    async with WebServer(app, "127.0.0.1", 0) as running, aiohttp.ClientSession() as client:
        url = f"http://127.0.0.1:{running.port}/telegram"
        slow = [await asyncio.open_connection("127.0.0.1", running.port) for _ in range(40)]
        for _, writer in slow:
            writer.write(b"POST /telegram HTTP/1.1\r\nHost: x\r\nX-Slow: ")

        async def post(body: bytes, secret: str) -> int:
            async with client.post(url, data=body, headers={SECRET_HEADER: secret}) as answer:
                return answer.status

        forged = asyncio.gather(*(post(b"x" * 5000, f"guess-number-{number:05}") for number in range(200)))
        async with asyncio.timeout(20):
            assert await asyncio.gather(*(post(update(number, number), NEW) for number in range(1, 51))) == [200] * 50
        assert set(await forged) == {403}
        for _, writer in slow:
            writer.close()
    assert sorted(answered) == list(range(1, 51))
    await brought.stop()
