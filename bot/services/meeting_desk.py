"""Meetings kept true by people who help: found, looked at, corrected, added, ended; and what waits for a second one.

`who` is an Admin, or None for the command line. Whether somebody may is asked of what a meeting is before and after,
inside the transaction that changes it. All raise NotPermitted.
"""

import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from functools import cache
from typing import Any

from bot.domain.admin import EVERYTHING, Admin, Deed, Scope, does, may
from bot.domain.audit import Subject
from bot.domain.clock import Clock, system_clock
from bot.domain.edits import ENDED, Done, Edit, Found, Proposal, Sheet, scope_of
from bot.domain.errors import MeetingChanged, MeetingGone, NotPermitted
from bot.domain.fields import BadField, mark
from bot.domain.meeting import Meeting, id_text
from bot.domain.words import fold
from bot.services import meeting_adding, meeting_deciding, meeting_words
from bot.services.audit import permits, record_all
from bot.services.meeting_drafts import draft
from bot.services.meeting_rules import World
from bot.services.meeting_state import State
from bot.services.meeting_writing import KIND, Asked, Note, Wanted, Writing, maybe_same, states_of
from bot.store import checks, desk_meetings, proposals, revising
from bot.store import edits as edit_store
from bot.store.audit import Written
from bot.store.database import Database

MOST_WORDS = 8
_LOOKS = (Deed.EDIT_MEETING, Deed.REVIEW)


class MeetingDesk:
    """All that is done to meetings by hand. Several at once: all of them, or none."""

    def __init__(self, database: Database, world: World, *, clock: Clock = system_clock) -> None:
        self._database, self.world, self._clock = database, world, clock

    @property
    def kinds(self) -> frozenset[str]:
        """Fellowships that are guarded by nature (domain.guarded)."""
        return self.world.guarded

    async def find(self, who: Admin | None, text: str, limit: int = 8) -> list[Found]:
        """Meetings that somebody looks after, by words of name, venue, address, town and postcode, or by their id."""
        _check(who)
        words = fold(text).split()[:MOST_WORDS]
        if not words:
            return []
        await meeting_words.put_in(self._database)
        async with self._database.snapshot() as connection:
            known = list((await revising.rows(connection, [number])).values()) if (number := _id(text)) else []
            known = known or await desk_meetings.find(connection, words, who.scope if who else EVERYTHING)
        mine = [Found(one.meeting, one.vanished_at is not None) for one in known if _looks(who, one.meeting)]
        return sorted(mine, key=lambda one: _rank(one, words))[:limit]

    async def one(self, who: Admin | None, number: int) -> Sheet:
        """All that is known of one. Raises MeetingGone."""
        async with self._database.snapshot() as connection:
            state = (await states_of(connection, [number])).get(number)
            if state is None:
                raise MeetingGone
            if not _looks(who, state.meeting):
                raise NotPermitted
            return Sheet(
                meeting=state.meeting,
                listed=None if state.by_hand else state.listed,
                edits=dict(state.edits),
                ended=state.ended,
                vanished_at=state.vanished_at,
                proposals=tuple(await proposals.of_meeting(connection, number)),
                others=tuple(await desk_meetings.others(connection, state.meeting)),
                checked_on=(await checks.of(connection, [number])).get(number),
            )

    async def change(
        self,
        who: Admin | None,
        ids: Iterable[int],
        values: Mapping[str, Any],
        *,
        why: str = "",
        until: datetime | None = None,
        seen: int | None = None,
    ) -> Done:
        """Set fields, by name as `fields.read` gives them. `until`: then the list counts again. `seen`: the mark of
        what was looked at. Raises MeetingGone, MeetingChanged."""
        wanted = {number: dict(values) for number in ids}
        return await self.change_each(who, wanted, why=why, until=until, seen=seen)

    async def change_each(
        self,
        who: Admin | None,
        changes: Mapping[int, Mapping[str, Any]],
        *,
        why: str = "",
        until: datetime | None = None,
        seen: int | None = None,
        added: Sequence[Mapping[str, Any]] = (),
        note: Note | None = None,
        deed: Deed = Deed.EDIT_MEETING,
    ) -> Done:
        """The same with values of their own for each, and new ones beside; `note` writes down more in the same
        transaction, and is not asked where there are faults."""
        wanted: dict[int, Wanted] = {number: _just(values) for number, values in changes.items()}
        asked = Asked(deed, "change", why.strip(), until, seen, note)
        return await self._do(who, wanted, asked, added)

    async def give_up(
        self, who: Admin | None, ids: Iterable[int], fields: Iterable[str], *, seen: int | None = None
    ) -> Done:
        """Drop edits: the list counts again. Raises MeetingGone, MeetingChanged."""
        names = tuple(fields)

        def as_listed(state: State) -> Mapping[str, Any]:
            return {one: False if one == ENDED else getattr(state.listed, one) for one in names if one in state.edits}

        return await self._do(who, dict.fromkeys(ids, as_listed), Asked(kind="give_up", seen=seen))

    async def end(
        self,
        who: Admin | None,
        ids: Iterable[int],
        *,
        why: str = "",
        seen: int | None = None,
        deed: Deed = Deed.EDIT_MEETING,
        note: Note | None = None,
    ) -> Done:
        """Show a meeting no more, although its list has it. Raises MeetingGone, MeetingChanged."""
        wanted = dict.fromkeys(ids, _just({ENDED: True}))
        return await self._do(who, wanted, Asked(deed, "change", why.strip(), None, seen, note))

    async def restore(self, who: Admin | None, ids: Iterable[int], *, seen: int | None = None) -> Done:
        """Show it again. Raises MeetingGone for one that its list dropped; MeetingChanged."""
        return await self._do(who, dict.fromkeys(ids, _just({ENDED: False})), Asked(kind="restore", seen=seen))

    async def add(self, who: Admin | None, values: Mapping[str, Any]) -> Done:
        """A meeting that no list has."""
        return await self._do(who, {}, Asked(), [values])

    async def duplicate(self, who: Admin | None, number: int, values: Mapping[str, Any]) -> Done:
        """Another meeting like one, but for these values; of any list, it is one by hand. Raises MeetingGone."""
        sheet = await self.one(who, number)
        return await self._do(who, {}, Asked(), [values], like=sheet.meeting)

    async def drafted(self, values: Mapping[str, Any]) -> Meeting | tuple[BadField, ...]:
        """What `add` would make, or what is wrong with it. Nothing is written."""
        return await draft(values, self.world, key=secrets.token_hex(8))

    async def checked(self, who: Admin | None, number: int) -> None:
        """Somebody found a meeting to be right, today. Raises MeetingGone."""
        await self.checked_all(who, [number])

    async def checked_all(self, who: Admin | None, ids: Sequence[int]) -> None:
        """The same for several, all or none."""
        at = self._clock()
        async with self._database.begin() as connection:
            states = await states_of(connection, ids)
            if states.keys() != set(ids) or any(one.shown is None for one in states.values()):
                raise MeetingGone
            before, today = await checks.of(connection, ids), at.date()
            await checks.put_all(connection, dict.fromkeys(states, today))
            told = [_looked_at(state.meeting, before.get(number), today) for number, state in states.items()]
            allowed = await permits(connection, who)
            await record_all(connection, allowed, Deed.EDIT_MEETING, told, at)

    async def proposals(self, who: Admin | None) -> list[Proposal]:
        """What waits for a second person, of what somebody looks after; the oldest first."""
        _check(who)
        async with self._database.read() as connection:
            found = await proposals.waiting(connection)
        return [one for one in found if who is None or may(who, Deed.REVIEW, one.about)]

    async def decide(self, who: Admin | None, proposal: int, accept: bool, reason: str = "") -> Done:
        """Accept or turn down. One's own: to be withdrawn, or accepted by an owner a day later (else NeedsTwo).

        Raises OutdatedButton for one that waits no more, MeetingGone.
        """
        async with self._database.read() as connection:
            found = await proposals.by_id(connection, proposal)
        beside = await self._beside([found[0].meeting]) if found and accept else []
        async with self._database.begin() as connection:
            await revising.take_turn(connection)
            deciding = meeting_deciding.Deciding(connection, self.world, who, self._clock(), beside)
            return await deciding.decide(proposal, accept=accept, reason=reason)

    async def conflicts(self, who: Admin | None) -> list[Edit]:
        """Edits whose list says something new since, and not what was set."""
        _check(who)
        async with self._database.snapshot() as connection:
            edits = await edit_store.listed_otherwise(connection)
            rows = await revising.rows(connection, sorted({one.meeting for one in edits}))
        return [one for one in edits if one.meeting in rows and _looks(who, rows[one.meeting].meeting)]

    async def _do(
        self,
        who: Admin | None,
        wanted: Mapping[int, Wanted],
        asked: Asked,
        added: Sequence[Mapping[str, Any]] = (),
        like: Meeting | None = None,
    ) -> Done:
        _check(who, asked.deed)
        at, beside = self._clock(), await self._beside(sorted(wanted))
        async with self._database.begin() as connection:
            await revising.take_turn(connection)
            states = await states_of(connection, sorted(wanted))
            if states.keys() != wanted.keys():
                raise MeetingGone
            if asked.seen is not None and asked.seen != mark(state.meeting for state in states.values()):
                raise MeetingChanged
            writing = Writing(connection, _once(self.world), who, at, asked, beside)
            await writing.plan(states, wanted)
            await meeting_adding.plan(writing, added, like)
            done = await writing.write()
            if asked.note is not None and not done.faults:
                await asked.note(connection, done)
            return done

    async def _beside(self, ids: Sequence[int]) -> list[int]:
        if not ids:
            return []
        async with self._database.snapshot() as connection:
            return await maybe_same(connection, ids)


