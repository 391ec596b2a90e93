"""Feeds from bytes to listing, as an operator notices it."""

import asyncio
import hashlib
from datetime import UTC, datetime
from threading import Event
from types import MappingProxyType
from typing import Any

import pytest

from bot.domain.errors import FeedError
from bot.domain.feed import FeedSource, TypeTables
from bot.domain.feed_state import FeedState
from bot.domain.meeting import Meeting, meeting_id
from bot.domain.report import FeedResult
from bot.services.feed_states import listing
from bot.services.feeds import Extra, Feeds, Part
from bot.store import feeds as records
from bot.store import meetings as listings
from bot.store.database import Database
from tests.builders import make_meeting

NOW = datetime(2026, 11, 21, 20, 15, 30, tzinfo=UTC)
TYPES = TypeTables(*([MappingProxyType({})] * 12), join_hosts=frozenset())
Days = tuple[int, ...]


def read_lines(data: bytes, source: FeedSource) -> FeedResult:
    """A small format: a row a line, `key weekday…`; "!" is refused, "~" is mended; "garbage" is no list."""
    if data.startswith(b"garbage"):
        raise FeedError("This is no list of lines.")
    result = FeedResult()
    for line in data.decode().splitlines():
        key, *days = line.split()
        result.rows += 1
        if key.startswith("!"):
            result.complaints["no_day"] += 1
            result.examples.setdefault("no_day", []).append(key)
            continue
        result.taken += 1
        result.notes["mended"] += key.startswith("~")
        result.meetings += [listed(source, key, position, int(day)) for position, day in enumerate(days)]
    return result


def listed(source: FeedSource, key: str, position: int, weekday: int) -> Meeting:
    zone = source.zone or (source.zone_of(0, 0) if source.zone_of else "Etc/UTC")
    return make_meeting(
        feed=source.feed,
        key=key,
        position=position,
        fellowship=source.fellowship,
        weekday=weekday,
        zone=zone,
        duration=source.default_duration,
        notes=(source.formats or b"").decode(),
    )


def feeds(db: Database, **options: Any) -> Feeds:
    return Feeds(db, {"lines": read_lines}, TYPES, clock=lambda: NOW, **options)


async def imported(db: Database, data: bytes, feed: str = "aa-test", **options: Any) -> FeedResult:
    given = {"format": "lines", "fellowship": "aa", "zone": "Europe/London"} | options
    return await feeds(db).import_bytes(data, feed=feed, **given)


async def kept(db: Database, feed: str = "aa-test") -> dict[tuple[str, int], Meeting]:
    async with db.read() as connection:
        return {(one.key, one.position): one for one in await listings.all_meetings(connection, feed)}


async def recorded(db: Database, feed: str = "aa-test") -> records.FeedRecord | None:
    async with db.read() as connection:
        return await records.by_id(connection, feed)


async def test_every_row_becomes_meetings_or_a_complaint_and_the_report_adds_up(db: Database) -> None:
    result = await imported(db, b"a 1 3\n!b 2\n~c 5\n")
    assert (result.rows, result.taken, result.refused) == (3, 2, 1)
    assert result.complaints == {"no_day": 1}
    assert result.notes["mended"] == 1
    assert {place: one.weekday for place, one in (await kept(db)).items()} == {("a", 0): 1, ("a", 1): 3, ("~c", 0): 5}


async def test_what_was_read_is_remembered_with_its_reasons(db: Database) -> None:
    data = b"a 1 3\n!b 2\n~c 5\n"
    await imported(db, data)
    assert await recorded(db) == records.FeedRecord(
        id="aa-test",
        formats=("lines",),
        fellowships=("aa",),
        zone="Europe/London",
        imported_at=NOW,
        rows=3,
        taken=2,
        refused=1,
        meetings=3,
        digest=hashlib.blake2b(data, digest_size=32).digest(),
        complaints={"no_day": 1},
        notes={"mended": 1},
    )


async def test_importing_again_replaces_the_feed_and_keeps_the_ids_of_what_moved(db: Database) -> None:
    await imported(db, b"a 1\nb 2\n")
    before = await kept(db)
    await imported(db, b"a 4\nc 2\n")
    after = await kept(db)
    assert set(after) == {("a", 0), ("c", 0)}
    assert after["a", 0].id == before["a", 0].id
    assert after["a", 0].weekday == 4


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"garbage", "This is no list of lines."),
        (b"", "The list for aa-test is empty: nothing was changed."),
        (b"!x 1\n!y 2\n", r"None of the 2 rows for aa-test could be taken: no_day \(2\). Nothing was changed."),
    ],
)
async def test_a_broken_list_never_takes_the_place_of_a_good_one(db: Database, data: bytes, says: str) -> None:
    await imported(db, b"a 1\n")
    before, record = await kept(db), await recorded(db)
    with pytest.raises(FeedError, match=says):
        await imported(db, data)
    assert (await kept(db), await recorded(db)) == (before, record)
    async with db.read() as connection:
        assert await listings.revision(connection) == 1


async def test_a_format_that_nobody_reads_names_those_that_are_read(db: Database) -> None:
    with pytest.raises(FeedError, match="There is no format 'excel': use one of lines"):
        await imported(db, b"a 1\n", format="excel")


