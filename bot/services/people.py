"""What is kept of a person in all: shown, exported, erased; and what they chose once for everything."""

from typing import Any

from bot.domain.clock import Clock, system_clock
from bot.domain.meeting import id_text
from bot.domain.recurrence import zone_named
from bot.domain.reminder import Person
from bot.services.keys import KeyRing
from bot.services.reminders import retime_hours
from bot.store import people, reminders
from bot.store.database import Connection, Database
from bot.store.people import PersonRow
from bot.store.reminders import Kept

_MINUTES = 24 * 60


class People:
    """Language, zone and quiet hours are saved on request only."""

    def __init__(self, database: Database, keys: KeyRing, *, clock: Clock = system_clock) -> None:
        self._database, self._keys, self._clock = database, keys, clock

    async def of(self, chat: int) -> Person:
        """What somebody chose; Person() when nothing is kept."""
        row = await self._find(chat)
        return Person() if row is None else Person(row.language, row.zone, _quiet(row))

    async def set_language(self, chat: int, language: str | None) -> None:
        """Save a language, for reminders too; None: forget it."""
        await self._choose(chat, {"language": language})

    async def set_zone(self, chat: int, zone: str | None) -> None:
        """Save a zone (IANA) to show times in; None: forget it. ValueError for an unknown one.

        Hard hours are hours of that zone: as long as there are any, it is forgotten together with the last of them.
        """
        if zone is not None:
            zone_named(zone)
        await self._choose(chat, {"zone": zone, "keeps_zone": zone is not None})

    async def set_quiet(self, chat: int, quiet: tuple[int, int] | None) -> None:
        """Save quiet hours (local minutes, from and to; equal: never quiet); None: the usual ones. ValueError."""
        if quiet is not None and not all(0 <= minute < _MINUTES for minute in quiet):
            raise ValueError("no such minute")
        start, end = quiet or (None, None)
        await self._choose(chat, {"quiet_from": start, "quiet_to": end})

    async def has_anything(self, chat: int) -> bool:
        """Whether there is any row about a person."""
        return await self._find(chat) is not None

    async def forget(self, chat: int) -> bool:
        """Erase every row about a person at once; whether there was one."""
        marks = await self._keys.marks(chat)
        async with self._database.begin() as connection:
            person = await people.find(connection, marks, lock=True)
            if person is None:
                return False
            await people.erase(connection, person.id)
        await self._database.scrub()
        return True

    async def export(self, chat: int) -> dict[str, Any]:
        """Everything that is kept about a person, as JSON knows it; {} for nothing."""
        marks = await self._keys.marks(chat)
        async with self._database.read() as connection:
            person = await people.find(connection, marks)
            if person is None:
                return {}
            rows = await reminders.of_person(connection, person.id)
            plan = await people.plan(connection, person.id)
        told: dict[str, Any] = {"language": person.language, "zone": person.zone, "quiet_hours": _quiet(person)}
        told["reminders"] = [_reminder(row) for row in rows if row.meeting is not None]
        told["tough_times"] = [_tough_time(row) for row in rows if row.meeting is None]
        told["plan"] = plan and {"meetings": plan.meetings, "until": plan.until.isoformat(), "kinds": plan.kinds}
        return told

    async def _find(self, chat: int) -> PersonRow | None:
        marks = await self._keys.marks(chat)
        async with self._database.read() as connection:
            return await people.find(connection, marks)

    async def _choose(self, chat: int, values: dict[str, Any]) -> None:
        keys = await self._keys.keys()
        sealed = keys.primary.seal(chat)
        async with self._database.begin() as connection:
            marks = keys.marks(chat)
            person = await people.find_or_add(connection, marks, sealed=sealed, key=keys.primary.id)
            rows = await reminders.of_person(connection, person.id)
            if values.get("zone", "") is None and any(row.meeting is None for row in rows):
                values = {"keeps_zone": False}
            await people.change(connection, person.id, values)
            await self._take_up(connection, person.id, values)
            erased = await people.erase_if_empty(connection, person.id)
        if erased:
            await self._database.scrub()

    async def _take_up(self, connection: Connection, person: int, values: dict[str, Any]) -> None:
        """What a choice changes in reminders."""
        if "zone" in values:
            await retime_hours(connection, person, self._clock())
        if values.get("language"):
            for row in await reminders.of_person(connection, person):
                await reminders.change(connection, row.id, {"language": values["language"]})


def _quiet(row: PersonRow) -> tuple[int, int] | None:
    return None if row.quiet_from is None or row.quiet_to is None else (row.quiet_from, row.quiet_to)


def _common(row: Kept) -> dict[str, Any]:
    return {
        "language": row.language,
        "minutes_before": row.lead_s // 60,
        "paused_until": row.paused_until and row.paused_until.isoformat(),
        "sent_since_last_press": row.sent,
        "day_of_last_press": row.pressed_on.isoformat(),
        "next": row.starts_at and row.starts_at.isoformat(),
    }


def _reminder(row: Kept) -> dict[str, Any]:
    return {
        "meeting": id_text(row.meeting or 0),
        "every_week": row.weekly,
        "with_name": row.named,
        "without_sound": row.silent,
        "asks_afterwards": row.check_in,
        "left_out": row.skipped and row.skipped.isoformat(),
        **_common(row),
    }


def _tough_time(row: Kept) -> dict[str, Any]:
    return {"weekday": row.weekday, "minute": row.minute, "area": row.cell, **_common(row)}
