"""What was changed by people who help: by whom, before, after. Never anything about people who use the bot."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from bot.domain.admin import EVERYTHING, Author, Deed, Scope

Values = Mapping[str, Any]  # name of a field -> what JSON knows


@dataclass(frozen=True, slots=True)
class Subject:
    """What was changed: its kind names who can undo it, `id` is the kind's own; `title` is what people read."""

    kind: str
    id: str
    title: str = ""
    about: Scope = EVERYTHING  # whose business it is


@dataclass(frozen=True, slots=True)
class Change:
    """One change. An undo sets back every field of `before`; where there is none, nothing can be set back."""

    id: int
    at: datetime
    who: Author
    deed: Deed
    subject: Subject
    before: Values = field(default_factory=dict)
    after: Values = field(default_factory=dict)
    undone_by: int | None = None  # the change that took this one back

    @property
    def can_be_undone(self) -> bool:
        """Whether what was before is known, and it still stands."""
        return bool(self.before) and self.undone_by is None


@dataclass(frozen=True, slots=True)
class Conflict:
    """A field that was changed again since: what it was made, and what it is now."""

    field: str
    made: Any
    now: Any


@dataclass(frozen=True, slots=True)
class Undone:
    """What came of an undo. With conflicts nothing was set back, unless it was asked for in spite of them."""

    change: Change
    fields: tuple[str, ...] = ()
    conflicts: tuple[Conflict, ...] = ()
