"""Type codes of one feed in the canonical vocabulary, each combination looked up once."""

import re
from collections.abc import Iterable
from typing import NamedTuple

from bot.domain.feed import Meaning, TypeTables

_WRITTEN_LIST = re.compile(r"[\[\]\"']")
_SEPARATORS = re.compile(r"[,;|]")


class Types(NamedTuple):
    """What the codes of one row say."""

    tags: frozenset[str] = frozenset()
    languages: tuple[str, ...] = ()
    states: frozenset[str] = frozenset()  # "online", "hybrid", "room_shut"
    notes: tuple[str, ...] = ()
    untold: tuple[str, ...] = ()  # names of known formats that the vocabulary has no tag for


class Codes:
    """Meeting Guide codes of one fellowship."""

    def __init__(self, tables: TypeTables, fellowship: str) -> None:
        self._tables = tables
        self._fellowship = fellowship
        self._seen: dict[object, Types] = {}

    def read(self, value: object) -> Types:
        """The types of a row: an array of codes or full names, or one text such as "[open]" or "O, D"."""
        if not value:
            return Types()
        if isinstance(value, dict):  # PHP writes an array with a gap as an object: {"0": "O", "2": "D"}
            value = list(value.values())
        key = tuple(value) if isinstance(value, list) else value
        try:
            found = self._seen.get(key)
        except TypeError:  # arrays in arrays, objects in arrays
            return self._read(value)
        if found is None:
            found = self._seen[key] = self._read(value)
        return found

    def _read(self, value: object) -> Types:
        given = value if isinstance(value, list) else [value]
        meanings = []
        unknown = False
        for text in _texts(given):
            meaning = self._tables.meaning(self._fellowship, text)
            unknown = unknown or meaning is None
            meanings.append(meaning or Meaning())
        return together(meanings, unknown)


def together(meanings: Iterable[Meaning], unknown: bool, untold: tuple[str, ...] = ()) -> Types:
    """All meanings of a row as one; "open" and "closed" together: closed, the careful reading."""
    tags: set[str] = set()
    languages: list[str] = []
    states: set[str] = set()
    for meaning in meanings:
        tags.update(meaning.tags)
        languages.extend(meaning.languages)
        if meaning.state:
            states.add(meaning.state)
    notes = ["unknown_type"] if unknown else []
    if "open" in tags and "closed" in tags:
        tags.discard("open")
        notes.append("open_and_closed")
    return Types(frozenset(tags), tuple(dict.fromkeys(languages)), frozenset(states), tuple(notes), untold)


def _texts(given: Iterable[object]) -> Iterable[str]:
    for one in given:
        if isinstance(one, str):
            yield from filter(str.strip, _SEPARATORS.split(_WRITTEN_LIST.sub("", one)))
        elif one is not None and not isinstance(one, bool):
            yield str(one) if isinstance(one, (int, float)) else "?"
