"""What people say is wrong with a meeting: kept without them, gathered by meeting, answered by people who help.

How often one chat reports is counted in memory by the front door; here nobody is known.
"""

import re
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager, nullcontext
from datetime import date, datetime, timedelta
from itertools import groupby
from operator import itemgetter
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot.domain.admin import EVERYTHING, Admin, Deed, Scope, may
from bot.domain.audit import Subject, Values
from bot.domain.clock import Clock, system_clock
from bot.domain.errors import NotPermitted
from bot.domain.exceptions import Days, is_closed, is_held
from bot.domain.meeting import Meeting, Status, id_text
from bot.domain.report_kinds import Item, Kept, ReportKind, ReportState, Verdict
from bot.services.audit import record
from bot.services.personal_data import personal_data
from bot.services.suggestions import cleaned, speaks_of_oneself
from bot.store import exceptions
from bot.store import reports as store
from bot.store.database import Connection, Database
from bot.store.reports import Reported, ReportRow

KIND = "reports"  # of subjects in the audit
SHORTEST, LONGEST = 4, 500  # characters of a text
MOST_OPEN = 50  # on one meeting
LONGEST_REASON = 300
TEXTS_KEPT, ROWS_KEPT = timedelta(days=30), timedelta(days=90)  # after the answer

_OF_A_LISTING = re.compile(
    r"(?i)\b(?:door|locked|closed|room|building|sign|moved|listing|listed|time|link|zoom|password|passcode|meeting"
    r"|puerta|cerrad[oa]s?|sala|edificio|cartel|mudó|lista|hora|horario|enlace|contraseña|reunión)\b"
)
_OF_SOMEBODY = re.compile(
    r"(?i)\b(?:he|she|him|her|his|someone|somebody|friend|son|daughter|mother|father|brother|sister|wife|husband"
    r"|partner|man|woman|guy|girl|boy|help|now|él|ella|alguien|amig[oa]|hij[oa]|madre|padre|herman[oa]|espos[oa]"
    r"|marido|mujer|hombre|pareja|chic[oa]|ayuda|ahora|urgente)\b"
)

Same = Callable[[int], Sequence[int]]
"""Every id under which a meeting is listed, its own among them: lists that name the same meeting share reports."""


def alone(meeting: int) -> tuple[int, ...]:
    """A meeting that only one list names."""
    return (meeting,)


class Reports:
    """Keeps reports and hands them to people who help."""

    def __init__(self, database: Database, *, same: Same = alone, clock: Clock = system_clock) -> None:
        self._database, self._same, self._clock = database, same, clock

    async def keep(self, meeting: Meeting, kind: ReportKind, text: str = "") -> Kept:
        """Keep a report on a meeting; a text stands with OTHER alone. Says why not where it keeps nothing."""
        text = cleaned(text) if kind is ReportKind.OTHER else ""
        if kind is ReportKind.OTHER and (refused := examined(text)).verdict is not Verdict.KEPT:
            return refused
        day = local_day(meeting, self._clock())
        async with self._database.begin() as connection:
            before = await store.open_days(connection, self._same(meeting.id))
            if len(before) >= MOST_OPEN:
                return Kept(Verdict.KNOWN)
            days = (await exceptions.of_meetings(connection, [meeting.id])).get(meeting.id, ())
            urgent = day not in before and takes_place(meeting, day, days)
            await store.add(connection, meeting.id, kind, text, day, urgent=urgent)
        return Kept(Verdict.KEPT)

    async def open_items(self, who: Admin | None) -> list[Item]:
        """What waits in somebody's scope, one item a meeting: the most reported first. None: the command line."""
        async with self._database.read() as connection:
            rows = await store.open_rows(connection)
            about = await store.about(connection, sorted({row.meeting for row in rows}))
        keyed = [(min(self._same(row.meeting)), row.id, row) for row in rows if row.meeting in about]
        gathered = groupby(sorted(keyed, key=itemgetter(0, 1)), key=itemgetter(0))
        items = [_item([row for *_, row in some], about, who) for _, some in gathered]
        return sorted(filter(None, items), key=lambda one: (-one.count, one.first, one.meeting))

    async def item(self, who: Admin | None, meeting: int) -> Item | None:
        """What waits about one meeting, whichever of its ids is named; None: nothing, or it lies outside."""
        ids = frozenset(self._same(meeting))
        return next((one for one in await self.open_items(who) if one.ids & ids), None)

    async def counts(self, who: Admin | None) -> dict[str, int]:
        """How many meetings have reports that wait: {"report": 3}, or nothing."""
        waiting = len(await self.open_items(who))
        return {"report": waiting} if waiting else {}

    async def answer(self, who: Admin | None, meeting: int, accept: bool, reason: str = "") -> int:
        """Say what became of all open reports on a meeting; how many there were. Raises NotPermitted.

        It can be undone: then they are open again.
        """
        state = ReportState.ACCEPTED if accept else ReportState.REJECTED
        ids, at = list(self._same(meeting)), self._clock()
        async with self._database.begin() as connection:
            rows = await store.open_rows(connection, ids, lock=True)
            if not rows:
                return 0
            known = await store.about(connection, ids, listed=False)
            one = _asked_about(known, meeting, who)
            numbers = [row.id for row in rows]
            await store.settle(connection, numbers, state, _cut(reason), at.date())
            before: dict[str, object] = dict.fromkeys(map(str, numbers), ReportState.OPEN.value)
            after: dict[str, object] = dict.fromkeys(map(str, numbers), state.value)
            if _cut(reason):
                before, after = {"reason": "", **before}, {"reason": _cut(reason), **after}
            subject = Subject(KIND, id_text(meeting), one.name, one.about)
            await record(connection, who, Deed.ANSWER_REPORTS, subject, before, after, at)
        return len(rows)


