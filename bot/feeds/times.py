"""Days, times and lengths as lists write them; what is not understood is refused, never guessed."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import lru_cache

from bot.domain.feed import folded
from bot.domain.meeting import MINUTES_A_DAY
from bot.feeds.refusal import Refused

ASSUMED_MINUTES = 60  # Meeting Guide: a meeting without an end lasts an hour
ROUND_THE_CLOCK_FROM = 1435  # 00:00 to 23:59 and the like
LONG_FROM = 360  # longer meetings are rare enough to tell the operator

_TIME = re.compile(r"(\d{1,2})(?:[:.h](\d{2})(?:[:.]\d{2}(?:\.\d+)?)?)?\s*(?:([ap])\.?\s?m\.?)?", re.IGNORECASE)
_WORDS = {"noon": 720, "12 noon": 720, "mediodia": 720, "midnight": 0, "12 midnight": 0, "medianoche": 0}
_LENGTH = re.compile(r"(\d{1,2}):([0-5]\d)(?::[0-5]\d)?")
_SEPARATORS = re.compile(r"[,;/&|]|\band\b|\by\b")
_UTC, _PLAIN = "+00:00", len("2026-01-31 19:00:00")  # without a zone it is UTC, says the format
_US_DATES = ("%m/%d/%Y %I:%M:%S %p", "%m/%d/%Y %H:%M:%S", "%m/%d/%Y %H:%M", "%m/%d/%Y")


def weekdays(value: object, names: Mapping[str, int]) -> tuple[int, ...]:
    """Meeting Guide days, 0 = Sunday .. 6 = Saturday or names, one or an array, as ISO days in the same order.

    Nothing given: (). Refused: anything that is not understood, 7 among it (1-7 is the numbering of other lists).
    """
    if value.__class__ is int and 0 <= value <= 6:
        return (value or 7,)
    if value is None or value == "":
        return ()
    if isinstance(value, (list, tuple)):
        given = [one for one in value if one is not None and one != ""]
        return tuple(dict.fromkeys(_weekday(one, names) for one in given))
    if isinstance(value, str) and _SEPARATORS.search(value):
        given = [one for one in _SEPARATORS.split(value) if one.strip()]
        return tuple(dict.fromkeys(_weekday(one, names) for one in given))
    return (_weekday(value, names),)


def _weekday(value: object, names: Mapping[str, int]) -> int:
    if isinstance(value, str):
        text = value.strip()
        if text in ("0", "1", "2", "3", "4", "5", "6"):
            return int(text) or 7
        name = folded(text).rstrip(".")
        day = names.get(name) or names.get(name.removesuffix("s"))
        if day is not None:
            return day
    elif isinstance(value, (int, float)) and not isinstance(value, bool) and value in (0, 1, 2, 3, 4, 5, 6):
        return int(value) or 7
    raise Refused("day_not_understood")


def bmlt_weekday(value: object) -> int:
    """BMLT's 1 = Sunday .. 7 = Saturday as ISO day; Refused when missing or something else."""
    if value is None or value == "":
        raise Refused("no_day")
    text = str(value).strip()
    if text not in ("1", "2", "3", "4", "5", "6", "7"):
        raise Refused("day_not_understood")
    return int(text) - 1 or 7


def clock(value: object) -> int | None:
    """A wall time as minutes after midnight, 0..1440 (24:00); None: not given. 24-hour, 12-hour, "noon"."""
    if value is None or value == "":
        return None
    if not isinstance(value, str):
        raise Refused("time_not_understood")
    minutes = clock_or_none(value)
    if minutes is None:
        if not value.strip():
            return None
        raise Refused("time_not_understood")
    return minutes


@lru_cache(maxsize=4096)
def clock_or_none(text: str) -> int | None:
    """Minutes after midnight, None where a text is no time."""
    match = _TIME.fullmatch(text.strip())
    if match is None:
        return _WORDS.get(folded(text))
    hour, minute, half = int(match[1]), match[2], (match[3] or "").lower()
    if minute is None and not half:
        return None  # "7" alone may be morning or evening
    total = hour * 60 + int(minute or 0)
    if int(minute or 0) > 59:
        return None
    if half and 1 <= hour <= 12:
        return hour % 12 * 60 + int(minute or 0) + (720 if half == "p" else 0)
    if half and not (half == "p" and 13 <= hour <= 23) and not (half == "a" and hour == 0):
        return None
    return total if total <= MINUTES_A_DAY else None


def length(start: int, end: int) -> int:
    """Minutes from start to end, over midnight where the end is earlier; a day's worth or none is a whole day."""
    minutes = (end - start) % MINUTES_A_DAY
    return MINUTES_A_DAY if minutes == 0 or minutes >= ROUND_THE_CLOCK_FROM else minutes


@lru_cache(maxsize=512)
def bmlt_length(text: str) -> int | None:
    """BMLT's duration "HH:MM:SS" in minutes, 24:00:00 a whole day; None: not given, zero or not understood."""
    match = _LENGTH.fullmatch(text.strip())
    if match is None:
        return None
    minutes = int(match[1]) * 60 + int(match[2])
    if minutes == 0 or minutes > MINUTES_A_DAY:
        return None
    return MINUTES_A_DAY if minutes >= ROUND_THE_CLOCK_FROM else minutes


def updated_at(value: object, now: datetime) -> datetime | None:
    """When the publisher last changed the row, aware, UTC; None: not given, not understood, or in the future."""
    if not isinstance(value, str) or not value:
        return None
    moment = _moment(value.strip())
    return None if moment is None or moment > now else moment


def _moment(text: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text + _UTC if len(text) == _PLAIN and text[16] == ":" else text)
    except ValueError:
        return _us_moment(text)
    if moment.year < 1990:
        return None
    if moment.tzinfo is UTC:
        return moment
    try:
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except OverflowError:
        return None


@lru_cache(maxsize=4096)
def _us_moment(text: str) -> datetime | None:
    for form in _US_DATES:
        try:
            moment = datetime.strptime(text, form).replace(tzinfo=UTC)
        except ValueError:
            continue
        return moment if moment.year >= 1990 else None
    return None
