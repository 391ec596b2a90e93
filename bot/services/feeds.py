"""Feeds: bytes in, a whole new listing in the place of the old one, or nothing changed."""

import asyncio
import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from bot.domain.clock import Clock, system_clock
from bot.domain.errors import FeedError
from bot.domain.feed import FeedSource, Locate, Reader, TypeTables, ZoneOf
from bot.domain.meeting import Meeting, id_text
from bot.domain.report import FeedResult
from bot.services import overlays
from bot.store import feeds as records
from bot.store import meetings as listings
from bot.store import revising
from bot.store.database import Connection, Database

COLLISION = "id_collision"
EXAMPLES = 5
PROGRESS_STEP = 1_000

Progress = Callable[[int, int], None]  # meetings written, of how many


@dataclass(frozen=True, slots=True)
class Extra:
    """What some formats need beside the list itself; see FeedSource."""

    formats: bytes | None = None
    service_bodies: bytes | None = None
    default_duration: int | None = None  # minutes
    server_info: bytes | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """The bytes of one list and what they do not say themselves."""

    data: bytes
    format: str
    fellowship: str
    zone: str | None = None
    extra: Extra = Extra()
    name: str = ""  # tells the parts of one feed apart; "": by their fellowship


class Feeds:
    """Reads feeds into the database.

    `readers` by the name of their format. `types`, `zone_of` and `locate` are handed on to them.
    """

    def __init__(
        self,
        database: Database,
        readers: Mapping[str, Reader],
        types: TypeTables,
        *,
        zone_of: ZoneOf | None = None,
        locate: Locate | None = None,
        clock: Clock = system_clock,
    ) -> None:
        self._database = database
        self._readers = readers
        self._types = types
        self._zone_of = zone_of
        self._locate = locate
        self._clock = clock

    async def import_bytes(
        self,
        data: bytes,
        *,
        feed: str,
        format: str,
        fellowship: str,
        zone: str | None = None,
        extra: Extra = Extra(),
        progress: Progress | None = None,
    ) -> FeedResult:
        """Put the meetings of these bytes in the place of all that the feed had.

        Raises FeedError, and changes nothing, when the bytes cannot be read or hold no meeting that can be
        listed; StoreError when they cannot be kept.
        """
        return await self.import_part(Part(data, format, fellowship, zone, extra), feed=feed, progress=progress)

    async def import_part(self, part: Part, *, feed: str, progress: Progress | None = None) -> FeedResult:
        """The same for bytes that say already what they are."""
        return await self._import([(feed, part)], feed, progress)

    async def import_parts(
        self, parts: Iterable[Part], *, feed: str = "samples", progress: Progress | None = None
    ) -> FeedResult:
        """The same for one feed made of several lists; ids follow the part as well, so their keys may repeat."""
        named = [(f"{feed}/{part.name or part.fellowship}", part) for part in parts]
        return await self._import(named, feed, progress)

    async def remove(self, feed: str) -> bool:
        """Take a feed and its meetings away; whether there was anything."""
        async with self._database.begin() as connection:
            known = await records.remove(connection, feed)
            return await listings.remove_feed(connection, feed, at=self._clock()) > 0 or known

    async def _import(self, named: Sequence[tuple[str, Part]], feed: str, progress: Progress | None) -> FeedResult:
        # Reading is work for the processor: the loop goes on answering people meanwhile.
        result = await asyncio.to_thread(self.read, named, feed)
        async with self._database.begin() as connection:
            await revising.take_turn(connection)
            ids = [meeting.id for meeting in result.meetings]
            elsewhere = await listings.ids_elsewhere(connection, feed, ids)
            if elsewhere:
                result = await asyncio.to_thread(without_collisions, result, elsewhere)
            must_hold_meetings(result, feed)
            await self._replace(connection, feed, result.meetings, progress)
            await records.save(connection, self.record(feed, [part for _, part in named], result))
        return result

    async def _replace(
        self, connection: Connection, feed: str, meetings: Sequence[Meeting], progress: Progress | None
    ) -> None:
        """List these, with what people who help have set laid over them."""
        at = self._clock()
        overlay = await overlays.of_feed(connection, feed, at)
        hidden: list[Meeting] = []
        if overlay:
            meetings, hidden = overlay.lay_all(map(listings.as_stored, meetings))
            overlay.finish()
        await listings.replace_feed(connection, feed, _told(meetings, progress), at=at)
        await overlays.hide(connection, hidden, at)
        await overlays.settle(connection, overlay)

    def read(self, named: Sequence[tuple[str, Part]], feed: str) -> FeedResult:
        """The meetings of the parts, each with the name its ids follow. It waits: call it in a thread.

        Raises FeedError when the bytes cannot be read or hold no meeting that can be listed.
        """
        result = FeedResult()
        for name, part in named:
            _add(result, self._reader(part.format)(part.data, self._source(name, part)))
        if any(name != feed for name, _ in named):
            result.meetings = [replace(meeting, feed=feed) for meeting in result.meetings]
        result = without_collisions(result, frozenset())
        must_hold_meetings(result, feed)
        return result

    def _reader(self, name: str) -> Reader:
        if name not in self._readers:
            raise FeedError(f"There is no format {name!r}: use one of {', '.join(sorted(self._readers))}.")
        return self._readers[name]

    def _source(self, name: str, part: Part) -> FeedSource:
        return FeedSource(
            feed=name,
            fellowship=part.fellowship,
            zone=part.zone,
            types=self._types,
            formats=part.extra.formats,
            service_bodies=part.extra.service_bodies,
            zone_of=self._zone_of,
            default_duration=part.extra.default_duration,
            locate=self._locate,
            server_info=part.extra.server_info,
        )

    def record(self, feed: str, parts: Sequence[Part], result: FeedResult) -> records.FeedRecord:
        """What is remembered of a reading that was taken."""
        zones = {part.zone or "" for part in parts}
        digest = hashlib.blake2b(digest_size=32)
        for part in parts:
            digest.update(part.data)
        return records.FeedRecord(
            id=feed,
            formats=tuple(sorted({part.format for part in parts})),
            fellowships=tuple(sorted({part.fellowship for part in parts})),
            zone=zones.pop() if len(zones) == 1 else "",
            imported_at=self._clock(),
            rows=result.rows,
            taken=result.taken,
            refused=result.refused,
            meetings=len(result.meetings),
            complaints=dict(result.complaints),
            notes=dict(result.notes),
            digest=digest.digest(),
        )


