"""What waits behind /admin: for whom, in which order, and what becomes of each thing that is answered."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from bot.domain.admin import Deed, Role, Scope
from bot.domain.errors import NeedsTwo, NotPermitted, OutdatedButton
from bot.domain.meeting import Meeting
from bot.domain.queue import Item, Kind, told
from bot.domain.report_kinds import ReportKind
from bot.domain.suggestion import Kind as About
from bot.domain.suggestion import State, Subject
from bot.services.suggestions import Suggestions
from bot.store.database import Database
from tests.feeds.rows import online_row, row
from tests.helping import AA, IN_AA, MEET, NA, NOT_IN_AA, ZOOM, World

THREE = ("Night Lamp", "Early Birds", "Third Room")
SOURCE = "The third sentence is not what the source says: https://example.org/page"


async def waits(world: World, who: Any, kind: Kind) -> list[Item]:
    return [one for one in await world.desk.queue.items(who) if one.kind is kind]


async def only(world: World, who: Any, kind: Kind) -> Item:
    (item,) = await waits(world, who, kind)
    return item


async def reported(world: World, name: str, *kinds: ReportKind) -> Meeting:
    meeting = (await world.meetings())[name]
    for kind in kinds:
        await world.desk.reports.keep(meeting, kind)
    return meeting


async def suggested(world: World, subject: Subject, text: str = SOURCE) -> None:
    await Suggestions(world.database, clock=lambda: world.now).keep(subject, text)


ARTICLE = Subject(About.ARTICLE, "first-meeting", "en", "1.0")
CARD = Subject(About.FELLOWSHIP, "aa", "en")


def guarded(*names: str, url: str = ZOOM) -> list[dict[str, Any]]:
    return [online_row(slug=name, name=name, conference_url=url, types=["W"]) for name in names]


async def listed(world: World, rows: list[dict[str, Any]]) -> None:
    world.now += timedelta(days=1)
    world.answers[AA] = rows
    await world.sync.enable(AA)
    await world.sync.sync(AA)


async def test_reports_of_today_come_first_then_other_reports_then_the_rest(db: Database) -> None:
    world = World(db)
    owner = await world.helper(Role.OWNER)
    every = [online_row(slug=name, name=name, day=day) for name, day in (("Sunday", 0), ("Wednesday", 3))]
    await listed(world, [*every, online_row(slug="Old", name="Old", updated="2020-01-01 10:00:00")])
    assert world.now.isoweekday() == 3
    await suggested(world, ARTICLE)
    await reported(world, "Sunday", ReportKind.TIME, ReportKind.TIME)
    await reported(world, "Wednesday", ReportKind.LINK)
    page = await world.desk.queue.page(owner, 1)
    assert [(one.kind, one.title, one.today) for one in page.items] == [
        (Kind.REPORT, "Wednesday", True),
        (Kind.REPORT, "Sunday", False),
        (Kind.SUGGESTION, "first-meeting", False),
        (Kind.OLD, "Denver AA", False),
    ]
    assert (page.number, page.pages, page.items[0].source) == (1, 1, "Denver AA")
    assert await world.desk.queue.counts(owner) == {Kind.REPORT: 2, Kind.SUGGESTION: 1, Kind.OLD: 1} == page.counts


async def test_a_page_has_five_and_a_page_that_is_not_there_is_the_last(db: Database) -> None:
    world = World(db)
    owner = await world.helper(Role.OWNER)
    for number in range(7):
        await suggested(world, ARTICLE, f"{SOURCE}{number}")
    pages = [await world.desk.queue.page(owner, number) for number in (1, 2, 9)]
    assert [(page.number, page.pages, len(page.items)) for page in pages] == [(1, 2, 5), (2, 2, 2), (2, 2, 2)]
    assert len({one.key for page in pages for one in page.items}) == 7
    alone = await world.desk.queue.page(owner, 1, Kind.HELD)
    assert (alone.items, alone.pages) == ((), 1)


@pytest.mark.parametrize("role", Role)
async def test_nobody_sees_what_lies_outside_of_role_and_scope(sqlite_db: Database, role: Role) -> None:
    world = World(sqlite_db)
    await listed(world, [online_row(slug=name, name=name, updated="2020-01-01 10:00:00") for name in THREE])
    await world.listed(*THREE, url=MEET)
    await reported(world, "Night Lamp", ReportKind.LINK)
    await suggested(world, ARTICLE)
    await suggested(world, CARD)
    decides = role is not Role.EDITOR
    for name, scope in {**IN_AA, **NOT_IN_AA}.items():
        if role is Role.OWNER and scope:
            continue
        who = await world.helper(role, scope)
        inside = name in IN_AA
        seen = {(one.kind, one.title) for one in await world.desk.queue.items(who)}
        expected = {
            (Kind.REPORT, "Night Lamp"): inside,
            (Kind.HELD, "Denver AA"): inside,
            (Kind.SUGGESTION, "aa"): decides and scope.covers(Scope(frozenset({"aa"}))),
            (Kind.SUGGESTION, "first-meeting"): decides and not scope,
        }
        assert seen == {item for item, there in expected.items() if there}, name


async def test_a_revoked_helper_sees_nothing_and_can_answer_nothing(db: Database) -> None:
    world = World(db)
    who = await world.helper(Role.ADMIN)
    await suggested(world, ARTICLE)
    item = await only(world, who, Kind.SUGGESTION)
    await world.admins.revoke(None, who.id)
    with pytest.raises(NotPermitted):
        await world.desk.queue.answer_suggestion(who, item.key, State.USED)
    with pytest.raises(NotPermitted):
        await world.desk.queue.put_off(who, item, 1)
    owner = await world.helper(Role.OWNER)
    assert await only(world, owner, Kind.SUGGESTION) == item


async def test_what_is_put_off_comes_back_by_itself_and_can_be_called_back(db: Database) -> None:
    world = World(db)
    owner = await world.helper(Role.OWNER)
    await suggested(world, ARTICLE)
    item = await only(world, owner, Kind.SUGGESTION)
    until, change = await world.desk.queue.put_off(owner, item, 7)
    assert until == world.now + timedelta(days=7)
    assert await world.desk.queue.items(owner) == []
    assert await world.desk.queue.one(owner, item.kind, item.key) is None
    undone = await world.desk.audit.undo(change, owner)
    assert (undone.fields, undone.conflicts) == (("until",), ())
    assert await world.desk.queue.items(owner) == [item]
    await world.desk.queue.put_off(owner, item, 1)
    world.now += timedelta(days=1, seconds=1)
    assert await world.desk.queue.items(owner) == [item]


async def test_one_more_report_brings_a_report_back_that_was_put_off(db: Database) -> None:
    world = World(db)
    owner = await world.helper(Role.OWNER)
    await world.listed(*THREE)
    await reported(world, "Night Lamp", ReportKind.LINK)
    await world.desk.queue.put_off(owner, await only(world, owner, Kind.REPORT), 30)
    assert await waits(world, owner, Kind.REPORT) == []
    await reported(world, "Night Lamp", ReportKind.LINK)
    assert (await only(world, owner, Kind.REPORT)).what.count == 2


async def test_a_suggestion_is_answered_once_with_its_reason_and_can_wait_again(db: Database) -> None:
    world = World(db)
    owner = await world.helper(Role.OWNER, name="Ana")
    await suggested(world, CARD)
    item = await only(world, owner, Kind.SUGGESTION)
    change = await world.desk.queue.answer_suggestion(owner, item.key, State.DECLINED, "The source\nsays otherwise.")
    (told_of, *_) = await world.history()
    assert (told_of.id, told_of.who, told_of.deed) == (change, owner.author, Deed.ANSWER_SUGGESTIONS)
    assert (told_of.before, told_of.after) == (
        {"state": "waiting"},
        {"state": "declined", "reason": "The source\nsays otherwise."},
    )
    with pytest.raises(OutdatedButton):
        await world.desk.queue.answer_suggestion(owner, item.key, State.USED)
    await world.desk.audit.undo(change, owner)
    assert await only(world, owner, Kind.SUGGESTION) == item


async def test_a_dead_link_is_taken_down_by_one_person_at_once_and_stays_down(db: Database) -> None:
    world = World(db)
    editor = await world.helper(Role.EDITOR, Scope(feeds=frozenset({AA})))
    await listed(world, guarded("Lantern"))
    meeting = await reported(world, "Lantern", ReportKind.LINK)
    done = await world.desk.queue.take_down(editor, meeting.id, 0, "link dead")
    assert (done.changed, done.proposed, done.faults) == ((meeting.id,), (), ())
    assert (await world.meetings())["Lantern"].join_url == ""
    await listed(world, guarded("Lantern"))
    assert (await world.meetings())["Lantern"].join_url == ""
    with pytest.raises(NeedsTwo):  # putting it up again is another matter
        await world.desk.audit.undo(done.changes[0], editor)
    with pytest.raises(OutdatedButton):
        await world.desk.queue.take_down(editor, meeting.id, 2, "")


async def test_a_held_link_of_a_guarded_meeting_takes_a_second_person(db: Database) -> None:
    world = World(db)
    first, second = [await world.helper(Role.REVIEWER, name=name) for name in ("Ana", "Bo")]
    await listed(world, guarded("Lantern"))
    await listed(world, guarded("Lantern", url=MEET))
    report = await world.desk.feeds.accept(first, AA)
    assert (report.proposed, report.changed, report.held) == (1, 0, 0)
    assert (await world.meetings())["Lantern"].join_url == ZOOM
    item = await only(world, first, Kind.PROPOSAL)
    assert (item.title, item.what.kind, item.what.author) == ("Lantern", "links", replace(first.author, role=None))
    assert (item.what.before["join_url"], item.what.after["join_url"]) == (ZOOM, MEET)
    with pytest.raises(NeedsTwo):
        await world.desk.meetings.decide(first, item.key, True)
    await listed(world, guarded("Lantern", url=MEET))
    assert await waits(world, first, Kind.HELD) == []
    await world.desk.meetings.decide(second, item.key, True)
    assert (await world.meetings())["Lantern"].join_url == MEET
    await listed(world, guarded("Lantern", url=MEET))
    assert (await world.meetings())["Lantern"].join_url == MEET
    assert await world.desk.queue.items(first) == []


async def test_a_link_that_the_second_person_turns_down_is_not_asked_about_again(db: Database) -> None:
    world = World(db)
    first, second = [await world.helper(Role.REVIEWER) for _ in range(2)]
    await listed(world, guarded("Lantern"))
    await listed(world, guarded("Lantern", url=MEET))
    await world.desk.feeds.accept(first, AA)
    item = await only(world, second, Kind.PROPOSAL)
    await world.desk.meetings.decide(second, item.key, False, "A stranger's room")
    await listed(world, guarded("Lantern", url=MEET))
    assert (await world.meetings())["Lantern"].join_url == ZOOM
    assert await world.desk.queue.items(second) == []


async def test_other_links_held_with_a_guarded_one_are_taken_at_once(db: Database) -> None:
    world = World(db)
    reviewer = await world.helper(Role.REVIEWER)
    for url in (ZOOM, MEET):
        plain = online_row(slug="Plain", name="Plain", conference_url=url)
        await listed(world, [*guarded("Lantern", url=url), plain])
    report = await world.desk.feeds.accept(reviewer, AA)
    assert (report.proposed, report.changed, report.held) == (1, 1, 0)
    assert {name: one.join_url for name, one in (await world.meetings()).items()} == {"Lantern": ZOOM, "Plain": MEET}


async def test_the_command_line_takes_guarded_links_at_once(db: Database) -> None:
    world = World(db)
    await listed(world, guarded("Lantern"))
    await listed(world, guarded("Lantern", url=MEET))
    report = await world.desk.feeds.accept(None, AA)
    assert (report.proposed, report.changed) == (0, 1)
    assert "proposed" not in report.report()
    assert (await world.meetings())["Lantern"].join_url == MEET
    (change, *_) = await world.history()
    with pytest.raises(NeedsTwo):  # to put the old one up again takes two as well
        await world.desk.audit.undo(change.id, await world.helper(Role.OWNER))
    await world.desk.audit.undo(change.id, None)
    assert (await world.meetings())["Lantern"].join_url == ZOOM


async def test_an_owner_may_confirm_alone_after_a_day_and_is_told_when(db: Database) -> None:
    world = World(db)
    owner, reviewer = await world.helper(Role.OWNER), await world.helper(Role.REVIEWER)
    await listed(world, guarded("Lantern"))
    meeting = (await world.meetings())["Lantern"]
    done = await world.desk.meetings.change(owner, [meeting.id], {"join_url": MEET})
    item = await only(world, owner, Kind.PROPOSAL)
    assert done.proposed == (item.key,)
    assert world.desk.queue.alone_from(reviewer, item.what) is None
    alone_from = world.desk.queue.alone_from(owner, item.what)
    assert alone_from is not None
    world.now = alone_from - timedelta(seconds=1)
    with pytest.raises(NeedsTwo):
        await world.desk.meetings.decide(owner, item.key, True)
    world.now = alone_from
    await world.desk.meetings.decide(owner, item.key, True)
    assert (await world.meetings())["Lantern"].join_url == MEET


async def test_a_list_that_says_something_new_where_somebody_set_something_else_waits(db: Database) -> None:
    world = World(db)
    editor = await world.helper(Role.EDITOR)
    for time in ("19:00", "18:00"):
        await listed(world, [online_row(slug="Lamp", name="Lamp", time=time)])
        if time == "19:00":
            meeting = (await world.meetings())["Lamp"]
            await world.desk.meetings.change(editor, [meeting.id], {"start": 20 * 60})
            assert await waits(world, editor, Kind.CONFLICT) == []
    item = await only(world, editor, Kind.CONFLICT)
    assert (item.title, item.source, item.what.field) == ("Lamp", "Denver AA", "start")
    assert (item.what.value, item.what.listed, item.what.based_on) == (20 * 60, 18 * 60, 19 * 60)
    assert await waits(world, await world.helper(Role.REVIEWER), Kind.CONFLICT) == []
    await world.desk.meetings.change(editor, [meeting.id], {"start": item.what.value})
    assert await waits(world, editor, Kind.CONFLICT) == []
    assert (await world.meetings())["Lamp"].start == 20 * 60


async def test_meetings_that_a_list_dropped_wait_together_until_they_were_seen(db: Database) -> None:
    world = World(db)
    reviewer = await world.helper(Role.REVIEWER)
    names = [f"Room {number}" for number in range(9)]
    await world.listed(*names)
    await world.listed(*names[1:])
    item = await only(world, reviewer, Kind.VANISHED)
    assert (item.title, item.what.count, item.since) == ("Denver AA", 1, world.now)
    assert [one.name for one in await world.desk.queue.meetings_of(reviewer, item)] == ["Room 0"]
    await world.desk.queue.put_off(reviewer, item, 30)
    assert await world.desk.queue.items(reviewer) == []
    await world.listed(*names[2:])
    again = await only(world, reviewer, Kind.VANISHED)
    assert (again.what.count, again.key) == (2, item.key)
    world.now += timedelta(days=31)
    assert await waits(world, reviewer, Kind.VANISHED) == []


async def test_a_meeting_that_a_person_ended_is_not_told_as_dropped(db: Database) -> None:
    world = World(db)
    editor = await world.helper(Role.EDITOR)
    await world.listed(*THREE)
    meeting = (await world.meetings())["Night Lamp"]
    await world.desk.meetings.end(editor, [meeting.id])
    await world.listed(*THREE)
    assert await waits(world, editor, Kind.VANISHED) == []


async def test_rows_that_nobody_touched_for_a_year_wait_together_until_somebody_looked(db: Database) -> None:
    world = World(db)
    editor, reviewer = await world.helper(Role.EDITOR), await world.helper(Role.REVIEWER)
    days = ("2020-01-01", "2024-06-01", "2026-11-01")
    await listed(world, [online_row(slug=day, name=day, updated=f"{day} 10:00:00") for day in days])
    item = await only(world, editor, Kind.OLD)
    old = await world.desk.queue.meetings_of(editor, item)
    assert ([one.name for one in old], item.what.count, item.what.late) == (list(days[:2]), 2, None)
    assert item.since.date() == date(2020, 1, 1)
    assert await waits(world, reviewer, Kind.OLD) == []
    await world.desk.meetings.checked(editor, old[0].id)
    assert [one.name for one in await world.desk.queue.meetings_of(editor, item)] == ["2024-06-01"]
    await world.desk.meetings.checked(editor, old[1].id)
    assert await waits(world, editor, Kind.OLD) == []
    world.now += timedelta(days=366)
    assert (await only(world, editor, Kind.OLD)).what.count == 3


async def test_a_list_that_is_late_waits_for_those_who_look_after_it(db: Database) -> None:
    world = World(db)
    editor = await world.helper(Role.EDITOR, Scope(feeds=frozenset({AA})))
    other = await world.helper(Role.EDITOR, Scope(feeds=frozenset({NA})))
    await world.listed(*THREE)
    read_at = world.now
    world.now += timedelta(days=3)
    item = await only(world, editor, Kind.OLD)
    assert (item.what.late, item.what.count, item.since) == (read_at, 0, read_at)
    assert await world.desk.queue.items(other) == []


async def test_whoever_looks_after_a_part_of_a_list_puts_off_that_part_alone(db: Database) -> None:
    world = World(db)
    part = await world.helper(Role.EDITOR, Scope(areas=frozenset({"US/CO"})))
    owner = await world.helper(Role.OWNER)
    await listed(world, [row(slug="a", name="a", updated="2020-01-01 10:00:00")])
    await world.desk.queue.put_off(part, await only(world, part, Kind.OLD), 30)
    assert await waits(world, part, Kind.OLD) == []
    assert (await only(world, owner, Kind.OLD)).what.count == 1


def test_a_number_that_no_queue_made_is_an_old_button() -> None:
    for number in (0, 15, 31 << 4 | 1, 65535):
        with pytest.raises(OutdatedButton):
            told(number)
