"""Updates that Telegram brings: acknowledged when they are done with, and not before."""

import asyncio
import json

import pytest
from telegram import Bot, Update
from telegram.error import NetworkError, TelegramError

from bot.chat.intake import Intake
from tests.chat.common import SORRY, Counts, apologise, echo, until
from tests.chat.conftest import Town


def raw_message(number: int, chat_id: int, text: str) -> bytes:
    chat = {"id": chat_id, "type": "private"}
    return json.dumps(
        {"update_id": number, "message": {"message_id": number, "date": 1, "chat": chat, "text": text}}
    ).encode()


async def test_a_brought_update_is_answered_before_it_is_acknowledged(bot: Bot, town: Town) -> None:
    intake = Intake(bot, echo, apologise)
    assert await intake.feed(raw_message(5, town.person(1), "hello"))
    assert town.hears(1) == ["You said hello"]
    assert intake.mode == "webhook"
    await intake.stop()


@pytest.mark.parametrize(
    "raw", [b"", b"null", b"[]", b"{}", b'{"update_id": "x"}', b"\xff\xfe", b"[" * 100_000, b"7"]
)
async def test_a_brought_update_that_makes_no_sense_is_counted_and_done_with(bot: Bot, raw: bytes) -> None:
    counts = Counts()
    intake = Intake(bot, echo, apologise, metrics=counts)
    assert await intake.feed(raw)
    assert counts.outcomes() == ["malformed"]


async def test_an_update_brought_again_while_it_is_handled_is_answered_once(bot: Bot, town: Town) -> None:
    async def slow(update: Update) -> None:
        await asyncio.sleep(0.2)
        await echo(update)

    intake = Intake(bot, slow, apologise)
    raw = raw_message(5, town.person(1), "hello")
    assert await asyncio.gather(intake.feed(raw), intake.feed(raw)) == [True, True]
    assert town.hears(1) == ["You said hello"]


async def test_a_brought_update_cut_off_by_the_stop_is_not_acknowledged(bot: Bot, town: Town) -> None:
    async def endless(update: Update) -> None:
        await asyncio.sleep(3600)

    intake = Intake(bot, endless, apologise)
    raws = [raw_message(number, town.person(1), "hello") for number in (5, 6)]
    feeding = [asyncio.create_task(intake.feed(raw)) for raw in raws]
    await until(lambda: intake.in_hand == 2)
    await intake.stop(0.05)
    assert [await task for task in feeding] == [False, False]


async def test_a_handler_that_fails_is_acknowledged_all_the_same(bot: Bot, town: Town) -> None:
    async def clumsy(update: Update) -> None:
        raise TelegramError("no")

    assert await Intake(bot, clumsy, apologise).feed(raw_message(5, town.person(1), "x"))
    assert town.hears(1) == [SORRY]


async def test_an_update_whose_answer_and_apology_both_failed_to_leave_is_brought_again(bot: Bot, town: Town) -> None:
    cut = True

    async def answer(update: Update) -> None:
        if cut:
            raise NetworkError("the connection broke")
        await echo(update)

    async def sorry(update: Update) -> None:
        raise NetworkError("the connection broke")

    counts = Counts()
    intake = Intake(bot, answer, sorry, metrics=counts)
    raw = raw_message(5, town.person(1), "hello")
    assert not await intake.feed(raw)
    cut = False
    assert await intake.feed(raw)
    assert town.hears(1) == ["You said hello"]
    assert counts.outcomes() == ["unheard", "handled"]
