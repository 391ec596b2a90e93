"""Which rows of the store are one meeting: the index proposes pairs, their cards decide."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence

import numpy as np

from bot.domain.meeting import Meeting
from bot.domain.sameness import clusters, likeness
from bot.services.index import Gathering, Longs, Together

CardsOf = Callable[[Sequence[int]], Awaitable[Mapping[int, Meeting]]]
CARDS = 400
"""So many rows are read and compared at a time, or all rows of one knot of pairs."""


async def find(pairs: Longs, cards_of: CardsOf) -> Together:
    """The clusters among these pairs of ids, (n, 2), each pair once; `cards_of` reads rows of the store."""
    found = Gathering()
    for part in await asyncio.to_thread(parts, pairs):
        cards = await cards_of(np.unique(part).tolist())
        await asyncio.to_thread(_compare, cards, part, found)
    return await asyncio.to_thread(found.together)


def _compare(cards: Mapping[int, Meeting], pairs: Longs, found: Gathering) -> None:
    found.add(joined(cards, pairs))


def joined(cards: Mapping[int, Meeting], pairs: Longs) -> Iterator[list[tuple[int, str]]]:
    """Clusters of (id, feed) among some cards, the one to show first."""
    both = [(cards[one], cards[other]) for one, other in pairs.tolist() if one in cards and other in cards]
    found = clusters((likeness(one, other), one, other) for one, other in both)
    return ([(row.id, row.feed) for row in cluster] for cluster in found)


def parts(pairs: Longs) -> list[Longs]:
    """The pairs in parts of about CARDS rows; pairs that hang together stay together."""
    root = _roots(pairs)
    order = np.argsort(root, kind="stable")
    pairs, root = pairs[order], root[order]
    cuts = [0]
    for begin in np.flatnonzero(root[1:] != root[:-1]).tolist():
        if begin + 1 - cuts[-1] >= CARDS // 2:
            cuts.append(begin + 1)
    return [part for part in np.split(pairs, cuts) if len(part)]


def _roots(pairs: Longs) -> Longs:
    """For each pair one id that stands for all it hangs together with."""
    above: dict[int, int] = {}

    def root(one: int) -> int:
        while above.setdefault(one, one) != one:
            above[one] = one = above[above[one]]
        return one

    for pair in pairs:
        low, high = sorted(map(root, pair.tolist()))
        above[high] = low
    return np.fromiter((root(int(one)) for one in pairs[:, 0]), dtype=np.int64, count=len(pairs))
