"""Reads a plan that somebody typed: "three meetings before 5 December, at least two kinds".

A date that could be read two ways (4/5) is left unread; the person is then asked with dates to press.
"""

import re
from datetime import date, timedelta

from bot.domain.plan_words import PlanSaid, PlanWords
from bot.domain.words import fold

MOST_MEETINGS, MOST_KINDS = 99, 20
FARTHEST = timedelta(days=730)
_DIGITS = re.compile(r"(?<!\d)(?:(\d{4})-(\d{1,2})-(\d{1,2})|(\d{1,2})([./-])(\d{1,2})(?:[./-](\d{4}|\d{2}))?)(?!\d)")
_WORD = re.compile(r"\d+|[^\W\d_]+")
_CENTURY = 2000


def read_plan(text: str, words: PlanWords, today: date) -> PlanSaid:
    """What the text says; nothing in it is guessed, and a date before today is of the next year."""
    reader = _Reader(text, words, today)
    until = reader.until()
    kinds = reader.counted(words.kinds)
    meetings = reader.counted(words.meetings) or reader.first_left()
    return PlanSaid(
        meetings=meetings if meetings and meetings <= MOST_MEETINGS else None,
        until=until if until and today <= until <= today + FARTHEST else None,
        kinds=kinds if kinds and kinds <= MOST_KINDS else None,
    )


class _Reader:
    """The words of one text; what was read is taken out."""

    def __init__(self, text: str, words: PlanWords, today: date) -> None:
        self._known, self._today = words, today
        self._written = _DIGITS.search(text)
        if self._written:
            text = text[: self._written.start()] + " " + text[self._written.end() :]
        self._words: list[str] = [word for word in _WORD.findall(fold(text)) if word not in words.fillers]

    def until(self) -> date | None:
        """The day until which: in digits, with a month, a weekday, or so many days or weeks from now."""
        if self._written:
            return self._in_digits(self._written)
        for at in range(len(self._words)):
            found = self._with_month(at) or self._from_now(at) or self._weekday(at)
            if found:
                return found
        return None

    def counted(self, things: frozenset[str]) -> int | None:
        """The number that stands before one of these words."""
        for at, word in enumerate(self._words[1:], start=1):
            number = self._number(at - 1) if word in things else None
            if number is not None:
                self._take(at - 1, 2)
                return number
        return None

    def first_left(self) -> int | None:
        """The first number that nothing else took."""
        numbers = (self._number(at) for at in range(len(self._words)))
        return next((number for number in numbers if number is not None), None)

    def _word(self, at: int) -> str:
        """The word there; "" beyond either end, which moves nearer when a date is taken out."""
        return self._words[at] if 0 <= at < len(self._words) else ""

    def _number(self, at: int) -> int | None:
        word = self._word(at)
        return int(word[:6]) if word.isdecimal() else self._known.numbers.get(word)

    def _take(self, at: int, count: int) -> None:
        del self._words[at : at + count]

    def _in_digits(self, match: re.Match[str]) -> date | None:
        if match[1]:
            return _day(int(match[1]), int(match[2]), int(match[3]))
        first, second, year = int(match[4]), int(match[6]), match[7]
        if match[5] != "." and first <= 12 and second <= 12 and first != second:
            return None  # day and month cannot be told apart
        month, day = (first, second) if second > 12 else (second, first)
        if year:
            return _day(int(year) + (_CENTURY if len(year) == 2 else 0), month, day)
        return self._coming(month, day)

    def _with_month(self, at: int) -> date | None:
        """ "5 December 2027", "December 5"."""
        month = self._known.months.get(self._word(at))
        if month is None:
            return None
        for day_at in (at - 1, at + 1):
            day = self._number(day_at)
            if day is not None and 1 <= day <= 31:
                first, last = min(at, day_at), max(at, day_at)
                year = self._number(last + 1)
                named = year is not None and year > _CENTURY
                self._take(first, 3 if named else 2)
                return _day(year or 0, month, day) if named else self._coming(month, day)
        return None

    def _from_now(self, at: int) -> date | None:
        """ "In two weeks", "within 10 days"."""
        if self._word(at) not in self._known.within:
            return None
        number, unit = self._number(at + 1), self._word(at + 2)
        if number is None or unit not in self._known.days | self._known.weeks:
            return None
        self._take(at, 3)
        return self._today + timedelta(days=min(number, 999) * (7 if unit in self._known.weeks else 1))

    def _weekday(self, at: int) -> date | None:
        weekday = self._known.weekdays.get(self._word(at))
        if weekday is None:
            return None
        self._take(at, 1)
        return self._today + timedelta(days=(weekday - self._today.isoweekday() - 1) % 7 + 1)

    def _coming(self, month: int, day: int) -> date | None:
        """That day of this year, or of the next if it has gone by."""
        found = _day(self._today.year, month, day)
        return found if found is None or found >= self._today else _day(self._today.year + 1, month, day)


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
