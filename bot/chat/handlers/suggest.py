"""Suggest a revision of an article or of a fellowship's card: the question, and what is done with the reply."""

import math

from bot.chat.context import Visit
from bot.domain.buttons import Action, Press
from bot.domain.errors import OutdatedButton
from bot.domain.suggestion import Verdict
from bot.services.suggestions import LONGEST, cleaned, is_plainly_sourced
from bot.views import suggest as views
from bot.views.frame import Frame
from bot.views.screen import Screen


async def ask(visit: Visit) -> Screen:
    """Asks what to change, and where that is written."""
    frame = visit.frame()
    return views.question(frame, _topic(frame, visit.press))


async def reply(visit: Visit) -> Screen:
    """Keeps what was written, or says why not and asks once more."""
    rooms = visit.rooms
    frame = visit.frame(visit.blank())
    topic = _topic(frame, visit.replied)
    if wait_s := rooms.suggested.wait_s(visit.chat):
        return views.later(frame, topic, math.ceil(wait_s / 60))
    outcome = await rooms.suggestions.keep(views.subject(frame, topic), visit.text)
    if outcome.verdict is Verdict.FULL:
        return views.later(frame, topic)
    if outcome.verdict is not Verdict.KEPT:
        return views.again(frame, topic, outcome, len(cleaned(visit.text)), LONGEST)
    rooms.suggested.count(visit.chat)
    return views.kept(frame, topic)


def is_surely_one(visit: Visit) -> bool:
    """Whether a text that sounds urgent is a revision after all: it names where that is written, and nobody."""
    return is_plainly_sourced(cleaned(visit.text))


def _topic(frame: Frame, press: Press | None) -> views.Topic:
    """The article or fellowship of that number; raises OutdatedButton."""
    number = press.number if press else 0
    every = frame.articles if press and press.action is Action.SUGGEST else frame.fellowships
    for topic in every.values():
        if topic.number == number:
            return topic
    raise OutdatedButton
