"""Phrases with simple slots, matched against a row of words in one pass.

The notation, made for people who edit word lists:

* ``end my life``      these words, one after another
* ``kill|hurt``        one of several words
* ``(give up|quit)``   one of several phrases
* ``[really|so very]`` the same, and it may be left out
* ``{self}``           any phrase of the list called "self"; lists may use other lists
* ``wake my . up``      exactly one other word
* ``took .. pills``    up to six other words in between
"""

import re
from array import array
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from bot.domain.errors import ContentError

GAP = 6  # words that ".." may stand for
_NOWHERE = -1
_PARTS = re.compile(r"\[[^\[\]()]+\]|\([^\[\]()]+\)|\{\w+\}|\.\.?|[^\s\[\](){}]+")


class PatternError(ContentError):
    """A pattern that cannot be read; the message names it."""


@dataclass(frozen=True, slots=True)
class Match:
    """Words start..end (end not included) fit a rule with this label."""

    label: str
    start: int
    end: int


class _Graph:
    """States and the words that lead from one to the next."""

    def __init__(self, slots: Mapping[str, Sequence[str]], spell: Callable[[str], str]) -> None:
        self.words: dict[int, dict[str, int]] = {}
        self.gaps: dict[int, int] = {}
        # There are tens of thousands of states, and hardly one leads without a word to more than one other.
        self._free = array("l", [_NOWHERE])
        self._more: dict[int, list[int]] = {}
        self._slots = slots
        # Lists hold the same words again and again.
        self._parts, self._spelled = cache(_parts_of), cache(lambda word: tuple(spell(word).split()))

    def state(self) -> int:
        self._free.append(_NOWHERE)
        return len(self._free) - 1

    def let(self, start: int, end: int) -> None:
        """From one state to another without a word."""
        if self._free[start] == _NOWHERE:
            self._free[start] = end
        else:
            self._more.setdefault(start, []).append(end)

    def add(self, pattern: str, start: int, inside: tuple[str, ...] = ()) -> int:
        """Lays the pattern from a state on and returns the state where it ends."""
        for part in self._parts(pattern):
            start = self._part(part, start, inside)
        return start

    def finish(self) -> None:
        """Nothing is laid any more: let go of what helped."""
        del self._parts, self._spelled

    def _part(self, part: str, start: int, inside: tuple[str, ...]) -> int:
        if part in (".", ".."):
            return self._gap(start, GAP if part == ".." else 1)
        end = self.state()
        if part[0] in "[(":
            for phrase in part[1:-1].split("|"):
                self.let(self.add(phrase.strip(), start, inside), end)
            if part[0] == "[":
                self.let(start, end)
        elif part.startswith("{"):
            name = part[1:-1]
            if name in inside or name not in self._slots:
                raise PatternError(f"no list called {name!r}, or it holds itself")
            for phrase in self._slots[name]:
                self.let(self.add(phrase, start, (*inside, name)), end)
        else:
            for word in part.split("|"):
                self.let(self._chain(word, start), end)
        return end

    def _chain(self, word: str, start: int) -> int:
        pieces = self._spelled(word)
        if not pieces:
            raise PatternError(f"{word!r} is no word")
        for piece in pieces:
            ways = self.words.setdefault(start, {})
            known = ways.get(piece)
            if known is None:
                known = ways[piece] = self.state()
            start = known
        return start

    def _gap(self, start: int, most: int) -> int:
        """Up to so many words of any kind; one means exactly one."""
        end, at = self.state(), self.state()
        self.let(start, at)
        if most > 1:
            self.let(at, end)
        for _ in range(most):
            following = self.state()
            self.gaps[at] = following
            self.let(following, end)
            at = following
        return end

    def reach(self, state: int) -> set[int]:
        """The states that can be reached from one without reading a word."""
        seen, waiting = {state}, [state]
        while waiting:
            last = waiting.pop()
            for following in (self._free[last], *self._more.get(last, ())):
                if following != _NOWHERE and following not in seen:
                    seen.add(following)
                    waiting.append(following)
        return seen


def _parts_of(pattern: str) -> list[str]:
    parts = _PARTS.findall(pattern)
    if not parts or "".join(parts) != re.sub(r"\s(?![^\[(]*[\])])", "", pattern):
        raise PatternError(f"cannot read the pattern {pattern!r}")
    return parts


@dataclass(frozen=True, slots=True)
class _State:
    """All that can follow, and the labels of the rules that end here."""

    moves: Mapping[str, tuple[int, ...]]
    gaps: tuple[int, ...]
    ends: tuple[str, ...]


class Matcher:
    """All rules at once; time grows with the number of words, not with the number of rules.

    `rules` are (label, pattern); `spell` makes the words of patterns like those of the texts.
    Raises PatternError where a pattern or a list cannot be read.
    """

    def __init__(
        self, rules: Iterable[tuple[str, str]], slots: Mapping[str, Sequence[str]], spell: Callable[[str], str]
    ) -> None:
        self._graph = _Graph(slots, spell)
        self._labels: dict[int, str] = {}
        for label, pattern in rules:
            self._labels[self._graph.add(pattern, 0)] = label
        self._graph.finish()
        # A state is worked out when a text first comes to it: and most are never come to.
        self._known: dict[int, _State] = {}
        self._begin = self._state(0)
        self.vocabulary = frozenset(word for moves in self._graph.words.values() for word in moves)

    def find(self, words: Sequence[str]) -> list[Match]:
        """Every place where a rule fits, in the order in which they end."""
        found: list[Match] = []
        active: dict[int, int] = {}  # state -> first word
        for index, word in enumerate(words):
            active = self._step(active, word, index)
            for state, first in active.items():
                found.extend(Match(label, first, index + 1) for label in self._state(state).ends)
        return found

    def _step(self, active: dict[int, int], word: str, index: int) -> dict[int, int]:
        """The states that a word leads to, each with the earliest word on a way to it."""
        following = dict.fromkeys(self._begin.moves.get(word, ()), index)
        for number, first in active.items():
            state = self._state(number)
            for target in (*state.moves.get(word, ()), *state.gaps):
                following[target] = min(first, following.get(target, first))
        return following

    def _state(self, number: int) -> _State:
        known = self._known.get(number)
        if known is None:
            known = self._known[number] = self._worked_out(number)
        return known

    def _worked_out(self, number: int) -> _State:
        graph, near = self._graph, self._graph.reach(number)
        moves: dict[str, list[int]] = {}
        for other in near:
            for word, target in graph.words.get(other, {}).items():
                moves.setdefault(word, []).append(target)
        return _State(
            {word: tuple(sorted(set(targets))) for word, targets in moves.items()},
            tuple(graph.gaps[other] for other in near if other in graph.gaps),
            tuple(sorted({self._labels[other] for other in near if other in self._labels})),
        )
