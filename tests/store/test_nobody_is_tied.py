"""No table can hold a hand-off, or tie one person to another or to a hand-off."""

import re

from sqlalchemy import Table

from bot.store import tables

FORBIDDEN = re.compile(
    r"hand_?off|handed|couns|sender|recipient|receiver|payload|referr|refers|client|patient|picked|shared_by"
)
OF_PEOPLE = {"people", "reminders", "outbox", "plans"}
STAFF = "admins"  # who keeps the listings; no table of people may name one
MARKS_OF_PEOPLE = {"person", "mark", "sealed", "chat"}


def every() -> list[Table]:
    return list(tables.metadata.tables.values())


def test_no_table_or_column_is_there_for_a_hand_off() -> None:
    assert len(every()) > 10
    names = [table.name for table in every()] + [f"{table.name}.{one.name}" for table in every() for one in table.c]
    assert [name for name in names if FORBIDDEN.search(name)] == []


def test_only_what_a_person_asked_to_keep_knows_a_person() -> None:
    knows = {table.name for table in every() if MARKS_OF_PEOPLE & {column.name for column in table.c}}
    knows |= {
        table.name for table in every() if any(key.column.table.name in OF_PEOPLE for key in table.foreign_keys)
    }
    assert knows - {STAFF} == OF_PEOPLE


def test_no_row_knows_two_people() -> None:
    for table in every():
        to_people = [key for key in table.foreign_keys if key.column.table.name == "people"]
        assert len(to_people) <= 1, table.name
        if table.name in OF_PEOPLE - {"people"}:
            assert not {"mark", "sealed"} & {column.name for column in table.c}, table.name
        if table.name in OF_PEOPLE:
            assert {key.column.table.name for key in table.foreign_keys} <= OF_PEOPLE, table.name
            assert not [column.name for column in table.c if re.search(r"admin|_by$", column.name)] or (
                table.name == "outbox"  # lease_by names a process
            )
