"""What people notice of how updates come in."""

import asyncio
import itertools
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from telegram import Bot, Update

from bot.chat import intake as intake_module
from bot.chat.backend import telegram_bot
from bot.chat.intake import Intake
from bot.domain.errors import OperatorError
from bot.sandbox import Sandbox
from bot.sandbox.faults import Fault
from bot.sandbox.people import block
from tests.chat.common import SORRY, Counts, apologise, echo, running, until
from tests.chat.conftest import Town


async def test_a_message_is_answered_and_then_forgotten_by_telegram(bot: Bot, town: Town) -> None:
    async with running(bot, echo):
        town.says(1, "hello")
        await until(lambda: town.hears(1) == ["You said hello"])
        await until(lambda: not town.account.updates.pending())


async def test_an_update_is_kept_by_telegram_while_it_is_being_handled(bot: Bot, town: Town) -> None:
    go_on = asyncio.Event()

    async def wait(update: Update) -> None:
        await go_on.wait()
        await echo(update)

    async with running(bot, wait) as intake:
        number = town.says(1, "hello")
        await until(lambda: intake.in_hand == 1)
        await asyncio.sleep(1.2)  # two more polls
        assert [update.id for update in town.account.updates.pending()] == [number]
        go_on.set()
        await until(lambda: town.hears(1) == ["You said hello"])


@pytest.mark.parametrize(
    "broken",
    [
        {"message": {"text": "no chat"}},
        {"callback_query": {"id": "1"}},
        {"message": "a word"},
        {"message": []},
        {"poll": {"id": "1"}},
        {"message": {"message_id": "x", "date": "yesterday", "chat": 5}},
        {"unheard_of": {"some": "thing"}},
        {},
    ],
)
async def test_a_broken_update_between_good_ones_costs_only_itself(
    bot: Bot, town: Town, broken: dict[str, Any]
) -> None:
    async def handle(update: Update) -> None:
        if update.message is not None:
            await echo(update)

    town.says(1, "before")
    town.account.updates.push(broken, as_is=True)
    town.says(2, "after")
    async with running(bot, handle):
        await until(lambda: town.hears(1) == ["You said before"] and town.hears(2) == ["You said after"])
        await until(lambda: not town.account.updates.pending())


@pytest.mark.parametrize("number", [0, 2**40])
async def test_update_numbers_may_be_anything(bot: Bot, town: Town, number: int) -> None:
    chat_id = town.person(1)
    message = {"message_id": 1, "date": 1, "chat": {"id": chat_id, "type": "private"}, "text": "odd"}
    town.account.updates.push({"message": message, "update_id": number}, as_is=True)
    async with running(bot, echo):
        await until(lambda: town.hears(1) == ["You said odd"])
        town.says(2, "next")
        await until(lambda: town.hears(2) == ["You said next"])
        await asyncio.sleep(0.7)
    assert town.hears(1) == ["You said odd"]


async def test_numbers_that_start_again_lower_are_not_skipped(bot: Bot, town: Town) -> None:
    message = {"message_id": 1, "date": 1, "chat": {"id": town.person(1), "type": "private"}}
    async with running(bot, echo):
        town.account.updates.push({"message": {**message, "text": "high"}, "update_id": 900}, as_is=True)
        await until(lambda: len(town.hears(1)) == 1)
        await until(lambda: not town.account.updates.pending())
        await asyncio.sleep(0.1)
        town.account.updates.push({}, as_is=True)  # wakes the long poll, as Telegram does when it times out
        await until(lambda: not town.account.updates.pending())


async def test_messages_of_one_chat_are_answered_in_order(bot: Bot, town: Town) -> None:
    async def slower_first(update: Update) -> None:
        assert update.message is not None
        await asyncio.sleep(0.05 if update.message.text == "0" else 0.0)
        await echo(update)

    for number in range(20):
        town.says(1, str(number))
    async with running(bot, slower_first):
        await until(lambda: len(town.hears(1)) == 20)
    assert town.hears(1) == [f"You said {number}" for number in range(20)]


