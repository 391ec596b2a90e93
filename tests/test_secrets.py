"""Real failures of every part that is given a secret: what is logged, printed and counted tells none of them."""

import base64
import io
import logging
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from telegram import Bot
from telegram.error import InvalidToken, TelegramError
from typer.testing import CliRunner

from bot import logs
from bot.chat.backend import ask, telegram_bot
from bot.chat.errors import for_operator
from bot.cli import app
from bot.domain.errors import OperatorError
from bot.feeds.fetch import Fetcher
from bot.services.keys import Key, Keys, read_file
from bot.settings import Settings, load_settings
from bot.store.database import Database
from tests.ports import free_port

TOKEN = "5550100:canary-token-canary-token-canary"
WORD = "canary-webhook-word"
PASSWORD = "canarypassword"
KEY = base64.b64encode(b"canary key, thirty-two bytes lon").decode()
PARTS = (TOKEN, TOKEN.partition(":")[2], WORD, PASSWORD, KEY, "canary key", "thirty-two bytes", "7700100")
VALUES = {
    "OPENCHAIR_TOKEN": TOKEN,
    "OPENCHAIR_KEY": KEY,
    "OPENCHAIR_WEBHOOK_SECRET": WORD,
    "OPENCHAIR_PUBLIC_URL": "https://bot.example.org",
    "OPENCHAIR_ADMINS": "7700100",
}


@pytest.fixture
def settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Settings:
    monkeypatch.chdir(tmp_path)
    for name, value in VALUES.items():
        monkeypatch.setenv(name, value)
    database = f"postgresql+asyncpg://openchair:{PASSWORD}@127.0.0.1:{free_port()}/openchair"
    monkeypatch.setenv("OPENCHAIR_DATABASE_URL", database)
    monkeypatch.setenv("OPENCHAIR_API_URL", f"http://127.0.0.1:{free_port()}")
    return load_settings()


@pytest.fixture
def said(settings: Settings) -> Iterator[io.StringIO]:
    """What the bot writes to its log, as JSON."""
    stream = io.StringIO()
    logs.setup(secrets=settings.secrets, level=logging.DEBUG, stream=stream, as_json=True)
    yield stream
    logging.getLogger().handlers.clear()


@asynccontextmanager
async def bot_of(settings: Settings) -> AsyncIterator[Bot]:
    made = telegram_bot(TOKEN, settings.api_url)
    await made.request.initialize()
    try:
        yield made
    finally:
        await made.request.shutdown()


async def asks_telegram(settings: Settings) -> None:
    async with bot_of(settings) as made:
        await ask(made, "sendMessage", {"chat_id": 7700100, "text": "hello"})


async def starts(settings: Settings) -> None:
    made = telegram_bot(TOKEN, settings.api_url)
    try:
        await made.initialize()
    finally:
        await made.shutdown()


async def opens_the_database(settings: Settings) -> None:
    database = Database(settings.database_url)
    try:
        await database.open()
    finally:
        await database.close()


async def reads_a_bad_key(settings: Settings) -> None:
    file = Path("openchair.key")
    file.write_text(f"{KEY} {KEY}\n")
    read_file(file)


async def fetches_with_a_password(settings: Settings) -> None:
    await Fetcher().fetch(f"https://sam:{PASSWORD}@lists.example.org/meetings.json")


@pytest.mark.parametrize(
    "deed", [asks_telegram, starts, opens_the_database, reads_a_bad_key, fetches_with_a_password]
)
async def test_a_failure_tells_no_secret(
    deed: Callable[[Settings], Any], settings: Settings, said: io.StringIO
) -> None:
    with pytest.raises((OperatorError, TelegramError)) as failed:
        await deed(settings)
    logging.getLogger("bot.app").error("it failed", exc_info=failed.value)
    logs.log_failure(logging.getLogger("bot.chat"), "it failed", failed.value, reason=repr(failed.value))
    logging.getLogger("aiohttp").error("it failed: %s", failed.value, exc_info=failed.value)
    assert said.getvalue().count("\n") == 3
    shown = said.getvalue() + (str(failed.value) if isinstance(failed.value, OperatorError) else "")
    assert [part for part in PARTS if part in shown] == []


def test_the_sentence_for_a_token_that_is_refused_does_not_repeat_it() -> None:
    error = for_operator(InvalidToken(f"The token `{TOKEN}` was rejected by the server."))
    assert TOKEN not in str(error)


def test_nothing_that_holds_a_secret_shows_it(settings: Settings) -> None:
    key = Key.of(b"canary key, thirty-two bytes lon")
    shown = repr([settings, key, Keys((key,)), settings.model_dump(exclude={"admins", "database_url"})])
    assert [part for part in PARTS if part in shown] == []
    assert key.sealing.hex() not in shown


@pytest.mark.parametrize("command", [["db", "backup"], ["db", "upgrade"], ["keys", "rotate"], ["feeds", "list"]])
def test_a_command_that_fails_tells_no_secret(command: list[str], settings: Settings) -> None:
    done = CliRunner().invoke(app, command)
    assert done.exit_code == 1
    shown = done.output + str(done.exception)
    assert "does not answer" in shown
    assert [part for part in PARTS if part in shown] == []
