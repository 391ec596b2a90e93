"""Compares when a meeting starts with a reading of the clock, minute by minute, around every change of every zone.

The oracle walks UTC and reads the wall clock; it shares nothing with the bot, which walks local dates.
"""

import argparse
import sys
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo, available_timezones

from bot.domain.recurrence import next_occurrence

FIRST, LAST = datetime(2025, 1, 1, tzinfo=UTC), datetime(2036, 1, 1, tzinfo=UTC)
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
LOOK = timedelta(hours=6)  # no zone changes its clock twice within that
HALF_HOURS = range(0, 1440, 30)
UNLIKE = {"Factory", "localtime"}  # no places


def changes(zone: ZoneInfo, first: datetime = FIRST, last: datetime = LAST) -> Iterator[datetime]:
    """The minutes at which the zone's clock is set."""
    at, offset = first, first.astimezone(zone).utcoffset()
    while at < last:
        following = at + LOOK
        if following.astimezone(zone).utcoffset() != offset:
            while at.astimezone(zone).utcoffset() == offset:
                at += MINUTE
            yield at
            offset = following.astimezone(zone).utcoffset()
        at = following if at < following else at


def days_of(zone: ZoneInfo, around: datetime) -> dict[date, dict[int, datetime]]:
    """For the local days around an instant: when the wall clock shows each half hour, for the first time.

    Where it skips one, that many minutes after the last minute that it showed.
    """
    today = around.astimezone(zone).date()
    shown: dict[date, list[tuple[int, datetime]]] = {today + number * DAY: [] for number in (-1, 0, 1)}
    at = around - 3 * DAY
    while at < around + 3 * DAY:
        wall = at.astimezone(zone).replace(tzinfo=None)
        if wall.date() in shown:
            shown[wall.date()].append((wall.hour * 60 + wall.minute, at))
        at += MINUTE
    return {day: _starts(minutes, shown, day) for day, minutes in shown.items()}


def _starts(
    minutes: list[tuple[int, datetime]], shown: dict[date, list[tuple[int, datetime]]], day: date
) -> dict[int, datetime]:
    first: dict[int, datetime] = {}
    for minute, at in minutes:
        first.setdefault(minute, at)
    starts = {}
    for wanted in HALF_HOURS:
        if wanted in first:
            starts[wanted] = first[wanted]
        elif earlier := [
            pair for pair in minutes if pair[0] < wanted and pair[0] in first and first[pair[0]] == pair[1]
        ]:
            minute, at = max(earlier)
            starts[wanted] = at + (wanted - minute) * MINUTE
        elif before := shown.get(day - DAY):
            minute, at = before[-1]
            starts[wanted] = at + (wanted + 1440 - minute) * MINUTE
    return starts


@dataclass
class Comparison:
    """How many starts were compared, and those that differ."""

    zones: int = 0
    changes: int = 0
    starts: int = 0
    skipped_or_doubled: int = 0
    wrong: list[str] = field(default_factory=list)

    def compare(self, name: str, around: datetime) -> None:
        """All half hours of the days around a change, asked for from just before, and from days before."""
        zone = ZoneInfo(name)
        for day, starts in days_of(zone, around).items():
            for minute, start in starts.items():
                self.starts += 1
                wall = start.astimezone(zone)
                self.skipped_or_doubled += wall.hour * 60 + wall.minute != minute
                for after in (start - timedelta(microseconds=1), start - 4 * DAY):
                    found = next_occurrence(day.isoweekday(), minute, zone, after)
                    if (found.day, found.start) != (day, start):
                        self.wrong.append(f"{name} {day} {minute // 60:02}:{minute % 60:02} {found} {start}")
                following = next_occurrence(day.isoweekday(), minute, zone, start)
                if following.day != day + 7 * DAY:
                    self.wrong.append(
                        f"{name} {day} {minute // 60:02}:{minute % 60:02} comes again on {following.day}"
                    )


def places() -> list[str]:
    """Every zone of the world, by every name that it has."""
    return sorted(name for name in available_timezones() if name not in UNLIKE)


def compared(names: Iterable[str], first: datetime = FIRST, last: datetime = LAST) -> Comparison:
    """Every change of these zones between two instants; of a zone without one, an ordinary week."""
    result = Comparison()
    for name in names:
        result.zones += 1
        found = list(changes(ZoneInfo(name), first, last))
        result.changes += len(found)
        for around in found or [first + 200 * DAY]:
            result.compare(name, around)
    return result


def main(words: list[str] | None = None) -> int:
    """Compare all of it, print, and write the figures. 0 when nothing differs."""
    from tests.soak.record import record

    argparse.ArgumentParser(description=__doc__).parse_args(words)
    began = time.monotonic()
    result = compared(places())
    figures: dict[str, object] = {
        "zones": result.zones, "changes of a clock, 2025 to 2035": result.changes,
        "starts compared": result.starts, "of them at a time that the clock skips": result.skipped_or_doubled,
        "differences": len(result.wrong), "seconds": round(time.monotonic() - began),
    }  # fmt: skip
    for name, value in figures.items():
        print(f"{name}: {value}")
    print("\n".join(result.wrong[:20]))
    record("When a meeting starts, beside a reading of the clock", "python -m tests.soak recurrence", 0, figures)
    return 1 if result.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
