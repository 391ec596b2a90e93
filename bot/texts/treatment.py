"""The road to treatment by country, from content/treatment/*.yml."""

from datetime import date
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from bot.domain.errors import ContentError
from bot.domain.treatment import Treatment, TreatmentFinder
from bot.texts.reading import Strict, files, read_model

ELSEWHERE = "ZZ"  # the country of elsewhere.yml: for every place that has no file of its own
_ELSEWHERE_FILE = "elsewhere"

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


class TreatmentFile(Strict):
    """One file of content/treatment/; the file's name is the country in lower case."""

    country: str = Field(pattern=r"^[A-Z]{2}$")
    finders: tuple[FinderFile, ...] = Field(min_length=1, max_length=3)
    checked_on: date
    source: str = Field(min_length=1)
    confidence: Literal["A", "B", "?"]


def load_treatment(root: Path) -> dict[str, Treatment]:
    """The road to treatment by ISO country, with ELSEWHERE for all others; ContentError names file and field."""
    folder = root / "treatment"
    found = {path.stem: (path, read_model(path, TreatmentFile)) for path in files(folder, "*.yml")}
    if _ELSEWHERE_FILE not in found:
        raise ContentError(f"{folder / 'elsewhere.yml'}: it is missing, and countries without a file need it.")
    for name, (path, read) in found.items():
        expected = ELSEWHERE if name == _ELSEWHERE_FILE else name.upper()
        if read.country != expected:
            raise ContentError(f"{path}: country: {read.country} stands in a file for {expected}.")
    return {read.country: _treatment(read) for _, read in found.values()}


def _treatment(read: TreatmentFile) -> Treatment:
    return Treatment(
        country=read.country,
        finders=tuple(TreatmentFinder(**finder.model_dump()) for finder in read.finders),
        checked_on=read.checked_on,
        source=read.source,
        confidence=read.confidence,
    )
