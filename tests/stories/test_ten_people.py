"""Ten people, each through their first ten minutes with the bot: no dead end, no cold answer, no guess.

One bot answers them all, run in the United States, at two in the morning by world time.
"""

import asyncio
import json
import re
import unicodedata
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import pytest_asyncio
from typer.testing import CliRunner

from bot.cli import app
from bot.texts.fellowships import load_fellowships
from tests.sandbox_driver import SandboxDriver, Screen, Visitor
from tests.stories.conftest import bot_running

pytestmark = pytest.mark.asyncio(loop_scope="module")
NIGHT = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)
KINDS = {kind.name: kind.tradition for kind in load_fellowships(Path(__file__).parents[2] / "content")}
MEDICINES_FIRST = "Medicines for opioid addiction save lives."
STOPPING = "Stopping fast can be dangerous."


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def driver(tmp_path_factory: pytest.TempPathFactory, unpacked: Path) -> AsyncIterator[SandboxDriver]:
    """A bot with samples, whose clock stands still."""
    folder = tmp_path_factory.mktemp("ten")
    async with bot_running(folder, unpacked, clock=lambda: NIGHT, country="US") as started:
        yield started


def first_row(screen: Screen) -> str:
    """The button of the first meeting in a list."""
    return next(label for label in screen.buttons if label.startswith("1. "))


async def open_meeting(visitor: Visitor) -> Screen:
    """Opens the first meeting of the list on the screen."""
    await visitor.press(first_row(visitor.last))
    assert "Urgent help" in visitor.buttons
    return visitor.last


# -- 1. Someone at two in the morning


async def test_someone_at_two_in_the_morning_who_drinks_too_much(driver: SandboxDriver) -> None:
    sam = await driver.visitor("Sam")
    await sam.say("i think i drink too much")
    assert sam.last.text.startswith("Thank you for writing that.")
    assert STOPPING in sam.last.text
    assert re.search(r"1\. .*Online", sam.last.text)
    assert {"Near a place", "Online now", "Urgent help"} <= set(sam.buttons)
    everything = sam.last
    await sam.press("Online now")
    assert "Drinking, online, now." in sam.last.text
    rows = re.findall(r"(?m)^\d\. .*", sam.last.text)
    assert rows
    assert all(re.search(r"(?i)begins now|in \d+ minutes|in [12] hour", row) for row in rows)
    card = await open_meeting(sam)
    await sam.press("Talk to someone first", on=card)
    assert "my first time" in sam.last.text
    assert "Is there someone who can meet me there?" in sam.last.text
    await sam.press("What to expect", on=sam.last)
    assert "just listen" in sam.last.text
    await sam.press("Near a place", on=everything)
    await sam.say("anaheim")
    assert "Drinking, near Anaheim" in sam.last.text


# -- 2. A mother


async def test_a_mother_whose_son_uses_heroin_finds_groups_for_her(driver: SandboxDriver) -> None:
    mary = await driver.visitor("Mary")
    await mary.say("my son uses heroin")
    text = mary.last.text
    assert "Family and friends, opioids" in text
    assert text.index(MEDICINES_FIRST) < text.index("1. ")
    assert "For an overdose, call for help at once: /urgent" in text
    assert mary.buttons[0] == "Find treatment"
    assert "verdose" in mary.buttons[1]
    assert not re.search(r"(?m)^\d\. (NA|AA|HA):", text)
    listed = mary.last
    await mary.press("Find treatment", on=listed)
    assert "findtreatment.gov" in mary.last.text
    await mary.press("See all options")
    kinds = {"Families Anonymous", "Nar-Anon Family Groups", "SMART Recovery Family & Friends"}
    assert kinds <= set(mary.buttons)
    await mary.press("SMART Recovery Family & Friends")
    await mary.press("Next meetings")
    assert "1. SMART Family" in mary.last.text
    await mary.press(mary.last.buttons[1] if "verdose" in mary.last.buttons[1] else listed.buttons[1], on=listed)
    assert "naloxone" in mary.last.text.lower()


async def test_who_asks_for_treatment_somewhere_gets_the_finder_of_that_country(driver: SandboxDriver) -> None:
    mary = await driver.visitor("Mary")
    await mary.say("rehab in Madrid, Spain")
    answered = next(screen for screen in mary.screens if "I am not treatment" in screen.text)
    await mary.press("Find treatment", on=answered)
    assert "Finding treatment: Spain" in mary.last.text


# -- 3. Someone on methadone


