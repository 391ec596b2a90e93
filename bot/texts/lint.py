"""The checks an editor runs: no pressure, no blame, plain short sentences, the same room for every fellowship.

The words stand in content/words/pressure.yml. A text is checked in a scope: `bot` for our own words, `safety` for
urgent texts, `page` for articles, `quote` for the words of others. `load_lint(root)` reads a content folder's rules.
"""

import re
import statistics
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from bot.texts.fellowships import FIELDS, FellowshipCard, load_cards, load_fellowships
from bot.texts.reading import Strict, read_model
from bot.texts.sources import LLM, load_evidence

Severity = Literal["error", "warning"]

CARD_LENGTH = (300, 520)  # characters of a fellowship card's eight texts
CARD_BAND = 0.25  # each card's length stays this close to the median of its language
MAX_GRADE = 8.0  # Flesch-Kincaid, English
MAX_LIX = 40.0  # every other language

_MARKUP = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}|<[^>]*>", re.DOTALL)
_QUOTED = re.compile(r"“[^”]*”|«[^»]*»|\"[^\"\n]*\"")
_SENTENCE_END = re.compile(r"(?<=[.!?…:])[\"”»)]?\s+|\n+")
_WORD = re.compile(r"\w+(?:['’\-]\w+)*")
_SHORT_FORM = re.compile(
    r"\b(Dr|Dra|Sr|Sra|St|Mr|Mrs|Ms|approx|ext|p\. ej|EE\. UU|a\.m|p\.m|e\.g|i\.e)\.", re.IGNORECASE
)
_VOWELS = re.compile(r"[aeiouy]+")


class Rule(Strict):
    """Words of one kind in one language, where they are out of place, and what to say in their place."""

    id: str
    language: str = Field(pattern=r"^[a-z]{2}$")
    severity: Severity
    scopes: tuple[Literal["bot", "safety", "quote"], ...] = Field(min_length=1)
    suggestion: str
    words: tuple[Annotated[str, Field(min_length=1)], ...] = Field(min_length=1)

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """All words as one pattern. A word all in capitals ("MAT") is meant in capitals only."""
        parts = [
            re.escape(word) if word.isupper() else f"(?i:{re.escape(word)})" for word in _longest_first(self.words)
        ]
        return re.compile(rf"(?<!\w)(?:{'|'.join(parts)})(?!\w)")


class Exempt(Strict):
    """A phrase that is fine although it holds such a word."""

    language: str
    text: str
    reason: str = Field(min_length=1)


class Limit(Strict):
    """Words in a sentence: more than `warn` is pointed out, more than `fail` is an error."""

    warn: int
    fail: int


class _Sentences(Strict):
    bot: Limit
    safety: Limit
    page: Limit


class _WordsFile(Strict):
    sentences: _Sentences
    rules: tuple[Rule, ...] = Field(min_length=1)
    exceptions: tuple[Exempt, ...] = ()


@dataclass(frozen=True, slots=True)
class Finding:
    """Something to look at again: which rule, what was found, what could stand there."""

    rule: str
    severity: Severity
    found: str
    suggestion: str

    def __str__(self) -> str:
        return f"{self.severity} {self.rule}: “{self.found}” ({self.suggestion})"


class Lint:
    """The word rules of a content folder; `names` are left alone wherever they stand."""

    def __init__(self, words: _WordsFile, names: Iterable[str] = ()) -> None:
        """Use load()."""
        self._rules = words.rules
        self._limits: dict[str, Limit] = dict(words.sentences)
        self._exempt = {
            language: _phrases(one.text for one in words.exceptions if one.language == language)
            for language in {rule.language for rule in words.rules}
        }
        self._names = _phrases(names)

    @classmethod
    def load(cls, root: Path, names: Iterable[str] = ()) -> "Lint":
        """Read words/pressure.yml; ContentError names file and field."""
        return cls(read_model(root / "words" / "pressure.yml", _WordsFile), names)

    @property
    def languages(self) -> frozenset[str]:
        """The languages that have rules; texts of others are only measured."""
        return frozenset(self._exempt)

    def check(self, text: str, language: str, scope: str = "bot") -> list[Finding]:
        """Words and sentence lengths of one text; templates and tags in it are skipped."""
        return self.check_words(text, language, scope) + self.check_sentences(text, scope)

    def check_words(self, text: str, language: str, scope: str = "bot") -> list[Finding]:
        """Pressure, blame, fear, promises, labels. Between quotation marks only the rules for `quote` hold."""
        words = self._without_names(plain(text).replace("’", "'"), language)
        held = "bot" if scope == "page" else scope
        own = _QUOTED.sub(" ", words) if held != "quote" else ""
        quoted = words if held == "quote" else " ".join(_QUOTED.findall(words))
        findings = []
        for rule in self._rules:
            if rule.language != language:
                continue
            searched = [own] * (held in rule.scopes) + [quoted] * ("quote" in rule.scopes)
            findings += [
                Finding(rule.id, rule.severity, match.group(), rule.suggestion)
                for part in searched
                for match in rule.pattern.finditer(part)
            ]
        return findings

    def check_sentences(self, text: str, scope: str = "bot") -> list[Finding]:
        """Sentences that are longer than the scope allows."""
        if scope == "quote":
            return []
        limit = self._limits[scope]
        findings = []
        for sentence in sentences(text):
            count = len(_WORD.findall(sentence))
            if count > limit.warn:
                severity: Severity = "error" if count > limit.fail else "warning"
                findings.append(Finding("long_sentence", severity, sentence, f"{count} words; {limit.warn} are easy"))
        return findings

    def check_card(self, card: FellowshipCard) -> list[Finding]:
        """Words, sentences and length of a card, and that no unsourced text carries a number."""
        findings = [found for text in card.fields.values() for found in self.check(text, card.language)]
        for name in FIELDS:
            if set(card.marks[name]) == {LLM} and re.search(r"\d|%", card.fields[name]):
                findings.append(
                    Finding("unsourced_number", "error", card.fields[name], "name a source or leave it out")
                )
        if not CARD_LENGTH[0] <= card.length <= CARD_LENGTH[1]:
            advice = f"{card.length} characters; {CARD_LENGTH[0]} to {CARD_LENGTH[1]} fit"
            findings.append(Finding("card_length", "error", card.fellowship, advice))
        return findings

    def _without_names(self, text: str, language: str) -> str:
        for phrases in (self._names, self._exempt.get(language)):
            text = phrases.sub(" ", text) if phrases else text
        return text