def _looked_at(meeting: Meeting, before: date | None, today: date) -> Written:
    subject = Subject(KIND, id_text(meeting.id), meeting.name, scope_of(meeting))
    return subject, {"checked_on": before.isoformat() if before else None}, {"checked_on": today.isoformat()}


def _once(world: World) -> World:
    """The same for one deed: meetings of one town need its point one time."""
    return replace(world, locate=cache(world.locate)) if world.locate else world


def _just(values: Mapping[str, Any]) -> Wanted:
    return lambda _state: values


def _check(who: Admin | None, *deeds: Deed) -> None:
    if who is not None and not any(does(who, deed) for deed in deeds or _LOOKS):
        raise NotPermitted


def _looks(who: Admin | None, meeting: Meeting) -> bool:
    about: Scope = scope_of(meeting)
    return who is None or any(may(who, deed, about) for deed in _LOOKS)


def _id(text: str) -> int | None:
    plain = text.strip().lower()
    return int(plain, 16) if len(plain) == 14 and all(letter in "0123456789abcdef" for letter in plain) else None


def _rank(found: Found, words: Sequence[str]) -> tuple[bool, bool, int, str, int, int, int]:
    """What is shown before what is not; names that hold all of the words, and begin with them, first."""
    name = fold(found.meeting.name)
    missing = sum(word not in name.split() for word in words)
    day, start = found.meeting.weekday or 8, found.meeting.start or 0
    return found.ended, not name.startswith(words[0]), missing, name, day, start, found.meeting.id
