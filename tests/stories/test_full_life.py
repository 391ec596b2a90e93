"""A person's whole life with the bot, and then /forget: what is left anywhere is what deploy/DATA.md names."""

import asyncio
import io
import json
import logging
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import aiohttp
import pytest
from sqlalchemy import func, select

import bot.serving as serving
from bot import logs
from bot.app import Work
from bot.services.backup import Backups
from bot.services.forgotten import read
from bot.settings import Address
from bot.store.metadata import metadata
from bot.store.tables import people
from tests.ports import free_port
from tests.sandbox_driver import SandboxDriver, Visitor
from tests.stories.conftest import Running
from tests.stories.test_reminders import LINE, NOON, Story, reminded

NAME, SURNAME, USER, CHAT = "Canaryname", "Canarysurname", "canaryuser", 7_700_123_459
TEXT = "canarytexts"
LATITUDE, LONGITUDE = 53.76543, -1.51234
OF_PEOPLE = ("people", "reminders", "outbox", "plans")
SOURCED = "The second sentence misses *Cochrane* CD012880, page 34."


def canaries() -> dict[str, bytes]:
    """The person in every form in which they could be written down."""
    texts = (NAME, SURNAME, USER, TEXT, "53.765", "-1.512", "51234", str(CHAT), f"{CHAT:x}", f"{CHAT:X}")
    numbers = {
        f"{CHAT} in {size} bytes, {order}": CHAT.to_bytes(size, order)
        for size in (5, 6, 8)
        for order in ("big", "little")
    }
    return {text: text.encode() for text in texts} | numbers


def found_in(kept: bytes) -> list[str]:
    return [name for name, form in canaries().items() if form.lower() in kept.lower()]


class Life(Story):
    """The same bot, with its numbers at hand."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self.folder, self.port = folder, free_port()

    async def rows(self) -> dict[str, int]:
        async with self.work.database.read() as connection:
            return {
                name: int((await connection.scalar(select(func.count()).select_from(metadata.tables[name]))) or 0)
                for name in OF_PEOPLE
            }

    async def sealed(self) -> tuple[bytes, bytes]:
        """The mark and the seal of the one person there is."""
        async with self.work.database.read() as connection:
            mark, seal = (await connection.execute(select(people.c.mark, people.c.sealed))).one()
        return mark, seal

    async def metrics(self) -> bytes:
        address = f"http://127.0.0.1:{self.port}/metrics"
        async with aiohttp.ClientSession() as client, client.get(address) as answer:
            return await answer.read()

    def files(self) -> dict[str, bytes]:
        return {path.name: path.read_bytes() for path in self.folder.rglob("*") if path.is_file()}


async def looks_around(sam: Visitor) -> None:
    """Searches, reads, sounds urgent, presses what was forged, and is asked for words."""
    await sam.open()
    await sam.press("Find a meeting")
    await sam.share_location(LATITUDE, LONGITUDE)
    await sam.say(f"smart {TEXT} leeds tonight")
    await sam.say(f"{TEXT} i want to kill myself")
    await sam.press_data("1forged")
    await sam.driver.push({"message": {"text": TEXT, "chat": {"id": CHAT}}})
    await sam.say(f"/find {TEXT}")


async def meets_a_fault(told: Life, sam: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    """Something breaks while it holds the person's own words, and quotes them."""

    async def breaks(text: str, **_: Any) -> None:
        raise RuntimeError(f"{text} {NAME} {CHAT}") from ValueError(TEXT)

    with monkeypatch.context() as patch:
        patch.setattr(told.work.understand, "read", breaks)
        await sam.say(f"/find {TEXT}")
    assert "Sorry" in sam.last.text


async def is_reminded(told: Life, sam: Visitor) -> None:
    """Asks for a reminder and for the question afterwards, gets both, and answers."""
    await reminded(sam)
    await sam.press("Change")
    await sam.press("Every week: off")
    await sam.press("Ask me afterwards: off")
    told.at(hour=18, minute=2)
    line = await sam.hear(containing=LINE)
    await sam.press("Open", on=line)
    told.at(hour=20, minute=31)
    asked = await sam.hear(containing="how was it?")
    await sam.press("The same again", on=asked)


async def asks_for_more(sam: Visitor) -> None:
    """A plan, a language, the file of all that."""
    await sam.say("/plan")
    await sam.say("three meetings before 5 December, at least two kinds")
    await sam.say("/language")
    await sam.press("Español")
    await sam.press("Recordar este idioma")
    await sam.say("/language")
    await sam.press("English")
    await sam.say("/export")
    await sam.press("Send the file")


async def says_what_is_wrong(sam: Visitor) -> None:
    """With an article and with a meeting; what names a person is not kept."""
    await sam.say("/read medicines")
    while "Next page" in sam.buttons:
        await sam.press("Next page")
    await sam.press("Suggest a revision")
    await sam.say(f"My client {NAME} {SURNAME} says page 34 is wrong.")
    await sam.say(SOURCED)
    await sam.say("smart leeds")
    await sam.press("1.")
    await sam.press("Other actions")
    await sam.press("Something is wrong")
    await sam.press("Wrong time")