def load_lint(root: Path) -> Lint:
    """The rules of a content folder, with the names of its fellowships left alone."""
    kinds = load_fellowships(root)
    return Lint.load(root, (name for one in kinds for name in (one.name, one.short, *one.aliases)))


@cache
def _own_lint() -> Lint:
    return load_lint(Path(__file__).resolve().parents[2] / "content")


def check_words(text: str, language: str, scope: str = "bot") -> list[Finding]:
    """Lint.check_words() with the rules of the repository's own content folder, which are read once."""
    return _own_lint().check_words(text, language, scope)


def check_fellowships(root: Path, languages: Iterable[str], lint: Lint) -> Iterator[tuple[str, Finding]]:
    """Everything to look at in the cards and claims of a content folder, each with the file it stands in."""
    evidence = load_evidence(root)
    spoken = tuple(languages)
    cards = load_cards(root, spoken, evidence)
    for language in spoken:
        for name, card in cards.of(language).items():
            where = f"{language}/fellowships/{name}.md"
            yield from ((where, finding) for finding in lint.check_card(card))
        for name in parity(cards.of(language).values()).outside if cards.of(language) else ():
            advice = "every kind gets the same room"
            yield f"{language}/fellowships/{name}.md", Finding("parity", "error", name, advice)
    for claim in evidence.claims.values():
        for language, text in claim.text.items():
            yield from ((f"claims.yml: {claim.id}", finding) for finding in lint.check(text, language, "page"))


@dataclass(frozen=True, slots=True)
class Parity:
    """How equal the cards of one language are. Lengths in characters, `level` as reading_level() gives it."""

    language: str
    cards: int
    median: float
    shortest: tuple[str, int]
    longest: tuple[str, int]
    easiest: tuple[str, float]
    hardest: tuple[str, float]
    outside: tuple[str, ...]  # fellowships whose card leaves the band around the median


def parity(cards: Iterable[FellowshipCard]) -> Parity:
    """Compare the cards of one language, at least one; the band is CARD_BAND either side of the median."""
    found = {card.fellowship: card for card in cards}
    language = next(iter(found.values())).language
    lengths = sorted((card.length, name) for name, card in found.items())
    levels = sorted((reading_level(". ".join(card.fields.values()), language), name) for name, card in found.items())
    median = statistics.median(length for length, _ in lengths)
    return Parity(
        language=language,
        cards=len(found),
        median=median,
        shortest=(lengths[0][1], lengths[0][0]),
        longest=(lengths[-1][1], lengths[-1][0]),
        easiest=(levels[0][1], levels[0][0]),
        hardest=(levels[-1][1], levels[-1][0]),
        outside=tuple(name for length, name in lengths if abs(length - median) > CARD_BAND * median),
    )


def plain(text: str) -> str:
    """A text without template marks and tags, as somebody would read it aloud."""
    return _MARKUP.sub(" ", text)


def sentences(text: str) -> Iterator[str]:
    """The sentences and headings of a text, without the empty ones."""
    whole = _SHORT_FORM.sub(lambda match: match.group().replace(".", ""), plain(text))
    for part in _SENTENCE_END.split(whole):
        if stripped := part.strip(" -*•#>\t"):
            yield stripped


def reading_level(text: str, language: str) -> float:
    """English: Flesch-Kincaid grade (compare MAX_GRADE); other languages: LIX (compare MAX_LIX). Empty: 0."""
    parts = [words for part in sentences(text) if (words := _WORD.findall(part))]
    words = [word for part in parts for word in part]
    if not words:
        return 0.0
    per_sentence = len(words) / len(parts)
    if language == "en":
        syllables = sum(_syllables(word) for word in words)
        return round(0.39 * per_sentence + 11.8 * syllables / len(words) - 15.59, 1)
    return round(per_sentence + 100 * sum(len(word) > 6 for word in words) / len(words), 1)


def _syllables(word: str) -> int:
    lower = word.lower()
    count = len(_VOWELS.findall(lower))
    if lower.endswith("e") and not lower.endswith("le") and count > 1:
        count -= 1
    return max(count, 1)


def _phrases(texts: Iterable[str]) -> re.Pattern[str] | None:
    words = _longest_first(text.replace("’", "'") for text in texts if text)
    return re.compile(rf"(?i)(?<!\w)(?:{'|'.join(map(re.escape, words))})(?!\w)") if words else None


def _longest_first(words: Iterable[str]) -> list[str]:
    return sorted(words, key=len, reverse=True)
