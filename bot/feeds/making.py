"""Meetings in great numbers."""

from collections.abc import Iterable
from dataclasses import field, make_dataclass
from dataclasses import fields as fields_of
from typing import Any

from bot.domain.meeting import Meeting
from bot.feeds.reading import Slot

# A frozen dataclass sets each of its forty-one fields by a call of its own: a sixth of an import. This one has the
# same slots and is not frozen; an object of it becomes a meeting, and with that frozen, once its fields are set.
_Unfrozen: Any = make_dataclass(
    "_Unfrozen", [(one.name, one.type, field(default=one.default)) for one in fields_of(Meeting)], slots=True
)


def meetings(fields: dict[str, object], slots: Iterable[Slot]) -> list[Meeting]:
    """One meeting for each slot, with the other fields from `fields`."""
    made = []
    for slot in slots:
        fields["id"], fields["position"], fields["weekday"] = slot.id, slot.position, slot.weekday
        meeting = _Unfrozen(**fields)
        meeting.__class__ = Meeting
        made.append(meeting)
    return made
