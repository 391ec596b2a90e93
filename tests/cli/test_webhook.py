"""`webhook`: what Telegram says, and taking it away."""

import asyncio
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from telegram import Bot
from typer.testing import CliRunner

from bot.chat.backend import telegram_bot
from bot.cli import app
from bot.cli.webhook import _ask
from bot.domain.errors import OperatorError
from bot.sandbox import Sandbox
from bot.settings import load_settings
from tests.cli.test_keys import here  # noqa: F401 - a fixture
from tests.ports import free_port


def beside_telegram(monkeypatch: pytest.MonkeyPatch, ask: Callable[[Bot], Any]) -> Any:
    """What `ask` finds while a stand-in for Telegram runs."""

    async def run() -> Any:
        async with Sandbox("127.0.0.1:0") as sandbox, telegram_bot(sandbox.token, sandbox.api_url) as bot:
            monkeypatch.setenv("OPENCHAIR_TOKEN", sandbox.token)
            monkeypatch.setenv("OPENCHAIR_API_URL", sandbox.api_url)
            return await ask(bot)

    return asyncio.run(run())


async def said(*words: str) -> str:
    """What a command prints; it runs its own loop, so it needs a thread of its own."""
    result = await asyncio.to_thread(CliRunner().invoke, app, ["webhook", *words])
    assert result.exit_code == 0, result.output
    return result.output


def test_show_names_the_host_and_what_waits_and_remove_takes_it_away(
    here: Path,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def ask(bot: Bot) -> None:
        assert await said("show") == "No webhook is set: updates are fetched. 0 wait at Telegram.\n"
        await bot.set_webhook(f"http://localhost:{free_port()}/telegram", secret_token="a-secret-word-0001")
        assert json.loads(await said("show", "--json")) == {"host": "localhost", "waiting": 0, "trouble": ""}
        assert "The webhook is gone." in await said("remove")
        assert not (await bot.get_webhook_info()).url

    beside_telegram(monkeypatch, ask)


@pytest.mark.parametrize(
    ("token", "sentence"),
    [
        ("", "OPENCHAIR_TOKEN is unset"),
        ("123456:nobody-knows-this-one", "cannot be reached|Telegram refused"),
    ],
)
def test_without_a_bot_or_a_network_it_says_so(
    here: Path,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
    token: str,
    sentence: str,
) -> None:
    monkeypatch.setenv("OPENCHAIR_TOKEN", token)
    monkeypatch.setenv("OPENCHAIR_API_URL", f"http://127.0.0.1:{free_port()}")
    with pytest.raises(OperatorError, match=sentence) as caught:
        asyncio.run(_ask(load_settings(), "getWebhookInfo"))
    assert "nobody-knows" not in str(caught.value)
