"""What people who help asked to be told of by themselves: a digest at their hour, and reports that concern today."""

from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.domain.admin import Admin
from bot.domain.meeting import Meeting
from bot.domain.report_kinds import ReportKind

LATE = timedelta(hours=4)  # a digest that could not leave for so long stays away until the next day
_NIGHT_BEGINS, _MORNING = time(22), time(7)  # in between an alert makes no sound


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody asked for. `minute`: local, of the digest, in `zone` (IANA; "" where there is none)."""

    minute: int | None = None
    zone: str = ""
    alerts: bool = False


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody who is to be told, with the chat: for the job that sends, and for nobody else."""

    admin: Admin
    chat: int = field(repr=False)
    language: str
    wanted: Wanted

    def sleeps(self, now: datetime) -> bool:
        """Whether it is night where they are; not known without a zone."""
        if not self.wanted.zone:
            return False
        hour = now.astimezone(ZoneInfo(self.wanted.zone)).time()
        return hour >= _NIGHT_BEGINS or hour < _MORNING


@dataclass(frozen=True, slots=True)
class Alert:
    """A report on a meeting that is held today, at the meeting's own place."""

    meeting: Meeting
    kind: ReportKind