async def test_someone_on_methadone_who_was_shamed_is_answered_kindly(driver: SandboxDriver) -> None:
    lee = await driver.visitor("Lee")
    await lee.say("they told me methadone is not clean")
    kind = next(screen for screen in lee.history if "I am sorry that happened to you." in screen.text)
    assert "talk with your prescriber before you change anything" in kind.text
    assert {"Groups that welcome medicines", "Find treatment", "Urgent help"} <= set(kind.buttons)
    assert lee.last.text.index(MEDICINES_FIRST) < lee.last.text.index("1. ")
    await lee.press("Groups that welcome medicines", on=kind)
    rows = re.findall(r"(?m)^\d\. .*", lee.last.text)
    assert len(rows) >= 3
    assert all("Welcomes people on medicines:" in row for row in rows)
    said = " ".join(screen.text for screen in lee.history)
    assert not re.search(r"(?i)\b(taper|come off|stop taking|wean)\b", said)


# -- 4. An atheist whom a court sends


async def test_an_atheist_whom_a_court_sends_sees_both_kinds_and_no_verification(driver: SandboxDriver) -> None:
    jo = await driver.visitor("Jo")
    await jo.say("the court says i have to go to aa, i do not believe in god")
    court = next(screen for screen in jo.history if "I give no proof and report to nobody" in screen.text)
    assert "Each group decides." in court.text
    assert "There are 12-step and secular groups." in court.text
    assert "not legal advice" in court.text
    await jo.press("See all options", on=court)
    await jo.press("What is it about?")
    await jo.press("Drinking")
    traditions = {KINDS[label] for label in jo.buttons if label in KINDS}
    assert {"twelve_step", "secular"} <= traditions
    await jo.say("/options secular groups for drinking")
    assert "Kinds of groups: drinking, secular." in jo.last.text
    await jo.say("secular drinking online")
    assert re.search(r"(?m)^\d\. (SMART|LifeRing|MM|HAMS): ", jo.last.text)


# -- 5. A Spanish speaker


async def test_a_spanish_speaker_whose_phone_is_english_and_whose_postcode_has_no_meeting(
    driver: SandboxDriver,
) -> None:
    ana = await driver.visitor("Ana", language="en")
    await ana.open()
    await ana.press("Español")
    assert "Hola" in ana.last.text
    await ana.press("Buscar una reunión")
    await ana.say("59718")
    assert "¿De qué se trata?" in ana.last.text
    await ana.press("Alcohol")
    assert "no conozco ninguna" in ana.last.text
    assert "En línea" in ana.last.text
    assert "No está claro si ayuda igual." in ana.last.text
    assert "Ayuda urgente" in ana.buttons
    assert "Urgent help" not in ana.buttons
    await ana.press("En línea, cualquier día")
    assert re.search(r"1\. .*(?i:en línea|teléfono)", ana.last.text)
    await ana.press("Ver todas las opciones")
    assert "Tipos de grupos: alcohol." in ana.last.text
    await ana.press("Encontrar tratamiento")
    assert "Buscar tratamiento: Estados Unidos" in ana.last.text
    await ana.say("quiero dejar de beber, en línea")
    assert "Ayuda urgente" in ana.buttons


async def test_text_typed_in_spanish_is_answered_in_spanish(driver: SandboxDriver) -> None:
    ana = await driver.visitor("Ana", language="en")
    await ana.say("creo que bebo demasiado")
    assert "Gracias por escribirlo" in ana.last.text
    assert "Parar de golpe puede ser peligroso." in ana.last.text


# -- 6. A blind person


def _readable(screen: Screen) -> None:
    """Nothing only in a picture: every button has words, and no two say the same."""
    for label in screen.buttons:
        assert sum(character.isalnum() for character in label) >= 2, label
    for character in screen.text + "".join(screen.buttons):
        assert unicodedata.category(character) != "So", character
    assert len(set(screen.buttons)) == len(screen.buttons), screen.buttons


async def test_a_blind_person_hears_what_every_button_opens(driver: SandboxDriver) -> None:
    kim = await driver.visitor("Kim")
    await kim.open()
    _readable(kim.last)
    await kim.press("Find a meeting")
    await kim.say("anaheim")
    _readable(kim.last)
    await kim.press("Show all groups")
    _readable(kim.last)
    spoken = re.findall(r"(?m)^(\d)\. ", kim.last.text)
    assert spoken == sorted(spoken)
    assert [label[0] for label in kim.buttons if re.match(r"\d\. ", label)] == spoken
    listed = kim.last
    for label in (first_row(listed), "Why this order?", "Change search", "See all options"):
        if label in listed.buttons:
            await kim.press(label, on=listed)
            assert kim.toast == ""
            _readable(kim.last)
    await kim.say("/options")
    kinds = [label for label in kim.buttons if f"{label}: " in kim.last.text]
    spoken = re.findall(r"(?m)^([^:\n]+): ", kim.last.text)
    assert [name for name in spoken if name in kinds] == kinds
    await kim.press(kinds[0])
    assert kim.last.text.startswith(kinds[0])
    _readable(kim.last)


