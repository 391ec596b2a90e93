"""Who is to be told what waits, and when: a digest a day at their hour, and reports that concern today.

Each is taken by one process before it is sent: whatever happens, it comes at most once.
"""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot.domain.admin import Admin, Deed, may
from bot.domain.clock import Clock, system_clock
from bot.domain.errors import NotPermitted
from bot.domain.news import LATE, Alert, Reader, Wanted
from bot.services.admins import Admins
from bot.services.reports import Same, alone, local_day
from bot.store import admins as store
from bot.store import meetings as listings
from bot.store import reports
from bot.store.admins import AdminRow
from bot.store.database import Connection, Database

DAY_MINUTES = 24 * 60


class News:
    """What people who help chose, and what is due. `same`: the ids under which one meeting is listed."""

    def __init__(
        self, database: Database, admins: Admins, *, same: Same = alone, clock: Clock = system_clock
    ) -> None:
        self._database, self._admins, self._same, self._clock = database, admins, same, clock

    # -- what somebody chose

    async def of(self, who: Admin) -> Wanted:
        """What they asked for. Raises NotPermitted for somebody who no longer helps."""
        async with self._database.read() as connection:
            return _wanted(await _helping(connection, who))

    async def set_digest(self, who: Admin, minute: int | None, zone: str, language: str) -> Wanted:
        """A digest at a local minute, or none. ValueError for a minute or a zone that there is not."""
        zone_of(zone or "UTC")
        if minute is not None and not (zone and 0 <= minute < DAY_MINUTES):
            raise ValueError("a digest needs a minute of the day and a zone")
        return await self._put(who, {"digest_minute": minute, "digest_zone": zone, "news_language": language})

    async def set_alerts(self, who: Admin, on: bool, language: str) -> Wanted:
        """Alerts, or none."""
        return await self._put(who, {"alerts": on, "news_language": language})

    async def _put(self, who: Admin, values: dict[str, object]) -> Wanted:
        async with self._database.begin() as connection:
            row = await _helping(connection, who, lock=True)
            minute, zone = values.get("digest_minute"), str(values.get("digest_zone", ""))
            if isinstance(minute, int):
                local = self._clock().astimezone(zone_of(zone))
                if local.hour * 60 + local.minute >= minute:
                    values |= {"digest_sent": _later(row.digest_sent, local.date())}  # today's hour is over
            await store.change(connection, row.id, values)
            return _wanted(await _helping(connection, who))

    # -- what is due

    async def due(self) -> list[Reader]:
        """Whose hour it is, and who was not told yet today."""
        now = self._clock()
        return [reader for reader, row in await self._readers() if _is_due(row, now)]

    async def take(self, reader: Reader) -> date | None:
        """Mark a digest as sent, before it is: the local day, or None where another process was there first."""
        now = self._clock()
        async with self._database.begin() as connection:
            row = await store.by_id(connection, reader.admin.id, lock=True)
            if row is None or row.revoked_at is not None or not _is_due(row, now):
                return None
            day = now.astimezone(zone_of(row.digest_zone)).date()
            await store.change(connection, row.id, {"digest_sent": day})
            return day

    async def give_back(self, reader: Reader, day: date) -> None:
        """It surely was not sent: its turn comes again."""
        async with self._database.begin() as connection:
            row = await store.by_id(connection, reader.admin.id, lock=True)
            if row is not None and row.digest_sent == day:
                await store.change(connection, row.id, {"digest_sent": day - timedelta(days=1)})

    async def alerts(self) -> list[tuple[Alert, list[Reader]]]:
        """Reports that concern today and were told to nobody yet, with those who look after the meeting."""
        async with self._database.read() as connection:
            if not await reports.any_alert(connection):
                return []
        wanting = [reader for reader, _ in await self._readers() if reader.wanted.alerts]
        now = self._clock()
        async with self._database.begin() as connection:
            rows = await reports.take_alerts(connection)
            ids = sorted({one for row in rows for one in self._same(row.meeting)})
            about = await reports.about(connection, ids)
            meetings = await listings.by_ids(connection, [row.meeting for row in rows]) if rows else {}
        told = []
        for row in rows:
            meeting = meetings.get(row.meeting)
            if meeting is None or row.day != local_day(meeting, now):
                continue
            scopes = [about[one].about for one in self._same(row.meeting) if one in about]
            mine = [one for one in wanting if any(may(one.admin, Deed.ANSWER_REPORTS, scope) for scope in scopes)]
            told.append((Alert(meeting, row.kind), mine))
        return told

    async def drop(self, reader: Reader) -> None:
        """They cannot be written to any more: they are not told until they ask again."""
        quiet = {"digest_minute": None, "digest_zone": "", "news_language": "", "alerts": False}
        async with self._database.begin() as connection:
            await store.change(connection, reader.admin.id, quiet)

    async def _readers(self) -> list[tuple[Reader, AdminRow]]:
        async with self._database.read() as connection:
            rows = {row.id: row for row in await store.listed(connection)}
        wanting = {number for number, row in rows.items() if row.digest_minute is not None or row.alerts}
        if not wanting:
            return []
        some = [
            (admin, chat, rows[admin.id]) for admin, chat in await self._admins.with_chats() if admin.id in wanting
        ]
        return [(Reader(admin, chat, row.news_language, _wanted(row)), row) for admin, chat, row in some]


def zone_of(name: str) -> ZoneInfo:
    """The zone of that name; ValueError for none."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, OSError) as error:
        raise ValueError("no such zone") from error


def _is_due(row: AdminRow, now: datetime) -> bool:
    if row.digest_minute is None:
        return False
    local = now.astimezone(zone_of(row.digest_zone))
    late = timedelta(hours=local.hour, minutes=local.minute) - timedelta(minutes=row.digest_minute)
    untold = row.digest_sent is None or row.digest_sent < local.date()
    return untold and timedelta(0) <= late < LATE


def _wanted(row: AdminRow) -> Wanted:
    return Wanted(row.digest_minute, row.digest_zone, row.alerts)


def _later(one: date | None, other: date) -> date:
    return other if one is None else max(one, other)


async def _helping(connection: Connection, who: Admin, *, lock: bool = False) -> AdminRow:
    row = await store.by_id(connection, who.id, lock=lock)
    if row is None or row.revoked_at is not None:
        raise NotPermitted
    return row
