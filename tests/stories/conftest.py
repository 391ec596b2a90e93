"""The real bot beside the sandbox, with sample meetings, for one story."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from bot.app import Work, open_work
from bot.domain.clock import Clock, system_clock
from bot.domain.meeting import SAMPLES
from bot.sandbox.samples import sample_parts
from bot.sandbox.server import Sandbox
from bot.services.feeds import Part
from bot.serving import serve
from bot.settings import Address, Settings
from tests.sandbox_driver import SandboxDriver

Running = Callable[..., AbstractAsyncContextManager[SandboxDriver]]


def story_settings(folder: Path, **changes: Any) -> Settings:
    """Settings of a bot of its own, whatever the environment says."""
    values: dict[str, Any] = {
        "database_url": f"sqlite+aiosqlite:///{folder / 'openchair.db'}",
        "listen": Address("127.0.0.1", 0),
        "key_file": folder / "openchair.key",
        "country": "GB",
    }
    return Settings(_env_file=None, **(values | changes))


async def import_samples(work: Work) -> None:
    """The invented meetings of the preview."""
    await work.feeds.import_parts(
        [Part(data, "meeting_guide", kind) for kind, data in sample_parts().items()], feed=SAMPLES
    )


@asynccontextmanager
async def bot_running(
    folder: Path,
    cache: Path,
    fill: Callable[[Work], Any] = import_samples,
    clock: Clock = system_clock,
    **changes: Any,
) -> AsyncIterator[SandboxDriver]:
    """A bot beside a sandbox; its settings changed by name."""
    settings = story_settings(folder, **changes)
    async with Sandbox("127.0.0.1:0") as sandbox, open_work(settings, cache=cache, clock=clock) as work:
        await fill(work)
        stop, ready = asyncio.Event(), asyncio.Event()
        bot = asyncio.create_task(
            serve(work, token=sandbox.token, api_url=sandbox.api_url, preview=True, stop=stop, ready=ready.set)
        )
        await asyncio.wait({bot, asyncio.create_task(ready.wait())}, return_when=asyncio.FIRST_COMPLETED)
        try:
            async with SandboxDriver(sandbox.url) as driver:
                await driver.wait_connected()
                yield driver
        finally:
            stop.set()
            await bot


@pytest.fixture
def running(tmp_path: Path, unpacked: Path) -> Running:
    """Starts the bot: `async with running() as driver`, with settings changed by name."""
    return partial(bot_running, tmp_path, unpacked)


@pytest.fixture
async def driver(running: Running) -> AsyncIterator[SandboxDriver]:
    """A bot with samples, run for Great Britain."""
    async with running() as started:
        yield started
