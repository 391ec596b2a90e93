"""Meetings that no list has, added inside a transaction; those that are guarded wait for a second person."""

import secrets
from collections.abc import Mapping, Sequence
from typing import Any

from bot.domain.edits import ENDED
from bot.domain.fields import FIELDS, typed
from bot.domain.meeting import Meeting
from bot.services.meeting_drafts import draft
from bot.services.meeting_state import EDIT, State
from bot.services.meeting_writing import Step, Writing
from bot.store import desk_meetings

KEY = f"{EDIT}key"  # of a proposal: what the id is made of


async def plan(writing: Writing, added: Sequence[Mapping[str, Any]], like: Meeting | None = None) -> None:
    """Let these be added by a deed. Raises NotPermitted."""
    for values in added:
        await _plan(writing, values, secrets.token_hex(8), like)


async def plan_proposed(writing: Writing, after: Mapping[str, Any]) -> None:
    """Let one be added that was proposed."""
    values = {name: typed(name, value) for name, value in after.items() if name in FIELDS}
    await _plan(writing, values, after[KEY], None)


async def _plan(writing: Writing, values: Mapping[str, Any], key: str, like: Meeting | None) -> None:
    made = await draft(values, writing.world, key=key, like=like)
    if isinstance(made, tuple):
        writing.faults += made
        return
    await writing.permit(made)
    if (there := await _there(writing, made)) is not None:
        writing.unchanged.append(there)
        return
    whole = {name: getattr(made, name) for name in FIELDS}
    said = {name: value for name, value in whole.items() if value not in ("", None, (), frozenset())}
    writing.steps.append(Step(State(made, vanished_at=writing.at), State(made), {ENDED: False}, added=said, key=key))


async def _there(writing: Writing, made: Meeting) -> int | None:
    """The same meeting, where it was added before: a button may be pressed twice."""
    known = await desk_meetings.by_hand(writing.connection, made)
    return next((one.id for one in known if all(getattr(one, name) == getattr(made, name) for name in FIELDS)), None)
