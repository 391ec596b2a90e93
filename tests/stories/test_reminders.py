"""Somebody asks to be reminded, and is: on time, discreetly, and not once more than wanted."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

import bot.serving as serving
from bot.app import Work
from bot.services.feeds import Part
from tests.sandbox_driver import SandboxDriver, Visitor
from tests.stories.conftest import Running

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)  # a Tuesday
ROOM = {
    "slug": "tuesday-tools", "name": "Tuesday Tools", "day": 2, "time": "19:00", "end_time": "20:00",
    "timezone": "Europe/London", "location": "Example Hall", "address": "1 Example Street", "city": "Leeds",
    "country": "GB", "latitude": 53.7997, "longitude": -1.5492,
}  # fmt: skip
CALL = {
    "slug": "evening-call", "name": "Evening Call", "day": 5, "time": "18:30", "end_time": "19:30",
    "timezone": "Europe/London", "location": "Online", "conference_url": "https://zoom.us/j/5550100",
}  # fmt: skip
LINE, SPANISH_LINE = "Your 19:00 reminder", "Tu recordatorio, 18:00"


class Story:
    """A bot whose clock and whose list are in the test's hands."""

    def __init__(self) -> None:
        self.now = NOON
        self.driver: SandboxDriver
        self.work: Work

    async def lists(self, *rooms: dict[str, Any]) -> None:
        """What the publishers list from now on."""
        parts = [
            Part(json.dumps(rows).encode(), "meeting_guide", kind)
            for kind, rows in (("smart", rooms), ("lifering", (CALL,)))
        ]
        await self.work.feeds.import_parts(parts, feed="leeds")
        await self.work.refresh()

    async def begin(self, work: Work) -> None:
        """Take up the bot that was just opened."""
        self.work = work
        await self.lists(ROOM)

    def at(self, *, hour: int, minute: int, day: int = NOON.day) -> None:
        """Let the clock show another time of that Tuesday, or of another day of that month."""
        self.now = NOON.replace(day=day, hour=hour, minute=minute)


@pytest.fixture
def story(running: Running, monkeypatch: pytest.MonkeyPatch) -> Any:
    """`async with story() as told`: the bot with its reminders looked at ten times a second."""
    monkeypatch.setattr(serving, "SEND_SECONDS", 0.1)

    @asynccontextmanager
    async def tell() -> AsyncIterator[Story]:
        told = Story()
        async with running(fill=told.begin, clock=lambda: told.now) as driver:
            told.driver = driver
            yield told

    return tell


async def reminded(sam: Visitor) -> None:
    """The card, then two presses."""
    await sam.say("smart leeds")
    await sam.press("1.")
    await sam.press("Remind me")
    await sam.press("1 hour before")


async def test_two_presses_bring_one_discreet_message_on_time(story: Any) -> None:
    async with story() as told:
        sam = await told.driver.visitor("Sam")
        await reminded(sam)
        assert "Done. Today, Tue 24 Nov, 19:00: one message, 1 hour before." in sam.last.text
        await sam.press("Back to the meeting")
        await sam.press("My reminder")
        await sam.press("Every week: off")
        await sam.press("Ask me afterwards: off")
        assert {"Every week: on", "Ask me afterwards: on"} <= set(sam.buttons)

        told.at(hour=18, minute=2)
        line = await sam.hear(containing=LINE)
        assert line.text == LINE
        await sam.press("Open", on=line)
        assert "19:00 today, Tue 24 Nov, in 58 minutes." in sam.last.text
        assert "Tuesday Tools" in sam.last.text
        assert sam.last.id == line.id
        await sam.press("Hide again")
        assert (sam.last.id, sam.last.text, sam.buttons) == (line.id, LINE, line.buttons)
        await sam.press("Later")
        assert "It comes once more at 18:12." in sam.last.text
        told.at(hour=18, minute=13)
        again = await sam.hear(containing=LINE)
        assert (again.text, again.buttons) == (LINE, line.buttons)
        assert again.id != line.id

        told.at(hour=19, minute=5)
        await sam.press("Later", on=again)
        assert "It has begun" in sam.last.text
        await sam.press("Not this week", on=sam.last)
        assert "It has begun" in sam.last.text
        await sam.press("Open", on=line)
        assert "began 5 minutes ago" in sam.last.text