class UndoReports:
    """An answer that is taken back: the reports are open again."""

    def turn(self, subject: Subject) -> AbstractAsyncContextManager[object]:
        """Nothing has to be waited for."""
        return nullcontext()

    async def now(self, connection: Connection, subject: Subject, fields: tuple[str, ...]) -> Values:
        """What became of each; nothing about one that was erased since."""
        rows = await store.by_numbers(connection, _numbers(fields))
        found: dict[str, object] = {str(row.id): row.state.value for row in rows}
        return {"reason": rows[0].reason, **found} if rows else found

    async def put(
        self, connection: Connection, subject: Subject, values: Values, who: Admin | None, at: datetime
    ) -> None:
        """Set each to what it was."""
        for state in ReportState:
            numbers = [number for number in _numbers(tuple(values)) if values[str(number)] == state.value]
            reason = "" if state is ReportState.OPEN else str(values.get("reason", ""))
            await store.settle(connection, numbers, state, reason, None if state is ReportState.OPEN else at.date())


def examined(text: str) -> Kept:
    """What is to be done with a cleaned text."""
    if len(text) < SHORTEST:
        return Kept(Verdict.SHORT)
    if len(text) > LONGEST:
        return Kept(Verdict.LONG)
    found = personal_data(text)
    return Kept(Verdict.PERSONAL if found else Verdict.KEPT, found)


def is_plainly_a_report(text: str) -> bool:
    """Whether a cleaned text could be kept, speaks of a meeting's door, time or link, and of nobody."""
    return (
        _OF_A_LISTING.search(text) is not None
        and _OF_SOMEBODY.search(text) is None
        and not speaks_of_oneself(text)
        and examined(text).verdict is Verdict.KEPT
    )


def local_day(meeting: Meeting, now: datetime) -> date:
    """The date where a meeting is; that of world time where its zone is not known."""
    try:
        return now.astimezone(ZoneInfo(meeting.zone)).date()
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return now.date()


def takes_place(meeting: Meeting, day: date, days: Days = ()) -> bool:
    """Whether a meeting is held on that local day of its own; `days`: those on which it is not as every week."""
    if meeting.status not in (Status.ACTIVE, Status.ONLINE_FOR_NOW) or is_closed(days, day):
        return False
    return (meeting.weekday == day.isoweekday() and is_held(days, day)) or any(one.moved_to == day for one in days)


async def close_gone(connection: Connection, now: datetime) -> int:
    """Upkeep: reports on meetings that are no longer listed close by themselves."""
    return await store.close_gone(connection, now.date())


async def forget_texts(connection: Connection, now: datetime) -> int:
    """Upkeep: words go a month after the answer."""
    return await store.erase_texts(connection, (now - TEXTS_KEPT).date())


async def forget(connection: Connection, now: datetime) -> int:
    """Upkeep: whole rows go three months after it."""
    return await store.erase(connection, (now - ROWS_KEPT).date())


def _item(rows: list[ReportRow], about: dict[int, Reported], who: Admin | None) -> Item | None:
    """All reports on one meeting, told by the first of its lists' rows that somebody looks after; None: none."""
    meeting = next((row.meeting for row in rows if _reaches(who, about[row.meeting].about)), None)
    if meeting is None:
        return None
    one, days = about[meeting], [row.day for row in rows]
    return Item(
        meeting=meeting,
        name=one.name,
        about=one.about,
        feed=one.feed,
        counts=dict(Counter(row.kind for row in rows).most_common()),
        texts=tuple(row.text for row in rows if row.text),
        first=min(days),
        last=max(days),
        ids=frozenset(row.meeting for row in rows),
    )


def _reaches(who: Admin | None, about: Scope) -> bool:
    return who is None or may(who, Deed.ANSWER_REPORTS, about)


def _asked_about(known: dict[int, Reported], meeting: int, who: Admin | None) -> Reported:
    """The row of a meeting by which somebody may answer, the named one first."""
    named = sorted(known, key=lambda one: one != meeting)
    for one in named:
        if _reaches(who, known[one].about):
            return known[one]
    if named or not _reaches(who, EVERYTHING):
        raise NotPermitted
    return Reported("", EVERYTHING, "")


def _numbers(fields: tuple[str, ...]) -> list[int]:
    return [int(name) for name in fields if name.isdecimal()]


def _cut(reason: str) -> str:
    return cleaned(reason)[:LONGEST_REASON]
