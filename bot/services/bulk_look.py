"""What a file of many meetings would change, found in small steps so that nobody waits for it."""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Mapping
from dataclasses import replace
from itertools import islice
from typing import Any

from bot.domain.admin import EVERYTHING, Admin, Scope, place_scope
from bot.domain.bulk import (
    ID,
    Added,
    Changed,
    Difference,
    Gone,
    Refused,
    Row,
    Tally,
    compared,
    identity,
    looks_like_number,
    proposed,
)
from bot.domain.edits import Proposal, scope_of
from bot.domain.fields import BadField, cell, plain
from bot.domain.guarded import puts_up
from bot.domain.meeting import BY_HAND, Meeting, id_text
from bot.services.bulk_files import Table
from bot.services.meeting_rules import new_faults
from bot.store import bulk as store
from bot.store import meetings as listings
from bot.store import proposals
from bot.store.database import Connection

BATCH = 50  # rows between two pauses: a few milliseconds
Told = Callable[[int], None]
"""Is told how many rows have been looked at."""
Drafted = Callable[[Mapping[str, Any]], Awaitable[Meeting | tuple[BadField, ...]]]
"""What new values make: a meeting of its own, or what is missing."""


class Look:
    """One look at one file, by one person (None: the command line)."""

    def __init__(
        self,
        connection: Connection,
        who: Admin | None,
        fellowships: Collection[str],
        kinds: Collection[str],
        drafted: Drafted,
        told: Told,
    ) -> None:
        """`fellowships`: all that are known; `kinds`: those that are guarded by nature."""
        self._connection, self._fellowships, self._kinds = connection, fellowships, kinds
        self._drafted, self._told = drafted, told
        self._scope: Scope = EVERYTHING if who is None else who.scope
        self._tally = Tally()
        self._lists: set[tuple[str, str]] = set()  # feed and fellowship of the file's meetings
        self._by_hand: dict[tuple[Any, ...], list[Meeting]] | None = None
        self._waiting: list[Proposal] | None = None
        self._new: set[tuple[tuple[str, str], ...]] = set()
        self._second: set[int] = set()  # lines of what takes two people

    async def at(self, table: Table) -> Difference:
        """All that the table would change."""
        rows = table.rows()
        while some := list(islice(rows, BATCH)):
            await self._judge(some)
            self._told(self._tally.rows)
            await asyncio.sleep(0)
        gone = await self._gone()
        found = self._tally.finish(gone, table.unknown)
        return replace(found, second=frozenset(self._second), sheet=table.sheet, hidden=table.hidden)

    async def _judge(self, rows: list[Row]) -> None:
        ids: dict[int, int | None] = {}
        for row in rows:
            self._tally.rows += 1
            if row.broken:
                self._refuse(Refused(row.line, row.broken))
                self._tally.unread = True
                continue
            try:
                ids[row.line] = _identity(row)
            except BadField as bad:
                self._refuse(Refused(row.line, bad.reason, ID, bad.text))
                self._lose(bad.reason)
        known = await listings.by_ids(self._connection, sorted({one for one in ids.values() if one is not None}))
        for row in rows:
            if row.line in ids:
                await self._row(row, ids[row.line], known)

    async def _row(self, row: Row, meeting_id: int | None, known: Mapping[int, Meeting]) -> None:
        if meeting_id is None:
            await self._without_id(row)
            return
        if not self._tally.met(row, meeting_id):
            return
        meeting = known.get(meeting_id)
        if meeting is None or not self._scope.covers(scope_of(meeting)):
            reason = "not_listed" if meeting is None else "not_yours"
            self._refuse(Refused(row.line, reason, ID, id_text(meeting_id)))
            return
        self._lists.add((meeting.feed, meeting.fellowship))
        found = compared(row, meeting)
        if found is None:
            self._tally.unchanged += 1
        elif isinstance(found, list):
            self._refuse(*found)
        elif refused := self._impossible(found):
            self._refuse(*refused)
        elif await self._waits(found.after, meeting_id):
            self._tally.unchanged += 1
        else:
            self._tally.changed.append(found)
            self._weigh(found.line, meeting, replace(meeting, **found.after))

    def _impossible(self, change: Changed) -> list[Refused]:
        """Why a change cannot stand: what the whole meeting lacks then, or whose business it would be."""
        before, after = change.meeting, replace(change.meeting, **change.after)
        if after.fellowship != before.fellowship and after.fellowship not in self._fellowships:
            return [Refused(change.line, "fellowship", "fellowship", after.fellowship)]
        if not self._scope.covers(scope_of(after)):
            return [Refused(change.line, "not_yours")]
        return [_refused(change.line, bad) for bad in new_faults(before, after, change.after)]

    async def _without_id(self, row: Row) -> None:
        found = proposed(row)
        if isinstance(found, list):
            self._refuse(*found)
            return
        key = tuple((name, cell(name, value)) for name, value in found.values.items())
        if not found.values or key in self._new:
            self._refuse(Refused(row.line, "twice" if found.values else "no_values"))
            return
        self._new.add(key)
        if await self._is_there(found):
            self._tally.unchanged += 1
            return
        drafted = await self._drafted(found.values)
        if not isinstance(drafted, Meeting):
            self._refuse(*(_refused(row.line, bad) for bad in drafted))
        elif not self._scope.covers(scope_of(drafted)):
            self._refuse(Refused(row.line, "not_yours"))
        elif await self._waits(found.values, None):
            self._tally.unchanged += 1
        else:
            self._tally.added.append(found)
            self._weigh(found.line, None, drafted)

    async def _is_there(self, new: Added) -> bool:
        """Whether it was added before: the same file may be sent twice, or once more after a break."""
        if self._by_hand is None:
            self._by_hand = {}
            async for some in store.parts(self._connection, BY_HAND):
                for one in some:
                    self._by_hand.setdefault((one.name, one.weekday, one.start), []).append(one)
        values = new.values
        alike = self._by_hand.get((values.get("name"), values.get("weekday"), values.get("start")), [])
        there = [one for one in alike if all(getattr(one, name) == value for name, value in values.items())]
        self._lists.update((one.feed, one.fellowship) for one in there)
        self._tally.seen.update((one.id, new.line) for one in there)
        return bool(there)

    async def _waits(self, values: Mapping[str, Any], meeting_id: int | None) -> bool:
        """Whether the same waits for a second person already: of a meeting, or (None) as a new one."""
        if self._waiting is None:
            self._waiting = await proposals.waiting(self._connection)
        asked = {name: plain(value) for name, value in values.items()}
        kind = "add" if meeting_id is None else "change"
        return any(
            one.kind == kind
            and meeting_id in (None, one.meeting)
            and all(one.after.get(name) == value for name, value in asked.items())
            for one in self._waiting
        )

    async def _gone(self) -> list[Gone]:
        """Meetings of the lists in the file that no row names; none that a broken row may have named.

        A program spoils only such ids as look like numbers: as long as there are enough of them, the others are sure.
        """
        gone: list[Gone] = []
        feeds = {feed for feed, _ in self._lists}
        if not feeds or self._tally.unread:
            return gone
        async for rows in store.listed(self._connection, feeds):
            gone += [Gone(row[0], *row[5:]) for row in rows if self._is_gone(row)]
            await asyncio.sleep(0)
        if not self._tally.lost:
            return gone
        sure = [one for one in gone if not looks_like_number(one.id)]
        self._tally.unread = len(gone) - len(sure) < self._tally.lost
        return [] if self._tally.unread else sure

    def _is_gone(self, row: store.ListedRow) -> bool:
        meeting, feed, fellowship, country, region = row[:5]
        if meeting in self._tally.seen or (feed, fellowship) not in self._lists:
            return False
        return self._scope.covers(place_scope(fellowship=fellowship, country=country, region=region, feed=feed))

    def _lose(self, reason: str) -> None:
        """Nobody can say whose row it was."""
        if reason == "id_as_number":
            self._tally.lost += 1
        else:
            self._tally.unread = True

    def _weigh(self, line: int, before: Meeting | None, after: Meeting) -> None:
        if puts_up(before, after, self._kinds):
            self._second.add(line)

    def _refuse(self, *refused: Refused) -> None:
        self._tally.refused += refused


def _identity(row: Row) -> int | None:
    """Whose row it is. Raises BadField."""
    for bad in row.faults:
        if bad.field == ID:
            raise bad
    return identity(row.cells.get(ID, ""))


def _refused(line: int, bad: BadField) -> Refused:
    return Refused(line, bad.reason, bad.field, bad.text)
