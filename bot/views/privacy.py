"""What is kept, and how to have it gone."""

from bot.domain.buttons import Action
from bot.views.frame import Frame
from bot.views.screen import Screen


def privacy(frame: Frame) -> Screen:
    """In plain lines: what Telegram sees, what is kept here, for how long."""
    text = frame.texts.render("privacy/privacy", operator=frame.operator.name, contact=frame.operator.contact)
    return Screen(text, ((frame.button("forget", Action.FORGET), frame.urgent()),))


def forgotten(frame: Frame) -> Screen:
    """What was erased here, and how to clear Telegram's copy."""
    rows = ((frame.button("find_a_meeting", Action.ASK_PLACE, frame.blank()), frame.urgent()),)
    return Screen(frame.texts.render("privacy/forgotten"), rows)