async def test_the_question_afterwards_leads_somewhere_and_is_asked_once(story: Any) -> None:
    async with story() as told:
        sam = await told.driver.visitor("Sam")
        await reminded(sam)
        await sam.press("Change")
        await sam.press("Ask me afterwards: off")
        told.at(hour=18, minute=2)
        await sam.hear(containing=LINE)
        told.at(hour=20, minute=31)
        asked = await sam.hear(containing="how was it?")
        await sam.press("Something got in the way", on=asked)
        choices = sam.last
        for answer, help_ in (
            ("The way there", "SMART: online"),
            ("I felt nervous", "Talk to someone first"),
            ("Belief", "Groups without belief"),
            ("Words about medicines", "Groups that welcome medicines"),
            ("The link or the sound", "Trouble joining?"),
        ):
            await sam.press(answer, on=choices)
            assert help_ in sam.buttons, answer
        await sam.press("Something different", on=asked)
        await sam.press("Near there")
        assert "near Leeds" in sam.last.text
        await sam.press("The same again", on=asked)
        assert "Tue 1 Dec, 19:00" in sam.last.text
        await sam.press("No more questions", on=asked)
        assert "I will not ask" in sam.last.text


async def test_a_meeting_that_moves_or_goes_is_told_once_with_other_ways(story: Any) -> None:
    async with story() as told:
        sam = await told.driver.visitor("Sam")
        await reminded(sam)
        await sam.press("Change")
        await sam.press("Every week: off")
        await told.lists(ROOM | {"day": 3, "time": "18:00"})
        notice = await sam.hear(containing="Something changed")
        assert notice.text == "Something changed for your 19:00 on Tuesday."
        await sam.press("Open", on=notice)
        assert "It was on Tuesday, 19:00. Now: tomorrow, Wed 25 Nov, 18:00." in sam.last.text
        assert "SMART: next meetings" in sam.buttons
        await sam.press("Hide again")
        assert sam.last.text == notice.text
        told.at(day=25, hour=17, minute=1)
        line = await sam.hear(containing="Your 18:00 reminder")
        await sam.press("Not this week", on=line)
        assert "Left out: Wed 25 Nov. The next reminder is for Wed 2 Dec, 18:00." in sam.last.text
        await sam.say("/reminders")
        await sam.press("1. SMART")
        await sam.press("On Wed 25 Nov after all")
        await sam.press("Pause")
        await sam.press("For 2 weeks")
        assert "Paused until Wed 9 Dec." in sam.last.text
        await sam.press("Resume")
        await sam.press("Stop this one")
        assert "Stopped." in sam.last.text
        await sam.press_data(line.button("Later").data, on=line)
        assert "not there any more" in sam.last.text
        await sam.press_data(line.button("Open").data, on=line)
        assert "18:00 today, Wed 25 Nov, in 59 minutes." in sam.last.text


async def test_after_three_that_were_not_opened_one_quiet_question_comes(story: Any) -> None:
    async with story() as told:
        sam = await told.driver.visitor("Sam")
        await reminded(sam)
        await sam.press("Change")
        await sam.press("Every week: off")
        for week in range(3):
            told.now = NOON.replace(hour=18, minute=2) + timedelta(weeks=week)
            assert (await sam.hear(containing=LINE)).text == LINE
        told.now += timedelta(days=1)
        asked = await sam.hear(containing="keep it, or pause it?")
        assert asked.text.startswith("Your Tuesday 19:00: keep it, or pause it?")
        await sam.press("Pause", on=asked)
        await sam.press("Until I resume it")
        assert "Paused until you resume it." in sam.last.text
        await sam.press_data(asked.button("Keep").data, on=asked)
        assert "Next: Tue 15 Dec, 19:00." in sam.last.text


