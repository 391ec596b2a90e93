"""People who help, on a phone: from the operator's first command to a decision that is taken back."""

import asyncio
import io
import json
import logging
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from bot import logs
from bot.app import Work
from bot.domain.admin import Role, key_of
from bot.domain.buttons import Action, Press, pack
from bot.store import meetings
from bot.views.admin_feeds import Step
from tests.feeds.feed_server import FeedServer
from tests.feeds.rows import online_row
from tests.sandbox_driver import SandboxDriver, Visitor
from tests.stories.test_feeds import bot_beside, content

__all__ = ["content"]
OWNER_ID, HELPER_ID = 7_700_123_458, 7_700_123_469
ZOOM, OTHER = "https://zoom.us/j/5550100123", "https://meet.google.com/abc-defg-hij"
STRANGE = "<b>Ana</b> {{ 7*7 }} &amp; *x* [y](tg://user?id=1)"


def rows(url: str, *names: str) -> list[dict[str, Any]]:
    return [online_row(slug=name.lower(), name=name, conference_url=url) for name in names]


async def menu_of(driver: SandboxDriver, somebody: Visitor) -> list[str]:
    """The commands that Telegram shows in one chat."""
    calls = await driver.calls("")
    shown: list[str] = []
    for call in calls:
        params = call["params"]
        scope = params.get("scope") or {}
        scope = json.loads(scope) if isinstance(scope, str) else scope
        if scope.get("chat_id") != somebody.id or params.get("language_code"):
            continue
        commands = params.get("commands") or "[]"
        commands = json.loads(commands) if isinstance(commands, str) else commands
        shown = [one["command"] for one in commands] if call["method"] == "setMyCommands" else []
    return shown


@pytest.fixture
async def publisher() -> AsyncIterator[FeedServer]:
    async with FeedServer(*rows(ZOOM, "Night Lamp", "Early Birds", "Third Room")) as server:
        yield server


async def test_an_operator_grants_and_the_owner_turns_on_accepts_and_takes_back(
    tmp_path: Path, unpacked: Path, content: Path, publisher: FeedServer
) -> None:
    written = io.StringIO()
    logs.setup(level=logging.DEBUG, stream=written, as_json=True)
    try:
        async with bot_beside(publisher, tmp_path, unpacked, content_dir=content) as (work, driver):
            owner = await driver.visitor("Canaryname", id=OWNER_ID, username="canaryuser")
            await owner.say("/admin")
            unknown = owner.text
            await owner.say("/nosuchcommand")
            assert owner.text == unknown
            await work.desk.admins.grant(OWNER_ID, Role.OWNER, name=STRANGE)
            await owner.say("/admin")
            assert owner.last.text.startswith(STRANGE[:40].strip())
            assert "Owner. You look after: everything." in owner.text
            await turn_on_and_read(owner, work)
            await accept_the_other_host(owner, work, publisher)
            await take_it_back(owner, work)
            await a_held_list_is_accepted(owner, work, publisher)
            await invite_and_revoke(driver, owner, work)
    finally:
        logging.getLogger().handlers.clear()
    files = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    for canary in ("Canaryname", "canaryuser", "Helpername", str(OWNER_ID), str(HELPER_ID)):
        assert canary.encode() not in files + written.getvalue().encode(), canary
    for number in (OWNER_ID, HELPER_ID):
        assert number.to_bytes(6, "big") not in files


async def turn_on_and_read(owner: Visitor, work: Work) -> None:
    await owner.press("Lists of meetings")
    assert "Denver AA: off" in owner.text
    await owner.press("Denver AA")
    await owner.press("Turn on")
    assert "It is on." in owner.text
    await read_now(owner)
    assert "Added: 3" in owner.text
    await work.refresh()
    await owner.say("aa online")
    assert "Night Lamp" in owner.text


async def read_now(owner: Visitor) -> None:
    """From the feed's screen, until the result has come by itself."""
    await owner.press("Read now")
    assert "I write here when it is done." in owner.text
    await came(owner, "Meetings now:")


async def came(owner: Visitor, words: str) -> None:
    async with asyncio.timeout(10):
        while words not in owner.last.text:
            await owner.look()
            await asyncio.sleep(0.05)


