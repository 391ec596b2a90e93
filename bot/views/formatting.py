"""Days, times, distances and lists as the reader's language and the meeting's country write them.

Twelve-hour clocks and miles stand where the place's country uses them (CLDR); a time always names its day, and
a zone wherever it could be mistaken.
"""

from datetime import date, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from babel import Locale, UnknownLocaleError
from babel.dates import format_skeleton, get_timezone_location
from babel.lists import format_list
from babel.numbers import format_decimal

from bot.domain.when import NIGHT_ENDS
from bot.texts.library import Texts

TWELVE_HOUR = frozenset("US CA AU NZ IN PK BD PH MY EG SA CO PR".split())
MILES = frozenset("US GB LR PR".split())
KM_A_MILE = 1.609344
_AMERICAN_DATES = frozenset("US CA PH PR".split())


@lru_cache(maxsize=64)
def locale_of(language: str, country: str) -> Locale:
    """The CLDR locale of a language in a country, or of the language alone."""
    if language == "en":
        return Locale("en", "US" if country in _AMERICAN_DATES else "GB")
    try:
        return Locale(language, country or None)
    except UnknownLocaleError:
        return Locale(language)


def clock(instant: datetime, zone: str, country: str) -> str:
    """The wall time of an instant: "19:00" or "7:00 PM"."""
    local = instant.astimezone(ZoneInfo(zone))
    if country in TWELVE_HOUR:
        return f"{local.hour % 12 or 12}:{local.minute:02d} {'AM' if local.hour < 12 else 'PM'}"
    return f"{local:%H:%M}"


@lru_cache(maxsize=4096)
def _date(day: datetime, locale: Locale) -> str:
    return format_skeleton("MMMEd", day, locale=locale).replace(",", "")


def day(texts: Texts, instant: datetime, zone: str, country: str, now: datetime, *, inline: bool = False) -> str:
    """The day with its date: "Today, Tue 24 Nov", and "Tonight" until four in the morning; `inline`: "today, …"."""
    local, here = instant.astimezone(ZoneInfo(zone)), now.astimezone(ZoneInfo(zone))
    date = _date(local.replace(hour=0, minute=0, second=0, microsecond=0), locale_of(texts.language, country))
    apart = (local.date() - here.date()).days
    suffix = "_inline" if inline else ""
    if apart == 0 and here.time() < NIGHT_ENDS and local.time() < NIGHT_ENDS:
        return texts.label(f"day.tonight{suffix}", date=date)
    if apart in (0, 1):
        return texts.label(f"day.today{suffix}" if apart == 0 else f"day.tomorrow{suffix}", date=date)
    return date


def date_with_year(texts: Texts, instant: datetime, country: str) -> str:
    """A date long past or far off: "12 Nov 2026"."""
    return format_skeleton("yMMMd", instant, locale=locale_of(texts.language, country))


def date_short(texts: Texts, day: date, country: str, now: datetime) -> str:
    """A date of late: "20 Nov", and with its year when that is another one than now."""
    skeleton = "MMMd" if day.year == now.year else "yMMMd"
    return format_skeleton(skeleton, day, locale=locale_of(texts.language, country))


def short_day(texts: Texts, instant: datetime, zone: str, country: str, now: datetime) -> str:
    """The day for a button: "today" or "Tue"."""
    local, here = instant.astimezone(ZoneInfo(zone)), now.astimezone(ZoneInfo(zone))
    apart = (local.date() - here.date()).days
    if apart in (0, 1):
        return texts.label("day.short_today" if apart == 0 else "day.short_tomorrow")
    return format_skeleton("E", local, locale=locale_of(texts.language, country)).rstrip(".")


def weekday_name(texts: Texts, weekday: int) -> str:
    """The ISO weekday's full name, as it stands inside a sentence."""
    return str(Locale(texts.language).days["stand-alone"]["wide"][weekday - 1])


@lru_cache(maxsize=1024)
def zone_name(language: str, zone: str) -> str:
    """The city a zone is named after: "London"."""
    return get_timezone_location(ZoneInfo(zone), locale=Locale(language), return_city=True).rpartition("/")[2]


def distance(texts: Texts, km: float, country: str) -> str:
    """A distance a person can picture: "800 m", "1.2 km", "0.7 miles", "12 miles"."""
    locale = locale_of(texts.language, country)
    if country in MILES:
        miles = _rounded(km / KM_A_MILE)
        return texts.label("distance.miles", miles, number=_decimal(miles, locale))
    if km < 1:
        return texts.label("distance.metres", number=max(100, round(km * 10) * 100))
    return texts.label("distance.km", number=_decimal(_rounded(km), locale))


@lru_cache(maxsize=1024)
def _decimal(number: float, locale: Locale) -> str:
    return format_decimal(number, locale=locale)


def _rounded(number: float) -> float:
    return max(0.1, round(number, 1)) if number < 10 else round(number)


def lead(texts: Texts, instant: datetime, now: datetime) -> str:
    """How long until an instant, for times nearer than a day: "in 25 minutes", "began 5 minutes ago"."""
    minutes = round((instant - now).total_seconds() / 60)
    if minutes < -1:
        return texts.label("lead.began", count=-minutes)
    if minutes < 1:
        return texts.label("lead.now")
    if minutes < 90:
        return texts.label("lead.minutes", count=minutes)
    if minutes < 48 * 60:
        return texts.label("lead.hours", count=round(minutes / 60))
    return texts.label("lead.days", count=round(minutes / 60 / 24))


def listed(texts: Texts, items: list[str]) -> str:
    """ "a, b and c" as the language writes it."""
    return format_list(items, locale=Locale(texts.language)) if items else ""


def country_name(texts: Texts, country: str) -> str:
    """A country's name in the reader's language; the two letters where CLDR has none."""
    return str(Locale(texts.language).territories.get(country, country))


def language_name(texts: Texts, code: str) -> str:
    """A language's name in the reader's language."""
    return str(Locale(texts.language).languages.get(code, code))


def cut(text: str, most: int) -> str:
    """At most `most` characters, ended at a word with an ellipsis."""
    if len(text) <= most:
        return text
    return text[: most - 1].rsplit(" ", 1)[0].rstrip(" ,;.:") + "…"
