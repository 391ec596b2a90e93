"""The fair order: kinds (fellowship ids) take turns, and which one begins is drawn by the seed of the search.

Over all seeds each kind is first equally often, and within its tradition each holds every place equally often.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from random import Random
from typing import NamedTuple

from bot.domain.fellowship import Tradition
from bot.domain.search import PAGE_ROWS

BOTH = (Tradition.TWELVE_STEP, Tradition.SECULAR)
"""The traditions that page one holds wherever both fit."""


class Slot(NamedTuple):
    """One row of a list before anybody looked it up: the kind whose turn it is, and its how-manieth row (from 0)."""

    kind: str
    rank: int


def shuffled(kinds: Iterable[str], seed: int) -> tuple[str, ...]:
    """All orders equally likely, the same one for a seed on every machine.

    A kind that drops out leaves the order of the others as it was, so draw over all known kinds, then pick.
    """
    # Of a seeded generator only random() is promised to stay the same between versions of Python.
    draw = Random(seed).random  # noqa: S311 - a fair order is no secret
    return tuple(sorted(sorted(kinds), key=lambda _: draw()))


def balanced(
    order: Sequence[str],
    traditions: Mapping[str, Tradition],
    places: int = PAGE_ROWS,
    wanted: Iterable[Tradition] = BOTH,
) -> tuple[str, ...]:
    """The order with a 12-step and a secular kind in its first places, where it has both.

    The first kind of a wanted tradition that these places lack moves up to the last of them, past kinds that are
    not themselves the first of a wanted one. Of five places the first three never change, nor ever does the order
    within a tradition.
    """
    firsts = [kind for kind in (_first(order, traditions, one) for one in wanted) if kind is not None]
    head, rest = list(order[:places]), list(order[places:])
    for lifted in sorted((kind for kind in firsts if kind in rest), key=rest.index):
        given_up = next((place for place in reversed(range(len(head))) if head[place] not in firsts), None)
        if given_up is None:
            break
        rest.remove(lifted)
        rest.insert(0, head.pop(given_up))
        head.append(lifted)
    return (*head, *rest)


def _first(order: Iterable[str], traditions: Mapping[str, Tradition], tradition: Tradition) -> str | None:
    return next((kind for kind in order if traditions[kind] == tradition), None)


def starting_order(kinds: Iterable[str], traditions: Mapping[str, Tradition], seed: int) -> tuple[str, ...]:
    """The order in which these kinds take their first turns."""
    return balanced(shuffled(kinds, seed), traditions)


def turns(order: Iterable[str], counts: Mapping[str, int]) -> Iterator[Slot]:
    """Every slot of a list in turn order: no kind has a second row before each with a match had its first.

    `counts`: matches of each kind. Lazy: nothing of a kind is asked but how many rows it has.
    """
    waiting = [kind for kind in order if counts.get(kind, 0) > 0]
    rank = 0
    while waiting:
        for kind in waiting:
            yield Slot(kind, rank)
        rank += 1
        waiting = [kind for kind in waiting if counts[kind] > rank]


def page_bounds(page: int, held: int = 0) -> tuple[int, int]:
    """Which slots of a list stand on a page (from 1): first, and one past the last.

    `held` places of page one are held by rows from outside the list; later pages go on without loss or repeat.
    """
    end = page * PAGE_ROWS - held
    return max(0, end - PAGE_ROWS), end


def page_of_turns(order: Iterable[str], counts: Mapping[str, int], page: int, held: int = 0) -> list[Slot]:
    """The slots of one page, see `turns` and `page_bounds`."""
    return list(islice(turns(order, counts), *page_bounds(page, held)))
