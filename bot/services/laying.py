"""Edits laid over one reading of a feed: what becomes of the meetings, and of the edits. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from bot.domain.edits import ENDED, Edit, Laid, lay, listed_of
from bot.domain.fields import plain
from bot.domain.meeting import Meeting
from bot.store.changes import Change

JOINING = ("join_url", "join_notes", "join_id", "passcode")


class Overlay:
    """The edits of a feed, or of some meetings, over what its list says at one time."""

    def __init__(self, edits: Mapping[int, Sequence[Edit]], at: datetime) -> None:
        self._edits, self.at = edits, at
        self._left = {meeting for meeting, some in edits.items() if any(one.field == ENDED for one in some)}
        self.renewed: list[Edit] = []
        self.dropped: list[Edit] = []
        self.changes: list[Change] = []

    def __bool__(self) -> bool:
        return bool(self._edits)

    def of(self, meeting: int) -> Sequence[Edit]:
        """The edits of one meeting as they were."""
        return self._edits.get(meeting, ())

    def lay(self, listed: Meeting) -> Laid:
        """One meeting, once; what becomes of its edits is remembered."""
        edits = self.of(listed.id)
        if not edits:
            return Laid(listed, ended=False)
        laid = lay(listed, edits, self.at)
        self._left.discard(listed.id)
        self.renewed += [one for one in laid.kept if one not in edits]
        self.dropped += [*laid.over, *laid.expired, *laid.dropped]
        if laid.over:
            told = {one.field: [plain(one.based_on), plain(one.value)] for one in laid.over}
            self.changes.append(Change(self.at, listed.feed, listed.id, "caught_up", told))
        if laid.expired:
            told = {one.field: [plain(one.value), _listed(listed, one)] for one in laid.expired}
            self.changes.append(Change(self.at, listed.feed, listed.id, "expired", told))
        return laid

    def lay_all(self, listed: Iterable[Meeting]) -> tuple[list[Meeting], list[Meeting]]:
        """A whole list: the meetings that are shown, and those that are not."""
        shown: list[Meeting] = []
        hidden: list[Meeting] = []
        for meeting in listed:
            laid = self.lay(meeting)
            (hidden if laid.ended else shown).append(laid.meeting)
        return shown, hidden

    def finish(self) -> None:
        """The list is read: what was said to have ended and is not in it any more has ended for everybody."""
        for meeting in self._left:
            self.dropped += [one for one in self._edits[meeting] if one.field == ENDED]
        self._left = set()


def said_before(meeting: Meeting, edits: Sequence[Edit], at: datetime) -> Meeting | None:
    """What the list said when a person last relied on it, for comparing ways to join. None: a person's own counts."""
    joins = [one for one in edits if one.field in JOINING]
    over = [one for one in joins if one.until is not None and one.until <= at]
    if any(one.field == "join_url" and one not in over for one in joins):
        return None
    return replace(listed_of(meeting, edits), **{one.field: one.based_on for one in over})


def _listed(listed: Meeting, edit: Edit) -> object:
    return False if edit.field == ENDED else plain(getattr(listed, edit.field))
