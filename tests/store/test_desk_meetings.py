"""Edits, proposals and checks in both databases, and meetings looked for by those who help."""

from datetime import UTC, date, datetime, timedelta

from bot.domain.admin import COMMAND_LINE, Author, Scope
from bot.domain.edits import ENDED, Edit, Proposal
from bot.domain.meeting import Status
from bot.store import checks, desk_meetings, edits, proposals
from bot.store import meetings as listings
from bot.store.database import Database
from tests.builders import make_meeting, make_online_meeting

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
VALUES = {
    "start": 1170, "duration": None, "tags": frozenset({"women", "open"}), "languages": ("en", "es"),
    "status": Status.SUSPENDED, "latitude": 53.0, "name": "Größe \N{GRINNING FACE}", "online": True, ENDED: True,
}  # fmt: skip


def edit(field: str, value: object, meeting: int = 1, **more: object) -> Edit:
    values = {"listed": value, "based_on": value, "author": COMMAND_LINE, "at": NOON} | more
    return Edit(meeting, field, "smart-sample", value, **values)


async def test_a_correction_comes_back_as_it_was_set(db: Database) -> None:
    given = [edit(name, value, author=Author(7, "Ana"), why="Told") for name, value in VALUES.items()]
    given[0] = edit("start", 1170, until=NOON + timedelta(days=1), derived=True)
    async with db.begin() as connection:
        await edits.put(connection, given)
        found = await edits.of_meetings(connection, [1, 2])
        assert found == await edits.of_feed(connection, "smart-sample")
        assert sorted(found[1], key=lambda one: one.field) == sorted(given, key=lambda one: one.field)
        assert await edits.of_feed(connection, "another") == {}


async def test_a_correction_takes_the_place_of_the_one_before(db: Database) -> None:
    async with db.begin() as connection:
        await edits.put(connection, [edit("start", 600), edit("name", "One")])
        await edits.put(connection, [edit("start", 700)])
        assert {one.field: one.value for one in (await edits.of_meetings(connection, [1]))[1]} == {
            "name": "One", "start": 700
        }  # fmt: skip
        await edits.replace_all(connection, [1], [edit("notes", "Two")])
        assert [one.field for one in (await edits.of_meetings(connection, [1]))[1]] == ["notes"]
        await edits.drop(connection, [edit("notes", "")])
        assert await edits.of_meetings(connection, [1]) == {}


async def test_only_what_is_over_is_due_and_only_what_is_there_is_a_conflict(db: Database) -> None:
    meeting = make_meeting()
    async with db.begin() as connection:
        await listings.replace_feed(connection, "smart-sample", [meeting], at=NOON)
        await edits.put(
            connection,
            [
                edit("start", 600, meeting.id, listed=700, until=NOON),
                edit("name", "One", meeting.id, listed="Two", based_on="Two"),
                edit("start", 600, 5, listed=700, until=NOON + timedelta(seconds=1)),
            ],
        )
        assert await edits.due(connection, NOON) == [meeting.id]
        assert [one.meeting for one in await edits.listed_otherwise(connection)] == [meeting.id]
        await edits.forget_gone(connection, "smart-sample")
        assert set(await edits.of_feed(connection, "smart-sample")) == {meeting.id}


async def test_what_was_proposed_waits_until_it_is_settled(db: Database) -> None:
    about = Scope(frozenset({"smart"}), frozenset({"GB"}), frozenset({"smart-sample"}))
    asked = Proposal(
        0, 1, "change", "Tools", about, {"name": "A"}, {"name": "B"}, Author(7, "Ana"), NOON, "Told", NOON
    )
    async with db.begin() as connection:
        made = await proposals.add(connection, asked)
        other = await proposals.add(connection, asked)
        assert await proposals.waiting(connection) == await proposals.of_meeting(connection, 1) == [made, other]
        await proposals.settle(connection, [made.id], proposals.REJECTED, "No")
        assert await proposals.by_id(connection, made.id, lock=True) == (made, proposals.REJECTED, "No")
        assert await proposals.waiting(connection) == [other]
        await proposals.forget_settled(connection, NOON + timedelta(days=1))
        assert await proposals.by_id(connection, made.id) is None
        assert await proposals.waiting(connection) == [other]


async def test_the_day_of_the_last_check_is_kept(db: Database) -> None:
    async with db.begin() as connection:
        await checks.put(connection, 1, date(2026, 11, 24))
        await checks.put(connection, 1, date(2026, 11, 25))
        await checks.put(connection, 2, date(2026, 11, 25))
        await checks.put(connection, 2, None)
        assert await checks.of(connection, [1, 2]) == {1: date(2026, 11, 25)}


async def test_words_are_found_whatever_their_case_and_accents(db: Database) -> None:
    rows = [
        make_meeting(key="1", name="Réunion à l'Église", city="Orléans", region="Centre", country="FR"),
        make_meeting(key="2", name="NOON AT ST. ANN", city="Leeds", country="FR"),
        make_meeting(key="3", name="Sala 100% Ñandu", city="León", country="ES", fellowship="aa"),
    ]
    asked = {
        "reunion": "1", "eglise orleans": "1", "noon": "2", "ann": "2", "sala nandu": "3", "leon": "3", "100": "3",
        "example": "123", "ls11aa": "123", "zebra": "",
    }  # fmt: skip
    async with db.begin() as connection:
        await listings.replace_feed(connection, "smart-sample", rows, at=NOON)
        for words, keys in asked.items():
            found = await desk_meetings.find(connection, words.split(), Scope())
            assert sorted(one.meeting.key for one in found) == list(keys), words
        local = await desk_meetings.find(connection, ["example"], Scope(areas=frozenset({"FR/Centre", "es"})))
        assert sorted(one.meeting.key for one in local) == ["1", "3"]


async def test_rows_that_share_a_street_a_call_or_a_spot_are_looked_at(db: Database) -> None:
    here, online = make_meeting(), make_online_meeting(key="2")
    others = [
        make_meeting(feed="other", key="street", latitude=None, longitude=None),
        make_meeting(feed="other", key="spot", address="Corner of Example Park"),
        make_online_meeting(feed="other", key="call"),
        make_meeting(feed="other", key="far", address="9 Far Road", latitude=54.5, longitude=-1.0),
        make_meeting(feed="other", key="kind", fellowship="aa"),
    ]
    async with db.begin() as connection:
        await listings.replace_feed(connection, "smart-sample", [here, online], at=NOON)
        await listings.replace_feed(connection, "other", others, at=NOON)
        found = await desk_meetings.alike(connection, [here, online])
        assert {one.meeting.key for one in found if one.meeting.feed == "other"} == {"street", "spot", "call"}
        assert await desk_meetings.alike(connection, []) == []
