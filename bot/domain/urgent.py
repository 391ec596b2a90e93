"""Urgent help: numbers with their source and the day somebody checked them."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Line:
    """One way to reach help. `number` is what a person dials or texts; `keyword` what they text."""

    name: str
    number: str
    ways: tuple[str, ...] = ("call",)  # call, text, chat; web: the number is a host
    keyword: str = ""
    hours: str = ""  # "always", or "" where not known
    topics: tuple[str, ...] = ("crisis",)  # crisis, poison, violence, drugs, children, health
    languages: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class UrgentCountry:
    """The numbers of one country."""

    country: str  # ISO alpha-2
    emergency: tuple[str, ...]
    languages: tuple[str, ...]  # spoken by people who would look here, most common first
    lines: tuple[Line, ...]
    checked_on: date
    source: str
    confidence: str  # "A": two sources; "B": one; "?": doubt, show emergency number and directory only


@dataclass(frozen=True, slots=True)
class Alarm:
    """What a text sounds like; `card` says whether the tier's own words answer it, or those of a closer case."""

    tier: str  # self_harm, medical, violence, threat
    card: str  # the tier, or self_harm_other, self_harm_past, grief, overdose, withdrawal, child
