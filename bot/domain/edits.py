"""What people who help set in the place of what a list says, and how it is laid over the next reading.

A field that was set keeps its value while the list goes on saying what it said. Once the list says the same, the
edit is over; so it is when its time is. A list that says something third is a conflict: the edit stands until
somebody has looked. "ended" is no field of a meeting: it is not shown although the list has it.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from types import MappingProxyType
from typing import Any

from bot.domain.admin import COMMAND_LINE, Author, Scope, place_scope
from bot.domain.audit import Values
from bot.domain.fields import BadField
from bot.domain.meeting import Meeting

ENDED = "ended"
PLACE = ("address", "city", "region", "postal_code", "country")
LEADERS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        **dict.fromkeys(("latitude", "longitude", "approximate", "zone"), PLACE),
        "duration_assumed": ("duration",),
    }
)
"""Fields that may be set because another one was: they fall with the last of those."""


@dataclass(frozen=True, slots=True)
class Edit:
    """One field of one meeting as somebody set it; values as the meeting has them."""

    meeting: int
    field: str  # of domain.fields.FIELDS or LEADERS, or "ended"
    feed: str
    value: Any
    listed: Any  # what the list says now
    based_on: Any  # what it said when this was set
    author: Author
    at: datetime
    why: str = ""
    until: datetime | None = None  # then the list counts again
    derived: bool = False  # it was not asked for: it follows from another field

    @property
    def conflict(self) -> bool:
        """Whether the list says something new since, and not what was set."""
        return self.listed not in (self.based_on, self.value)


@dataclass(frozen=True, slots=True)
class Proposal:
    """A change that one person alone may not make. `before` as it was then and `after`, as JSON knows them."""

    id: int
    meeting: int
    kind: str  # change, give_up, add, restore, links
    title: str
    about: Scope
    before: Values
    after: Values
    author: Author
    at: datetime
    why: str = ""
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """A meeting that was looked for. `ended`: it is not shown, by a person's or by its list's word."""

    meeting: Meeting
    ended: bool = False


@dataclass(frozen=True, slots=True)
class Sheet:
    """All that is known of one meeting to somebody who helps."""

    meeting: Meeting
    listed: Meeting | None  # what the list says; None for one that was added by hand
    edits: Mapping[str, Edit] = field(default_factory=dict)
    ended: bool = False
    vanished_at: datetime | None = None
    proposals: tuple[Proposal, ...] = ()
    others: tuple[Meeting, ...] = ()  # of the same group, on other days
    checked_on: date | None = None

    @property
    def about(self) -> Scope:
        """Whose business it is."""
        return scope_of(self.meeting)


@dataclass(frozen=True, slots=True)
class Done:
    """What came of a deed. Nothing was written where there are `faults`.

    `changed`, `unchanged` and `elsewhere` are ids of meetings. `also`: those of `changed` that were not named, but
    are the same meeting in another list; `elsewhere`: such rows that whoever did it may not change, or that would
    not stand. `proposed` are ids of proposals, `changes` numbers in the history.
    """

    changed: tuple[int, ...] = ()
    proposed: tuple[int, ...] = ()
    unchanged: tuple[int, ...] = ()
    faults: tuple[BadField, ...] = ()
    changes: tuple[int, ...] = ()
    also: tuple[int, ...] = ()
    elsewhere: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Laid:
    """A meeting with what was set laid over it. `over`: edits that ended because the list says the same now;
    `expired`: because their time is over; `dropped`: with the field that they followed from."""

    meeting: Meeting
    ended: bool
    kept: tuple[Edit, ...] = ()
    over: tuple[Edit, ...] = ()
    expired: tuple[Edit, ...] = ()
    dropped: tuple[Edit, ...] = ()


def scope_of(meeting: Meeting) -> Scope:
    """Whose business a meeting is."""
    return place_scope(
        fellowship=meeting.fellowship, country=meeting.country, region=meeting.region, feed=meeting.feed
    )


def listed_of(meeting: Meeting, edits: Iterable[Edit]) -> Meeting:
    """What the list says, given a meeting with its edits laid over it."""
    return replace(meeting, **{one.field: one.listed for one in edits if one.field != ENDED})


def lay(listed: Meeting, edits: Iterable[Edit], at: datetime) -> Laid:
    """Lay edits over what the list says now."""
    kept, over, expired = [], [], []
    for edit in edits:
        now = False if edit.field == ENDED else getattr(listed, edit.field)
        if edit.until is not None and edit.until <= at:
            expired.append(edit)
        elif now == edit.value:
            over.append(edit)
        else:
            kept.append(edit if edit.listed == now else replace(edit, listed=now))
    kept, dropped = parted(kept)
    values = {one.field: one.value for one in kept if one.field != ENDED}
    meeting = replace(listed, **values) if values else listed
    ended = any(one.field == ENDED for one in kept)
    return Laid(meeting, ended, tuple(kept), tuple(over), tuple(expired), tuple(dropped))


def parted(edits: Sequence[Edit]) -> tuple[list[Edit], list[Edit]]:
    """Those that stand, and those that followed from one that is gone."""
    fields = {one.field for one in edits if not one.derived}

    def follows(edit: Edit) -> bool:
        return not edit.derived or not fields.isdisjoint(LEADERS.get(edit.field, ()))

    return [one for one in edits if follows(one)], [one for one in edits if not follows(one)]


def edit_maker(
    listed: Meeting, author: Author = COMMAND_LINE, *, at: datetime, why: str = "", until: datetime | None = None
) -> Callable[..., Edit]:
    """Makes edits of one meeting by one person: (field, value, derived=False)."""

    def make(name: str, value: Any, *, derived: bool = False) -> Edit:
        says = False if name == ENDED else getattr(listed, name)
        return Edit(listed.id, name, listed.feed, value, says, says, author, at, why, until, derived)

    return make
