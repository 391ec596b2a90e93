"""How a feed is, what came of a reading, and what waits for a person's decision."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class FeedState:
    """One line of the list of feeds."""

    id: str
    state: str  # off, never, fresh, late, failing, held; "fresh" for a feed that was imported by hand
    meetings: int
    last_success: datetime | None
    held: int = 0  # things that wait for a person's decision
    reason: str = ""  # why it fails, or why its answer is held

    def report(self) -> dict[str, str | int | None]:
        """The object that `feeds list --json` prints."""
        last = None if self.last_success is None else self.last_success.isoformat(timespec="seconds")
        return {
            "id": self.id,
            "state": self.state,
            "meetings": self.meetings,
            "last_success": last,
            "held": self.held,
        }


@dataclass(frozen=True, slots=True)
class Health:
    """How the readings of one feed go. Of a feed that is off nothing is due.

    `rows` are those of the last reading that was taken over; refused and mended ones are counted by reason.
    """

    on: bool = False
    attempted_at: datetime | None = None
    due_at: datetime | None = None
    failures: int = 0  # in a row
    trouble: str = ""  # the sentence of the last failure
    rows: int = 0
    refused: int = 0
    complaints: Mapping[str, int] = field(default_factory=dict)
    notes: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Troubles:
    """Ids of the feeds whose publisher was not heard for too long, and of those whose last reading failed."""

    late: tuple[str, ...]
    failing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SyncReport:
    """What came of one reading, or of one decision."""

    feed: str
    outcome: str  # updated, unchanged, held
    meetings: int  # listed now
    added: int = 0
    changed: int = 0
    vanished: int = 0
    held: int = 0  # things that wait now
    reason: str = ""  # why the answer is held
    proposed: int = 0  # links that wait for a second person; never by command line

    def report(self) -> dict[str, str | int]:
        """The object that the commands print with `--json`."""
        return {name: value for name, value in asdict(self).items() if name != "proposed"}

    def counts(self) -> dict[str, int]:
        """How many meetings came, changed and went."""
        return {"added": self.added, "changed": self.changed, "gone": self.vanished}


@dataclass(frozen=True, slots=True)
class HeldChange:
    """What taking a held reading would do to one meeting: `kind` is added, changed, returned or vanished.

    `fields`: name, value now and value after, as JSON knows them, of one that changes.
    """

    kind: str
    name: str
    fields: tuple[tuple[str, Any, Any], ...] = ()


@dataclass(frozen=True, slots=True)
class OtherHost:
    """A meeting that would be joined somewhere else."""

    name: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Waiting:
    """What waits of a feed. The numbers are meetings; `mark` names just this, for a button."""

    feed: str
    answer: bool  # a whole reading waits
    reason: str = ""  # why it does
    unreadable: str = ""  # why it cannot be taken
    since: datetime | None = None
    added: int = 0
    changed: int = 0
    gone: int = 0
    hosts: tuple[OtherHost, ...] = ()
    mark: int = 0
    examples: tuple[HeldChange, ...] = ()  # the first of what the numbers count

    def __bool__(self) -> bool:
        return self.answer or bool(self.hosts)
