"""The search once more, in plain Python over every meeting: slow, and easy to see right."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from bot.domain.exceptions import Days
from bot.domain.fellowship import Fellowship, Tradition
from bot.domain.filters import Verdict, joins_online, room_open, verdicts
from bot.domain.meeting import Meeting, Status, tags_to_bits
from bot.domain.place import distance_km
from bot.domain.sameness import call_mark, street_mark
from bot.domain.search import Order, Search
from bot.domain.turns import balanced
from bot.domain.when import Window, next_start

BANDS = (2, 5, 15, 50, 100, 200)
PAGE = 5


def light_row(meeting: Meeting) -> tuple[Any, ...]:
    """A meeting as the store hands it to the index."""
    return (
        meeting.id,
        meeting.feed,
        meeting.fellowship,
        meeting.zone,
        meeting.weekday,
        meeting.start,
        int(meeting.in_person),
        int(meeting.online),
        meeting.status.value,
        meeting.latitude,
        meeting.longitude,
        tags_to_bits(meeting.tags),
        " ".join(meeting.languages),
        int(bool(meeting.dial_in)),
        meeting.duration,
        street_mark(meeting.address),
        call_mark(meeting.join_id, meeting.join_url),
    )


class Fit(NamedTuple):
    """A meeting that fits, and how it stands in the order."""

    meeting: Meeting
    start: datetime
    kilometres: float
    unsaid: bool

    @property
    def metres(self) -> int:
        return round(self.kilometres * 1000)


@dataclass
class Expected:
    """The whole list, every page of it, and what lies around."""

    pages: list[list[tuple[int, bool]]]  # (id, instead)
    total: int
    kinds: set[str]
    online_kinds: set[str]
    online_next: int | None
    unknown: set[str]
    wider: tuple[int, int] | None = None
    nearest: int | None = None


def starts(meeting: Meeting, days: Days, first: date, count: int) -> list[datetime]:
    """When a meeting starts on so many dates, looked up date by date in what is known of it."""
    assert meeting.start is not None
    found = []
    for day in (first + timedelta(days=number) for number in range(count)):
        shut = any(one.moved_to is None and one.covers(day) for one in days)
        away = any(one.moved_to is not None and one.first_day == day for one in days)
        here = [meeting.start if one.start is None else one.start for one in days if one.moved_to == day]
        minute = min(here) if here else meeting.start
        if not shut and (here or (day.isoweekday() == meeting.weekday and not away)):
            wall = datetime(day.year, day.month, day.day, *divmod(minute, 60), tzinfo=ZoneInfo(meeting.zone))
            found.append(wall.astimezone(UTC))
    return sorted(found)


class Oracle:
    """Meetings and fellowships, asked one by one. `days`: exceptions; what is over for good at `now` is not there."""

    def __init__(
        self,
        meetings: Iterable[Meeting],
        fellowships: Mapping[str, Fellowship],
        days: Mapping[int, Days] | None = None,
        now: datetime = datetime.min.replace(tzinfo=UTC),
    ) -> None:
        self.days = days or {}
        self.meetings = [one for one in meetings if self._timed(one) and not self._over(one, now)]
        self.fellowships = fellowships

    def _over(self, meeting: Meeting, now: datetime) -> bool:
        days = self.days.get(meeting.id, ())
        if all(one.last_day for one in days):
            return False
        since = now - timedelta(hours=1)
        return not any(start >= since for start in starts(meeting, days, since.date() - timedelta(days=2), 60))

    def first_start(self, meeting: Meeting, after: datetime) -> datetime | None:
        days = self.days.get(meeting.id)
        if days:
            every = starts(meeting, days, after.date() - timedelta(days=2), 20)
            return next((start for start in every if start >= after), None)
        assert meeting.weekday is not None
        assert meeting.start is not None
        return next_start(meeting.weekday, meeting.start, ZoneInfo(meeting.zone), after)

    def expected(
        self, search: Search, window: Window, later: Window, kinds: frozenset[str], order: tuple[str, ...]
    ) -> Expected:
        asked = _Asked(self, search, kinds, order)
        return asked.online(window, later) if search.place is None or search.online else asked.near(window, later)

    @staticmethod
    def _timed(meeting: Meeting) -> bool:
        timed = meeting.weekday is not None and meeting.start is not None
        return timed and meeting.status in (Status.ACTIVE, Status.ONLINE_FOR_NOW)


class _Asked:
    def __init__(self, oracle: Oracle, search: Search, kinds: frozenset[str], order: tuple[str, ...]) -> None:
        self.fellowships, self.search, self.kinds, self.order = oracle.fellowships, search, kinds, order
        self.first_start = oracle.first_start
        self.every = [one for one in oracle.meetings if one.fellowship in kinds]

    def near(self, window: Window, later: Window) -> Expected:
        reach = self.search.reach_km
        rooms = [one for one in self.fits(window) if one.kilometres <= 1000]
        here = [one for one in rooms if one.kilometres <= reach]
        calls = self.fits(window, online=True)
        answer = self._listed(here, calls, window, later)
        answer.unknown = set(self.kinds) - {
            one.fellowship
            for one in self.every
            if joins_online(one.online, one.status) or self._kilometres(one) <= reach
        }
        if not here:
            widest = [(ring, sum(one.kilometres <= ring for one in rooms)) for ring in BANDS if ring > reach]
            answer.wider = next((ring for ring in widest if ring[1]), None)
            rooms.sort(key=lambda one: (one.metres, one.start, one.meeting.id))
            answer.nearest = rooms[0].meeting.id if rooms else None
        return answer

    def online(self, window: Window, later: Window) -> Expected:
        calls = self.fits(window, online=True)
        answer = self._listed(calls, [], window, later)
        answer.unknown = set(self.kinds) - {
            one.fellowship for one in self.every if joins_online(one.online, one.status)
        }
        return answer

    def _listed(self, here: list[Fit], calls: list[Fit], window: Window, later: Window) -> Expected:
        kinds = {one.meeting.fellowship for one in here}
        around = [one for one in calls if one.meeting.fellowship not in kinds]
        if not here and not around:
            around = self.fits(later, online=True)
        around.sort(key=_soonest)
        return Expected(
            pages=self._pages(here, calls, later),
            total=len(here),
            kinds=kinds,
            online_kinds={one.meeting.fellowship for one in around},
            online_next=around[0].meeting.id if around else None,
            unknown=set(),
        )

    def _pages(self, here: list[Fit], calls: list[Fit], later: Window) -> list[list[tuple[int, bool]]]:
        if self.search.order != Order.TURNS:
            nearest = self.search.order == Order.NEAREST
            ranked = sorted(here, key=lambda one: (one.unsaid, *(_nearest if nearest else _soonest)(one)))
            return _cut([one.meeting.id for one in ranked], [])
        whole = self._in_turns(here, PAGE)
        extra = self._stand_ins(here, whole[:PAGE], calls, later)
        taken = {one.meeting.id for one in extra}
        rest = [one.meeting.id for one in self._in_turns(here, PAGE - len(extra)) if one.meeting.id not in taken]
        return _cut(rest, [one.meeting.id for one in extra])

    def _in_turns(self, here: list[Fit], places: int) -> list[Fit]:
        listed: list[Fit] = []
        for unsaid in (False, True):
            tier = [one for one in here if one.unsaid == unsaid]
            present = {one.meeting.fellowship for one in tier}
            seen = {self._tradition(one) for one in listed}
            wanted = [one for one in (Tradition.TWELVE_STEP, Tradition.SECULAR) if one not in seen]
            traditions = {kind: one.tradition for kind, one in self.fellowships.items()}
            drawn = [kind for kind in self.order if kind in present]
            order = balanced(drawn, traditions, max(0, places - len(listed)), wanted)
            queues = {kind: self._ranked([one for one in tier if one.meeting.fellowship == kind]) for kind in order}
            while any(queues.values()):
                listed += [queue.pop(0) for queue in queues.values() if queue]
        return listed

    def _ranked(self, own: list[Fit]) -> list[Fit]:
        """One kind's rows: its ring, then ring by ring, each soonest first."""
        if self.search.place is None or self.search.online:
            return sorted(own, key=_soonest)
        ring = next((ring for ring in BANDS if sum(one.kilometres <= ring for one in own) >= 3), 0)
        ring = ring if ring <= 15 else 0

        def band(one: Fit) -> int:
            return max(ring, next(band for band in BANDS if one.kilometres <= band))

        return sorted(own, key=lambda one: (band(one), *_soonest(one)))

    def _stand_ins(self, here: list[Fit], first: list[Fit], calls: list[Fit], later: Window) -> list[Fit]:
        search, found = self.search, []
        if search.fellowships or search.online is False or not here:
            return []
        both = (Tradition.TWELVE_STEP, Tradition.SECULAR)
        if not {self.fellowships[kind].tradition for kind in self.kinds}.issuperset(both):
            return []
        for tradition in both:
            if tradition not in {self._tradition(one) for one in first}:
                found += self._stand_in(tradition, here, calls, later)
        return found

    def _stand_in(self, tradition: Tradition, here: list[Fit], calls: list[Fit], later: Window) -> list[Fit]:
        listed = {one.meeting.id for one in here}
        own = [kind for kind in self.order if kind in self.kinds and self.fellowships[kind].tradition == tradition]
        kinds_here = {one.meeting.fellowship for one in here}
        online_list = self.search.place is None or self.search.online
        pools = [here if online_list else calls, self.fits(later, online=True)]
        for pool in pools:
            for unsaid in (False, True):
                for kind in own:
                    of_kind = [one for one in pool if one.meeting.fellowship == kind and one.unsaid == unsaid]
                    if of_kind and (online_list or not unsaid or kind not in kinds_here):
                        row = min(of_kind, key=_soonest)
                        assert online_list or row.meeting.id not in listed
                        return [row]
        return []

    def fits(self, window: Window, *, online: bool = False) -> list[Fit]:
        found = []
        for meeting in self.every:
            far = self._kilometres(meeting)
            if not (joins_online(meeting.online, meeting.status) if online else far < 1e6):
                continue
            start = self.first_start(meeting, window.start)
            said = set(verdicts(self.search.filters, meeting, self.fellowships[meeting.fellowship]).values())
            if start and start < window.end and Verdict.NO not in said:
                found.append(Fit(meeting, start, 0.0 if online else far, Verdict.UNSAID in said))
        return found

    def _kilometres(self, meeting: Meeting) -> float:
        place = self.search.place
        room = room_open(meeting.in_person, meeting.status)
        if place is None or not room or meeting.latitude is None or meeting.longitude is None:
            return float("inf")
        return distance_km((place.latitude, place.longitude), (meeting.latitude, meeting.longitude))

    def _tradition(self, one: Fit) -> Tradition:
        return self.fellowships[one.meeting.fellowship].tradition


def _soonest(one: Fit) -> tuple[datetime, int, int]:
    return one.start, one.metres, one.meeting.id


def _nearest(one: Fit) -> tuple[int, datetime, int]:
    return one.metres, one.start, one.meeting.id


def _cut(ids: list[int], extra: list[int]) -> list[list[tuple[int, bool]]]:
    """Pages of five; page one ends with the extra rows."""
    own = PAGE - len(extra)
    pages = [[*((one, False) for one in ids[:own]), *((one, True) for one in extra)]]
    return pages + [[(one, False) for one in ids[at : at + PAGE]] for at in range(own, len(ids), PAGE)]
