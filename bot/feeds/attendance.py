"""Whether people meet in a room, online, both, or for now not at all."""

import re
from typing import NamedTuple

from bot.domain.meeting import Status

OPTIONS = frozenset(("in_person", "hybrid", "online", "inactive"))
_SUSPENDED = re.compile(
    r"[(\[*]+\s*(?:temporarily\s+)?suspend(?:ed|id[oa])\s*[)\]*]+\s*[-:]?\s*"
    r"|^\W*(?:temporarily\s+)?suspend(?:ed|id[oa])\s*[-:–]\s*",
    re.IGNORECASE,
)


_ONLINE = re.compile(r"[(\[]\s*(?:online|zoom|virtual|en l[ií]nea)(?: only)?\s*[)\]]")
_BOTH = re.compile(r"\b(?:active|hybrid|in[- ]person|live)\b")
_NOTHING: frozenset[str] = frozenset()


class Attendance(NamedTuple):
    """Suspended meetings are neither in person nor online."""

    in_person: bool
    online: bool
    status: Status


IN_PERSON = Attendance(True, False, Status.ACTIVE)
SUSPENDED = Attendance(False, False, Status.SUSPENDED)


def note_name(states: frozenset[str], attends: Attendance, option: str, notes: set[str]) -> None:
    """Adds the note for a name that decided what `attends` came to."""
    if "suspended" in states:
        notes.add("suspended_by_name")
    elif "online_only" in states and not option and not attends.in_person:
        notes.add("online_only_by_name")


def told_by_name(name: str) -> tuple[str, frozenset[str]]:
    """The name without "(SUSPENDED)", and what it tells: "suspended", "room_shut" or "online_only".

    Lists write "(SUSPENDED) Early Birds (ONLINE)" for a shut room whose meeting goes on, and "Early Birds (ONLINE)"
    with the address of an office where nobody meets.
    """
    lowered = name.lower()
    if "(" not in name and "[" not in name and "suspend" not in lowered:
        return name, _NOTHING
    online = _ONLINE.search(lowered) is not None and _BOTH.search(lowered) is None
    if "suspend" in lowered:
        left = _SUSPENDED.sub("", name).strip()
        if left != name:
            return left or name, frozenset(("room_shut", "online_only")) if online else frozenset(("suspended",))
    return name, frozenset(("online_only",)) if online else _NOTHING


def attendance(option: str, states: frozenset[str], way_in: bool, room: bool, area_only: bool) -> Attendance:
    """What a row comes to, by the rule of the format's own plugin.

    `option` is its attendance_option ("" where not given), `states` come from codes and name, `room` tells whether
    the row names a place at all. A shut room leaves what is online, else nothing. Where only an area is known, nobody
    is sent there: such a row is online or, as its own plugin has it, inactive; only an option that says in person
    outweighs that.
    """
    if room and not (option or states or way_in or area_only):
        return IN_PERSON
    shut = "room_shut" in states
    if option == "inactive" or "suspended" in states:
        return SUSPENDED
    if option:
        in_person, online = option != "online" and not shut, option != "in_person" or (shut and way_in)
    else:
        online = way_in or "online" in states or "hybrid" in states
        in_person = room and not shut and not area_only and not (way_in and "online_only" in states)
    if not (in_person or online):
        return SUSPENDED
    goes_on = shut and online and room and not area_only
    return Attendance(in_person, online, Status.ONLINE_FOR_NOW if goes_on else Status.ACTIVE)
