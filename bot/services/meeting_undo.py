"""Takes back what was done to meetings by hand, and proposals: field by field, with the edits as they were."""

from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager, nullcontext
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from bot.domain.admin import Admin, Deed
from bot.domain.audit import Subject, Values
from bot.domain.edits import ENDED, scope_of
from bot.domain.errors import MeetingGone, NeedsTwo, NotPermitted
from bot.domain.guarded import tags_beside
from bot.domain.meeting import id_text
from bot.services.audit import permit, record
from bot.services.meeting_rules import World
from bot.services.meeting_state import EDIT, Setting, State, difference, now, taken_back
from bot.services.meeting_writing import KIND, Step, maybe_same, needs_two, same_elsewhere, states_of, write_states
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
        state = (await states_of(connection, [number])).get(number)
        if state is None:
            return {}
        values = now(state, fields)
        if CHECKED in fields:
            day = (await checks.of(connection, [number])).get(number)
            values[CHECKED] = day.isoformat() if day else None
        return values

    async def put(
        self, connection: Connection, subject: Subject, values: Values, who: Admin | None, at: datetime
    ) -> None:
        """Raises MeetingGone for one that its list dropped, NotPermitted, and NeedsTwo."""
        number = int(subject.id, 16)
        state = (await states_of(connection, [number])).get(number)
        if state is None or state.gone:
            raise MeetingGone
        if CHECKED in values:
            await checks.put(connection, number, date.fromisoformat(values[CHECKED]) if values[CHECKED] else None)
        rest = {name: value for name, value in values.items() if name != CHECKED}
        if not rest:
            return
        among = await maybe_same(connection, [number])
        twins = (await same_elsewhere(connection, [state], among))[number]
        step = await self._step(connection, state, rest, who, at, twins)
        beside = await self._beside(connection, state, step, rest, who, at, twins)
        await write_states(connection, [step, *beside], at)
        for one in beside:
            meeting = one.before.meeting
            other = Subject(KIND, id_text(meeting.id), meeting.name, scope_of(meeting))
            await record(connection, who, Deed.EDIT_MEETING, other, *difference(one.before, one.after), at)

    async def _step(
        self,
        connection: Connection,
        state: State,
        values: Values,
        who: Admin | None,
        at: datetime,
        twins: Sequence[State],
    ) -> Step:
        author = await permit(connection, who, Deed.EDIT_MEETING, scope_of(state.meeting))
        after = taken_back(state, values, Setting(author, at))
        await permit(connection, who, Deed.EDIT_MEETING, scope_of(after.meeting))
        if needs_two(state, after, self.world, tags_beside(one.meeting for one in twins)):
            raise NeedsTwo
        return Step(state, after, values)

    async def _beside(
        self,
        connection: Connection,
        state: State,
        done: Step,
        values: Values,
        who: Admin | None,
        at: datetime,
        twins: Sequence[State],
    ) -> list[Step]:
        """The same for rows of other lists that are this meeting and were set in the same deed."""
        found: list[Step] = []
        for other in twins:
            theirs = _set_together(state, other, done.after, values)
            same = [state, *(one for one in twins if one is not other)]
            try:
                found += [await self._step(connection, other, theirs, who, at, same)] if theirs else []
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
