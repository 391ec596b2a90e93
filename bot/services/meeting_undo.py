"""Takes back what was done to meetings by hand, and proposals: field by field, with the edits as they were."""

from collections.abc import Mapping, Sequence
from contextlib import AbstractAsyncContextManager, nullcontext
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from bot.domain.admin import Admin, Deed
from bot.domain.audit import Subject, Values
from bot.domain.edits import ENDED, scope_of
from bot.domain.errors import MeetingGone, NeedsTwo, NotPermitted
from bot.domain.guarded import tags_beside
from bot.domain.meeting import id_text
from bot.services.audit import Permits, permits, record_all
from bot.services.meeting_rules import World
from bot.services.meeting_state import EDIT, Setting, State, difference, now, taken_back
from bot.services.meeting_writing import KIND, Step, is_same, maybe_same, needs_two, states_of, write_states
from bot.store import checks, proposals, revising
from bot.store.database import Connection

CHECKED = "checked_on"


@dataclass(frozen=True, slots=True)
class UndoMeetings:
    """Fields, edits, ends and additions. A row of another list that was changed in the same deed goes along."""

    world: World

    def turn(self, subject: Subject) -> AbstractAsyncContextManager[object]:
        """Nothing has to be waited for: meetings take turns in the transaction."""
        return nullcontext()

    async def now(self, connection: Connection, subject: Subject, fields: tuple[str, ...]) -> Values:
        """What the meeting is, and its edits; nothing about one that is forgotten."""
        await revising.take_turn(connection)
        number = int(subject.id, 16)
        return _now((await states_of(connection, [number])).get(number), await _days(connection, [number]), fields)

    async def put(
        self, connection: Connection, subject: Subject, values: Values, who: Admin | None, at: datetime
    ) -> None:
        """Raises MeetingGone for one that its list dropped, NotPermitted, and NeedsTwo."""
        turn = await self.together(connection, [subject], await permits(connection, who), at)
        turn.put(subject, values)
        await turn.write()

    async def together(
        self, connection: Connection, subjects: Sequence[Subject], allowed: Permits, at: datetime
    ) -> "TurnOfMeetings":
        """The same for several, each after the other."""
        await revising.take_turn(connection)
        ids = [int(one.id, 16) for one in subjects]
        among = [*ids, *await maybe_same(connection, ids)]
        states, days = await states_of(connection, among), await _days(connection, ids)
        return TurnOfMeetings(connection, self.world, allowed, at, states, days)


async def _days(connection: Connection, ids: Sequence[int]) -> dict[int, date | None]:
    return dict(await checks.of(connection, ids))


def _now(state: State | None, days: Mapping[int, date | None], fields: tuple[str, ...]) -> Values:
    if state is None:
        return {}
    values = now(state, fields)
    if CHECKED in fields:
        day = days.get(state.meeting.id)
        values[CHECKED] = day.isoformat() if day else None
    return values


@dataclass(slots=True)
class TurnOfMeetings:
    """Meetings taken back in one transaction. `states`: of these, and of rows that may be the same meetings."""

    connection: Connection
    world: World
    allowed: Permits
    at: datetime
    states: dict[int, State]
    days: dict[int, date | None]
    steps: dict[int, Step] = field(default_factory=dict)
    checked: set[int] = field(default_factory=set)
    beside: list[tuple[Subject, Values, Values]] = field(default_factory=list)

    def now(self, subject: Subject, fields: tuple[str, ...]) -> Values:
        """See UndoMeetings."""
        return _now(self.states.get(int(subject.id, 16)), self.days, fields)

    def put(self, subject: Subject, values: Values) -> None:
        """See UndoMeetings."""
        state = self.states.get(int(subject.id, 16))
        if state is None or state.gone:
            raise MeetingGone
        rest = {name: value for name, value in values.items() if name != CHECKED}
        if rest:
            twins = [one for one in self.states.values() if is_same(state, one)]
            step = self._step(state, rest, twins)
            for one in (found := self._beside(state, step, rest, twins)):
                meeting = one.before.meeting
                other = Subject(KIND, id_text(meeting.id), meeting.name, scope_of(meeting))
                self.beside.append((other, *difference(one.before, one.after)))
            for one in (step, *found):
                self._take(one)
        if CHECKED in values:
            self.days[state.meeting.id] = date.fromisoformat(values[CHECKED]) if values[CHECKED] else None
            self.checked.add(state.meeting.id)

    def _take(self, step: Step) -> None:
        """A meeting may be set back step by step: what counts is what it was, and what it will be."""
        number = step.before.meeting.id
        first = self.steps.get(number, step)
        self.steps[number] = replace(step, before=first.before)
        self.states[number] = step.after

    async def write(self) -> None:
        """Rows, edits, days, and the history of the rows that went along."""
        await checks.put_all(self.connection, {number: self.days[number] for number in self.checked})
        if self.steps:
            await write_states(self.connection, list(self.steps.values()), self.at)
        await record_all(self.connection, self.allowed, Deed.EDIT_MEETING, self.beside, self.at)

    def _step(self, state: State, values: Values, twins: Sequence[State]) -> Step:
        author = self.allowed.author(Deed.EDIT_MEETING, scope_of(state.meeting))
        after = taken_back(state, values, Setting(author, self.at))
        self.allowed.author(Deed.EDIT_MEETING, scope_of(after.meeting))
        if needs_two(state, after, self.world, tags_beside(one.meeting for one in twins)):
            raise NeedsTwo
        return Step(state, after, values)

    def _beside(self, state: State, done: Step, values: Values, twins: Sequence[State]) -> list[Step]:
        """The same for rows of other lists that are this meeting and were set in the same deed."""
        found: list[Step] = []
        for other in twins:
            theirs = _set_together(state, other, done.after, values)
            same = [state, *(one for one in twins if one is not other)]
            try:
                found += [self._step(other, theirs, same)] if theirs else []
            except (NotPermitted, NeedsTwo):
                continue
        return found


def _set_together(state: State, other: State, after: State, values: Values) -> dict[str, Any]:
    """What of the values holds for another row too: fields whose edit was made with this one's."""
    found: dict[str, Any] = {}
    for name in dict.fromkeys(one.removeprefix(EDIT) for one in values):
        mine, theirs = state.edits.get(name), other.edits.get(name)
        if mine is None or theirs is None or (mine.at, mine.value) != (theirs.at, theirs.value):
            continue
        goes = name not in after.edits
        says = False if name == ENDED else getattr(other.listed, name)
        found |= now(after, (name, EDIT + name))
        if goes:
            found[name] = now(State(other.listed), (name,)).get(name, says)
    return found


@dataclass(frozen=True, slots=True)
class UndoProposals:
    """Proposals that were made, withdrawn or turned down."""

    def turn(self, subject: Subject) -> AbstractAsyncContextManager[object]:
        """As above."""
        return nullcontext()

    async def now(self, connection: Connection, subject: Subject, fields: tuple[str, ...]) -> Values:
        """How it stands."""
        found = await proposals.by_id(connection, int(subject.id), lock=True)
        return {} if found is None else {"state": found[1]}

    async def put(
        self, connection: Connection, subject: Subject, values: Values, who: Admin | None, at: datetime
    ) -> None:
        """Let it wait again, or no more. Nothing is changed of any meeting."""
        await proposals.settle(connection, [int(subject.id)], values["state"])
