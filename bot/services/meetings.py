"""Meetings: found by a search in the fair order, or opened by id. Nothing about the person is kept."""

import asyncio
import gc
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, tzinfo
from functools import lru_cache, partial
from itertools import chain
from zoneinfo import ZoneInfo

from bot.domain.clock import Clock
from bot.domain.errors import MeetingGone
from bot.domain.exceptions import Days, merged, next_held
from bot.domain.fellowship import Fellowship, serves
from bot.domain.filters import room_open, unsaid
from bot.domain.found import Found, Listed, Row
from bot.domain.meeting import Meeting, Status
from bot.domain.place import Place, distance_km
from bot.domain.sameness import likeness
from bot.domain.search import Search
from bot.domain.turns import shuffled
from bot.domain.when import ANY_TIME, GRACE, Window, next_start, window
from bot.services import clusters
from bot.services.giving_back import give_back
from bot.services.index import Answer, Index, Picked, Question, TableReader, answer, build, pairs
from bot.store import exceptions
from bot.store import meetings as store
from bot.store.database import Database

ZoneOf = Callable[[Place], str]
"""The IANA zone at a place; "" where nobody knows."""

REMEMBERED = 256  # combinations of needs and filters whose fitting kinds are kept; whoever asked is not
TRIES = 4  # how often a list is made anew because the store no longer has one of its meetings
_CALLED_BY = {"teens": "young"}
"""Groups for stated people that a filter of another name asks for."""


