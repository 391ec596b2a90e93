"""Whatever stands in a row, nothing but FeedError is ever raised, and every row is counted once."""

import csv
import io
import json
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.domain.errors import FeedError
from bot.domain.meeting import TAGS, Status
from bot.domain.report import FeedResult
from bot.feeds import reasons, zones
from bot.feeds.registry import READERS
from tests.feeds.rows import bmlt_row, locate, online_row, row, source

FEEDS = Path(__file__).parents[2] / "bot" / "feeds"
REASON = re.compile(
    r'(?:\.add\(|Refused\(|_complain\(|note=|note = )\s*"([a-z_0-9]+)"|"([a-z_]+)" if zone else "([a-z_]+)"'
)
PIECES = (
    "-|0|7|[open]|Monday|12:00 AM|24:00|23:59:59|http://|https://zoom.us/j/1|a@example.org|Password: |(SUSPENDED)"
    "|Meeting ID: 555 0100 123|<b>|&amp;lt;|\u202e|ที่|مرحبا|🐦|#@-@#|,,,|1,2|every other Monday|9pm Eastern|USA"
    "|T6E 4E8|Contact Sam 646-555-0100|America/Denver"
).split("|")
texts = st.one_of(st.text(max_size=40), st.lists(st.sampled_from(PIECES), max_size=4).map(" ".join))
scalars = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False, allow_infinity=False), texts)
values = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=2), max_leaves=5
)
often = settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def changed(start: dict[str, Any]) -> st.SearchStrategy[Any]:
    """The row with some fields changed, or something that is no row."""
    others = (
        "timezone notes conference_phone conference_url conference_url_notes approximate attendance_option updated "
        "coordinates address city country regions website venue_type time_zone comments format_shared_id_list "
        "title post_name ID region sub_region sub_sub_region website_2 group group_notes district entity_phone"
    )
    fields = sorted({*start, *others.split()})
    changes = st.dictionaries(st.sampled_from(fields), values, max_size=6)
    return st.one_of(changes.map(lambda change: start | change), values)


def check(result: FeedResult, rows: int) -> None:
    assert result.rows == rows == result.taken + result.refused
    assert sum(result.complaints.values()) == result.refused
    assert result.complaints.keys() <= reasons.COMPLAINTS.keys()
    assert result.notes.keys() <= reasons.NOTES.keys()
    assert all(count <= result.taken for count in result.notes.values())
    assert len({meeting.id for meeting in result.meetings}) == len(result.meetings) >= result.taken
    for meeting in result.meetings:
        assert meeting.zone
        assert meeting.name
        assert meeting.weekday is None or 1 <= meeting.weekday <= 7
        assert meeting.start is None or 0 <= meeting.start < 1440
        assert meeting.tags <= TAGS.keys()
        assert meeting.join_url == "" or meeting.join_url.startswith("https://")
        assert len(meeting.notes) <= 1000
        assert meeting.in_person or meeting.online or meeting.status in (Status.SUSPENDED, Status.BY_APPOINTMENT)


@often
@given(
    st.lists(changed(row()) | changed(online_row()), min_size=1, max_size=4),
    st.sampled_from([None, "America/Denver"]),
)
def test_no_meeting_guide_row_raises_and_all_are_counted(rows: list[Any], zone: str | None) -> None:
    try:
        result = READERS["meeting_guide"](json.dumps(rows).encode(), source(zone=zone, locate=locate))
    except FeedError:
        return
    check(result, len(rows))


@often
@given(st.lists(changed(bmlt_row()), min_size=1, max_size=4), values)
def test_no_bmlt_row_raises_and_all_are_counted(rows: list[Any], formats: Any) -> None:
    data, beside = json.dumps(rows).encode(), json.dumps(formats).encode()
    try:
        result = READERS["bmlt"](
            data, source(fellowship="na", formats=beside, service_bodies=beside, server_info=beside)
        )
    except FeedError:
        return
    check(result, len(rows))


COLUMNS = "Name Day Time Types Address Notes Slug Group Location Latitude Region Updated Timezone ID Website".split()
cells = st.one_of(
    texts, st.sampled_from(["Monday", "7:00 PM", "19:00", "Open, Women", '"', ",", ";", "a\nb", "A > B"])
)


@often
@given(
    st.permutations(COLUMNS).map(lambda names: names[:11]),
    st.lists(st.lists(cells, max_size=14), min_size=1, max_size=5),
    st.sampled_from(",;\t"),
    st.booleans(),
)
def test_no_line_of_a_sheet_raises_and_all_are_counted(
    header: list[str], lines: list[list[str]], delimiter: str, quoted: bool
) -> None:
    text = io.StringIO()
    header = ["Name", "Day", "Time", *(name for name in header if name not in ("Name", "Day", "Time"))]
    if quoted:
        csv.writer(text, delimiter=delimiter).writerows([header, *lines])
    else:
        text.write("\n".join(delimiter.join(cells) for cells in [header, *lines]))
    try:
        result = READERS["csv"](text.getvalue().encode("utf-8", "replace"), source(zone="America/Denver"))
    except FeedError:
        return
    check(result, result.rows)


@often
@given(st.lists(st.lists(values, max_size=8) | values, max_size=4), st.none() | st.just("America/Denver"))
def test_no_row_of_cells_raises_and_all_are_counted(rows: list[Any], zone: str | None) -> None:
    header = ["Name", "Day", "Time", "Types", "Full Address", "Location", "Regions", "Latitude"]
    data = json.dumps({"values": [header, ["A", "Monday", "7 PM"], *rows]}).encode()
    check(result := READERS["csv"](data, source(zone=zone)), result.rows)


@often
@given(st.binary(max_size=60) | st.text(max_size=40).map(str.encode), st.sampled_from(sorted(READERS)))
def test_no_bytes_raise_anything_but_a_sentence(data: bytes, form: str) -> None:
    try:
        result = READERS[form](data, source())
    except FeedError:
        return
    check(result, result.rows)


same = st.sampled_from([row(), row(slug="b"), row(day=[2, 4]), online_row(slug="c")])


@given(st.lists(same, min_size=1, max_size=6))
def test_reading_the_same_bytes_again_gives_the_same_meetings(rows: list[Any]) -> None:
    data = json.dumps(rows).encode()
    first, second = (READERS["meeting_guide"](data, source()) for _ in range(2))
    assert first.meetings == second.meetings
    assert first.complaints == second.complaints


def test_every_reason_in_the_code_has_its_sentence_and_no_sentence_is_left_over() -> None:
    code = [file.read_text(encoding="utf-8") for file in FEEDS.rglob("*.py") if file.name != "reasons.py"]
    found = {reason for text in code for match in REASON.finditer(text) for reason in match.groups() if reason}
    written = reasons.COMPLAINTS.keys() | reasons.NOTES.keys()
    assert len(found) > 30
    assert found <= written
    assert {reason for reason in written if any(f'"{reason}"' in text for text in code)} == written
    assert all(reasons.sentence(reason).endswith(".") for reason in written)


@pytest.mark.parametrize(
    ("point", "zone"),
    [((53.55, -113.49), "America/Edmonton"), ((51.5, -0.12), "Europe/London"), ((0.0, -30.0), "")],
)
def test_a_point_has_the_zone_of_its_country_and_the_sea_has_none(point: tuple[float, float], zone: str) -> None:
    assert zones.zone_at(*point) == zone
