"""What waits for a person's decision: whole answers that are not plausible, and join links to another host."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.tables import held_links, held_snapshots


@dataclass(frozen=True, slots=True)
class HeldSnapshot:
    """The last answer of a feed, which was not taken; `data` is packed and empty once it was refused."""

    feed: str
    fetched_at: datetime
    reason: str
    digest: bytes
    data: bytes
    refused: bool = False


@dataclass(frozen=True, slots=True)
class HeldLink:
    """How a meeting would be joined by the newest list; the meeting still shows the way before it."""

    meeting: int
    feed: str
    held_at: datetime
    join_url: str
    join_notes: str
    join_id: str
    passcode: str
    refused: bool = False


async def snapshot(connection: AsyncConnection, feed: str) -> HeldSnapshot | None:
    """The held answer of a feed, refused ones included."""
    row = (await connection.execute(select(held_snapshots).where(held_snapshots.c.feed == feed))).one_or_none()
    return None if row is None else HeldSnapshot(**row._mapping)


async def reasons(connection: AsyncConnection) -> dict[str, str]:
    """Feeds whose answer waits, each with why it is held."""
    columns = (held_snapshots.c.feed, held_snapshots.c.reason)
    rows = await connection.execute(select(*columns).where(held_snapshots.c.refused.is_(False)))
    return {feed: reason for feed, reason in rows}


async def hold(connection: AsyncConnection, held: HeldSnapshot) -> None:
    """Keep an answer in the place of the one that was held before."""
    await release(connection, held.feed)
    await connection.execute(insert(held_snapshots), asdict(held))


async def release(connection: AsyncConnection, feed: str) -> None:
    """Hold no answer of this feed any longer."""
    await connection.execute(delete(held_snapshots).where(held_snapshots.c.feed == feed))


async def links(connection: AsyncConnection, feed: str) -> list[HeldLink]:
    """The held links of a feed, refused ones included, in the order of meetings."""
    chosen = select(held_links).where(held_links.c.feed == feed).order_by(held_links.c.meeting)
    return [HeldLink(**row._mapping) for row in await connection.execute(chosen)]


async def waiting_links(connection: AsyncConnection) -> dict[str, int]:
    """How many links of each feed wait."""
    waiting = held_links.c.refused.is_(False)
    rows = await connection.execute(
        select(held_links.c.feed, func.count()).where(waiting).group_by(held_links.c.feed)
    )
    return {feed: count for feed, count in rows}


async def since(connection: AsyncConnection) -> dict[str, datetime]:
    """Feeds of which something waits, each with the instant of the oldest thing that does."""
    found: dict[str, datetime] = {}
    waits = (
        select(held_snapshots.c.feed, held_snapshots.c.fetched_at).where(held_snapshots.c.refused.is_(False)),
        select(held_links.c.feed, func.min(held_links.c.held_at))
        .where(held_links.c.refused.is_(False))
        .group_by(held_links.c.feed),
    )
    for chosen in waits:
        for feed, at in await connection.execute(chosen):
            found[feed] = min(at, found.get(feed, at))
    return found


async def replace_links(connection: AsyncConnection, feed: str, held: Sequence[HeldLink]) -> None:
    """Hold these links of a feed and no others."""
    await connection.execute(delete(held_links).where(held_links.c.feed == feed))
    if held:
        await connection.execute(insert(held_links), [asdict(link) for link in held])


async def refuse(connection: AsyncConnection, feed: str) -> None:
    """Remember what was refused, so that the same does not ask again; the answer's bytes are given up."""
    refused = update(held_snapshots).where(held_snapshots.c.feed == feed)
    await connection.execute(refused.values(refused=True, data=b""))
    await connection.execute(update(held_links).where(held_links.c.feed == feed).values(refused=True))
