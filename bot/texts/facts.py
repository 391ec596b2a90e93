"""The sixteen facts of each fellowship, in the words of each language: one order, nothing left out.

Texts come from the card, what can be counted off from the labels; what is not known is said. `FactsText.body` and
`FactsText.prose` are what parity is measured on.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from babel import Locale
from babel.lists import format_list

from bot.domain.errors import ContentError
from bot.domain.fellowship import FAMILY_WORDS, FORMATS, LANGUAGE_WORDS, Fellowship
from bot.texts.fellowships import FellowshipCard, FellowshipCards
from bot.texts.library import Library, Texts, first_upper
from bot.texts.sources import LLM, Evidence, Source

FACTS = (
    "for",
    "needs",
    "approach",
    "belief",
    "aim",
    "medicines",
    "cost",
    "anonymity",
    "first_visit",
    "formats",
    "family_branch",
    "addresses",
    "contact",
    "research",
    "languages",
    "status",
)
ANSWERS = ("length", "listen", "prayer")  # what a first visit asks beside the facts
NOTHING_FOUND = "E0"  # its sentence is the strength word, so it is not told twice
ELSEWHERE = ("phillips_2014",)  # says of whom most studies are; told beside all others


@dataclass(frozen=True, slots=True)
class Study:
    """One claim as it may be shown: with its caveat, and the numbers of its sources."""

    text: str
    sources: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class FactsText:
    """All that a person can read about one kind in one language."""

    fellowship: str
    language: str
    facts: Mapping[str, str]  # in the order of FACTS, all of them
    marks: Mapping[str, tuple[str, ...]]  # as shown: numbers of sources, `llm`; none where it is not known
    answers: Mapping[str, str]  # in the order of ANSWERS
    card: Mapping[str, str]  # the eight short texts
    card_sources: tuple[int, ...]
    studies: tuple[Study, ...]
    sources: tuple[Source, ...]  # by number
    checked_on: date | None  # the day somebody read the kind's own pages
    reviewed_by_clinician: bool

    @property
    def body(self) -> str:
        """The sixteen texts together, by whose length kinds are kept equal."""
        return " ".join(self.facts.values())

    @property
    def prose(self) -> str:
        """The sentences among them, for the reading level: without addresses and lists of names."""
        skipped = ("needs", "addresses", "languages", "formats")
        return " ".join(text for name, text in self.facts.items() if name not in skipped)


def load_facts(
    library: Library, kinds: Iterable[Fellowship], cards: FellowshipCards, evidence: Evidence
) -> dict[str, dict[str, FactsText]]:
    """Language -> fellowship id -> its facts; ContentError names the file and field of a mark that is not there."""
    every = {kind.id: kind for kind in kinds}
    for kind in every.values():
        _check_marks(library.root, kind, evidence)
    return {
        language: {
            name: _Telling(library.texts(language), kind, cards.card(name, language), evidence, every).told()
            for name, kind in every.items()
        }
        for language in library.languages
    }


def _check_marks(root: Path, kind: Fellowship, evidence: Evidence) -> None:
    where = f"{root / 'fellowships' / kind.id}.yml"
    named = (
        ("evidence.claims", kind.facts.strength.claims, evidence.claims.keys()),
        ("evidence.sources", kind.facts.strength.sources, evidence.sources.keys()),
        ("facts_from", kind.facts.facts_from, {LLM, *evidence.sources}),
    )
    for field, marks, known in named:
        if unknown := [mark for mark in marks if mark not in known]:
            raise ContentError(f"{where}: {field}: {unknown[0]} stands in neither sources.yml nor claims.yml.")
    if not _years(kind, evidence):
        raise ContentError(f"{where}: evidence: name a claim or source with a year; people are told how old it is.")


def _years(kind: Fellowship, evidence: Evidence) -> list[int]:
    """From when the papers are that a kind's evidence rests on."""
    strength = kind.facts.strength
    numbers = set(evidence.numbers((*strength.claims, *strength.sources)))
    return [source.year for source in evidence.sources.values() if source.year and source.number in numbers]


