"""How every feed is: off, never read, fresh, late, failing, or waiting for a person's decision."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from bot.domain.feed import FeedCard
from bot.domain.feed_state import FeedState, Health, Troubles
from bot.store import feeds as records
from bot.store import held, syncs
from bot.store import meetings as listings
from bot.store.database import Connection, Database
from bot.store.feeds import FeedRecord
from bot.store.syncs import SyncRecord

LATE = 2  # times the hours between two readings


async def listing(database: Database, cards: Mapping[str, FeedCard], now: datetime) -> list[FeedState]:
    """Every feed that has a card or was ever read, in the order of ids."""
    async with database.read() as connection:
        on = {record.id: record for record in await syncs.listed(connection)}
        read = {record.id: record for record in await records.listed(connection)}
        counts = await listings.count_by_feed(connection)
        reasons = await held.reasons(connection)
        links = await held.waiting_links(connection)

    def state(feed: str) -> FeedState:
        record, count = on.get(feed), counts.get(feed, 0)
        if record is None:
            by_hand = read.get(feed)
            return FeedState(feed, "fresh" if by_hand else "off", count, by_hand.imported_at if by_hand else None)
        waits = links.get(feed, 0) + (feed in reasons)
        why = record.trouble if record.failures else reasons.get(feed, "")
        return FeedState(feed, _word(record, cards.get(feed), waits, now), count, record.succeeded_at, waits, why)

    return [state(feed) for feed in sorted({*cards, *read, *on})]


async def troubles(database: Database, cards: Mapping[str, FeedCard], now: datetime) -> Troubles:
    """The feeds that somebody should look at."""
    async with database.read() as connection:
        on = await syncs.listed(connection)
    return Troubles(
        late=tuple(record.id for record in on if _is_late(record, cards.get(record.id), now)),
        failing=tuple(record.id for record in on if record.failures),
    )


async def health(database: Database) -> dict[str, Health]:
    """How the readings of every feed go that is on or was ever read."""
    async with database.read() as connection:
        on = {record.id: record for record in await syncs.listed(connection)}
        read = {record.id: record for record in await records.listed(connection)}
    return {feed: _health(on.get(feed), read.get(feed)) for feed in {*on, *read}}


def _health(sync: SyncRecord | None, read: FeedRecord | None) -> Health:
    told = Health()
    if read is not None:
        told = Health(rows=read.rows, refused=read.refused, complaints=read.complaints, notes=read.notes)
    if sync is None:
        return told
    return replace(
        told,
        on=True,
        attempted_at=sync.attempted_at,
        due_at=sync.due_at,
        failures=sync.failures,
        trouble=sync.trouble,
    )


async def late(connection: Connection, cards: Mapping[str, FeedCard], now: datetime) -> dict[str, datetime]:
    """The lists that were not read for too long, each with the last time."""
    on = await syncs.listed(connection)
    read = {record.id: record.succeeded_at for record in on if _is_late(record, cards.get(record.id), now)}
    return {feed: at for feed, at in read.items() if at is not None}


def _word(record: SyncRecord, card: FeedCard | None, waits: int, now: datetime) -> str:
    if record.failures:
        return "failing"
    if waits:
        return "held"
    if record.succeeded_at is None:
        return "never"
    return "late" if _is_late(record, card, now) else "fresh"


def _is_late(record: SyncRecord, card: FeedCard | None, now: datetime) -> bool:
    """Whether the list as shown is older than it may be; a card that was taken away promises nothing any more."""
    if record.succeeded_at is None:
        return False
    return card is None or now - record.succeeded_at > timedelta(hours=LATE * card.every)
