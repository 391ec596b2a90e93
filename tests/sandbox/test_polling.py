"""getUpdates, as the documentation and the server of the Bot API have it."""

import asyncio
import time

from tests.sandbox.conftest import Call
from tests.sandbox_driver import SandboxDriver, Visitor


async def _write(driver: SandboxDriver, sam: Visitor, *texts: str) -> None:
    for text in texts:
        await driver.post(f"chats/{sam.id}/say", text=text)


def _ids(answer: dict) -> list[int]:
    return [update["update_id"] for update in answer["result"]]


async def test_an_update_comes_again_until_a_higher_offset_confirms_it(call: Call, sam: Visitor) -> None:
    first = _ids(await call("getUpdates"))
    assert _ids(await call("getUpdates")) == first
    assert _ids(await call("getUpdates", offset=first[0] + 1)) == []
    assert _ids(await call("getUpdates")) == []


async def test_a_negative_offset_keeps_only_the_newest(call: Call, driver: SandboxDriver, sam: Visitor) -> None:
    await _write(driver, sam, "one", "two", "three")
    newest = await call("getUpdates", offset=-2)
    assert [update["message"]["text"] for update in newest["result"]] == ["two", "three"]
    assert await driver.pending() == 2


async def test_the_limit_is_kept_between_1_and_100(call: Call, driver: SandboxDriver, sam: Visitor) -> None:
    await _write(driver, sam, "one", "two")
    assert len(_ids(await call("getUpdates", limit=2))) == 2
    assert len(_ids(await call("getUpdates", limit=0, offset=1))) == 1
    assert len(_ids(await call("getUpdates", limit=500, offset=2))) == 3


async def test_the_same_offset_asked_again_at_once_brings_one_update(
    call: Call, driver: SandboxDriver, sam: Visitor
) -> None:
    await _write(driver, sam, "one", "two")
    assert len(_ids(await call("getUpdates", offset=5))) == 3
    assert len(_ids(await call("getUpdates", offset=5))) == 1
    await asyncio.sleep(0.55)
    assert len(_ids(await call("getUpdates", offset=5))) == 3


async def test_a_long_poll_waits_for_the_first_update(call: Call, driver: SandboxDriver, sam: Visitor) -> None:
    last = _ids(await call("getUpdates"))[-1]
    waiting = asyncio.create_task(call("getUpdates", offset=last + 1, timeout=5))
    await asyncio.sleep(0.1)
    assert not waiting.done()
    await _write(driver, sam, "hello")
    assert (await waiting)["result"][0]["message"]["text"] == "hello"


async def test_a_long_poll_gives_up_after_its_timeout(call: Call) -> None:
    began = time.monotonic()
    assert (await call("getUpdates", timeout=1))["result"] == []
    assert 0.9 < time.monotonic() - began < 20


async def test_of_two_long_polls_the_older_one_ends_with_a_conflict(call: Call, driver: SandboxDriver) -> None:
    older = asyncio.create_task(call("getUpdates", timeout=5))
    await driver.wait_connected()
    newer = asyncio.create_task(call("getUpdates", timeout=1))
    refused = await older
    assert refused["error_code"] == 409
    assert refused["description"].startswith("Conflict: terminated by other getUpdates request")
    assert (await newer)["ok"]


async def test_kinds_that_were_not_asked_for_do_not_come(call: Call, driver: SandboxDriver, sam: Visitor) -> None:
    await call("getUpdates", allowed_updates=["callback_query"])
    done = await driver.post(f"chats/{sam.id}/say", text="hello")
    assert done["update_id"] is None
    # The list is remembered without being said again, and an empty list means the usual kinds.
    await call("getUpdates")
    assert (await driver.post(f"chats/{sam.id}/say", text="hello"))["update_id"] is None
    await call("getUpdates", allowed_updates=[])
    assert (await driver.post(f"chats/{sam.id}/say", text="hello"))["update_id"]


async def test_a_malformed_update_is_delivered_as_it_is(call: Call, driver: SandboxDriver) -> None:
    number = await driver.push({"callback_query": {"id": "1", "from": "nobody"}})
    answer = await call("getUpdates")
    assert answer["result"] == [{"update_id": number, "callback_query": {"id": "1", "from": "nobody"}}]


async def test_every_token_is_a_bot_of_its_own(sandbox, driver: SandboxDriver, sam: Visitor, http) -> None:
    async with http.get(f"{sandbox.api_url}/bot123:other/getUpdates") as response:
        assert (await response.json())["result"] == []
    async with http.get(f"{sandbox.api_url}/bot123:other/getMe") as response:
        assert (await response.json())["result"]["id"] == 123
    assert await driver.pending() == 1


async def test_what_is_no_token_is_unauthorized(sandbox, http) -> None:
    async with http.get(f"{sandbox.api_url}/botnonsense/getMe") as response:
        assert (response.status, await response.json()) == (
            401, {"ok": False, "error_code": 401, "description": "Unauthorized"},
        )  # fmt: skip


async def test_an_unknown_method_is_not_found_and_names_do_not_mind_case(call: Call) -> None:
    assert await call("sendTelepathy") == {"ok": False, "error_code": 404, "description": "Not Found"}
    assert (await call("GETME"))["ok"]


async def test_parameters_may_come_in_the_query(sandbox, sam: Visitor, http) -> None:
    url = f"{sandbox.api_url}/bot{sandbox.token}/sendMessage"
    async with http.get(url, params={"chat_id": str(sam.id), "text": "hi"}) as response:
        assert (await response.json())["result"]["text"] == "hi"
    async with http.post(url, data={"chat_id": str(sam.id), "text": "form"}) as response:
        assert (await response.json())["result"]["text"] == "form"
