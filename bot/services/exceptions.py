"""Dated exceptions set by people who help: a meeting is suspended, closed on a day, or held once elsewhen.

What is known of one meeting is known of every list's row about it. Reminders move or warn in the same transaction.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, nullcontext
from datetime import date, datetime

from bot.domain import exceptions as rules
from bot.domain.admin import Admin, Deed
from bot.domain.audit import Subject, Values
from bot.domain.clock import Clock, system_clock
from bot.domain.edits import scope_of
from bot.domain.errors import MeetingGone
from bot.domain.exceptions import KIND, BadDays, DatedException, Done
from bot.domain.guarded import is_guarded
from bot.domain.meeting import Meeting, id_text
from bot.domain.recurrence import zone_named
from bot.services.audit import permit, record
from bot.services.reports import Same, alone
from bot.store import exceptions as store
from bot.store import meetings
from bot.store.database import Connection, Database
from bot.store.retiming import retime

MOST = 60  # meetings at once: a house that is closed for a holiday


class Days:
    """Puts exceptions and takes them away; one for each meeting and first day. `who` None: the command line."""

    def __init__(
        self, database: Database, *, same: Same = alone, kinds: Collection[str] = (), clock: Clock = system_clock
    ) -> None:
        """`same`: the ids under which one meeting is listed; `kinds`: see `domain.guarded`."""
        self._database, self._same, self._kinds, self._clock = database, same, kinds, clock

    async def of(self, meeting: int) -> rules.Days:
        """The exceptions of a meeting that still say anything, the first day first."""
        async with self._database.read() as connection:
            known = await meetings.by_ids(connection, [meeting])
            found = (await store.of_meetings(connection, [meeting])).get(meeting, ())
        if meeting not in known:
            return found
        today = _today(known[meeting], self._clock())
        return tuple(one for one in found if not one.is_over(today))

    async def put(self, who: Admin | None, ids: Sequence[int], what: DatedException) -> Done:
        """Set an exception, in the place of the one with the same first day; those that do not meet then stay as
        they are.

        Raises BadDays (see `domain.exceptions.checked`) if it makes no sense for one of them, or none meets then;
        MeetingGone if one is no longer listed; NotPermitted. Then nothing is changed.
        """
        async with self._database.begin() as connection:
            found = await self._found(connection, who, ids)
            now = self._clock()
            before = await store.of_meetings(connection, found)
            if what.note and await self._guarded(connection, found):
                raise BadDays("guarded")  # a few words can lead somebody to another room
            meant = _meant(found.values(), what, before, now)
            different = [one for one in meant if what not in before.get(one.id, ())]
            changes = [
                await self._change(connection, who, one, before.get(one.id, ()), what.first_day, what)
                for one in different
            ]
            await self._told(connection, different, now)
        return _done(found, different, changes)

    async def remove(self, who: Admin | None, ids: Sequence[int], first_day: date) -> Done:
        """Take away the exception that begins on a day: the meeting is as every week. Raises as `put` does."""
        async with self._database.begin() as connection:
            found = await self._found(connection, who, ids)
            before = await store.of_meetings(connection, found)
            had = [one for one in found.values() if any(day.first_day == first_day for day in before.get(one.id, ()))]
            changes = [await self._change(connection, who, one, before[one.id], first_day, None) for one in had]
            await self._told(connection, had, self._clock())
        return _done(found, had, changes)

    async def _found(self, connection: Connection, who: Admin | None, ids: Sequence[int]) -> dict[int, Meeting]:
        """The meetings, while nobody else changes any."""
        wanted = list(dict.fromkeys(ids))
        if len(wanted) > MOST:
            raise BadDays("many")
        await meetings.count_change(connection)
        known = await meetings.by_ids(connection, wanted)
        if not known or len(known) < len(wanted):
            raise MeetingGone
        for one in known.values():
            await permit(connection, who, Deed.EDIT_MEETING, scope_of(one))
        return {identity: known[identity] for identity in wanted}

    async def _guarded(self, connection: Connection, ids: Iterable[int]) -> bool:
        """Whether one of the meetings is guarded, by any of the lists that name it: the note stands in all."""
        every = sorted({same for one in ids for same in (one, *self._same(one))})
        known = await meetings.by_ids(connection, every)
        return any(is_guarded(one, self._kinds) for one in known.values())

    async def _change(
        self,
        connection: Connection,
        who: Admin | None,
        one: Meeting,
        before: Iterable[DatedException],
        day: date,
        after: DatedException | None,
    ) -> int:
        """Set the exception of a first day, or none; the number of the change."""
        await self._set(connection, one.id, {day: after})
        earlier = next((known for known in before if known.first_day == day), None)
        old, new = ({day.isoformat(): known and rules.as_json(known)} for known in (earlier, after))
        return await record(connection, who, Deed.EDIT_MEETING, subject_of(one), old, new, self._clock())

    async def _set(self, connection: Connection, meeting: int, days: dict[date, DatedException | None]) -> None:
        every = sorted({meeting, *self._same(meeting)})
        for first_day, one in days.items():
            if one is None:
                await store.remove(connection, every, first_day)
            else:
                await store.put(connection, every, one)

    async def _told(self, connection: Connection, changed: Sequence[Meeting], now: datetime) -> None:
        """Reminders of these meetings move, and their people hear of it."""
        every = {same for one in changed for same in (one.id, *self._same(one.id))}
        await retime(connection, every, now)

    async def now(self, connection: Connection, subject: Subject, fields: tuple[str, ...]) -> Values:
        """What is set for these first days now; nobody else changes it until the end."""
        await meetings.count_change(connection)
        meeting = int(subject.id, 16)
        found = (await store.of_meetings(connection, [meeting])).get(meeting, ())
        by_day = {one.first_day.isoformat(): rules.as_json(one) for one in found}
        return {name: by_day.get(name) for name in fields}

    async def put_back(self, connection: Connection, subject: Subject, values: Values, at: datetime) -> None:
        """Set exceptions as the audit knows them; None takes one away."""
        meeting = int(subject.id, 16)
        days = {date.fromisoformat(name): value for name, value in values.items()}
        meant = {day: rules.of_json(day, value) if value else None for day, value in days.items()}
        await self._set(connection, meeting, meant)
        await retime(connection, {meeting, *self._same(meeting)}, at)


class UndoDays:
    """Takes back what was put or taken away."""

    def __init__(self, days: Days) -> None:
        self._days = days

    def turn(self, subject: Subject) -> AbstractAsyncContextManager[object]:
        """Nothing to wait for."""
        return nullcontext()

    async def now(self, connection: Connection, subject: Subject, fields: tuple[str, ...]) -> Values:
        """What is set for these first days now."""
        return await self._days.now(connection, subject, fields)

    async def put(
        self, connection: Connection, subject: Subject, values: Values, who: Admin | None, at: datetime
    ) -> None:
        """Set them back."""
        await self._days.put_back(connection, subject, values, at)


def _meant(
    found: Iterable[Meeting], what: DatedException, before: Mapping[int, rules.Days], now: datetime
) -> list[Meeting]:
    """Those that meet in these days; BadDays if none does, or if it makes no sense for one of them."""
    meant = []
    for one in found:
        others = [day for day in before.get(one.id, ()) if day.first_day != what.first_day]
        try:
            rules.checked(what, one.weekday, _today(one, now), others)
        except BadDays as fault:
            if fault.reason != "no_meeting":
                raise
        else:
            meant.append(one)
    if not meant:
        raise BadDays("no_meeting")
    return meant


def _done(found: Iterable[int], different: Iterable[Meeting], changes: Iterable[int]) -> Done:
    changed = tuple(one.id for one in different)
    return Done(changed, tuple(one for one in found if one not in changed), tuple(changes))


def subject_of(meeting: Meeting) -> Subject:
    """A meeting's days, as the audit calls them."""
    return Subject(KIND, id_text(meeting.id), meeting.name, scope_of(meeting))


def _today(meeting: Meeting, now: datetime) -> date:
    return now.astimezone(zone_named(meeting.zone)).date()
