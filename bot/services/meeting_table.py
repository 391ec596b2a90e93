"""The table of meetings on the web desk: pages of what somebody looks after, in the order of names."""

from bot.domain.admin import Admin, Deed, does, may
from bot.domain.clock import Clock, system_clock
from bot.domain.desk_table import A_PAGE, LONGEST_WORDS, MOST_PAGES, Asked, Line, Table
from bot.domain.edits import scope_of
from bot.domain.errors import NotPermitted
from bot.domain.meeting import Meeting
from bot.domain.queue import OLD
from bot.domain.words import fold
from bot.services import meeting_words
from bot.services.meeting_desk import MOST_WORDS
from bot.store import desk_listing as store
from bot.store import revising
from bot.store.database import Database

_LOOKS = (Deed.EDIT_MEETING, Deed.REVIEW)


class MeetingTable:
    """Reads only; what is done to meetings is done by MeetingDesk."""

    def __init__(self, database: Database, *, clock: Clock = system_clock) -> None:
        self._database, self._clock = database, clock

    async def page(self, who: Admin, asked: Asked) -> Table:
        """One page. Raises NotPermitted for somebody who looks after no meetings."""
        if not any(does(who, deed) for deed in _LOOKS):
            raise NotPermitted
        words = fold(asked.words[:LONGEST_WORDS]).split()[:MOST_WORDS]
        number = min(max(1, asked.page), MOST_PAGES)
        first, old = (number - 1) * A_PAGE, self._clock() - OLD
        await meeting_words.put_in(self._database)
        async with self._database.snapshot() as connection:
            found = await store.part(connection, words, asked, who.scope, old, first, A_PAGE + 1)
        lines = [Line(one.meeting, one.vanished_at is not None, one.corrected) for one in found[:A_PAGE]]
        mine = tuple(one for one in lines if _looks(who, one.meeting))
        return Table(mine, number, len(found) > A_PAGE and number < MOST_PAGES)

    async def these(self, who: Admin, ids: list[int]) -> list[Meeting]:
        """Meetings that somebody ticked, by name; those that are gone or lie outside are left out."""
        async with self._database.snapshot() as connection:
            known = await revising.rows(connection, ids)
        found = [one.meeting for one in known.values() if _looks(who, one.meeting)]
        return sorted(found, key=lambda one: (one.name, one.id))


def _looks(who: Admin, meeting: Meeting) -> bool:
    return any(may(who, deed, scope_of(meeting)) for deed in _LOOKS)
