"""News for people who help: an hour by whose clock, alerts, and nothing for anybody else."""

from datetime import timedelta

import pytest
from telegram import Update

from bot.domain.admin import Admin, Role
from bot.domain.buttons import Action, Press, unpack
from bot.domain.news import Wanted
from bot.domain.search import Search
from bot.domain.when import When
from bot.sandbox.html_text import parse_html
from bot.views.admin_news import ASK, Choice
from bot.views.screen import Ask, Screen
from bot.views.zones import zone_number
from tests.chat.test_admin import OUTDATED, Rig
from tests.chat.test_admin import rig as rig
from tests.chat.test_fuzz import BOT_ID

pytestmark = pytest.mark.asyncio(loop_scope="module")
EIGHT = 8 * 60 // 15 + 1


def setting(choice: Choice, number: int, minute: int | None = None) -> Press:
    return Press(Action.ADMIN_NEWS_SET, Search(page=int(choice), when=When(start=minute)), number=number)


async def wanted(rig: Rig, who: Admin) -> Wanted:
    return await rig.world.desk.news.of(who)


async def typed(rig: Rig, who: Admin, question: Screen, text: str) -> Screen:
    """A reply to a question of the bot."""
    words, entities = parse_html(question.text)
    person = {"id": rig.chat(who), "is_bot": False, "first_name": "Sam"}
    chat = {"id": rig.chat(who), "type": "private", "first_name": "Sam"}
    bot = {"id": BOT_ID, "is_bot": True, "first_name": "Open Chair"}
    asked = {"message_id": 2, "date": 1, "chat": chat, "text": words, "entities": entities, "from": bot}
    sent = {"message_id": 3, "date": 1, "from": person, "chat": chat, "text": text, "reply_to_message": asked}
    rig.shown.screens.clear()
    await rig.dispatcher.handle(Update.de_json({"update_id": 1, "message": sent}, rig.bot))
    assert rig.counted.failures == []
    return rig.shown.screens[-1]


@pytest.mark.parametrize("role", Role)
async def test_an_hour_is_two_presses_away_by_the_likely_clock_and_gone_with_one(rig: Rig, role: Role) -> None:
    who = await rig.world.helper(role)
    assert "No daily news." in await rig.press(who, Press(Action.ADMIN_NEWS))
    assert "What waits, at 08:00 by the clock of London." in await rig.press(who, setting(Choice.HOUR, EIGHT))
    assert await wanted(rig, who) == Wanted(8 * 60, "Europe/London")
    assert "I tell you soon." in await rig.press(who, setting(Choice.ALERTS, 1))
    assert await wanted(rig, who) == Wanted(8 * 60, "Europe/London", alerts=True)
    assert "No daily news." in await rig.press(who, setting(Choice.HOUR, 0))
    assert "I tell you nothing." in await rig.press(who, setting(Choice.ALERTS, 0))
    assert (await wanted(rig, who)).minute is None


async def test_another_town_brings_another_clock_and_one_that_nobody_knows_is_asked_again(rig: Rig) -> None:
    who = await rig.world.helper(Role.EDITOR)
    await rig.press(who, setting(Choice.HOUR, EIGHT))
    await rig.press(who, Press(Action.ADMIN_NEWS, number=ASK))
    question = rig.shown.screens[-1]
    assert isinstance(question.ask, Ask)
    again = await typed(rig, who, question, "Xqzvbnm")
    assert "I do not know that town." in again.text
    screen = await typed(rig, who, again, "Madrid")
    assert "08:00 by the clock of Madrid" in screen.text
    assert await wanted(rig, who) == Wanted(8 * 60, "Europe/Madrid")
    several = await typed(rig, who, again, "Córdoba")
    towns = [one for row in several.rows for one in row if "Argentina" in one.label]
    assert towns
    ids = {number: kind for kind, number in rig.numbers.items()}
    assert "by the clock of Cordoba" in await rig.press(who, unpack(towns[0].data, ids))
    assert await wanted(rig, who) == Wanted(8 * 60, "America/Argentina/Cordoba")


async def test_buttons_that_set_nothing_there_is_are_out_of_date(rig: Rig) -> None:
    who = await rig.world.helper(Role.EDITOR)
    for press in (
        setting(Choice.ZONE, 1),
        Press(Action.ADMIN_NEWS_SET, Search(page=9), number=1),
        Press(Action.ADMIN_NEWS_SET, Search(page=255)),
    ):
        assert OUTDATED in await rig.press(who, press)
    await rig.press(who, setting(Choice.ZONE, zone_number("Europe/Paris"), 9 * 60))
    assert await wanted(rig, who) == Wanted(9 * 60, "Europe/Paris")


async def test_nobody_else_chooses_or_sees_anything(rig: Rig) -> None:
    who = await rig.world.helper(Role.EDITOR)
    chat = rig.chat(who)
    await rig.press(who, setting(Choice.HOUR, EIGHT))
    await rig.world.admins.revoke(None, who.id)
    rig.world.now += timedelta(minutes=1)
    for press in (Press(Action.ADMIN_NEWS), setting(Choice.HOUR, EIGHT), setting(Choice.ALERTS, 1)):
        assert OUTDATED in await rig.press(chat, press)
        assert OUTDATED in await rig.press(5550109, press)
