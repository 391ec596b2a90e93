"""Many meetings at once: out, changed in a spreadsheet program, back, looked at, and applied after a yes."""

import asyncio
import csv
import io
import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from bot.domain.admin import COMMAND_LINE, Admin, Deed, Role, Scope
from bot.domain.bulk import Difference, Part
from bot.domain.errors import FeedError, MeetingGone, NotPermitted, UnreadableSheet
from bot.domain.meeting import BY_HAND, Meeting, id_text
from bot.feeds.fetch import Fetched
from bot.services import bulk as service
from bot.services.bulk import Bulk
from bot.services.meeting_desk import MeetingDesk
from bot.services.meeting_rules import World as Rules
from bot.store import meetings as listings
from bot.store.database import Database
from tests.feeds.rows import locate, row, zone_of
from tests.helping import AA, NA, World

KINDS = frozenset({"aa", "na", "women_only"})
NAMES = ("Night Lamp", "Early Birds", "Third Room", "Noon", "Harbour")
NEW = {"name": "New Door", "fellowship": "aa", "weekday": "friday", "start": "18:00", "duration": "60",
       "zone": "America/Denver", "in_person": "yes", "online": "no", "address": "1 New St",
       "city": "Denver"}  # fmt: skip
Edit = Callable[[list[dict[str, str]]], object]


