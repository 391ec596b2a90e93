"""What people say is wrong: kept without them, gathered by meeting, answered, taken back, and forgotten."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from bot.domain.admin import EVERYTHING, Admin, Author, Role, Scope
from bot.domain.audit import Change
from bot.domain.edits import Edit
from bot.domain.errors import NotPermitted
from bot.domain.exceptions import closed, moved_once
from bot.domain.meeting import Meeting, Status, id_text
from bot.domain.report_kinds import NUMBERS, ReportKind, Verdict, fitting, numbered_kind
from bot.domain.standing import NOTHING, Standing
from bot.services import reports as work
from bot.services.audit import Audit
from bot.services.reports import KIND, LONGEST, SHORTEST, Reports, UndoReports, is_plainly_a_report
from bot.services.standing import Standings
from bot.services.upkeep import Upkeep
from bot.store import admins, audit, checks, edits, exceptions, tables
from bot.store import meetings as listings
from bot.store import reports as store
from bot.store.database import Database
from tests.builders import make_meeting, make_online_meeting

TUESDAY = datetime(2026, 11, 24, 19, 20, tzinfo=UTC)
LEEDS = make_meeting(name="Mill Lane", country="GB", region="England")
OREGON = make_meeting(
    feed="na-oregon", fellowship="na", name="River", zone="America/Los_Angeles", country="US", region="Oregon"
)
LOCKED, TIME, OTHER = ReportKind.LOCKED, ReportKind.TIME, ReportKind.OTHER


@dataclass
class World:
    """Two meetings of two lists, reports on them, and a clock that the test moves."""

    db: Database
    now: datetime = TUESDAY
    together: dict[int, tuple[int, ...]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        def clock() -> datetime:
            return self.now

        self.reports = Reports(self.db, same=self.same, clock=clock)
        self.audit = Audit(self.db, {KIND: UndoReports()}, clock=clock)
        self.standings = Standings(self.db, same=self.same)

    def same(self, meeting: int) -> Sequence[int]:
        return self.together.get(meeting, (meeting,))

    async def lists(self, *meetings: Meeting) -> None:
        async with self.db.begin() as connection:
            for feed in {one.feed for one in (*meetings, LEEDS, OREGON)}:
                await listings.replace_feed(
                    connection, feed, [one for one in meetings if one.feed == feed], at=self.now
                )

    async def helper(self, role: Role, scope: Scope = EVERYTHING) -> Admin:
        async with self.db.begin() as connection:
            values: dict[str, Any] = {"sealed": b"", "key": 1, "role": role, "scope": scope, "name": "Kim"}
            values |= {"by_settings": False, "given_by": None, "given_at": self.now, "revoked_at": None}
            number = await admins.add(connection, f"{role}{scope}".encode(), values)
        return Admin(number, role, scope, "Kim")

    async def rows(self) -> list[dict[str, Any]]:
        async with self.db.read() as connection:
            found = await connection.execute(select(tables.reports).order_by(tables.reports.c.id))
            return [dict(row) for row in found.mappings()]

    async def history(self) -> list[Change]:
        async with self.db.read() as connection:
            return await audit.newest(connection, 10)


async def opened(db: Database) -> World:
    world = World(db)
    await world.lists(LEEDS, OREGON)
    return world


async def test_a_report_is_a_kind_a_meeting_and_its_local_day_and_nothing_else(db: Database) -> None:
    world = await opened(db)
    world.now = datetime(2026, 11, 25, 3, 0, tzinfo=UTC)  # still Tuesday in Oregon
    assert (await world.reports.keep(OREGON, TIME, "dropped: only OTHER has words")).verdict is Verdict.KEPT
    (row,) = await world.rows()
    assert row == {
        "id": row["id"], "meeting": OREGON.id, "kind": "time", "text": "", "day": date(2026, 11, 24),
        "state": "open", "reason": "", "answered_on": None, "alert": True,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("", Verdict.SHORT),
        (" \x00\n.. ", Verdict.SHORT),
        ("x" * SHORTEST, Verdict.KEPT),
        ("x" * LONGEST, Verdict.KEPT),
        ("x" * (LONGEST + 1), Verdict.LONG),
        ("Ask my sponsor Jane Canary, 0113 496 0000", Verdict.PERSONAL),
        ("Now at 19:30, in the library", Verdict.KEPT),
    ],
)
async def test_words_are_kept_as_typed_or_refused_with_the_reason(
    sqlite_db: Database, text: str, verdict: Verdict
) -> None:
    world = await opened(sqlite_db)
    kept = await world.reports.keep(LEEDS, OTHER, text)
    assert kept.verdict is verdict
    assert bool(kept.found) is (verdict is Verdict.PERSONAL)
    assert [row["text"] for row in await world.rows()] == ([text] if verdict is Verdict.KEPT else [])


async def test_reports_on_one_meeting_are_one_item_and_the_most_reported_comes_first(db: Database) -> None:
    world = await opened(db)
    await world.reports.keep(OREGON, TIME)
    for kind in (LOCKED, TIME, LOCKED):
        await world.reports.keep(LEEDS, kind)
    world.now += timedelta(days=2)
    await world.reports.keep(LEEDS, OTHER, "They meet in the library now")
    leeds, oregon = await world.reports.open_items(None)
    assert (leeds.meeting, leeds.name, leeds.feed, leeds.count) == (LEEDS.id, "Mill Lane", "smart-sample", 4)
    assert list(leeds.counts.items()) == [(LOCKED, 2), (TIME, 1), (OTHER, 1)]
    assert leeds.texts == ("They meet in the library now",)
    assert (leeds.first, leeds.last) == (date(2026, 11, 24), date(2026, 11, 26))
    assert leeds.about == Scope(frozenset({"smart"}), frozenset({"GB/England"}), frozenset({"smart-sample"}))
    assert (oregon.meeting, oregon.count) == (OREGON.id, 1)
    assert await world.reports.counts(None) == {"report": 2}


@pytest.mark.parametrize("role", Role)
async def test_whoever_helps_sees_and_answers_what_lies_in_their_scope_alone(sqlite_db: Database, role: Role) -> None:
    world = await opened(sqlite_db)
    await world.reports.keep(LEEDS, LOCKED)
    await world.reports.keep(OREGON, LOCKED)
    who = await world.helper(role, Scope(areas=frozenset({"US/Oregon"})))
    assert [item.meeting for item in await world.reports.open_items(who)] == [OREGON.id]
    assert await world.reports.item(who, LEEDS.id) is None
    with pytest.raises(NotPermitted):
        await world.reports.answer(who, LEEDS.id, accept=True)
    assert await world.reports.answer(who, OREGON.id, accept=True) == 1
    assert await world.reports.answer(who, OREGON.id, accept=True) == 0, "nothing waits any more"
    assert [row["state"] for row in await world.rows()] == ["open", "accepted"]
    assert await world.reports.counts(who) == {}


async def test_a_helper_who_lost_the_role_answers_nothing(db: Database) -> None:
    world = await opened(db)
    await world.reports.keep(LEEDS, LOCKED)
    who = await world.helper(Role.EDITOR)
    async with db.begin() as connection:
        await admins.change(connection, who.id, {"revoked_at": world.now})
    with pytest.raises(NotPermitted):
        await world.reports.answer(who, LEEDS.id, accept=False)
    assert [row["state"] for row in await world.rows()] == ["open"]


async def test_an_answer_is_written_down_and_undone_the_item_is_open_again(db: Database) -> None:
    world = await opened(db)
    for kind in (LOCKED, TIME):
        await world.reports.keep(LEEDS, kind)
    who = await world.helper(Role.REVIEWER)
    before = await world.reports.open_items(who)
    assert await world.reports.answer(who, LEEDS.id, accept=False, reason="  I was\x00 there. ") == 2
    assert await world.reports.open_items(who) == []
    assert [(row["reason"], row["answered_on"]) for row in await world.rows()] == [
        ("I was there.", date(2026, 11, 24))
    ] * 2
    (change,) = await world.history()
    assert (change.subject.kind, change.subject.id, change.subject.title) == (KIND, id_text(LEEDS.id), "Mill Lane")
    assert (change.before["reason"], change.after["reason"]) == ("", "I was there.")
    done = await world.audit.undo(change.id, who)
    assert (len(done.fields), done.conflicts) == (3, ())
    assert await world.reports.open_items(who) == before
    assert {row["reason"] for row in await world.rows()} == {""}
    again = await world.audit.undo((await world.history())[0].id, who)
    assert len(again.fields) == 3
    assert {(row["state"], row["reason"]) for row in await world.rows()} == {("rejected", "I was there.")}


async def test_an_undo_leaves_reports_alone_that_came_or_were_answered_since(db: Database) -> None:
    world = await opened(db)
    await world.reports.keep(LEEDS, LOCKED)
    await world.reports.answer(None, LEEDS.id, accept=True)
    first = (await world.history())[0]
    await world.reports.keep(LEEDS, TIME)
    await world.reports.answer(None, LEEDS.id, accept=False)
    await world.audit.undo(first.id, None)
    assert [row["state"] for row in await world.rows()] == ["open", "rejected"]


async def test_lists_that_name_the_same_meeting_share_its_reports(db: Database) -> None:
    world = await opened(db)
    both = tuple(sorted((LEEDS.id, OREGON.id)))
    await world.reports.keep(OREGON, LOCKED)
    world.together = dict.fromkeys(both, both)
    await world.reports.keep(LEEDS, LOCKED)
    assert (await world.standings.of(LEEDS)).reported_on == date(2026, 11, 24)
    assert (await world.standings.of(OREGON)).reported_on == date(2026, 11, 24)
    (item,) = await world.reports.open_items(None)
    assert (item.count, item.ids) == (2, frozenset(both))
    assert await world.reports.item(None, LEEDS.id) == await world.reports.item(None, OREGON.id) == item
    who = await world.helper(Role.EDITOR, Scope(frozenset({"smart"})))
    (theirs,) = await world.reports.open_items(who)
    assert (theirs.count, theirs.meeting, theirs.feed) == (2, LEEDS.id, LEEDS.feed), (
        "told by the list they look after"
    )
    assert await world.reports.answer(who, OREGON.id, accept=True) == 2, "it is theirs by one of the lists"
    assert await world.reports.open_items(None) == []


async def test_reports_on_a_meeting_that_vanished_close_by_themselves(db: Database) -> None:
    world = await opened(db)
    await world.reports.keep(LEEDS, LOCKED)
    await world.reports.keep(OREGON, LOCKED)
    await world.lists(OREGON)
    assert [item.meeting for item in await world.reports.open_items(None)] == [OREGON.id]
    await Upkeep(db).run(world.now)
    assert [(row["state"], row["answered_on"]) for row in await world.rows()] == [
        ("gone", date(2026, 11, 24)),
        ("open", None),
    ]


async def test_words_go_a_month_after_the_answer_and_rows_after_three(db: Database) -> None:
    world = await opened(db)
    await world.reports.keep(LEEDS, OTHER, "They meet in the library now")
    await world.reports.answer(None, LEEDS.id, accept=True)
    await world.reports.keep(OREGON, OTHER, "A second one that stays open")

    async def left(days: int) -> list[str]:
        await Upkeep(db).run(TUESDAY + timedelta(days=days))
        return [row["text"] for row in await world.rows()]

    assert await left(29) == ["They meet in the library now", "A second one that stays open"]
    assert await left(30) == ["", "A second one that stays open"]
    assert await left(89) == ["", "A second one that stays open"]
    assert await left(90) == ["A second one that stays open"]
    undone = await world.audit.undo((await world.history())[0].id, None)
    assert undone.fields == ()
    assert len(undone.conflicts) == 1, "what was erased cannot be opened again"


async def test_when_many_wait_one_more_leaves_no_row(db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(work, "MOST_OPEN", 2)
    world = await opened(db)
    verdicts = [(await world.reports.keep(LEEDS, LOCKED)).verdict for _ in range(3)]
    assert verdicts == [Verdict.KEPT, Verdict.KEPT, Verdict.KNOWN]
    assert (await world.reports.keep(OREGON, LOCKED)).verdict is Verdict.KEPT
    assert len(await world.rows()) == 3


async def test_the_first_report_on_a_day_on_which_a_meeting_is_held_is_told_at_once_and_once(db: Database) -> None:
    world = await opened(db)
    for meeting in (LEEDS, LEEDS, OREGON):
        await world.reports.keep(meeting, LOCKED)
    world.now += timedelta(days=1)  # a Wednesday
    await world.reports.keep(LEEDS, LOCKED)
    await world.reports.keep(make_meeting(status=Status.SUSPENDED, weekday=3), LOCKED)
    async with db.begin() as connection:
        assert await store.any_alert(connection)
        assert [row.meeting for row in await store.take_alerts(connection)] == [LEEDS.id, OREGON.id]
    async with db.begin() as connection:
        assert not await store.any_alert(connection)
        assert await store.take_alerts(connection) == []


async def test_a_day_on_which_a_meeting_is_closed_alarms_nobody_and_one_to_which_it_was_moved_does(
    db: Database,
) -> None:
    world = await opened(db)
    tuesday, wednesday = TUESDAY.date(), TUESDAY.date() + timedelta(days=1)
    async with db.begin() as connection:
        await exceptions.put(connection, [LEEDS.id], moved_once(tuesday, wednesday))
        await exceptions.put(connection, [OREGON.id], closed(tuesday, None))
    for meeting in (LEEDS, OREGON):
        await world.reports.keep(meeting, LOCKED)
    assert [row["alert"] for row in await world.rows()] == [False, False]
    world.now += timedelta(days=1)
    await world.reports.keep(LEEDS, LOCKED)
    assert (await world.rows())[-1]["alert"]


def test_only_a_room_has_a_door_and_only_a_call_a_link() -> None:
    room, online = fitting(make_meeting()), fitting(make_online_meeting())
    assert room == tuple(kind for kind in ReportKind if kind is not ReportKind.LINK)
    assert online == tuple(kind for kind in ReportKind if kind not in (LOCKED, ReportKind.PLACE))
    assert fitting(make_meeting(online=True)) == tuple(ReportKind)


def test_the_numbers_of_kinds_in_buttons_never_change() -> None:
    assert {kind.value: number for kind, number in NUMBERS.items()} == {
        "locked": 1, "time": 2, "place": 3, "link": 4, "ended": 5, "other": 6
    }  # fmt: skip
    assert [numbered_kind(number) for number in (0, 7, 65535)] == [None] * 3


async def set_by_hand(db: Database, meeting: Meeting, fields: dict[str, datetime]) -> None:
    some = [Edit(meeting.id, name, meeting.feed, "1", "2", "2", Author(), at) for name, at in fields.items()]
    follows = Edit(meeting.id, "venue", meeting.feed, "1", "2", "2", Author(), TUESDAY, derived=True)
    async with db.begin() as connection:
        await edits.put(connection, [*some, follows])


async def looked_at(db: Database, meeting: Meeting, day: date) -> None:
    async with db.begin() as connection:
        await checks.put(connection, meeting.id, day)


async def test_a_card_tells_of_reports_from_the_second_one_on_until_they_are_answered(db: Database) -> None:
    world = await opened(db)
    assert await world.standings.of(LEEDS) == NOTHING
    await world.reports.keep(LEEDS, LOCKED)
    assert await world.standings.of(LEEDS) == NOTHING
    world.now += timedelta(days=1)
    await world.reports.keep(LEEDS, TIME)
    assert await world.standings.of(LEEDS) == Standing(reported_on=date(2026, 11, 25))
    assert await world.standings.of(OREGON) == NOTHING
    await world.reports.answer(None, LEEDS.id, accept=False)
    assert await world.standings.of(LEEDS) == NOTHING


async def test_a_card_tells_what_was_set_and_looked_at_here_where_there_is_evidence(db: Database) -> None:
    world = await opened(db)
    later = TUESDAY + timedelta(days=2)
    await set_by_hand(db, LEEDS, {"join_url": TUESDAY, "directions": later, "city": TUESDAY, "notes": TUESDAY})
    await looked_at(db, LEEDS, date(2026, 11, 18))
    assert await world.standings.of(LEEDS) == Standing(
        None, ("place", "link", "details"), later, checked_on=date(2026, 11, 18)
    )
    assert await world.standings.of(OREGON) == NOTHING


@pytest.mark.parametrize(
    ("checked", "reported", "said"),
    [
        (date(2026, 11, 23), date(2026, 11, 24), date(2026, 11, 23)),
        (date(2026, 11, 24), date(2026, 11, 24), None),  # nobody can tell which came first
        (date(2026, 11, 25), None, date(2026, 11, 25)),
    ],
)
async def test_a_look_at_a_meeting_on_a_later_day_outweighs_older_reports(
    db: Database, checked: date, reported: date | None, said: date | None
) -> None:
    world = await opened(db)
    for _ in range(2):
        await world.reports.keep(LEEDS, LOCKED)
    await looked_at(db, LEEDS, checked)
    assert await world.standings.of(LEEDS) == Standing(reported_on=reported, checked_on=said)


@pytest.mark.parametrize(
    ("text", "surely"),
    [
        ("The sign says the group for overdose families moved to the library", True),
        ("La puerta está cerrada, el cartel habla de una sobredosis", True),
        ("Someone took an overdose at the door", False),
        ("He took an overdose, the door is locked", False),
        ("I took an overdose and the door is locked", False),
        ("overdose", False),
    ],
)
def test_a_report_that_sounds_urgent_is_one_only_if_it_speaks_of_nobody(text: str, surely: bool) -> None:
    assert is_plainly_a_report(text) is surely