async def accept_the_other_host(owner: Visitor, work: Work, publisher: FeedServer) -> None:
    publisher.rows = [*rows(OTHER, "Night Lamp"), *rows(ZOOM, "Early Birds", "Third Room")]
    await owner.say("/admin")
    await owner.press("Lists of meetings")
    await owner.press("Denver AA")
    await read_now(owner)
    await owner.press("To the list")
    await owner.press("See what waits (1)")
    assert "Night Lamp: zoom.us → meet.google.com" in owner.text
    await owner.press("Accept")
    assert "Accept what waits of Denver AA?" in owner.text
    before = owner.last
    await owner.press("Yes, accept")
    assert "Changed: 1" in owner.text
    await owner.press("Yes, accept", on=before)
    assert "Nothing of aa-denver waits for a decision." in owner.text
    assert await links(work) == {OTHER, ZOOM}


async def links(work: Work) -> set[str]:
    async with work.database.read() as connection:
        return {meeting.join_url for meeting in await meetings.all_meetings(connection, "aa-denver")}


async def take_it_back(owner: Visitor, work: Work) -> None:
    await owner.say("/admin")
    await owner.press("History")
    assert "Accepted: Denver AA" in owner.text
    assert f"{ZOOM} → {OTHER}" in owner.text
    await owner.press("Accepted: Denver AA")
    await owner.press("Undo")
    assert "Accepted, Denver AA: undone." in owner.text
    assert await links(work) == {ZOOM}
    (state,) = await work.sync.listing()
    assert (state.state, state.held) == ("held", 1)


async def a_held_list_is_accepted(owner: Visitor, work: Work, publisher: FeedServer) -> None:
    publisher.rows = rows(ZOOM, "Night Lamp")
    await work.sync.sync("aa-denver", whole=True)
    await owner.say("/admin")
    await owner.press("Lists of meetings")
    await owner.press("Denver AA")
    await owner.press("See what waits")
    assert "It would add 0, change 0 and take away 2 meetings." in owner.text
    await owner.press("Refuse")
    await owner.press("Back")
    await owner.press("Accept")
    assert "A whole list that was accepted cannot be taken back." in owner.text
    await owner.press("Yes, accept")
    assert "Gone: 2" in owner.text
    await owner.say("/admin")
    await owner.press("History")
    await owner.press("Accepted: Denver AA")
    assert "This cannot be undone: what was before is not kept." in owner.text
    assert "Undo" not in owner.buttons


async def invite_and_revoke(driver: SandboxDriver, owner: Visitor, work: Work) -> None:
    await owner.say("/admin")
    await owner.press("People who help")
    await owner.press("Invite someone")
    await owner.press("Editor")
    await owner.press("One list")
    await owner.press("Denver AA")
    code = next(word for word in owner.text.split() if word.count("-") == 3)
    helper = await driver.visitor("Helpername", id=HELPER_ID)
    await helper.say(f"/admin {code.lower()}")
    assert "Welcome, and thank you." in helper.screens[0].text
    await helper.say("Joan")
    assert "Joan" in helper.text
    assert "Editor. You look after: aa-denver." in helper.text
    assert "admin" in await menu_of(driver, helper)
    assert "People who help" not in helper.buttons
    other = await driver.visitor("Third")
    await other.say(f"/admin {code}")
    assert "This invitation does not work any more." in other.text
    await helper.press("Lists of meetings")
    await helper.press("Denver AA")
    page = helper.last
    assert "Turn off" not in helper.buttons
    await forged(helper, work)
    await owner.say("/admin")
    await owner.press("People who help")
    await owner.press("Joan")
    await owner.press("Take the role")
    await owner.press("Yes, take the role")
    await helper.press("Read now", on=page)
    assert "That button is out of date." in helper.text
    await helper.say("/admin")
    assert "/find" in helper.text
    assert await menu_of(driver, helper) == []


async def forged(helper: Visitor, work: Work) -> None:
    """Buttons that the bot never showed: a deed outside of the role, and one that a link would do."""
    numbers = {kind: one.number for kind, one in work.fellowships.items()}
    off = pack(Press(Action.ADMIN_FEED, meeting=key_of("aa-denver"), number=Step.OFF), numbers)
    page = helper.last
    await helper.press_data(off)
    assert "That is not yours to change." in helper.text
    await helper.open(off)
    assert "Find a meeting" in helper.buttons
    await helper.press_data(pack(Press(Action.ADMIN_PEOPLE), numbers), on=page)
    assert "That is not yours to change." in helper.text
    (state,) = await work.sync.listing()
    assert state.state != "off"
