"""Many meetings at once: out as a sheet, back as a difference, and applied as far as somebody says yes.

Every meeting gets its own line in the history, so that each can be taken back by itself. A small file is applied in
one transaction. A large one goes in steps, each of them whole: after a break the same file brings what is left.
"""

import asyncio
import hashlib
from collections.abc import AsyncIterator, Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, TypeVar

from bot.domain import bulk
from bot.domain.admin import EVERYTHING, Admin, Deed, Scope, does, key_of, place_scope
from bot.domain.audit import Subject
from bot.domain.bulk import Applied, Difference, Part, Refused
from bot.domain.clock import Clock, system_clock
from bot.domain.edits import Done, scope_of
from bot.domain.errors import FeedError, NotPermitted, OutdatedButton, UnreadableSheet
from bot.feeds.fetch import Fetched
from bot.services import bulk_files as files
from bot.services.audit import record
from bot.services.bulk_look import Look, Told
from bot.services.downloads import Fetch
from bot.services.meeting_desk import MeetingDesk
from bot.store import bulk as store
from bot.store.database import Connection, Database

KIND = "bulk"  # of the audit's subject
AT_ONCE = 200  # meetings that one transaction takes
STEP = 50
T = TypeVar("T")


def _silent(_: int) -> None:
    return None


class Bulk:
    """Sheets for one who is an Admin, or (None) for the command line. All raise NotPermitted."""

    def __init__(
        self,
        database: Database,
        meetings: MeetingDesk,
        fetch: Fetch,
        fellowships: Collection[str],
        *,
        clock: Clock = system_clock,
    ) -> None:
        """`fetch` asks for published sheets, by the rules for lists."""
        self._database, self._meetings, self._fetch = database, meetings, fetch
        self._fellowships, self._clock = fellowships, clock

    async def export(
        self, who: Admin | None, kind: str, *, feed: str = "", fellowship: str = "", told: Told = _silent
    ) -> AsyncIterator[bytes]:
        """A file ("csv", "json" or "xlsx") in pieces: the meetings as they are shown, of what somebody looks after.

        Raises UnreadableSheet where they are too many for a workbook.
        """
        _scope(who)
        if kind == "xlsx":
            yield await self._workbook(who, feed, fellowship, told)
            return
        yield files.head(kind)
        first = True
        async for rows in self._rows(who, feed, fellowship, told):
            yield files.body(kind, rows, first=first)
            first = first and not rows
        yield files.tail(kind)

    async def _rows(
        self, who: Admin | None, feed: str, fellowship: str, told: Told
    ) -> AsyncIterator[list[list[str]]]:
        """The cells of the meetings, some at a time."""
        scope, count = _scope(who), 0
        async with self._database.snapshot() as connection:
            async for some in store.parts(connection, feed, fellowship):
                rows = [bulk.values_of(one) for one in some if scope.covers(scope_of(one))]
                yield rows
                count += len(rows)
                told(count)
                await asyncio.sleep(0)

    async def _workbook(self, who: Admin | None, feed: str, fellowship: str, told: Told) -> bytes:
        every: list[list[str]] = []
        async for rows in self._rows(who, feed, fellowship, told):
            every += rows
            if len(every) > files.MOST_IN_WORKBOOK:
                break
        return await asyncio.to_thread(files.whole, "xlsx", every)

    async def exported(
        self, who: Admin | None, kind: str, most: int, *, feed: str = "", fellowship: str = ""
    ) -> bytes | None:
        """The same in one piece; None where it is larger than `most` bytes, or too many for a workbook."""
        data = bytearray()
        try:
            async for piece in self.export(who, kind, feed=feed, fellowship=fellowship):
                data += piece
                if len(data) > most:
                    return None
        except UnreadableSheet:
            return None
        return bytes(data)

    async def parts(self, who: Admin) -> list[tuple[str, str]]:
        """Feed and fellowship of the meetings that somebody looks after, each pair once."""
        scope, found = _scope(who), set()
        async with self._database.read() as connection:
            for feed, fellowship, country, region in await store.kinds(connection):
                about = place_scope(fellowship=fellowship, country=country, region=region, feed=feed)
                if scope.covers(about):
                    found.add((feed, fellowship))
        return sorted(found)

    async def feed_of(self, who: Admin, key: int) -> str:
        """The feed whose name a button carries (domain.admin.key_of); OutdatedButton for none of theirs."""
        for feed, _ in await self.parts(who):
            if key_of(feed) == key:
                return feed
        raise OutdatedButton

    async def published(self, address: str) -> bytes:
        """The bytes of a published sheet. Raises UnreadableSheet for no https address, FeedError for no answer."""
        url = files.sheet_address(address)
        if not url:
            raise UnreadableSheet("no_address")
        found = await self._fetch(url)
        if not isinstance(found, Fetched):
            raise FeedError("The sheet gave no answer.")
        return found.data

    async def look(self, who: Admin | None, data: bytes, told: Told = _silent) -> Difference:
        """What a file would change; nothing is written. Raises UnreadableSheet."""
        _scope(who)
        return await self._look(who, await asyncio.to_thread(files.opened, data), told)

    async def to_mend(self, who: Admin | None, data: bytes, words: Callable[[Refused], str]) -> tuple[str, bytes]:
        """The rows of a file that are not taken, each with what is wrong with it, in a file of the same kind.

        `words` of a refusal. Gives the kind and the bytes. Raises UnreadableSheet.
        """
        _scope(who)
        table = await asyncio.to_thread(files.opened, data)
        problems: dict[int, str] = {}
        for one in (await self._look(who, table, _silent)).refused:
            problems[one.line] = "; ".join(filter(None, (problems.get(one.line), words(one))))
        return table.kind, await asyncio.to_thread(files.to_mend, table, problems)

    async def _look(self, who: Admin | None, table: files.Table, told: Told) -> Difference:
        async with self._database.snapshot() as connection:
            kinds, drafted = self._meetings.kinds, self._meetings.drafted
            return await Look(connection, who, self._fellowships, kinds, drafted, told).at(table)

    async def apply(
        self, who: Admin | None, name: str, found: Difference, part: Part, told: Told = _silent
    ) -> Applied:
        """Say yes to one part of a difference. `name`: of the file, for the history. Raises MeetingGone."""
        _scope(who)
        if part is Part.GONE:
            return await self._end(who, name, found, told)
        changes = found.changed if part is Part.CHANGES else found.outdated
        added = [one.values for one in found.added] if part is Part.CHANGES else []
        work: list[bulk.Changed | Mapping[str, Any]] = [*changes, *added]
        total, count = Applied(), 0
        for some, last in _steps(work):
            total = await self._step(who, name if last else "", some, total)
            if total.faults:
                return total
            count += len(some)
            told(count)
            await asyncio.sleep(0)
        return total

    async def _step(
        self, who: Admin | None, name: str, some: Sequence[bulk.Changed | Mapping[str, Any]], total: Applied
    ) -> Applied:
        """One transaction; with a name, the line of the whole is written in it."""
        changed = {one.meeting.id: one.after for one in some if isinstance(one, bulk.Changed)}
        added = [one for one in some if not isinstance(one, bulk.Changed)]

        async def note(connection: Connection, done: Done) -> None:
            if name:
                await self._note(connection, who, name, _sum(total, done, changed))

        done = await self._meetings.change_each(who, changed, added=added, note=note, deed=Deed.BULK)
        return _sum(total, done, changed)

    async def _end(self, who: Admin | None, name: str, found: Difference, told: Told) -> Applied:
        total = Applied()
        for some, last in _steps([one.id for one in found.gone]):
            before = total.ended

            async def note(connection: Connection, done: Done, before: int = before, *, last: bool = last) -> None:
                if last:
                    await self._note(connection, who, name, Applied(ended=before + _named(done)))

            done = await self._meetings.end(who, some, deed=Deed.BULK, note=note)
            total = Applied(ended=before + _named(done), faults=done.faults)
            told(total.ended)
            await asyncio.sleep(0)
        return total

    async def _note(self, connection: Connection, who: Admin | None, name: str, total: Applied) -> None:
        """The line of the whole; what was done to each meeting stands in lines of their own."""
        mark = hashlib.blake2b(name.encode(errors="replace"), digest_size=7).hexdigest()
        subject = Subject(KIND, mark, name, _scope(who))
        counts = {"changed": total.changed, "added": total.added, "gone": total.ended, "proposed": total.proposed}
        after = {field: count for field, count in counts.items() if count}
        if after:
            await record(connection, who, Deed.BULK, subject, {}, after, self._clock())


def _named(done: Done) -> int:
    return len(done.changed) - len(done.also)


def _sum(total: Applied, done: Done, asked: Collection[int]) -> Applied:
    changed = len([one for one in done.changed if one in asked])
    added = len(done.changed) - changed - len([one for one in done.also if one not in asked])
    return replace(
        total,
        changed=total.changed + changed,
        added=total.added + added,
        proposed=total.proposed + len(done.proposed),
        faults=done.faults,
    )


def _scope(who: Admin | None) -> Scope:
    if who is None:
        return EVERYTHING
    if not does(who, Deed.BULK):
        raise NotPermitted
    return who.scope


def _steps(work: Sequence[T]) -> Iterator[tuple[list[T], bool]]:
    """All at once where it is little, else step by step; and whether it is the last."""
    size = AT_ONCE if len(work) <= AT_ONCE else STEP
    for first in range(0, len(work), size):
        yield list(work[first : first + size]), first + size >= len(work)
