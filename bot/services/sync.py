"""Feeds kept in step with their publishers: what is not plausible waits for a person, yesterday's data stays."""

import asyncio
import random
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime, timedelta

from bot.domain.clock import Clock, system_clock
from bot.domain.errors import FeedError, HeldChanged, StoreError
from bot.domain.feed import FeedCard
from bot.domain.feed_state import FeedState, Health, SyncReport, Troubles, Waiting
from bot.domain.report import FeedResult
from bot.services import feed_states
from bot.services.differences import Difference, with_links
from bot.services.downloads import Download, Fetch, digest, download, pack, reading, unpack
from bot.services.feeds import Feeds, Part, Progress
from bot.services.held_look import (
    Noted,
    Sifted,
    all_taken,
    fingerprint,
    left_as_is,
    look,
    taken,
    turned_down,
)
from bot.services.takeover import apply, doubt, write
from bot.store import feeds as records
from bot.store import held, revising, syncs
from bot.store import meetings as listings
from bot.store.database import Connection, Database
from bot.store.held import HeldLink, HeldSnapshot
from bot.store.syncs import SyncRecord

LEASE = timedelta(minutes=15)  # longer than four answers at their limits take
RETRY = timedelta(minutes=30)  # after the first failure; doubled with each that follows
_DOUBLINGS = 10
_JITTER = 0.1  # share of the time until the next reading


