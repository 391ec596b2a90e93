"""A suggested revision of an article or of a fellowship's card: words and what they are about, never by whom."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Kind(StrEnum):
    """What a suggestion is about."""

    ARTICLE = "article"
    FELLOWSHIP = "fellowship"


class State(StrEnum):
    """What became of a suggestion. Nothing in content/ changes by itself: `used` was typed in by a person."""

    WAITING = "waiting"
    USED = "used"
    DECLINED = "declined"


@dataclass(frozen=True, slots=True)
class Subject:
    """What would be changed: an article's slug or a fellowship's id, in one language.

    `version`: of the article, or the day on which the fellowship's own pages were last read; empty if never.
    """

    kind: Kind
    id: str
    language: str
    version: str = ""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One row of the queue; days are of UTC, without an hour."""

    id: int
    subject: Subject
    text: str
    received_on: date
    state: State = State.WAITING
    answered_on: date | None = None


class Personal(StrEnum):
    """Kinds of words that could tell who somebody is."""

    EMAIL = "email"
    PHONE = "phone"
    HANDLE = "handle"
    RECORD = "record"
    DATE = "date"
    AGE = "age"
    NAME = "name"
    ADDRESS = "address"


@dataclass(frozen=True, slots=True)
class Finding:
    """One place in a text that looks like personal data, as it was written."""

    kind: Personal
    snippet: str


class Verdict(StrEnum):
    """What was done with a text. Only KEPT leaves a row."""

    KEPT = "kept"
    PERSONAL = "personal"
    SHORT = "short"
    LONG = "long"
    NO_SOURCE = "no_source"
    FULL = "full"  # too many wait about the same thing


@dataclass(frozen=True, slots=True)
class Outcome:
    """A verdict, and for PERSONAL what was found."""

    verdict: Verdict
    found: tuple[Finding, ...] = ()
