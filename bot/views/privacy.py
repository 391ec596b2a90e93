"""What is kept, how to see it, and how to have it gone."""

from bot.domain.buttons import Action
from bot.views.frame import Frame
from bot.views.screen import Document, Screen


def privacy(frame: Frame, *, kept: bool = False) -> Screen:
    """In ten plain lines: what Telegram sees, what is kept here, for how long. `kept`: something is."""
    text = frame.texts.render(
        "privacy/privacy", operator=frame.operator.name, contact=frame.operator.contact, kept=kept
    )
    show = (frame.button("export", Action.EXPORT, frame.blank()),) if kept else ()
    clear = frame.button("clear", Action.CLEAR, frame.blank())
    return Screen(text, ((*show, frame.button("forget", Action.FORGET)), (clear, frame.urgent())))


def forgotten(frame: Frame, *, had: bool = False, owner: bool = False) -> Screen:
    """What was erased here (`had`: there was something), and how to clear Telegram's copy.

    `owner`: they are the last owner, or named in the settings, and that stays.
    """
    clear = frame.button("clear", Action.CLEAR, frame.blank())
    rows = ((clear,), (frame.button("find_a_meeting", Action.ASK_PLACE, frame.blank()), frame.urgent()))
    return Screen(frame.texts.render("privacy/forgotten", had=had, owner=owner), rows)


def cleared(frame: Frame, *, count: int) -> Screen:
    """Whether messages were taken back, and how to clear what is left; no word tells what they were about."""
    rows = ((frame.button("help", Action.HELP, frame.blank()), frame.urgent()),)
    return Screen(frame.texts.render("privacy/cleared", count=count), rows)


def export(frame: Frame, *, kept: bool) -> Screen:
    """What the file holds and who may see it, before it is sent; or that there is none."""
    send = (frame.button("send_file", Action.EXPORT, frame.blank(), number=1),) if kept else ()
    rows = ((*send, frame.button("privacy", Action.PRIVACY)), (frame.urgent(),))
    return Screen(frame.texts.render("privacy/export", kept=kept), rows)


def export_file(frame: Frame, data: bytes) -> Screen:
    """The file of all that is kept."""
    rows = ((frame.button("forget", Action.FORGET), frame.urgent()),)
    return Screen(
        frame.texts.render("privacy/export_file"), rows, document=Document("kept.json", data, "application/json")
    )
