"""How often somebody may suggest something: counted in memory, for an hour, and then forgotten."""

import pytest

from bot.chat import hourly
from bot.chat.hourly import HOUR, Hourly


class Watch:
    """Seconds that a test moves."""

    now = 1000.0

    def __call__(self) -> float:
        return self.now


async def test_after_five_in_an_hour_the_next_waits_until_the_first_is_an_hour_old() -> None:
    watch = Watch()
    counted = Hourly(5, watch)
    for _ in range(5):
        assert counted.wait_s(1) == 0
        counted.count(1)
        watch.now += 60
    assert counted.wait_s(1) == HOUR - 300
    assert counted.wait_s(2) == 0
    watch.now += HOUR - 300
    assert counted.wait_s(1) == 0
    counted.count(1)
    assert 0 < counted.wait_s(1) <= 60


async def test_after_an_hour_nothing_is_remembered() -> None:
    watch = Watch()
    counted = Hourly(1, watch)
    counted.count(1)
    watch.now += HOUR / 2
    counted.count(2)
    watch.now += HOUR / 2
    await counted.purge()
    assert list(counted._done) == [2]


def test_of_many_chats_the_one_that_is_longest_silent_goes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hourly, "MOST_CHATS", 2)
    counted = Hourly(1, Watch())
    for chat in (1, 2, 1, 3):
        counted.count(chat)
    assert [chat for chat in (1, 2, 3) if counted.wait_s(chat)] == [1, 3]
