"""A new meeting from what somebody typed: nothing is in the database yet."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from bot.domain.fields import FIELDS, BadField, faults
from bot.domain.meeting import BY_HAND, Meeting, meeting_id
from bot.services.meeting_rules import World, following, wrong

_ROOM = ("venue", "address", "city", "latitude")
_CALL = ("join_url", "join_notes", "join_id", "dial_in")


async def draft(
    values: Mapping[str, Any], about: World, *, key: str = "", like: Meeting | None = None
) -> Meeting | tuple[BadField, ...]:
    """The meeting, with what follows from the values; or what is wrong with them. `like`: the same but for these."""
    missing = tuple(BadField(name, "empty") for name in ("name", "fellowship") if like is None and name not in values)
    found = missing + wrong(None, values, about.kinds)
    if found:
        return found
    blank = _copy(like, key) if like is not None else _blank(values, key)
    derived = await following(blank, values, about)
    made: Meeting = replace(blank, **{**derived, **values})
    if not made.zone and about.zone_of and made.latitude is not None and made.longitude is not None:
        made = replace(made, zone=about.zone_of(made.latitude, made.longitude))
    found = faults(made)
    return (*found, *(() if made.zone else (BadField("zone", "empty"),))) or made


def _blank(values: Mapping[str, Any], key: str) -> Meeting:
    """Nothing but its id; where nobody said whether there is a room or a call, what is known of it says so."""
    return Meeting(
        id=meeting_id(BY_HAND, key, 0), feed=BY_HAND, key=key, position=0, fellowship="", name="", weekday=None,
        start=None, duration=None, zone="", in_person=any(values.get(name) for name in _ROOM),
        online=any(values.get(name) for name in _CALL),
    )  # fmt: skip


def _copy(like: Meeting, key: str) -> Meeting:
    """What people may set of another meeting, under an id of its own."""
    same = {name: getattr(like, name) for name in FIELDS}
    return replace(_blank({}, key), **same, duration_assumed=like.duration_assumed)
