"""A stand-in on a free port, calls to it, and visits."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import aiohttp
import pytest

from bot.sandbox import Sandbox
from tests.sandbox_driver import SandboxDriver, Visitor

Json = dict[str, Any]
Call = Callable[..., Awaitable[Json]]


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    """A running stand-in."""
    async with Sandbox("127.0.0.1:0") as running:
        yield running


@pytest.fixture
async def driver(sandbox: Sandbox) -> AsyncIterator[SandboxDriver]:
    """Its control API."""
    async with SandboxDriver(sandbox.url) as made:
        yield made


@pytest.fixture
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    """A plain client."""
    async with aiohttp.ClientSession() as session:
        yield session


@pytest.fixture
async def call(sandbox: Sandbox, http: aiohttp.ClientSession) -> Call:
    """Call a method of the Bot API with JSON parameters; the whole answer."""

    async def ask(method: str, **params: Any) -> Json:
        async with http.post(f"{sandbox.api_url}/bot{sandbox.token}/{method}", json=params) as response:
            answer: Json = await response.json()
            assert answer["ok"] or response.status == answer["error_code"]
            return answer

    return ask


@pytest.fixture
async def sam(driver: SandboxDriver) -> Visitor:
    """Someone who started the chat (message 1); the update is still waiting."""
    visitor = await driver.visitor("Sam")
    await driver.post(f"chats/{visitor.id}/say", text="/start")
    return visitor
