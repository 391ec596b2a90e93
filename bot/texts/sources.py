"""Where a statement comes from: numbered sources, and the claims that may be made out of them.

A mark under a text is a source id ("phillips_2014"), a claim id ("E13") or `llm` (machine-drafted, no source).
A claim is shown with its caveat and beside its pair; trials of guided help to join say nothing of meetings alone, so
no sentence carries both.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal, Self

from pydantic import Field, model_validator

from bot.domain.errors import ContentError
from bot.texts.library import DEFAULT
from bot.texts.reading import Strict, check_unique, read_model

LLM = "llm"
_APART = frozenset({"facilitation", "attendance"})

Subject = Literal[
    "facilitation",  # guided help to join
    "attendance",  # going to meetings
    "both",
    "involvement",
    "experience",
    "choice",
    "coercion",
    "referral",
    "mechanism",
    "treatment",
    "description",
    "stigma",
    "gap",
]


class Source(Strict):
    """One entry of sources.yml. `number` is what people see; it is fixed and never used again."""

    id: str = Field(pattern=r"^[a-z0-9_]+$")
    number: int = Field(ge=1)
    title: str
    by: str = ""
    year: int | None = Field(default=None, ge=1900, le=2100)
    kind: Literal["review", "study", "article", "own_pages", "pamphlet", "page"]
    url: str = Field(default="", pattern=r"^(https://\S+)?$")
    read_on: date | None = None
    note: str = ""


class Claim(Strict):
    """One entry of claims.yml: a sentence that may be said, with how sure it is and about whom."""

    id: str = Field(pattern=r"^E\d+$")
    subject: Subject
    strength: Literal["strong", "evidence", "emerging", "limited", "none"]
    certainty: Literal["", "high"] = ""
    population: str = Field(min_length=1)
    numbers: str = ""  # what the papers counted, for editors; never shown
    sources: tuple[str, ...] = Field(min_length=1)
    shown_with: tuple[str, ...] = ()  # claims that are always shown beside it
    text: dict[str, str]  # by language
    caveat: dict[str, str] = {}  # by language; what the text is never shown without

    @model_validator(mode="after")
    def _a_number_has_a_caveat(self) -> Self:
        if not self.caveat and (re.search(r"\d", self.numbers) or any(map(_counts, self.text.values()))):
            raise ValueError("a claim with a number has a caveat")
        if self.caveat and self.caveat.keys() != self.text.keys():
            raise ValueError("caveat: it stands in the same languages as text")
        return self

    def said(self, language: str) -> str:
        """The text with its caveat, as one paragraph; English where the language has none."""
        code = language if language in self.text else DEFAULT
        return " ".join(part for part in (self.text[code], self.caveat.get(code, "")) if part)


def _counts(text: str) -> bool:
    """Whether a text tells how many: "24 in 100", and not "12 steps"."""
    return bool(re.search(r"\d\s*(?:%|in \d|de cada \d)", text))


class _Sources(Strict):
    sources: tuple[Source, ...] = Field(min_length=1)


class _Claims(Strict):
    claims: tuple[Claim, ...] = Field(min_length=1)


@dataclass(frozen=True, slots=True)
class Evidence:
    """All sources and claims, by id."""

    sources: dict[str, Source]
    claims: dict[str, Claim]
    whole: bool = True  # not where one of the files could not be read: then no mark can be doubted

    def knows(self, mark: str) -> bool:
        """Whether a mark stands for something: `llm`, a source or a claim."""
        return not self.whole or mark == LLM or mark in self.sources or mark in self.claims

    def numbers(self, marks: Iterable[str]) -> tuple[int, ...]:
        """The numbers of the sources behind some marks, ascending, each once; `llm` has none."""
        ids: set[str] = set()
        for mark in marks:
            ids.update(self.claims[mark].sources if mark in self.claims else (mark,))
        return tuple(sorted(self.sources[one].number for one in ids if one in self.sources))

    def shown(self, ids: Iterable[str]) -> tuple[Claim, ...]:
        """The claims of one paragraph with those that always stand beside them, each once, in the order asked for.

        ContentError for a claim that is not there, or where guided help to join and going to meetings are mixed.
        """
        found: dict[str, Claim] = {}
        for one in ids:
            if one not in self.claims:
                raise ContentError(f"claims.yml: there is no claim {one}.")
            for name in (one, *self.claims[one].shown_with):
                found.setdefault(name, self.claims[name])
        if self.mixes(found):
            raise ContentError(f"{', '.join(found)}: guided help to join and going to meetings are told apart.")
        return tuple(found.values())

    def mixes(self, marks: Iterable[str]) -> bool:
        """Whether these marks of one sentence are about guided help to join and about going to meetings at once."""
        return {self.claims[mark].subject for mark in marks if mark in self.claims} >= _APART


def load_evidence(root: Path) -> Evidence:
    """sources.yml and claims.yml of a content folder; ContentError names file and field."""
    sources_file, claims_file = root / "sources.yml", root / "claims.yml"
    sources = read_model(sources_file, _Sources).sources
    claims = read_model(claims_file, _Claims).claims
    check_unique(root, "the source", ((source.id, "sources.yml") for source in sources))
    check_unique(root, "the source number", ((source.number, "sources.yml") for source in sources))
    check_unique(root, "the claim", ((claim.id, "claims.yml") for claim in claims))
    evidence = Evidence({one.id: one for one in sources}, {one.id: one for one in claims})
    for claim in claims:
        if unknown := [one for one in claim.sources if one not in evidence.sources]:
            raise ContentError(f"{claims_file}: {claim.id}.sources: {unknown[0]} does not stand in sources.yml.")
        if claim.certainty == "high" and (claim.subject, claim.strength) != ("facilitation", "strong"):
            raise ContentError(f"{claims_file}: {claim.id}.certainty: high is said of guided help to join alone.")
        if unknown := [one for one in claim.shown_with if one not in evidence.claims]:
            raise ContentError(f"{claims_file}: {claim.id}.shown_with: there is no claim {unknown[0]}.")
    return evidence
