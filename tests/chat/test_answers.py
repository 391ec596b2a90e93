"""A screen that answers what somebody sent brings that back when a button below it is pressed; nothing else does."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from telegram import Bot, Chat, InaccessibleMessage, Message, Update

from bot.app import open_work, rooms_for
from bot.chat import dispatch
from bot.chat.context import SentFile, Visit
from bot.chat.dispatch import Dispatcher
from bot.chat.parse import own_message, sent_file
from bot.domain.buttons import Action, Press, pack
from bot.views.screen import Screen
from tests.chat.test_fuzz import BOT_ID, Counted
from tests.stories.conftest import story_settings

pytestmark = pytest.mark.asyncio(loop_scope="module")
SAM: dict[str, Any] = {"id": 5550130, "is_bot": False, "first_name": "Sam"}
CHAIR: dict[str, Any] = {"id": BOT_ID, "is_bot": True, "first_name": "Chair"}
PRIVATE = {"id": SAM["id"], "type": "private", "first_name": "Sam"}
GROUP = {"id": -5550131, "type": "supergroup", "title": "Friends"}
DOCUMENT = {"file_id": "abc", "file_unique_id": "a", "file_name": "meetings.csv", "file_size": 120}


class Sent:
    """Stands in for the sender: keeps how each screen was sent."""

    def __init__(self) -> None:
        self.how: list[dict[str, Any]] = []

    async def show(self, chat_id: int, screen: Screen, **how: Any) -> None:
        self.how.append(how)

    async def answer(self, query_id: str) -> None:
        """Nothing to keep."""


class Rig:
    """The dispatcher with one handler, which keeps the visits it is given."""

    def __init__(self, dispatcher: Dispatcher, sent: Sent, data: str) -> None:
        self.dispatcher, self.sent, self.data = dispatcher, sent, data
        self.visits: list[Visit] = []
        self.answers = True
        self.bot = Bot("1:a")

    async def handler(self, visit: Visit) -> Screen:
        self.visits.append(visit)
        return Screen("Save this?", answers=self.answers)

    async def press(self, own: dict[str, Any]) -> Visit:
        """A press below a message of the bot, and the visit it makes."""
        await self.tap(own)
        return self.visits[-1]

    async def tap(self, own: dict[str, Any]) -> None:
        """A press, wherever it leads."""
        query = {"id": "7", "from": SAM, "message": own, "chat_instance": "1", "data": self.data}
        await self.dispatcher.handle(Update.de_json({"update_id": 1, "callback_query": query}, self.bot))

    async def write(self, text: str) -> Visit:
        """Words of a person."""
        await self.dispatcher.handle(Update.de_json({"update_id": 1, "message": message(7, SAM, text)}, self.bot))
        return self.visits[-1]


def message(number: int, sender: dict[str, Any], text: str = "", **more: Any) -> dict[str, Any]:
    raw = {"message_id": number, "date": 1, "from": sender, "chat": PRIVATE} | more
    return raw | ({"text": text} if text else {})


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def dispatcher(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[tuple[Dispatcher, Sent, str]]:
    folder: Path = tmp_path_factory.mktemp("answers")
    async with open_work(story_settings(folder)) as work:
        rooms, sent = rooms_for(work, "open_chair_bot", preview=True), Sent()
        async with rooms.errands:
            numbers = {kind: one.number for kind, one in work.fellowships.items()}
            data = pack(Press(Action.OPTIONS), numbers)
            yield Dispatcher(rooms, sent, BOT_ID, Counted()), sent, data  # type: ignore[arg-type]


@pytest.fixture
def rig(dispatcher: tuple[Dispatcher, Sent, str], monkeypatch: pytest.MonkeyPatch) -> Rig:
    made = Rig(*dispatcher)
    made.sent.how.clear()
    monkeypatch.setattr(dispatch, "ACTIONS", {Action.OPTIONS: made.handler})
    monkeypatch.setattr(dispatch.find, "free_text", made.handler)
    return made


async def test_an_answer_is_sent_as_a_reply_and_brings_the_words_back(rig: Rig) -> None:
    visit = await rig.write("9 Mill Lane")
    assert (visit.text, visit.quoted, visit.message) == ("9 Mill Lane", "", 7)
    assert rig.sent.how[-1]["reply_to"] == 7
    visit = await rig.press(message(8, CHAIR, "Save this?", reply_to_message=message(7, SAM, "9 Mill Lane")))
    assert (visit.quoted, visit.text, visit.message) == ("9 Mill Lane", "", 7)
    assert rig.sent.how[-1]["reply_to"] == 7


async def test_a_screen_that_is_no_answer_quotes_nothing_although_the_words_are_there(rig: Rig) -> None:
    rig.answers = False
    visit = await rig.press(message(8, CHAIR, "Save this?", reply_to_message=message(7, SAM, "9 Mill Lane")))
    assert visit.quoted == "9 Mill Lane"
    assert rig.sent.how[-1]["reply_to"] is None
    await rig.write("9 Mill Lane")
    assert rig.sent.how[-1]["reply_to"] is None


async def test_a_file_and_what_was_written_below_it_come_back(rig: Rig) -> None:
    sent = message(7, SAM, caption="from our sheet", document=DOCUMENT)
    visit = await rig.press(message(8, CHAIR, "Apply?", reply_to_message=sent))
    assert visit.file == SentFile("abc", "meetings.csv", 120)
    assert visit.quoted == "from our sheet"


async def test_the_bots_own_words_are_never_taken_for_a_persons(rig: Rig) -> None:
    visit = await rig.press(message(8, CHAIR, "Save this?", reply_to_message=message(7, CHAIR, "9 Mill Lane")))
    assert (visit.quoted, visit.file, visit.message) == ("", None, None)
    assert rig.sent.how[-1]["reply_to"] is None


async def test_a_screen_below_which_the_words_are_gone_brings_nothing(rig: Rig) -> None:
    visit = await rig.press(message(8, CHAIR, "Save this?"))
    assert (visit.quoted, visit.file, visit.message) == ("", None, None)


async def test_in_a_group_nobodys_words_are_brought_along(rig: Rig) -> None:
    theirs = message(7, SAM, "9 Mill Lane") | {"chat": GROUP}
    own = message(8, CHAIR, "Save this?", reply_to_message=theirs) | {"chat": GROUP}
    await rig.tap(own)
    assert rig.visits == [], "a press in a group reaches no handler"
    assert rig.sent.how[-1].get("reply_to") is None


async def test_a_message_that_is_too_old_to_be_seen_brings_nothing() -> None:
    chat = Chat(SAM["id"], "private")
    assert own_message(InaccessibleMessage(chat, 8)) is None
    assert own_message(None) is None
    assert sent_file(None) is None


async def test_a_file_without_a_name_or_a_size_is_a_file() -> None:
    raw = message(7, SAM, document={"file_id": "abc", "file_unique_id": "a"})
    made = Message.de_json(raw, Bot("1:a"))
    assert sent_file(made) == SentFile("abc", "", 0)
