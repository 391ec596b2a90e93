"""Faults on demand."""

import time

import aiohttp
import pytest

from tests.sandbox.conftest import Call
from tests.sandbox_driver import SandboxDriver, SandboxError, Visitor


async def test_a_flood_wait_says_how_long_and_ends(call: Call, driver: SandboxDriver, sam: Visitor) -> None:
    await driver.fault("sendMessage", 429, retry_after=7, times=2)
    for _ in range(2):
        answer = await call("sendMessage", chat_id=sam.id, text="x")
        assert answer["parameters"] == {"retry_after": 7}
        assert answer["description"] == "Too Many Requests: retry after 7"
    assert (await call("sendMessage", chat_id=sam.id, text="x"))["ok"]


async def test_a_fault_means_one_method_and_one_chat(call: Call, driver: SandboxDriver, sam: Visitor) -> None:
    kim = await driver.visitor("Kim")
    await driver.post(f"chats/{kim.id}/say", text="hi")
    await driver.fault("sendMessage", 403, chat=kim.id, times=9)
    assert (await call("sendMessage", chat_id=sam.id, text="x"))["ok"]
    assert (await call("sendChatAction", chat_id=kim.id, action="typing"))["ok"]
    assert (await call("sendMessage", chat_id=kim.id, text="x"))["error_code"] == 403
    await driver.no_faults()
    assert (await call("sendMessage", chat_id=kim.id, text="x"))["ok"]


async def test_a_fault_can_wait_for_a_later_call(call: Call, driver: SandboxDriver, sam: Visitor) -> None:
    await driver.fault("sendMessage", 500, skip=1)
    assert [(await call("sendMessage", chat_id=sam.id, text="x"))["ok"] for _ in range(3)] == [True, False, True]


async def _sent(driver: SandboxDriver, sam: Visitor) -> int:
    return sum(one["from"] == "bot" for one in (await driver.transcript(sam.id))["messages"])


@pytest.mark.parametrize(("kind", "arrived"), [("drop", 0), ("drop_after", 1)])
async def test_a_dropped_connection_may_hide_a_message_that_arrived(
    call: Call, driver: SandboxDriver, sam: Visitor, kind: str, arrived: int
) -> None:
    await driver.fault("sendMessage", kind)
    with pytest.raises(aiohttp.ClientError):
        await call("sendMessage", chat_id=sam.id, text="x")
    assert await _sent(driver, sam) == arrived


async def test_a_call_can_hang_or_be_slow(call: Call, driver: SandboxDriver, sam: Visitor) -> None:
    await driver.fault("sendMessage", "hang", seconds=0.2)
    await driver.fault("sendMessage", "slow", seconds=0.2)
    began = time.monotonic()
    with pytest.raises(aiohttp.ClientError):
        await call("sendMessage", chat_id=sam.id, text="x")
    assert (await call("sendMessage", chat_id=sam.id, text="x"))["ok"]
    assert time.monotonic() - began > 0.35
    assert await _sent(driver, sam) == 1


async def test_a_proxy_can_answer_with_a_page(sandbox, driver: SandboxDriver, http) -> None:
    await driver.fault("getMe", "html")
    async with http.get(f"{sandbox.api_url}/bot{sandbox.token}/getMe") as response:
        assert (response.status, response.content_type) == (502, "text/html")


async def test_an_unknown_kind_of_fault_is_explained(driver: SandboxDriver) -> None:
    with pytest.raises(SandboxError, match="Unknown kind of fault"):
        await driver.fault("sendMessage", "tired")


async def test_the_calls_are_remembered(call: Call, driver: SandboxDriver, sam: Visitor) -> None:
    await call("sendMessage", chat_id=sam.id, text="one")
    await call("sendMessage", chat_id=sam.id, text="")
    calls = await driver.calls("sendMessage", chat=sam.id)
    assert [(one["params"]["text"], one["code"]) for one in calls] == [("one", 200), ("", 400)]
