"""What is known of a meeting beside its list: reported, corrected here, looked at by a person who helps."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

# Fields of a meeting by the part of its card where people see them.
_PARTS = {
    "time": "weekday start duration zone",
    "place": (
        "venue address city region postal_code country latitude longitude approximate directions in_person online"
    ),
    "link": "join_url join_notes join_id passcode url",
    "phone": "dial_in dial_in_notes contact entity_phone",
}
_PART_OF = {field: part for part, fields in _PARTS.items() for field in fields.split()}
_OTHER = "details"


@dataclass(frozen=True, slots=True)
class Standing:
    """None and empty: nothing of the kind is known. Days are local to the meeting."""

    reported_on: date | None = None  # the last of several open reports
    corrected: tuple[str, ...] = ()  # parts of the card: time, place, link, phone, details
    corrected_at: datetime | None = None  # the last time
    checked_on: date | None = None


NOTHING = Standing()


def parts_of(fields: Collection[str]) -> tuple[str, ...]:
    """The parts of the card that these fields of a meeting stand in, in the card's order."""
    found = {_PART_OF.get(field, _OTHER) for field in fields}
    return tuple(part for part in (*_PARTS, _OTHER) if part in found)