class Meetings:
    """The search service. `refresh` first, then as often as changed lists should show."""

    def __init__(
        self,
        database: Database,
        fellowships: Mapping[str, Fellowship],
        clock: Clock,
        zone_of: ZoneOf,
        expected: Callable[[], bool] = lambda: False,
    ) -> None:
        """`expected`: whether who opens a meeting waits, too, until it is known which rows are one meeting.

        Who searches waits in any case.
        """
        self._database, self._fellowships, self._clock, self._zone_of = database, fellowships, clock, zone_of
        self._traditions = {kind: fellowship.tradition for kind, fellowship in fellowships.items()}
        self._kinds = tuple(sorted(fellowships))
        self._fitting = lru_cache(REMEMBERED)(self._fit)
        self._index: Index | None = None
        self._revision: int | None = None
        self._gone: frozenset[int] = frozenset()
        self._building = asyncio.Lock()
        self._expected = expected

    async def refresh(self) -> bool:
        """Take up what changed in the store since the last time, or in the clocks; whether anything had."""
        async with self._building:
            async with self._database.read() as connection:
                revision = await store.revision(connection)
            now = self._clock()
            if self._index is None or revision != self._revision:
                gc.collect()  # what is frozen while nobody needs it any more would stay for good
                gc.freeze()  # else each full collection walks the whole program while rows by the thousand come in
                index, revision = await self._take_up(now)
                self._swap(index)
                self._revision, self._gone = revision, frozenset()
                await asyncio.to_thread(give_back)
                return True
            if self._index.is_stale(now):
                self._swap(await asyncio.to_thread(self._index.moved_to, now))
                return True
            return False

    async def _take_up(self, now: datetime) -> tuple[Index, int]:
        """All meetings as they are at one moment, some at a time (at once they cost 100 MB); the revision of them."""
        reader = TableReader(self._fellowships)
        async with self._database.snapshot() as connection:
            async for part in store.light_parts(connection):
                await asyncio.to_thread(reader.add, part)
            table, marks = await asyncio.to_thread(reader.table)
            close = await asyncio.to_thread(pairs, table, marks)
            same = await clusters.find(close, partial(store.by_ids, connection))
            days = await exceptions.every(connection)
            return await asyncio.to_thread(build, table, now, same, days), await store.revision(connection)

    @property
    def ready(self) -> bool:
        """Whether the lists have been taken up once; until then the first search waits for it."""
        return self._index is not None

    async def taken_up(self) -> None:
        """Return when the lists have been taken up once, where that is expected. Raises StoreError."""
        if self._index is None and self._expected():
            await self.refresh()

    async def search(self, search: Search, *, now: datetime | None = None) -> Found:
        """One page of the meetings that a search finds, and what lies around it."""
        now = now or self._clock()
        zone = self._zone(search.place, now)
        span = window(search.when, now, zone)
        later = window(ANY_TIME, now, zone)
        index = await self._index_for(span, later, now)
        kinds, stated = self._fitting(search.needs, search.fellowships, search.filters, search.stated_groups)
        drawn = shuffled(self._kinds, search.seed)
        order = tuple(kind for kind in drawn if kind in kinds)
        question = Question(search, span, later, kinds, order, self._traditions, self._gone)
        found, cards = await self._ask(index, question)

        def row(picked: Picked | None) -> Row | None:
            return picked and self._row(search, picked, cards[picked.id], index)

        return Found(
            search=search,
            window=span,
            rows=tuple(self._row(search, picked, cards[picked.id], index) for picked in found.rows),
            total=found.total,
            more=found.more,
            kinds=found.kinds,
            next_kinds=found.next_kinds,
            online_kinds=found.online_kinds,
            online_next=row(found.online_next),
            stated_kinds=tuple(kind for kind in drawn if kind in stated),
            finder_kinds=tuple(kind for kind in self._elsewhere(found, order) if self._fellowships[kind].live),
            wider=found.wider,
            nearest=row(found.nearest),
        )

    def _elsewhere(self, found: Answer, order: tuple[str, ...]) -> tuple[str, ...]:
        """The kinds whose own finder may know more: those not known here, or all that fit where nothing was found."""
        return found.unknown if found.total else order

    async def open(self, meeting_id: int, place: Place | None = None, now: datetime | None = None) -> Listed:
        """One meeting with its next start, one that began a few minutes ago included; raises MeetingGone.

        A meeting that several feeds list answers to each of its ids with the same row, and goes on to answer to the
        id of a feed that has let go of it while another still lists it.
        """
        rows = await self.many([meeting_id], place, now)
        if not rows and (heir := await self._heir(meeting_id)):
            rows = await self.many([heir], place, now)
        if not rows:
            raise MeetingGone
        return Listed(rows[0], place)

    async def many(
        self, ids: Sequence[int], place: Place | None = None, now: datetime | None = None
    ) -> tuple[Row, ...]:
        """The meetings of these ids, in this order; what is no longer listed is left out."""
        await self.taken_up()
        index = self._index
        every = [index.same.ids(one) if index else (one,) for one in ids]
        wanted = list(dict.fromkeys(chain.from_iterable(every)))
        cards, days = await self._cards(wanted), await self._days(wanted)
        after = (now or self._clock()) - GRACE
        listed = ([cards[one] for one in same if one in cards] for same in every)
        return tuple(
            _opened(same, place, after, merged(days.get(one.id, ()) for one in same)) for same in listed if same
        )

    def same(self, meeting_id: int) -> tuple[int, ...]:
        """Every id under which a meeting is listed, its own among them."""
        return self._index.same.ids(meeting_id) if self._index else (meeting_id,)

    async def _heir(self, meeting_id: int) -> int | None:
        """Where a meeting is still listed whose own feed no longer lists it."""
        async with self._database.read() as connection:
            found = await store.heirs(connection, meeting_id)
        if found is None:
            return None
        gone, listed = found
        best = max(listed, key=lambda one: (likeness(gone, one), -one.id), default=None)
        return best.id if best and likeness(gone, best) else None

    async def _ask(self, index: Index, question: Question) -> tuple[Answer, dict[int, Meeting]]:
        """The answer and its cards; a meeting that the store has lost since is passed over."""
        for _ in range(TRIES):
            found = answer(index, question)
            ids = [picked.id for picked in (*found.rows, found.online_next, found.nearest) if picked]
            cards = await self._cards(ids)
            missing = frozenset(ids) - cards.keys()
            if not missing:
                return found, cards
            self._gone |= missing
            question = replace(question, gone=question.gone | missing)
        return _only(found, cards), cards

    async def _cards(self, ids: Sequence[int]) -> dict[int, Meeting]:
        if not ids:
            return {}
        async with self._database.read() as connection:
            return await store.by_ids(connection, ids)

    async def _index_for(self, span: Window, later: Window, now: datetime) -> Index:
        """The index, under other offsets where the windows lie outside of those it was made for."""
        if self._index is None:
            await self.refresh()
        index = self._index
        assert index is not None
        if index.covers(span) and index.covers(later):
            return index
        return await asyncio.to_thread(index.moved_to, now)

    async def _days(self, ids: Sequence[int]) -> dict[int, Days]:
        """As they are now, not as the index knows them: somebody is about to go there."""
        if not ids:
            return {}
        async with self._database.read() as connection:
            return await exceptions.of_meetings(connection, ids)

    def _swap(self, index: Index) -> None:
        self._index = index
        gc.freeze()  # what was built stays: no later collection need walk it

    def _zone(self, place: Place | None, now: datetime) -> tzinfo:
        """The clock by which "tonight" is meant: that of the place, else that of `now`."""
        named = _zone_info(place.zone or self._zone_of(place)) if place else None
        return named or now.tzinfo or UTC

    def _fit(
        self, needs: tuple[str, ...], named: tuple[str, ...], filters: frozenset[str], stated_groups: bool
    ) -> tuple[frozenset[str], frozenset[str]]:
        """The kinds that fit, and the groups for stated people that fit and were not named."""
        if named:
            return frozenset(kind for kind in named if kind in self._fellowships), frozenset()
        fit = [fellowship for fellowship in self._fellowships.values() if serves(fellowship, needs)]
        stated = frozenset(
            one.id
            for one in fit
            if one.for_people and not stated_groups and _CALLED_BY.get(one.for_people, one.for_people) not in filters
        )
        return frozenset(one.id for one in fit) - stated, stated

    def _row(self, search: Search, picked: Picked, meeting: Meeting, index: Index) -> Row:
        online = picked.instead or search.online is True
        days = index.days.get(meeting.id, ())
        return Row(
            meeting=meeting,
            next=_next(meeting, picked.window.start, days),
            days=_ahead(meeting, picked.window.start, days),
            distance_km=None if online else _distance(meeting, search.place),
            instead=picked.instead,
            unsaid=unsaid(search.filters, meeting, self._fellowships[meeting.fellowship]),
            sources=index.same.sources(meeting.id, meeting.feed),
        )


