"""After a whole visit nothing is left of the person: not in the database, the logs or the data folder."""

import io
import logging
from pathlib import Path

from bot import logs
from tests.stories.conftest import Running

CANARY_NAME, CANARY_TEXT, CANARY_ID = "Canaryname", "canarytexts", 7_700_123_457
LATITUDE, LONGITUDE = 53.76543, -1.51234


async def test_a_whole_visit_leaves_no_trace(running: Running, tmp_path: Path) -> None:
    written = io.StringIO()
    logs.setup(level=logging.DEBUG, stream=written, as_json=True)
    try:
        async with running() as driver:
            sam = await driver.visitor(CANARY_NAME, id=CANARY_ID)
            await sam.open()
            await sam.press("Find a meeting")
            await sam.share_location(LATITUDE, LONGITUDE)
            await sam.press("Drinking")
            await sam.press("More")
            await sam.press("6.")
            await sam.say(f"smart {CANARY_TEXT} leeds tonight")
            await sam.say(f"{CANARY_TEXT} i want to kill myself")
            await sam.press_data("1forged")
            await sam.say("/forget")
            await driver.push({"message": {"text": CANARY_TEXT, "chat": {"id": CANARY_ID}}})
            await sam.say("hello")
    finally:
        logging.getLogger().handlers.clear()
    kept = written.getvalue().encode() + b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    for canary in (CANARY_NAME, CANARY_TEXT, str(CANARY_ID), "53.765", "-1.512", "51234"):
        assert canary.encode() not in kept, canary


async def test_privacy_and_forget_tell_the_truth(running: Running, tmp_path: Path) -> None:
    async with running(operator="Mill Lane Charity") as driver:
        sam = await driver.visitor("Sam")
        await sam.say("/privacy")
        assert "What I keep about you: nothing." in sam.last.text
        assert "Mill Lane Charity" in sam.last.text
        numbered = [line.partition(". ")[0] for line in sam.last.text.splitlines() if line[:1].isdigit()]
        assert numbered == [str(number) for number in range(1, 11)]
        await sam.press("Forget me")
        assert "I hold nothing about you now." in sam.last.text
        assert "Telegram still has this chat." in sam.last.text
        assert not (tmp_path / "openchair.key").exists(), "nothing was ever sealed"
        assert not (tmp_path / "openchair.forgotten").exists(), "so there is nobody to note"


async def test_clear_takes_back_what_was_written_and_says_how_to_clear_the_rest(running: Running) -> None:
    async with running() as driver:
        ana = await driver.visitor("Ana", language="es")
        await ana.open()
        await ana.say("smart leeds")
        await ana.say("/clear")
        assert "Retiré mis últimos mensajes de aquí." in ana.last.text
        assert "Vaciar historial" in ana.last.text
        left = [one for one in ana.chat["messages"] if one["from"] == "bot" and not one["deleted"]]
        assert [one["message_id"] for one in left] == [ana.last.id]
        assert not any(word in ana.last.text.lower() for word in ("smart", "grupo", "reunión", "adic", "alcohol"))
        await ana.say("/clear")
        assert [one["message_id"] for one in ana.chat["messages"] if one["from"] == "bot" and not one["deleted"]] == [
            ana.last.id
        ]
        await driver.fault("deleteMessages", 400)
        await ana.say("/clear")
        assert "No conozco aquí ningún mensaje que pueda retirar." in ana.last.text
