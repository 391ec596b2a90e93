"""The rules for words, as data: content/words/pressure.yml (kindness) and content/words/plain.yml (plain language).

A rule holds in its scopes: `bot` our own words, `page` articles, `label` buttons, `safety` urgent texts, `quote` the
words of others between quotation marks. What holds for `bot` holds for `page` and `label` too.
"""

import re
from functools import cached_property
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from bot.texts.reading import Strict, read_model

Severity = Literal["error", "warning", "note"]
Scope = Literal["bot", "page", "label", "safety", "quote"]
HELD: dict[str, frozenset[str]] = {
    "bot": frozenset({"bot"}),
    "page": frozenset({"bot", "page"}),
    "label": frozenset({"bot", "label"}),
    "safety": frozenset({"safety"}),
    "quote": frozenset({"quote"}),
}

Code = Annotated[str, Field(pattern=r"^[a-z]{2}$")]
Filled = Annotated[str, Field(min_length=1)]


def _compiles(pattern: str) -> str:
    try:
        re.compile(pattern)
    except re.error as error:
        raise ValueError(f"{pattern} is no pattern: {error}") from error
    return pattern


Pattern = Annotated[str, Field(min_length=1), AfterValidator(_compiles)]


class Rule(Strict):
    """Words or patterns of one kind in one language, where they are out of place, and what to say in their place.

    `patterns` are looked for in one sentence at a time; they are excused where the sentence has one of `unless`, or
    all of `needs`.
    """

    id: str
    language: Code
    severity: Literal["error", "warning"]
    scopes: tuple[Scope, ...] = Field(min_length=1)
    suggestion: str = ""
    words: tuple[Filled, ...] = ()
    swaps: dict[Filled, Filled] = {}  # word -> the plain one
    patterns: tuple[Pattern, ...] = ()
    unless: tuple[Pattern, ...] = ()
    needs: tuple[Pattern, ...] = ()

    @model_validator(mode="after")
    def _looks_for_something_and_says_what_to_do(self) -> Self:
        if not (self.words or self.swaps or self.patterns):
            raise ValueError("a rule has words, swaps or patterns")
        if not self.suggestion and (self.words or self.patterns):
            raise ValueError("suggestion is missing")
        if (self.unless or self.needs) and not self.patterns:
            raise ValueError("unless and needs excuse patterns, and there are none")
        return self

    @cached_property
    def word_pattern(self) -> re.Pattern[str] | None:
        """All words as one pattern. A word all in capitals ("MAT") is meant in capitals only."""
        every = sorted((*self.words, *self.swaps), key=len, reverse=True)
        parts = [re.escape(word) if word.isupper() else f"(?i:{re.escape(word)})" for word in every]
        return re.compile(rf"(?<!\w)(?:{'|'.join(parts)})(?!\w)") if parts else None

    @cached_property
    def _any_pattern(self) -> re.Pattern[str]:
        return re.compile("|".join(f"(?:{one})" for one in self.patterns), re.IGNORECASE)

    def in_sentence(self, sentence: str) -> re.Match[str] | None:
        """The first pattern found in a sentence that does not excuse it."""
        found = self._any_pattern.search(sentence)
        if found is None or any(re.search(one, sentence, re.IGNORECASE) for one in self.unless):
            return None
        excused = self.needs and all(re.search(one, sentence, re.IGNORECASE) for one in self.needs)
        return None if excused else found

    def advice(self, found: str) -> str:
        """What to write in the place of a found word."""
        return next((swap for word, swap in self.swaps.items() if word.lower() == found.lower()), self.suggestion)


class Exempt(Strict):
    """A phrase that is fine although it holds such a word."""

    language: Code
    text: Filled
    reason: Filled


class Limit(Strict):
    """More than `warn` is pointed out, more than `fail` is an error."""

    warn: float
    fail: float


class Lengths(Strict):
    """The first three in characters, the next two in words, the last in sentences."""

    message: int
    card: int
    label: int
    label_words: int
    message_measured: int  # below it, the reading level of a message means little
    paragraph: int


class Sentences(Strict):
    """Words in one sentence."""

    bot: Limit
    safety: Limit
    page: Limit


class Grades(Strict):
    """The highest reading level, as reading_level() gives it: English in grades, others in LIX."""

    bot: float
    safety: float


class Days(Strict):
    """After how many days somebody should look again."""

    urgent: int
    texts: int


class Term(Strict):
    """A word of the trade. A text that has it also has one of `means`, or leaves it out."""

    language: Code
    words: tuple[Filled, ...] = Field(min_length=1)
    means: tuple[Pattern, ...] = Field(min_length=1)
    suggestion: Filled


class Unsourced(Strict):
    """What a sentence without a source (`llm`) never carries; `numbers_of_names` are not numbers ("12 steps")."""

    language: Code
    numbers: tuple[Pattern, ...]
    effects: tuple[Pattern, ...]
    numbers_of_names: tuple[Pattern, ...]


class Caution(Strict):
    """How shares are written ("24 in 100"), and words that show how sure they are."""

    language: Code
    shares: tuple[Pattern, ...]
    cautions: tuple[Pattern, ...]


class Most(Strict):
    """The longest field, in characters."""

    card: int
    facts: int


class Equal(Strict):
    """How equal the kinds are told."""

    length: float = Field(gt=0, lt=1)
    grade_spread: float = Field(gt=0)
    field: Most
    chance: float = Field(gt=0, lt=1)
    evaluative: dict[Code, tuple[Filled, ...]]
    funding: dict[Code, Filled]


class PressureFile(Strict):
    """words/pressure.yml."""

    sentences: Sentences
    rules: tuple[Rule, ...] = Field(min_length=1)
    exceptions: tuple[Exempt, ...] = ()


class PlainFile(Strict):
    """words/plain.yml."""

    lengths: Lengths
    grades: dict[Code, Grades]
    other_grades: Grades
    days: Days
    rules: tuple[Rule, ...]
    exceptions: tuple[Exempt, ...] = ()
    glossary: tuple[Term, ...] = ()
    unsourced: tuple[Unsourced, ...]
    shares: tuple[Caution, ...]
    parity: Equal

    def grades_of(self, language: str) -> Grades:
        """The highest reading levels of a language."""
        return self.grades.get(language, self.other_grades)


def load_pressure(root: Path) -> PressureFile:
    """The kindness rules of a content folder; ContentError names file and field."""
    return read_model(root / "words" / "pressure.yml", PressureFile)


def load_plain(root: Path) -> PlainFile:
    """The plain-language rules of a content folder; ContentError names file and field."""
    return read_model(root / "words" / "plain.yml", PlainFile)
