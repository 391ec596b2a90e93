"""content/feeds/*.yml: one card for each public list. Whether a list is read at all is decided by the operator."""

from collections.abc import Collection
from functools import cache
from pathlib import Path
from typing import Annotated, Literal, Self
from urllib.parse import urlsplit
from zoneinfo import available_timezones

from pydantic import AfterValidator, Field, model_validator

from bot.domain.errors import ContentError
from bot.domain.feed import FeedCard
from bot.texts.reading import Strict, check_unique, read_model

FOLDER = "feeds"


def _web_address(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme != "https" or not parts.hostname or parts.username or parts.fragment:
        raise ValueError("it is a https address without user name and #")
    return url


@cache
def _zones() -> frozenset[str]:
    """Every zone there is; asking walks the disk."""
    return frozenset(available_timezones())


def _zone(name: str) -> str:
    if name not in _zones():
        raise ValueError(f"there is no time zone {name}; write it like America/New_York")
    return name


Address = Annotated[str, AfterValidator(_web_address)]
Text = Annotated[str, Field(min_length=1)]


class Expect(Strict):
    """How many meetings the list may have."""

    min: int = Field(ge=1)
    max: int

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.max < self.min:
            raise ValueError("max is smaller than min")
        return self


class CardFile(Strict):
    """One file of content/feeds/; the file's name is the feed's id."""

    publisher: Text
    url: Address
    format: Literal["meeting_guide", "bmlt", "csv"]
    fellowship: Text
    every: int = Field(ge=1, le=24 * 31)
    expect: Expect
    max_shrink: float = Field(default=0.2, gt=0, lt=1)
    zone: Annotated[str, AfterValidator(_zone)] | None = None
    formats_url: Address | Literal[""] = ""
    service_bodies_url: Address | Literal[""] = ""
    server_info_url: Address | Literal[""] = ""
    contact: Address
    feedback: Annotated[str, Field(pattern=r"^(|https://\S+|[^@\s]+@[^@\s]+)$")] = ""
    terms: str = ""
    countries: tuple[Annotated[str, Field(pattern=r"^[A-Z]{2}$")], ...] = ()
    areas: tuple[Text, ...] = ()

    @model_validator(mode="after")
    def _only_bmlt_has_more_addresses(self) -> Self:
        if self.format != "bmlt" and (self.formats_url or self.service_bodies_url or self.server_info_url):
            raise ValueError("formats_url, service_bodies_url and server_info_url belong to the format bmlt")
        return self


def load_feeds(root: Path, fellowships: Collection[str]) -> dict[str, FeedCard]:
    """Every card by its id, in the order of ids, perhaps none; ContentError names file and field.

    `fellowships`: the ids that a card may name.
    """
    folder = root / FOLDER
    read = {path: read_model(path, CardFile) for path in sorted(folder.glob("*.yml"))}
    for path, card in read.items():
        if card.fellowship not in fellowships:
            raise ContentError(f"{path}: fellowship: there is no fellowship {card.fellowship}.")
    check_unique(folder, "url", ((card.url, path.name) for path, card in read.items()))
    return {path.stem: _card(path.stem, card) for path, card in read.items()}


def _card(feed: str, read: CardFile) -> FeedCard:
    fields = read.model_dump(exclude={"expect"})
    return FeedCard(id=feed, least=read.expect.min, most=read.expect.max, **fields)
