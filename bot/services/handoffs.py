"""Hand-offs: the link is signed and opened here; nothing about one is ever stored, counted or logged."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from bot.domain.errors import MeetingGone
from bot.domain.fellowship import Fellowship
from bot.domain.found import Row
from bot.domain.handoff import Handed, Handoff, open_handoff, seal_handoff
from bot.domain.search import Search
from bot.services.keys import KeyRing
from bot.services.meetings import Meetings

MOST_OTHERS = 2  # beside picked meetings
MOST_ALONE = 3  # where none is picked


class Handoffs:
    """Makes links, and says what stands behind one today."""

    def __init__(self, keys: KeyRing, meetings: Meetings, fellowships: Mapping[str, Fellowship]) -> None:
        self._keys, self._meetings, self._fellowships = keys, meetings, fellowships

    async def seal(self, handoff: Handoff) -> str:
        """The payload of its link. Raises SettingsError where no key can be had."""
        return seal_handoff(handoff, (await self._keys.keys()).primary.link)

    async def read(self, payload: str) -> Handoff:
        """What a payload says; raises BrokenHandoff, and SettingsError where no key can be had."""
        return open_handoff(payload, [key.link for key in (await self._keys.keys()).every])

    async def today(self, handoff: Handoff, search: Search, now: datetime) -> Handed:
        """What a link shows: once it has run out, the same search with today's meetings."""
        expired = handoff.expired(now.date())
        handed = await self.beside(search, () if expired else handoff.meetings, now)
        return replace(handed, expired=expired, from_family=handoff.from_family)

    async def beside(self, search: Search, meetings: Sequence[int], now: datetime) -> Handed:
        """The picked meetings, and at least one of another kind wherever there is one."""
        rows = [await self._still_listed(one, search, now) for one in meetings]
        picked = tuple({row.meeting.id: row for row in rows if row}.values())
        return Handed(search, picked, await self._others(search, picked, now), gone=rows.count(None))

    async def _still_listed(self, meeting: int, search: Search, now: datetime) -> Row | None:
        """A picked meeting as it is today, in whichever list; None where none has it any more."""
        try:
            return (await self._meetings.open(meeting, search.place, now)).row
        except MeetingGone:
            return None

    async def _others(self, search: Search, picked: Sequence[Row], now: datetime) -> tuple[Row, ...]:
        """Kinds that nobody picked, a tradition that is missing first; nearer to what was asked before wider."""
        kinds = {row.meeting.fellowship for row in picked}
        traditions = {self._fellowships[kind].tradition for kind in kinds if kind in self._fellowships}
        online = replace(search, filters=frozenset(), place=None, online=True)
        for wider in (search, replace(search, filters=frozenset()), online):
            found = await self._meetings.search(wider, now=now)
            rows = [row for row in found.rows if row.meeting.fellowship not in kinds]
            rows.sort(key=lambda row: self._tradition(row) in traditions)
            if rows:
                return tuple(rows[: MOST_OTHERS if picked else MOST_ALONE])
        return ()

    def _tradition(self, row: Row) -> str:
        kind = self._fellowships.get(row.meeting.fellowship)
        return kind.tradition if kind else ""
