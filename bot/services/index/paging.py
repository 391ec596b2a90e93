"""One page of a listing: kinds in turns, or all kinds in one order.

A list has two tiers: rows that say yes to every filter, then rows whose list does not say, by the same turns.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import chain, islice, repeat

from bot.domain.search import PAGE_ROWS, Order
from bot.domain.turns import BOTH, Slot, balanced, page_bounds, turns
from bot.services.index.ask import SAID, UNSAID
from bot.services.index.columns import Longs
from bot.services.index.listing import Listing, Rows
from bot.services.index.question import Picked, Question
from bot.services.index.table import Index

Turn = tuple[int, Slot]
"""A slot in one of the two tiers."""


@dataclass(slots=True)
class StandIns:
    """Rows that stand on page one for a tradition that it lacks, and turns of the list that they take early."""

    rows: list[Picked] = field(default_factory=list)
    taken: set[Turn] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class Page:
    """The rows of a page, and whose turn comes on the next."""

    rows: tuple[Picked, ...]
    next_kinds: tuple[str, ...]


class Pages:
    """How many rows each kind has in each tier of a listing, and so whose turn it is on every page."""

    def __init__(self, index: Index, question: Question, listing: Listing) -> None:
        self.index, self.question, self.listing = index, question, listing
        self.said, self.unsaid = self._by_kind(listing.said), self._by_kind(listing.unsaid)
        self.total = sum(self.said.values()) + sum(self.unsaid.values())
        self._whole = self._orders(PAGE_ROWS)  # where nobody from outside holds a place of page one

    @property
    def kinds(self) -> tuple[str, ...]:
        """Every kind with a match, in turn order."""
        return tuple(dict.fromkeys(chain(*self._whole)))

    def missing(self) -> list[list[str]]:
        """For each tradition that page one should hold and lacks: the kinds of it that fit, as shuffled."""
        if not self.total or not self.question.wants_both:
            return []
        traditions = self.question.traditions
        there = {traditions[slot.kind] for _, slot in islice(self._sequence(0), PAGE_ROWS)}
        missing = [one for one in BOTH if one not in there]
        return [[kind for kind in self.question.order if traditions[kind] == one] for one in missing]

    def in_turns(self, stand_ins: StandIns) -> Page:
        """The page where kinds take turns; the stand-ins are the last rows of page one."""
        number, held = self.question.search.page, len(stand_ins.rows)
        begin, end = page_bounds(number, held)
        left = (turn for turn in self._sequence(held) if turn not in stand_ins.taken)
        reached = list(islice(left, begin, end + PAGE_ROWS))
        rows = self._look_up(reached[: end - begin]) + (stand_ins.rows if number == 1 else [])
        return Page(tuple(rows), tuple(dict.fromkeys(slot.kind for _, slot in reached[end - begin :])))

    def in_one_order(self, rows: Rows) -> Page:
        """The page where all kinds stand in one order, soonest first or nearest first."""
        begin, end = page_bounds(self.question.search.page)
        reached = rows.plain(begin, end + PAGE_ROWS, nearest=self.question.search.order == Order.NEAREST)
        mine = tuple(Picked(self.index.id_of(rank), self.question.window) for _, rank in reached[:PAGE_ROWS])
        names = self.index.kinds
        return Page(mine, tuple(dict.fromkeys(names[slot % len(names)] for slot, _ in reached[PAGE_ROWS:])))

    def _by_kind(self, counts: Longs) -> dict[str, int]:
        names, present = self.index.kinds, counts.nonzero()[0]
        return {names[kind]: count for kind, count in zip(present.tolist(), counts[present].tolist(), strict=True)}

    def _orders(self, places: int) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """The order of turns in each tier: both traditions in the first places, wherever they are there."""
        order, traditions = self.question.order, self.question.traditions
        said = balanced([kind for kind in order if kind in self.said], traditions, places)
        if not self.unsaid:
            return said, ()
        left = max(0, places - sum(self.said.values()))
        wanted = [one for one in BOTH if one not in {traditions[kind] for kind in self.said}]
        return said, balanced([kind for kind in order if kind in self.unsaid], traditions, left, wanted)

    def _sequence(self, held: int) -> Iterator[Turn]:
        """Every turn of the list, when so many places of page one are held by others."""
        said, unsaid = self._orders(PAGE_ROWS - held) if held else self._whole
        return chain(zip(repeat(SAID), turns(said, self.said)), zip(repeat(UNSAID), turns(unsaid, self.unsaid)))

    def _look_up(self, reached: list[Turn]) -> list[Picked]:
        """The meetings whose turns these are; each kind is asked once."""
        slots = [self.index.slot(tier, turn.kind) for tier, turn in reached]
        places: dict[int, list[int]] = {}
        for slot, (_, turn) in zip(slots, reached, strict=True):
            places.setdefault(slot, []).append(turn.rank)
        ranks = {slot: iter(self.listing.pick(slot, asked)) for slot, asked in places.items()}
        return [Picked(self.index.id_of(next(ranks[slot])), self.question.window) for slot in slots]


def stand_in_for(
    missing: list[list[str]], find: Callable[[list[str]], tuple[Picked | None, Turn | None]]
) -> StandIns:
    """`find` is asked for each missing tradition; one that nobody can stand in for stays away."""
    found = StandIns()
    for kinds in missing:
        row, turn = find(kinds)
        found.rows += [row] if row else []
        found.taken |= {turn} if turn else set()
    return found
