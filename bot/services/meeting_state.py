"""One meeting with what was set on it, before and after a deed, and how the history tells the difference. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from bot.domain.admin import Author
from bot.domain.audit import Values
from bot.domain.edits import ENDED, Edit, edit_maker, lay, listed_of, parted
from bot.domain.fields import FIELDS, plain, typed
from bot.domain.meeting import BY_HAND, Meeting

EDIT = "edit:"  # in the history, before the name of a field: the edit itself, for an exact undo; no screen shows it
SETTABLE = (*FIELDS, "duration_assumed")


@dataclass(frozen=True, slots=True)
class Setting:
    """Who sets something, why, and until when."""

    author: Author
    at: datetime
    why: str = ""
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class State:
    """A meeting as it is shown, its edits by field, and since when it is not shown."""

    meeting: Meeting
    edits: Mapping[str, Edit] = field(default_factory=dict)
    vanished_at: datetime | None = None

    @property
    def listed(self) -> Meeting:
        """What the list says."""
        return listed_of(self.meeting, self.edits.values())

    @property
    def by_hand(self) -> bool:
        """Whether no list has it."""
        return self.meeting.feed == BY_HAND

    @property
    def ended(self) -> bool:
        """Whether a person said so."""
        return ENDED in self.edits or (self.by_hand and self.vanished_at is not None)

    @property
    def gone(self) -> bool:
        """Whether its list dropped it: nothing can be set on it any more."""
        return self.vanished_at is not None and not self.ended

    @property
    def shown(self) -> Meeting | None:
        """What people see of it."""
        return None if self.vanished_at is not None else self.meeting

    def value(self, name: str) -> Any:
        """What a field is now."""
        return self.ended if name == ENDED else getattr(self.meeting, name)


def with_values(state: State, values: Mapping[str, Any], by: Setting, derived: Mapping[str, Any]) -> State:
    """The state with these fields set; `derived`: others that follow from them. What the list says too is no edit."""
    both = {**derived, **values}
    if state.by_hand and by.until is None:
        return _by_hand(state, both, by.at)
    make = edit_maker(state.listed, by.author, at=by.at, why=by.why, until=by.until)
    edits = dict(state.edits)
    for name, value in both.items():
        before = edits.pop(name, None)
        edit = make(name, value, derived=name not in values)
        if edit.value == edit.listed:
            continue
        edits[name] = before if before is not None and _as_good(before, edit) else edit
    return with_edits(state, edits.values(), by.at)


def _as_good(before: Edit, edit: Edit) -> bool:
    """Whether an edit need not be made again: the same for as long, and nothing new is to be said of it."""
    return (before.value, before.until, before.derived) == (edit.value, edit.until, edit.derived) and (
        not before.conflict
    )


def with_edits(state: State, edits: Iterable[Edit], at: datetime) -> State:
    """The state with these edits and no others."""
    kept, _ = parted(list(edits))
    laid = lay(state.listed, kept, at)
    vanished = state.vanished_at if state.gone else None
    if laid.ended:
        vanished = state.vanished_at or at
    elif state.by_hand and ENDED not in state.edits:
        vanished = state.vanished_at
    return State(laid.meeting, {one.field: one for one in laid.kept}, vanished)


def _by_hand(state: State, values: Mapping[str, Any], at: datetime) -> State:
    """No list counts again: the row itself is set."""
    meeting = replace(state.meeting, **{name: value for name, value in values.items() if name != ENDED})
    edits = {name: edit for name, edit in state.edits.items() if name not in values}
    vanished = state.vanished_at
    if ENDED in values:
        vanished = (vanished or at) if values[ENDED] else None
    return State(meeting, edits, vanished)


def difference(before: State, after: State) -> tuple[dict[str, Any], dict[str, Any]]:
    """What the history keeps of a deed: fields before and after, and the edits behind them."""
    names = [name for name in (*SETTABLE, ENDED) if before.value(name) != after.value(name)]
    old: dict[str, Any] = {name: plain(before.value(name)) for name in names}
    new: dict[str, Any] = {name: plain(after.value(name)) for name in names}
    for name in sorted({*before.edits, *after.edits}):
        one, other = told(before.edits.get(name)), told(after.edits.get(name))
        if one != other:
            old[EDIT + name], new[EDIT + name] = one, other
            if name not in old:  # the same value, for longer or on other grounds
                old[name] = new[name] = plain(after.value(name))
    return old, new


def now(state: State, fields: Iterable[str]) -> dict[str, Any]:
    """The same for what is: the values of these names."""
    values: dict[str, Any] = {}
    for name in fields:
        if name.startswith(EDIT):
            values[name] = told(state.edits.get(name.removeprefix(EDIT)))
        elif name in (*SETTABLE, ENDED):
            values[name] = plain(state.value(name))
    return values


def told(edit: Edit | None) -> Values | None:
    """An edit as the history keeps it; what the list says meanwhile is no part of it."""
    if edit is None:
        return None
    return {
        "based_on": plain(edit.based_on),
        "by": edit.author.id,
        "name": edit.author.name,
        "at": edit.at.isoformat(),
        "why": edit.why,
        "until": edit.until.isoformat() if edit.until else None,
        "derived": edit.derived,
    }


def taken_back(state: State, values: Values, by: Setting) -> State:
    """The state with fields as the history tells them."""
    names = dict.fromkeys(name.removeprefix(EDIT) for name in values)
    if state.by_hand and not any(name.startswith(EDIT) for name in values):
        return _by_hand(state, {name: typed(name, values[name]) for name in names}, by.at)
    edits, listed = dict(state.edits), state.listed
    for name in names:
        value = typed(name, values[name]) if name in values else state.value(name)
        says = False if name == ENDED else getattr(listed, name)
        edits.pop(name, None)
        before = values.get(EDIT + name)
        if before is not None:
            edits[name] = _edit(listed, name, value, says, before)
        elif value != says:
            # The list says something else since: that is a conflict, and somebody will look at it.
            make = edit_maker(listed, by.author, at=by.at)
            edits[name] = replace(make(name, value), based_on=value)
    return with_edits(state, edits.values(), by.at)


def _edit(listed: Meeting, name: str, value: Any, says: Any, before: Mapping[str, Any]) -> Edit:
    until = before["until"]
    return Edit(
        listed.id, name, listed.feed, value, says, typed(name, before["based_on"]),
        Author(before["by"], before["name"]), datetime.fromisoformat(before["at"]), before["why"],
        datetime.fromisoformat(until) if until else None, before["derived"],
    )  # fmt: skip
