"""The words people type, as data: what the word lists of an editor become before anything reads a text."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from bot.domain.place import Place
from bot.domain.words import fold

_APOSTROPHES = {ord(sign): None for sign in "'\u2018\u2019\u201b\u02bc\u0060\u00b4\u2032\uff07"}


def spell(text: str) -> str:
    """Folded as places are, but an apostrophe joins: "Don't" and "dont" are one word."""
    return fold(text.translate(_APOSTROPHES))


class PlaceBook(Protocol):
    """Where names become places."""

    async def many(self, names: Sequence[str]) -> Mapping[str, Sequence[Place]]:
        """The places known under exactly these folded names; names nobody knows are left out."""
        ...

    async def find(self, text: str, *, country: str = "") -> Sequence[Place]:
        """A phrase with typos, postcodes and regions resolved: one place is sure, several ask, none is unknown."""
        ...


@dataclass(frozen=True, slots=True)
class Entry:
    """What one phrase means. `online`: True, False or None where it says nothing of it.

    `loose`: means it only in a short request, not in a story ("polish" the language, "black" the people).
    """

    needs: tuple[str, ...] = ()
    filters: tuple[str, ...] = ()
    online: bool | None = None
    languages: frozenset[str] = frozenset()
    loose: bool = False


@dataclass(frozen=True, slots=True)
class DoubtfulName:
    """A fellowship name that is an ordinary word, an exclamation or a state code too.

    `alone`: it may stand for the fellowship in a text of key words only. `capitals`: written in capitals it is
    the name. `not_after`, `not_before`: neighbours that make it the ordinary word. `plain`: otherwise the name.
    `ordinary_in`: the only languages in which it is an ordinary word; in a text of another it is the name.
    """

    id: str = ""  # of the fellowship; "" where only the neighbours below matter
    alone: bool = True
    capitals: bool = True
    plain: bool = False
    ordinary_in: frozenset[str] = frozenset()
    not_after: frozenset[str] = frozenset()
    not_before: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class TimeWords:
    """Words of days and hours. Keys are folded phrases; minutes count from local midnight."""

    days: Mapping[str, str]  # "right now" -> "now"; else "monday" ... "today", "tonight", "weekend", "any"
    parts: Mapping[str, tuple[int, int]]  # "in the morning" -> minutes from, to
    hours: Mapping[str, int]  # "siete" -> 7
    fixed: Mapping[str, int]  # "noon" -> 720
    roles: Mapping[str, frozenset[str]]  # "after", "before", "between", "and", "at", "am", "pm" ... -> phrases
    languages: Mapping[str, frozenset[str]]  # phrase -> languages it belongs to


@dataclass(frozen=True, slots=True)
class PlaceWords:
    """Words that stand beside places, or look like one."""

    markers: frozenset[str]  # "in", "cerca de": a place follows, even a misspelt one
    weak_markers: frozenset[str]  # "from", "de": a place may follow
    here: frozenset[str]  # "near me": a place is meant, and not told
    joins: frozenset[str]  # "or": two places may be meant
    also_words: frozenset[str]  # "reading": a place only with a marker or alone
    regions: frozenset[str]  # countries, states and counties that stand behind a town
    states: Mapping[str, Mapping[str, str]]  # "US" -> {"ca": "california"}
    amounts: frozenset[str]  # words after a number that is no postcode and no hour


@dataclass(frozen=True, slots=True)
class FamilyWords:
    """Words that tell whose trouble it is."""

    relatives: frozenset[str]
    bare_relatives: frozenset[str]  # "mum": needs no "my"
    possessives: frozenset[str]
    gone: frozenset[str]  # "died": the relative is not the one with the trouble
    not_relatives: frozenset[str]  # phrases: "single mom"
    selves: frozenset[str]
    thinking: frozenset[str]  # after "I": the sentence goes on about somebody else
    trouble: frozenset[str]  # "addict", "rehab": with a relative it is about the family
    about: frozenset[str]  # "help for", "worried about"


@dataclass(frozen=True, slots=True)
class Rules:
    """Patterns in the notation of `bot.domain.patterns`, with their slots and a label each."""

    slots: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    rules: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class RiskWords:
    """What sounds like an emergency. `rules` are labelled with the tier, `safe` phrases are taken out first."""

    rules: Rules
    safe: Rules
    spelled: frozenset[str]  # words worth finding behind one typo
    inside: Mapping[str, str]  # run-together spellings, looked for inside long words -> tier
    sounds: Mapping[str, tuple[str, ...]]  # letters -> those they may stand for: "k" -> "qu", "c"
    short: Mapping[str, str]  # what is typed for it -> the words: "tmrw" -> "tomorrow"
    cards: tuple["CardWords", ...]  # closer cases of a tier, the first that fits
    own: frozenset[str]  # words for the writer: "i", "myself"
    others: frozenset[str]  # words for somebody else: "she", "hermano"
    tiers: tuple[str, ...] = ("self_harm", "medical", "violence", "threat")


@dataclass(frozen=True, slots=True)
class CardWords:
    """When a text of a tier gets another card: where one of `rules` fits, and none of `unless`."""

    tier: str
    card: str
    rules: tuple[tuple[str, str], ...]
    unless: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class TopicWords:
    """What touches a written answer. `bare`: whole texts, but for the `polite` words, to their topic."""

    rules: Rules
    bare: Mapping[str, str]
    polite: frozenset[str]


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Everything the reader of typed texts knows, in all its languages at once."""

    entries: Mapping[str, Entry]
    doubtful: Mapping[str, DoubtfulName]
    times: TimeWords
    places: PlaceWords
    family: FamilyWords
    topics: TopicWords
    negations: Rules  # labelled before, before_name, after_name, none
    risk: RiskWords
    meeting_words: frozenset[str]  # "meeting", "find", "where": a request, not a story
    gatherings: frozenset[str]  # those of them that name a meeting or a group
    function_words: Mapping[str, frozenset[str]]  # word -> languages; tell the language, mean nothing
    ordinary_words: Mapping[str, frozenset[str]]  # word -> languages; tell the language too, less surely
    fillers: frozenset[str]  # ordinary words that mean nothing to a search
