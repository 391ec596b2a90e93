"""Urgent help comes before anything else."""

import pytest

from tests.sandbox_driver import SandboxDriver
from tests.stories.conftest import Running


@pytest.mark.parametrize("text", ["i want to kill myself", "he took too much and is not breathing"])
async def test_an_emergency_gets_the_card_before_anything_else(driver: SandboxDriver, text: str) -> None:
    sam = await driver.visitor("Sam")
    await sam.say(text)
    assert "999" in sam.last.text
    assert "No one reads this chat" in sam.last.text
    for number in ("999", "112", "116 123" if "kill" in text else "111"):
        assert any(label.startswith(f"Copy {number}") for label in sam.buttons), sam.buttons


async def test_the_meetings_that_were_asked_for_are_one_press_behind_the_card(driver: SandboxDriver) -> None:
    sam = await driver.visitor("Sam")
    await sam.say("i want to die, aa meeting in leeds")
    assert "116 123" in sam.last.text
    await sam.press("Show the meetings I asked for")
    assert "near Leeds" in sam.last.text


async def test_a_caption_that_sounds_urgent_gets_the_card_too(driver: SandboxDriver) -> None:
    sam = await driver.visitor("Sam")
    await sam.open()
    await driver.push(
        {
            "message": {
                "message_id": 77,
                "date": 1_700_000_000,
                "chat": {"id": sam.id, "type": "private", "first_name": "Sam"},
                "from": {"id": sam.id, "is_bot": False, "first_name": "Sam"},
                "photo": [{"file_id": "a", "file_unique_id": "a", "width": 1, "height": 1}],
                "caption": "i am going to kill myself",
            }
        }
    )
    await sam.hear(containing="116 123")


async def test_without_a_country_three_are_named_and_none_is_guessed(running: Running) -> None:
    async with running(country=None) as driver:
        sam = await driver.visitor("Sam")
        await sam.say("/urgent")
        assert "United States" in sam.last.text
        assert "United Kingdom" in sam.last.text
        assert "findahelpline.com" in sam.last.text


async def test_the_card_is_of_the_country_where_the_person_looked(driver: SandboxDriver) -> None:
    sam = await driver.visitor("Sam")
    await sam.say("aa in anaheim")
    await sam.press("Urgent help")
    assert "988" in sam.last.text


async def test_another_country_can_be_chosen(driver: SandboxDriver) -> None:
    sam = await driver.visitor("Sam")
    await sam.say("/urgent")
    await sam.press("Another country")
    first = sam.last.buttons[0]
    await sam.press(first)
    assert first in sam.last.text


async def test_a_text_that_asked_for_no_meeting_is_offered_none_as_asked_for(driver: SandboxDriver) -> None:
    sam = await driver.visitor("Sam")
    await sam.say("i want to kill myself")
    assert "Show the meetings I asked for" not in sam.buttons


async def test_from_a_list_urgent_help_leads_back_to_that_list(driver: SandboxDriver) -> None:
    sam = await driver.visitor("Sam")
    await sam.say("drinking leeds")
    await sam.press("Urgent help")
    await sam.press("Back to the list")
    assert "Drinking, near Leeds" in sam.last.text


async def test_a_number_that_two_countries_share_names_both(running: Running) -> None:
    async with running(country=None) as driver:
        ana = await driver.visitor("Ana", language="es")
        await ana.say("/urgent")
        shared = next(label for label in ana.buttons if "911" in label)
        assert "México" in shared
        assert "Argentina" in shared


async def test_a_beaten_partner_is_not_sent_to_a_children_s_line_first(driver: SandboxDriver) -> None:
    sam = await driver.visitor("Sam")
    await sam.say("my boyfriend hits me")
    text = sam.last.text
    assert text.index("Samaritans") < text.index("Childline")
    assert "for children and young people" in text


async def test_what_somebody_took_is_not_taken_for_a_question_for_meetings(driver: SandboxDriver) -> None:
    sam = await driver.visitor("Sam")
    await sam.say("i took too many pills")
    assert "This may be an emergency. Call now." in sam.last.text
    assert "Show the meetings I asked for" not in sam.buttons
    assert "Find treatment" in sam.buttons
    await sam.say("i took too many pills, is there a group i can go to")
    assert "Show the meetings I asked for" in sam.buttons


async def test_an_article_whose_name_sounds_urgent_comes_after_the_card_in_the_reader_s_language(
    driver: SandboxDriver,
) -> None:
    ana = await driver.visitor("Ana", language="es")
    await ana.say("/read sobredosis")
    card, article = ana.screens
    assert card.text.startswith("Esto puede ser una emergencia.")
    assert article.text.startswith("Sobredosis: qué hacer")
    await ana.say("/read i want to die")
    (card,) = ana.screens
    assert "116 123" in card.text


