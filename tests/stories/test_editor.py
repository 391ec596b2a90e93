"""An editor on a phone, on a Sunday evening: a wrong time is put right, and what comes of it."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.app import Work
from bot.domain.admin import Role, Scope
from tests.feeds.feed_server import FeedServer
from tests.feeds.rows import row
from tests.sandbox_driver import Visitor
from tests.stories.test_feeds import bot_beside, content

__all__ = ["content"]
EDITOR_ID = 7_700_123_470
FEED = "aa-denver"
LAMP = row(slug="lamp", name="Night Lamp", day=2)
OTHER = row(slug="birds", name="Early Birds", day=6, time="07:00", end_time="08:00")
HALF_PAST = LAMP | {"time": "19:30", "end_time": "20:30"}


@pytest.fixture
async def publisher() -> AsyncIterator[FeedServer]:
    async with FeedServer(LAMP, OTHER) as server:
        yield server


async def test_a_wrong_time_is_corrected_and_the_correction_stands_until_the_list_agrees(
    tmp_path: Path, unpacked: Path, content: Path, publisher: FeedServer
) -> None:
    async with bot_beside(publisher, tmp_path, unpacked, content_dir=content) as (work, driver):
        await work.sync.enable(FEED)
        await work.sync.sync(FEED)
        await work.refresh()
        await work.desk.admins.grant(EDITOR_ID, Role.EDITOR, Scope(fellowships=frozenset({"aa"})), name="Joan")
        joan = await driver.visitor("Joan", id=EDITOR_ID)
        sam = await driver.visitor("Sam")
        await wants_a_reminder(sam)
        await corrects_the_time(joan)
        await hears_of_it(sam)
        await the_old_list_changes_nothing(work, joan, publisher)
        await the_list_agrees(work, joan, publisher)
        await takes_it_back(joan, sam, work)


async def wants_a_reminder(sam: Visitor) -> None:
    await sam.say("aa in Denver on Tuesday")
    await sam.press("1.")
    assert "Night Lamp" in sam.text
    assert "7:00 PM" in sam.text
    await sam.press("Other actions")
    assert "Change this meeting" not in sam.buttons
    await sam.press("Back to the meeting")
    await sam.press("Remind me")
    await sam.press("1 hour before")
    assert "7:00 PM" in sam.last.text


async def corrects_the_time(joan: Visitor) -> None:
    """Under eight presses and one reply, from /admin."""
    presses = 0

    async def press(label: str) -> None:
        nonlocal presses
        presses += 1
        await joan.press(label)

    await joan.say("/admin")
    await press("Change a meeting")
    assert joan.asked_to_reply
    await joan.reply("night lamp")
    assert "Time: 7:00 PM" in joan.text
    await press("Time")
    await press("7:30 PM")
    assert "Time: 7:00 PM → 7:30 PM" in joan.text
    await press("Save")
    assert "Saved." in joan.text
    assert presses < 8


async def hears_of_it(sam: Visitor) -> None:
    """The one who is reminded; what they see is the new time, without anybody's name."""
    await sam.say("/reminders")
    assert "7:30 PM" in sam.text
    await sam.say("aa in Denver on Tuesday")
    await sam.press("1.")
    assert "7:30 PM" in sam.text
    assert "Corrected here" in sam.text
    assert "Joan" not in sam.text


async def the_old_list_changes_nothing(work: Work, joan: Visitor, publisher: FeedServer) -> None:
    publisher.rows = [LAMP | {"notes": "Ring twice."}, OTHER]
    await work.sync.sync(FEED, whole=True)
    await joan.say("/admin night lamp")
    assert "Time: 7:30 PM (the list says: 7:00 PM)" in joan.text
    assert "Notes: Ring twice." in joan.text
    assert "Corrected here: Time. By Joan" in joan.text


async def the_list_agrees(work: Work, joan: Visitor, publisher: FeedServer) -> None:
    publisher.rows = [HALF_PAST, OTHER]
    await work.sync.sync(FEED, whole=True)
    await joan.say("/admin night lamp")
    assert "Time: 7:30 PM" in joan.text
    assert "Corrected here" not in joan.text
    assert "What the list says" not in joan.buttons


async def takes_it_back(joan: Visitor, sam: Visitor, work: Work) -> None:
    """A typed value: the difference quotes the message, and the words are brought back when it is kept."""
    await joan.press("Name and notes")
    await joan.reply("Notes: <b>Side</b> door {{ 7*7 }}\nRing twice.")
    assert "<b>Side</b> door {{ 7*7 }}" in joan.text
    await joan.press("Say why")
    await joan.press("I was there")
    await joan.press("Save")
    assert "Saved." in joan.text
    saved = joan.last
    await until_sees(sam, work, "<b>Side</b> door {{ 7*7 }}")
    await joan.press("Undo", on=saved)
    assert "Undone." in joan.text
    await joan.press("Back to the meeting")
    assert "Side" not in joan.text
    await joan.say("aa in Denver on Tuesday")
    await joan.press("1.")
    await joan.press("Other actions")
    await joan.press("Change this meeting")
    assert "Time: 7:30 PM" in joan.text


async def until_sees(sam: Visitor, work: Work, words: str) -> None:
    """The search follows within a tick."""
    async with asyncio.timeout(20):
        while True:
            await work.refresh()
            await sam.say("aa in Denver on Tuesday")
            await sam.press("1.")
            if words in sam.text:
                return
