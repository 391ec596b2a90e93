"""The road to treatment by country, from content/treatment/*.yml."""

from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from bot.domain.treatment import Treatment, TreatmentFinder
from bot.texts.countries import CountryFile, read_countries
from bot.texts.reading import Strict

Dialled = Annotated[str, Field(pattern=r"^[0-9][0-9 -]*$")]


class FinderFile(Strict):
    """A public directory or line. What is not sure is left out; one of the two ways is there."""

    name: str = Field(min_length=1)
    url: str = Field(default="", pattern=r"^(https://[^\s]+)?$")
    phone: Dialled | Literal[""] = ""
    hours: Literal["", "always"] = ""

    @model_validator(mode="after")
    def _somebody_can_be_reached(self) -> Self:
        if not (self.url or self.phone):
            raise ValueError("url or phone: one of them is there")
        return self


class TreatmentFile(CountryFile):
    """One file of content/treatment/; the file's name is the country in lower case."""

    finders: tuple[FinderFile, ...] = Field(min_length=1, max_length=3)


def load_treatment(root: Path) -> dict[str, Treatment]:
    """The road to treatment by ISO country, with ELSEWHERE for all others; ContentError names file and field."""
    return {read.country: _treatment(read) for read in read_countries(root / "treatment", TreatmentFile)}


def _treatment(read: TreatmentFile) -> Treatment:
    return Treatment(
        country=read.country,
        finders=tuple(TreatmentFinder(**finder.model_dump()) for finder in read.finders),
        checked_on=read.checked_on,
        source=read.source,
        confidence=read.confidence,
    )
