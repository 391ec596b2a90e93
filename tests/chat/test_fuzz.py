"""Whatever anybody sends, the bot answers kindly and lives on."""

import asyncio
from collections.abc import Iterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from telegram import Bot, Update

from bot.app import open_work, rooms_for
from bot.chat.dispatch import Dispatcher
from bot.domain.buttons import Action, Press, pack
from bot.domain.place import Place
from bot.domain.search import FILTERS, LANGUAGES, NEEDS, Order, Search
from bot.domain.when import Day, When
from bot.views.screen import Screen
from tests.stories.conftest import import_samples, story_settings

BOT_ID = 99


@dataclass
class Counted:
    """Counts failures of handlers."""

    failures: list[str] = field(default_factory=list)

    def count(self, name: str, **labels: str) -> None:
        """Remember a failure's route."""
        if name == "handler_failures":
            self.failures.append(labels["route"])

    def observe(self, name: str, seconds: float, **labels: str) -> None:
        """Durations do not matter here."""


@dataclass
class Shown:
    """Stands in for the sender, and keeps what it is given."""

    screens: list[Screen] = field(default_factory=list)

    async def show(self, chat_id: int, screen: Screen, **_: Any) -> None:
        """Keep the screen."""
        self.screens.append(screen)

    async def answer(self, query_id: str) -> None:
        """Nothing to keep."""


class Rig:
    """A dispatcher over the real rooms, with a loop of its own for the whole module."""

    def __init__(self, folder: Path, unpacked: Path) -> None:
        self.loop = asyncio.new_event_loop()
        self.shown, self.metrics = Shown(), Counted()
        self.bot = Bot("1:a")  # making one reads the certificates of the whole machine
        self.stack = AsyncExitStack()
        self.dispatcher = self.loop.run_until_complete(self._open(folder, unpacked))

    async def _open(self, folder: Path, unpacked: Path) -> Dispatcher:
        work = await self.stack.enter_async_context(open_work(story_settings(folder), cache=unpacked))
        await import_samples(work)
        await work.refresh()
        self.numbers = {kind: one.number for kind, one in work.fellowships.items()}
        rooms = rooms_for(work, "open_chair_bot", preview=True)
        return Dispatcher(rooms, self.shown, BOT_ID, self.metrics)  # type: ignore[arg-type]

    def handle(self, raw: dict[str, Any]) -> None:
        """One update; nothing may raise and no handler may fail."""
        self.shown.screens.clear()
        update = Update.de_json({"update_id": 1, **raw}, self.bot)
        self.loop.run_until_complete(self.dispatcher.handle(update))
        assert self.metrics.failures == []

    def close(self) -> None:
        """Close the rooms and the loop."""
        self.loop.run_until_complete(self.stack.aclose())
        self.loop.close()


@pytest.fixture(scope="module")
def rig(tmp_path_factory: pytest.TempPathFactory, unpacked: Path) -> Iterator[Rig]:
    """One rig for all."""
    made = Rig(tmp_path_factory.mktemp("fuzz"), unpacked)
    yield made
    made.close()


CHAT = {"id": 5, "type": "private", "first_name": "Sam"}
SAM = {"id": 5, "is_bot": False, "first_name": "Sam"}


def message(**content: Any) -> dict[str, Any]:
    """A private message."""
    return {"message": {"message_id": 3, "date": 1_700_000_000, "chat": CHAT, "from": SAM, **content}}


def press(data: str) -> dict[str, Any]:
    """A press on a button of the bot's own message."""
    own = {"message_id": 2, "date": 1_700_000_000, "chat": CHAT, "text": "x"}
    return {"callback_query": {"id": "7", "from": SAM, "message": own, "chat_instance": "1", "data": data}}


words = st.sampled_from(
    "aa na smart leeds london springfield online tonight now mañana en línea mi hijo heroína women near 7pm LS6 "
    "28001 /find /start /urgent kill 'DROP TABLE <b> &amp; \u202e \U0001f600 \x00 {} % sos for el la".split(" ")
)
texts = st.one_of(
    st.text(max_size=300),
    st.lists(words, max_size=12).map(" ".join),
    st.builds(lambda text, times: (text * times)[:4096], st.text(min_size=1, max_size=9), st.integers(1, 500)),
)
languages = st.sampled_from(["en", "es", "xx", "", "pt-BR"])


