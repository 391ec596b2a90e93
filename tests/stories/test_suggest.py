"""Somebody suggests a revision; it waits for people, and nobody can tell who that was."""

import io
import logging
from pathlib import Path

from bot import logs
from bot.app import SUGGESTIONS_AN_HOUR, Work
from bot.domain.suggestion import Kind, State, Suggestion
from bot.services.suggestions import Suggestions
from tests.sandbox_driver import SandboxDriver, Visitor
from tests.stories.conftest import Running, import_samples

CANARY_NAME, CANARY_USER, CANARY_ID = "Canaryname", "canaryuser", 7_700_123_458
SOURCED = "The second sentence has <b>another</b> {{ number }} in *Cochrane* CD012880, page 34."


class Opened:
    """Keeps the work of a running bot, to look into its queue."""

    work: Work

    async def __call__(self, work: Work) -> None:
        self.work = work
        await import_samples(work)

    async def queue(self) -> list[Suggestion]:
        return await Suggestions(self.work.database, clock=self.work.clock).queue(State.WAITING)


async def to_the_question(sam: Visitor) -> None:
    """From an article's name to its last page, and on."""
    await sam.say("/read medicines")
    while "Next page" in sam.buttons:
        await sam.press("Next page")
    await sam.press("Suggest a revision")
    assert sam.asked_to_reply
    assert "What would you change" in sam.last.text


async def test_a_suggestion_is_refused_with_a_reason_then_kept_without_its_sender(
    running: Running, tmp_path: Path
) -> None:
    written, opened = io.StringIO(), Opened()
    logs.setup(level=logging.DEBUG, stream=written, as_json=True)
    try:
        async with running(opened) as driver:
            sam = await driver.visitor(CANARY_NAME, id=CANARY_ID, username=CANARY_USER)
            await to_the_question(sam)
            await sam.say("My client Canarypatient says page 34 is wrong.")
            assert "I kept nothing" in sam.last.text
            assert "a name: “My client Canarypatient”" in sam.last.text
            assert sam.asked_to_reply
            await sam.say("It says too much about belief.")
            assert "Where is that written?" in sam.last.text
            assert await opened.queue() == []
            await sam.say(SOURCED)
            assert "Your suggestion for “Medicines and meetings” is kept, without your name." in sam.last.text
            assert "nobody can write back" in sam.last.text
            (kept,) = await opened.queue()
    finally:
        logging.getLogger().handlers.clear()
    assert (kept.subject.kind, kept.subject.id, kept.text) == (Kind.ARTICLE, "medicines", SOURCED)
    files = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    assert b"CD012880" in files
    for canary in (CANARY_NAME, CANARY_USER, str(CANARY_ID), CANARY_ID.to_bytes(6, "big").hex(), "Canarypatient"):
        assert canary.encode() not in files + written.getvalue().encode(), canary
    assert "CD012880" not in written.getvalue()


async def test_an_emergency_comes_before_a_suggestion_and_a_revision_about_one_is_kept_after_it(
    running: Running,
) -> None:
    opened = Opened()
    async with running(opened) as driver:
        sam = await driver.visitor("Sam")
        await to_the_question(sam)
        question = sam.last
        await sam.reply("i want to kill myself, page 3", to=question)
        assert "999" in sam.last.text
        assert await opened.queue() == []
        await sam.reply("If someone is not breathing, WHO 2014, page 9, says give breaths first.", to=question)
        assert "999" in sam.screens[0].text
        assert "is kept, without your name" in sam.last.text
        assert len(await opened.queue()) == 1
        for number in range(SUGGESTIONS_AN_HOUR):
            await sam.reply(f"{SOURCED} {number}", to=question)
        assert "as many suggestions as I can take in an hour" in sam.last.text
        assert "Your message is still in this chat" in sam.last.text
        assert len(await opened.queue()) == SUGGESTIONS_AN_HOUR
        other = await driver.visitor("Alex")
        await to_the_question(other)
        await other.say(f"{SOURCED} again")
        assert "is kept" in other.last.text


async def test_a_fellowship_asks_for_a_fix_to_its_card_in_its_own_language(running: Running) -> None:
    opened = Opened()
    async with running(opened) as driver:
        ana = await driver.visitor("Ana", language="es")
        await ana.say("lifering")
        await reach_all_facts(driver, ana)
        await ana.press("Sugerir una corrección")
        assert "¿Hablas en nombre de este grupo?" in ana.last.text
        await ana.say("Somos LifeRing. Falta la página de reuniones: https://lifering.org/meetings")
        assert "está guardada, sin tu nombre" in ana.last.text
        assert "right_of_reply.md" in ana.last.text
        (kept,) = await opened.queue()
    assert (kept.subject.kind, kept.subject.id, kept.subject.language) == (Kind.FELLOWSHIP, "lifering", "es")


async def reach_all_facts(driver: SandboxDriver, ana: Visitor) -> None:
    """From a list of one kind to all that is known about it."""
    await ana.press("1.")
    await ana.press(next(label for label in ana.buttons if "LifeRing" in label and "oficial" not in label))
    await ana.press("Todos los datos y fuentes")
