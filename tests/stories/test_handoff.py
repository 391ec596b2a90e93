"""A counselor and a client, a mother and her son: made in a minute, opened in one press, and nobody is watched."""

import io
import logging
import socket
from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import aiohttp
import pypdfium2
import pytest
import pytest_asyncio
import zxingcpp
from PIL import Image

from bot import logs
from bot.settings import Address
from tests.sandbox_driver import SandboxDriver, Visitor
from tests.sandbox_screens import Screen
from tests.stories.conftest import Running, bot_running

pytestmark = pytest.mark.asyncio(loop_scope="module")
PUBLIC = "https://bot.example.org"
CANARIES = {"Canarycounselor": 7_700_123_457, "Canaryclient": 7_700_123_458}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def town(tmp_path_factory: pytest.TempPathFactory, unpacked: Path) -> AsyncIterator[SandboxDriver]:
    """One bot with an address of its own, for all these people."""
    async with bot_running(tmp_path_factory.mktemp("handoff"), unpacked, public_url=PUBLIC) as driver:
        yield driver


def codes(picture: Image.Image) -> list[str]:
    return [found.text for found in zxingcpp.read_barcodes(picture)]


def printed(data: bytes) -> tuple[list[Image.Image], str]:
    """The pages of a PDF as pictures, and its words."""
    document = pypdfium2.PdfDocument(data)
    pages = [page.render(scale=2).to_pil() for page in document]
    words = " ".join(page.get_textpage().get_text_range() for page in document)
    document.close()
    return pages, " ".join(words.split())


def payload_of(link: str) -> str:
    return parse_qs(urlsplit(link).query)["start"][0]


class Presses:
    """Counts what somebody does with their thumb."""

    def __init__(self, visitor: Visitor) -> None:
        self.visitor = visitor
        self.count = 0

    async def __call__(self, *labels: str) -> None:
        for label in labels:
            await self.visitor.press(label)
            self.count += 1


def shown(visitor: Visitor) -> tuple[Screen, Screen, Screen]:
    """The three messages: the link, the picture, the card."""
    link, picture, card = visitor.screens
    return link, picture, card


async def made(press: Presses, place: str, about: str, make: str, language: str, picks: int = 3) -> str:
    """Through all the steps; the payload of the link."""
    await press.visitor.say(place)
    await press(about)
    for at in range(picks):
        await press(press.visitor.last.rows[at][0].text)
    await press(make, language)
    link = next(iter(shown(press.visitor)[0].links.values()))
    return payload_of(link)


async def test_a_counselor_makes_one_in_eight_presses_and_a_word_and_the_client_opens_it_in_one(
    town: SandboxDriver,
) -> None:
    press = Presses(await town.visitor("Dana"))
    dana = press.visitor
    await dana.say("/handoff")
    press.count += 1  # from the menu
    assert "no name, no number, no diagnosis" in dana.last.text
    await press("Near a place")
    assert "Please write no name" in dana.last.text
    payload = await made(press, "Leeds", "Drinking", "Make the link", "English")
    assert press.count <= 8
    link, picture, card = shown(dana)
    assert link.text.startswith("Here is the link we talked about:\nhttps://t.me/")
    assert payload not in picture.text + card.text
    assert codes(Image.open(io.BytesIO(await dana.download(picture)))) == [f"{PUBLIC}/card/{payload}"]
    pages, words = printed(await dana.download(card))
    assert codes(pages[0]) == [f"{PUBLIC}/card/{payload}"]
    assert "Someone picked these for you to look at." in words
    assert "Another kind, not picked" in words
    assert len(pages) == 1

    await dana.press("Letter, large letters")
    pages, _ = printed(await dana.download())
    assert (round(pages[0].size[0] / 2), len(pages)) == (612, 2)
    await dana.press("See what it opens")
    assert "Someone picked these" in dana.last.text
    first = next(one for one in dana.history if one.find("We do this together"))
    await dana.press("We do this together", on=first)
    assert "Ten minutes together" in dana.last.text

    sam = await town.visitor("Sam")
    await sam.open(payload)
    assert "You choose. None is fine too. They will not be told what you do here." in sam.last.text
    assert sam.last.text.index("Picked:") < sam.last.text.index("Another kind, not picked:")
    for label in ("Talk to someone first", "See all options", "Bring someone along", "Urgent help", "Español"):
        assert label in sam.buttons
    opened = sam.last
    await sam.press("Bring someone along")
    assert sam.screens[1].text.startswith("I am thinking of going to this.")
    assert not sam.screens[1].buttons
    await sam.press("Talk to someone first", on=opened)
    assert "Hello. I would like to come" in sam.last.text
    await sam.press("1.", on=opened)
    assert "What to expect" in sam.buttons
    assert any(one.url.startswith("https://www.google.com/maps/") for one in sam.last.all_buttons())
    await sam.press("Remind me")
    assert "before" in sam.last.text
    await sam.press("Español", on=opened)
    assert "Tú eliges." in sam.last.text
    assert "Elegidas:" in sam.last.text


async def test_a_client_writes_a_note_afterwards_and_it_is_theirs_alone(town: SandboxDriver) -> None:
    sam = await town.visitor("Sam")
    await sam.say("smart leeds")
    await sam.press("1.")
    await sam.press("Other actions")
    await sam.press("Write a note")
    assert "Each group decides, so you could ask before the meeting. I check nothing." in sam.last.text
    await sam.press(sam.buttons[1])
    await sam.press("I would go again")
    note, hint = sam.screens
    assert note.text.startswith("Written by me. Nobody has checked this.")
    assert "SMART" in note.text
    assert note.text.endswith("I would go again.")
    assert not note.buttons
    assert "I have kept nothing." in hint.text
    assert hint.button("Copy a short form").copy.startswith("Written by me: on ")
    assert any("told to go" in label.lower() or "sent" in label.lower() for label in hint.buttons)


