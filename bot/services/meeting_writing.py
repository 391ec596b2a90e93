"""Changes of meetings inside one transaction: what is allowed, what waits for a second person, what is written.

Whatever is changed, ended or restored goes through `Writing`: it collects whole states before and after, and
`write` puts down rows, edits and the history together, or nothing.
"""

from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from bot.domain.admin import Admin, Author, Deed
from bot.domain.audit import Subject
from bot.domain.edits import ENDED, Done, Proposal, scope_of
from bot.domain.errors import MeetingGone, NotPermitted
from bot.domain.fields import BadField, plain
from bot.domain.guarded import puts_up, tags_beside
from bot.domain.meeting import Meeting, id_text
from bot.domain.sameness import likeness
from bot.services.audit import Permits, permits, record, record_all
from bot.services.meeting_rules import World, following, new_faults, wrong
from bot.services.meeting_state import EDIT, Setting, State, difference, with_values
from bot.store import desk_meetings, proposals, revising
from bot.store import edits as edit_store
from bot.store.database import Connection

HOUR = frozenset({"weekday", "start", "zone"})
KIND, ADDED, PROPOSED = "meeting", "meeting_added", "proposal"

Values = Mapping[str, Any]
Wanted = Callable[[State], Values]
Note = Callable[[Connection, Done], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Asked:
    """How something is asked for. `kind`: what a proposal of it is called; `seen`: the mark of what was looked at;
    `note` writes down more in the same transaction; `agreed`: who proposed what a second person accepts now."""

    deed: Deed = Deed.EDIT_MEETING
    kind: str = "change"
    why: str = ""
    until: datetime | None = None
    seen: int | None = None
    note: Note | None = None
    agreed: Author | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """One meeting before and after. `want` gave `values`; `named`: by whoever did it, not found beside it."""

    before: State
    after: State
    values: Values
    want: Wanted | None = None
    named: bool = True
    added: Values = field(default_factory=dict)  # all that is known of one that no list has
    key: str = ""  # of that one


@dataclass(slots=True)
class Writing:
    """One deed of one person on some meetings."""

    connection: Connection
    world: World
    who: Admin | None
    at: datetime
    asked: Asked
    beside: Collection[int] = ()  # rows that may be the same meetings as those that are asked for
    steps: list[Step] = field(default_factory=list)
    faults: list[BadField] = field(default_factory=list)
    unchanged: list[int] = field(default_factory=list)
    elsewhere: list[int] = field(default_factory=list)
    guards: dict[int, frozenset[str]] = field(default_factory=dict)  # tags of the same meetings in other lists
    _allowed: Permits | None = None

    async def plan(self, states: Mapping[int, State], wanted: Mapping[int, Wanted]) -> None:
        """What is to be done to these, and to the rows of other lists that are the same meetings.

        Raises NotPermitted, and MeetingGone for one that its list dropped.
        """
        for number, want in wanted.items():
            before = states[number]
            if before.gone:
                raise MeetingGone
            await self._plan(before, want, named=True)
        if not self.faults:
            await self._plan_beside(set(wanted))

    async def _plan(self, before: State, want: Wanted, *, named: bool) -> bool:
        """One meeting; whether it can be done."""
        author, values = await self.permit(before.meeting), want(before)
        faults = wrong(before.meeting, values, self.world.kinds)
        if not faults:
            derived = await following(before.meeting, values, self.world)
            by = Setting(self.asked.agreed or author, self.at, self.asked.why, self.asked.until)
            after = with_values(before, values, by, derived)
            faults = new_faults(before.meeting, after.meeting, values)
            if not faults and (_looks(after), dict(after.edits)) == (_looks(before), dict(before.edits)):
                self.unchanged += [before.meeting.id] if named else []
                return True
        if faults:
            self.faults += faults if named else []
            return False
        await self.permit(after.meeting)  # nobody moves a meeting to where they may not change it
        self.steps.append(Step(before, after, values, want, named))
        return True

    async def permit(self, meeting: Meeting) -> Author:
        """Whoever does it, if they may to this meeting. Raises NotPermitted."""
        if self._allowed is None:
            self._allowed = await permits(self.connection, self.who)
        return self._allowed.author(self.asked.deed, scope_of(meeting))

    async def _plan_beside(self, named: set[int]) -> None:
        """The same meeting stands in other lists too: left as it is there, people would be shown both."""
        steps = [step for step in self.steps if step.want is not None]
        beside = await same_elsewhere(self.connection, [step.before for step in steps], self.beside)
        for one in steps:
            self._guard([one.before, *beside[one.before.meeting.id]])
        pairs = [(one, state) for one in steps for state in beside[one.before.meeting.id]]
        for step, state in pairs:
            if state.meeting.id in named:
                continue
            named.add(state.meeting.id)
            if not await self._possible(state, step):
                self.elsewhere.append(state.meeting.id)

    def _guard(self, same: Sequence[State]) -> None:
        for one in same:
            self.guards[one.meeting.id] = tags_beside(other.meeting for other in same if other is not one)

    async def _possible(self, state: State, step: Step) -> bool:
        """Do to a row what is done to another list's row of the same meeting, where that may be."""

        def want(beside: State) -> Values:
            assert step.want is not None
            values = dict(step.want(beside))
            if HOUR & values.keys() and self.asked.kind != "give_up":  # together they are the hour
                values |= {name: getattr(step.after.meeting, name) for name in HOUR}
            return values

        try:
            return await self._plan(state, want, named=False)
        except NotPermitted:
            return False

    async def write(self) -> Done:
        """Write what was planned; with faults nothing at all."""
        if self.faults:
            return Done(faults=tuple(dict.fromkeys(self.faults)))
        now: list[Step] = []
        later: list[Step] = []
        for step in self.steps:
            (later if self.asked.agreed is None and self._guarded(step) else now).append(step)
        await write_states(self.connection, now, self.at)
        changes = await self._record(now)
        waiting = [await self._propose(step) for step in later]
        return Done(
            changed=tuple(step.after.meeting.id for step in now),
            proposed=tuple(waiting),
            unchanged=tuple(self.unchanged),
            changes=tuple(changes),
            also=tuple(step.after.meeting.id for step in now if not step.named),
            elsewhere=tuple(self.elsewhere),
        )

    def _guarded(self, step: Step) -> bool:
        return needs_two(step.before, step.after, self.world, self.guards.get(step.before.meeting.id, frozenset()))

    async def _record(self, steps: Sequence[Step]) -> list[int]:
        allowed = self._allowed or await permits(self.connection, self.who)
        return await record_all(self.connection, allowed, self.asked.deed, list(map(self._told, steps)), self.at)

    def _told(self, step: Step) -> tuple[Subject, Values, Values]:
        before, after = difference(step.before, step.after)
        after |= {name: plain(value) for name, value in step.added.items()}
        if self.asked.why:
            after["why"] = self.asked.why
        mark, meeting = ADDED if step.key else KIND, step.before.meeting
        subject = Subject(mark, id_text(step.after.meeting.id), step.after.meeting.name, scope_of(meeting))
        return subject, before, after

    async def _propose(self, step: Step) -> int:
        meeting = step.before.meeting
        author = await self.permit(meeting)
        values = step.added or step.values
        before = {} if step.key else {name: plain(step.before.value(name)) for name in values}
        after = {name: plain(value) for name, value in values.items()}
        if step.key:
            after[f"{EDIT}key"] = step.key
        kind = "add" if step.key else self.asked.kind
        about, why, until = scope_of(meeting), self.asked.why, self.asked.until
        made = Proposal(0, meeting.id, kind, meeting.name, about, before, after, author, self.at, why, until)
        asked = await proposals.waiting(self.connection)
        if (there := next((one for one in asked if _is_again(one, made)), None)) is not None:
            return there.id
        return await propose(self.connection, self.who, self.asked.deed, made)


def _is_again(one: Proposal, other: Proposal) -> bool:
    """Whether somebody asks for the same once more: a button that was pressed twice."""
    about = one.kind == other.kind and (one.kind == "add" or one.meeting == other.meeting)
    left, right = ({**some.after, f"{EDIT}key": ""} for some in (one, other))
    return about and left == right and one.author.id == other.author.id and (not one.until) is (not other.until)


def needs_two(before: State, after: State, world: World, beside: frozenset[str] = frozenset()) -> bool:
    """Whether a change takes two people; of what nobody is shown too, for it would be shown with a change unseen.

    `beside`: tags that guard it in another list.
    """
    old = None if before.shown is None and after.shown is not None else before.meeting
    if puts_up(old, after.meeting, world.guarded):
        return True
    tagged = replace(after.meeting, tags=after.meeting.tags | beside)
    return bool(beside and puts_up(old and replace(old, tags=old.tags | beside), tagged, world.guarded))


async def propose(connection: Connection, who: Admin | None, deed: Deed, asked: Proposal) -> int:
    """Let a change wait for a second person; its number."""
    made = await proposals.add(connection, asked)
    subject = Subject(PROPOSED, str(made.id), asked.title, asked.about)
    before, after = {"state": proposals.WITHDRAWN}, {"state": proposals.OPEN, **asked.after}
    await record(connection, who, deed, subject, before, after, asked.at)
    return made.id


async def maybe_same(connection: Connection, ids: Sequence[int]) -> list[int]:
    """Rows that may be one meeting with one of these: to be asked before the transaction, it takes a while."""
    known = await revising.rows(connection, ids)
    alike = await desk_meetings.alike(connection, [one.meeting for one in known.values()])
    return [one.meeting.id for one in alike if one.meeting.id not in known]


async def same_elsewhere(
    connection: Connection, states: Sequence[State], among: Collection[int]
) -> dict[int, list[State]]:
    """Which of the rows are the same meeting as one of these, by the id of that: shown like it, or ended with it."""
    rows = list((await states_of(connection, sorted(among))).values())
    return {state.meeting.id: [row for row in rows if is_same(state, row)] for state in states}


def is_same(one: State, other: State) -> bool:
    """Whether two rows are one meeting, and both are shown or were ended in the same deed."""
    if not likeness(one.meeting, other.meeting):
        return False
    if one.shown is not None:
        return other.shown is not None
    mine, theirs = one.edits.get(ENDED), other.edits.get(ENDED)
    return mine is not None and theirs is not None and mine.at == theirs.at


async def states_of(connection: Connection, ids: Sequence[int]) -> dict[int, State]:
    """Meetings as they are, in the order of ids; those that nobody knows are left out."""
    rows, edits = await revising.rows(connection, ids), await edit_store.of_meetings(connection, ids)
    return {
        number: State(
            rows[number].meeting, {one.field: one for one in edits.get(number, ())}, rows[number].vanished_at
        )
        for number in dict.fromkeys(ids)
        if number in rows
    }


async def write_states(connection: Connection, steps: Sequence[Step], at: datetime) -> None:
    """Rows and edits as they are after these steps; reminders are brought in step."""
    after = [step.after for step in steps]
    edits = [edit for state in after for edit in state.edits.values()]
    await edit_store.replace_all(connection, [state.meeting.id for state in after], edits)
    seen = [step.after for step in steps if _looks(step.before) != _looks(step.after)]
    hidden = [state.meeting.id for state in seen if state.shown is None]
    await revising.write(connection, [state.meeting for state in seen], hidden, at)


def _looks(state: State) -> tuple[Meeting, bool]:
    return state.meeting, state.shown is not None
