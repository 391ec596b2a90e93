"""The columns of a published sheet or CSV export: plain names in any order, as the keys of Meeting Guide."""

import re
from collections.abc import Sequence

from bot.domain.feed import folded

_NO_LETTERS = re.compile(r"[^a-z0-9]+")
KNOWN = frozenset(
    "slug id name day time end_time timezone types notes group group_notes district location location_notes "
    "formatted_address address city state postal_code country region sub_region sub_sub_region regions latitude "
    "longitude coordinates approximate attendance_option conference_url conference_url_notes conference_phone "
    "conference_phone_notes url website website_2 entity entity_phone entity_url entity_website_url updated".split()
)
# The names that importers of such sheets take for the same column.
_OTHER_NAMES = {
    "zip": "postal_code",
    "zip_code": "postal_code",
    "postcode": "postal_code",
    "meeting": "name",
    "meeting_name": "name",
    "location_name": "location",
    "start_time": "time",
    "start": "time",
    "end": "end_time",
    "time_zone": "timezone",
    "full_address": "formatted_address",
    "type": "types",
    "group_name": "group",
    "province": "state",
    "lat": "latitude",
    "lng": "longitude",
    "long": "longitude",
    "lon": "longitude",
    "last_updated": "updated",
}
_CALLED = frozenset(("name", "group", "location"))


def fields_of(header: Sequence[object]) -> list[str]:
    """The key of each column, "" for one that is not read; of two columns with one key the first counts."""
    fields: list[str] = []
    for cell in header:
        name = _NO_LETTERS.sub("_", folded(str(cell))).strip("_")
        name = name if name in KNOWN else _OTHER_NAMES.get(name, "")
        fields.append("" if name in fields else name)
    return fields


def enough(fields: Sequence[str]) -> bool:
    """Whether rows with these columns can be meetings: something to call them by, a day and a time."""
    return "day" in fields and "time" in fields and not _CALLED.isdisjoint(fields)