def without_collisions(result: FeedResult, elsewhere: frozenset[int] | set[int]) -> FeedResult:
    """The result without meetings whose id stands `elsewhere` or came before in it.

    A row that loses all its meetings is refused, with the complaint `id_collision`; one that loses some has
    the note of that name.
    """
    seen = set(elsewhere)
    kept: list[Meeting] = []
    refused: list[str] = []
    mended = 0
    for row in _rows(result.meetings):
        new = []
        for meeting in row:
            if meeting.id not in seen:
                seen.add(meeting.id)
                new.append(meeting)
        kept += new
        if not new:
            refused.append(row[0].key or id_text(row[0].id))
        elif len(new) < len(row):
            mended += 1
    if not refused and not mended:
        return result
    return replace(
        result,
        taken=result.taken - len(refused),
        meetings=kept,
        complaints=result.complaints + Counter({COLLISION: len(refused)}),
        notes=result.notes + Counter({COLLISION: mended}),
        examples=result.examples | ({COLLISION: refused[:EXAMPLES]} if refused else {}),
    )


def _rows(meetings: Iterable[Meeting]) -> Iterator[list[Meeting]]:
    """The meetings of one source row at a time: they stand together, and their positions go up."""
    row: list[Meeting] = []
    for meeting in meetings:
        if row and (meeting.key != row[-1].key or meeting.position <= row[-1].position):
            yield row
            row = []
        row.append(meeting)
    if row:
        yield row


def _add(total: FeedResult, part: FeedResult) -> None:
    total.rows += part.rows
    total.taken += part.taken
    total.meetings += part.meetings
    total.complaints.update(part.complaints)
    total.notes.update(part.notes)
    for reason, keys in part.examples.items():
        total.examples[reason] = [*total.examples.get(reason, ()), *keys][:EXAMPLES]


def must_hold_meetings(result: FeedResult, feed: str) -> None:
    """FeedError for a reading that nothing can be listed from."""
    if result.meetings:
        return
    if not result.rows:
        raise FeedError(f"The list for {feed} is empty: nothing was changed.")
    reasons = ", ".join(f"{reason} ({count})" for reason, count in result.complaints.most_common(3))
    raise FeedError(f"None of the {result.rows} rows for {feed} could be taken: {reasons}. Nothing was changed.")


def _told(meetings: Sequence[Meeting], progress: Progress | None) -> Iterator[Meeting]:
    for number, meeting in enumerate(meetings, start=1):
        yield meeting
        if progress is not None and (number % PROGRESS_STEP == 0 or number == len(meetings)):
            progress(number, len(meetings))