async def test_a_row_listed_twice_is_kept_once_and_the_second_is_a_complaint(db: Database) -> None:
    result = await imported(db, b"a 1 3\na 1 3\nb 2\na 5\n")
    assert (result.rows, result.taken, result.refused, len(result.meetings)) == (4, 2, 2, 3)
    assert result.complaints == {"id_collision": 2}
    assert result.examples == {"id_collision": ["a", "a"]}
    assert {place: one.weekday for place, one in (await kept(db)).items()} == {("a", 0): 1, ("a", 1): 3, ("b", 0): 2}


async def test_a_row_that_repeats_only_some_of_its_days_stays_taken_with_a_note(db: Database) -> None:
    result = await imported(db, b"a 1\na 1 3\n")
    assert (result.rows, result.taken) == (2, 2)
    assert (result.complaints, result.notes["id_collision"]) == ({}, 1)
    assert set(await kept(db)) == {("a", 0), ("a", 1)}


async def test_an_id_that_another_feed_holds_is_a_complaint_and_the_other_feed_keeps_it(db: Database) -> None:
    stolen = make_meeting(feed="other", id=meeting_id("aa-test", "a", 0))
    async with db.begin() as connection:
        await listings.replace_feed(connection, "other", [stolen])
    result = await imported(db, b"a 1\nb 2\n")
    assert (result.taken, result.complaints) == (1, {"id_collision": 1})
    assert set(await kept(db)) == {("b", 0)}
    assert await kept(db, "other") == {("1", 0): stolen}
    with pytest.raises(FeedError, match=r"id_collision \(1\)"):
        await imported(db, b"a 1\n")
    assert set(await kept(db)) == {("b", 0)}


async def test_one_feed_can_be_made_of_several_lists_whose_keys_repeat(db: Database) -> None:
    parts = [Part(b"1 1\n!2 2\n", "lines", "aa"), Part(b"1 5\n!3 2\n", "lines", "smart", "America/Chicago")]
    result = await feeds(db).import_parts(parts)
    assert (result.rows, result.taken, result.complaints) == (4, 2, {"no_day": 2})
    assert result.examples == {"no_day": ["!2", "!3"]}
    async with db.read() as connection:
        meetings = await listings.all_meetings(connection, "samples")
    assert {(one.fellowship, one.weekday, one.zone) for one in meetings} == {
        ("aa", 1, "Etc/UTC"),
        ("smart", 5, "America/Chicago"),
    }
    record = await recorded(db, "samples")
    assert record is not None
    assert (record.fellowships, record.zone, record.meetings) == (("aa", "smart"), "", 2)


async def test_a_reader_is_given_all_that_it_cannot_know_from_the_bytes(db: Database) -> None:
    extra = Extra(formats=b"codes", default_duration=75)
    service = feeds(db, zone_of=lambda _latitude, _longitude: "Asia/Tokyo")
    await service.import_bytes(b"a 1\n", feed="aa-test", format="lines", fellowship="na", extra=extra)
    (one,) = (await kept(db)).values()
    assert (one.fellowship, one.zone, one.duration, one.notes) == ("na", "Asia/Tokyo", 75, "codes")


async def test_the_list_of_feeds_says_how_many_meetings_and_how_fresh(db: Database) -> None:
    await imported(db, b"a 1 2\n", feed="zeta")
    await imported(db, b"a 1\n", feed="alpha")
    states = await listing(db, {}, NOW)
    assert states == [FeedState("alpha", "fresh", 1, NOW), FeedState("zeta", "fresh", 2, NOW)]
    assert states[1].report() == {
        "id": "zeta",
        "state": "fresh",
        "meetings": 2,
        "last_success": "2026-11-21T20:15:30+00:00",
        "held": 0,
    }


async def test_a_removed_feed_is_gone_with_its_meetings(db: Database) -> None:
    await imported(db, b"a 1\n")
    await imported(db, b"a 1\n", feed="stays")
    assert await feeds(db).remove("aa-test") is True
    assert await feeds(db).remove("aa-test") is False
    assert [state.id for state in await listing(db, {}, NOW)] == ["stays"]
    assert await kept(db) == {}


async def test_progress_is_told_up_to_the_last_meeting(sqlite_db: Database) -> None:
    told: list[tuple[int, int]] = []
    data = "".join(f"{number} 1\n" for number in range(2500)).encode()
    await imported(sqlite_db, data, progress=lambda done, total: told.append((done, total)))
    assert told == [(1000, 2500), (2000, 2500), (2500, 2500)]


async def test_people_are_answered_while_a_slow_list_is_read(sqlite_db: Database) -> None:
    answered_often = Event()

    def slow(data: bytes, source: FeedSource) -> FeedResult:
        answered_often.wait(30)  # in vain, if nobody can be answered meanwhile
        return read_lines(data, source)

    service = Feeds(sqlite_db, {"lines": slow}, TYPES, clock=lambda: NOW)
    reading = asyncio.create_task(service.import_bytes(b"a 1\n", feed="f", format="lines", fellowship="aa"))
    answers = 0
    while not reading.done():
        await asyncio.sleep(0.01)
        async with sqlite_db.read() as connection:
            await listings.count_by_feed(connection)
        answers += 1
        if answers > 5:
            answered_often.set()
    assert (await reading).taken == 1
    assert answers > 5
