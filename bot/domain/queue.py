"""What waits behind /admin for somebody's decision, in the order in which it is shown."""

import zlib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import IntEnum
from types import MappingProxyType
from typing import Any

from bot.domain.admin import EVERYTHING, Admin, Deed, Scope, does, key_of
from bot.domain.errors import OutdatedButton

A_PAGE = 5
OLD = timedelta(days=365)  # a row that nobody touched or looked at for so long may be wrong
LONGEST_REASON = 200  # characters
_KIND_BITS, _STEP_BITS = 4, 5


class Kind(IntEnum):
    """What waits. Numbers stand in buttons: never change one. One that stands first here is told first."""

    REPORT = 1  # people say that something is wrong with a meeting
    PROPOSAL = 2  # a change that one person alone may not make
    HELD = 3  # what a list sent and nobody would believe unseen
    CONFLICT = 4  # a list says something new where somebody set something else
    SUGGESTION = 5  # a revision of a text
    VANISHED = 6  # meetings that a list no longer has, together
    OLD = 7  # a list that is late, and its rows that are old, together


class Step(IntEnum):
    """What is done to an item. Numbers stand in buttons likewise."""

    LOOK = 0
    ACCEPT = 1
    ASK_REJECT = 2
    REJECT = 3  # with the choice: one of REASONS
    ASK_PUT_OFF = 4
    PUT_OFF = 5  # with the choice: days
    SEND_ON = 6
    TAKE_DOWN = 7  # with the choice: one of TAKEN_DOWN
    END = 8
    ASK_END = 9
    CHECKED = 10
    KEEP = 11  # of a conflict: the edit
    GIVE_UP = 12  # of a conflict: the list's
    TEXT = 13  # the text to commit, once more


# Reasons by number, as they stand in buttons; their words are labels. None of them: a reply says why.
REASONS: Mapping[Kind, tuple[str, ...]] = MappingProxyType(
    {
        Kind.REPORT: ("looked", "nothing", "not_ours"),
        Kind.PROPOSAL: ("unsure", "wrong", "twice"),
        Kind.SUGGESTION: ("no_source", "not_so", "there"),
    }
)

# What one press takes down: everything by which somebody could follow a dead way in.
TAKEN_DOWN: tuple[tuple[str, ...], ...] = (
    ("join_url", "join_notes", "join_id", "passcode"),
    ("dial_in", "dial_in_notes"),
)
PUT_OFF_DAYS = (1, 7, 30)

# What somebody has to be permitted to see an item of a kind, and to answer it.
DEEDS: Mapping[Kind, Deed] = MappingProxyType(
    {
        Kind.REPORT: Deed.ANSWER_REPORTS,
        Kind.PROPOSAL: Deed.REVIEW,
        Kind.HELD: Deed.ACCEPT_HELD,
        Kind.CONFLICT: Deed.EDIT_MEETING,
        Kind.SUGGESTION: Deed.ANSWER_SUGGESTIONS,
        Kind.VANISHED: Deed.REVIEW,
        Kind.OLD: Deed.EDIT_MEETING,
    }
)


@dataclass(frozen=True, slots=True)
class Light:
    """A meeting in a few words, for lists of many. `at`: since when it is gone, or when its list touched it last."""

    id: int
    feed: str
    fellowship: str
    name: str
    country: str
    region: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Gone:
    """Meetings that a list no longer has."""

    count: int


@dataclass(frozen=True, slots=True)
class Old:
    """A list that was not read for too long (`late`: since when), and rows of it that are old."""

    count: int
    late: datetime | None = None


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that waits. `mark` names it, and is another once there is more to it.

    `what` is the kind's own: report_kinds.Item, edits.Proposal, a feed's id, edits.Edit, Suggestion, Gone, Old.
    """

    kind: Kind
    key: int  # 56 bits, for a button
    mark: str
    title: str
    since: datetime
    what: Any
    about: Scope = EVERYTHING
    feed: str = ""
    source: str = ""  # whose list it comes from
    today: bool = False  # it concerns a meeting of today

    @property
    def keys(self) -> Collection[int]:
        """All keys by which it is known: a meeting that several lists name has several ids."""
        return self.what.ids | {self.key} if self.kind is Kind.REPORT else (self.key,)

    @property
    def seen(self) -> int:
        """A small mark, 2..255, of what there is to it: on a button it says what was looked at."""
        return 2 + zlib.crc32(self.mark.encode(errors="replace")) % 254

    @property
    def order(self) -> tuple[object, ...]:
        """The most urgent first: reports of today's meetings, reports, the rest; each newest first."""
        late = (Kind.REPORT, Kind.PROPOSAL, Kind.HELD, Kind.CONFLICT).count(self.kind) == 0
        return not self.today, self.kind is not Kind.REPORT, late, -self.since.timestamp(), self.kind, self.key


@dataclass(frozen=True, slots=True)
class Page:
    """One page of what waits, and how much there is of each kind."""

    items: tuple[Item, ...]
    number: int
    pages: int
    counts: Mapping[Kind, int] = field(default_factory=dict)
    only: Kind | None = None


def paged(items: Iterable[Item], number: int, only: Kind | None = None) -> Page:
    """The page of that number, from 1, or the last there is."""
    every = sorted(items, key=lambda one: one.order)
    shown = [one for one in every if only is None or one.kind is only]
    pages = max(1, -(-len(shown) // A_PAGE))
    number = min(max(1, number), pages)
    part = shown[(number - 1) * A_PAGE : number * A_PAGE]
    return Page(tuple(part), number, pages, counted(one.kind for one in every), only)


def counted(kinds: Iterable[Kind]) -> dict[Kind, int]:
    """How many there are of each kind that there is, in the order of kinds."""
    found = list(kinds)
    return {kind: found.count(kind) for kind in Kind if kind in found}


def key_for(kind: Kind, name: str) -> int:
    """The key of an item that has no number of its own."""
    return key_of(f"{kind.name} {name}")


def sees(who: Admin, kinds: Collection[Kind] = tuple(Kind)) -> bool:
    """Whether anything of these kinds could wait for somebody: for showing a button."""
    return any(does(who, DEEDS[kind]) for kind in kinds)


def numbered(kind: Kind, step: Step = Step.LOOK, choice: int = 0) -> int:
    """A kind, what is done, and a small choice, in the sixteen bits of a button's number."""
    return kind | step << _KIND_BITS | choice << (_KIND_BITS + _STEP_BITS)


def told(number: int) -> tuple[Kind, Step, int]:
    """The reverse of numbered(); OutdatedButton where it is none."""
    try:
        kind = Kind(number & (1 << _KIND_BITS) - 1)
        step = Step(number >> _KIND_BITS & (1 << _STEP_BITS) - 1)
    except ValueError:
        raise OutdatedButton from None
    return kind, step, number >> (_KIND_BITS + _STEP_BITS)
