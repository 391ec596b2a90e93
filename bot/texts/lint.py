"""Reads a text with the rules of content/words/: no pressure, no blame, plain short sentences.

`load_lint(root)` reads the rules of a content folder. A finding says which rule, where, and what could stand there.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from bot.domain.fellowship import Fellowship
from bot.texts.fellowships import load_fellowships
from bot.texts.measure import blanked, grade, placed_sentences, plain, reading_level, words
from bot.texts.rules import HELD, PlainFile, PressureFile, Rule, Severity, load_plain, load_pressure

_QUOTED = re.compile(r"“[^”]*”|«[^»]*»|\"[^\"\n]*\"")
_EMOJI = re.compile("[\U0001f000-\U0001faff\u2600-\u27bf\u2b00-\u2bff\ufe0f]")


@dataclass(frozen=True, slots=True)
class Finding:
    """Something to look at again: which rule, what was found, what could stand there."""

    rule: str
    severity: Severity
    found: str
    suggestion: str
    at: int = 0  # the place of its first character in the text

    def __str__(self) -> str:
        return f"{self.severity} {self.rule}: “{self.found}” ({self.suggestion})"


class Lint:
    """The word rules of a content folder; `names` are left alone wherever they stand."""

    def __init__(self, pressure: PressureFile, rules: PlainFile, names: Iterable[str] = ()) -> None:
        """Use load()."""
        self.rules = rules
        self._rules_of: dict[str, list[Rule]] = {}
        for rule in (*pressure.rules, *rules.rules):
            self._rules_of.setdefault(rule.language, []).append(rule)
        self._sentences = pressure.sentences
        exempt = (*pressure.exceptions, *rules.exceptions)
        self._exempt = {
            language: _phrases(one.text for one in exempt if one.language == language) for language in self._rules_of
        }
        self._names = _phrases(names)

    @classmethod
    def load(cls, root: Path, names: Iterable[str] = ()) -> "Lint":
        """Read words/pressure.yml and words/plain.yml; ContentError names file and field."""
        return cls(load_pressure(root), load_plain(root), names)

    @property
    def languages(self) -> frozenset[str]:
        """The languages that have rules; texts of others are only measured."""
        return frozenset(self._exempt)

    def check(self, text: str, language: str, scope: str = "bot") -> list[Finding]:
        """Words, patterns and sentence lengths of one text; templates and tags in it are skipped."""
        return self.check_words(text, language, scope) + self.check_sentences(text, scope)

    def check_words(self, text: str, language: str, scope: str = "bot") -> list[Finding]:
        """Pressure, blame, fear, promises, labels, hard words. In quotation marks only rules for `quote` hold."""
        named = self._without(self._exempt.get(language), plain(text).replace("’", "'"))
        read = _Read.of(self._without(self._names, named), scope)
        sentences = _Read.of(named, scope)
        own, quoted = list(placed_sentences(sentences.own)), list(placed_sentences(sentences.quoted))
        findings: list[Finding] = []
        for rule in self._rules_of.get(language, ()):
            if not HELD[scope].isdisjoint(rule.scopes):
                findings += [*_words(rule, read.own), *_patterns(rule, own)]
            if quoted and "quote" in rule.scopes:
                findings += [*_words(rule, read.quoted), *_patterns(rule, quoted)]
        return findings

    def check_sentences(self, text: str, scope: str = "bot") -> list[Finding]:
        """Sentences that are longer than the scope allows."""
        if scope in ("quote", "label"):
            return []
        limit = getattr(self._sentences, scope)
        findings = []
        for at, sentence in placed_sentences(text):
            count = len(words(sentence))
            if count > limit.warn:
                severity: Severity = "error" if count > limit.fail else "warning"
                advice = f"{count} words; {limit.warn:.0f} are easy"
                findings.append(Finding("long_sentence", severity, sentence, advice, at))
        return findings

    def check_emoji(self, text: str, scope: str = "bot") -> list[Finding]:
        """At most one emoji in a text, and none where it is urgent: no meaning hangs on it."""
        found = list(_EMOJI.finditer(text))
        most = 0 if scope == "safety" else 1
        return [Finding("emoji", "error", one.group(), "say it in words", one.start()) for one in found[most:]]

    def check_level(self, text: str, language: str, scope: str = "bot") -> list[Finding]:
        """A text that reads harder than its scope allows; names are left out."""
        grades = self.rules.grades_of(language)
        most = grades.safety if scope == "safety" else grades.bot
        level = self.level(text, language)
        if level <= most:
            return []
        advice = f"reads at {level}; {most} is the most: shorter sentences, shorter words"
        first = next(placed_sentences(text), (0, ""))
        return [Finding("reading_level", "error", _short(first[1]), advice, first[0])]

    def check_jargon(self, text: str, language: str) -> list[Finding]:
        """Words of the trade that the text does not explain."""
        read = plain(text)
        findings = []
        for term in self.rules.glossary:
            pattern = _phrases(term.words) if term.language == language else None
            found = pattern.search(read) if pattern else None
            if found and not any(re.search(f"(?i){one}", read) for one in term.means):
                findings.append(Finding("jargon", "warning", found.group(), term.suggestion, found.start()))
        return findings

    def level(self, text: str, language: str) -> float:
        """The reading level of a text without the names of fellowships, which nobody can shorten."""
        read = plain(text)
        return reading_level(self._names.sub("it", read) if self._names else read, language)

    def grade(self, text: str, language: str) -> float:
        """The school grade of a text without the names of fellowships, see measure.grade()."""
        read = plain(text)
        return grade(self._names.sub("it", read) if self._names else read, language)

    @staticmethod
    def _without(phrases: re.Pattern[str] | None, text: str) -> str:
        """The text with blanks for names, or for phrases that are excused."""
        return phrases.sub(blanked, text) if phrases else text


def load_lint(root: Path) -> Lint:
    """The rules of a content folder, with the names of its fellowships left alone."""
    return Lint.load(root, names_of(load_fellowships(root)))


def names_of(kinds: Iterable[Fellowship]) -> Iterator[str]:
    """Every name that people give these kinds."""
    return (name for one in kinds for name in (one.name, one.short, *one.aliases))


@dataclass(frozen=True, slots=True)
class _Read:
    """A text parted in our own words and those between quotation marks, each in its place."""

    own: str
    quoted: str

    @classmethod
    def of(cls, text: str, scope: str) -> "_Read":
        if scope == "quote":
            return cls("", text)
        if not _QUOTED.search(text):
            return cls(text, "")
        return cls(_QUOTED.sub(blanked, text), _only(_QUOTED, text))


def _words(rule: Rule, text: str) -> Iterator[Finding]:
    for match in rule.word_pattern.finditer(text) if rule.word_pattern else ():
        yield Finding(rule.id, rule.severity, match.group(), rule.advice(match.group()), match.start())


def _patterns(rule: Rule, sentences: list[tuple[int, str]]) -> Iterator[Finding]:
    """Patterns are about what is said of whom, so names stay in their sentences."""
    for at, sentence in sentences if rule.patterns else ():
        if found := rule.in_sentence(sentence):
            yield Finding(rule.id, rule.severity, found.group(), rule.suggestion, at + found.start())


def _only(pattern: re.Pattern[str], text: str) -> str:
    """The text with blanks for all that the pattern does not cover."""
    kept, end = [], 0
    for match in pattern.finditer(text):
        kept += [re.sub(r"[^\n]", " ", text[end : match.start()]), match.group()]
        end = match.end()
    return "".join(kept)


def _phrases(texts: Iterable[str]) -> re.Pattern[str] | None:
    every = sorted((text.replace("’", "'") for text in texts if text), key=len, reverse=True)
    return re.compile(rf"(?i)(?<!\w)(?:{'|'.join(map(re.escape, every))})(?!\w)") if every else None


def _short(text: str) -> str:
    return text if len(text) <= 60 else f"{text[:59].rstrip()}…"
