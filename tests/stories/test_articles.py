"""Somebody reads an article in the chat, from the list to its sources, and goes on from there."""

from tests.sandbox_driver import Visitor
from tests.stories.conftest import Running


async def shown(sam: Visitor) -> int:
    """How many messages of the bot there are."""
    return len(sam.history)


async def test_an_article_is_found_and_read_page_by_page_in_one_message(running: Running) -> None:
    async with running() as driver:
        sam = await driver.visitor("Sam")
        await sam.say("/read")
        assert "Medicines and meetings" in sam.last.text
        await sam.press("Next page")
        assert await shown(sam) == 1
        await sam.press("Next page")
        assert "For counselors" in sam.last.text
        await sam.say("/read methadone")
        assert sam.last.text.startswith("Medicines and meetings")
        assert "Machine-drafted, check before clinical use." in sam.last.text
        assert "[llm]" in sam.last.text
        before = await shown(sam)
        while "Next page" in sam.buttons:
            first = sam.last.text
            await sam.press("Next page")
            assert sam.last.text != first
        assert "Where it comes from" in sam.last.text
        assert any(link.startswith("https://") for link in sam.last.links.values())
        assert await shown(sam) == before
        await sam.press("Previous page")
        await sam.press("Other articles")
        assert await shown(sam) == before + 1
        assert "Urgent help" in sam.buttons

        await sam.say("/read zebra crossing")
        assert "I found no article about that." in sam.last.text
        await sam.say("/read mutual help")
        await sam.follow("How the kinds differ")
        assert sam.last.text.startswith("How the kinds differ")
        await sam.say("/read medicinas")
        assert sam.last.text.startswith("Medicines and meetings")

        ana = await driver.visitor("Ana", language="es")
        await ana.say("/read medicinas")
        assert ana.last.text.startswith("Medicinas y reuniones")
        assert "conviene revisarlo antes de un uso clínico" in ana.last.text


async def test_with_a_wiki_a_button_leads_there_and_the_chat_still_shows_the_article(running: Running) -> None:
    async with running(wiki_url="https://wiki.example.org", public_url="http://127.0.0.1:8080") as driver:
        sam = await driver.visitor("Sam")
        await sam.say("/read")
        button = sam.last.button("Medicines")
        assert button.url == "https://wiki.example.org/medicines"
        await sam.say("/read medicines")
        assert "Machine-drafted" in sam.last.text
