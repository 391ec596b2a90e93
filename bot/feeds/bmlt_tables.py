"""What stands beside BMLT's search results: formats and service bodies."""

import re
from typing import Any

import msgspec

from bot.domain.errors import FeedError
from bot.domain.feed import Meaning, TypeTables, folded
from bot.feeds.codes import Types, together
from bot.feeds.links import helpline, web_link
from bot.feeds.text import one_line
from bot.feeds.times import bmlt_length

PROMPT = "#@-@#"
_LETTERS = re.compile(r"[^\W\d_]+")
_NO_BODY = {"entity": "", "entity_phone": "", "entity_url": ""}


def after_prompt(text: str) -> str:
    """What follows the last mark of "Prompt#@-@#value"."""
    return text.rpartition(PROMPT)[2]


def _table(data: bytes, what: str) -> list[dict[str, Any]]:
    try:
        rows = msgspec.json.decode(data.removeprefix(b"\xef\xbb\xbf"))
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise FeedError(f"The {what} are not JSON: {error}.") from error
    if isinstance(rows, dict):  # some answer the one row by itself, old servers an empty object for no rows
        rows = [rows]
    if not isinstance(rows, list):
        rows = []
    return [row for row in rows if isinstance(row, dict)]


class Formats:
    """The formats of one server. Keys are each server's own; world ids and the shared numbers are not."""

    def __init__(self, tables: TypeTables, data: bytes | None) -> None:
        self._tables = tables
        self._by_id: dict[str, Meaning] = {}
        self._by_key: dict[str, Meaning] = {}
        self._names: dict[str, str] = {}  # shared number or key -> name, of formats that mean no tag
        self._seen: dict[tuple[object, object], Types] = {}
        for row in _table(data, "formats") if data is not None else ():
            self._learn(row)

    def read(self, numbers: object, keys: object) -> Types:
        """The types of a row, by the shared numbers where the formats are known, else by the keys."""
        if not (isinstance(numbers, str) or isinstance(keys, str)):
            return Types()
        at = (numbers, keys) if isinstance(numbers, str) and isinstance(keys, str) else (str(numbers), str(keys))
        found = self._seen.get(at)
        if found is None:
            found = self._seen[at] = self._read(numbers, keys)
        return found

    def _read(self, numbers: object, keys: object) -> Types:
        if self._by_id and isinstance(numbers, str) and numbers.strip():
            given, known = _listed(numbers), self._by_id
        else:
            given, known = _listed(keys if isinstance(keys, str) else ""), self._by_key
        meanings = []
        unknown = False
        for one in given:
            meaning = known.get(one) or (self._stock(one) if known is self._by_key else None)
            unknown = unknown or meaning is None
            meanings.append(meaning or Meaning())
        untold = tuple(dict.fromkeys(self._names[one] for one in given if one in self._names))
        return together(meanings, unknown, untold)

    def _stock(self, key: str) -> Meaning | None:
        return self._tables.key_strings.get(key) or self._tables.world_ids.get(key)

    def _learn(self, row: dict[str, Any]) -> None:
        key, number = one_line(row.get("key_string")), one_line(row.get("id"))
        meaning = self._meaning(row, key)
        name = one_line(row.get("name_string"))
        for at, known in ((number, self._by_id), (key, self._by_key)):
            if not at:
                continue
            earlier = known.get(at)
            if earlier is None or earlier == Meaning():  # rows repeat in each language, some with less in them
                known[at] = meaning
            if known[at] == Meaning() and name:
                self._names.setdefault(at, name)
            elif known[at] != Meaning():
                self._names.pop(at, None)

    def _meaning(self, row: dict[str, Any], key: str) -> Meaning:
        world, kind = one_line(row.get("world_id")).upper(), one_line(row.get("format_type_enum")).upper()
        name = one_line(row.get("name_string"))
        if key in ("VM", "HY", "TC"):  # reserved: set by the server itself
            return self._tables.key_strings.get(key, Meaning())
        if world == "LANG" or kind == "LANG":
            return Meaning(languages=self._languages(name))
        if world in self._tables.world_ids:
            return self._tables.world_ids[world]
        known = self._tables.format_names.get(folded(name)) or self._tables.common_names.get(folded(name))
        return known or Meaning(languages=self._languages(name) if folded(name) in self._tables.languages else ())

    def _languages(self, name: str) -> tuple[str, ...]:
        words = _LETTERS.findall(folded(name))
        codes = (self._tables.languages.get(word) for word in words)
        return tuple(dict.fromkeys(code for code in codes if code))


class Bodies:
    """The service bodies of one server, as the `entity` fields of a meeting.

    A body without a helpline of its own has the one of the area or region above it.
    """

    def __init__(self, data: bytes | None) -> None:
        rows = _table(data, "service bodies") if data is not None else []
        by_id = {one_line(row.get("id")): row for row in rows}
        self._fields = {
            number: {
                "entity": one_line(row.get("name")),
                "entity_phone": _nearest_helpline(row, by_id),
                "entity_url": web_link(row.get("url")),
            }
            for number, row in by_id.items()
        }

    def fields(self, number: object, name: object) -> dict[str, str]:
        """Name, helpline and site of a body; without the file, the name that the row itself gives."""
        return self._fields.get(one_line(number)) or {**_NO_BODY, "entity": one_line(name)}


def _nearest_helpline(row: dict[str, Any], by_id: dict[str, dict[str, Any]]) -> str:
    seen: set[str] = set()
    above: dict[str, Any] | None = row
    while above is not None:
        number = helpline(above.get("helpline"))
        if number:
            return number
        parent = one_line(above.get("parent_id"))
        if parent in seen:  # bodies that stand above each other
            return ""
        seen.add(parent)
        above = by_id.get(parent)
    return ""


def usual_length(data: bytes | None) -> int | None:
    """The minutes that a server gives a meeting without a length (`defaultDuration`); None where it does not say."""
    rows = _table(data, "server info") if data is not None else []
    length = rows[0].get("defaultDuration") if rows else None
    return bmlt_length(length) if isinstance(length, str) else None


def _listed(text: str) -> list[str]:
    return [one.strip() for one in text.split(",") if one.strip()]
