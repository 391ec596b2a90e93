"""What stands on a card, free of where it is shown: on paper or on a web page."""

from dataclasses import dataclass
from typing import NamedTuple

SIZES = {"a4": "A4", "letter": "Letter"}


class Piece(NamedTuple):
    """Some words, perhaps with where they lead: https, tel, sms or mailto."""

    text: str
    link: str = ""


class Fact(NamedTuple):
    """What a list says of a meeting. `go`: words for a button to `link`; `short`: may share its line."""

    what: str
    text: str
    link: str = ""
    go: str = ""
    short: bool = False


@dataclass(frozen=True, slots=True)
class PaperMeeting:
    """One meeting: its name, its kind with the kind's own page, what to know first, and facts."""

    name: str
    kind: Piece
    facts: tuple[Fact, ...]
    mark: str = ""  # "picked", "another kind"
    notes: tuple[str, ...] = ()
    listed: str = ""  # whose list, and how fresh
    id: str = ""  # where it can stand in a calendar


@dataclass(frozen=True, slots=True)
class Paper:
    """Everything a card says, in its order. `link` is what the QR picture holds."""

    title: str
    lead: tuple[str, ...]
    link: str
    link_caption: str
    meetings: tuple[PaperMeeting, ...]
    urgent_title: str
    urgent: tuple[tuple[Piece, ...], ...]
    about: tuple[str, ...]
    footer: tuple[str, ...]
    before: tuple[str, ...] = ()  # what is said before the meetings, such as a word on medicines
    after: tuple[str, ...] = ()  # and behind them
    language: str = "en"