class Desk:
    """A desk of meetings, and the files that come out of it and go back."""

    def __init__(self, world: World, published: dict[str, bytes] | None = None) -> None:
        self.world = world
        rules = Rules(KINDS, frozenset({"women_only"}), locate, zone_of)
        self.meetings = MeetingDesk(world.database, rules, clock=lambda: world.now)
        self._published = published or {}
        self.bulk = Bulk(world.database, self.meetings, self._fetch, KINDS, clock=lambda: world.now)

    async def _fetch(self, url: str, **_tags: str) -> Fetched:
        if url not in self._published:
            raise FeedError("It does not answer.")
        return Fetched(self._published[url], "", "")

    async def file(self, edit: Edit = lambda _: None, who: Admin | None = None, **ways: Any) -> bytes:
        """An export as LibreOffice saves it: semicolons, every text in quotes, no mark at its beginning."""
        data = await self.bulk.exported(who, "csv", 10**7, **ways)
        assert data is not None
        rows = list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))
        edit(rows)
        out = io.StringIO(newline="")
        writer = csv.DictWriter(out, list(rows[0]), delimiter=";", quoting=csv.QUOTE_ALL, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
        return out.getvalue().encode()

    async def look(self, edit: Edit = lambda _: None, who: Admin | None = None) -> Difference:
        return await self.bulk.look(who, await self.file(edit, who))


async def a_desk(database: Database) -> Desk:
    world = World(database)
    world.answers[AA] = [row(slug=name, name=name, day=day, city="Denver") for day, name in enumerate(NAMES)]
    await world.sync.enable(AA)
    await world.sync.sync(AA)
    return Desk(world)


def setting(name: str, **cells: str) -> Edit:
    def edit(rows: list[dict[str, str]]) -> None:
        next(one for one in rows if one["name"] == name).update(cells)

    return edit


def all_of(*edits: Edit) -> Edit:
    return lambda rows: [edit(rows) for edit in edits]


def adding(**cells: str) -> Edit:
    return lambda rows: rows.append(dict.fromkeys(rows[0], "") | NEW | cells)


def dropping(*names: str) -> Edit:
    def edit(rows: list[dict[str, str]]) -> None:
        rows[:] = [one for one in rows if one["name"] not in names]

    return edit


async def test_three_rows_changed_in_a_spreadsheet_program_are_exactly_what_is_shown_and_done(db: Database) -> None:
    desk = await a_desk(db)
    owner = await desk.world.helper(Role.OWNER, name="Ana")
    before = await desk.world.meetings()
    found = await desk.look(
        all_of(
            setting("Night Lamp", start="7:30"),
            setting("Noon", venue="Town Hall", notes="Two lines:\nuse the side door."),
            setting("Harbour", weekday="sunday"),
        ),
        owner,
    )
    assert [(one.meeting.name, dict(one.after)) for one in found.changed] == [
        ("Harbour", {"weekday": 7}),
        ("Night Lamp", {"start": 450}),
        ("Noon", {"venue": "Town Hall", "notes": "Two lines:\nuse the side door."}),
    ]
    assert (found.rows, found.unchanged, found.added, found.gone, found.refused) == (5, 2, (), (), ())
    assert await desk.world.meetings() == before, "looking changes nothing"

    applied = await desk.bulk.apply(owner, "meetings.csv", found, Part.CHANGES)
    assert (applied.changed, applied.added, applied.faults) == (3, 0, ())
    now = await desk.world.meetings()
    assert now["Night Lamp"] == replace(before["Night Lamp"], start=450)
    assert now["Early Birds"] == before["Early Birds"]
    assert not await desk.look(), "the next file says nothing new"
    whole, *each = [one for one in await desk.world.history() if one.deed is Deed.BULK]
    assert (whole.subject.kind, whole.subject.title, whole.after) == ("bulk", "meetings.csv", {"changed": 3})
    assert {one.subject.title for one in each} == {"Harbour", "Night Lamp", "Noon"}
    assert {one.who for one in each} == {owner.author}
    assert {name for one in each for name in one.before if ":" not in name} >= {"start", "venue", "notes", "weekday"}


async def test_what_was_set_stands_when_the_list_is_read_again(sqlite_db: Database) -> None:
    desk = await a_desk(sqlite_db)
    found = await desk.look(setting("Noon", start="12:15"))
    await desk.bulk.apply(None, "x.csv", found, Part.CHANGES)
    desk.world.answers[AA][0] = row(slug=NAMES[0], name=NAMES[0], day=5, city="Denver")
    await desk.world.sync.sync(AA, whole=True)
    now = await desk.world.meetings()
    assert (now["Noon"].start, now["Night Lamp"].weekday) == (12 * 60 + 15, 5)


@pytest.mark.parametrize("kind", ["csv", "json"])
async def test_a_file_that_nobody_changed_changes_nothing(sqlite_db: Database, kind: str) -> None:
    desk = await a_desk(sqlite_db)
    data = b"".join([piece async for piece in desk.bulk.export(None, kind)])
    found = await desk.bulk.look(None, data)
    assert (found.rows, found.unchanged, bool(found), found.refused) == (5, 5, False, ())
    if kind == "json":
        assert [one["name"] for one in json.loads(data)] == sorted(NAMES)


async def test_new_rows_become_meetings_by_hand_once_however_often_the_file_comes(db: Database) -> None:
    desk = await a_desk(db)
    data = await desk.file(all_of(adding(), adding(name="Other Door", start="7:00")))
    found = await desk.bulk.look(None, data)
    assert [one.line for one in found.added] == [7, 8]
    applied = await desk.bulk.apply(None, "new.csv", found, Part.CHANGES)
    assert (applied.changed, applied.added) == (0, 2)
    added = await desk.world.meetings(BY_HAND)
    assert (added["New Door"].weekday, added["New Door"].start, added["Other Door"].start) == (5, 1080, 420)
    again = await desk.bulk.look(None, data)
    assert (bool(again), again.unchanged) == (False, 7)
    assert len((await desk.look()).gone) == 0


async def test_what_the_file_leaves_out_ends_only_by_a_yes_of_its_own(db: Database) -> None:
    desk = await a_desk(db)
    owner = await desk.world.helper(Role.OWNER)
    found = await desk.look(all_of(dropping("Noon", "Harbour"), setting("Night Lamp", start="20:00")), owner)
    assert [one.name for one in found.gone] == ["Harbour", "Noon"]
    await desk.bulk.apply(owner, "part.csv", found, Part.CHANGES)
    assert set(await desk.world.meetings()) == set(NAMES)
    applied = await desk.bulk.apply(owner, "part.csv", found, Part.GONE)
    assert applied.ended == 2
    assert set(await desk.world.meetings()) == set(NAMES) - {"Noon", "Harbour"}
    changes = [one for one in await desk.world.history() if one.subject.title == "Noon"]
    await desk.meetings.restore(owner, [int(changes[0].subject.id, 16)])
    assert "Noon" in await desk.world.meetings()


async def test_other_lists_and_other_peoples_meetings_are_never_missing(sqlite_db: Database) -> None:
    desk = await a_desk(sqlite_db)
    await desk.world.listed("Luna", "Sol", feed=NA)
    found = await desk.look(dropping("Luna", "Sol", "Noon"))
    assert [one.name for one in found.gone] == ["Noon"], "no row names that list"
    found = await desk.look(dropping("Sol", "Noon"))
    assert [one.name for one in found.gone] == ["Noon", "Sol"]
    editor = await desk.world.helper(Role.EDITOR, Scope(feeds=frozenset({NA})))
    data = await desk.file(dropping("Sol", "Noon"))
    mine = await desk.bulk.look(editor, data)
    assert [one.name for one in mine.gone] == ["Sol"]
    assert {one.reason for one in mine.refused} == {"not_yours"}
    assert [one["name"] for one in json.loads(await desk.bulk.exported(editor, "json", 10**6) or b"")] == [
        "Luna",
        "Sol",
    ]
    assert await desk.bulk.parts(editor) == [(NA, "na")]


async def test_a_broken_file_says_which_rows_and_why_and_keeps_the_good_ones(sqlite_db: Database) -> None:
    desk = await a_desk(sqlite_db)

    def edit(rows: list[dict[str, str]]) -> None:
        rows[0]["start"] = "25:99"
        rows[1] |= {"id": "1.23457E+13"}
        rows[2]["weekday"] = "thursday"
        rows.append(dict(rows[3]))
        rows.append(dict.fromkeys(rows[0], "") | {"id": "00000000000001", "name": "x"})
        rows.append(dict.fromkeys(rows[0], "") | {"name": "No hour", "fellowship": "aa"})
        rows.append(dict.fromkeys(rows[0], "") | NEW | {"fellowship": "nosuch"})
        rows[4]["start"] = ""

    found = await desk.look(edit)
    told = [(one.line, one.column, one.reason) for one in found.refused]
    assert told[:5] == [
        (2, "start", "time"),
        (3, "id", "id_as_number"),
        (5, "id", "twice"),
        (6, "start", "day_and_time"),
        (7, "id", "twice"),
    ]
    assert told[5] == (8, "id", "not_listed")
    assert {line for line, *_ in told[6:]} == {9, 10}
    assert (10, "fellowship", "fellowship") in told
    assert [one.after for one in found.changed] == [{"weekday": 4}]
    assert len(found.added) == 0


async def test_while_a_row_cannot_be_read_nothing_counts_as_missing(sqlite_db: Database) -> None:
    desk = await a_desk(sqlite_db)
    lines = (await desk.file(dropping("Noon"))).decode().splitlines()
    found = await desk.bulk.look(None, "\n".join([*lines[:2], '"broken', *lines[2:]]).encode())
    assert (found.gone, found.unsure) == ((), True)
    assert [one.reason for one in found.refused] == ["open_quote"]


async def test_a_meeting_that_changed_since_the_download_is_left_until_somebody_asks_for_it(db: Database) -> None:
    desk = await a_desk(db)
    data = await desk.file(setting("Noon", start="12:15"))
    noon = (await desk.world.meetings())["Noon"]
    await desk.meetings.change(None, [noon.id], {"venue": "Town Hall"})
    found = await desk.bulk.look(None, data)
    assert (found.changed, len(found.outdated)) == ((), 1)
    await desk.bulk.apply(None, "old.csv", found, Part.CHANGES)
    assert (await desk.world.meetings())["Noon"].venue == "Town Hall"
    await desk.bulk.apply(None, "old.csv", found, Part.OLDER)
    assert (await desk.world.meetings())["Noon"] == replace(noon, start=12 * 60 + 15)


async def test_a_way_to_a_guarded_meeting_waits_for_a_second_person(sqlite_db: Database) -> None:
    desk = await a_desk(sqlite_db)
    desk.world.answers[AA][3] = row(slug="Noon", name="Noon", day=3, city="Denver", types=["W"])
    await desk.world.sync.sync(AA, whole=True)
    noon = (await desk.world.meetings())["Noon"]
    found = await desk.look(all_of(setting("Noon", address="9 Lure St"), setting("Harbour", venue="Pier")))
    applied = await desk.bulk.apply(None, "x.csv", found, Part.CHANGES)
    assert (applied.changed, applied.proposed) == (1, 1)
    assert (await desk.world.meetings())["Noon"].address == noon.address
    assert len(await desk.meetings.proposals(None)) == 1
    again = await desk.look(all_of(setting("Noon", address="9 Lure St"), adding(fellowship="women_only")))
    assert (again.changed, len(again.added)) == ((), 1)
    applied = await desk.bulk.apply(None, "x.csv", again, Part.CHANGES)
    assert (applied.added, applied.proposed) == (0, 1)
    assert not await desk.look(all_of(setting("Noon", address="9 Lure St"), adding(fellowship="women_only")))


async def test_everything_is_asked_of_the_table_of_permissions(sqlite_db: Database) -> None:
    desk = await a_desk(sqlite_db)
    reviewer = await desk.world.helper(Role.REVIEWER)
    data = await desk.file(setting("Noon", start="12:15"))
    for deed in (desk.bulk.exported(reviewer, "csv", 9), desk.bulk.look(reviewer, data), desk.bulk.parts(reviewer)):
        with pytest.raises(NotPermitted):
            await deed
    editor = await desk.world.helper(Role.EDITOR, Scope(feeds=frozenset({AA})))
    found = await desk.bulk.look(editor, data)
    elsewhere = await desk.bulk.look(editor, await desk.file(setting("Noon", fellowship="na")))
    assert len(elsewhere.changed) == 1, "inside the feed"
    await desk.world.admins.revoke(None, editor.id)
    before = await desk.world.meetings()
    with pytest.raises(NotPermitted):
        await desk.bulk.apply(editor, "x.csv", found, Part.CHANGES)
    assert await desk.world.meetings() == before
    by_kind = await desk.world.helper(Role.EDITOR, Scope(fellowships=frozenset({"aa"})))
    moved = await desk.bulk.look(by_kind, await desk.file(setting("Noon", fellowship="na")))
    assert [(one.reason, one.line) for one in moved.refused] == [("not_yours", 5)]


async def test_small_files_are_applied_whole_or_not_at_all(db: Database) -> None:
    desk = await a_desk(db)
    found = await desk.look(all_of(setting("Noon", start="12:15"), setting("Harbour", start="12:15")))
    desk.world.answers[AA] = desk.world.answers[AA][:4]
    await desk.world.sync.sync(AA, whole=True)  # Harbour vanished meanwhile
    before, history = await desk.world.meetings(), await desk.world.history()
    with pytest.raises(MeetingGone):
        await desk.bulk.apply(None, "x.csv", found, Part.CHANGES)
    assert await desk.world.meetings() == before
    assert await desk.world.history() == history


async def test_a_large_file_that_is_broken_off_can_be_brought_again(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "AT_ONCE", 1)
    monkeypatch.setattr(service, "STEP", 2)
    desk = await a_desk(db)
    edits = all_of(*(setting(name, start="6:15") for name in NAMES), adding(), adding(name="Second"))
    data = await desk.file(edits)
    found = await desk.bulk.look(None, data)
    assert found.count(Part.CHANGES) == 7

    def stop_at(done: int) -> None:
        if done >= 4:
            raise asyncio.CancelledError

    with pytest.raises(asyncio.CancelledError):
        await desk.bulk.apply(None, "x.csv", found, Part.CHANGES, stop_at)
    half = await desk.world.meetings()
    assert sum(one.start == 375 for one in half.values()) == 4
    rest = await desk.bulk.look(None, data)
    assert (rest.count(Part.CHANGES), rest.outdated) == (3, ())
    assert rest.mark(Part.CHANGES) != found.mark(Part.CHANGES)
    steps: list[int] = []
    applied = await desk.bulk.apply(None, "x.csv", rest, Part.CHANGES, steps.append)
    assert (applied.changed, applied.added, steps) == (1, 2, [2, 3])
    assert {one.start for one in (await desk.world.meetings()).values()} == {375}
    assert set(await desk.world.meetings(BY_HAND)) == {"New Door", "Second"}
    whole = [one for one in await desk.world.history() if one.subject.kind == "bulk"]
    assert [(one.who, one.after) for one in whole] == [(COMMAND_LINE, {"changed": 1, "added": 2})]
    assert not await desk.bulk.look(None, data)


async def test_each_meeting_can_be_taken_back_by_itself(sqlite_db: Database) -> None:
    desk = await a_desk(sqlite_db)
    before = await desk.world.meetings()
    found = await desk.look(all_of(setting("Noon", start="12:15"), setting("Harbour", start="12:15")))
    await desk.bulk.apply(None, "x.csv", found, Part.CHANGES)
    change = next(one for one in await desk.world.history() if one.subject.title == "Noon")
    await desk.meetings.give_up(None, [int(change.subject.id, 16)], ["start"])
    now = await desk.world.meetings()
    assert (now["Noon"], now["Harbour"].start) == (before["Noon"], 12 * 60 + 15)


async def test_a_published_sheet_of_the_same_columns_is_read_like_a_file(sqlite_db: Database) -> None:
    desk = await a_desk(sqlite_db)
    sheet = "https://docs.google.com/spreadsheets/d/1AbC/export?format=csv&gid=0"
    data = await desk.file(setting("Noon", start="12:15"))
    desk = Desk(desk.world, {sheet: data})
    found = await desk.bulk.look(
        None, await desk.bulk.published(" https://docs.google.com/spreadsheets/d/1AbC/edit#gid=0 ")
    )
    assert [one.meeting.name for one in found.changed] == ["Noon"]
    with pytest.raises(UnreadableSheet, match="no_address"):
        await desk.bulk.published("http://127.0.0.1/x.csv")
    with pytest.raises(FeedError):
        await desk.bulk.published("https://lists.example.org/x.csv")


async def test_a_spoiled_id_is_no_reason_to_end_its_meeting(sqlite_db: Database) -> None:
    desk = await a_desk(sqlite_db)
    one = (await desk.world.meetings())["Noon"]
    number = int("12345678901234", 16)
    spoiled = [replace(one, id=number + more, key=f"n{more}") for more in (0, 1)]
    async with sqlite_db.begin() as connection:
        await listings.replace_feed(connection, AA, [*(await listings.all_meetings(connection, AA)), *spoiled])
    assert id_text(number) == "12345678901234"

    def edit(rows: list[dict[str, str]]) -> None:
        for cells in rows:
            if cells["id"] in (id_text(number), id_text(number + 1)):
                cells["id"] = "1.23457E+13"

    found = await desk.look(all_of(dropping("Harbour"), edit))
    assert ([one.name for one in found.gone], found.unsure) == (["Harbour"], False)
    assert [bad.reason for bad in found.refused] == ["id_as_number"] * 2
    more = await desk.look(all_of(dropping("Harbour"), edit, setting("Night Lamp", id="1E+13")))
    assert (more.gone, more.unsure) == ((), True)


async def test_nobody_waits_while_a_file_is_looked_at(sqlite_db: Database) -> None:
    desk = await a_desk(sqlite_db)
    one = (await desk.world.meetings())["Noon"]
    many: list[Meeting] = [
        replace(one, id=number, key=str(number), name=f"Group {number}") for number in range(1, 1501)
    ]
    async with sqlite_db.begin() as connection:
        await listings.replace_feed(connection, AA, many)
    longest = 0.0

    async def watch() -> None:
        nonlocal longest
        loop = asyncio.get_running_loop()
        while True:
            began = loop.time()
            await asyncio.sleep(0.001)
            longest = max(longest, loop.time() - began)

    watching = asyncio.create_task(watch())
    data = await desk.bulk.exported(None, "csv", 10**8)
    found = await desk.bulk.look(None, data or b"")
    watching.cancel()
    assert found.unchanged == 1500
    assert longest < 0.25, "bounded steps; the limit leaves room for a busy machine"
