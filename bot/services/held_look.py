"""What is held of a feed, looked at before somebody decides: what taking it would change, and how that is told."""

import asyncio
import hashlib
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from bot.domain.audit import Values
from bot.domain.errors import FeedError
from bot.domain.feed import FeedCard
from bot.domain.feed_state import HeldChange, OtherHost, Waiting
from bot.domain.meeting import Meeting, id_text
from bot.services import overlays
from bot.services.differences import Comparison, Difference, join_host, with_links
from bot.services.downloads import unpack
from bot.services.feeds import Feeds
from bot.services.laying import JOINING
from bot.store import held, revising
from bot.store import meetings as listings
from bot.store.changes import Change
from bot.store.database import Connection
from bot.store.held import HeldLink, HeldSnapshot

EXAMPLES = 20  # changes of each kind that are told by name
_KINDS = ("vanished", "changed", "added", "returned")
_MARK_BITS = 16


class Noted(Protocol):
    """Writes down what was done to a feed, in the transaction that does it."""

    async def __call__(self, connection: Connection, kind: str, before: Values, after: Values) -> None:
        """`kind`: feed, links or held."""
        ...


class Sifted(Protocol):
    """Finds the links that one person alone may not take, and lets them wait for a second one."""

    async def __call__(
        self, connection: Connection, meetings: Mapping[int, Meeting], links: Sequence[HeldLink]
    ) -> Collection[int]:
        """Ids of their meetings."""
        ...


async def all_taken(
    connection: Connection, meetings: Mapping[int, Meeting], links: Sequence[HeldLink]
) -> Collection[int]:
    """Whoever accepts may take all of them."""
    return ()


async def left_as_is(connection: Connection, kind: str, before: Values, after: Values) -> None:
    """Nobody asked for it to be written down."""


def fingerprint(snapshot: HeldSnapshot | None, links: Sequence[HeldLink]) -> int:
    """Tells what waits now from what waited before; never 0."""
    told = hashlib.blake2b(snapshot.digest if snapshot else b"", digest_size=_MARK_BITS // 8)
    for link in sorted(links, key=lambda one: one.meeting):
        told.update(f"{link.meeting} {link.join_url} {link.join_notes} {link.join_id} {link.passcode}\n".encode())
    return int.from_bytes(told.digest(), "big") or 1


async def look(connection: Connection, feeds: Feeds, card: FeedCard | None, feed: str, at: datetime) -> Waiting:
    """What waits of a feed, over one moment of the database."""
    snapshot = await held.snapshot(connection, feed)
    if snapshot is not None and snapshot.refused:
        snapshot = None
    every = await held.links(connection, feed)
    links = [link for link in every if not link.refused]
    meetings = await listings.by_ids(connection, [link.meeting for link in links])
    hosts = tuple(_other_host(meetings[link.meeting], link) for link in links if link.meeting in meetings)
    mark = fingerprint(snapshot, links)
    since = min((one.held_at for one in links), default=None)
    if snapshot is None:
        return Waiting(feed, answer=False, since=since, hosts=hosts, mark=mark)
    difference, unreadable = await _difference(connection, feeds, card, snapshot, every, at)
    examples = await _examples(connection, difference)
    return Waiting(
        feed,
        answer=True,
        reason=snapshot.reason,
        unreadable=unreadable,
        since=snapshot.fetched_at,
        added=difference.count("added", "returned"),
        changed=difference.count("changed"),
        gone=difference.count("vanished"),
        hosts=hosts,
        mark=mark,
        examples=examples,
    )


async def _examples(connection: Connection, difference: Difference) -> tuple[HeldChange, ...]:
    """The first changes of each kind, by the names of their meetings."""
    found: list[Change] = []
    for kind in _KINDS:
        found += [change for change in difference.changes if change.kind == kind][:EXAMPLES]
    names = {one.id: one.name for one in difference.put}
    gone = await listings.by_ids(connection, [one.meeting for one in found if one.meeting not in names])
    names |= {one.id: one.name for one in gone.values()}
    return tuple(_example(one, names.get(one.meeting, "")) for one in found)


def _example(change: Change, name: str) -> HeldChange:
    told = tuple((field, before, after) for field, (before, after) in change.fields.items())
    return HeldChange(change.kind, name, told)


async def _difference(
    connection: Connection,
    feeds: Feeds,
    card: FeedCard | None,
    snapshot: HeldSnapshot,
    links: Sequence[HeldLink],
    at: datetime,
) -> tuple[Difference, str]:
    if card is None:
        return Difference(), f"There is no card for {snapshot.feed} any more."
    try:
        part = await asyncio.to_thread(unpack, card, snapshot.data)
        result = await asyncio.to_thread(feeds.read, [(card.id, part)], card.id)
    except FeedError as error:
        return Difference(), str(error)
    overlay = await overlays.of_feed(connection, card.id, at)
    comparison = Comparison(result.meetings, links, feed=card.id, at=at, overlay=overlay)
    async for some in revising.known(connection, card.id):
        comparison.add(some)
    return comparison.finish(), ""


def _other_host(meeting: Meeting, link: HeldLink) -> OtherHost:
    (after,) = with_links({meeting.id: meeting}, [link], link.held_at).put
    return OtherHost(meeting.name, join_host(meeting), join_host(after))


def taken(difference: Difference) -> tuple[Values, Values]:
    """Links that were taken, before and after: how each meeting is joined, by the meeting's id."""
    after = {id_text(one.id): [getattr(one, name) for name in JOINING] for one in difference.put}
    changed = {id_text(change.meeting): change for change in difference.changes}
    before = {one: _before(values, changed.get(one)) for one, values in after.items()}
    return before, after


def _before(after: list[str], change: Change | None) -> list[str]:
    fields = change.fields if change else {}
    return [fields[name][0] if name in fields else now for name, now in zip(JOINING, after, strict=True)]


def turned_down(snapshot: HeldSnapshot | None, links: Sequence[HeldLink]) -> tuple[Values, Values]:
    """What was refused, before and after; `answer` is the whole reading."""
    names = [*(["answer"] if snapshot else []), *(id_text(link.meeting) for link in links)]
    return dict.fromkeys(names, "waiting"), dict.fromkeys(names, "refused")
