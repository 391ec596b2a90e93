"""Meetings as a table for people who help: what was asked for, and one page of it."""

from dataclasses import dataclass
from enum import StrEnum

from bot.domain.meeting import Meeting

A_PAGE = 50
MOST_PAGES = 100
LONGEST_WORDS = 200  # characters


class Only(StrEnum):
    """What a table leaves out."""

    ALL = ""
    CORRECTED = "corrected"  # something was set here in the place of what the list says
    OLD = "old"  # nobody touched or looked at it for long
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class Asked:
    """A question to the table. Empty: all."""

    words: str = ""
    fellowship: str = ""
    feed: str = ""
    only: Only = Only.ALL
    page: int = 1


@dataclass(frozen=True, slots=True)
class Line:
    """One meeting. `corrected`: see Only."""

    meeting: Meeting
    ended: bool = False
    corrected: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """One page, by name."""

    lines: tuple[Line, ...]
    page: int
    more: bool