@given(texts, languages)
@settings(max_examples=150, deadline=None)
def test_any_text_is_answered(rig: Rig, text: str, language: str) -> None:
    update = message(text=text)
    update["message"]["from"] = SAM | {"language_code": language}
    rig.handle(update)
    assert rig.shown.screens
    assert rig.shown.screens[0].text


@given(st.floats(allow_nan=False, allow_infinity=False), st.floats(allow_nan=False, allow_infinity=False))
@settings(max_examples=60, deadline=None)
def test_any_location_is_answered(rig: Rig, latitude: float, longitude: float) -> None:
    rig.handle(message(location={"latitude": latitude, "longitude": longitude}))
    assert rig.shown.screens


searches = st.builds(
    Search,
    place=st.none()
    | st.builds(lambda lat, lon: Place("", lat, lon).on_grid(), st.floats(-89, 89), st.floats(-179, 179))
    | st.just(Place("", 53.7973, -1.54358)),
    online=st.sampled_from([None, True, False]),
    needs=st.lists(st.sampled_from(sorted(NEEDS)), max_size=3, unique=True).map(tuple),
    fellowships=st.lists(st.sampled_from(["aa", "smart", "dharma"]), max_size=2, unique=True).map(tuple),
    when=st.builds(When, st.sampled_from(Day), st.none() | st.just(1080), st.none() | st.just(1200)),
    filters=st.frozensets(st.sampled_from([*sorted(FILTERS), "lang_es"]), max_size=4),
    order=st.sampled_from(Order),
    seed=st.integers(0, 65535),
    page=st.integers(1, 255),
    reach_km=st.sampled_from([2, 50, 200]),
    stated_groups=st.booleans(),
    language=st.sampled_from(sorted(LANGUAGES)),
)


@given(st.sampled_from(Action), searches, st.none() | st.integers(0, 2**56 - 1), st.integers(0, 65535))
@settings(max_examples=250, deadline=None)
def test_any_button_that_could_ever_be_made_is_answered(
    rig: Rig, action: Action, search: Search, meeting: int | None, number: int
) -> None:
    rig.handle(press(pack(Press(action, search, meeting, number), rig.numbers)))
    assert rig.shown.screens


@given(st.text(max_size=64))
@settings(max_examples=60, deadline=None)
def test_any_button_data_is_answered(rig: Rig, data: str) -> None:
    rig.handle(press(data))
    assert rig.shown.screens


@given(searches, texts)
@settings(max_examples=80, deadline=None)
def test_any_reply_to_a_question_is_answered(rig: Rig, search: Search, text: str) -> None:
    payload = pack(Press(Action.ASK_PLACE, search), rig.numbers)
    link = {"type": "text_link", "offset": 0, "length": 5, "url": f"https://t.me/open_chair_bot?start={payload}"}
    bot = {"id": BOT_ID, "is_bot": True, "first_name": "Open Chair"}
    question = {"message_id": 2, "date": 1, "chat": CHAT, "from": bot, "text": "Where", "entities": [link]}
    rig.handle(message(text=text, reply_to_message=question))
    assert rig.shown.screens


@pytest.mark.parametrize("kind", ["group", "supergroup", "channel"])
def test_a_button_pressed_in_a_group_shows_nothing_but_the_way_to_a_private_chat(rig: Rig, kind: str) -> None:
    for action in (Action.ASK_PLACE, Action.ADMIN, Action.REMINDERS):
        update = press(pack(Press(action), rig.numbers))
        update["callback_query"]["message"]["chat"] = {"id": -9, "type": kind, "title": "x"}
        rig.handle(update)
        (screen,) = rig.shown.screens
        assert "t.me/open_chair_bot" in screen.text
        assert (screen.rows, screen.ask) == ((), None)


@pytest.mark.parametrize("kind", ["group", "supergroup", "channel"])
def test_joins_and_chatter_in_groups_stay_unanswered(rig: Rig, kind: str) -> None:
    update = message(text="hello all", chat={"id": -9, "type": kind, "title": "x"})
    rig.handle(update)
    assert rig.shown.screens == []
