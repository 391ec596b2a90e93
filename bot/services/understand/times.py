"""Days and hours in a typed text: "tuesday after 7", "mañana por la mañana", "between 6 and 8 pm"."""

import re
from dataclasses import dataclass

from bot.domain.lexicon import Lexicon
from bot.domain.when import ANY_TIME, Day, When
from bot.services.understand.tokens import LEFT, Token, longest, take

BEFORE_HOUR = 30  # a meeting "at seven" may begin half an hour before ...
AFTER_HOUR = 60  # ... and up to an hour after
STEP = 15
_DAY = 24 * 60
_NOON = 12 * 60
_EARLIEST_BARE = 9  # "at 7" without more is in the evening, "at 9" in the morning
_NUMBER = re.compile(r"(\d{1,2})(?::(\d{2}))?(am|pm)?$")


@dataclass(slots=True)
class _Hour:
    """An hour as read: minutes, words used, whether morning or evening was said, whether it is sure to be one."""

    minute: int
    words: int
    settled: bool
    sure: bool


class Times:
    """Reads what a text says about time, once; takes the words it used."""

    def __init__(self, tokens: list[Token], lexicon: Lexicon, *, story: bool) -> None:
        self._tokens, self._words, self._places = tokens, lexicon.times, lexicon.places
        self._story = story
        self.languages: list[frozenset[str]] = []
        self._days: list[str] = []
        self._part: tuple[int, int] | None = None
        self._recurring: list[tuple[int, int]] = []  # words of "evenings"
        self._start: int | None = None
        self._end: int | None = None

    def read(self) -> When | None:
        """The stated time, or None where none was stated."""
        index = 0
        while index < len(self._tokens):
            index += 1 if self._tokens[index].used else self._step(index)
        when = self._when()
        if when and self._recurring and when == When(Day.ANY, *(self._part or ())):
            # "evenings" of any day: a search has one day or one window, so it is told instead of used
            for start, end in self._recurring:
                take(self._tokens, start, end, LEFT)
            return None
        return when

    def _step(self, index: int) -> int:
        """Reads at one word and returns how many it took, at least one."""
        said = self._said_day(index)
        hours = 0 if self._story else self._range(index) or self._edge(index) or self._exact(index)
        if hours > said:
            return self._take(index, hours)
        return self._take(index, said) if said else 1

    def _take(self, index: int, count: int) -> int:
        take(self._tokens, index, index + count, "time")
        return count

    def _said_day(self, index: int) -> int:
        """A day or a part of one; in a story only "now", "today" and named days that are not in the past."""
        days, parts = (longest(self._tokens, index, words) for words in (self._words.days, self._words.parts))
        count = max(days, parts)
        if not count:
            return 0
        text = " ".join(token.word for token in self._tokens[index : index + count])
        day = self._words.days.get(text)
        if self._is_past(index) or self._is_habit(index, day):
            return count
        if day:
            self._days.append(day)
        if text in self._words.parts and not self._story:
            self._part = self._words.parts[text]
            if self._role(index, "recurring") == count:
                self._recurring.append((index, index + count))
        self.languages.append(self._words.languages.get(text, frozenset()))
        return count

    def _is_past(self, index: int) -> bool:
        """ "since monday", "last night", "el lunes pasado"."""
        past = self._words.roles.get("past_day", frozenset())
        return any(self._ends_with(index, count, past) for count in (1, 2))

    def _is_habit(self, index: int, day: str | None) -> bool:
        """ "Every night"; in a story also "every friday", "at night" and "daily"."""
        repeated = self._words.roles.get("repeated", frozenset())
        often = any(self._ends_with(index, count, repeated) for count in (1, 2))
        if not self._story:
            return often and day is None
        return often or day is None or day == "any"

    def _ends_with(self, index: int, count: int, phrases: frozenset[str]) -> bool:
        return index >= count and " ".join(t.word for t in self._tokens[index - count : index]) in phrases

    def _role(self, index: int, role: str) -> int:
        return longest(self._tokens, index, self._words.roles.get(role, frozenset()))

    def _range(self, index: int) -> int:
        """ "between 6 and 8", "from 5 to 9 pm", "6-8pm"."""
        lead = self._role(index, "between")
        first = self._hour(index + lead)
        if first is None:
            return 0
        middle = index + lead + first.words
        join = self._role(middle, "and")
        dash = middle < len(self._tokens) and self._tokens[middle].dash
        if not (join or dash):
            return 0
        second = self._hour(middle + join)
        if second is None or not (lead or first.sure or second.sure):
            return 0
        self._start, self._end = _span(first, second)
        return lead + first.words + join + second.words

    def _edge(self, index: int) -> int:
        """ "after 7", "before noon", "hasta las nueve"."""
        for role in ("after", "before"):
            lead = self._role(index, role)
            hour = self._hour(index + lead) if lead else None
            if hour is None:
                continue
            minute = self._evening(hour)
            if role == "after":
                self._start = minute
            else:
                self._end = minute
            return lead + hour.words
        return 0

    def _exact(self, index: int) -> int:
        """ "at 7", "7pm", "a las siete y media", "noon"."""
        lead = self._role(index, "at")
        hour = self._hour(index + lead)
        if hour is None or not (lead or hour.sure or self._follows_day(index)):
            return 0
        minute = self._evening(hour)
        self._start, self._end = (minute - BEFORE_HOUR) % _DAY, (minute + AFTER_HOUR) % _DAY
        return lead + hour.words

    def _follows_day(self, index: int) -> bool:
        """ "Tonight 8"."""
        return index > 0 and self._tokens[index - 1].used == "time" and not self._tokens[index].breaks

    def _hour(self, index: int) -> _Hour | None:
        if index >= len(self._tokens) or self._tokens[index].used:
            return None
        fixed = longest(self._tokens, index, self._words.fixed)
        if fixed:
            text = " ".join(token.word for token in self._tokens[index : index + fixed])
            return _Hour(self._words.fixed[text], fixed, settled=True, sure=True)
        hour = self._number(index)
        if hour is None or self._is_amount(index + hour.words):
            return None
        return hour

    def _number(self, index: int) -> _Hour | None:
        word = self._tokens[index].word
        match = _NUMBER.match(word)
        named = self._words.hours.get(word)
        if named is None and not match:
            return None
        hour = named if named is not None else int(match[1])  # type: ignore[index]
        minutes = int(match[2] or 0) if match else 0
        half = match[3] if match else None
        if hour > 24 or minutes > 59 or (half and not 1 <= hour <= 12):
            return None
        used = 1
        for role, extra in (("half", 30), ("quarter", 15)):
            if more := self._role(index + used, role):
                minutes, used = extra, used + more
        clock = self._role(index + used, "oclock")
        used += clock
        if not half:
            for role in ("am", "pm"):
                if more := self._role(index + used, role):
                    half, used = role, used + more
                    break
        settled = bool(half) or hour > 12 or hour == 0 or bool(match and match[2] and len(match[1]) == 2)
        return _Hour(_minute(hour, minutes, half), used, settled, bool(half or clock or (match and match[2])))

    def _is_amount(self, index: int) -> bool:
        return index < len(self._tokens) and self._tokens[index].word in self._places.amounts

    def _evening(self, hour: _Hour) -> int:
        """Morning or evening where nobody said which: what the day says, else a time when meetings are."""
        if hour.settled:
            return hour.minute
        if self._part or any(token.word in self._words.parts for token in self._tokens):
            part = self._part or next(
                self._words.parts[token.word] for token in self._tokens if token.word in self._words.parts
            )
            return hour.minute % _NOON + (_NOON if part[0] >= _NOON - 60 else 0)
        if any(self._words.days.get(token.word) == "tonight" for token in self._tokens) or "tonight" in self._days:
            return hour.minute % _NOON + _NOON
        return _bare(hour.minute)

    def _when(self) -> When | None:
        day = self._day()
        start, end = self._start, self._end
        if start is None and end is None and self._part:
            start, end = self._part
        if day is None and start is None and end is None:
            return ANY_TIME if "any" in self._days else None
        if day == Day.NOW:
            return When(Day.NOW)
        if start is not None:
            start = start // STEP * STEP
        if end is not None:
            end = -(-end // STEP) * STEP % _DAY
        return When(day or Day.ANY, start, end)

    def _day(self) -> Day | None:
        named = [name for name in self._days if name != "any"]
        if not named:
            return None
        if {"saturday", "sunday"} <= set(named):
            return Day.WEEKEND
        if "now" in named and len(set(named)) > 1:  # "now or tonight": the wider of the two
            named.remove("now")
        return Day[named[0].upper()]


def _minute(hour: int, minutes: int, half: str | None) -> int:
    if half:
        hour = hour % 12 + (12 if half == "pm" else 0)
    return (hour % 24) * 60 + minutes


def _bare(minute: int) -> int:
    return minute + _NOON if minute < _EARLIEST_BARE * 60 and minute >= 60 else minute


def _span(first: _Hour, second: _Hour) -> tuple[int, int]:
    """Both ends of a range; what was said of one end holds for the other."""
    start, end = first.minute, second.minute
    if first.settled and not second.settled:
        end = end if end > start else end + _NOON
    elif second.settled and not first.settled:
        same_half = start % _NOON + (end // _NOON) * _NOON
        start = same_half if same_half < end else start
    elif not first.settled:
        start = _bare(start)
        end = end if end > start else end + _NOON
    return start % _DAY, end % _DAY