async def test_chats_do_not_wait_for_each_other(bot: Bot, town: Town) -> None:
    async def slow(update: Update) -> None:
        await asyncio.sleep(0.5)
        await echo(update)

    for number in range(40):
        town.says(number, "hi")
    async with running(bot, slow):
        began = time.monotonic()
        await until(lambda: all(town.hears(number) for number in range(40)))
    assert time.monotonic() - began < 12  # one after the other: 20 s


async def test_one_flooding_chat_leaves_room_for_others(bot: Bot, town: Town) -> None:
    async def slow(update: Update) -> None:
        await asyncio.sleep(0.1)
        await echo(update)

    for number in range(60):
        town.says(1, str(number))
    for number in range(2, 12):
        town.says(number, "me too")
    async with running(bot, slow, places=4) as intake:
        await until(lambda: all(town.hears(number) for number in range(2, 12)))
        assert len(town.hears(1)) < 30
        await intake.stop(0.1)


async def test_a_slow_answer_does_not_hold_up_300_people_behind_it(
    bot: Bot, town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(intake_module, "PATIENCE_S", 1.5)

    async def handle(update: Update) -> None:
        if update.message and update.message.text == "slow":
            await asyncio.sleep(3600)
        await echo(update)

    town.says(0, "slow")
    for number in range(1, 301):
        town.says(number, "quick")
    counts = Counts()
    async with running(bot, handle, counts, handler_s=3600) as intake:
        await until(lambda: all(town.hears(number) for number in range(1, 301)))
        await until(lambda: intake.in_hand == 1)  # the last answers are heard a moment before they are settled
        assert "let_go" in counts.outcomes()
        await intake.stop(0.1)


async def test_a_chat_that_never_pauses_does_not_hold_up_those_behind_its_hundred_messages(
    bot: Bot, town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(intake_module, "FLOOD_S", 0.4)

    async def handle(update: Update) -> None:
        await asyncio.sleep(0.05)
        await echo(update)

    for number in range(150):
        town.says(1, str(number))
    town.says(2, "me too")
    async with running(bot, handle) as intake:
        await until(lambda: bool(town.hears(2)))
        assert len(town.hears(1)) < 100
        await intake.stop(0.1)


async def test_nothing_is_acknowledged_early_when_no_place_is_free_for_those_behind(
    bot: Bot, town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(intake_module, "PATIENCE_S", 0.1)

    async def slow(update: Update) -> None:
        await asyncio.sleep(3600)

    for number in range(105):
        town.says(number, "hello")
    counts = Counts()
    async with running(bot, slow, counts, places=2) as intake:
        await asyncio.sleep(1.3)
        await intake.stop(0.1)
    assert "let_go" not in counts.outcomes()
    assert len(town.account.updates.pending()) == 105


async def test_a_burst_of_quick_answers_is_never_acknowledged_early(bot: Bot, town: Town) -> None:
    for number in range(250):
        town.says(number % 90, str(number))
    counts = Counts()
    async with running(bot, echo, counts):
        await until(lambda: sum(len(town.hears(number)) for number in range(90)) == 250)
    assert "let_go" not in counts.outcomes()
    assert counts.outcomes().count("handled") == 250  # none twice


async def test_an_error_is_answered_with_an_apology_and_the_next_message_as_usual(bot: Bot, town: Town) -> None:
    async def clumsy(update: Update) -> None:
        assert update.message is not None
        if update.message.text == "trip":
            raise ValueError("stumbled over my own words")
        await echo(update)

    town.says(1, "trip")
    town.says(1, "again")
    async with running(bot, clumsy):
        await until(lambda: town.hears(1) == [SORRY, "You said again"])
        await until(lambda: not town.account.updates.pending())


async def test_a_cancelled_inside_counts_as_an_error_too(bot: Bot, town: Town) -> None:
    async def cancels(update: Update) -> None:
        raise asyncio.CancelledError

    town.says(1, "hm")
    async with running(bot, cancels):
        await until(lambda: town.hears(1) == [SORRY])
        await until(lambda: not town.account.updates.pending())


async def test_an_answer_that_takes_too_long_ends_in_an_apology(bot: Bot, town: Town) -> None:
    async def endless(update: Update) -> None:
        await asyncio.sleep(3600)

    town.says(1, "hello")
    counts = Counts()
    async with running(bot, endless, counts, handler_s=0.2):
        await until(lambda: town.hears(1) == [SORRY])
        await until(lambda: not town.account.updates.pending())
    assert counts.outcomes() == ["too_slow"]


async def test_an_apology_that_fails_does_not_stop_the_bot(bot: Bot, town: Town) -> None:
    async def clumsy(update: Update) -> None:
        if update.message and update.message.text == "trip":
            town.account.chats[town.person(1)].refusal = "bot was blocked by the user"
            raise RuntimeError
        await echo(update)

    town.says(1, "trip")
    async with running(bot, clumsy):
        await asyncio.sleep(0.3)
        town.says(2, "hello")
        await until(lambda: town.hears(2) == ["You said hello"])


@pytest.mark.parametrize(
    "fault",
    [
        Fault("getupdates", "error", code=500),
        Fault("getupdates", "error", code=429, retry_after=1),
        Fault("getupdates", "html", code=502),
        Fault("getupdates", "html", code=200),
        Fault("getupdates", "drop"),
        Fault("getupdates", "drop_after"),
    ],
    ids=lambda fault: f"{fault.kind}-{fault.code}",
)
async def test_messages_are_answered_after_telegram_had_a_fault(bot: Bot, town: Town, fault: Fault) -> None:
    town.account.faults.append(fault)
    town.says(1, "hello")
    async with running(bot, echo):
        await until(lambda: town.hears(1) == ["You said hello"])


async def test_a_second_process_is_told_about_and_waited_for(
    bot: Bot, town: Town, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(intake_module, "CONFLICT_S", 1.2)
    town.account.faults.append(Fault("getupdates", "error", code=409))
    began = time.monotonic()
    async with running(bot, echo):
        town.says(1, "hello")
        await until(lambda: town.hears(1) == ["You said hello"])
    assert time.monotonic() - began >= 1.2
    assert "only one may run with a token" in caplog.text


async def test_a_webhook_that_is_set_meanwhile_ends_the_fetching_with_one_sentence(
    bot: Bot, town: Town, sandbox: Sandbox
) -> None:
    intake = Intake(bot, echo, apologise)
    polling = asyncio.create_task(intake.poll())
    await until(lambda: intake.last_poll is not None and bool(town.account.updates.allowed))
    await bot.set_webhook(f"{sandbox.api_url}/elsewhere")
    with pytest.raises(OperatorError, match="OPENCHAIR_WEBHOOK chooses"):
        await polling
    assert town.account.webhook is not None, "nobody's webhook is taken away"
    await intake.stop()


async def test_of_two_that_fetch_the_later_one_stops_and_the_first_goes_on(
    bot: Bot, town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(intake_module, "CONFLICT_S", 0.05)
    async with running(bot, echo) as first:
        town.says(1, "before")
        await until(lambda: town.hears(1) == ["You said before"])
        first._began -= intake_module.NEWCOMER_S  # it has been here for a while
        second = Intake(bot, echo, apologise)
        with pytest.raises(OperatorError, match=r"Another process already fetches .* stop it first"):
            await second.poll()
        await second.stop()
        town.says(2, "after")
        await until(lambda: town.hears(2) == ["You said after"])
    assert first._conflicts


@pytest.mark.parametrize("code", [401, 404])
async def test_a_wrong_token_ends_with_a_sentence_for_the_operator(bot: Bot, town: Town, code: int) -> None:
    town.account.faults.append(Fault("getupdates", "error", code=code))
    with pytest.raises(OperatorError, match="does not know this token") as caught:
        await Intake(bot, echo, apologise).poll()
    assert bot.token not in str(caught.value)


async def test_a_passing_refusal_of_the_token_does_not_end_a_bot_that_worked(bot: Bot, town: Town) -> None:
    async with running(bot, echo):
        town.says(1, "one")
        await until(lambda: len(town.hears(1)) == 1)
        town.account.faults.append(Fault("getupdates", "error", code=401))
        town.says(1, "two")
        await until(lambda: len(town.hears(1)) == 2)
        town.says(1, "three")
        await until(lambda: len(town.hears(1)) == 3)


async def test_stopping_finishes_what_was_fetched_and_leaves_nothing_to_be_answered_twice(
    bot: Bot, town: Town
) -> None:
    async def slow(update: Update) -> None:
        await asyncio.sleep(0.2)
        await echo(update)

    for number in range(30):
        town.says(number % 10, str(number))
    async with running(bot, slow) as intake:
        await until(lambda: intake.in_hand == 30)
    assert sum(len(town.hears(number)) for number in range(10)) == 30
    assert not town.account.updates.pending()


async def test_what_stopping_cuts_off_is_answered_after_the_restart(bot: Bot, town: Town) -> None:
    async def endless(update: Update) -> None:
        await asyncio.sleep(3600)

    town.says(1, "first")
    town.says(1, "second")
    intake = Intake(bot, endless, apologise)
    polling = asyncio.create_task(intake.poll())
    await until(lambda: intake.in_hand == 2)
    await intake.stop(0.1)
    await polling
    async with running(bot, echo):
        await until(lambda: town.hears(1) == ["You said first", "You said second"])


async def test_the_age_of_the_last_poll_grows_while_telegram_is_away(sandbox: Sandbox) -> None:
    await sandbox.stop()
    async with telegram_away(sandbox) as bot, running(bot, echo) as intake:
        assert intake.mode == "webhook" or intake.mode == "polling"
        await asyncio.sleep(0.6)
        assert intake.age_s is not None
        assert intake.age_s >= 0.5


@asynccontextmanager
async def telegram_away(sandbox: Sandbox) -> AsyncIterator[Bot]:
    bot = telegram_bot(sandbox.token, sandbox.api_url)
    await bot.request.initialize()
    yield bot
    await bot.request.shutdown()


async def test_the_same_question_is_not_asked_again_within_half_a_second(bot: Bot, town: Town) -> None:
    asked: list[tuple[int, float]] = []
    poll = town.account.updates.poll

    async def noting(offset: int, limit: int, timeout: int) -> list[Any]:
        asked.append((offset, time.monotonic()))
        return await poll(offset, limit, timeout)

    town.account.updates.poll = noting  # type: ignore[method-assign]

    async def slow(update: Update) -> None:
        await asyncio.sleep(1.5)
        await echo(update)

    town.says(1, "slow")
    async with running(bot, slow):
        town.says(2, "other")
        await until(lambda: bool(town.hears(1)) and bool(town.hears(2)))
    pairs = list(itertools.pairwise(asked))[:-1]  # the last one acknowledges at the stop
    assert pairs
    assert all(second[1] - first[1] >= 0.49 for first, second in pairs if first[0] == second[0])


async def test_a_block_reaches_the_bot(bot: Bot, town: Town) -> None:
    kinds: list[str] = []

    async def note(update: Update) -> None:
        kinds.append("blocked" if update.my_chat_member else "other")

    async with running(bot, note) as intake:
        await until(lambda: bool(town.account.updates.allowed))
        block(town.account, town.account.chats[town.person(1)], "bot was blocked by the user")
        await until(lambda: kinds == ["blocked"])
        assert intake.mode == "polling"
