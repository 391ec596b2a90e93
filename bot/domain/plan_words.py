"""The words of a typed plan, as data, and what such a text was understood to say."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class PlanWords:
    """Folded words of all languages; months and weekdays by their number (1 = January, Monday)."""

    numbers: Mapping[str, int]
    months: Mapping[str, int]
    weekdays: Mapping[str, int]
    meetings: frozenset[str]
    kinds: frozenset[str]
    days: frozenset[str]
    weeks: frozenset[str]
    within: frozenset[str]
    fillers: frozenset[str]


@dataclass(frozen=True, slots=True)
class PlanSaid:
    """What a text said of a plan; None where it did not, or where a date could be read two ways."""

    meetings: int | None = None
    until: date | None = None
    kinds: int | None = None
