"""The numbered steps of the database and the tables of the code say the same, on both databases."""

import re
from dataclasses import fields
from typing import Any

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Integer, LargeBinary, String, Text, inspect

from bot.domain.meeting import Meeting
from bot.domain.sameness import call_mark, street_mark
from bot.store import meetings, tables, upgrade
from bot.store.database import Database
from tests.builders import make_meeting


def steps() -> list[Any]:
    """First step first."""
    return list(ScriptDirectory.from_config(upgrade.config()).walk_revisions())[::-1]


def test_steps_are_numbered_without_a_gap_and_named_after_what_they_do() -> None:
    names = sorted(path.name for path in (upgrade.MIGRATIONS / "versions").glob("*.py"))
    assert names
    assert [name[:5] for name in names] == [f"{number:04d}_" for number in range(1, len(names) + 1)]
    assert all(re.fullmatch(r"\d{4}_[a-z0-9]+(_[a-z0-9]+)*\.py", name) for name in names)


def test_there_is_one_road_from_the_first_step_to_the_last() -> None:
    numbers = [step.revision for step in steps()]
    assert numbers == [f"{number:04d}" for number in range(1, len(numbers) + 1)]
    assert [step.down_revision for step in steps()] == [None, *numbers[:-1]]


def columns(connection: Connection) -> dict[str, dict[str, Any]]:
    found = inspect(connection)
    return {table: {one["name"]: one for one in found.get_columns(table)} for table in found.get_table_names()}


def hurts(before: dict[str, dict[str, Any]], after: dict[str, dict[str, Any]]) -> list[str]:
    """What a process of the version before could no longer read or write."""
    found = []
    for table, old in before.items():
        new = after.get(table, {})
        found += [f"{table}.{name} is gone" for name in old.keys() - new.keys()]
        for name in new.keys() - old.keys():
            if not new[name]["nullable"] and new[name]["default"] is None:
                found.append(f"{table}.{name} is new and must be given")
        for name in old.keys() & new.keys():
            if str(old[name]["type"]) != str(new[name]["type"]):
                found.append(f"{table}.{name} has another type")
            if old[name]["nullable"] and not new[name]["nullable"]:
                found.append(f"{table}.{name} must be given now")
    return found


async def test_the_version_before_can_still_read_and_write_after_each_step(empty_url: str) -> None:
    db = Database(empty_url)
    await db.open()
    before: dict[str, dict[str, Any]] = {}
    told: dict[str, list[str]] = {}
    for step in steps():
        await upgrade.move(db.url, step.revision)
        async with db.snapshot() as connection:
            after = await connection.run_sync(columns)
        told[step.revision] = hurts(before, after)
        before = after
    await db.close()
    assert {number: what for number, what in told.items() if what} == {}


def test_a_step_that_would_hurt_the_version_before_is_noticed() -> None:
    one = {"type": Text(), "nullable": True, "default": None}
    before = {"people": {"name": one, "gone": one, "number": one, "given": one}}
    after = {
        "people": {
            "name": one,
            "number": {**one, "type": Integer()},
            "given": {**one, "nullable": False},
            "fresh": {**one, "nullable": False},
            "harmless": {**one, "nullable": False, "default": "''"},
        },
        "new": {"name": {**one, "nullable": False}},
    }
    assert sorted(hurts(before, after)) == [
        "people.fresh is new and must be given",
        "people.given must be given now",
        "people.gone is gone",
        "people.number has another type",
    ]


def differences(connection: Connection) -> list[Any]:
    context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
    return list(compare_metadata(context, tables.metadata))


def names_of_constraints(connection: Connection) -> dict[str, str | None]:
    inspector = inspect(connection)
    return {table: inspector.get_pk_constraint(table)["name"] for table in tables.metadata.tables}


async def test_the_steps_lead_to_the_tables_of_the_code(db: Database) -> None:
    async with db.snapshot() as connection:
        assert await connection.run_sync(differences) == []
        assert await connection.run_sync(names_of_constraints) == {
            name: f"pk_{name}" for name in tables.metadata.tables
        }


async def test_each_step_can_be_taken_back_and_taken_again(empty_url: str) -> None:
    db = Database(empty_url)
    await db.open()
    numbers = [step.revision for step in steps()]
    for number in numbers:
        await upgrade.move(db.url, number)
    for number in [*numbers[-2::-1], "base"]:
        await upgrade.move(db.url, number, back=True)
    async with db.snapshot() as connection:
        left = await connection.run_sync(lambda sync: inspect(sync).get_table_names())
    assert left == ["alembic_version"]
    await db.upgrade()
    one = make_meeting()
    async with db.begin() as connection:
        await meetings.replace_feed(connection, one.feed, [one])
    async with db.read() as connection:
        assert await meetings.by_ids(connection, [one.id]) == {one.id: one}
        assert await meetings.revision(connection) == 1
    await db.close()


def test_a_row_of_meetings_is_a_meeting_whether_it_is_still_listed_and_what_it_is_found_by() -> None:
    names = [field.name for field in fields(Meeting)]
    beside = ["vanished_at", "same_street", "same_call", "words"]
    assert [column.name for column in tables.meetings.c] == [*names, *beside]


async def test_meetings_from_before_the_marks_get_theirs_and_are_found_in_two_feeds(empty_url: str) -> None:
    db = Database(empty_url)
    await db.open()
    await db.upgrade()
    one = make_meeting(address="12 Mill Lane", join_id="855 1234 0100")
    many = [make_meeting(key=f"more {at}") for at in range(2_100)]
    async with db.begin() as connection:
        await meetings.replace_feed(connection, one.feed, [one, *many])
    async with db.read() as connection:
        marked = [row async for part in meetings.light_parts(connection) for row in part]
    await upgrade.move(db.url, "0002", back=True)
    await db.upgrade()
    async with db.read() as connection:
        assert [row async for part in meetings.light_parts(connection) for row in part] == marked
    assert next(row for row in marked if row[0] == one.id)[-2:] == (
        street_mark("12 Mill Ln"),
        call_mark("85512340100", ""),
    )
    await db.close()


def test_only_four_tables_are_about_people_and_none_has_room_for_a_name_or_a_text() -> None:
    of_lists = {"meetings", "feeds", "feed_syncs", "held_snapshots", "held_links", "changes", "postal_codes"}
    of_people = {"people", "reminders", "outbox", "plans"}
    of_texts = {"revision_suggestions"}
    of_helpers = {"admins", "invitations", "admin_changes", "desk_sessions"}
    of_corrections = {"meeting_edits", "exceptions", "proposals", "checks", "reports", "put_off"}
    named = {*of_lists, *of_people, *of_texts, *of_helpers, *of_corrections}
    assert set(tables.metadata.tables) == {*named, "revision", "pace", "facts"}
    texts = {
        f"{name}.{column.name}"
        for name in of_people
        for column in tables.metadata.tables[name].c
        if isinstance(column.type, String | LargeBinary)
    }
    assert texts == {
        "people.mark", "people.sealed", "people.language", "people.zone", "reminders.language", "outbox.lease_by"
    }  # fmt: skip
    assert "chat" not in {column.name for name in of_people for column in tables.metadata.tables[name].c}
