"""Every change by people who help, written in the same transaction as the deed; and how it is taken back.

`record` is what a deed calls at its end. It looks once more, inside the transaction, whether the one who does it
still may: a role that was taken meanwhile rolls the deed back.
"""

import csv
import io
import json
from collections.abc import Collection, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, runtime_checkable

from bot.domain.admin import COMMAND_LINE, EVERYTHING, Admin, Author, Deed, Role, Scope, may
from bot.domain.audit import Change, Conflict, Subject, Undone, Values
from bot.domain.clock import Clock, system_clock
from bot.domain.errors import MeetingGone, NeedsTwo, NotPermitted, OutdatedButton
from bot.store import admins
from bot.store import audit as store
from bot.store.database import Connection, Database

PAGE = 5
_BATCH = 50
COLUMNS = (
    "id", "at", "by", "name", "role", "deed", "kind", "subject", "title", "before", "after", "undone_by"
)  # fmt: skip


class Undoer(Protocol):
    """Sets one kind of thing back."""

    def turn(self, subject: Subject) -> AbstractAsyncContextManager[object]:
        """What has to be waited for before the transaction begins."""
        ...

    async def now(self, connection: Connection, subject: Subject, fields: tuple[str, ...]) -> Values:
        """What these fields are now, as the audit would write it; nobody else changes them until the end."""
        ...

    async def put(
        self, connection: Connection, subject: Subject, values: Values, who: Admin | None, at: datetime
    ) -> None:
        """Set fields. Raises NotPermitted and the like where more has to hold than the table of permissions says."""
        ...


class Turn(Protocol):
    """Several things of one kind, set back in one transaction."""

    def now(self, subject: Subject, fields: tuple[str, ...]) -> Values:
        """As above, of what this turn made of it so far."""
        ...

    def put(self, subject: Subject, values: Values) -> None:
        """As above; nothing is written yet. What raises leaves everything as it was."""
        ...

    async def write(self) -> None:
        """Write what was put."""
        ...


@runtime_checkable
class Together(Protocol):
    """An undoer that can do so."""

    async def together(
        self, connection: Connection, subjects: Sequence[Subject], allowed: "Permits", at: datetime
    ) -> Turn:
        """A turn for these; nobody else changes them until the transaction ends."""
        ...


@dataclass(frozen=True, slots=True)
class Stuck:
    """A change that could not be taken back: it may not be, or what it was about is gone."""

    change: Change


_REFUSALS = (NotPermitted, OutdatedButton, MeetingGone, NeedsTwo)


async def permit(
    connection: Connection, who: Admin | None, deed: Deed, about: Scope = EVERYTHING, role: Role | None = None
) -> Author:
    """Who is to be written down for a deed; NotPermitted where they may not, or not any more. None: command line."""
    return (await permits(connection, who)).author(deed, about, role)


@dataclass(frozen=True, slots=True)
class Permits:
    """What somebody may, until the transaction ends; `now`: as whom they stand there, None for the command line."""

    now: Admin | None

    def author(self, deed: Deed, about: Scope = EVERYTHING, role: Role | None = None) -> Author:
        """See `permit`."""
        if self.now is None:
            return COMMAND_LINE
        if not may(self.now, deed, about, role):
            raise NotPermitted
        return self.now.author


async def permits(connection: Connection, who: Admin | None) -> Permits:
    """For deeds on many things at once. Raises NotPermitted for somebody who helps no more."""
    if who is None:
        return Permits(None)
    row = await admins.by_id(connection, who.id, share=True)
    if row is None or row.revoked_at is not None:
        raise NotPermitted
    return Permits(Admin(row.id, row.role, row.scope, row.name))


async def record(
    connection: Connection,
    who: Admin | None,
    deed: Deed,
    subject: Subject,
    before: Values,
    after: Values,
    at: datetime,
    role: Role | None = None,
) -> int:
    """Write a change, in the transaction that makes it; its number. Raises NotPermitted.

    `before` and `after` are named alike, as JSON knows them; without `before` it cannot be taken back.
    """
    author = await permit(connection, who, deed, subject.about, role)
    return await store.add(connection, at, author, deed, subject, before, after)


