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
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from bot.domain.errors import ContentError

GAP = 6  # words that ".." may stand for
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
        self.words: list[dict[str, int]] = [{}]
        self.free: list[list[int]] = [[]]
        self.gaps: list[int | None] = [None]
        self._slots, self._spell = slots, spell

    def state(self) -> int:
        self.words.append({})
        self.free.append([])
        self.gaps.append(None)
        return len(self.words) - 1

    def add(self, pattern: str, start: int, inside: tuple[str, ...] = ()) -> int:
        """Lays the pattern from a state on and returns the state where it ends."""
        parts = _PARTS.findall(pattern)
        if not parts or "".join(parts) != re.sub(r"\s(?![^\[(]*[\])])", "", pattern):
            raise PatternError(f"cannot read the pattern {pattern!r}")
        for part in parts:
            start = self._part(part, start, inside)
        return start

    def _part(self, part: str, start: int, inside: tuple[str, ...]) -> int:
        if part in (".", ".."):
            return self._gap(start, GAP if part == ".." else 1)
        end = self.state()
        if part[0] in "[(":
            for phrase in part[1:-1].split("|"):
                self.free[self.add(phrase.strip(), start, inside)].append(end)
            if part[0] == "[":
                self.free[start].append(end)
        elif part.startswith("{"):
            name = part[1:-1]
            if name in inside or name not in self._slots:
                raise PatternError(f"no list called {name!r}, or it holds itself")
            for phrase in self._slots[name]:
                self.free[self.add(phrase, start, (*inside, name))].append(end)
        else:
            for word in part.split("|"):
                self.free[self._chain(word, start)].append(end)
        return end

    def _chain(self, word: str, start: int) -> int:
        pieces = self._spell(word).split()
        if not pieces:
            raise PatternError(f"{word!r} is no word")
        for piece in pieces:
            known = self.words[start].get(piece)
            if known is None:
                known = self.words[start][piece] = self.state()
            start = known
        return start

    def _gap(self, start: int, most: int) -> int:
        """Up to so many words of any kind; one means exactly one."""
        end, at = self.state(), self.state()
        self.free[start].append(at)
        if most > 1:
            self.free[at].append(end)
        for _ in range(most):
            following = self.state()
            self.gaps[at] = following
            self.free[following].append(end)
            at = following
        return end

    def reach(self, state: int) -> set[int]:
        """The states that can be reached from one without reading a word."""
        seen, waiting = {state}, [state]
        while waiting:
            for following in self.free[waiting.pop()]:
                if following not in seen:
                    seen.add(following)
                    waiting.append(following)
        return seen


class Matcher:
    """All rules at once; time grows with the number of words, not with the number of rules.

    `rules` are (label, pattern); `spell` makes the words of patterns like those of the texts.
    Raises PatternError where a pattern or a list cannot be read.
    """

    def __init__(
        self, rules: Iterable[tuple[str, str]], slots: Mapping[str, Sequence[str]], spell: Callable[[str], str]
    ) -> None:
        graph = _Graph(slots, spell)
        ends: dict[int, str] = {}
        for label, pattern in rules:
            ends[graph.add(pattern, 0)] = label
        self._moves: list[dict[str, tuple[int, ...]]] = []
        shared: dict[frozenset[tuple[str, tuple[int, ...]]], dict[str, tuple[int, ...]]] = {}  # the same once only
        self._gaps: list[tuple[int, ...]] = []
        self._ends: list[tuple[str, ...]] = []
        for state in range(len(graph.words)):
            near = graph.reach(state)
            moves: dict[str, list[int]] = {}
            for other in near:
                for word, target in graph.words[other].items():
                    moves.setdefault(word, []).append(target)
            merged = {word: tuple(sorted(set(targets))) for word, targets in moves.items()}
            self._moves.append(shared.setdefault(frozenset(merged.items()), merged))
            self._gaps.append(tuple(gap for other in near if (gap := graph.gaps[other]) is not None))
            self._ends.append(tuple(sorted({ends[other] for other in near if other in ends})))
        self.vocabulary = frozenset(word for moves in graph.words for word in moves)

    def find(self, words: Sequence[str]) -> list[Match]:
        """Every place where a rule fits, in the order in which they end."""
        found: list[Match] = []
        active: dict[int, int] = {}  # state -> first word
        for index, word in enumerate(words):
            active = self._step(active, word, index)
            for state, first in active.items():
                found.extend(Match(label, first, index + 1) for label in self._ends[state])
        return found

    def _step(self, active: dict[int, int], word: str, index: int) -> dict[int, int]:
        """The states that a word leads to, each with the earliest word on a way to it."""
        following = dict.fromkeys(self._moves[0].get(word, ()), index)
        for state, first in active.items():
            for target in (*self._moves[state].get(word, ()), *self._gaps[state]):
                following[target] = min(first, following.get(target, first))
        return following
