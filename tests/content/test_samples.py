"""The sample meetings: whoever tries the sandbox, at whatever hour, sees several kinds."""

import json
import re
from bisect import bisect_right
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.domain.fellowship import Fellowship, Tradition
from bot.sandbox.samples import sample_parts
from bot.texts.fellowships import load_fellowships

CONTENT = Path(__file__).parents[2] / "content"
PARTS: dict[str, list[dict[str, Any]]] = {kind: json.loads(part) for kind, part in sample_parts().items()}
ROWS = [(kind, row) for kind, rows in PARTS.items() for row in rows]
KINDS: dict[str, Fellowship] = {one.id: one for one in load_fellowships(CONTENT)}
CITIES = ("Leeds", "London", "Anaheim", "Brooklyn", "Philadelphia", "Madrid", "Ciudad de México")


def days(row: dict[str, Any]) -> list[int]:
    return row["day"] if isinstance(row["day"], list) else [row["day"]]


def starts(spanish: bool) -> list[tuple[datetime, str]]:
    """Every online start of a bit more than a year, in order, with its kind; clock changes included."""
    found = []
    for kind, row in ROWS:
        if (
            "conference_url" not in row
            or "formatted_address" in row
            or ("S" in row["types"] and kind != "aca") != spanish
        ):
            continue
        hour, minute = map(int, row["time"].split(":"))
        zone = ZoneInfo(row["timezone"])
        for offset in range(373):
            day = date(2026, 11, 20) + timedelta(days=offset)
            if day.isoweekday() % 7 in days(row):
                begins = datetime(day.year, day.month, day.day, hour, minute, tzinfo=zone)
                found.append((begins.astimezone(UTC), kind))
    return sorted(found)


def windows(found: list[tuple[datetime, str]], length: timedelta) -> list[tuple[datetime, set[str]]]:
    """The kinds that start in the time after each start: between two starts only more can come into reach."""
    times = [begins for begins, _ in found]
    first, last = times[0] + timedelta(days=2), times[-1] - timedelta(days=2)  # every zone has begun, none has ended
    return [
        (begins, {kind for _, kind in found[number + 1 : bisect_right(times, begins + length)]})
        for number, begins in enumerate(times)
        if first < begins < last and (number + 1 == len(times) or times[number + 1] > begins)
    ]


def test_at_any_minute_of_the_year_five_kinds_start_online_within_two_hours() -> None:
    for moment, kinds in windows(starts(spanish=False), timedelta(hours=2)):
        anyone = {kind for kind in kinds if not KINDS[kind].for_people}
        own = {KINDS[kind].tradition for kind in anyone if not KINDS[kind].family}
        assert len(anyone) >= 5, f"{moment}: only {sorted(anyone)}"
        assert {Tradition.TWELVE_STEP, Tradition.SECULAR} <= own, f"{moment}: only {sorted(anyone)}"


def test_at_any_minute_of_the_year_two_kinds_start_online_in_spanish_within_three_hours() -> None:
    for moment, kinds in windows(starts(spanish=True), timedelta(hours=3)):
        assert len(kinds) >= 2, f"{moment}: only {sorted(kinds)}"


@pytest.mark.parametrize("city", CITIES)
def test_every_city_shows_twelve_step_secular_other_and_family_groups_side_by_side(city: str) -> None:
    here = {kind for kind, row in ROWS if city in row.get("formatted_address", "")}
    assert {KINDS[kind].tradition for kind in here} == set(Tradition)
    assert {"alanon", "smart_family", "ga", "oa"} <= here
    assert len(here) >= 10


def test_there_is_enough_to_look_at_and_every_kind_is_known() -> None:
    assert sum(len(days(row)) for _, row in ROWS) >= 250
    assert len(PARTS) >= 18
    assert set(PARTS) <= set(KINDS)
    assert all(KINDS[kind].live for kind in PARTS)


@pytest.mark.parametrize("kind", PARTS)
def test_the_rows_of_a_kind_are_whole(kind: str) -> None:
    rows = PARTS[kind]
    assert len({row["slug"] for row in rows}) == len(rows)
    for row in rows:
        assert {"slug", "name", "day", "time", "end_time", "timezone", "types", "updated", "entity"} <= set(row)
        assert len(row["slug"]) <= 64, "the format allows 64 characters"
        assert all(0 <= day <= 6 for day in days(row))
        assert ("latitude" in row) == ("longitude" in row) == ("formatted_address" in row)
        assert "formatted_address" in row or "conference_url" in row


def test_keys_are_unique_although_all_samples_are_one_feed() -> None:
    keys = [row["slug"] for _, row in ROWS]
    assert len(set(keys)) == len(keys)


def test_no_sample_leads_to_a_real_phone_or_room() -> None:
    for _, row in ROWS:
        # No conference service gives out meeting numbers of eight digits.
        assert re.fullmatch(r"https://zoom\.us/j/555\d{5}", row.get("conference_url", "https://zoom.us/j/55500000"))
        assert row.get("conference_phone", "+120255501").startswith("+120255501")
        assert row["entity"] == "Sample list"
        assert not {key for key in row if key.startswith("contact_")}