async def record_all(
    connection: Connection, allowed: Permits, deed: Deed, written: Sequence[store.Written], at: datetime
) -> list[int]:
    """The same for many of one deed."""
    authors = {allowed.author(deed, subject.about) for subject, _, _ in written}
    return await store.add_all(connection, at, authors.pop(), deed, written) if authors else []


class Audit:
    """Reads the changes and takes them back. `undoers` by kind of subject."""

    def __init__(self, database: Database, undoers: Mapping[str, Undoer], *, clock: Clock = system_clock) -> None:
        self._database, self._undoers, self._clock = database, undoers, clock

    async def page(self, who: Admin, number: int, pages: int = 1) -> tuple[list[Change], bool]:
        """One page, from 1, newest first, of what lies in somebody's scope; and whether more follow. `pages`: so many
        at once count as one."""
        size = PAGE * pages
        wanted = max(1, number) * size
        found: list[Change] = []
        before: int | None = None
        async with self._database.read() as connection:
            while len(found) <= wanted:
                some = await store.newest(connection, _BATCH, before)
                found += [change for change in some if may(who, Deed.SEE_HISTORY, change.subject.about)]
                if len(some) < _BATCH:
                    break
                before = some[-1].id
        return found[wanted - size : wanted], len(found) > wanted

    async def one(self, who: Admin, number: int) -> Change:
        """One change; OutdatedButton for none, or one that lies outside."""
        async with self._database.read() as connection:
            change = await store.by_id(connection, number)
        if change is None or not may(who, Deed.SEE_HISTORY, change.subject.about):
            raise OutdatedButton
        return change

    async def of(self, who: Admin, kinds: Collection[str], subject: str) -> list[Change]:
        """All changes of one thing, under any of these kinds, newest first; none that lies outside."""
        async with self._database.read() as connection:
            every = [one for kind in kinds for one in await store.of_subject(connection, kind, subject)]
        seen = [one for one in every if may(who, Deed.SEE_HISTORY, one.subject.about)]
        return sorted(seen, key=lambda one: -one.id)

    async def undo(self, number: int, who: Admin | None, *, despite_conflicts: bool = False) -> Undone:
        """Set back, field by field, what one change made. A field that was changed again since is a conflict.

        Nothing is written where there are conflicts, unless the others are to be set back in spite of them.
        Raises NotPermitted, and OutdatedButton where there is no such change.
        """
        async with self._database.read() as connection:
            change = await store.by_id(connection, number)
        if change is None:
            raise OutdatedButton
        undoer = self._undoers.get(change.subject.kind)
        if undoer is None or not change.can_be_undone:
            return Undone(change)
        async with undoer.turn(change.subject), self._database.begin() as connection:
            return await self._undo(connection, undoer, number, who, despite_conflicts)

    async def _undo(
        self, connection: Connection, undoer: Undoer, number: int, who: Admin | None, despite_conflicts: bool
    ) -> Undone:
        change = await store.by_id(connection, number, lock=True)
        if change is None or not change.can_be_undone:
            raise OutdatedButton
        subject, at = change.subject, self._clock()
        now = await undoer.now(connection, subject, tuple(change.before))
        await permit(connection, who, change.deed, subject.about)
        conflicts, values = _compared(change, now)
        if not values or (conflicts and not despite_conflicts):
            return Undone(change, conflicts=conflicts)
        await undoer.put(connection, subject, values, who, at)
        before = {name: now.get(name) for name in values}
        done = await record(connection, who, change.deed, subject, before, values, at)
        await store.mark_undone(connection, {change.id: done})
        return Undone(change, tuple(values), conflicts)

    async def undo_together(self, numbers: Sequence[int], who: Admin | None) -> list[Undone | Stuck]:
        """The same for changes that were made together: those of one kind in one transaction, where it knows how.

        One that cannot be taken back leaves the others alone. Raises OutdatedButton where there is no such change, or
        one that lies outside.
        """
        async with self._database.read() as connection:
            known = await store.by_ids(connection, numbers)
        seen = (who is None or may(who, Deed.SEE_HISTORY, one.subject.about) for one in known.values())
        if known.keys() != set(numbers) or not all(seen):
            raise OutdatedButton
        found: dict[int, Undone | Stuck] = {}
        for undoer in {id(one): one for one in self._undoers.values()}.values():
            some = [one for one in numbers if self._undoers.get(known[one].subject.kind) is undoer]
            if some and isinstance(undoer, Together):
                found |= await self._undo_joined(undoer, some, who)
        for number in numbers:
            found[number] = found.get(number) or await self._undo_alone(known[number], who)
        return [found[number] for number in dict.fromkeys(numbers)]

    async def _undo_alone(self, change: Change, who: Admin | None) -> Undone | Stuck:
        try:
            return await self.undo(change.id, who)
        except _REFUSALS:
            return Stuck(change)

    async def _undo_joined(
        self, undoer: "Together", numbers: Sequence[int], who: Admin | None
    ) -> dict[int, Undone | Stuck]:
        async with self._database.begin() as connection:
            changes, at = await store.by_ids(connection, numbers, lock=True), self._clock()
            allowed = await permits(connection, who)
            turn = await undoer.together(connection, [one.subject for one in changes.values()], allowed, at)
            taken: list[tuple[Change, Values, Values]] = []
            found = {one: _taken_back(changes[one], turn, allowed, taken) for one in numbers}
            await turn.write()
            for deed in dict.fromkeys(change.deed for change, _, _ in taken):
                mine = [one for one in taken if one[0].deed is deed]
                written = [(change.subject, before, values) for change, before, values in mine]
                made = await record_all(connection, allowed, deed, written, at)
                await store.mark_undone(connection, {one[0].id: by for one, by in zip(mine, made, strict=True)})
        return found

    async def export(self, who: Admin | None, kind: str) -> bytes:
        """Everything, oldest first, as "csv" or "json". Raises NotPermitted."""
        async with self._database.begin() as connection:
            await permit(connection, who, Deed.EXPORT_AUDIT)
        async with self._database.snapshot() as connection:
            every: list[Change] = []
            before: int | None = None
            while some := await store.newest(connection, _BATCH, before):
                every += some
                before = some[-1].id
        told = [_told(change) for change in reversed(every)]
        if kind == "json":
            return (json.dumps(told, ensure_ascii=False, indent=1) + "\n").encode()
        out = io.StringIO()
        writer = csv.DictWriter(out, COLUMNS)
        writer.writeheader()
        writer.writerows({name: _cell(value) for name, value in one.items()} for one in told)
        return out.getvalue().encode()


