"""Somebody stands before a locked door: what they press and write, what is kept, and what nobody can know."""

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from sqlalchemy import select
from telegram import Bot, Update

from bot.app import REPORTS_AN_HOUR, Work, open_work, rooms_for
from bot.chat.dispatch import Dispatcher
from bot.domain.buttons import Action, Press, pack, unpack
from bot.domain.meeting import Meeting
from bot.domain.report_kinds import NUMBERS, ReportKind
from bot.domain.search import Search
from bot.sandbox.html_text import parse_html
from bot.services.feeds import Part
from bot.store import meetings as listings
from bot.store import tables
from bot.store.metadata import metadata
from bot.views.screen import Ask, Screen
from tests.chat.test_fuzz import BOT_ID, Counted, Shown
from tests.stories.conftest import story_settings

pytestmark = pytest.mark.asyncio(loop_scope="module")
CANARY, CHAT = "Canaryname", 7_700_123_459
LOCKED, OTHER = NUMBERS[ReportKind.LOCKED], NUMBERS[ReportKind.OTHER]


def listed(*names: str) -> bytes:
    """Groups in Leeds, whose list names a public number."""
    rows = [
        {
            "slug": name.lower().replace(" ", "-"), "name": name, "day": 2, "time": "18:30",
            "timezone": "Europe/London", "latitude": "53.7997", "longitude": "-1.5492",
            "formatted_address": "14 Mill Lane, Leeds LS6, UK", "country": "GB",
            "entity": "Leeds Intergroup", "entity_phone": "+44 113 496 0000",
        }
        for name in names
    ]  # fmt: skip
    return json.dumps(rows).encode()


class Rig:
    """The real dispatcher over meetings that the tests know; each person is a chat."""

    def __init__(self, work: Work, folder: Path) -> None:
        self.work, self.folder = work, folder
        self.shown, self.counted = Shown(), Counted()
        rooms = rooms_for(work, "open_chair_bot", preview=False)
        self.dispatcher = Dispatcher(rooms, self.shown, BOT_ID, self.counted)  # type: ignore[arg-type]
        self.bot = Bot("1:a")  # making one reads all certificates of the machine
        self.numbers = {kind: one.number for kind, one in work.fellowships.items()}
        self.ids = {number: kind for kind, number in self.numbers.items()}

    async def update(self, chat: int, **raw: Any) -> Screen:
        """The last screen that answers one update."""
        self.shown.screens.clear()
        await self.dispatcher.handle(Update.de_json({"update_id": 1, **raw}, self.bot))
        assert self.counted.failures == []
        return self.shown.screens[-1]

    async def press(self, press: Press, chat: int = CHAT) -> Screen:
        """A press on one of the bot's buttons."""
        own = {"message_id": 2, "date": 1, "chat": _chat(chat), "text": "x"}
        query = {"id": "7", "from": _person(chat), "message": own, "chat_instance": "1"}
        return await self.update(chat, callback_query={**query, "data": pack(press, self.numbers)})

    async def follow(self, screen: Screen, label: str, chat: int = CHAT) -> Screen:
        """A press on the button of that label."""
        (data,) = [one.data for row in screen.rows for one in row if one.label == label]
        return await self.press(unpack(data, self.ids), chat)

    async def say(self, text: str, to: Screen | None = None, chat: int = CHAT) -> Screen:
        """A message, perhaps a reply to a question of the bot."""
        sent = {"message_id": 3, "date": 1, "chat": _chat(chat), "from": _person(chat), "text": text}
        if to is not None:
            words, entities = parse_html(to.text)
            about = {"message_id": 2, "date": 1, "chat": _chat(chat), "text": words, "entities": entities}
            sent["reply_to_message"] = {**about, "from": {"id": BOT_ID, "is_bot": True, "first_name": "Open Chair"}}
        return await self.update(chat, message=sent)

    async def meeting(self, name: str) -> Meeting:
        """A meeting by its name."""
        async with self.work.database.read() as connection:
            every = await listings.all_meetings(connection, "aa-leeds")
        return next(one for one in every if one.name == name)

    async def texts(self, meeting: Meeting) -> list[tuple[str, str]]:
        """Kind and words of all that was reported of a meeting."""
        table = tables.reports
        async with self.work.database.read() as connection:
            rows = await connection.execute(select(table.c.kind, table.c.text).where(table.c.meeting == meeting.id))
            return [(row.kind, row.text) for row in rows]


