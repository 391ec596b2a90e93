"""Fellowships: the facts of content/fellowships/*.yml, and the cards people read in each language.

Every card has the same fields in the same order, whatever the fellowship; what is not known is said, not left out.
`texts/facts.py` puts both together into the sixteen facts.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from dataclasses import fields as dataclass_fields
from datetime import date
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from bot.domain.errors import ContentError
from bot.domain.fellowship import (
    COSTS,
    FAMILY_WORDS,
    FORMATS,
    LANGUAGE_WORDS,
    LENGTHS,
    POPULATIONS,
    PRAYERS,
    STRENGTHS,
    Facts,
    Fellowship,
    Strength,
    Tradition,
)
from bot.domain.meeting import TAGS
from bot.domain.search import LANGUAGES, NEEDS
from bot.texts.library import DEFAULT
from bot.texts.reading import Strict, check_model, check_unique, files, read_front_matter, read_model
from bot.texts.schema import meant, none_of
from bot.texts.sources import Evidence

FIELDS = ("what", "for", "aim", "belief", "medicines", "first_visit", "cost", "research")
FURTHER = ("approach", "anonymity")  # texts that stand among all facts and not on the card
MAX_NUMBER = 255  # a button has eight bits for it


def _known_need(need: str) -> str:
    if need not in NEEDS:
        raise ValueError(f"there is no need called {need}{meant(need, NEEDS)}")
    return need


def _known_tag(tag: str) -> str:
    if tag not in TAGS:
        raise ValueError(f"there is no tag called {tag}{meant(tag, TAGS)}")
    return tag


def _lower(alias: str) -> str:
    if alias != alias.lower():
        raise ValueError(f"{alias} has capital letters")
    return alias


def _one_of(*known: str) -> AfterValidator:
    def check(value: str) -> str:
        if value not in known:
            raise ValueError(none_of(value, known))
        return value

    return AfterValidator(check)


Address = Annotated[str, Field(pattern=r"^(https://[^\s]+)?$")]
Contact = Annotated[str, Field(pattern=r"^(https://\S+|\+?[\d() -]{3,})?$")]


class StrengthEntry(Strict):
    """`evidence` of a fellowship's file."""

    strength: Annotated[str, _one_of(*STRENGTHS)]
    population: Annotated[str, _one_of(*POPULATIONS)]
    claims: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _something_stands_behind_it(self) -> Self:
        if not self.claims and not self.sources:
            raise ValueError("it names no claim and no source")
        if self.strength == "strong" and self.population != "guided_alcohol":
            raise ValueError("strong is said of guided help to join AA alone")
        return self


class FellowshipFile(Strict):
    """One file of content/fellowships/; the file's name is the id."""

    number: int = Field(ge=1, le=MAX_NUMBER)
    name: str = Field(min_length=1)
    short: str = Field(min_length=1, max_length=24)
    tradition: Tradition
    needs: tuple[Annotated[str, AfterValidator(_known_need)], ...] = Field(min_length=1)
    family: bool = False
    for_people: Literal["", "women", "trade", "faith", "indigenous", "teens"] = ""
    tags: frozenset[Annotated[str, AfterValidator(_known_tag)]] = frozenset()
    aliases: tuple[Annotated[str, AfterValidator(_lower)], ...] = ()
    site: Address = ""
    finder: Address = ""
    live: bool = True
    cost: Annotated[str, _one_of(*COSTS)]
    formats: tuple[Annotated[str, _one_of(*FORMATS)], ...] = ()
    family_branch: tuple[str, ...] = ()
    meeting_languages: tuple[Annotated[str, _one_of(*LANGUAGES, *LANGUAGE_WORDS)], ...] = ()
    length: Annotated[str, _one_of("", *LENGTHS)] = ""
    prayer: Annotated[str, _one_of("", *PRAYERS)] = ""
    may_listen: bool = False
    contact: Contact = ""
    status: Literal["active", "unsure"]
    evidence: StrengthEntry
    facts_from: tuple[str, ...] = Field(min_length=1)  # marks of all that this file says
    checked_on: date | None = None  # the day somebody read the fellowship's own pages
    doubt: str = ""  # for editors: what nobody could confirm

    @model_validator(mode="after")
    def _facts_agree(self) -> Self:
        if self.finder and not self.site:
            raise ValueError("finder is given without site")
        if not self.live and self.status == "active":
            raise ValueError("status is active although live is false")
        return self


