"""Dates as people who help type them: "24 Dec", "24.12.2026", "2026-12-24", and from one to another."""

import re
from datetime import date, timedelta
from functools import lru_cache

from babel import Locale

from bot.texts.library import DEFAULT

MONTH_FIRST = frozenset({"US"})  # countries where 12/24 is the day before Christmas Day
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_NUMBERS = re.compile(r"(\d{1,2})\s*[./]\s*(\d{1,2})(?:\s*[./]\s*(\d{4}))?\.?")
_DAY_FIRST = re.compile(
    r"(\d{1,2})(?:st|nd|rd|th)?\.?\s*(?:de\s+|of\s+)?([^\W\d_]{3,})\.?(?:\s*(?:de\s+|,\s*)?(\d{4}))?"
)
_MONTH_FIRST = re.compile(r"([^\W\d_]{3,})\.?\s*(\d{1,2})(?:st|nd|rd|th)?(?:\s*,?\s*(\d{4}))?")
_APART = re.compile(r"\s+(?:to|until|till|a|al|hasta)\s+|\s*(?:–|—)\s*|\s+-\s+", re.IGNORECASE)
_BEFORE = re.compile(r"^(?:from|del|desde(?:\s+el)?)\s+", re.IGNORECASE)
_HALF_A_YEAR = timedelta(days=183)


def read_date(text: str, language: str, country: str, today: date) -> date | None:
    """A date; without a year the one that is nearest ahead, or lately past. None: none that I know."""
    text = text.strip().casefold()
    if match := _ISO.fullmatch(text):
        return _date(int(match[1]), int(match[2]), int(match[3]))
    if match := _NUMBERS.fullmatch(text):
        first, second = int(match[1]), int(match[2])
        if "/" in text and country in MONTH_FIRST:
            first, second = second, first
        return _in_year(match[3], second, first, today)
    names = _months(language)
    if (match := _DAY_FIRST.fullmatch(text)) and (month := names.get(match[2][:3])):
        return _in_year(match[3], month, int(match[1]), today)
    if (match := _MONTH_FIRST.fullmatch(text)) and (month := names.get(match[1][:3])):
        return _in_year(match[3], month, int(match[2]), today)
    return None


def read_span(text: str, language: str, country: str, today: date) -> tuple[date, date] | None:
    """From one date to another, both included; one date alone is both."""
    parts = [part for part in _APART.split(_BEFORE.sub("", text.strip())) if part]
    found = [read_date(part, language, country, today) for part in parts]
    if not 1 <= len(found) <= 2 or found[0] is None or found[-1] is None:
        return None
    first, last = found[0], found[-1]
    if last < first and not re.search(r"\d{4}", parts[-1]):
        last = _date(last.year + 1, last.month, last.day) or last
    return first, last


def _in_year(year: str | None, month: int, day: int, today: date) -> date | None:
    if year:
        return _date(int(year), month, day)
    found = _date(today.year, month, day)
    if found is not None and found < today - _HALF_A_YEAR:
        return _date(today.year + 1, month, day)
    return found


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


@lru_cache(maxsize=8)
def _months(language: str) -> dict[str, int]:
    """The months by the first three letters of their names, in English and in the reader's language."""
    found: dict[str, int] = {}
    for code in (DEFAULT, language):
        for number, name in Locale(code).months["format"]["wide"].items():
            found[str(name).casefold()[:3]] = int(number)
    return found
