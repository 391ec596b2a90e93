"""Whether turns are fair, counted over many seeds: M6 and M10 of `content parity`."""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import islice

from bot.domain.fellowship import Fellowship, Tradition
from bot.domain.search import PAGE_ROWS
from bot.domain.turns import page_of_turns, starting_order, turns

SEEDS = 10_000


def orders(kinds: Sequence[Fellowship], seeds: int = SEEDS) -> list[tuple[str, ...]]:
    """The order in which these kinds begin, for each seed."""
    traditions = {kind.id: kind.tradition for kind in kinds}
    return [starting_order(traditions, traditions, seed) for seed in range(seeds)]


def first_by_chance(found: Sequence[tuple[str, ...]], kinds: Sequence[Fellowship]) -> float:
    """The chance (0 to 1) of counts as uneven as these if each kind is first equally often."""
    counts = Counter(order[0] for order in found)
    return chance([counts[kind.id] for kind in kinds], len(found) / len(kinds), len(kinds) - 1)


def places_by_chance(found: Sequence[tuple[str, ...]], kinds: Sequence[Fellowship]) -> dict[Tradition, float]:
    """The same for each family: how often each of its kinds holds each of the family's places."""
    chances = {}
    for tradition in Tradition:
        own = [kind.id for kind in kinds if kind.tradition is tradition]
        if len(own) < 2:  # one kind alone always holds its one place
            continue
        members = frozenset(own)
        counts: Counter[tuple[str, int]] = Counter()
        for order in found:
            counts.update((kind, place) for place, kind in enumerate(one for one in order if one in members))
        cells = [counts[kind, place] for kind in own for place in range(len(own))]
        # Every order fills each place and each kind once, so the cells vary a little less than free ones would.
        bound = (len(own) - 1) / len(own)
        chances[tradition] = chance(cells, len(found) / len(own), (len(own) - 1) ** 2, bound)
    return chances


def both_on_page_one(found: Sequence[tuple[str, ...]], kinds: Sequence[Fellowship]) -> float:
    """The share of seeds whose first page has a 12-step and a secular kind."""
    traditions: Mapping[str, Tradition] = {kind.id: kind.tradition for kind in kinds}
    wanted = {Tradition.TWELVE_STEP, Tradition.SECULAR}
    return sum(wanted <= {traditions[kind] for kind in order[:PAGE_ROWS]} for order in found) / len(found)


def crowded_out(found: Sequence[tuple[str, ...]], big: str, small: Sequence[str]) -> int:
    """How many seeds give a second row to a kind with five hundred meetings before each other had its first.

    The others have two meetings each; page one is looked at too: it never holds two rows of one kind.
    """
    counts = {big: 500} | dict.fromkeys(small, 2)
    wrong = 0
    for order in found:
        own = [kind for kind in order if kind in counts]
        first_round = {slot.kind for slot in islice(turns(own, counts), len(counts))}
        page_one = [slot.kind for slot in page_of_turns(own, counts, 1)]
        wrong += first_round != counts.keys() or len(set(page_one)) < min(len(counts), len(page_one))
    return wrong


def chance(counts: Sequence[int], expected: float, freedom: int, bound: float = 1.0) -> float:
    """The chance of counts this uneven: chi-square times `bound`, by Wilson and Hilferty's approximation (1931)."""
    if freedom < 1:
        return 1.0
    square = bound * sum((count - expected) ** 2 for count in counts) / expected
    spread = 2 / (9 * freedom)
    return math.erfc(((square / freedom) ** (1 / 3) - (1 - spread)) / math.sqrt(2 * spread)) / 2
