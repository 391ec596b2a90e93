"""A message free of any platform."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Button:
    """One button: exactly one of `data` (packed press), `url` (https) or `copy` (text put on the clipboard)."""

    label: str
    data: str = ""
    url: str = ""
    copy: str = ""


@dataclass(frozen=True, slots=True)
class Ask:
    """A question for typed text: Telegram opens the keyboard with `placeholder` and quotes the question back."""

    placeholder: str


@dataclass(frozen=True, slots=True)
class Keys:
    """A one-time keyboard of words; a label equal to `location` shares the place instead of sending the word."""

    rows: tuple[tuple[str, ...], ...]
    location: str = ""
    placeholder: str = ""


@dataclass(frozen=True, slots=True)
class Document:
    """A file made for the person and kept nowhere."""

    name: str
    data: bytes
    mime: str


@dataclass(frozen=True, slots=True)
class Screen:
    """One message: text as Telegram HTML, inline buttons in rows or a question, perhaps with a file.

    `edits`: shown in place of the message whose button was pressed (paging and filters only). `answers`: sent as a
    reply to what the person sent, so that a button below it brings that back (`Visit.quoted`, `Visit.file`). `then`
    follows as messages of their own.
    """

    text: str
    rows: tuple[tuple[Button, ...], ...] = ()
    ask: Ask | Keys | None = None
    document: Document | None = None
    edits: bool = False
    answers: bool = False
    clears_keys: bool = False  # takes a one-time keyboard away; only on a screen without inline buttons
    then: tuple["Screen", ...] = field(default=())


def pairs(buttons: list[Button]) -> tuple[tuple[Button, ...], ...]:
    """Two buttons a row."""
    return tuple(tuple(buttons[at : at + 2]) for at in range(0, len(buttons), 2))