def _chat(chat: int) -> dict[str, Any]:
    return {"id": chat, "type": "private", "first_name": CANARY}


def _person(chat: int) -> dict[str, Any]:
    return {"id": chat, "is_bot": False, "first_name": CANARY, "username": CANARY}


NAMES = ("Mill Lane", "Sent Twice", "In Words", "Personal", "Urgent", "By Link", *(f"Many {at}" for at in range(9)))


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def rig(tmp_path_factory: pytest.TempPathFactory, unpacked: Path) -> AsyncIterator[Rig]:
    folder = tmp_path_factory.mktemp("report")
    async with open_work(story_settings(folder), cache=unpacked) as work:
        await work.feeds.import_parts([Part(listed(*NAMES), "meeting_guide", "aa")], feed="aa-leeds")
        await work.refresh()
        yield Rig(work, folder)


async def test_a_locked_door_is_told_in_three_presses_and_other_meetings_are_offered(rig: Rig) -> None:
    meeting = await rig.meeting("Mill Lane")
    card = await rig.press(Press(Action.MEETING, Search(), meeting.id))
    assert "reported" not in card.text
    other = await rig.follow(card, "Other actions")
    labels = [one.label for row in other.rows for one in row]
    assert labels[:3] == ["Calendar file", "Share", "Something is wrong"]
    asked = await rig.follow(other, "Something is wrong")
    assert "What is wrong with “Mill Lane”?" in asked.text
    assert "Link or phone dead" not in [one.label for row in asked.rows for one in row]
    thanks = await rig.follow(asked, "Locked door")
    assert "I am sorry that the door was locked." in thanks.text
    assert "Leeds Intergroup: +44 113 496 0000" in thanks.text
    assert await rig.texts(meeting) == [("locked", "")]
    near = await rig.follow(thanks, "Near there")
    assert "near Leeds" in near.text
    assert (await rig.follow(thanks, "Online now")).text
    card = await rig.follow(thanks, "Back to the meeting")
    assert "reported" not in card.text, "one report is not told"


async def test_from_the_second_person_on_the_card_says_so_and_one_person_counts_once_a_day(rig: Rig) -> None:
    meeting = await rig.meeting("Sent Twice")
    send = Press(Action.REPORT_SEND, Search(), meeting.id, LOCKED)
    await rig.press(send, 5550201)
    for kind in (LOCKED, NUMBERS[ReportKind.TIME]):
        again = await rig.press(Press(Action.REPORT_SEND, Search(), meeting.id, kind), 5550201)
        assert "You told me about “Sent Twice” today already." in again.text
    card = Press(Action.MEETING, Search(), meeting.id)
    assert "Someone reported a problem" not in (await rig.press(card)).text
    await rig.press(send, 5550202)
    assert "Not checked yet." in (await rig.press(card)).text
    spanish = Press(Action.MEETING, Search(language="es"), meeting.id)
    assert "Alguien avisó de un problema el" in (await rig.press(spanish)).text


