"""Puts many reminders into a database at once, as the services would have kept them one by one."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import insert

from bot.domain.meeting import Meeting, meeting_id
from bot.domain.reminder import Kind
from bot.services.keys import KeyRing
from bot.store import meetings as listings
from bot.store import outbox
from bot.store.database import Database
from bot.store.outbox import Message
from bot.store.tables import people, reminders

FEED = "soak"
PART = 5_000
ZONES = ("Europe/London", "Asia/Kolkata", "America/New_York", "Australia/Lord_Howe")
MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Wish:
    """One person's weekly reminder of one meeting; `asks_at`: it came already, and a question follows then."""

    chat: int
    meeting: int
    zone: str
    start: datetime
    fires_at: datetime
    lead_s: int
    asks_at: datetime | None = None

    @property
    def key(self) -> tuple[int, int]:
        """What it is known by: nobody has two of one meeting."""
        return self.chat, self.meeting


def meeting_at(start: datetime, number: int) -> Meeting:
    """An online meeting that starts at a full minute; those of a minute are told apart by number."""
    zone = ZONES[number % len(ZONES)]
    local, key = start.astimezone(ZoneInfo(zone)), f"{start:%Y%m%d%H%M}/{number}"
    return Meeting(
        id=meeting_id(FEED, key, 0), feed=FEED, key=key, position=0, fellowship="smart",
        name=f"Quiet Lantern {number}", weekday=local.isoweekday(), start=local.hour * 60 + local.minute,
        duration=60, zone=zone, in_person=False, online=True, join_url="https://zoom.us/j/5550100",
    )  # fmt: skip


def next_minute(at: datetime) -> datetime:
    """The first full minute at or after an instant."""
    return at if not (at.second or at.microsecond) else at.replace(second=0, microsecond=0) + MINUTE


async def list_meetings(database: Database, meetings: Iterable[Meeting], now: datetime) -> None:
    """Let these be all that is listed."""
    async with database.begin() as connection:
        await listings.replace_feed(connection, FEED, meetings, at=now)


async def keep(database: Database, ring: KeyRing, wishes: Sequence[Wish], now: datetime) -> None:
    """Write people, their reminders, and the questions that wait."""
    key = (await ring.keys()).primary
    numbers = {chat: number for number, chat in enumerate(dict.fromkeys(wish.chat for wish in wishes), 1)}
    persons = (
        {"id": number, "mark": key.mark(chat), "sealed": key.seal(chat), "key": key.id, "keeps_zone": False,
         "quiet_from": 0, "quiet_to": 0}
        for chat, number in numbers.items()
    )  # fmt: skip
    rows = (_row(number, wish, numbers[wish.chat], now) for number, wish in enumerate(wishes, 1))
    for table, values in ((people, persons), (reminders, rows)):
        for part in _parts(values):
            async with database.begin() as connection:
                await connection.execute(insert(table), part)
    asked = [
        Message(number, Kind.CHECK_IN, wish.start.astimezone(ZoneInfo(wish.zone)).date(), wish.asks_at,
                wish.asks_at + timedelta(days=1), wish.start)
        for number, wish in enumerate(wishes, 1) if wish.asks_at is not None
    ]  # fmt: skip
    async with database.begin() as connection:
        await outbox.put(connection, asked)


def _row(number: int, wish: Wish, person: int, now: datetime) -> dict[str, Any]:
    start, fires = wish.start, wish.fires_at
    if wish.asks_at is not None:
        start, fires = start + timedelta(days=7), fires + timedelta(days=7)
    day = start.astimezone(ZoneInfo(wish.zone)).date()
    jitter = int((start - fires).total_seconds()) - wish.lead_s
    return {
        "id": number, "person": person, "meeting": wish.meeting, "language": "en", "lead_s": wish.lead_s,
        "jitter_s": jitter, "weekly": True, "named": False, "silent": False, "check_in": False, "sent": 0,
        "pressed_on": now.date(), "next_day": day, "starts_at": start, "fires_at": fires,
    }  # fmt: skip


def _parts(rows: Iterator[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    while part := list(islice(rows, PART)):
        yield part


def this_second() -> datetime:
    """Now, in whole seconds."""
    return datetime.now(UTC).replace(microsecond=0)
