"""What /clear may take back: known for less than 48 hours, in memory, and never too much of it."""

from collections.abc import Sequence

from telegram import Bot
from telegram.error import TimedOut

from bot.chat.own_messages import KEPT_SECONDS, MOST_CHATS, MOST_OF_ONE, OwnMessages
from bot.chat.sender import Sender
from bot.views.screen import Screen
from tests.chat.conftest import Town

CHAT = 5550100


class Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


class Telegram:
    """Deletes what it is told to, or does not answer."""

    def __init__(self) -> None:
        self.asked: list[tuple[int, list[int]]] = []
        self.away = False

    async def __call__(self, chat: int, numbers: Sequence[int]) -> None:
        if self.away:
            raise TimedOut
        self.asked.append((chat, list(numbers)))


def made() -> tuple[OwnMessages, Clock, Telegram]:
    clock, telegram = Clock(), Telegram()
    own = OwnMessages(clock)
    own.bind(telegram)
    return own, clock, telegram


async def test_all_of_one_chat_is_taken_back_once_and_nothing_of_another() -> None:
    own, _, telegram = made()
    own.add(CHAT, 5, 6)
    own.add(CHAT, 6)  # shown again in place
    own.add(CHAT + 1, 9)
    assert await own.take_back(CHAT) == 2
    assert await own.take_back(CHAT) == 0
    assert telegram.asked == [(CHAT, [5, 6])]
    assert own.of(CHAT + 1) == [9]


async def test_what_telegram_deletes_no_longer_is_forgotten_before() -> None:
    own, clock, _ = made()
    own.add(CHAT, 5)
    clock.now += KEPT_SECONDS - 1
    own.add(CHAT, 6)
    clock.now += 2
    assert own.of(CHAT) == [6]
    await own.purge()
    assert [len(kept) for kept in own._kept.values()] == [1]
    clock.now += KEPT_SECONDS
    await own.purge()
    assert not own._kept
    assert KEPT_SECONDS < 48 * 3600


def test_memory_does_not_grow_without_end() -> None:
    own, _, _ = made()
    own.add(CHAT, *range(3 * MOST_OF_ONE))
    assert own.of(CHAT) == list(range(2 * MOST_OF_ONE, 3 * MOST_OF_ONE))
    for chat in range(1, MOST_CHATS + 50):
        own.add(CHAT + chat, 1)
    assert len(own._kept) == MOST_CHATS
    assert own.of(CHAT) == []


def test_groups_are_not_remembered() -> None:
    own, _, _ = made()
    own.add(-1_001_234, 5)
    assert not own._kept


async def test_what_could_not_be_taken_back_can_be_tried_again() -> None:
    own, _, telegram = made()
    own.add(CHAT, 5)
    telegram.away = True
    assert await own.take_back(CHAT) == 0
    telegram.away = False
    assert await own.take_back(CHAT) == 1


async def test_what_was_sent_is_gone_from_the_chat_afterwards(bot: Bot, town: Town) -> None:
    own = OwnMessages()
    sender = Sender(bot, own=own)
    me = town.person(1)
    await sender.show(me, Screen("One", then=(Screen("Two"),)))
    assert town.hears(1) == ["One", "Two"]
    assert await own.take_back(me) == 2
    assert town.hears(1) == []