async def test_en_espanol_desde_el_principio_hasta_la_hoja(town: SandboxDriver) -> None:
    press = Presses(await town.visitor("Ana", language="es"))
    ana = press.visitor
    await ana.say("/handoff")
    assert "no escribas aquí nada de la persona" in ana.last.text
    await press("Para alguien cercano", "Cerca de un lugar")
    payload = await made(press, "Madrid", "Alcohol", "Crear el enlace", "Español", picks=2)
    _, picture, card = shown(ana)
    link = f"{PUBLIC}/card/{payload}"
    assert codes(Image.open(io.BytesIO(await ana.download(picture)))) == [link]
    pages, words = printed(await ana.download(card))
    assert codes(pages[0]) == [link]
    assert "Alguien cercano eligió estos grupos para que los mires." in words
    assert "Emergencias: 112" in words
    leo = await town.visitor("Leo")  # a telephone set to English
    await leo.open(payload)
    assert "Alguien cercano eligió estas para que las mires." in leo.last.text
    assert "A quien te lo dio no se le dirá lo que haces aquí." in leo.last.text
    assert "Ver todas las opciones" in leo.buttons


async def test_nothing_picked_and_a_topic_beside_the_place_is_fine_too(town: SandboxDriver) -> None:
    press = Presses(await town.visitor("Dana"))
    dana = press.visitor
    await dana.say("/handoff")
    await press("Near a place")
    await dana.say("nowheretown zzz")
    assert "I know no place of that name." in dana.last.text
    await dana.say("Leeds, gambling")
    assert dana.last.text.startswith("Gambling, near Leeds")
    await press("Make the link")
    assert "Nothing is picked: the link opens the search." in dana.last.text
    await press("English")
    sam = await town.visitor("Sam")
    await sam.open(payload_of(next(iter(shown(dana)[0].links.values()))))
    assert "Gambling, near Leeds" in sam.last.text
    assert "Picked:" not in sam.last.text


async def test_a_fourth_pick_is_not_taken(town: SandboxDriver) -> None:
    dana = await town.visitor("Dana")
    await dana.say("/handoff")
    await dana.press("Online")
    await dana.press("Show all groups")
    for at in range(4):
        await dana.press(dana.last.rows[at][0].text)
    assert "The link holds 3 meetings. Press a picked one to let it go." in dana.last.text
    assert [row[0].text.startswith("Picked:") for row in dana.last.rows[:5]] == [True, True, True, False, False]
    await dana.press(dana.last.rows[1][0].text)
    assert "Picked: 2 of 3." in dana.last.text


async def test_a_cut_forged_or_foreign_link_opens_the_bot_and_says_why_in_one_line(town: SandboxDriver) -> None:
    press = Presses(await town.visitor("Dana"))
    await press.visitor.say("/handoff")
    await press("Near a place")
    payload = await made(press, "Leeds", "Drinking", "Make the link", "English", picks=1)
    sam = await town.visitor("Sam")
    for broken in (payload[:-5], payload[:-1] + ("A" if payload[-1] != "A" else "B"), "h", "h" * 64):
        await sam.open(broken)
        assert sam.last.text.startswith("That link was cut or changed, so I cannot open what was picked.")
        assert "Find a meeting" in sam.buttons


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def kept_of(folder: Path, written: io.StringIO) -> bytes:
    return written.getvalue().encode() + b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())


async def test_neither_of_the_two_people_nor_the_link_leaves_a_trace(running: Running, tmp_path: Path) -> None:
    written, port = io.StringIO(), free_port()
    logs.setup(level=logging.DEBUG, stream=written, as_json=True)
    try:
        async with running(listen=Address("127.0.0.1", port)) as driver:
            (name, id_), (client, client_id) = CANARIES.items()
            press = Presses(await driver.visitor(name, id=id_, username=f"{name}user"))
            await press.visitor.say("/handoff")
            await press("Near a place")
            payload = await made(press, "Leeds", "Drinking", "Make the link", "English")
            link, picture, _ = shown(press.visitor)
            assert codes(Image.open(io.BytesIO(await press.visitor.download(picture)))) == [*link.links.values()]
            await press("See what it opens")
            sam = await driver.visitor(client, id=client_id, username=f"{client}user")
            await sam.open(payload)
            await sam.press("1.")
            await sam.press("Other actions")
            await sam.press("Write a note")
            await sam.press(sam.buttons[2])
            await sam.press("Add nothing")
            await sam.open(payload[:-2])
            async with aiohttp.ClientSession(f"http://127.0.0.1:{port}") as browser:
                for path, status in ((payload, 200), (f"{payload}.pdf", 200), (payload[:-2], 404)):
                    async with browser.get(f"/card/{path}") as answer:
                        assert answer.status == status
                async with browser.get("/metrics") as answer:
                    counted = await answer.text()
    finally:
        logging.getLogger().handlers.clear()
    kept = kept_of(tmp_path, written)
    assert b"SQLite format 3" in kept
    assert "openchair_updates_total" in counted
    for canary in (*CANARIES, *map(str, CANARIES.values()), payload, payload[1:20], "Written by me"):
        assert canary.encode() not in kept, canary
        assert canary not in counted, canary
