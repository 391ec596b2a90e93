"""Going through the rows of one feed: every row is taken or refused, and counted once."""

import hashlib
from collections.abc import Callable, Iterable
from typing import Any, TypeVar

import msgspec

from bot.domain.feed import FeedSource
from bot.domain.meeting import Meeting, meeting_id
from bot.domain.report import FeedResult
from bot.feeds.refusal import Refused
from bot.feeds.text import one_line

EXAMPLES = 5
_BY_APPOINTMENT = (None,)
Given = TypeVar("Given")
Row = TypeVar("Row")


class Slot(msgspec.Struct, frozen=True, gc=False):
    """One meeting of a row: its id, and ISO weekday (None: by appointment)."""

    id: int
    position: int
    weekday: int | None


class Reading:
    """The result of a feed while its rows are read."""

    def __init__(self, source: FeedSource) -> None:
        self.source = source
        self.result = FeedResult()
        self._first: dict[str, object] = {}  # key -> what tells its first row from other meetings
        self._others: dict[str, set[object]] = {}  # the same of all rows, for keys that several rows have
        self._ids: set[int] = set()

    def each(
        self,
        rows: Iterable[Given],
        decode: Callable[[Given], Row],
        convert: Callable[[Row, set[str]], list[Meeting]],
        name: Callable[[Row], str],
        guessed: Callable[[Given], bool] | None = None,
    ) -> FeedResult:
        """Turn every row into meetings with `convert`, which adds its notes or raises Refused.

        `guessed` tells of a row whether its letters had to be guessed.
        """
        result = self.result
        for given in rows:
            result.rows += 1
            try:
                row = decode(given)
            except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
                self._complain("not_an_object", f"row {result.rows}")
                continue
            notes: set[str] = set()
            try:
                meetings = convert(row, notes)
            except Refused as refused:
                self._complain(refused.reason, name(row) or f"row {result.rows}")
                continue
            if guessed is not None and guessed(given):
                notes.add("encoding_guessed")
            result.taken += 1
            result.meetings += meetings
            if notes:
                self._note(notes, meetings[0].key)
        return result

    def slots(self, key: str, twin: object, days: tuple[int, ...], notes: set[str]) -> tuple[str, list[Slot]]:
        """The row's unique key, and ids for its meetings, one a day; no days: one meeting by appointment.

        `twin` is equal for rows that are the same meeting again. A key used before by another meeting gets "~2".
        """
        key = self._unique(key, twin, notes)
        feed, ids = self.source.feed, self._ids
        slots = []
        for at, day in enumerate(days or _BY_APPOINTMENT):
            identity = meeting_id(feed, key, at)
            if identity in ids:
                raise Refused("id_taken")
            slots.append(Slot(identity, at, day))
        for slot in slots:
            ids.add(slot.id)
        return key, slots

    def _unique(self, key: str, twin: object, notes: set[str]) -> str:
        if key not in self._first:
            self._first[key] = twin
            return key
        twins = self._others.setdefault(key, {self._first[key]})
        if twin in twins:
            raise Refused("duplicate")
        twins.add(twin)
        notes.add("repeated_key")
        number = len(twins)
        while f"{key}~{number}" in self._first:
            number += 1
        other = f"{key}~{number}"
        self._first[other] = twin
        return other

    def _note(self, notes: Iterable[str], row: str) -> None:
        counts = self.result.notes
        for note in notes:
            counts[note] += 1
            if counts[note] <= EXAMPLES:
                self._example(note, row)

    def _complain(self, reason: str, row: str) -> None:
        self.result.complaints[reason] += 1
        self._example(reason, row)

    def _example(self, reason: str, row: str) -> None:
        examples = self.result.examples.get(reason)
        if examples is None:
            self.result.examples[reason] = [row]
        elif len(examples) < EXAMPLES and row not in examples:
            examples.append(row)


def has_other_letters(raw: msgspec.Raw) -> bool:
    """Whether a row has letters beyond ASCII, which depend on the file's encoding."""
    return not bytes(raw).isascii()


def key_of(candidates: Iterable[Any], described: Iterable[str], notes: set[str]) -> str:
    """The publisher's key: the first candidate that is a text or number, else a hash of what describes the row."""
    for one in candidates:
        key = one_line(one) if one else ""
        if key:
            return key
    notes.add("no_key")
    return hashlib.blake2b("\x00".join(described).encode(), digest_size=8).hexdigest()
