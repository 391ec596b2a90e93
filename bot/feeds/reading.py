"""Going through the rows of one feed: every row is taken or refused, and counted once."""

import hashlib
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple, TypeVar

import msgspec

from bot.domain.feed import FeedSource
from bot.domain.meeting import Meeting, meeting_id
from bot.domain.report import FeedResult
from bot.feeds.refusal import Refused
from bot.feeds.text import one_line

EXAMPLES = 5
Row = TypeVar("Row")


class Slot(NamedTuple):
    """One meeting of a row: its id, and ISO weekday (None: by appointment)."""

    id: int
    position: int
    weekday: int | None


class Reading:
    """The result of a feed while its rows are read."""

    def __init__(self, source: FeedSource) -> None:
        self.source = source
        self.result = FeedResult()
        self._keys: dict[str, set[object]] = {}
        self._ids: set[int] = set()

    def each(
        self,
        rows: Iterable[msgspec.Raw],
        decoder: "msgspec.json.Decoder[Row]",
        convert: Callable[[Row, set[str]], list[Meeting]],
        name: Callable[[Row], str],
        guessed_encoding: bool = False,
    ) -> FeedResult:
        """Turn every row into meetings with `convert`, which adds its notes or raises Refused."""
        result = self.result
        decode = decoder.decode
        for raw in rows:
            result.rows += 1
            try:
                row = decode(raw)
            except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
                self._complain("not_an_object", f"row {result.rows}")
                continue
            notes: set[str] = set()
            try:
                meetings = convert(row, notes)
            except Refused as refused:
                self._complain(refused.reason, name(row) or f"row {result.rows}")
                continue
            if guessed_encoding and not bytes(raw).isascii():
                notes.add("encoding_guessed")
            result.taken += 1
            result.meetings += meetings
            for note in notes:
                result.notes[note] += 1
                self._example(note, meetings[0].key)
        return result

    def slots(self, key: str, twin: object, days: tuple[int, ...], notes: set[str]) -> tuple[str, list[Slot]]:
        """The row's unique key, and ids for its meetings, one a day; no days: one meeting by appointment.

        `twin` is equal for rows that are the same meeting again. A key used before by another meeting gets "~2".
        """
        key = self._unique(key, twin, notes)
        feed = self.source.feed
        slots = []
        for at, day in enumerate(days or (None,)):
            identity = meeting_id(feed, key, at)
            if identity in self._ids:
                raise Refused("id_taken")
            slots.append(Slot(identity, at, day))
        for slot in slots:
            self._ids.add(slot.id)
        return key, slots

    def _unique(self, key: str, twin: object, notes: set[str]) -> str:
        twins = self._keys.get(key)
        if twins is None:
            self._keys[key] = {twin}
            return key
        if twin in twins:
            raise Refused("duplicate")
        twins.add(twin)
        notes.add("repeated_key")
        number = len(twins)
        while f"{key}~{number}" in self._keys:
            number += 1
        other = f"{key}~{number}"
        self._keys[other] = {twin}
        return other

    def _complain(self, reason: str, row: str) -> None:
        self.result.complaints[reason] += 1
        self._example(reason, row)

    def _example(self, reason: str, row: str) -> None:
        examples = self.result.examples.setdefault(reason, [])
        if len(examples) < EXAMPLES and row not in examples:
            examples.append(row)


def key_of(candidates: Iterable[Any], described: Iterable[str], notes: set[str]) -> str:
    """The publisher's key: the first candidate that is a text or number, else a hash of what describes the row."""
    for one in candidates:
        key = one_line(one)
        if key:
            return key
    notes.add("no_key")
    return hashlib.blake2b("\x00".join(described).encode(), digest_size=8).hexdigest()
