"""Somebody who knows one name sets another kind beside it."""

import re

from bot.domain.buttons import Action, Press, pack
from tests.sandbox_driver import SandboxDriver


async def test_from_start_to_a_comparison_in_four_presses_and_to_its_meetings_in_one_more(
    driver: SandboxDriver,
) -> None:
    sam = await driver.visitor("Sam")
    await sam.open()
    await sam.press("What are my options?")
    kind = next(name for name in re.findall(r"^(.+?): ", sam.last.text, re.MULTILINE) if name in sam.buttons)
    await sam.press(kind)
    card = sam.last
    await sam.press("Compare with another")
    other = sam.buttons[0]
    await sam.press(other)
    title = sam.last.text.splitlines()[0]
    assert kind in title
    assert other in title
    assert "Belief" in sam.last.text
    compared = sam.last
    await sam.press("More facts", on=compared)
    assert "Ways to meet" in sam.last.text
    await sam.press(next(label for label in sam.buttons if label.endswith(": next meetings")))
    assert "Urgent help" in sam.buttons
    await sam.press("All facts and sources", on=card)
    assert "Sources" in sam.last.text
    assert "No clinician has read this yet." in sam.last.text
    await sam.press("What to expect", on=card)
    assert "May I only listen?" in sam.last.text


async def test_a_comparison_whose_button_carries_one_kind_is_out_of_date(driver: SandboxDriver) -> None:
    sam = await driver.visitor("Sam")
    await sam.open(f"/start {pack(Press(Action.COMPARE), {})}")
    assert "That button is out of date." in sam.last.text
    assert sam.buttons
