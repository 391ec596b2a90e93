"""Two people stand before a locked door; a third is warned; a volunteer hears of it and answers."""

import io
import logging
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

import bot.serving as serving
from bot import logs
from tests.stories.conftest import Running
from tests.stories.test_reminders import ROOM, Story

HELPER_ID, CANARY_ID = 7_700_123_501, 7_700_123_502
PUBLIC = ROOM | {"entity": "Leeds Intergroup", "entity_phone": "+44 113 496 0000"}


async def test_from_a_locked_door_to_an_answer_and_nobody_knows_who_stood_there(
    running: Running, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(serving, "TELL_SECONDS", 0.1)
    written, told = io.StringIO(), Story()
    logs.setup(level=logging.DEBUG, stream=written, as_json=True)
    try:
        async with running(fill=told.begin, clock=lambda: told.now, admins=(HELPER_ID,)) as driver:
            await told.lists(PUBLIC)
            told.at(hour=19, minute=5)
            kim = await driver.visitor("Kim", id=HELPER_ID)
            await kim.say("/admin")
            await kim.press("About me")
            await kim.press("News for me")
            await kim.press("Reports for today: off")
            assert "I tell you soon." in kim.last.text
            await kim.press("20:00")
            assert "What waits, at 20:00 by the clock of London." in kim.last.text

            sam = await driver.visitor("Canaryname", id=CANARY_ID, username="canaryuser")
            await reports(sam, "Locked door")
            assert "I am sorry that the door was locked." in sam.last.text
            assert "Leeds Intergroup: +44 113 496 0000" in sam.last.text
            await sam.press("Near there")
            assert "near Leeds" in sam.last.text
            alert = await kim.hear(containing="A report for today, 19:00: locked door.")
            assert "Tuesday Tools" not in alert.text

            alex = await driver.visitor("Alex")
            await card(alex)
            assert "reported a problem" not in alex.last.text
            await reports(alex, "Something else")
            await alex.say("My friend Jane knows, 07700 900123")
            assert "I kept nothing." in alex.last.text
            assert alex.asked_to_reply, "and what was written stands quoted above"
            await alex.say("A paper on the door says they are in the library now")
            assert "Thank you. This helps the next person." in alex.last.text
            ana = await driver.visitor("Ana", language="es")
            await card(ana)
            assert "Alguien avisó de un problema el 24 nov. Aún sin comprobar." in ana.last.text

            told.now += timedelta(minutes=56)
            digest = await kim.hear(containing="Waiting for you: 1 report.")
            await kim.press("See what waits", on=digest)
            assert "Tuesday Tools" in kim.last.text
            (item,) = await told.work.desk.reports.open_items(None)
            assert (item.count, item.texts) == (2, ("A paper on the door says they are in the library now",))
            await told.work.desk.reports.answer(None, item.meeting, accept=True)
            await card(ana)
            assert "avisó de un problema" not in ana.last.text
            heard = [screen.text for screen in kim.history if "A report for today" in screen.text]
            assert len(heard) == 1
    finally:
        logging.getLogger().handlers.clear()
    files = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    assert b"in the library now" in files
    log = written.getvalue()
    assert "in the library" not in log
    for canary in ("Canaryname", "canaryuser", str(CANARY_ID), CANARY_ID.to_bytes(6, "big").hex()):
        assert canary.encode() not in files, canary
        assert canary not in log, canary


async def card(somebody: Any) -> None:
    """The card of the meeting."""
    await somebody.say("smart leeds")
    await somebody.press("1.")


async def reports(somebody: Any, what: str) -> None:
    """From the card, in three presses."""
    await card(somebody)
    await somebody.press("Other actions")
    await somebody.press("Something is wrong")
    await somebody.press(what)
