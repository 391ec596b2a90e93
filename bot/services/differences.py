"""What a new reading of a feed changes: pure, and slow enough for a thread."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import datetime
from enum import Enum
from typing import Any

from bot.domain.meeting import Meeting
from bot.services.laying import JOINING, Overlay, said_before
from bot.store.changes import Change
from bot.store.held import HeldLink
from bot.store.meetings import as_stored
from bot.store.revising import Known

_TOLD = tuple(one.name for one in fields(Meeting) if one.name not in ("id", "feed", "updated"))
_ADDRESS = re.compile(r"https?://([^\s/?#]+)", re.IGNORECASE)


@dataclass(slots=True)
class Difference:
    """What has to be written. `links` are all that wait or were refused, those of earlier readings included."""

    put: list[Meeting] = field(default_factory=list)
    vanished: list[int] = field(default_factory=list)
    links: list[HeldLink] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)

    def count(self, *kinds: str) -> int:
        """How many changes are of these kinds."""
        return sum(change.kind in kinds for change in self.changes)


class Comparison:
    """What changes from the stored meetings of a feed to new ones; the stored ones come some at a time.

    A join link to another host than before is held, and the meeting keeps its old way to join; `trusted`: a person
    brought the list, and its links are taken. `overlay`: what people who help have set; it is laid over the new ones.
    """

    def __init__(
        self,
        new: Sequence[Meeting],
        held: Sequence[HeldLink],
        *,
        feed: str,
        at: datetime,
        trusted: bool = False,
        overlay: Overlay | None = None,
    ) -> None:
        self._new = {meeting.id: as_stored(meeting) for meeting in new}
        self._waiting = {link.meeting: link for link in held}
        self._feed, self._at, self._trusted = feed, at, trusted
        self._overlay = overlay or Overlay({}, at)
        self._found = Difference()

    def add(self, part: Iterable[Known]) -> None:
        """Compare some of the stored meetings, each once."""
        for known in part:
            meeting = self._new.pop(known.meeting.id, None)
            if meeting is not None:
                self._compare(known, meeting)
            elif known.vanished_at is None:
                self._found.vanished.append(known.meeting.id)
                self._found.changes.append(Change(self._at, self._feed, known.meeting.id, "vanished"))

    def finish(self) -> Difference:
        """The whole difference, once all that is stored was compared."""
        for identity, meeting in self._new.items():
            laid = self._overlay.lay(meeting)
            self._found.put.append(laid.meeting)
            if laid.ended:
                self._found.vanished.append(identity)
            else:
                self._found.changes.append(Change(self._at, self._feed, identity, "added"))
        self._overlay.finish()
        return self._found

    def _compare(self, known: Known, meeting: Meeting) -> None:
        edits = self._overlay.of(meeting.id)
        before = said_before(known.meeting, edits, self._at) if edits else known.meeting
        if not self._trusted and before is not None and other_host(before, meeting):
            self._found.links.append(held_link(meeting, self._waiting.get(meeting.id), self._at))
            meeting = replace(meeting, **{name: getattr(before, name) for name in JOINING})
        laid = self._overlay.lay(meeting)
        meeting = laid.meeting
        if laid.ended:
            if known.vanished_at is None or meeting != known.meeting:
                self._found.put.append(meeting)
                self._found.vanished.append(meeting.id)
        elif known.vanished_at is not None or meeting != known.meeting:
            self._found.put.append(meeting)
            self._found.changes += _change(known, meeting, self._at)


def with_links(meetings: Mapping[int, Meeting], links: Iterable[HeldLink], at: datetime) -> Difference:
    """What changes when held links are taken, for those of the meetings that are still there."""
    found = Difference()
    for link in links:
        before = meetings.get(link.meeting)
        if before is not None:
            after = replace(before, **{name: getattr(link, name) for name in JOINING})
            found.put.append(after)
            found.changes += _change(Known(before, None), after, at)
    return found


def join_host(meeting: Meeting) -> str:
    """The host that a person is sent to for joining: of the button, else of an address in the text beside it."""
    match = _ADDRESS.match(meeting.join_url) or _ADDRESS.search(meeting.join_notes)
    return match[1].lower() if match else ""


def other_host(before: Meeting, after: Meeting) -> bool:
    """Whether a person would be sent elsewhere for joining."""
    hosts = join_host(before), join_host(after)
    return all(hosts) and hosts[0] != hosts[1]


def held_link(meeting: Meeting, before: HeldLink | None, at: datetime) -> HeldLink:
    """The link of a meeting as one that waits; the same as before stays as it is, refused ones too."""
    link = HeldLink(meeting.id, meeting.feed, at, *(getattr(meeting, name) for name in JOINING))
    if before is None or any(getattr(before, name) != getattr(link, name) for name in JOINING):
        return link
    return before


def _change(known: Known, after: Meeting, at: datetime) -> list[Change]:
    told = {
        name: [_plain(getattr(known.meeting, name)), _plain(getattr(after, name))]
        for name in _TOLD
        if getattr(known.meeting, name) != getattr(after, name)
    }
    if known.vanished_at is not None:
        return [Change(at, after.feed, after.id, "returned", told)]
    # A new date of change alone tells nobody anything.
    return [Change(at, after.feed, after.id, "changed", told)] if told else []


def _plain(value: Any) -> Any:
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, (frozenset, tuple)):
        return sorted(value) if isinstance(value, frozenset) else list(value)
    return value