class Sync:
    """Turns cards on and off, reads what is on, and settles what is held. Feeds are taken one at a time."""

    def __init__(
        self,
        database: Database,
        feeds: Feeds,
        cards: Mapping[str, FeedCard],
        fetch: Fetch,
        *,
        clock: Clock = system_clock,
        draw: Callable[[], float] = random.random,
    ) -> None:
        """`draw` gives numbers from 0 to 1: publishers are not all asked at the same minute."""
        self._database, self._feeds, self._cards, self._fetch = database, feeds, cards, fetch
        self._clock, self._draw = clock, draw
        self._turns: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    @property
    def cards(self) -> Mapping[str, FeedCard]:
        """Every card by the feed's id."""
        return self._cards

    @property
    def fetch(self) -> Fetch:
        """How publishers are asked."""
        return self._fetch

    async def listing(self) -> list[FeedState]:
        """Every feed that has a card or was ever read, in the order of ids."""
        return await feed_states.listing(self._database, self._cards, self._clock())

    async def health(self) -> dict[str, Health]:
        """How the readings of every feed go that is on or was ever read."""
        return await feed_states.health(self._database)

    async def troubles(self) -> Troubles:
        """The feeds that somebody should look at."""
        return await feed_states.troubles(self._database, self._cards, self._clock())

    async def enabled(self) -> list[str]:
        """Ids of the feeds that are on."""
        async with self._database.read() as connection:
            return [record.id for record in await syncs.listed(connection)]

    def turn(self, feed: str) -> asyncio.Lock:
        """What is held while a feed is read or decided on; taken before a transaction, never inside one."""
        return self._turns[feed]

    async def enable(self, feed: str, *, note: Noted = left_as_is) -> bool:
        """Turn a card on, due at once; whether it was off. FeedError for a feed without a card.

        `note`, here and below, writes down what was done, in the same transaction.
        """
        card = self._card(feed)
        async with self._database.begin() as connection:
            if await syncs.by_id(connection, card.id) is not None:
                return False
            await self.turn_on(connection, feed)
            await note(connection, "feed", {"on": False}, {"on": True})
        return True

    async def turn_on(self, connection: Connection, feed: str) -> None:
        """The same inside a transaction, for a feed that is off."""
        await syncs.add(connection, SyncRecord(self._card(feed).id, due_at=self._clock()))

    async def disable(self, feed: str, *, note: Noted = left_as_is) -> int | None:
        """Turn a feed off and take its meetings out of the searches: how many; None: it was off. Raises FeedError."""
        async with self._turns[feed], self._database.begin() as connection:
            was_on, was_read, listed = await self.turn_off(connection, feed)
            if was_on or was_read:
                await note(connection, "feed", {"on": True} if was_on else {}, {"on": False, "meetings": listed})
                return listed
        if feed not in self._cards:
            raise FeedError(f"There is no feed {feed}; `openchair feeds list` names them.")
        return None

    async def turn_off(self, connection: Connection, feed: str) -> tuple[bool, bool, int]:
        """The same inside a transaction: whether it was on, whether it was ever read, its meetings until now."""
        await revising.take_turn(connection)
        listed = await revising.count(connection, feed)
        was_on = await syncs.remove(connection, feed)
        was_read = await records.remove(connection, feed)
        await listings.remove_feed(connection, feed, at=self._clock())
        await held.release(connection, feed)
        await held.replace_links(connection, feed, ())
        return was_on, was_read, listed

    async def claim(self) -> str | None:
        """A feed that is due, for this process to sync; None: none is."""
        now = self._clock()
        async with self._database.read() as connection:
            waiting = [
                one.id for one in await syncs.listed(connection) if one.due_at <= now and one.id in self._cards
            ]
        known = [feed for feed in waiting if feed in self._cards]
        if not known:
            return None
        async with self._database.begin() as connection:
            return await syncs.claim(connection, known, now, now + LEASE)

    async def sync(self, feed: str, *, whole: bool = False) -> SyncReport:
        """Ask the publisher and take over what changed; `whole`: even if he says that nothing did.

        Raises FeedError when the feed is off or gave no answer; what was listed before stays.
        """
        card = self._card(feed)
        async with self._turns[feed]:
            async with self._database.read() as connection:
                record = await syncs.by_id(connection, feed)
            if record is None:
                raise FeedError(f"{feed} is off: `openchair feeds enable {feed}` turns it on.")
            began = self._clock()
            known = record.card == reading(card) and not whole
            async with self._failures_noted(card, began):
                tags = (record.etag, record.last_modified) if known else ("", "")
                found = await download(self._fetch, card, *tags)
                if found is None:
                    return await self._unchanged(card, began)
                return await self._judge(card, found, began)

    async def waiting(self, feed: str) -> Waiting:
        """What is held of a feed, and what taking it would change. Nothing is written. Raises FeedError."""
        async with self._database.snapshot() as connection:
            return await look(connection, self._feeds, self._cards.get(feed), feed, self._clock())

    async def accept(
        self, feed: str, *, seen: int | None = None, note: Noted = left_as_is, sift: Sifted = all_taken
    ) -> SyncReport:
        """Take what is held of a feed, links and answer; FeedError when nothing is, or it cannot be read.

        `seen`: the mark of what was looked at; HeldChanged when something else waits by now. `sift`: finds the links
        that one person alone may not take; they are not asked about here again.
        """
        at = self._clock()
        async with self._turns[feed], self._database.begin() as connection:
            await revising.take_turn(connection)
            snapshot, links = await self._waiting(connection, feed, seen)
            difference, others = await self._accept_links(connection, feed, links, at, sift)
            if difference.put:
                await note(connection, "links", *taken(difference))
            if snapshot is not None:
                difference = await self._accept_answer(connection, snapshot, difference, at, some=bool(others))
            report = replace(await self._report(connection, feed, difference), proposed=others)
            if snapshot is not None and not report.reason:
                await note(connection, "held", {}, {"answer": "taken", **report.counts()})
            return report

    async def refuse(self, feed: str, *, seen: int | None = None, note: Noted = left_as_is) -> int:
        """Give up what is held of a feed, and do not ask again about the same: how many things. Raises FeedError."""
        async with self._turns[feed], self._database.begin() as connection:
            snapshot, links = await self._waiting(connection, feed, seen)
            await held.refuse(connection, feed)
            await note(connection, "held", *turned_down(snapshot, links))
            return len(links) + (snapshot is not None)

    async def import_bytes(self, feed: str, part: Part, *, progress: Progress | None = None) -> FeedResult:
        """Put a list that a person brings in the place of what the feed had; it is believed. Raises FeedError."""
        if feed not in self._cards:
            return await self._feeds.import_part(part, feed=feed, progress=progress)
        result = await asyncio.to_thread(self._feeds.read, [(feed, part)], feed)
        at = self._clock()
        async with self._turns[feed], self._database.begin() as connection:
            await revising.take_turn(connection)
            result, _ = await apply(connection, self._feeds, (feed, part), result, at, trusted=True)
            await held.release(connection, feed)
            await self._succeeded(connection, feed, at)
        if progress is not None:
            progress(len(result.meetings), len(result.meetings))
        return result

    async def _unchanged(self, card: FeedCard, began: datetime) -> SyncReport:
        """The publisher says that nothing is new: the listing is right, unless his last answer was not taken."""
        async with self._database.begin() as connection:
            record = await self._still_on(connection, card)
            if _overtaken(record, began):
                return await self._report(connection, card.id, Difference())
            snapshot = await held.snapshot(connection, card.id)
            if snapshot is not None:
                await held.hold(connection, replace(snapshot, fetched_at=began))
            done = self._attempted(record, card, began, succeeded=snapshot is None)
            await syncs.save(connection, done)
            return await self._report(connection, card.id, Difference())

    async def _judge(self, card: FeedCard, found: Download, began: datetime) -> SyncReport:
        """Read an answer; take it over, or hold it."""
        result, reason = await self._read(card, found.part)
        async with self._database.begin() as connection:
            await revising.take_turn(connection)
            record = await self._still_on(connection, card)
            if _overtaken(record, began):
                return await self._report(connection, card.id, Difference())
            before = await revising.count(connection, card.id)
            reason = reason or doubt(card, len(result.meetings), before)
            difference = Difference()
            if reason:
                await _hold(connection, card, found.part, reason, began)
            else:
                _, difference = await apply(connection, self._feeds, (card.id, found.part), result, began)
                await held.release(connection, card.id)
            done = self._attempted(record, card, began, succeeded=not reason)
            done = replace(done, etag=found.etag, last_modified=found.last_modified, card=reading(card))
            await syncs.save(connection, done)
            return await self._report(connection, card.id, difference)

    async def _read(self, card: FeedCard, part: Part) -> tuple[FeedResult, str]:
        """What stands in an answer, and why it cannot be read."""
        try:
            return await asyncio.to_thread(self._feeds.read, [(card.id, part)], card.id), ""
        except FeedError as error:
            return FeedResult(), str(error)

    async def _accept_links(
        self, connection: Connection, feed: str, links: list[HeldLink], at: datetime, sift: Sifted
    ) -> tuple[Difference, int]:
        """Take links; and how many wait for somebody else."""
        meetings = await listings.by_ids(connection, [link.meeting for link in links])
        others = await sift(connection, meetings, links)
        difference = with_links(meetings, [link for link in links if link.meeting not in others], at)
        await write(connection, difference, at)
        every = [
            replace(one, refused=one.refused or one.meeting in others) for one in await held.links(connection, feed)
        ]
        await held.replace_links(connection, feed, [one for one in every if one.refused])
        return difference, len(others)

    async def _accept_answer(
        self, connection: Connection, snapshot: HeldSnapshot, links: Difference, at: datetime, *, some: bool
    ) -> Difference:
        """Take a held answer over; one that cannot be read goes on waiting while links are taken, or `some` wait."""
        card = self._card(snapshot.feed)
        part = await asyncio.to_thread(unpack, card, snapshot.data)
        result, reason = await self._read(card, part)
        if reason and (links.put or some):
            return links
        if reason:
            raise FeedError(f"What is held of {card.id} cannot be taken. {reason}")
        _, difference = await apply(connection, self._feeds, (card.id, part), result, at)
        await held.release(connection, card.id)
        await self._succeeded(connection, card.id, snapshot.fetched_at)
        difference.changes += links.changes
        return difference

    async def _waiting(
        self, connection: Connection, feed: str, seen: int | None = None
    ) -> tuple[HeldSnapshot | None, list[HeldLink]]:
        snapshot = await held.snapshot(connection, feed)
        if snapshot is not None and snapshot.refused:
            snapshot = None
        links = [link for link in await held.links(connection, feed) if not link.refused]
        if snapshot is None and not links:
            raise FeedError(f"Nothing of {feed} waits for a decision.")
        if seen is not None and seen != fingerprint(snapshot, links):
            raise HeldChanged(f"What waits of {feed} is not what it was.")
        return snapshot, links

    async def _report(self, connection: Connection, feed: str, difference: Difference) -> SyncReport:
        reason = (await held.reasons(connection)).get(feed, "")
        links = (await held.waiting_links(connection)).get(feed, 0)
        return SyncReport(
            feed=feed,
            outcome="held" if reason else "updated" if difference.changes else "unchanged",
            meetings=await revising.count(connection, feed),
            added=difference.count("added", "returned"),
            changed=difference.count("changed"),
            vanished=difference.count("vanished"),
            held=links + bool(reason),
            reason=reason,
        )

    def _attempted(self, record: SyncRecord, card: FeedCard, began: datetime, *, succeeded: bool) -> SyncRecord:
        return replace(
            record,
            attempted_at=began,
            succeeded_at=began if succeeded else record.succeeded_at,
            due_at=self._after(timedelta(hours=card.every)),
            failures=0,
            trouble="",
        )

    async def _succeeded(self, connection: Connection, feed: str, at: datetime) -> None:
        """The listing is now what the publisher said at that instant."""
        record = await syncs.by_id(connection, feed)
        if record is not None:
            record = replace(record, succeeded_at=at, failures=0, trouble="", etag="", last_modified="")
            await syncs.save(connection, record)

    @asynccontextmanager
    async def _failures_noted(self, card: FeedCard, began: datetime) -> AsyncIterator[None]:
        try:
            yield
        except StoreError:
            raise  # nothing can be noted then
        except FeedError as error:
            await self._failed(card, began, str(error))
            raise
        except Exception as error:
            await self._failed(card, began, f"Something went wrong in the program: {type(error).__name__}.")
            raise

    async def _failed(self, card: FeedCard, began: datetime, trouble: str) -> None:
        async with self._database.begin() as connection:
            record = await syncs.by_id(connection, card.id)
            if record is None:
                return
            wait = min(RETRY * 2 ** min(record.failures, _DOUBLINGS), timedelta(hours=card.every))
            failures, due = record.failures + 1, self._after(wait)
            done = replace(record, attempted_at=began, failures=failures, trouble=trouble, due_at=due)
            await syncs.save(connection, done)

    def _after(self, wait: timedelta) -> datetime:
        return self._clock() + wait * (1 + _JITTER * self._draw())

    async def _still_on(self, connection: Connection, card: FeedCard) -> SyncRecord:
        record = await syncs.by_id(connection, card.id)
        if record is None:
            raise FeedError(f"{card.id} was turned off while it was read.")
        return record

    def _card(self, feed: str) -> FeedCard:
        if feed not in self._cards:
            raise FeedError(f"There is no card for a feed {feed}; `openchair feeds list` names them.")
        return self._cards[feed]


def _overtaken(record: SyncRecord, began: datetime) -> bool:
    """Whether another process asked later and was quicker."""
    return record.attempted_at is not None and record.attempted_at > began


async def _hold(connection: Connection, card: FeedCard, part: Part, reason: str, at: datetime) -> None:
    """Keep an answer for a person to look at; the very same one stays refused if it was."""
    before, fingerprint = await held.snapshot(connection, card.id), digest(part)
    if before is not None and before.digest == fingerprint:
        await held.hold(connection, replace(before, fetched_at=at, reason=reason))
        return
    packed = await asyncio.to_thread(pack, part)
    await held.hold(connection, HeldSnapshot(card.id, at, reason, fingerprint, packed))
