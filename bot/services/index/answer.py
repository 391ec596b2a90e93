"""Which meetings a search finds, and in which order: the fair order of `domain.turns` over an index."""

import numpy as np

from bot.domain.place import Place
from bot.domain.search import Order
from bot.domain.turns import Slot
from bot.domain.when import Window
from bot.services.index.ask import SAID, TIERS, UNSAID, Ask
from bot.services.index.columns import Mask
from bot.services.index.near import RINGS, Nearby
from bot.services.index.online import Next, Waiting
from bot.services.index.paging import Pages, Turn, stand_in_for
from bot.services.index.question import Answer, Picked, Question
from bot.services.index.table import Index

FARTHEST_KM = (400, 1000)
"""How far the nearest meeting is looked for, in steps, once the widest ring is empty."""


def answer(index: Index, question: Question) -> Answer:
    """The page that a search asks for and what lies around it. Holds the thread for a millisecond or so."""
    search = question.search
    if search.online is True or (search.place is None and search.online is None):
        return _Online(index, question).answer()
    if search.place is None:
        return Answer()  # in person, nobody knows where: first ask for the place
    return _Near(index, question, search.place).answer()


class _Asking:
    """What both kinds of list ask of the index."""

    def __init__(self, index: Index, question: Question) -> None:
        self.index, self.question = index, question
        self.asked = self.ask(question.window)

    def ask(self, window: Window) -> Ask:
        """The question for a window."""
        return self.index.ask(self.question.kinds, self.question.search.filters, window, self.question.gone)

    def later(self) -> Next | Waiting:
        """What is online in the days after, for when the window has nothing."""
        return self.index.online.listing(self.ask(self.question.later))

    def first_online(
        self, online: Next | Waiting, window: Window, kinds: list[str], listed: frozenset[str] = frozenset()
    ) -> Picked | None:
        """The next online meeting of the first of these kinds that has one, rows that say yes to the filters first.

        What is unsaid may be in the list itself, so it is not taken from kinds that are listed.
        """
        for tier in TIERS:
            for kind in kinds:
                slot = self.index.slot(tier, kind)
                if online.counts[slot] and (tier == SAID or kind not in listed):
                    return Picked(self.index.id_of(online.pick(slot, [0])[0]), window, instead=True)
        return None

    def online_around(
        self, online: Next | Waiting, here: Mask, window: Window
    ) -> tuple[tuple[str, ...], Picked | None]:
        """The kinds that meet online and not here, and the soonest meeting of them."""
        there = online.there & ~here
        rank = online.soonest(there)
        kinds = self._drawn(there)
        return kinds, None if rank is None else Picked(self.index.id_of(rank), window)

    def unknown(self, known: Mask) -> tuple[str, ...]:
        """The kinds that fit and have no meeting here at any time."""
        return self._drawn(~known)

    def _drawn(self, kinds: Mask) -> tuple[str, ...]:
        """These kinds in the order of the search."""
        names = self.index.kinds
        held = {names[kind] for kind in kinds.nonzero()[0].tolist()}
        return tuple(kind for kind in self.question.order if kind in held)


class _Near(_Asking):
    """In-person and hybrid meetings in reach of a place."""

    def __init__(self, index: Index, question: Question, place: Place) -> None:
        super().__init__(index, question)
        self.place = place
        self.listing = index.near.listing(place, question.search.reach_km, self.asked)
        self.pages = Pages(index, question, self.listing)
        # Who has a room in reach is not looked for online, and those kinds are the large ones.
        self.online = index.online.listing(self.asked, ~self.listing.there)

    def answer(self) -> Answer:
        """The page of the list, the kinds that are online only, and what there is farther away."""
        pages, here = self.pages, self.listing.there
        if self.question.search.order == Order.TURNS:
            page = pages.in_turns(stand_in_for(pages.missing(), self._stand_in))
        else:
            page = pages.in_one_order(self.listing)
        online_kinds, online_next = self.online_around(self.online, here, self.question.window)
        if not pages.total and online_next is None:
            online_kinds, online_next = self.online_around(self.later(), here, self.question.later)
        wider, nearest = (None, None) if pages.total else self._farther()
        return Answer(
            rows=page.rows,
            total=pages.total,
            more=bool(page.next_kinds),
            kinds=pages.kinds,
            next_kinds=page.next_kinds,
            online_kinds=online_kinds,
            online_next=online_next,
            unknown=self.unknown(self._known()),
            wider=wider,
            nearest=nearest,
        )

    def _known(self) -> Mask:
        """The kinds that have a meeting here or online at any time."""
        known = self.listing.there | self.index.online.known
        return known if known[self.asked.kinds].all() else known | self.listing.known

    def _stand_in(self, kinds: list[str]) -> tuple[Picked | None, Turn | None]:
        """An online meeting that is not itself in the list."""
        listed = frozenset((*self.pages.said, *self.pages.unsaid))
        online = self.index.online.listing(self.asked)
        row = self.first_online(online, self.question.window, kinds, listed)
        return row or self.first_online(self.later(), self.question.later, kinds, listed), None

    def _farther(self) -> tuple[tuple[int, int] | None, Picked | None]:
        """The next ring that has some, with how many, and the nearest of all."""
        if self.index.near.is_empty(self.place, FARTHEST_KM[-1]):
            return None, None
        near: Nearby = self.index.near.listing(self.place, RINGS[-1], self.asked)
        held = zip(RINGS, near.within_rings(), strict=True)
        wider = next(((ring, count) for ring, count in held if count and ring > self.question.search.reach_km), None)
        for reach in FARTHEST_KM:
            if near.counts.any():
                break
            near = self.index.near.listing(self.place, reach, self.asked)
        rank = near.nearest()
        return wider, None if rank is None else Picked(self.index.id_of(rank), self.question.window)


class _Online(_Asking):
    """Meetings that one joins from anywhere."""

    def answer(self) -> Answer:
        """The page of the list; when it is empty, which kinds meet online in the days after."""
        index, question = self.index, self.question
        if question.search.order == Order.TURNS:
            self.pages = Pages(index, question, index.online.listing(self.asked))
            page = self.pages.in_turns(stand_in_for(self.pages.missing(), self._stand_in))
        else:
            rows = index.online.waiting(self.asked)
            self.pages = Pages(index, question, rows)
            page = self.pages.in_one_order(rows)
        online_kinds: tuple[str, ...] = ()
        online_next = None
        if not self.pages.total:
            nowhere = np.zeros_like(index.online.known)
            online_kinds, online_next = self.online_around(self.later(), nowhere, question.later)
        return Answer(
            rows=page.rows,
            total=self.pages.total,
            more=bool(page.next_kinds),
            kinds=self.pages.kinds,
            next_kinds=page.next_kinds,
            online_kinds=online_kinds,
            online_next=online_next,
            unknown=self.unknown(index.online.known),
        )

    def _stand_in(self, kinds: list[str]) -> tuple[Picked | None, Turn | None]:
        """A row from farther down the list, where it has the tradition; else the next one after the window."""
        for kind in kinds:
            if kind in self.pages.unsaid:
                rank = self.pages.listing.pick(self.index.slot(UNSAID, kind), [0])[0]
                row = Picked(self.index.id_of(rank), self.question.window, instead=True)
                return row, (UNSAID, Slot(kind, 0))
        return self.first_online(self.later(), self.question.later, kinds), None