CARDS = {
    "i cant go on, i want to die": "I am glad you wrote this. You can talk to someone now.",
    "my son said he wants to die": "It is good that you take this seriously.",
    "i tried to kill myself last year": "Thank you for telling me. I am glad you are here.",
    "my brother killed himself": "I am so sorry for your loss.",
    "i took too many pills": "Give naloxone if there is some, as its leaflet says.",
    "stopped drinking 2 days ago and now i see spiders": "Fits, confusion, seeing things, fever or chest pain",
    "my chest hurts and my arm is numb": "Say what happened. Do what the call handler says.",
    "my boyfriend hits me": "Is it safe to have this on your phone? /clear",
    "im 12 and my dad hits me": "0800 1111",
    "i am going to kill my boss": "You can also talk to someone about such thoughts.",
    "mi hija dice que no quiere vivir": "No tienes que cargar con esto a solas.",
    "mi hermano tomó demasiado": "¿No respira o no despierta? Llama primero y dilo.",
    "dejé de beber hace dos días y veo bichos": "Convulsiones, confusión, ver cosas",
    "mi marido me pega": "¿Es seguro tener esto en tu teléfono? /clear",
}


async def test_each_case_gets_words_of_its_own_and_none_a_list_of_fellowships(driver: SandboxDriver) -> None:
    sam = await driver.visitor("Sam")
    for text, said in CARDS.items():
        await sam.say(text)
        (card,) = sam.screens
        assert said in card.text, text
        assert "999" in card.text, text
        assert len(card.text) <= 900, text
        assert not any(name in card.text for name in ("AA", "NA ", "SMART", "Al-Anon")), text


async def test_an_urgent_text_comes_first_on_every_road_into_the_chat(driver: SandboxDriver) -> None:
    sam = await driver.visitor("Sam")
    await sam.say("/start i want to die", plain=True)
    assert "I am glad you wrote this." in sam.screens[0].text
    await sam.say("/find i want to die", plain=True)
    assert "I am glad you wrote this." in sam.screens[0].text
    await sam.say("/urgent")
    await sam.say("/plan")
    assert sam.asked_to_reply
    await sam.say("i want to die")
    (card,) = sam.screens
    assert "I am glad you wrote this." in card.text


async def test_what_cannot_be_read_is_answered_with_urgent_help_by_name(driver: SandboxDriver) -> None:
    sam = await driver.visitor("Sam")
    await sam.open()
    one = {"file_id": "a", "file_unique_id": "a"}
    sent = {
        "voice": one | {"duration": 3},
        "video": one | {"duration": 3, "width": 9, "height": 9},
        "sticker": one | {"type": "regular", "width": 9, "height": 9, "is_animated": False, "is_video": False},
        "document": one | {"file_name": "letter.pdf"},
        "photo": [one | {"width": 9, "height": 9}],
    }
    for at, (kind, value) in enumerate(sent.items()):
        person = {"id": sam.id, "is_bot": False, "first_name": "Sam"}
        chat = {"id": sam.id, "type": "private", "first_name": "Sam"}
        message = {"message_id": 500 + at, "date": 1_700_000_000, "chat": chat, "from": person, kind: value}
        await driver.push({"message": message})
        await sam.hear(containing="I cannot listen to voice or look at pictures. If it is urgent")


@pytest.mark.parametrize(
    "text", ["je veux mourir", "quero morrer", "ich kann nicht mehr", "хочу умереть", "死にたい"]
)
async def test_a_text_in_a_language_that_is_not_spoken_here_is_told_of_urgent_help(
    driver: SandboxDriver, text: str
) -> None:
    sam = await driver.visitor("Sam")
    await sam.say(text)
    assert "If it is urgent, write /urgent." in sam.text or "I am glad you wrote this." in sam.text


async def test_the_card_leads_to_links_that_call_where_the_bot_has_web_pages(running: Running) -> None:
    async with running(public_url="https://chair.example.org") as driver:
        sam = await driver.visitor("Sam")
        await sam.say("/urgent")
        links = [button.url for button in sam.last.all_buttons()]
        assert "https://chair.example.org/urgent/gb?lang=en" in links


async def test_grief_after_an_overdose_is_answered_kindly_and_is_no_emergency(driver: SandboxDriver) -> None:
    sam = await driver.visitor("Sam")
    await sam.say("my dad died of an overdose")
    assert "I am sorry for your loss." in sam.text
    assert "116 123" in sam.text
