"""A reading of a feed taken over inside one transaction: meetings, held links, what changed, what is remembered."""

import asyncio
from datetime import datetime, timedelta
from functools import partial

from bot.domain.feed import FeedCard
from bot.domain.report import FeedResult
from bot.services import overlays
from bot.services.differences import Comparison, Difference
from bot.services.feeds import Feeds, Part, must_hold_meetings, without_collisions
from bot.store import changes, edits, held, revising
from bot.store import feeds as records
from bot.store import meetings as listings
from bot.store.database import Connection

VANISHED_KEPT = timedelta(days=30)
CHANGES_KEPT = timedelta(days=90)


def doubt(card: FeedCard, meetings: int, before: int) -> str:
    """Why nobody would believe a list of so many meetings where there were `before`; "" for a plausible one."""
    if meetings < card.least:
        return f"It holds {meetings} meetings, fewer than the {card.least} that the card expects."
    if meetings > card.most:
        return f"It holds {meetings} meetings, more than the {card.most} that the card expects."
    if meetings < before * (1 - card.max_shrink):
        return f"It holds {meetings} meetings where there were {before}: more than {card.max_shrink:.0%} are gone."
    return ""


async def apply(
    connection: Connection,
    feeds: Feeds,
    named: tuple[str, Part],
    result: FeedResult,
    at: datetime,
    *,
    trusted: bool = False,
) -> tuple[FeedResult, Difference]:
    """Make a feed's listing what was read; `trusted` as in `Comparison`.

    Returns the result without meetings whose id another feed holds. Raises FeedError when none is left.
    """
    feed, part = named
    elsewhere = await listings.ids_elsewhere(connection, feed, [meeting.id for meeting in result.meetings])
    if elsewhere:
        result = await asyncio.to_thread(without_collisions, result, elsewhere)
    must_hold_meetings(result, feed)
    links = await held.links(connection, feed)
    overlay = await overlays.of_feed(connection, feed, at)
    compare = partial(Comparison, feed=feed, at=at, trusted=trusted, overlay=overlay)
    comparison = await asyncio.to_thread(compare, result.meetings, links)
    async for some in revising.known(connection, feed):
        comparison.add(some)  # a few milliseconds; all at once they would also be many objects to collect
    difference = comparison.finish()
    await revising.write(connection, difference.put, difference.vanished, at)
    await changes.write(connection, difference.changes)
    await overlays.settle(connection, overlay)
    await held.replace_links(connection, feed, difference.links)
    await revising.forget_vanished(connection, feed, at - VANISHED_KEPT)
    if overlay:
        await edits.forget_gone(connection, feed)
    await changes.trim(connection, at - CHANGES_KEPT)
    await records.save(connection, feeds.record(feed, [part], result))
    return result, difference


async def write(connection: Connection, difference: Difference, at: datetime) -> None:
    """Write the meetings whose list's way to join was taken, and what changed in them; what was set by hand stays."""
    await revising.write(connection, await overlays.relaid(connection, difference.put, at), (), at)
    await changes.write(connection, difference.changes)
