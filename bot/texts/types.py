"""content/words/types.yml: what the codes of the lists mean, and the names lists give to days, places and zones."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Annotated, Literal, TypeVar

from pydantic import AfterValidator, Field

from bot.domain.errors import ContentError
from bot.domain.feed import Meaning, TypeTables, folded
from bot.domain.meeting import TAGS
from bot.texts.reading import Strict, read_model
from bot.texts.schema import meant

FILE = Path("words", "types.yml")
Key = TypeVar("Key", int, str)


def _known_tag(tag: str) -> str:
    if tag not in TAGS:
        raise ValueError(f"there is no tag called {tag}{meant(tag, TAGS)}")
    return tag


LanguageCode = Annotated[str, Field(pattern=r"^[a-z]{2}$")]
CountryCode = Annotated[str, Field(pattern=r"^[A-Z]{2}$")]


class _Code(Strict):
    tags: frozenset[Annotated[str, AfterValidator(_known_tag)]] = frozenset()
    languages: tuple[LanguageCode, ...] = ()
    state: Literal["", "online", "hybrid", "room_shut"] = ""
    names: tuple[str, ...] = ()

    def meaning(self) -> Meaning:
        return Meaning(self.tags, self.languages, self.state)


_Codes = dict[str, _Code]


class _Types(Strict):
    common: _Codes
    fellowships: dict[str, _Codes]
    world_ids: _Codes
    key_strings: _Codes
    languages: dict[str, LanguageCode]
    days: dict[Annotated[int, Field(ge=1, le=7)], tuple[str, ...]]
    countries: dict[CountryCode, tuple[str, ...]]
    regions: dict[CountryCode, str]
    zones: dict[str, tuple[str, ...]]
    join_hosts: frozenset[str]


def load_types(root: Path) -> TypeTables:
    """The tables of content/words/types.yml; ContentError names the file and what is wrong in it."""
    path = root / FILE
    types = read_model(path, _Types)
    languages = {folded(name): code for name, code in types.languages.items()}
    for code in types.common.values():
        if len(code.languages) == 1:
            languages.update((folded(name), code.languages[0]) for name in code.names)
    return TypeTables(
        common=_meanings(types.common),
        common_names=_names(path, types.common),
        fellowships={key: _meanings(codes) for key, codes in types.fellowships.items()},
        fellowship_names={key: _names(path, codes) for key, codes in types.fellowships.items()},
        world_ids=_meanings(types.world_ids),
        key_strings={key: code.meaning() for key, code in types.key_strings.items()},
        format_names=_names(path, types.key_strings),
        languages=languages,
        days=_turned(path, "days", types.days.items()),
        countries=_turned(path, "countries", types.countries.items()),
        regions={country: frozenset(codes.split()) for country, codes in types.regions.items()},
        zones=_turned(path, "zones", types.zones.items()),
        join_hosts=types.join_hosts,
    )


def _meanings(codes: Mapping[str, _Code]) -> dict[str, Meaning]:
    return {key.upper(): code.meaning() for key, code in codes.items()}


def _names(path: Path, codes: Mapping[str, _Code]) -> dict[str, Meaning]:
    found: dict[str, Meaning] = {}
    for key, code in codes.items():
        meaning = code.meaning()
        for name in code.names:
            if found.setdefault(folded(name), meaning) != meaning:
                raise ContentError(f"{path}: the name {name} of code {key} already means something else.")
    return found


def _turned(path: Path, field: str, entries: Iterable[tuple[Key, tuple[str, ...]]]) -> dict[str, Key]:
    """Name -> key instead of key -> names; one name stands for one thing."""
    found: dict[str, Key] = {}
    for key, names in entries:
        for name in names:
            if found.setdefault(folded(name), key) != key:
                raise ContentError(f"{path}: {field}.{key}: {name} already stands for {found[folded(name)]}.")
    return found
