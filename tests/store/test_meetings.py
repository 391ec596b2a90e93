"""Meetings kept and found again, on both databases."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

from bot.domain.meeting import TAGS, Meeting, Status, tags_to_bits
from bot.domain.sameness import call_mark, street_mark
from bot.store import meetings
from bot.store.database import Database
from tests.builders import make_meeting, make_online_meeting


async def kept(db: Database, *listed: Meeting, feed: str = "smart-sample") -> None:
    async with db.begin() as connection:
        await meetings.replace_feed(connection, feed, listed)


async def found(db: Database, *ids: int) -> dict[int, Meeting]:
    async with db.read() as connection:
        return await meetings.by_ids(connection, ids)


async def test_a_meeting_comes_back_with_every_field_as_it_was(db: Database) -> None:
    full = make_meeting(
        status=Status.ONLINE_FOR_NOW,
        tags=frozenset(TAGS),
        languages=("en", "es"),
        updated=datetime(2026, 3, 29, 3, 30, 15, 123456, tzinfo=timezone(timedelta(hours=2))),
        notes="Ring the bell ☕ twice",
        group="Tools & Tea",
        duration_assumed=True,
        check_date=True,
        approximate=True,
        dial_in="+15550100,,5550100#",
        **{name: f"the {name}" for name in ("directions", "join_url", "join_notes", "join_id", "passcode")},
        **{name: f"the {name}" for name in ("dial_in_notes", "url", "contact", "entity", "entity_phone")},
        entity_url="https://example.org",
    )
    await kept(db, full)
    back = (await found(db, full.id))[full.id]
    assert back == full
    assert back.updated is not None
    assert back.updated.tzinfo is UTC


async def test_a_meeting_without_day_place_or_date_of_change_comes_back_as_unknown(db: Database) -> None:
    bare = make_online_meeting(weekday=None, start=None, duration=None, languages=(), status=Status.BY_APPOINTMENT)
    await kept(db, bare)
    assert (await found(db, bare.id))[bare.id] == bare


async def test_the_largest_id_that_a_meeting_can_have_is_kept(db: Database) -> None:
    last = make_meeting(id=2**56 - 1)
    await kept(db, last)
    assert list(await found(db, 2**56 - 1)) == [2**56 - 1]


async def test_any_number_of_ids_can_be_asked_for_and_the_gone_ones_are_left_out(db: Database) -> None:
    listed = [make_meeting(key=str(number)) for number in range(230)]
    await kept(db, *listed)
    ids = [meeting.id for meeting in listed]
    for size in (0, 1, 4, 5, 6, 99, 100, 101, 230):
        assert await found(db, *ids[:size]) == {meeting.id: meeting for meeting in listed[:size]}
    assert await found(db, 1, ids[7], 2, ids[7]) == {ids[7]: listed[7]}


async def test_importing_again_takes_away_what_the_feed_no_longer_lists(db: Database) -> None:
    stays, goes = make_meeting(key="stays"), make_meeting(key="goes")
    other = make_meeting(feed="other", key="1")
    await kept(db, stays, goes)
    await kept(db, other, feed="other")
    moved = replace(stays, weekday=5)
    await kept(db, moved)
    assert await found(db, stays.id, goes.id, other.id) == {stays.id: moved, other.id: other}


async def test_removing_a_feed_leaves_the_other_feeds_alone(db: Database) -> None:
    other = make_meeting(feed="other")
    await kept(db, make_meeting(key="1"), make_meeting(key="2"))
    await kept(db, other, feed="other")
    async with db.begin() as connection:
        assert await meetings.remove_feed(connection, "smart-sample") == 2
    async with db.read() as connection:
        assert await meetings.count_by_feed(connection) == {"other": 1}
        assert await meetings.count_by_fellowship(connection) == {"smart": 1}


async def test_light_rows_are_plain_tuples_of_numbers_and_texts(db: Database) -> None:
    online = make_online_meeting(
        id=7, dial_in="+15550100", tags=frozenset({"women", "captions"}), languages=("en", "es"), duration=None
    )
    room = make_meeting(id=9, weekday=None, start=None, status=Status.SUSPENDED, languages=())
    await kept(db, room, online)
    async with db.snapshot() as connection:
        rows = [row async for part in meetings.light_parts(connection) for row in part]
    street, call = street_mark("1 Example Street"), call_mark("", "https://zoom.us/j/5550100")
    source, bits = ("smart-sample", "smart", "Europe/London"), tags_to_bits(online.tags)
    assert rows == [
        (7, *source, 2, 1140, 0, 1, "active", None, None, bits, "en es", 1, None, None, call),
        (9, *source, None, None, 1, 0, "suspended", 53.7997, -1.5492, 0, "", 0, 60, street, None),
    ]
    assert {type(row) for row in rows} == {tuple}
    assert {type(value) for row in rows for value in row} <= {int, str, float, type(None)}


async def test_light_rows_hold_every_meeting_once_when_they_come_in_several_steps(db: Database) -> None:
    count = meetings.SCAN_BATCH * 2 + 1
    await kept(db, *(make_meeting(id=number) for number in range(count)))
    async with db.snapshot() as connection:
        assert [row[0] for row in [row async for part in meetings.light_parts(connection) for row in part]] == list(
            range(count)
        )


async def test_places_are_learned_from_meetings_that_have_a_point_and_a_name(db: Database) -> None:
    await kept(
        db,
        make_meeting(key="1", latitude=53.0, longitude=-1.0),
        make_meeting(key="2", latitude=54.0, longitude=-2.0),
        make_meeting(key="3", latitude=None, longitude=None),
        make_meeting(key="4", city="", postal_code=""),
        make_meeting(key="5", city="York", postal_code="", latitude=53.96, longitude=-1.08),
    )
    async with db.snapshot() as connection:
        places = await meetings.place_rows(connection)
    assert places == [
        ("Leeds", "England", "LS1 1AA", "GB", 53.5, -1.5, 2),
        ("York", "England", "", "GB", 53.96, -1.08, 1),
    ]


async def test_every_change_of_meetings_is_noticed_by_its_number(db: Database) -> None:
    numbers = []
    for step in range(4):
        async with db.begin() as connection:
            if step == 1:
                await meetings.replace_feed(connection, "a", [make_meeting(feed="a")])
            if step > 1:
                await meetings.remove_feed(connection, "a")
        async with db.read() as connection:
            numbers.append(await meetings.revision(connection))
    assert numbers == [0, 1, 2, 2], "to remove what is not there is no change"


async def test_an_id_that_another_feed_holds_is_found_out_before_it_is_written(db: Database) -> None:
    await kept(db, *(make_meeting(id=number, feed="other") for number in range(3)), feed="other")
    async with db.read() as connection:
        assert await meetings.ids_elsewhere(connection, "mine", [2, 3, *range(100, 1200)]) == {2}
        assert await meetings.ids_elsewhere(connection, "other", [2, 3]) == set()
        assert await meetings.ids_elsewhere(connection, "mine", []) == set()


async def test_text_that_no_database_takes_is_mended_and_the_rest_stays(db: Database) -> None:
    await kept(db, make_meeting(id=3, notes="nul\x00 and \ud83d half", name="Café"))
    back = (await found(db, 3))[3]
    assert (back.name, back.notes) == ("Café", "nul and ? half")
