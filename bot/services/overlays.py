"""What people who help have set outlives every reading of a list: laid over it in the reading's own transaction."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from bot.domain.edits import ENDED, Edit, listed_of
from bot.domain.meeting import Meeting
from bot.services.differences import held_link, other_host
from bot.services.laying import JOINING, Overlay, said_before
from bot.store import changes, held, revising
from bot.store import edits as store
from bot.store.database import Connection, Database
from bot.store.revising import Known


async def of_feed(connection: Connection, feed: str, at: datetime) -> Overlay:
    """What is laid over a feed. A feed without edits costs this one look."""
    return Overlay(await store.of_feed(connection, feed), at)


async def settle(connection: Connection, overlay: Overlay) -> None:
    """Keep what became of the edits, and tell it among the changes of the reading."""
    await store.drop(connection, overlay.dropped)
    await store.put(connection, overlay.renewed)
    await changes.write(connection, overlay.changes)


async def relaid(connection: Connection, taken: Sequence[Meeting], at: datetime) -> list[Meeting]:
    """Meetings whose list's way to join was taken: what was set by hand stays in its place."""
    overlay = Overlay(await store.of_meetings(connection, [one.id for one in taken]), at)
    if not overlay:
        return list(taken)
    said = [_joined(listed_of(one, overlay.of(one.id)), one) for one in taken]
    shown, hidden = overlay.lay_all(said)
    await settle(connection, overlay)
    return [*shown, *hidden]


async def hide(connection: Connection, meetings: Sequence[Meeting], at: datetime) -> None:
    """Keep meetings that their list has and a person said have ended: nobody is shown them."""
    await revising.write(connection, meetings, [one.id for one in meetings], at)


async def expire(connection: Connection, at: datetime) -> int:
    """End the edits whose time is over, between two readings: the list counts again. How many meetings changed."""
    await revising.take_turn(connection)
    due = await store.due(connection, at)
    if not due:
        return 0
    known = await revising.rows(connection, due)
    overlay = Overlay(await store.of_meetings(connection, due), at)
    put, hidden = [], []
    for one in known.values():
        edits = overlay.of(one.meeting.id)
        laid = overlay.lay(await _believed(connection, one, edits, at))
        put.append(laid.meeting)
        if laid.ended or (one.vanished_at is not None and not _is_ended(edits)):
            hidden.append(one.meeting.id)
    absent = [edit for number in due if number not in known for edit in overlay.of(number)]
    overlay.dropped += [edit for edit in absent if edit.until is not None and edit.until <= at]
    await settle(connection, overlay)
    await revising.write(connection, put, hidden, at)
    return len(put)


async def expire_due(database: Database, at: datetime) -> int:
    """The same in a transaction of its own, which is not begun while nothing is due."""
    async with database.read() as connection:
        if not await store.due(connection, at):
            return 0
    async with database.begin() as connection:
        return await expire(connection, at)


async def _believed(connection: Connection, known: Known, edits: Sequence[Edit], at: datetime) -> Meeting:
    """What the list says; a way to join that nobody has looked at waits for a person, as at a reading."""
    listed, before = listed_of(known.meeting, edits), said_before(known.meeting, edits, at)
    if before is None or not other_host(before, listed):
        return listed
    others = [one for one in await held.links(connection, listed.feed) if one.meeting != listed.id]
    await held.replace_links(connection, listed.feed, [*others, held_link(listed, None, at)])
    return _joined(listed, before)


def _joined(meeting: Meeting, way: Meeting) -> Meeting:
    return replace(meeting, **{name: getattr(way, name) for name in JOINING})


def _is_ended(edits: Iterable[Edit]) -> bool:
    return any(one.field == ENDED for one in edits)