@dataclass(frozen=True, slots=True)
class _Telling:
    """One kind in one language, while its facts are put into words."""

    texts: Texts
    kind: Fellowship
    card: FellowshipCard | None
    evidence: Evidence
    every: Mapping[str, Fellowship]

    def told(self) -> FactsText:
        facts = {name: self._fact(name) for name in FACTS}
        marks = {name: self._marks(name) for name in FACTS}
        studies = self._studies()
        numbers = set(self.evidence.numbers(mark for found in marks.values() for mark in found))
        numbers.update(number for study in studies for number in study.sources)
        return FactsText(
            fellowship=self.kind.id,
            language=self.texts.language,
            facts=facts,
            marks={name: self._numbered(marks[name]) for name in FACTS},
            answers=self._answers(facts["belief"]),
            card=self.card.fields if self.card else {},
            card_sources=self.card.sources if self.card else (),
            studies=studies,
            sources=tuple(
                sorted(
                    (source for source in self.evidence.sources.values() if source.number in numbers),
                    key=lambda source: source.number,
                )
            ),
            checked_on=self.kind.checked_on,
            reviewed_by_clinician=bool(self.card and self.card.reviewed_by_clinician),
        )

    def _say(self, key: str, **values: object) -> str:
        return self.texts.label(f"fact_said.{key}", None, **values)

    def _fact(self, name: str) -> str:
        counted = {
            "needs": self._needs,
            "formats": self._formats,
            "family_branch": self._family,
            "addresses": self._addresses,
            "contact": self._contact,
            "languages": self._languages,
            "status": self._status,
            "research": self._research,
        }
        if name in counted:
            return counted[name]() or self._say("unknown")
        if self.card is None:
            return self._say("unknown")
        return self.card.further[name] if name in self.card.further else self.card.fields[name]

    def _marks(self, name: str) -> tuple[str, ...]:
        """Where a fact comes from; nothing for what is not known."""
        facts, strength = self.kind.facts, self.kind.facts.strength
        if name == "research":
            return (*strength.claims, *strength.sources)
        known = {
            "needs": self.kind.needs,
            "formats": facts.formats,
            "family_branch": facts.family_branch,
            "addresses": self.kind.site,
            "contact": facts.contact,
            "languages": facts.meeting_languages,
            "status": facts.active,
        }
        if name in known:
            return facts.facts_from if known[name] else ()
        if self.card is None or self._fact(name) == self._say("unknown"):
            return ()
        return self.card.marks[name]

    def _numbered(self, marks: tuple[str, ...]) -> tuple[str, ...]:
        """Marks as people see them: the numbers of the sources, and `llm`."""
        return (*map(str, self.evidence.numbers(marks)), *((LLM,) if LLM in marks else ()))

    def _needs(self) -> str:
        return _sentence(", ".join(self.texts.label(f"need.{need}") for need in self.kind.needs))

    def _formats(self) -> str:
        held = (name for name in FORMATS if name in self.kind.facts.formats)
        return _sentence(", ".join(self.texts.label(f"format.{name}") for name in held))

    def _family(self) -> str:
        branches = self.kind.facts.family_branch
        told = [self._say(f"family.{word}") for word in branches if word in FAMILY_WORDS]
        names = [self._name(branch) for branch in branches if branch not in FAMILY_WORDS]
        if names:
            told.append(self._say("family.groups", names=self._listed(names)))
        return " ".join(told)

    def _name(self, branch: str) -> str:
        return self.every[branch].name if branch in self.every else branch

    def _addresses(self) -> str:
        site, finder = _bare(self.kind.site), _bare(self.kind.finder)
        if not site:
            return ""
        if not finder:
            return self._say("site", site=site)
        if site == finder:
            return self._say("site_is_finder", site=site)
        return self._say("both", site=site, finder=finder)

    def _contact(self) -> str:
        if self.kind.facts.contact:
            return f"{_bare(self.kind.facts.contact)}."
        return self._say("contact_by_finder" if self.kind.finder else "contact_unknown")

    def _languages(self) -> str:
        spoken = self.kind.facts.meeting_languages
        if "many" in spoken:
            return self._say("many_languages")
        own = Locale(self.texts.language).languages
        names = [str(own[code]) for code in spoken if code not in LANGUAGE_WORDS]
        if "others" in spoken:
            names.append(self._say("others"))
        listed = self._listed(names)
        return self._say("mostly", languages=listed) if "mostly" in spoken else _sentence(listed)

    def _status(self) -> str:
        return self._say("active" if self.kind.facts.active else "unsure")

    def _research(self) -> str:
        """One template for all: the strength word with its short text, who was studied, and from when."""
        strength = self.kind.facts.strength
        years = _years(self.kind, self.evidence)
        first, last = min(years), max(years)
        return self._say(
            "research",
            told=self.card.fields["research"] if self.card else self._say("unknown"),
            population=self.texts.label(f"population.{strength.population}"),
            years=first if first == last else self._say("years", first=first, last=last),
        )

    def _answers(self, belief: str) -> dict[str, str]:
        facts = self.kind.facts
        listens = facts.may_listen or "listen_only" in self.kind.tags
        return {
            "length": self.texts.label(f"length.{facts.length}") if facts.length else self._say("unknown"),
            "listen": self.texts.label("listen.said" if listens else "listen.unknown"),
            "prayer": " ".join((belief, self.texts.label(f"prayer.{facts.prayer or 'unknown'}"))),
        }

    def _studies(self) -> tuple[Study, ...]:
        """Each claim with its caveat and its pair, help to join and going told apart; then where studies are from."""
        told = []
        for one in self.kind.facts.strength.claims:
            if one == NOTHING_FOUND:
                continue
            shown = self.evidence.shown([one])
            text = " ".join(claim.said(self.texts.language) for claim in shown)
            told.append(Study(text, self.evidence.numbers(claim.id for claim in shown)))
        return (*told, Study(self._say("elsewhere"), self.evidence.numbers(ELSEWHERE)))

    def _listed(self, names: list[str]) -> str:
        return format_list(names, locale=Locale(self.texts.language)) if names else ""


def _sentence(text: str) -> str:
    return f"{first_upper(text)}." if text else ""


def _bare(address: str) -> str:
    """An address as people write it: without https, www and a last slash."""
    return re.sub(r"^https://(www\.)?", "", address).rstrip("/")
