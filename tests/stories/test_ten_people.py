"""Persons 1, 5 and 6 of those who must get through their first ten minutes."""

import re
import unicodedata

from tests.sandbox_driver import SandboxDriver, Screen
from tests.stories.conftest import Running


async def test_someone_at_two_in_the_morning_who_drinks_too_much(driver: SandboxDriver) -> None:
    sam = await driver.visitor("Sam")
    await sam.say("i think i drink too much")
    assert "Thank you for writing that" in sam.last.text
    assert "speak with a doctor before you stop" in sam.last.text
    assert re.search(r"1\. .*Online", sam.last.text)
    assert "Near a place" in sam.buttons
    await sam.press("Near a place")
    await sam.say("leeds")
    assert "Drinking, near Leeds" in sam.last.text


async def test_a_spanish_speaker_whose_phone_is_english_and_whose_postcode_has_no_meeting(
    running: Running,
) -> None:
    async with running(country="US") as driver:
        ana = await driver.visitor("Ana", language="en")
        await ana.open()
        await ana.press("Español")
        assert "Hola" in ana.last.text
        await ana.press("Buscar una reunión")
        await ana.say("59718")
        assert re.search(r"¿De qué se trata\?|Cerca de", ana.last.text)
        await ana.press("Alcohol")
        assert "En línea" in ana.last.text
        assert "Urgent help" not in ana.buttons
        assert "Ayuda urgente" in ana.buttons
        await ana.say("quiero dejar de beber, en línea")
        assert "Ayuda urgente" in ana.buttons


async def test_text_typed_in_spanish_is_answered_in_spanish(driver: SandboxDriver) -> None:
    ana = await driver.visitor("Ana", language="en")
    await ana.say("creo que bebo demasiado")
    assert "Gracias por escribirlo" in ana.last.text


def _readable(screen: Screen) -> None:
    """Nothing only in a picture: every button has words, and no two say the same."""
    for label in screen.buttons:
        assert sum(character.isalnum() for character in label) >= 2, label
        assert not any(unicodedata.category(character) == "So" for character in label), label
    assert len(set(screen.buttons)) == len(screen.buttons)


async def test_a_blind_person_hears_what_every_button_opens(driver: SandboxDriver) -> None:
    kim = await driver.visitor("Kim")
    await kim.open()
    _readable(kim.last)
    await kim.press("Find a meeting")
    await kim.say("leeds")
    _readable(kim.last)
    await kim.press("Show all groups")
    _readable(kim.last)
    assert re.search(r"1\. .+, [\w ]+\d\d:\d\d", "\n".join(kim.buttons))
    await kim.press("1.")
    assert kim.toast == ""
    _readable(kim.last)


async def test_a_mother_whose_son_uses_heroin_finds_groups_for_her(driver: SandboxDriver) -> None:
    mary = await driver.visitor("Mary")
    await mary.say("my son uses heroin")
    assert "amily" in mary.last.text
    assert "/urgent" in mary.last.text
    assert "NA:" not in mary.last.text


async def test_someone_on_methadone_who_was_shamed_is_answered_kindly(driver: SandboxDriver) -> None:
    lee = await driver.visitor("Lee")
    await lee.say("they told me methadone is not clean")
    assert "I am sorry that happened to you." in lee.text
    assert "talk with your prescriber" in lee.text
    if "Groups that welcome medicines" in lee.buttons:
        await lee.press("Groups that welcome medicines")
    assert "1. " in lee.text


async def test_an_atheist_whom_a_court_sends_sees_both_kinds_and_no_verification(driver: SandboxDriver) -> None:
    jo = await driver.visitor("Jo")
    await jo.say("the court says i have to go to aa, i do not believe in god")
    assert "I give no proof and report to nobody" in jo.text
    assert "not legal advice" in jo.text


async def test_someone_who_wants_to_drink_less_is_answered_like_anyone(driver: SandboxDriver) -> None:
    pat = await driver.visitor("Pat")
    await pat.say("i want to drink less, not stop, online")
    assert "1. " in pat.last.text
    assert "to use less" in pat.last.text


async def test_filters_are_pressed_on_and_off_in_place(driver: SandboxDriver) -> None:
    kim = await driver.visitor("Kim")
    await kim.say("drinking leeds")
    await kim.press("Change search")
    await kim.press("Who it is for")
    screen = kim.last
    await kim.press("women")
    assert kim.last.id == screen.id
    assert "women: on" in kim.buttons
    await kim.press("Show meetings")
    assert "women" in kim.last.text
