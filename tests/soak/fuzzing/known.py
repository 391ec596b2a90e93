"""What whoever attacks may know: every button and link the bot ever showed, every number, every name."""

from collections.abc import Mapping
from dataclasses import dataclass

ORDINARY = tuple(range(5_550_200, 5_550_500))
OWNER, ADMIN, EDITOR, REVIEWER, NARROW = range(5_550_600, 5_550_605)
HELPERS = (OWNER, ADMIN, EDITOR, REVIEWER, NARROW)
BOT_ID = 7_000_000_001


@dataclass(frozen=True, slots=True)
class Known:
    """Found out at the start, the same at every start."""

    kinds: Mapping[str, int]  # numbers of the fellowships
    meetings: tuple[int, ...]
    keys: tuple[int, ...]  # of feeds, fields and the like, as buttons carry them
    buttons: tuple[tuple[str, ...], ...]  # payloads that were shown, those of one action together
    links: tuple[str, ...]  # hand-offs that were made
    link_key: bytes
    sheets: tuple[bytes, ...]  # all meetings, as CSV and as JSON
    changed: bytes  # the CSV as somebody sent it back; its buttons are among those that were shown
    parts: tuple[bytes, ...]  # lists in the form of publishers
    paths: tuple[str, ...]  # of web pages
