"""The first screen, and what leads on from every part of the bot."""

from dataclasses import replace

from bot.domain.buttons import Action
from bot.views.frame import Frame
from bot.views.screen import Button, Screen


def welcome(frame: Frame) -> Screen:
    """Who I am, what there is, how to begin; the other language by its own name."""
    text = frame.texts.render(
        "start/welcome",
        operator=frame.operator.name,
        contact=frame.operator.contact,
        draft=frame.texts.state == "draft",
        samples=frame.preview,
    )
    blank = frame.blank()
    rows = (
        (
            frame.button("find_a_meeting", Action.ASK_PLACE, blank),
            frame.button("online_now", Action.ONLINE_NOW, blank),
        ),
        (frame.button("options", Action.OPTIONS, blank),),
        (frame.button("family", Action.FAMILY, blank),),
        (frame.urgent(), language_button(frame)),
    )
    return Screen(text, rows, clears_keys=False)


def welcome_after(frame: Frame, error: str) -> Screen:
    """The first screen under one line that says what went wrong; `error` names its message."""
    screen = welcome(frame)
    return replace(screen, text=f"{frame.texts.render(f'errors/{error}')}\n\n{screen.text}")


def in_language(frame: Frame) -> Screen:
    """The first screen in a language that was chosen, which can be remembered."""
    first = welcome(frame)
    keep = frame.button("keep_language", Action.KEEP_LANGUAGE, frame.blank(), number=1)
    return replace(first, rows=(*first.rows[:-1], (keep,), first.rows[-1]))


def language_button(frame: Frame) -> Button:
    """Offers the other language, written in that language."""
    other = frame.other_texts
    return Button(
        other.label("language_name"),
        data=frame.data(Action.LANGUAGE, replace(frame.search, language=other.language)),
    )


def languages(frame: Frame, names: dict[str, str]) -> Screen:
    """Every language by its own name."""
    buttons = [
        Button(name, data=frame.data(Action.LANGUAGE, replace(frame.search, language=code)))
        for code, name in names.items()
    ]
    return Screen(frame.texts.render("start/languages"), (tuple(buttons), (frame.urgent(),)))


def help_screen(frame: Frame, commands: list[tuple[str, str]]) -> Screen:
    """What one can write, and every command with its line."""
    rows = (
        (frame.button("find_a_meeting", Action.ASK_PLACE, frame.blank()), frame.button("privacy", Action.PRIVACY)),
        (language_button(frame), frame.urgent()),
    )
    return Screen(frame.texts.render("start/help", commands=commands), rows)


def in_a_group(frame: Frame) -> Screen:
    """The one answer in a group: write to me privately."""
    return Screen(frame.texts.render("start/in_a_group", link=f"https://t.me/{frame.bot_name}"))


def cannot_read(frame: Frame) -> Screen:
    """For voice, pictures and the like: I can only read text."""
    rows = ((frame.button("find_a_meeting", Action.ASK_PLACE, frame.blank()), frame.urgent()),)
    return Screen(frame.texts.render("start/cannot_read"), rows)


def failed(frame: Frame, message: str) -> Screen:
    """The written answer to something that went wrong, with a way on."""
    rows = (
        (
            frame.button("find_a_meeting", Action.ASK_PLACE, frame.blank()),
            frame.button("online_now", Action.ONLINE_NOW),
        ),
        (frame.urgent(),),
    )
    return Screen(frame.texts.render(f"errors/{message}"), rows)
