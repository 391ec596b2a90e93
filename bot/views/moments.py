"""On whose clock a meeting is told, and moments in few words."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from bot.domain.filters import room_open
from bot.domain.meeting import Meeting
from bot.domain.reminder import DAY_S, HOUR_S, MINUTE_S
from bot.views.formatting import clock, day, weekday_name
from bot.views.frame import Frame
from bot.views.zones import country_of_zone


@dataclass(frozen=True, slots=True)
class Wall:
    """A wall clock: an IANA zone, and the country whose way of writing times it follows."""

    zone: str
    country: str

    def time(self, instant: datetime) -> str:
        """ "19:00" or "7:00 PM"."""
        return clock(instant, self.zone, self.country)


def wall_of(frame: Frame, meeting: Meeting | None, zone: str | None) -> Wall:
    """The room's clock for a room; the person's (`zone`, else the list's) for a call."""
    if meeting is not None and room_open(meeting.in_person, meeting.status):
        return Wall(meeting.zone, meeting.country or country_of_zone(meeting.zone))
    shown = zone or (meeting.zone if meeting else "UTC")
    return Wall(shown, country_of_zone(shown) or frame.operator.country)


def weekday_of(frame: Frame, instant: datetime, wall: Wall) -> str:
    """The weekday's name on that clock."""
    return weekday_name(frame.texts, instant.astimezone(ZoneInfo(wall.zone)).isoweekday())


def day_of(frame: Frame, instant: datetime, wall: Wall, *, inline: bool = False) -> str:
    """The day with its date on that clock."""
    return day(frame.texts, instant, wall.zone, wall.country, frame.now, inline=inline)


def date_of(frame: Frame, on: date, country: str = "") -> str:
    """A local date, weekday and all, without "today": it stands in what may be read later."""
    noon = datetime.combine(on, time(12), UTC)
    return day(frame.texts, noon, "UTC", country, datetime(1970, 1, 1, tzinfo=UTC))


def hour_of(minute: int, country: str) -> str:
    """A local minute of the day: "18:00" or "6:00 PM"."""
    return clock(datetime(2000, 1, 1, *divmod(minute % 1440, 60), tzinfo=UTC), "UTC", country)


def before(frame: Frame, lead_s: int) -> str:
    """How long before: "15 minutes before", "1 hour before", "1 day before"."""
    for unit, seconds in (("day", DAY_S), ("hour", HOUR_S)):
        if lead_s % seconds == 0:
            return frame.texts.label(f"before.{unit}", count=lead_s // seconds)
    return frame.texts.label("before.minute", count=lead_s // MINUTE_S)
