import asyncio
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass

import pytest

from bot.domain.later import Later, LaterMapping, later, made, prepare


class Made:
    def __init__(self) -> None:
        self.word = "here"


def test_what_is_made_later_is_made_once_however_many_ask_at_once() -> None:
    count = []

    def make() -> int:
        time.sleep(0.02)
        count.append(1)
        return 7

    value, answers = Later(make), list[int]()
    threads = [threading.Thread(target=lambda: answers.append(value())) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [7] * 8
    assert count == [1]


def test_a_failure_is_told_to_who_asked_and_the_next_one_tries_again() -> None:
    tries = iter([ValueError("not yet"), None])

    def make() -> str:
        if error := next(tries):
            raise error
        return "here"

    value = Later(make)
    with pytest.raises(ValueError, match="not yet"):
        value()
    assert not value.made
    assert value() == "here"


def test_a_stand_in_is_the_object_to_whoever_reads_or_changes_it() -> None:
    one = later(Made)
    assert one.word == "here"
    one.word = "there"
    assert one.word == "there"
    del one.word
    with pytest.raises(AttributeError):
        _ = one.word


def test_a_later_mapping_reads_like_any_other() -> None:
    one: Mapping[str, int] = LaterMapping(lambda: {"a": 1, "b": 2})
    assert one["a"] == 1
    assert one.get("c") is None
    assert dict(one) == {"a": 1, "b": 2}
    assert len(one) == 2


def test_preparing_makes_all_that_the_fields_of_an_object_stand_for() -> None:
    order: list[str] = []

    def named(name: str) -> Made:
        order.append(name)
        return Made()

    @dataclass
    class Work:
        first: Made
        words: Mapping[str, Mapping[str, Made]]
        plain: str = "plain"

    work = Work(later(lambda: named("first")), {"en": LaterMapping(lambda: {"a": named("words")})})
    prepare(work)
    assert order == ["first", "words"]
    prepare(work)
    assert order == ["first", "words"]


async def test_the_loop_goes_on_while_something_is_made() -> None:
    def slow() -> Made:
        time.sleep(0.2)
        return Made()

    one, ticks = later(slow), 0

    async def tick() -> None:
        nonlocal ticks
        while True:
            await asyncio.sleep(0.01)
            ticks += 1

    ticking = asyncio.create_task(tick())
    await made(one)
    ticking.cancel()
    assert ticks > 3
    assert one.word == "here"
    await made("anything else")
