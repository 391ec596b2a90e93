"""The queue behind /admin: what waits for somebody, one page at a time, and what is answered here.

Each kind of item is read from where it lies and answered there; here stands what is put off, which suggestions were
used, and that nobody sees what lies outside their scope.
"""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from types import MappingProxyType

from bot.domain.admin import Admin, Deed, Role, does, may
from bot.domain.audit import Subject
from bot.domain.clock import Clock, system_clock
from bot.domain.edits import Done, Proposal
from bot.domain.errors import OutdatedButton
from bot.domain.meeting import Meeting
from bot.domain.queue import DEEDS, LONGEST_REASON, OLD, TAKEN_DOWN, Item, Kind, Light, Page, counted, paged
from bot.domain.suggestion import State, Suggestion
from bot.services import queue_sources as sources
from bot.services.audit import permit, record
from bot.services.feed_desk import FeedDesk
from bot.services.meeting_deciding import ALONE_AFTER
from bot.services.meeting_desk import MeetingDesk
from bot.services.queue_undo import PUT_OFF, SUGGESTION, written
from bot.services.reports import Reports
from bot.services.suggestions import cleaned
from bot.services.takeover import VANISHED_KEPT
from bot.store import aged, exceptions, put_off, suggestions
from bot.store import meetings as listings
from bot.store.database import Database

URGENT = "urgent"  # of subjects in the audit
_READ: Mapping[Kind, sources.Source] = MappingProxyType(
    {
        Kind.SUGGESTION: sources.suggested,
        Kind.HELD: sources.held_back,
        Kind.VANISHED: sources.vanished,
        Kind.OLD: sources.old,
    }
)
KEPT = timedelta(days=90)  # what came back is known so long, for taking it back


class Queue:
    """What waits. Whatever somebody may not see is not there for them; answers raise NotPermitted."""

    def __init__(
        self,
        database: Database,
        feeds: FeedDesk,
        meetings: MeetingDesk,
        reports: Reports,
        *,
        clock: Clock = system_clock,
    ) -> None:
        self._database, self._clock = database, clock
        self._feeds, self._meetings, self._reports = feeds, meetings, reports

    async def page(self, who: Admin, number: int, only: Kind | None = None) -> Page:
        """One page, from 1, the most urgent first; `only`: one kind of them."""
        return paged(await self.items(who), number, only)

    async def counts(self, who: Admin) -> Mapping[Kind, int]:
        """How many things of each kind wait."""
        return counted(one.kind for one in await self.items(who))

    async def items(self, who: Admin, kinds: Collection[Kind] = tuple(Kind)) -> list[Item]:
        """All that waits for somebody, in no order, without what was put off; `kinds`: these alone."""
        if not does(who, Deed.REVIEW):
            return []
        reports = await self._reports.open_items(who) if Kind.REPORT in kinds else []
        proposals = await self._meetings.proposals(who) if Kind.PROPOSAL in kinds else []
        conflicts = await self._meetings.conflicts(who) if Kind.CONFLICT in kinds else []
        now, found = self._clock(), sources.proposed(proposals)
        async with self._database.snapshot() as connection:
            about = sorted({one.meeting for one in reports} | {one.meeting for one in conflicts})
            meetings = await listings.by_ids(connection, about) if about else {}
            days = await exceptions.of_meetings(connection, about)
            found += sources.reported(reports, meetings, days, self._feeds, now)
            found += sources.contested(conflicts, meetings, who, self._feeds)
            for kind in _READ.keys() & set(kinds):
                found += await _READ[kind](connection, who, self._feeds, now)
            later = await put_off.still(connection, now)
        return [one for one in found if one.mark not in later]

    async def one(self, who: Admin, kind: Kind, key: int) -> Item | None:
        """The item of a button; None: it was answered or put off, went away by itself, or lies outside."""
        return next((one for one in await self.items(who, (kind,)) if key in one.keys), None)

    async def meetings_of(self, who: Admin, item: Item) -> list[Light]:
        """The meetings that an item holds together, as far as somebody looks after them."""
        now = self._clock()
        async with self._database.snapshot() as connection:
            if item.kind is Kind.VANISHED:
                found = await aged.gone_of(connection, item.feed, now - VANISHED_KEPT)
            else:
                found = await aged.old_of(connection, item.feed, now - OLD)
        return [one for one in found if may(who, DEEDS[item.kind], sources.scope_of(one))]

    async def meeting(self, identity: int) -> Meeting | None:
        """A meeting that is listed."""
        async with self._database.read() as connection:
            return (await listings.by_ids(connection, [identity])).get(identity)

    def alone_from(self, who: Admin, proposal: Proposal) -> datetime | None:
        """From when on an owner may confirm what they proposed themselves; None for others."""
        return proposal.at + ALONE_AFTER if who.role is Role.OWNER else None

    async def put_off(self, who: Admin, item: Item, days: int) -> tuple[datetime, int]:
        """Let an item rest; until when, and the number of the change. It is back sooner if there is more to it."""
        at = self._clock()
        until = (at + timedelta(days=days)).replace(microsecond=0)
        async with self._database.begin() as connection:
            await permit(connection, who, DEEDS[item.kind], item.about)
            before = await put_off.until(connection, item.mark)
            await put_off.trim(connection, at - KEPT)
            await put_off.put(connection, item.mark, until)
            subject = Subject(PUT_OFF, item.mark, item.title, item.about)
            values = {"until": written(before)}, {"until": written(until)}
            change = await record(connection, who, Deed.REVIEW, subject, *values, at)
        return until, change

    async def suggestion(self, number: int) -> Suggestion | None:
        """A suggestion, whatever became of it. Who asks has to look whether it is theirs."""
        async with self._database.read() as connection:
            return next((one for one in await suggestions.every(connection) if one.id == number), None)

    async def answer_suggestion(self, who: Admin, number: int, state: State, reason: str = "") -> int:
        """Say what became of a suggestion; the change's number. OutdatedButton for one that waits no more."""
        at = self._clock()
        async with self._database.begin() as connection:
            found = await suggestions.by_id(connection, number)
            if found is None or found.state is not State.WAITING:
                raise OutdatedButton
            await suggestions.put(connection, number, state, at.date())
            subject = Subject(SUGGESTION, str(number), found.subject.id, sources.about_subject(found.subject))
            after = {"state": state.value} | ({"reason": short(reason)} if reason else {})
            before = {"state": State.WAITING.value}
            return await record(connection, who, Deed.ANSWER_SUGGESTIONS, subject, before, after, at)

    async def note_line(self, who: Admin, country: str, line: str, wanted: str) -> None:
        """Write down that somebody made a text to commit about an urgent number. Raises NotPermitted."""
        subject = Subject(URGENT, country, line)
        async with self._database.begin() as connection:
            await record(connection, who, Deed.ANSWER_SUGGESTIONS, subject, {}, {"text": wanted}, self._clock())

    async def take_down(self, who: Admin, meeting: int, way: int, why: str) -> Done:
        """Take a dead link (way 0) or number (1) off a meeting, at once. OutdatedButton for another way."""
        if way >= len(TAKEN_DOWN):
            raise OutdatedButton
        return await self._meetings.change(who, [meeting], dict.fromkeys(TAKEN_DOWN[way], ""), why=why)


def short(reason: str) -> str:
    """A typed reason as it is kept; "" for one without a letter or a number."""
    kept = cleaned(reason)[:LONGEST_REASON]
    return kept if any(map(str.isalnum, kept)) else ""