async def test_words_are_asked_for_refused_where_they_tell_of_a_person_and_then_kept(rig: Rig) -> None:
    meeting = await rig.meeting("In Words")
    question = await rig.press(Press(Action.REPORT, Search(), meeting.id, OTHER), 5550203)
    assert isinstance(question.ask, Ask)
    assert "Please write nothing about a person" in question.text
    refused = await rig.say("Call my friend Jane on 07700 900123", question, 5550203)
    assert "I kept nothing. This looks like something about a person:" in refused.text
    assert refused.answers, "it quotes what was written"
    assert "Your message is still in this chat." in refused.text
    assert "One sentence is enough." in (await rig.say("no", refused, 5550203)).text
    assert "501 characters" in (await rig.say("x" * 501, refused, 5550203)).text
    assert await rig.texts(meeting) == []
    thanks = await rig.say("They meet in the <b>library</b> {{ now }}", refused, 5550203)
    assert "Thank you. This helps the next person." in thanks.text
    assert await rig.texts(meeting) == [("other", "They meet in the <b>library</b> {{ now }}")]


async def test_an_emergency_in_a_reply_gets_urgent_help_and_is_no_report(rig: Rig) -> None:
    meeting = await rig.meeting("Urgent")
    question = await rig.press(Press(Action.REPORT, Search(), meeting.id, OTHER), 5550204)
    for text in ("i want to kill myself", "he took an overdose, the door is locked"):
        assert "999" in (await rig.say(text, question, 5550204)).text
    assert await rig.texts(meeting) == []
    thanks = await rig.say(
        "A note on the door says there was an overdose, the group moved to the library", question, 5550204
    )
    assert "999" in rig.shown.screens[0].text, "urgent help comes first all the same"
    assert "Thank you." in thanks.text
    assert len(await rig.texts(meeting)) == 1


async def test_after_some_in_an_hour_the_next_one_waits_and_other_people_do_not(rig: Rig) -> None:
    for at in range(REPORTS_AN_HOUR):
        meeting = await rig.meeting(f"Many {at}")
        thanks = await rig.press(Press(Action.REPORT_SEND, Search(), meeting.id, LOCKED), 5550205)
        assert "Thank you for saying so." in thanks.text
    last = await rig.meeting(f"Many {REPORTS_AN_HOUR}")
    send = Press(Action.REPORT_SEND, Search(), last.id, LOCKED)
    assert "The next one fits in 60 min." in (await rig.press(send, 5550205)).text
    assert await rig.texts(last) == []
    assert "Thank you for saying so." in (await rig.press(send, 5550206)).text


async def test_a_link_reports_nothing_and_old_or_forged_buttons_neither(rig: Rig) -> None:
    meeting = await rig.meeting("By Link")
    send = pack(Press(Action.REPORT_SEND, Search(), meeting.id, LOCKED), rig.numbers)
    await rig.say(f"/start {send}", chat=5550207)
    for number in (0, OTHER, 7, 65535):
        said = await rig.press(Press(Action.REPORT_SEND, Search(), meeting.id, number), 5550207)
        assert "That button is out of date." in said.text
    for gone in (None, 1):
        for action in (Action.REPORT, Action.REPORT_SEND):
            said = await rig.press(Press(action, Search(), gone, LOCKED), 5550207)
            assert "no longer" in said.text
    assert await rig.texts(meeting) == []


async def test_nothing_about_who_reported_is_in_any_table_or_file(rig: Rig) -> None:
    meeting = await rig.meeting("Personal")
    question = await rig.press(Press(Action.REPORT, Search(), meeting.id, OTHER))
    await rig.say("The canarylibrary is closed", question)
    rows: list[str] = []
    async with rig.work.database.read() as connection:
        for table in metadata.sorted_tables:
            rows += [repr(tuple(row)) for row in await connection.execute(select(table))]
    assert any("canarylibrary" in row for row in rows)
    files = b"".join(path.read_bytes() for path in rig.folder.rglob("*") if path.is_file())
    assert b"canarylibrary" in files
    for told in (CANARY, str(CHAT), CHAT.to_bytes(6, "big").hex()):
        assert [row for row in rows if told in row] == []
        assert told.encode() not in files
    assert CHAT.to_bytes(6, "big") not in files
