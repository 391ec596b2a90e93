"""Where a statement comes from: numbered sources, and the claims that may be made out of them.

A mark under a text is a source id ("phillips_2014"), a claim id ("E13") or `llm` (machine-drafted, no source).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal

from pydantic import Field

from bot.domain.errors import ContentError
from bot.texts.reading import Strict, check_unique, read_model

LLM = "llm"


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
    subject: str
    strength: Literal["strong", "evidence", "emerging", "limited", "none"]
    population: str
    numbers: str = ""
    sources: tuple[str, ...] = Field(min_length=1)
    shown_with: tuple[str, ...] = ()  # claims that are always shown beside it
    text: dict[str, str]  # by language


class _Sources(Strict):
    sources: tuple[Source, ...] = Field(min_length=1)


class _Claims(Strict):
    claims: tuple[Claim, ...] = Field(min_length=1)


@dataclass(frozen=True, slots=True)
class Evidence:
    """All sources and claims, by id."""

    sources: dict[str, Source]
    claims: dict[str, Claim]

    def knows(self, mark: str) -> bool:
        """Whether a mark stands for something: `llm`, a source or a claim."""
        return mark == LLM or mark in self.sources or mark in self.claims

    def numbers(self, marks: Iterable[str]) -> tuple[int, ...]:
        """The numbers of the sources behind some marks, ascending, each once; `llm` has none."""
        ids: set[str] = set()
        for mark in marks:
            ids.update(self.claims[mark].sources if mark in self.claims else (mark,))
        return tuple(sorted(self.sources[one].number for one in ids if one in self.sources))


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
        if unknown := [one for one in claim.shown_with if one not in evidence.claims]:
            raise ContentError(f"{claims_file}: {claim.id}.shown_with: there is no claim {unknown[0]}.")
    return evidence