async def hands_over(sam: Visitor) -> None:
    """Makes a link for somebody, and opens it."""
    await sam.say("/handoff")
    await sam.press("Near a place")
    await sam.say("Leeds")
    await sam.press("Drinking")
    await sam.press(sam.last.rows[0][0].text)
    await sam.press("Make the link")
    await sam.press("English")
    link = next(iter(sam.screens[0].links.values()))
    await sam.open(parse_qs(urlsplit(link).query)["start"][0])
    assert "You choose." in sam.last.text


async def is_lost_and_comes_back(told: Life, sam: Visitor) -> None:
    """Blocks the bot: the next reminder finds nobody, and every row goes. Then asks for a reminder again."""
    await sam.block()
    told.now = NOON.replace(hour=18, minute=2) + timedelta(days=7)
    while (await told.rows())["people"]:
        await asyncio.sleep(0.05)
    await sam.unblock()
    told.now += timedelta(days=1)
    await reminded(sam)


async def lives(told: Life, sam: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    """All of it, in order."""
    await looks_around(sam)
    await meets_a_fault(told, sam, monkeypatch)
    assert await told.rows() == dict.fromkeys(OF_PEOPLE, 0), "nobody asked for anything yet"
    await is_reminded(told, sam)
    await asks_for_more(sam)
    await says_what_is_wrong(sam)
    await hands_over(sam)
    assert (await told.rows())["plans"] == 1
    await is_lost_and_comes_back(told, sam)
    await asks_for_more(sam)


@pytest.fixture
def log() -> Any:
    """Everything that is logged, from the first word on."""
    written = io.StringIO()
    logs.setup(level=logging.DEBUG, stream=written, as_json=True)
    yield written
    logging.getLogger().handlers.clear()


async def nothing_shows_more_than_it_should(driver: SandboxDriver) -> None:
    """Whatever was sent or changed: no preview of a link, and no question that Telegram would keep for everybody."""
    calls = [call for call in await driver.calls(chat=CHAT) if call["method"] in {"sendMessage", "editMessageText"}]
    assert len(calls) > 40
    for call in calls:
        options = call["params"]["link_preview_options"]
        assert (json.loads(options) if isinstance(options, str) else options) == {"is_disabled": True}


async def test_after_a_whole_life_and_forget_nothing_is_left_but_one_mark_for_seven_days(
    running: Running, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, log: io.StringIO
) -> None:
    monkeypatch.setattr(serving, "SEND_SECONDS", 0.1)
    told = Life(tmp_path)
    listen = Address("127.0.0.1", told.port)
    async with running(fill=told.begin, clock=lambda: told.now, listen=listen) as driver:
        sam = await driver.visitor(NAME, id=CHAT, last_name=SURNAME, username=USER)
        await lives(told, sam, monkeypatch)
        mark, seal = await told.sealed()
        assert (await told.rows())["people"] == 1
        backup = await make_backup(told.work, tmp_path)
        told.now += timedelta(hours=1)
        await sam.say("/forget")
        assert "I hold nothing about you now." in sam.last.text
        assert await told.rows() == dict.fromkeys(OF_PEOPLE, 0)
        files, counted = told.files(), await told.metrics()
        await nothing_shows_more_than_it_should(driver)
        await sam.press("Clear this chat")
        assert "I took back my last messages here." in sam.last.text
        left = [one for one in sam.chat["messages"] if one["from"] == "bot" and not one["deleted"]]
        assert [one["message_id"] for one in left] == [sam.last.id]

    (noted,) = read(tmp_path / "openchair.forgotten")
    assert noted.mark == mark
    holding = [name for name, data in files.items() if mark in data or mark.hex().encode() in data]
    assert holding == ["openchair.forgotten"], "the mark is in the one file that DATA.md names"
    assert [name for name, data in files.items() if seal in data] == []
    assert '"error": "RuntimeError < ValueError"' in log.getvalue(), "the fault was told"
    for name, data in {**files, "metrics": counted, "log": log.getvalue().encode(), "backup": backup}.items():
        assert found_in(data) == [], name
    assert SOURCED[:20].encode() in b"".join(files.values()), "the suggestion itself is kept, as DATA.md says"

    told.now += timedelta(days=8)
    await told.work.forgotten.tidy()
    assert read(tmp_path / "openchair.forgotten") == []


async def make_backup(work: Work, folder: Path) -> bytes:
    """One taken while the bot runs."""
    file = folder / "backups" / "one.backup"
    await Backups(work.database, work.keys, clock=work.clock).make(file)
    return file.read_bytes()


def test_a_canary_would_be_found_in_any_of_its_forms() -> None:
    assert len(found_in(b" ".join(canaries().values()))) == len(canaries())
    assert found_in(json.dumps({"chat": CHAT}).encode()) == [str(CHAT)]
