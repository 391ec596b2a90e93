"""Urgent help by country, from content/urgent/*.yml: every number with its source and the day of its check."""

from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from bot.domain.urgent import Line, UrgentCountry
from bot.texts.countries import CountryFile, read_countries
from bot.texts.reading import Strict

Dialled = Annotated[str, Field(pattern=r"^[0-9][0-9 -]*$")]
Language = Annotated[str, Field(pattern=r"^[a-z]{2}$")]


class LineFile(Strict):
    """One way to reach help. A directory on the web (`ways: [web]`) has its host as number."""

    name: str = Field(min_length=1)
    number: str = Field(pattern=r"^([0-9][0-9 -]*|[a-z0-9.-]+\.[a-z]{2,})$")
    ways: tuple[Literal["call", "text", "chat", "web"], ...] = Field(default=("call",), min_length=1)
    keyword: str = ""
    hours: Literal["", "always"] = ""
    topics: tuple[Literal["crisis", "poison", "violence", "drugs", "children", "health"], ...] = Field(min_length=1)
    languages: tuple[Language, ...] = ()

    @model_validator(mode="after")
    def _a_host_is_not_dialled(self) -> Self:
        if self.number[0].isdigit() == ("web" in self.ways):
            raise ValueError("number: digits are called, a web address has the way `web`")
        return self


class UrgentFile(CountryFile):
    """One file of content/urgent/; the file's name is the country in lower case."""

    emergency: tuple[Dialled, ...] = Field(min_length=1)
    languages: tuple[Language, ...] = Field(min_length=1)
    lines: tuple[LineFile, ...] = Field(min_length=1)


def load_urgent(root: Path) -> dict[str, UrgentCountry]:
    """Urgent help by ISO country, with ELSEWHERE for all others; ContentError names file and field."""
    return {read.country: _country(read) for read in read_countries(root / "urgent", UrgentFile)}


def _country(read: UrgentFile) -> UrgentCountry:
    return UrgentCountry(
        country=read.country,
        emergency=read.emergency,
        languages=read.languages,
        lines=tuple(Line(**line.model_dump()) for line in read.lines),
        checked_on=read.checked_on,
        source=read.source,
        confidence=read.confidence,
    )
