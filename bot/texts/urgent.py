"""Urgent help by country, from content/urgent/*.yml: every number with its source and the day of its check."""

from datetime import date
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from bot.domain.errors import ContentError
from bot.domain.urgent import Line, UrgentCountry
from bot.texts.reading import Strict, files, read_model

ELSEWHERE = "ZZ"  # the country of elsewhere.yml: for every place that has no file of its own
_ELSEWHERE_FILE = "elsewhere"

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


class UrgentFile(Strict):
    """One file of content/urgent/; the file's name is the country in lower case."""

    country: str = Field(pattern=r"^[A-Z]{2}$")
    emergency: tuple[Dialled, ...] = Field(min_length=1)
    languages: tuple[Language, ...] = Field(min_length=1)
    checked_on: date
    source: str = Field(min_length=1)
    confidence: Literal["A", "B", "?"]
    lines: tuple[LineFile, ...] = Field(min_length=1)


def load_urgent(root: Path) -> dict[str, UrgentCountry]:
    """Urgent help by ISO country, with ELSEWHERE for all others; ContentError names file and field."""
    folder = root / "urgent"
    found = {path.stem: (path, read_model(path, UrgentFile)) for path in files(folder, "*.yml")}
    if _ELSEWHERE_FILE not in found:
        raise ContentError(f"{folder / 'elsewhere.yml'}: it is missing, and countries without a file need it.")
    for name, (path, read) in found.items():
        expected = ELSEWHERE if name == _ELSEWHERE_FILE else name.upper()
        if read.country != expected:
            raise ContentError(f"{path}: country: {read.country} stands in a file for {expected}.")
    return {read.country: _country(read) for _, read in found.values()}


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