# -- 7. A counselor, and 8. a volunteer


async def test_a_counselor_reads_how_to_hand_over_and_shares_a_meeting_without_naming_anybody(
    driver: SandboxDriver,
) -> None:
    pat = await driver.visitor("Pat")
    await pat.say("/read counselors hand-off")
    assert "hand-off" in pat.last.text
    _readable(pat.last)
    await pat.say("smart online")
    card = await open_meeting(pat)
    await pat.press("Other actions", on=card)
    await pat.press("Share")
    link = next(address for address in pat.last.links.values() if "start=" in address)
    client = await driver.visitor("Alex")
    await client.open(link.partition("start=")[2])
    assert "SMART" in client.last.text
    assert "Pat" not in client.last.text
    assert "Urgent help" in client.buttons


async def test_a_volunteer_sees_whose_list_a_meeting_is_from(driver: SandboxDriver) -> None:
    vic = await driver.visitor("Vic")
    await vic.say("aa anaheim")
    card = await open_meeting(vic)
    assert re.search(r"Listed by: |From the |Source", card.text)
    assert "sample" in card.text


# -- 9. The operator of a small charity


async def test_the_operator_s_first_day_ends_with_a_list_turned_on(
    tmp_path: Path, unpacked: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("OPENCHAIR_DATABASE_URL", f"sqlite+aiosqlite:///{unpacked / 'charity.db'}")
    for name in ("OPENCHAIR_TOKEN", "OPENCHAIR_ADMINS", "OPENCHAIR_COUNTRY"):
        monkeypatch.delenv(name, raising=False)

    async def run(*arguments: str) -> str:
        done = await asyncio.to_thread(CliRunner().invoke, app, list(arguments))
        assert done.exit_code == 0, done.output
        return done.output

    async def states() -> dict[str, str]:
        return {feed["id"]: feed["state"] for feed in json.loads(await run("feeds", "list", "--json"))}

    assert set((await states()).values()) == {"off"}
    assert "na-ireland" in await run("feeds", "enable", "na-ireland")
    assert (await states())["na-ireland"] == "never"
    looked = await asyncio.to_thread(CliRunner().invoke, app, ["doctor"])
    assert looked.exit_code == 1  # the country is not set yet, and it says so
    assert "OPENCHAIR_COUNTRY" in looked.output


# -- 10. Someone who wants to drink less


async def test_someone_who_wants_to_drink_less_is_answered_like_anyone(driver: SandboxDriver) -> None:
    pat = await driver.visitor("Pat")
    await pat.say("i want to drink less, not stop, online")
    assert pat.last.text.startswith("Thank you for writing that.") or "1. " in pat.last.text
    assert "to use less" in pat.last.text
    assert "before you stop or cut down" in pat.last.text
    assert re.search(r"(?m)^1\. (MM|HAMS|SMART|All Recovery)", pat.last.text)


async def test_the_door_to_use_less_stands_beside_the_others_and_leads_to_kinds_too(driver: SandboxDriver) -> None:
    pat = await driver.visitor("Pat")
    await pat.open()
    await pat.press("What are my options?")
    await pat.press("What is it about?")
    assert {"Drinking", "Gambling", "To use less, not stop"} <= set(pat.buttons)
    await pat.press("To use less, not stop")
    await pat.press("To drink less")
    assert {"Moderation Management", "HAMS Harm Reduction for Alcohol", "SMART Recovery"} <= set(pat.buttons)
    assert "Alcoholics Anonymous" not in pat.buttons
    await pat.press("Moderation Management")
    await pat.press("Next meetings")
    assert "1. MM" in pat.last.text


async def test_filters_are_pressed_on_and_off_in_place(driver: SandboxDriver) -> None:
    kim = await driver.visitor("Kim")
    await kim.say("drinking anaheim")
    await kim.press("Change search")
    await kim.press("Who it is for")
    screen = kim.last
    await kim.press("women")
    assert kim.last.id == screen.id
    assert "women: on" in kim.buttons
    await kim.press("Show meetings")
    assert "women" in kim.last.text
