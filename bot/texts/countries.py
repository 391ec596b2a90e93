"""Folders with one file for each country: the file's name is the country, and one file serves all others."""

from datetime import date
from pathlib import Path
from typing import Literal, TypeVar

from pydantic import Field

from bot.domain.errors import ContentError
from bot.texts.reading import Strict, files, read_model

ELSEWHERE = "ZZ"  # the country of elsewhere.yml: for every place that has no file of its own
_ELSEWHERE_FILE = "elsewhere"


class CountryFile(Strict):
    """What every such file says, whatever it is about."""

    country: str = Field(pattern=r"^[A-Z]{2}$")
    checked_on: date
    source: str = Field(min_length=1)
    confidence: Literal["A", "B", "?"]


Read = TypeVar("Read", bound=CountryFile)


def read_countries(folder: Path, model: type[Read]) -> list[Read]:
    """Every file of a folder; ContentError names the one that is missing, or that tells of another country."""
    found = {path.stem: (path, read_model(path, model)) for path in files(folder, "*.yml")}
    if _ELSEWHERE_FILE not in found:
        raise ContentError(f"{folder / 'elsewhere.yml'}: it is missing, and countries without a file need it.")
    for name, (path, read) in found.items():
        expected = ELSEWHERE if name == _ELSEWHERE_FILE else name.upper()
        if read.country != expected:
            raise ContentError(f"{path}: country: {read.country} stands in a file for {expected}.")
    return [read for _, read in found.values()]