def _opened(same: Sequence[Meeting], place: Place | None, after: datetime, days: Days) -> Row:
    """The first of the rows that are one meeting, and who lists it."""
    shown = same[0]
    return Row(
        meeting=shown,
        next=_next(shown, after, days),
        days=_ahead(shown, after, days),
        distance_km=_distance(shown, place),
        sources=tuple(sorted(one.feed for one in same)),
        listed_by=tuple(dict.fromkeys(one.entity for one in same)),
    )


def _only(found: Answer, cards: Mapping[int, Meeting]) -> Answer:
    """The answer without meetings that have no card."""
    return replace(
        found,
        rows=tuple(picked for picked in found.rows if picked.id in cards),
        online_next=found.online_next if found.online_next and found.online_next.id in cards else None,
        nearest=found.nearest if found.nearest and found.nearest.id in cards else None,
    )


def _next(meeting: Meeting, after: datetime, days: Days = ()) -> datetime | None:
    """The next start in UTC; None by appointment, and while a meeting is suspended."""
    if meeting.weekday is None or meeting.start is None:
        return None
    if meeting.status not in (Status.ACTIVE, Status.ONLINE_FOR_NOW):
        return None
    zone, after = _zone_info(meeting.zone), after.astimezone(UTC)
    if zone is None:
        return None
    if not days:
        return next_start(meeting.weekday, meeting.start, zone, after)
    coming = next_held(meeting.weekday, meeting.start, zone, days, after)
    return None if coming is None else coming.start


def _ahead(meeting: Meeting, after: datetime, days: Days) -> Days:
    """Those exceptions that still say anything."""
    zone = _zone_info(meeting.zone) if days else None
    return () if zone is None else tuple(one for one in days if not one.is_over(after.astimezone(zone).date()))


@lru_cache(maxsize=1024)  # ZoneInfo itself keeps no more than eight, and the others are read from disk again
def _zone_info(name: str) -> ZoneInfo | None:
    """The zone of that name; None for one that this machine does not know."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return None


def _distance(meeting: Meeting, place: Place | None) -> float | None:
    """Kilometres to the room; None where one cannot walk in or nobody said where from."""
    if place is None or meeting.latitude is None or meeting.longitude is None:
        return None
    if not room_open(meeting.in_person, meeting.status):
        return None
    return distance_km((place.latitude, place.longitude), (meeting.latitude, meeting.longitude))
