"""What came of reading a feed: nothing is swallowed."""

from collections import Counter
from dataclasses import dataclass, field

from bot.domain.meeting import Meeting


@dataclass(slots=True)
class FeedResult:
    """Meetings and complaints of one feed.

    rows = taken + refused; the complaints add up to refused; notes tell what was mended on taken rows. A row
    with several days is one row and several meetings.
    """

    rows: int = 0
    taken: int = 0
    meetings: list[Meeting] = field(default_factory=list)
    complaints: Counter[str] = field(default_factory=Counter)  # reason id -> refused rows
    notes: Counter[str] = field(default_factory=Counter)  # reason id -> mended rows
    examples: dict[str, list[str]] = field(default_factory=dict)  # reason id -> a few row keys, for the operator

    @property
    def refused(self) -> int:
        """Rows that became no meeting."""
        return self.rows - self.taken