def _taken_back(
    change: Change, turn: "Turn", allowed: Permits, taken: list[tuple[Change, Values, Values]]
) -> Undone | Stuck:
    if not change.can_be_undone:
        return Undone(change)
    now = turn.now(change.subject, tuple(change.before))
    try:
        allowed.author(change.deed, change.subject.about)
        conflicts, values = _compared(change, now)
        if conflicts or not values:
            return Undone(change, conflicts=conflicts)
        turn.put(change.subject, values)
    except _REFUSALS:
        return Stuck(change)
    taken.append((change, {name: now.get(name) for name in values}, values))
    return Undone(change, tuple(values))


def _compared(change: Change, now: Values) -> tuple[tuple[Conflict, ...], dict[str, object]]:
    """What stands in the way, and what is to be set."""
    conflicts, values = [], {}
    for name, before in change.before.items():
        made, present = change.after.get(name), now.get(name)
        if present == before:
            continue
        if present == made:
            values[name] = before
        else:
            conflicts.append(Conflict(name, made, present))
    return tuple(conflicts), values


def _told(change: Change) -> dict[str, object]:
    return {
        "id": change.id,
        "at": change.at.isoformat(timespec="seconds"),
        "by": change.who.id,
        "name": change.who.name,
        "role": change.who.role.value if change.who.role else "command_line",
        "deed": change.deed.value,
        "kind": change.subject.kind,
        "subject": change.subject.id,
        "title": change.subject.title,
        "before": dict(change.before),
        "after": dict(change.after),
        "undone_by": change.undone_by,
    }


def _cell(value: object) -> object:
    """A value for a spreadsheet, which would reckon with what begins like a formula."""
    if isinstance(value, dict):
        return json.dumps(value, ensure_ascii=False, sort_keys=True)
    if isinstance(value, str) and value.startswith(("=", "+", "-", "@", "\t", "\r")):
        return f"'{value}"
    return value
