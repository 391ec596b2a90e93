"""Updates pushed to a webhook: with the secret, each lane in order, again until accepted."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest
from aiohttp import web

from tests.sandbox.conftest import Call
from tests.sandbox_driver import SandboxDriver, Visitor

SECRET = "hush_1-2"


class Receiver:
    """A bot's own web server, for once."""

    def __init__(self) -> None:
        self.url = ""
        self.got: list[tuple[str, dict[str, Any]]] = []
        self.refuse = 0
        self.gate = asyncio.Event()
        self.gate.set()

    async def take(self, request: web.Request) -> web.Response:
        body = await request.json()
        if "message" in body:
            await self.gate.wait()
        if self.refuse > 0:
            self.refuse -= 1
            return web.Response(status=500)
        self.got.append((request.headers.get("X-Telegram-Bot-Api-Secret-Token", ""), body))
        return web.Response()

    def texts(self) -> list[str]:
        return [body.get("message", {}).get("text") or body["callback_query"]["data"] for _, body in self.got]


async def _until(true: Callable[[], bool]) -> None:
    async with asyncio.timeout(30):
        while not true():
            await asyncio.sleep(0.01)


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    made = Receiver()
    app = web.Application()
    app.router.add_post("/telegram", made.take)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    made.url = f"http://127.0.0.1:{runner.addresses[0][1]}/telegram"
    yield made
    made.gate.set()
    await runner.cleanup()


async def test_a_chats_messages_come_in_order_with_the_secret(
    call: Call, driver: SandboxDriver, sam: Visitor, receiver: Receiver
) -> None:
    await call("setWebhook", url=receiver.url, secret_token=SECRET)
    for text in ("one", "two", "three"):
        await driver.post(f"chats/{sam.id}/say", text=text)
    await _until(lambda: len(receiver.got) == 4)
    assert receiver.texts() == ["/start", "one", "two", "three"]
    assert {secret for secret, _ in receiver.got} == {SECRET}
    info = (await call("getWebhookInfo"))["result"]
    assert (info["url"], info["pending_update_count"]) == (receiver.url, 0)


async def test_a_press_overtakes_a_message_that_is_still_being_handled(
    call: Call, driver: SandboxDriver, sam: Visitor, receiver: Receiver
) -> None:
    markup = {"inline_keyboard": [[{"text": "Go", "callback_data": "go"}]]}
    await call("sendMessage", chat_id=sam.id, text="x", reply_markup=markup)
    receiver.gate.clear()
    await call("setWebhook", url=receiver.url)
    await driver.post(f"chats/{sam.id}/press", label="Go")
    await _until(lambda: len(receiver.got) == 1)
    receiver.gate.set()
    await _until(lambda: len(receiver.got) == 2)
    assert receiver.texts() == ["go", "/start"]


async def test_what_was_not_accepted_comes_again(
    call: Call, driver: SandboxDriver, sam: Visitor, receiver: Receiver
) -> None:
    await driver.settings(webhook_backoff_s=0.02)
    receiver.refuse = 2
    await call("setWebhook", url=receiver.url)
    await _until(lambda: receiver.texts() == ["/start"])
    info = (await call("getWebhookInfo"))["result"]
    assert info["last_error_message"].startswith("Wrong response from the webhook: 500")


async def test_a_webhook_that_is_set_by_four_workers_at_once_hears_each_message_once(
    call: Call, driver: SandboxDriver, sam: Visitor, receiver: Receiver
) -> None:
    await call("setWebhook", url=receiver.url)
    await asyncio.gather(*(call("setWebhook", url=receiver.url) for _ in range(4)))
    receiver.got.clear()
    receiver.gate.clear()
    for text in ("one", "two"):
        await driver.post(f"chats/{sam.id}/say", text=text)
    await asyncio.sleep(0.2)
    receiver.gate.set()
    await _until(lambda: "two" in receiver.texts())
    await asyncio.sleep(0.2)
    assert [text for text in receiver.texts() if text != "/start"] == ["one", "two"]


async def test_a_person_can_wait_for_a_bot_behind_a_webhook(
    call: Call, driver: SandboxDriver, sam: Visitor, receiver: Receiver
) -> None:
    await call("setWebhook", url=receiver.url)
    await sam.say("hello", quiet=True)
    assert receiver.texts()[-1] == "hello"


async def test_with_a_webhook_nobody_may_poll(call: Call, receiver: Receiver) -> None:
    polling = asyncio.create_task(call("getUpdates", timeout=5))
    await asyncio.sleep(0.05)
    await call("setWebhook", url=receiver.url)
    assert (await polling)["description"] == "Conflict: terminated by setWebhook request"
    assert (await call("getUpdates"))["error_code"] == 409
    await call("deleteWebhook")
    assert (await call("getUpdates"))["ok"]


@pytest.mark.parametrize(("params", "problem"), [
    ({"url": "http://example.org/x"}, "bad webhook: An HTTPS URL must be provided for webhook"),
    ({"url": "https://example.org/x"}, "bad webhook: the sandbox pushes to this computer only"),
    ({"url": "http://127.0.0.1:1/x", "secret_token": "sp ace"}, "secret token contains unallowed characters"),
    ({"url": "http://127.0.0.1:1/x", "secret_token": "x" * 257}, "secret token is too long"),
])  # fmt: skip
async def test_a_webhook_that_cannot_be_is_refused(call: Call, params: dict[str, str], problem: str) -> None:
    assert (await call("setWebhook", **params))["description"] == f"Bad Request: {problem}"


async def test_pending_updates_can_be_dropped(call: Call, driver: SandboxDriver, sam: Visitor) -> None:
    assert await driver.pending() == 1
    await call("deleteWebhook", drop_pending_updates=True)
    assert await driver.pending() == 0
