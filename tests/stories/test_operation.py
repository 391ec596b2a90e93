"""What whoever looks after the bot sees and does: numbers without people, and updates brought or fetched."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from prometheus_client.parser import text_string_to_metric_families

from bot.app import open_work
from bot.chat.errors import Trouble
from bot.chat.intake import KINDS
from bot.chat.routes import ACTIONS, COMMANDS
from bot.domain.errors import OperatorError, PersonError
from bot.domain.reminder import Kind
from bot.sandbox import Sandbox
from bot.serving import serve
from bot.settings import Address
from tests.chat.common import until
from tests.chat.conftest import Town
from tests.ports import free_port
from tests.sandbox_driver import SandboxDriver
from tests.stories.conftest import import_samples, story_settings

CANARY_NAME, CANARY_TEXT, CANARY_ID = "Canaryname", "canarytexts", 7_700_123_457
SECRET, NEXT = "first-secret-word", "second-secret-word"


def all_of(error: type[PersonError]) -> set[str]:
    return {error.screen}.union(*(all_of(one) for one in error.__subclasses__()))


ROUTES = {command.name for command in COMMANDS} | {action.name.lower() for action in ACTIONS}
ROUTES |= {f"{kind}_{action.name.lower()}" for action in ACTIONS for kind in ("link", "reply")}
ROUTES |= {
    "text",
    "detected",
    "location",
    "cannot_read",
    "unknown_command",
    "outdated",
    "link_handoff",
    "sheet",
    "group",
}
ROUTES |= {f"{route}_{screen}" for route in ROUTES for screen in all_of(PersonError)}
WORDS: dict[str, set[str]] = {
    "kind": {*KINDS, "inline_query", "other"} | {kind.name.lower() for kind in Kind},
    "outcome": {kind.value for kind in Trouble} | {"ok", "sent", "handled", "done", "failed", "malformed"},
    "method": {"message", "edit", "answer", "photo", "document", "delete", "reminder"},
    "route": ROUTES,
    "tier": {"self_harm", "medical", "violence", "threat"},
    "reason": {"telegram", "pace"},
    "mode": {"webhook", "polling"},
    "state": {"on", "late", "failing", "held"},
}
FREE = {"le", "version", "task"}  # buckets, our own version, and names of jobs


@asynccontextmanager
async def serving(sandbox: Sandbox, folder: Path, cache: Path, **changes: Any) -> AsyncIterator[SandboxDriver]:
    """The bot beside a sandbox that was there before and will be after."""
    async with open_work(story_settings(folder, **changes), cache=cache) as work:
        await import_samples(work)
        stop, ready = asyncio.Event(), asyncio.Event()
        bot = asyncio.create_task(
            serve(work, token=sandbox.token, api_url=sandbox.api_url, preview=True, stop=stop, ready=ready.set)
        )
        starting = asyncio.create_task(ready.wait())
        await asyncio.wait({bot, starting}, return_when=asyncio.FIRST_COMPLETED)
        starting.cancel()
        try:
            if not bot.done():
                async with SandboxDriver(sandbox.url) as driver:
                    yield driver
            else:
                await bot
        finally:
            stop.set()
            await bot


async def scraped(port: int) -> dict[str, list[dict[str, str]]]:
    """Every sample's name with its labels, as a monitor reads them; levels are measured a moment after the start."""
    text = ""
    async with aiohttp.ClientSession() as client, asyncio.timeout(10):
        while "openchair_outbox_overdue" not in text:
            async with client.get(f"http://127.0.0.1:{port}/metrics") as answer:
                text = await answer.text()
    for canary in (CANARY_NAME, CANARY_TEXT, str(CANARY_ID), "Leeds", SECRET):
        assert canary.casefold() not in text.casefold()
    found: dict[str, list[dict[str, str]]] = {}
    for family in text_string_to_metric_families(text):
        for sample in family.samples:
            found.setdefault(sample.name, []).append(sample.labels)
    return found


async def visit(driver: SandboxDriver, id: int) -> None:
    sam = await driver.visitor(CANARY_NAME, id=id)
    await sam.open()
    await sam.press("Find a meeting")
    await sam.say(f"smart {CANARY_TEXT} Leeds tonight")
    await sam.say(f"{CANARY_TEXT} i want to kill myself")
    assert "999" in sam.last.text
    await sam.press_data("1forged")


async def test_a_visit_brought_or_fetched_leaves_numbers_and_nobody_and_no_update_is_lost_in_between(
    tmp_path: Path, unpacked: Path
) -> None:
    port = free_port()
    common: dict[str, Any] = {"listen": Address("127.0.0.1", port), "public_url": f"http://127.0.0.1:{port}"}
    async with Sandbox("127.0.0.1:0") as sandbox:
        account = sandbox.state.bot(sandbox.token)
        town, waiting = Town(account), 0
        for secrets in (SECRET, f"{SECRET},{NEXT}", f"{NEXT},{SECRET}", NEXT):
            brought = {"webhook": True, "webhook_secret": secrets}
            async with serving(sandbox, tmp_path, unpacked, **common, **brought) as driver:
                assert account.webhook is not None
                assert account.webhook.secret == secrets.partition(",")[0]
                if secrets == SECRET:
                    await visit(driver, CANARY_ID)
                    seen = await scraped(port)
                await until(lambda: all(town.hears(number) for number in range(waiting)))  # noqa: B023 - at once
            town.says(waiting, "/help")  # nobody is there
            waiting += 1
        assert len([call for call in account.calls if call["method"] == "setWebhook"]) == 2, "only when it changed"
        async with serving(sandbox, tmp_path, unpacked, **common) as driver:
            assert account.webhook is None
            await visit(driver, CANARY_ID + 1)
            await until(lambda: len(town.hears(waiting - 1)) == 1)
            seen |= {f"{name} fetched": labels for name, labels in (await scraped(port)).items()}
    assert {"openchair_urgent_texts_total", "openchair_heard_age_seconds", "openchair_outbox_overdue"} <= seen.keys()
    for labels in (one for many in seen.values() for one in many):
        assert labels.keys() <= WORDS.keys() | FREE
        for label in labels.keys() - FREE:
            assert labels[label] in WORDS[label], label


async def test_beside_a_webhook_of_another_place_the_bot_ends_with_one_sentence(
    tmp_path: Path, unpacked: Path
) -> None:
    async with Sandbox("127.0.0.1:0") as sandbox:
        account = sandbox.state.bot(sandbox.token)
        async with SandboxDriver(sandbox.url):
            async with aiohttp.ClientSession() as client:
                address = f"{sandbox.api_url}/bot{sandbox.token}/setWebhook"
                async with client.post(address, data={"url": "http://localhost:9/telegram"}) as answer:
                    assert answer.status == 200
            with pytest.raises(OperatorError, match="brings the updates of this bot to localhost"):
                async with serving(sandbox, tmp_path, unpacked):
                    raise AssertionError("it must not come this far")
        assert account.webhook is not None
