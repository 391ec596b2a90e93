"""Objects for tests, every argument with a default, so that a test names only what it is about."""

from typing import Any

from bot.domain.meeting import Meeting, meeting_id

LEEDS = (53.7997, -1.5492)


def make_meeting(**overrides: Any) -> Meeting:
    """An in-person SMART meeting in Leeds on Tuesdays at 19:00; the id follows feed, key and position."""
    values: dict[str, Any] = {
        "feed": "smart-sample",
        "key": "1",
        "position": 0,
        "fellowship": "smart",
        "name": "Tuesday Tools",
        "weekday": 2,
        "start": 19 * 60,
        "duration": 60,
        "zone": "Europe/London",
        "in_person": True,
        "online": False,
        "latitude": LEEDS[0],
        "longitude": LEEDS[1],
        "venue": "Example Hall",
        "address": "1 Example Street",
        "city": "Leeds",
        "region": "England",
        "postal_code": "LS1 1AA",
        "country": "GB",
        "languages": ("en",),
    } | overrides
    values.setdefault("id", meeting_id(values["feed"], values["key"], values["position"]))
    return Meeting(**values)


def make_online_meeting(**overrides: Any) -> Meeting:
    """A video meeting without a place."""
    nowhere = {"in_person": False, "online": True, "latitude": None, "longitude": None}
    unnamed = dict.fromkeys(("venue", "address", "city", "region", "postal_code"), "")
    return make_meeting(**(nowhere | unnamed | {"join_url": "https://zoom.us/j/5550100"} | overrides))
