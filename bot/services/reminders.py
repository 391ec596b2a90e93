"""What a person can do with reminders and hard hours. Each call is one transaction; nothing is logged about it.

The first opt-in makes the person's row, the last "stop" erases it. "Not there any more" is an answer, no error.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date, datetime, timedelta
from typing import Any

from bot.domain.clock import Clock, system_clock
from bot.domain.errors import MeetingGone
from bot.domain.recurrence import FOREVER, jitter_s, zone_named
from bot.domain.reminder import (
    DAY_S,
    HOUR_S,
    LAST_MOMENT_S,
    LATER_S,
    LONGEST_LEAD_S,
    MINUTE_S,
    MOST_LATER,
    Kind,
    Reminder,
    ToughTime,
    asks_at,
)
from bot.services.keys import KeyRing
from bot.services.scheduling import change, schedule
from bot.store import outbox, people, reminders, retiming
from bot.store.database import Connection, Database
from bot.store.outbox import Message
from bot.store.people import PersonRow
from bot.store.reminders import Kept

_AREA_BITS = 5  # of a cell's thirty are dropped: about five kilometres are near enough
_ASKING = (Kind.QUESTION, Kind.EXPIRY)


class Reminders:
    """Opt in, list, change, put off, pause, stop. `chat` is never kept in the open; `meeting` is a meeting's id."""

    def __init__(self, database: Database, keys: KeyRing, *, clock: Clock = system_clock) -> None:
        self._database, self._keys, self._clock = database, keys, clock

    async def set(
        self,
        chat: int,
        meeting: int,
        *,
        lead_s: int = HOUR_S,
        language: str = "en",
        weekly: bool = False,
        named: bool = False,
        silent: bool = False,
        zone: str | None = None,
    ) -> Reminder:
        """Opt in, or change all of it. The first reminder is for the first start that is more than the lead away.

        `zone`: the person's (IANA), kept as long as the reminders. Raises MeetingGone for a meeting that is not
        listed or has no time, ValueError for a lead over six days or an unknown zone.
        """
        chosen = {"lead_s": _lead(lead_s), "language": language, "weekly": weekly, "named": named, "silent": silent}
        async with self._whole(chat, zone) as (connection, person, now):
            row = await reminders.of_meeting(connection, person.id, meeting)
            if row is None:
                row = await _new(connection, person, now, chosen | {"meeting": meeting})
            woken = {"paused_until": None, "skipped": None, "sent": 0, "pressed_on": now.date()}
            jitter = jitter_s(b"%d/%d" % (person.id, meeting), lead_s)
            row = await change(connection, row, chosen | woken | {"jitter_s": jitter, "form": row.form_now})
            if row.rule is None or row.rule.series(now) is None:
                raise MeetingGone
            return await _shown(connection, await schedule(connection, row, now))

    async def change(
        self,
        chat: int,
        meeting: int,
        *,
        lead_s: int | None = None,
        weekly: bool | None = None,
        named: bool | None = None,
        silent: bool | None = None,
        language: str | None = None,
    ) -> Reminder | None:
        """Change what is given and leave the rest."""
        asked = {"lead_s": lead_s, "weekly": weekly, "named": named, "silent": silent, "language": language}
        values: dict[str, Any] = {name: value for name, value in asked.items() if value is not None}
        async with self._one(chat, meeting) as (connection, row, now):
            if row is None:
                return None
            if lead_s is not None:
                values["jitter_s"] = jitter_s(b"%d/%d" % (row.person, meeting), _lead(lead_s))
            before, row = row, await change(connection, row, values)
            again = row.weekly and not before.weekly and row.fires_at is None
            if row.lead_s != before.lead_s or again:
                row = await schedule(connection, row, now)
            return await _shown(connection, row)

    async def get(self, chat: int, meeting: int) -> Reminder | None:
        """One reminder."""
        return next((one for one in await self.of(chat) if one.meeting == meeting), None)

    async def of(self, chat: int) -> tuple[Reminder, ...]:
        """All reminders of a person, the next first, those without a next one last."""
        rows = [row for row in await self._rows(chat) if row.meeting is not None]
        async with self._database.read() as connection:
            return tuple([await _shown(connection, row) for row in rows])

    async def skip(self, chat: int, meeting: int, day: date) -> Reminder | None:
        """Leave one occurrence out; what was put off to come again that day, or to be asked, does not come."""
        async with self._one(chat, meeting) as (connection, row, now):
            if row is None:
                return None
            await outbox.take_back(connection, [row.id], now, day=day)
            row = await change(connection, row, {"skipped": day})
            if row.next_day == day and row.fires_at is not None:
                row = await schedule(connection, row, now)
            return await _shown(connection, row)

    async def unskip(self, chat: int, meeting: int) -> Reminder | None:
        """Take "not this week" back."""
        async with self._one(chat, meeting) as (connection, row, now):
            if row is None:
                return None
            row = await change(connection, row, {"skipped": None})
            return await _shown(connection, await schedule(connection, row, now))

    async def later(self, chat: int, meeting: int, day: date) -> datetime | None:
        """Let the reminder for a local date come again in ten minutes: when. None: thrice already, or it begins."""
        async with self._one(chat, meeting) as (connection, row, now):
            planned = None if row is None else await outbox.planned(connection, row.id, day)
            if row is None or planned is None or row.skipped == day or row.paused_until == FOREVER:
                return None
            if planned.starts_at <= now:
                return None
            waiting = await outbox.waiting_later(connection, row.id, day)
            if waiting is not None:
                return waiting
            used = await outbox.count(connection, row.id, Kind.LATER, day)
            at = now + timedelta(seconds=LATER_S)
            if used >= MOST_LATER or at > planned.starts_at - timedelta(seconds=LAST_MOMENT_S):
                return None
            again = Message(row.id, Kind.LATER, day, at, planned.starts_at, planned.starts_at, turn=used + 1)
            await outbox.put(connection, [again])
            return at

    async def pause(self, chat: int, meeting: int, until: date = FOREVER) -> Reminder | None:
        """Let nothing come before a local date; FOREVER: until it is resumed."""
        async with self._one(chat, meeting) as (connection, row, now):
            if row is None:
                return None
            await outbox.take_back(connection, [row.id], now)
            values = {"paused_until": until, "fires_at": None}  # nothing of before is waiting to fire
            row = await schedule(connection, await change(connection, row, values), now)
            return await _shown(connection, row)

    async def resume(self, chat: int, meeting: int) -> Reminder | None:
        """End a pause; nothing of what lay in it comes."""
        async with self._one(chat, meeting) as (connection, row, now):
            if row is None:
                return None
            row = await change(connection, row, {"paused_until": None})
            return await _shown(connection, await schedule(connection, row, now))

    async def ask_afterwards(self, chat: int, meeting: int, on: bool) -> Reminder | None:
        """Ask once how it was, after the next meeting; or do not."""
        async with self._one(chat, meeting) as (connection, row, now):
            if row is None:
                return None
            await outbox.withdraw(connection, row.id, [Kind.CHECK_IN])
            reminded = [one for one in await outbox.ahead(connection, [row.id], now) if one.kind is Kind.REMINDER]
            if on and reminded:
                soonest = reminded[0]
                asks = asks_at(soonest.starts_at, row.duration)
                over = max(asks, soonest.starts_at + timedelta(seconds=DAY_S))
                question = Message(row.id, Kind.CHECK_IN, soonest.day, asks, over, soonest.starts_at)
                await outbox.put(connection, [question])
            row = await change(connection, row, {"check_in": on and not reminded})
            return await _shown(connection, row)

    async def stop(self, chat: int, meeting: int) -> bool:
        """Erase one reminder; whether there was one."""
        async with self._one(chat, meeting) as (connection, row, _):
            if row is None:
                return False
            await reminders.remove(connection, [row.id])
            await people.erase_if_empty(connection, row.person)
        await self._database.scrub()
        return True

    async def stop_all(self, chat: int) -> int:
        """Erase all reminders and hard hours of a person: how many there were."""
        marks = await self._keys.marks(chat)
        async with self._database.begin() as connection:
            person = await people.find(connection, marks, lock=True)
            if person is None:
                return 0
            ids = [row.id for row in await reminders.of_person(connection, person.id)]
            await reminders.remove(connection, ids)
            await people.erase_if_empty(connection, person.id)
        await self._database.scrub()
        return len(ids)

    async def opened(self, chat: int, meeting: int) -> None:
        """Note that a button of this reminder was pressed: the day, and that nothing is unopened."""
        async with self._one(chat, meeting):
            pass

    async def keep(self, chat: int, meeting: int) -> Reminder | None:
        """Answer a question about keeping it with yes; one that paused itself goes on."""
        return await self.resume(chat, meeting)

    async def add_tough_time(
        self,
        chat: int,
        weekday: int,
        minute: int,
        *,
        zone: str,
        lead_s: int = 30 * MINUTE_S,
        language: str = "en",
        cell: int | None = None,
    ) -> ToughTime:
        """Keep an hour that tends to be hard (ISO weekday, local minute in `zone`), every week.

        `cell`: the area to look in (domain.place), kept to about five kilometres. ValueError as in `set`.
        """
        if not (1 <= weekday <= 7 and 0 <= minute < 1440):
            raise ValueError("no such hour")
        area = None if cell is None else cell >> _AREA_BITS << _AREA_BITS | 1 << _AREA_BITS - 1
        seed = b"%d:%d" % (weekday, minute)
        chosen = {"lead_s": _lead(lead_s), "jitter_s": jitter_s(seed, lead_s), "language": language, "cell": area}
        async with self._whole(chat, zone) as (connection, person, now):
            row = await reminders.of_hour(connection, person.id, weekday, minute)
            if row is None:
                hour = {"weekday": weekday, "minute": minute, "weekly": True, "named": False, "silent": False}
                row = await _new(connection, person, now, chosen | hour)
            row = await change(connection, row, chosen | {"sent": 0, "pressed_on": now.date(), "paused_until": None})
            return (await schedule(connection, row, now)).as_tough_time()

    async def tough_times(self, chat: int) -> tuple[ToughTime, ...]:
        """The hard hours of a person, through the week."""
        hours = [row.as_tough_time() for row in await self._rows(chat) if row.meeting is None]
        return tuple(sorted(hours, key=lambda one: one.number))

    async def drop_tough_time(self, chat: int, number: int) -> bool:
        """Erase a hard hour by its number (minute of the week); whether there was one."""
        async with self._hour(chat, number) as (connection, row):
            if row is None:
                return False
            await reminders.remove(connection, [row.id])
            await people.erase_if_empty(connection, row.person)
        await self._database.scrub()
        return True

    async def opened_tough_time(self, chat: int, number: int) -> None:
        """The same as `opened`; one that paused itself goes on."""
        async with self._hour(chat, number) as (connection, row):
            if row is not None and row.paused_until is not None:
                row = await change(connection, row, {"paused_until": None})
                await schedule(connection, row, self._clock())

    async def _rows(self, chat: int) -> list[Kept]:
        marks = await self._keys.marks(chat)
        async with self._database.read() as connection:
            person = await people.find(connection, marks)
            return [] if person is None else await reminders.of_person(connection, person.id)

    @asynccontextmanager
    async def _whole(self, chat: int, zone: str | None) -> AsyncIterator[tuple[Connection, PersonRow, datetime]]:
        """A person who opts in, with their row made where there is none."""
        if zone is not None:
            zone_named(zone)
        keys, now = await self._keys.keys(), self._clock()
        sealed = keys.primary.seal(chat)
        async with self._database.begin() as connection:
            marks = keys.marks(chat)
            person = await people.find_or_add(connection, marks, sealed=sealed, key=keys.primary.id)
            if zone is not None and zone != person.zone:
                await people.change(connection, person.id, {"zone": zone})
                await retime_hours(connection, person.id, now)
            yield connection, person, now

    @asynccontextmanager
    async def _one(self, chat: int, meeting: int) -> AsyncIterator[tuple[Connection, Kept | None, datetime]]:
        """A person's reminder in a transaction; asking for it is a sign of life."""
        marks, now = await self._keys.marks(chat), self._clock()
        async with self._database.begin() as connection:
            person = await people.find(connection, marks, lock=True)
            row = None if person is None else await reminders.of_meeting(connection, person.id, meeting)
            yield connection, await _pressed(connection, row, now), now

    @asynccontextmanager
    async def _hour(self, chat: int, number: int) -> AsyncIterator[tuple[Connection, Kept | None]]:
        marks = await self._keys.marks(chat)
        async with self._database.begin() as connection:
            person = await people.find(connection, marks, lock=True)
            weekday, minute = number // 1440 + 1, number % 1440
            row = None if person is None else await reminders.of_hour(connection, person.id, weekday, minute)
            yield connection, await _pressed(connection, row, self._clock())