async def test_stop_ends_everything_from_any_state(story: Any) -> None:
    async with story() as told:
        sam = await told.driver.visitor("Sam")
        await reminded(sam)
        await sam.say("/plan")
        assert sam.asked_to_reply
        await sam.say("three meetings before 5 December, at least two kinds")
        assert "3 meetings before Sat 5 Dec, of at least 2 kinds." in sam.last.text
        await sam.press("Change")
        assert sam.asked_to_reply
        await sam.say("Stop!")
        assert "Stopped. Nothing more comes by itself." in sam.last.text
        assert "Your plan is still kept." in sam.last.text
        await sam.press("Drop the plan")
        assert "The plan is gone" in sam.last.text
        await sam.say("stop all reminders")
        assert "There was nothing to stop." in sam.last.text
        await sam.say("/privacy")
        assert "What I keep about you: nothing." in sam.last.text
        told.at(hour=18, minute=5)
        await sam.say("/reminders")
        assert "You have no reminders." in sam.last.text
        assert LINE not in [screen.text for screen in sam.history]


async def test_a_hard_hour_and_a_plan_in_spanish_shown_exported_and_forgotten(story: Any) -> None:
    async with story() as told:
        ana = await told.driver.visitor("Ana", language="es")
        await ana.say("/reminders")
        await ana.press("Añadir una hora difícil")
        await ana.press("Escribirlo")
        await ana.say("mañana quizá")
        assert "No encontré" in ana.last.text
        await ana.say("viernes 18:00")
        await ana.press("Sí, Londres")
        assert "Hecho. Viernes 18:00, cada semana." in ana.last.text
        await ana.press("Cerca de un lugar")
        await ana.say("Leeds")
        assert "cerca de Leeds" in ana.last.text
        await ana.say("/plan")
        await ana.say("no sé")
        await ana.press("3 reuniones")
        await ana.press("En 2 semanas")
        assert "3 reuniones antes del mar 8 dic." in ana.last.text

        told.now = datetime(2026, 11, 27, 17, 32, tzinfo=UTC)
        line = await ana.hear(containing=SPANISH_LINE)
        assert line.text == SPANISH_LINE
        await ana.press("Abrir", on=line)
        assert "Samaritans, 116 123" in ana.last.text
        assert "Evening Call" in ana.last.text
        await ana.press("Ocultar de nuevo")
        assert ana.last.text == SPANISH_LINE

        await ana.say("/export")
        await ana.press("Enviar el archivo")
        kept = json.loads(await ana.download())
        assert (kept["plan"]["meetings"], kept["tough_times"][0]["weekday"]) == (3, 5)
        assert str(ana.id) not in json.dumps(kept)
        await ana.say("/privacy")
        assert "solo lo que me pediste" in ana.last.text
        await ana.say("/forget")
        assert "están borrados" in ana.last.text
        await ana.say("/export")
        assert "no hay archivo" in ana.last.text


async def test_a_zone_is_asked_for_online_meetings_and_a_language_is_kept_on_request(story: Any) -> None:
    async with story() as told:
        sam = await told.driver.visitor("Sam")
        await sam.say("lifering online")
        await sam.press("1.")
        await sam.press("Remind me")
        await sam.press("15 minutes before")
        assert "Is your clock that of London?" in sam.last.text
        await sam.press("Another place")
        await sam.say("New York")
        assert "Fri Nov 27, 1:30 PM" in sam.last.text
        told.now = datetime(2026, 11, 27, 18, 17, tzinfo=UTC)
        line = await sam.hear(containing="reminder")
        assert line.text == "Your 1:30 PM reminder"

        await sam.say("/language")
        await sam.press("Español")
        await sam.press("Recordar este idioma")
        await sam.say("/stop")  # the memory of minutes goes with it
        assert "Tu idioma" in sam.last.text
        await sam.say("/start")
        assert "Hola" in sam.last.text
        await sam.say("/stop")
        await sam.say("leeds")
        assert "cerca de Leeds" in sam.last.text
        await sam.say("/forget")
        assert "están borrados" in sam.last.text
        await sam.say("/start")
        assert "Hello" in sam.last.text


async def test_a_link_from_somebody_else_keeps_and_erases_nothing(story: Any) -> None:
    async with story() as told:
        sam = await told.driver.visitor("Sam")
        await reminded(sam)
        data = next(button.data for button in sam.last.rows[0] if button.text == "Stop this one")
        await sam.open(data)
        assert "Hello" in sam.last.text
        await sam.say("/reminders")
        assert "Tuesday Tools" in sam.last.text
