"""Starting, stopping, and who is answered."""

import asyncio
import json

import pytest

from bot.sandbox import Sandbox, run_sandbox
from bot.sandbox.methods import METHODS
from bot.sandbox.server import split_listen
from bot.sandbox.state import MAX_MESSAGES
from tests.sandbox.conftest import Call
from tests.sandbox_driver import SandboxDriver, SandboxError, Visitor


async def test_a_taken_port_is_said_in_one_sentence(sandbox: Sandbox) -> None:
    taken = sandbox.api_url.removeprefix("http://")
    with pytest.raises(OSError, match=f"Cannot listen on {taken}: another program uses this port"):
        await Sandbox(taken).start()
    with pytest.raises(OSError, match="another program"):
        await run_sandbox(taken)


async def test_it_serves_until_cancelled() -> None:
    serving = asyncio.create_task(run_sandbox("127.0.0.1:0"))
    await asyncio.sleep(0.05)
    assert not serving.done()
    serving.cancel()
    with pytest.raises(asyncio.CancelledError):
        await serving


async def test_stopping_lets_a_long_poll_go(http) -> None:
    sandbox = Sandbox("127.0.0.1:0")
    await sandbox.start()
    polling = asyncio.create_task(http.get(f"{sandbox.api_url}/bot{sandbox.token}/getUpdates?timeout=50"))
    await asyncio.sleep(0.1)
    async with asyncio.timeout(2):
        await sandbox.stop()
        async with await polling as response:
            assert (await response.json())["result"] == []


NASTY = ["", "x", "-1", "0", "[]", "{}", "null", "[1]", '["x"]', '{"type": 3}', "\x00", "🙂" * 50, "9" * 40, "[[[]]]"]
PARAMETERS = [
    "chat_id", "text", "entities", "reply_markup", "reply_parameters", "message_id", "message_ids", "scope",
    "commands", "menu_button", "offset", "limit", "allowed_updates", "latitude",
    "document", "photo", "results", "url", "name",
]  # fmt: skip


async def test_no_call_however_odd_breaks_the_stand_in(call: Call, sam: Visitor) -> None:
    for method in METHODS:
        for value in NASTY:
            odd = {**dict.fromkeys(PARAMETERS, value), "chat_id": sam.id, "text": "x", "message_id": 1}
            for params in (odd, {**odd, "text": value, "reply_markup": ""}, {"chat_id": value}):
                answer = await call(method, **params)
                assert answer["ok"] or answer["error_code"] < 500


@pytest.mark.parametrize("listen", ["8700", "127.0.0.1:", "127.0.0.1:http", "127.0.0.1:70000", ""])
def test_an_address_that_is_none_is_explained(listen: str) -> None:
    with pytest.raises(ValueError, match="HOST:PORT"):
        split_listen(listen)


async def test_a_page_from_elsewhere_gets_no_answer(sandbox: Sandbox, http) -> None:
    async with http.get(sandbox.url, headers={"Host": "rebound.example.org"}) as response:
        assert response.status == 421
    plain = json.dumps({"first_name": "Eve"})
    async with http.post(
        f"{sandbox.url}sandbox/people", data=plain, headers={"Content-Type": "text/plain"}
    ) as response:
        assert response.status == 415


async def test_the_page_may_load_nothing_from_elsewhere(sandbox: Sandbox, http) -> None:
    async with http.get(sandbox.url) as response:
        policy = response.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert "http" not in (await response.text()).replace("http-equiv", "")


async def test_a_chat_keeps_a_bounded_number_of_messages(call: Call, sandbox: Sandbox, sam: Visitor) -> None:
    chat = sandbox.state.bot(sandbox.token).chats[sam.id]
    for number in range(MAX_MESSAGES + 5):
        await call("sendMessage", chat_id=sam.id, text=str(number))
    assert len(chat.messages) == MAX_MESSAGES
    assert next(iter(chat.messages)) == 7


async def test_a_file_for_download_never_runs_in_the_page(call: Call, sandbox: Sandbox, sam: Visitor, http) -> None:
    bot = sandbox.state.bot(sandbox.token)
    stored = bot.keep_file("x.html", "text/html", b"<script>1</script>", "documents")
    async with http.get(f"{sandbox.url}sandbox/files/{stored.file_id}") as response:
        assert response.content_type == "application/octet-stream"
        assert response.headers["Content-Disposition"].startswith("attachment")


@pytest.mark.parametrize(("path", "body"), [
    ("chats/1/say", {"text": "x"}),
    ("people", {"id": "many"}),
    ("people", {"id": -5}),
    ("groups", {"members": [99]}),
    ("groups", {}),
    ("settings", {"mood": 1}),
    ("updates", {"update": 3}),
])  # fmt: skip
async def test_a_wrong_request_is_answered_with_a_sentence(
    driver: SandboxDriver, path: str, body: dict[str, object]
) -> None:
    with pytest.raises(SandboxError, match=r"\w+ \w+"):
        await driver.post(path, **body)