async def retime_hours(connection: Connection, person: int, now: datetime) -> None:
    """Bring the hard hours of a person in step with a new zone."""
    hours = [row for row in await reminders.of_person(connection, person) if row.meeting is None]
    await retiming.refit(connection, hours, now, tells=False)


async def _new(connection: Connection, person: PersonRow, now: datetime, values: dict[str, Any]) -> Kept:
    fresh = {"person": person.id, "jitter_s": 0, "check_in": False, "sent": 0, "pressed_on": now.date()}
    row = await reminders.by_id(connection, await reminders.add(connection, fresh | values))
    assert row is not None
    return row


async def _pressed(connection: Connection, row: Kept | None, now: datetime) -> Kept | None:
    """A press: the count of unopened ones begins anew, and questions about keeping it are answered."""
    if row is None:
        return None
    await outbox.withdraw(connection, row.id, _ASKING)
    return await change(connection, row, {"sent": 0, "pressed_on": now.date()})


async def _shown(connection: Connection, row: Kept) -> Reminder:
    asks = row.check_in or bool(await outbox.asking(connection, [row.id]))
    return row.as_reminder(asks)


def _lead(lead_s: int) -> int:
    if not MINUTE_S <= lead_s <= LONGEST_LEAD_S:
        raise ValueError("a lead is between a minute and six days")
    return lead_s