class CardFile(Strict):
    """The front matter of content/<language>/fellowships/<id>.md."""

    what: str = Field(min_length=1)
    for_: str = Field(min_length=1, alias="for")
    aim: str = Field(min_length=1)
    belief: str = Field(min_length=1)
    medicines: str = Field(min_length=1)
    first_visit: str = Field(min_length=1)
    cost: str = Field(min_length=1)
    research: str = Field(min_length=1)
    approach: str = Field(min_length=1)
    anonymity: str = Field(min_length=1)
    marks: dict[str, tuple[str, ...]]
    reviewed_by_clinician: bool

    @model_validator(mode="after")
    def _every_field_has_a_mark(self) -> Self:
        if missing := [name for name in (*FIELDS, *FURTHER) if not self.marks.get(name)]:
            raise ValueError(f"marks.{missing[0]} is missing: a source, a claim or llm")
        if extra := set(self.marks) - {*FIELDS, *FURTHER}:
            raise ValueError(f"marks.{min(extra)} belongs to no field")
        return self


@dataclass(frozen=True, slots=True)
class FellowshipCard:
    """What a person reads about a fellowship: `fields` in the order of FIELDS, `further` in that of FURTHER."""

    fellowship: str
    language: str
    fields: dict[str, str]
    marks: dict[str, tuple[str, ...]]
    sources: tuple[int, ...]  # numbers in sources.yml, ascending
    reviewed_by_clinician: bool
    page: str = ""  # Markdown below the fields, where there is more to say
    further: Mapping[str, str] = field(default_factory=dict)

    @property
    def length(self) -> int:
        """Characters of all texts together, the measure by which cards are kept equal."""
        return sum(len(text) for text in self.fields.values())


class FellowshipCards:
    """The cards of all languages; what a language lacks is taken from English."""

    def __init__(self, cards: dict[str, dict[str, FellowshipCard]]) -> None:
        """`cards`: language -> fellowship id -> card."""
        self._cards = cards

    def card(self, fellowship: str, language: str) -> FellowshipCard | None:
        """The card in a language, else in English, else None (a fellowship that has no card yet)."""
        return self._cards.get(language, {}).get(fellowship) or self._cards.get(DEFAULT, {}).get(fellowship)

    def of(self, language: str) -> dict[str, FellowshipCard]:
        """The cards written in this very language, by fellowship id."""
        return self._cards.get(language, {})


def load_fellowships(root: Path) -> tuple[Fellowship, ...]:
    """All fellowships of a content folder by number; ContentError names file and field."""
    folder = root / "fellowships"
    read = {path.stem: read_model(path, FellowshipFile) for path in files(folder, "*.yml")}
    check_unique(folder, "the number", ((one.number, f"{name}.yml") for name, one in read.items()))
    check_unique(
        folder,
        "the alias",
        ((alias, f"{name}.yml") for name, one in read.items() for alias in dict.fromkeys(one.aliases)),
    )
    for name, one in read.items():
        for branch in one.family_branch:
            if branch not in FAMILY_WORDS and branch == branch.lower() and branch not in read:
                raise ContentError(f"{folder / name}.yml: family_branch: there is no fellowship {branch}.")
    return tuple(sorted((_fellowship(name, one) for name, one in read.items()), key=lambda one: one.number))


def load_cards(root: Path, languages: tuple[str, ...], evidence: Evidence) -> FellowshipCards:
    """The cards of these languages; a language without a folder has none. ContentError names file and field."""
    return FellowshipCards({language: _cards(root, language, evidence) for language in languages})


def _cards(root: Path, language: str, evidence: Evidence) -> dict[str, FellowshipCard]:
    cards: dict[str, FellowshipCard] = {}
    for path in sorted((root / language / "fellowships").glob("*.md")):
        if not (root / "fellowships" / f"{path.stem}.yml").is_file():
            raise ContentError(f"{path}: there is no fellowship {path.stem} in {root / 'fellowships'}.")
        cards[path.stem] = _card(path, language, evidence)
    return cards


def _card(path: Path, language: str, evidence: Evidence) -> FellowshipCard:
    front, page = read_front_matter(path)
    card = check_model(path, front, CardFile)
    for name, marks in card.marks.items():
        if unknown := [mark for mark in marks if not evidence.knows(mark)]:
            raise ContentError(f"{path}: marks.{name}: {unknown[0]} is no source, no claim and not llm.")
    texts = card.model_dump(by_alias=True)
    return FellowshipCard(
        fellowship=path.stem,
        language=language,
        fields={name: texts[name] for name in FIELDS},
        marks={name: card.marks[name] for name in (*FIELDS, *FURTHER)},
        sources=evidence.numbers(mark for name in FIELDS for mark in card.marks[name]),
        reviewed_by_clinician=card.reviewed_by_clinician,
        page=page,
        further={name: texts[name] for name in FURTHER},
    )


def _fellowship(identity: str, read: FellowshipFile) -> Fellowship:
    own = {one.name for one in dataclass_fields(Fellowship)} - {"facts"}
    proven = read.evidence
    facts = Facts(
        **read.model_dump(include={one.name for one in dataclass_fields(Facts)}),
        active=read.status == "active",
        strength=Strength(proven.strength, proven.population, proven.claims, proven.sources),
    )
    return Fellowship(id=identity, facts=facts, **read.model_dump(include=own))
