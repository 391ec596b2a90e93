"""What came of a search, in the order people see it."""

from dataclasses import dataclass
from datetime import datetime

from bot.domain.exceptions import Days
from bot.domain.meeting import Meeting
from bot.domain.place import Place
from bot.domain.search import Search
from bot.domain.when import Window


@dataclass(frozen=True, slots=True)
class Row:
    """One meeting of a list: its next start (UTC; None by appointment) and distance (None without a place)."""

    meeting: Meeting
    next: datetime | None
    distance_km: float | None = None
    instead: bool = False  # an online meeting of a kind that has none in reach, so that two traditions stand there
    unsaid: frozenset[str] = frozenset()  # stated filters on which the list is silent
    sources: tuple[str, ...] = ()  # every feed that lists this meeting, sorted
    days: Days = ()  # on which it is not as every week, those that are over left out
    listed_by: tuple[str, ...] = ()  # the bodies behind those lists, the shown row's first; only of an opened meeting


@dataclass(frozen=True, slots=True)
class Found:
    """One page of a search and what lies around it. Kinds are fellowship ids."""

    search: Search
    window: Window
    rows: tuple[Row, ...]
    total: int  # matches in all pages, stand-ins not counted
    more: bool
    kinds: tuple[str, ...]  # every kind with a match, in turn order
    next_kinds: tuple[str, ...] = ()  # whose turn it is on the next page
    online_kinds: tuple[str, ...] = ()  # kinds that fit, have none in reach, and meet online in the window
    online_next: Row | None = None  # the soonest meeting of those
    stated_kinds: tuple[str, ...] = ()  # groups for stated people that fit and were not named
    finder_kinds: tuple[str, ...] = ()  # kinds that fit and are not known here at all: their own finder answers
    wider: tuple[int, int] | None = None  # nothing here: the ring in km that has some, and how many
    nearest: Row | None = None  # nothing here: the nearest meeting that fits


@dataclass(frozen=True, slots=True)
class Listed:
    """One meeting opened by id: its next start after now and, with a place, its distance."""

    row: Row
    place: Place | None = None
