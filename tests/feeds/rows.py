"""Small invented feeds, and one call that reads them."""

import json
from functools import cache
from pathlib import Path
from typing import Any

from bot.domain.feed import FeedSource, TypeTables
from bot.domain.meeting import Meeting
from bot.domain.report import FeedResult
from bot.feeds.registry import READERS
from bot.texts.types import load_types

CONTENT = Path(__file__).parents[2] / "content"
LEEDS, DENVER, NEW_YORK = (53.8, -1.55), (39.74, -104.99), (40.71, -74.0)
ZONES = {53.8: "Europe/London", 39.74: "America/Denver", 40.71: "America/New_York", 34.05: "America/Los_Angeles"}


@cache
def tables() -> TypeTables:
    return load_types(CONTENT)


def zone_of(latitude: float, longitude: float) -> str:
    return ZONES.get(latitude, "")


def locate(city: str, region: str, country: str, postal_code: str) -> tuple[float, float] | None:
    return {"Leeds": LEEDS, "Denver": DENVER}.get(city)


def source(**overrides: Any) -> FeedSource:
    values: dict[str, Any] = {
        "feed": "example",
        "fellowship": "aa",
        "zone": None,
        "types": tables(),
        "zone_of": zone_of,
    } | overrides
    return FeedSource(**values)


def row(**overrides: Any) -> dict[str, Any]:
    """A complete in-person row in Denver, Mondays at 19:00; None takes a field away."""
    values: dict[str, Any] = {
        "slug": "early-birds",
        "name": "Early Birds",
        "day": 1,
        "time": "19:00",
        "end_time": "20:00",
        "types": ["O"],
        "location": "Example Hall",
        "formatted_address": "12 Example St, Denver, CO 80202, USA",
        "latitude": DENVER[0],
        "longitude": DENVER[1],
    } | overrides
    return {key: value for key, value in values.items() if value is not None}


def online_row(**overrides: Any) -> dict[str, Any]:
    return row(
        location="Online",
        formatted_address="Denver, CO, USA",
        **{"conference_url": "https://zoom.us/j/5550100123", "types": ["O", "ONL"]} | overrides,
    )


def bmlt_row(**overrides: Any) -> dict[str, Any]:
    values: dict[str, Any] = {
        "id_bigint": "7",
        "service_body_bigint": "3",
        "weekday_tinyint": "2",
        "venue_type": "1",
        "start_time": "19:00:00",
        "duration_time": "01:30:00",
        "formats": "O,D",
        "meeting_name": "Just Tonight",
        "location_text": "Example Hall",
        "location_street": "12 Example St",
        "location_municipality": "New York",
        "location_province": "NY",
        "location_postal_code_1": "10001",
        "location_nation": "USA",
        "latitude": "40.71",
        "longitude": "-74.0",
        "published": "1",
    } | overrides
    return {key: value for key, value in values.items() if value is not None}


def read(*rows: Any, **overrides: Any) -> FeedResult:
    """The rows as a Meeting Guide feed."""
    return READERS["meeting_guide"](json.dumps(rows).encode(), source(**overrides))


def read_bmlt(*rows: Any, **overrides: Any) -> FeedResult:
    overrides.setdefault("fellowship", "na")
    return READERS["bmlt"](json.dumps(rows).encode(), source(**overrides))


def one(*rows: Any, **overrides: Any) -> Meeting:
    """The only meeting of a feed whose rows are all taken."""
    result = read(*rows, **overrides)
    assert not result.complaints
    (meeting,) = result.meetings
    return meeting


def one_bmlt(*rows: Any, **overrides: Any) -> Meeting:
    result = read_bmlt(*rows, **overrides)
    assert not result.complaints
    (meeting,) = result.meetings
    return meeting
