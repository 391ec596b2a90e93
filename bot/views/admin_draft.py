"""A change to a meeting that is being made, as the buttons of its screens carry it. Nothing is kept meanwhile.

What was typed stands in the person's own message, to which these screens are replies; small values, such as a time
or a set of tags, stand in the button itself, beside the mark of what was seen.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import IntEnum
from itertools import pairwise
from typing import TypeVar

from bot.domain.bits import BitReader, BitWriter
from bot.domain.buttons import MEETING_BITS, Action, Press
from bot.domain.errors import OutdatedButton
from bot.views.frame import Frame
from bot.views.screen import Button

T = TypeVar("T")
MOST_OTHERS = 14  # meetings of the same group that can be changed together with one
_VALUE_BITS = 48
_MOST_CHANGES = 15
_STEP_BITS, _FIRST_BITS = 8, 48


class Form(IntEnum):
    """What is being changed. Numbers stand in buttons: never change or reuse one."""

    TIME = 1
    DAY = 2
    PLACE = 3
    LINK = 4
    NAME = 5
    WHO = 6
    LENGTH = 7
    JOINING = 8
    DETAILS = 9
    ADD = 10
    DUPLICATE = 11
    END = 12
    RESTORE = 13
    SUSPEND = 14
    CLOSED = 15
    MOVED = 16


class Reason(IntEnum):
    """Why, in words that are ready."""

    UNSAID = 0
    GROUP = 1
    SITE = 2
    THERE = 3
    REPORT = 4


@dataclass(frozen=True, slots=True)
class Draft:
    """One change. `value`: a small one; `typed`: it stands in the quoted message. `others`: a bit for each meeting of
    the group, in the order of the sheet. `weeks`: how long it is to count, 0 for good. `mark`: of what was seen."""

    meeting: int
    form: Form
    value: int = 0
    typed: bool = False
    mark: int = 0
    others: int = 0
    weeks: int = 0
    reason: Reason = Reason.UNSAID

    def chosen(self, others: Sequence[T]) -> list[T]:
        """Those of the others that it is about too."""
        return [one for bit, one in enumerate(others[:MOST_OTHERS]) if self.others >> bit & 1]

    def until(self, now: datetime) -> datetime | None:
        """When the list counts again; None: not by itself."""
        return now + timedelta(weeks=self.weeks) if self.weeks else None

    def packed(self) -> tuple[int, int]:
        """As two numbers of a button."""
        writer = BitWriter()
        for value, width in _fields(self):
            writer.put(value, width)
        whole = writer.value << 2 * MEETING_BITS - writer.bits
        return whole >> MEETING_BITS, whole & (1 << MEETING_BITS) - 1


def _fields(draft: Draft) -> tuple[tuple[int, int], ...]:
    return (
        (draft.form, 5),
        (draft.typed, 1),
        (draft.mark, 16),
        (draft.others, MOST_OTHERS),
        (draft.weeks, 6),
        (draft.reason, 4),
        (draft.value, _VALUE_BITS),
    )


def draft_of(press: Press | None) -> Draft:
    """The draft that a button carries; OutdatedButton for none."""
    if press is None or press.meeting is None or len(press.picked) != 2:
        raise OutdatedButton
    whole = press.picked[0] << MEETING_BITS | press.picked[1]
    reader = BitReader(whole.to_bytes(2 * MEETING_BITS // 8, "big"))
    form, typed, mark, others, weeks, reason, value = (reader.take(width) for _, width in _fields(_BLANK))
    try:
        return Draft(press.meeting, Form(form), value, bool(typed), mark, others, weeks, Reason(reason))
    except ValueError:
        raise OutdatedButton from None


_BLANK = Draft(0, Form.TIME)


def press_of(frame: Frame, action: Action, draft: Draft, number: int = 0) -> Press:
    """A press that carries a draft."""
    return Press(action, frame.blank(), draft.meeting, number, picked=draft.packed())


def button(frame: Frame, label: str, action: Action, draft: Draft, *, number: int = 0) -> Button:
    """A button that carries it; `label` is its text."""
    return Button(label, data=frame.pack(press_of(frame, action, draft, number)))


def changes_packed(changes: Sequence[int]) -> tuple[int, ...]:
    """The numbers of some changes, written together, for one button; empty where they do not fit."""
    if not changes or len(changes) > _MOST_CHANGES:
        return ()
    ordered = sorted(changes)
    steps = [after - before for before, after in pairwise(ordered)]
    if ordered[0] >= 1 << _FIRST_BITS or any(step >= 1 << _STEP_BITS for step in steps):
        return ()
    whole = ordered[0]
    for step in [*steps, *[0] * (_MOST_CHANGES - 1 - len(steps))]:
        whole = whole << _STEP_BITS | step
    mask = (1 << MEETING_BITS) - 1
    return tuple(whole >> shift & mask for shift in (2 * MEETING_BITS, MEETING_BITS, 0))


def changes_of(press: Press | None) -> list[int]:
    """The reverse; OutdatedButton for none."""
    if press is None or len(press.picked) != 3:
        raise OutdatedButton
    whole = 0
    for part in press.picked:
        whole = whole << MEETING_BITS | part
    steps = [whole >> _STEP_BITS * place & (1 << _STEP_BITS) - 1 for place in reversed(range(_MOST_CHANGES - 1))]
    found = [whole >> _STEP_BITS * (_MOST_CHANGES - 1)]
    for step in steps:
        if step:
            found.append(found[-1] + step)
    return found
