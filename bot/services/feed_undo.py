"""Takes back what was decided on feeds: turned on or off, links taken, readings refused."""

from collections.abc import Collection, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import replace
from datetime import datetime

from bot.domain.admin import Admin
from bot.domain.audit import Subject, Values
from bot.domain.errors import NeedsTwo
from bot.domain.guarded import puts_up
from bot.domain.meeting import id_text
from bot.services.differences import with_links
from bot.services.laying import JOINING
from bot.services.sync import Sync
from bot.services.takeover import write
from bot.store import held, revising, syncs
from bot.store import meetings as listings
from bot.store.database import Connection
from bot.store.held import HeldLink

ANSWER = "answer"


class UndoFeeds:
    """On and off. A list that was off is read anew: nothing of it was kept."""

    def __init__(self, sync: Sync) -> None:
        self._sync = sync

    def turn(self, subject: Subject) -> AbstractAsyncContextManager[object]:
        """Not while it is read."""
        return self._sync.turn(subject.id)

    async def now(self, connection: Connection, subject: Subject, fields: tuple[str, ...]) -> Values:
        """Whether it is on."""
        await revising.take_turn(connection)
        return {"on": await syncs.by_id(connection, subject.id) is not None}

    async def put(
        self, connection: Connection, subject: Subject, values: Values, who: Admin | None, at: datetime
    ) -> None:
        """Turn it on, due at once, or off; FeedError for one whose card is gone."""
        if values["on"]:
            await self._sync.turn_on(connection, subject.id)
        else:
            await self._sync.turn_off(connection, subject.id)


class UndoLinks:
    """Ways to join that were taken: the meetings get the ones before, and the others wait again."""

    def __init__(self, sync: Sync, kinds: Collection[str] = ()) -> None:
        """`kinds`: see domain.guarded.kinds_of()."""
        self._sync, self._kinds = sync, kinds

    def turn(self, subject: Subject) -> AbstractAsyncContextManager[object]:
        """Not while it is read."""
        return self._sync.turn(subject.id)

    async def now(self, connection: Connection, subject: Subject, fields: tuple[str, ...]) -> Values:
        """How each meeting is joined; one that is gone has no way."""
        await revising.take_turn(connection)
        meetings = await listings.by_ids(connection, [int(name, 16) for name in fields])
        return {id_text(number): [getattr(one, name) for name in JOINING] for number, one in meetings.items()}

    async def put(
        self, connection: Connection, subject: Subject, values: Values, who: Admin | None, at: datetime
    ) -> None:
        """Set them back; what stood there waits for a decision, as it did. NeedsTwo where that puts one up again."""
        numbers = [int(name, 16) for name in values]
        meetings = await listings.by_ids(connection, numbers)
        there = {name: way for name, way in values.items() if int(name, 16) in meetings}
        links = [_link(name, subject.id, way, at) for name, way in there.items()]
        difference = with_links(meetings, links, at)
        if who is not None and any(puts_up(meetings[one.id], one, self._kinds) for one in difference.put):
            raise NeedsTwo
        again = [
            HeldLink(number, subject.id, at, *(getattr(one, name) for name in JOINING))
            for number, one in meetings.items()
        ]
        others = [one for one in await held.links(connection, subject.id) if one.meeting not in meetings]
        await write(connection, difference, at)
        await held.replace_links(connection, subject.id, [*others, *again])


class UndoRefusals:
    """What was refused: links wait again, and the publisher's answer is asked for once more."""

    def __init__(self, sync: Sync) -> None:
        self._sync = sync

    def turn(self, subject: Subject) -> AbstractAsyncContextManager[object]:
        """Not while it is read."""
        return self._sync.turn(subject.id)

    async def now(self, connection: Connection, subject: Subject, fields: tuple[str, ...]) -> Values:
        """What waits, what was refused; nothing about what is not there any more."""
        await revising.take_turn(connection)
        found = {id_text(one.meeting): _word(one.refused) for one in await held.links(connection, subject.id)}
        snapshot = await held.snapshot(connection, subject.id)
        return found if snapshot is None else {**found, ANSWER: _word(snapshot.refused)}

    async def put(
        self, connection: Connection, subject: Subject, values: Values, who: Admin | None, at: datetime
    ) -> None:
        """Let it wait, or refuse it, again. The bytes of a refused answer were given up: it is read anew, at once."""
        links = await held.links(connection, subject.id)
        names = {id_text(one.meeting): one for one in links}
        changed = [
            replace(one, refused=values[name] == "refused") if name in values else one for name, one in names.items()
        ]
        await held.replace_links(connection, subject.id, changed)
        if values.get(ANSWER) == "waiting":
            await held.release(connection, subject.id)
            record = await syncs.by_id(connection, subject.id)
            if record is not None:
                await syncs.save(connection, replace(record, due_at=at, etag="", last_modified=""))
        snapshot = await held.snapshot(connection, subject.id)
        if snapshot is not None and values.get(ANSWER) == "refused":
            await held.hold(connection, replace(snapshot, refused=True, data=b""))


def _link(name: str, feed: str, way: Sequence[str], at: datetime) -> HeldLink:
    url, notes, number, passcode = way  # in the order of JOINING
    return HeldLink(int(name, 16), feed, at, url, notes, number, passcode)


def _word(refused: bool) -> str:
    return "refused" if refused else "waiting"
