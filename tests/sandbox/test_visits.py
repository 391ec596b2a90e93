"""Visits with the driver, against a small bot on the real library."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from bot.sandbox import Sandbox
from tests.sandbox.small_bot import SmallBot
from tests.sandbox_driver import SandboxDriver, SandboxError, Visitor


@pytest.fixture
async def bot(sandbox: Sandbox) -> AsyncIterator[SmallBot]:
    async with SmallBot(sandbox.api_url, sandbox.token) as running:
        yield running


@pytest.fixture
async def kim(bot: SmallBot, driver: SandboxDriver) -> Visitor:
    await driver.wait_connected()
    return await driver.visitor("Kim")


async def test_a_whole_visit(kim: Visitor) -> None:
    hello = await kim.open("/start")
    assert "Hello" in hello
    assert kim.buttons[:2] == ["Find a meeting", "Online now"]
    await kim.press("Find a meeting")
    assert (kim.toast, kim.last.text) == ("One moment", "Where would you like to look?")
    assert kim.keyboard == ["Share my location", "Online", "By phone"]
    await kim.share_location(53.8, -1.55)
    assert "Tuesday Tools" in kim.last
    assert "3. Dharma, Wed 19:30" in kim.buttons
    await kim.press("1. SMART")
    card, file = kim.screens
    assert card.button("Directions").url.startswith("https://www.openstreetmap.org/")
    assert card.button("Copy the address").copy == "14 Mill Lane, Leeds LS6"
    assert file.file
    assert file.file["name"] == "tuesday-tools.ics"
    assert (await kim.download(file)).startswith(b"BEGIN:VCALENDAR")


async def test_a_question_is_answered_as_a_reply_unless_said_plainly(kim: Visitor) -> None:
    await kim.say("Leeds")
    await kim.press("Ask me")
    assert kim.asked_to_reply
    assert kim.placeholder == "A town"
    assert "You answered 'York' to 'Which town?'" in await kim.say("York")
    assert not kim.asked_to_reply
    await kim.press("Ask me", on=kim.history[0])
    assert "Tuesday Tools" in await kim.say("York", plain=True)


async def test_links_and_commands_in_the_text_can_be_used(kim: Visitor) -> None:
    await kim.say("Leeds")
    assert kim.last.links == {"Why this order?": "https://t.me/open_chair_sandbox_bot?start=why"}
    assert "You came with why" in await kim.follow("Why this order?")
    await kim.say("Leeds")
    assert "Urgent help" in await kim.tap("/urgent")


async def test_an_edit_is_what_comes_last(kim: Visitor) -> None:
    await kim.say("Leeds")
    listed = kim.last
    await kim.press("More")
    assert (kim.last.id, kim.last.text, kim.toast) == (listed.id, "No more meetings.", "That is all")


async def test_what_goes_wrong_shows_the_chat(kim: Visitor, driver: SandboxDriver, bot: SmallBot) -> None:
    await kim.open()
    with pytest.raises(SandboxError, match=r"no button 'Nowhere'[\s\S]*Kim's chat[\s\S]*\[Find a meeting\]"):
        await kim.press("Nowhere")
    with pytest.raises(SandboxError, match="did not answer"):
        await kim.say("/quiet")
    assert (await kim.say("/quiet", quiet=True)).text
    with pytest.raises(SandboxError, match="There is no /moon"):
        await kim.tap("/moon")


async def test_a_forged_press_reaches_the_bot(kim: Visitor, bot: SmallBot) -> None:
    await kim.open()
    await kim.press_data("nobody wrote this")
    assert kim.toast == "You pressed nobody wrote this"


async def test_what_the_bot_says_by_itself_is_heard(kim: Visitor, bot: SmallBot) -> None:
    await kim.open()
    await bot.bot.send_message(kim.id, "Your 19:00 reminder.", disable_notification=True)
    heard = await kim.hear(containing="19:00")
    assert heard.raw["silent"] is True
    with pytest.raises(SandboxError, match="Nothing came"):
        await kim.hear(timeout=0.1)


async def test_people_do_not_see_each_other(kim: Visitor, driver: SandboxDriver) -> None:
    await kim.open()
    luz = await driver.visitor("Luz", language="es")
    await luz.open("/start abc")
    assert "You came with abc" in luz.last
    assert "abc" not in kim.last


async def test_a_bot_that_is_not_there_is_noticed(driver: SandboxDriver) -> None:
    driver.timeout = 0.2
    alone = await driver.visitor("Jo")
    with pytest.raises(SandboxError, match=r"did not finish[\s\S]*#1: /start"):
        await alone.open()
    with pytest.raises(SandboxError, match="No bot connected"):
        await driver.wait_connected()


async def test_forgetting_everything_leaves_the_bot_connected(kim: Visitor, driver: SandboxDriver) -> None:
    await kim.open()
    await driver.reset()
    fresh = await driver.visitor("Ira")
    assert "Hello" in await fresh.open()
    assert [one["command"] for one in fresh.chat["profile"]["commands"]] == ["find", "urgent", "privacy"]
