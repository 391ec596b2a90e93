"""Where updates go: told to Telegram once, changed without a loss, and never fought over."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from telegram import Bot

from bot.chat.intake import KINDS
from bot.chat.webhook import FRESH, Webhook
from bot.domain.errors import OperatorError
from bot.sandbox import Sandbox
from bot.sandbox.faults import Fault
from bot.services.memory import Memory
from bot.store.database import Database
from tests.chat.conftest import Town
from tests.web.test_web import NEW, OLD

OURS, OTHERS = "http://127.0.0.1:9", "http://127.0.0.1:10"
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


class Shared(Memory):
    """What several processes share, without a server behind it."""

    @property
    def alone(self) -> bool:
        return False


def hook(bot: Bot, db: Database, *secrets: str, url: str | None = OURS, at: datetime = NOON) -> Webhook:
    return Webhook(bot, Shared(db), url, secrets or (NEW,), clock=lambda: at)


async def test_telegram_is_told_once_however_often_the_bot_starts(bot: Bot, town: Town, sqlite_db: Database) -> None:
    for _ in range(3):
        await hook(bot, sqlite_db).begin()
        await hook(bot, sqlite_db).look()
    assert len(town.calls("setWebhook")) == 1
    info = await bot.get_webhook_info()
    assert (info.url, set(info.allowed_updates or ())) == (f"{OURS}/telegram", set(KINDS))


async def test_it_is_told_again_when_address_kinds_or_secret_changed(
    bot: Bot, town: Town, sqlite_db: Database
) -> None:
    await hook(bot, sqlite_db, OLD).begin()
    await hook(bot, sqlite_db, NEW, OLD).begin()
    assert town.account.webhook is not None
    assert town.account.webhook.secret == NEW
    await hook(bot, sqlite_db, NEW, url=OTHERS).begin()
    await bot.set_webhook(f"{OTHERS}/telegram", secret_token=NEW, allowed_updates=["message"], max_connections=100)
    await hook(bot, sqlite_db, NEW, url=OTHERS).begin()
    assert len(town.calls("setWebhook")) == 5
    assert (await bot.get_webhook_info()).url == f"{OTHERS}/telegram"


async def test_a_secret_that_telegram_was_told_by_somebody_else_is_told_anew(
    bot: Bot, town: Town, sqlite_db: Database
) -> None:
    await hook(bot, sqlite_db).begin()
    assert town.account.webhook is not None
    town.account.webhook.last_error_date = 1
    town.account.webhook.last_error_message = "Wrong response from the webhook: 403 Forbidden"
    await hook(bot, sqlite_db).begin()
    assert len(town.calls("setWebhook")) == 2


async def test_neither_the_secret_nor_the_token_is_remembered(bot: Bot, sqlite_db: Database) -> None:
    await hook(bot, sqlite_db, OLD).begin()
    told = await Memory(sqlite_db).recall("webhook told")
    assert told.endswith(f" {OURS}/telegram")
    assert OLD not in told
    assert bot.token not in told


async def test_a_webhook_that_somebody_took_away_is_set_again(bot: Bot, sqlite_db: Database) -> None:
    await hook(bot, sqlite_db).begin()
    await bot.delete_webhook()
    await hook(bot, sqlite_db).look()
    assert (await bot.get_webhook_info()).url == f"{OURS}/telegram"


async def test_another_bots_webhook_is_reported_and_not_fought(
    bot: Bot, town: Town, sqlite_db: Database, caplog: pytest.LogCaptureFixture
) -> None:
    await hook(bot, sqlite_db).begin()
    await bot.set_webhook(f"{OTHERS}/telegram")
    for _ in range(3):
        await hook(bot, sqlite_db).look()
    assert (await bot.get_webhook_info()).url == f"{OTHERS}/telegram"
    assert "another bot has set its webhook" in caplog.text


async def test_one_setting_goes_back_to_fetching(bot: Bot, sqlite_db: Database) -> None:
    served = hook(bot, sqlite_db)
    await served.begin()
    await served.end()
    await hook(bot, sqlite_db).make_way()
    assert not (await bot.get_webhook_info()).url
    await hook(bot, sqlite_db).make_way()  # and again there is nothing to do


async def test_also_after_the_address_of_the_bot_was_taken_out_of_the_settings(bot: Bot, sqlite_db: Database) -> None:
    served = hook(bot, sqlite_db)
    await served.begin()
    await served.end()
    await hook(bot, sqlite_db, url=None).make_way()
    assert not (await bot.get_webhook_info()).url


async def test_while_a_process_with_a_webhook_lives_nobody_takes_it_away(bot: Bot, sqlite_db: Database) -> None:
    await hook(bot, sqlite_db).begin()
    with pytest.raises(OperatorError, match=r"still serves this bot \(it was seen 90 seconds ago\)"):
        await hook(bot, sqlite_db, at=NOON + timedelta(seconds=90)).make_way()
    assert (await bot.get_webhook_info()).url
    await hook(bot, sqlite_db, at=NOON + FRESH).make_way()  # it was killed, and nobody came back
    assert not (await bot.get_webhook_info()).url


async def test_on_one_machine_there_is_nobody_to_wait_for(bot: Bot, sqlite_db: Database) -> None:
    await hook(bot, sqlite_db).begin()
    await Webhook(bot, Memory(sqlite_db), OURS, clock=lambda: NOON).make_way()
    assert not (await bot.get_webhook_info()).url


async def test_a_webhook_of_another_address_is_left_alone_and_named(bot: Bot, sqlite_db: Database) -> None:
    await bot.set_webhook("http://localhost:9/telegram")
    with pytest.raises(OperatorError, match=r"updates of this bot to localhost: .* `openchair webhook remove`"):
        await hook(bot, sqlite_db).make_way()
    assert (await bot.get_webhook_info()).url


async def test_an_address_that_telegram_does_not_take_is_told_to_the_operator(
    bot: Bot, sandbox: Sandbox, sqlite_db: Database
) -> None:
    sandbox.state.bot(sandbox.token).faults.append(Fault("setwebhook", "error", code=400))
    with pytest.raises(OperatorError, match="OPENCHAIR_PUBLIC_URL"):
        await hook(bot, sqlite_db).begin()


async def test_several_processes_that_start_together_may_all_remember(db: Database) -> None:
    await asyncio.gather(*(Memory(db).keep("webhook told", f"word {number}") for number in range(8)))
    assert (await Memory(db).recall("webhook told")).startswith("word ")
    await Memory(db).keep("webhook told", "")
    assert await Memory(db).recall("webhook told") == ""
