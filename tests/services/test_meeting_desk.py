"""Meetings found, corrected, added, ended and checked by hand: by whom, and what waits for a second person."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from bot.domain.admin import PERMISSIONS, Deed, Role, Scope
from bot.domain.edits import Done
from bot.domain.errors import MeetingChanged, MeetingGone, NeedsTwo, NotPermitted, OutdatedButton
from bot.domain.fields import mark
from bot.domain.meeting import BY_HAND, Status, id_text
from bot.domain.reminder import Kind
from bot.services.upkeep import Upkeep
from bot.store import proposals
from bot.store.database import Connection, Database
from bot.store.tables import outbox, reminders
from tests.feeds.rows import DENVER, LEEDS, online_row, row
from tests.helping import AA, IN_AA, MEET, NOT_IN_AA, ZOOM
from tests.reminding import World as People
from tests.services.editing import OTHER, Editing, number

HALF_PAST = 19 * 60 + 30
WOMEN = online_row(slug="women", name="Women Online", types=["O", "ONL", "W"])
NEW = {"name": "Dawn", "fellowship": "aa", "weekday": 1, "start": 390, "city": "Denver", "country": "US"}


@pytest.fixture
async def here(db: Database) -> Editing:
    return Editing(db)


@pytest.fixture
async def quick(sqlite_db: Database) -> Editing:
    return Editing(sqlite_db)


def reasons(done: Done) -> set[tuple[str, str]]:
    return {(one.field, one.reason) for one in done.faults}


async def test_several_days_are_changed_at_once_and_each_is_written_down(here: Editing) -> None:
    ana = await here.open(row(), row(slug="two", name="Two", day=2), row(slug="three", name="Three", day=3))
    ids = [number(), number("two")]
    done = await here.desk.change(ana, ids, {"start": HALF_PAST, "duration": 90}, why="New hall")
    assert set(done.changed) == set(ids)
    assert {slug: one.start for slug, one in (await here.shown()).items()} == {
        "early-birds": HALF_PAST, "two": HALF_PAST, "three": 1140
    }  # fmt: skip
    written = {change.subject.id: change for change in await here.world.history() if change.id in done.changes}
    assert set(written) == {id_text(one) for one in ids}
    change = written[id_text(number())]
    assert (change.who.name, change.subject.title, change.deed) == ("Ana", "Early Birds", Deed.EDIT_MEETING)
    assert (change.before["start"], change.after["start"], change.after["why"]) == (1140, HALF_PAST, "New hall")


async def test_one_wrong_value_and_nothing_is_written(here: Editing) -> None:
    ana = await here.open()
    before = await here.shown()
    done = await here.desk.change(
        ana, [number(), number("online")], {"name": "Larks", "weekday": 9, "join_url": "http://zoom.us/j/1"}
    )
    assert reasons(done) == {("weekday", "day"), ("join_url", "link_http")}
    assert (await here.shown(), done.changed) == (before, ())
    assert all(change.subject.kind != "meeting" for change in await here.world.history())


async def test_what_would_leave_no_way_to_get_there_is_refused_with_its_reason(quick: Editing) -> None:
    ana = await quick.open()
    done = await quick.desk.change(ana, [number()], {"in_person": False})
    assert reasons(done) == {("in_person", "nowhere")}
    done = await quick.desk.change(ana, [number()], {"in_person": False, "online": True})
    assert reasons(done) == {("join_url", "no_way")}
    done = await quick.desk.change(ana, [number()], {"start": None})
    assert reasons(done) == {("start", "day_and_time")}
    done = await quick.desk.change(ana, [number()], {"fellowship": "nobody"})
    assert reasons(done) == {("fellowship", "fellowship")}


async def test_a_dead_link_is_taken_down_even_if_no_way_to_join_is_left(quick: Editing) -> None:
    ana = await quick.open()
    down = dict.fromkeys(("join_url", "join_notes", "join_id", "passcode"), "")
    done = await quick.desk.change(ana, [number("online")], down)
    assert done.changed == (number("online"),)
    assert (await quick.shown())["online"].join_url == ""


async def test_the_same_again_changes_nothing(quick: Editing) -> None:
    ana = await quick.open()
    assert (await quick.desk.change(ana, [number()], {"start": 1140})).unchanged == (number(),)
    await quick.desk.change(ana, [number()], {"start": HALF_PAST})
    assert (await quick.desk.change(ana, [number()], {"start": HALF_PAST})).unchanged == (number(),)
    until = quick.world.now + timedelta(days=1)
    assert (await quick.desk.change(ana, [number()], {"start": HALF_PAST}, until=until)).changed == (number(),)
    assert (await quick.sheet()).edits["start"].until == until


async def test_what_the_list_says_is_no_correction(quick: Editing) -> None:
    ana = await quick.open()
    await quick.desk.change(ana, [number()], {"start": HALF_PAST})
    await quick.desk.change(ana, [number()], {"start": 1140})
    assert (await quick.sheet()).edits == {}


async def test_giving_a_correction_up_lets_the_list_count_again(here: Editing) -> None:
    ana = await here.open()
    await here.desk.change(ana, [number()], {"start": HALF_PAST, "name": "Larks"})
    await here.sync(time="18:00", end_time="19:00")
    done = await here.desk.give_up(ana, [number()], ["start", "notes"])
    shown = (await here.shown())["early-birds"]
    assert (done.changed, shown.start, shown.name) == ((number(),), 1080, "Larks")


async def test_whoever_looked_at_something_else_is_told_so(here: Editing) -> None:
    ana = await here.open()
    seen = mark([(await here.sheet()).meeting])
    await here.desk.change(None, [number()], {"name": "Larks"})
    for deed in (
        here.desk.change(ana, [number()], {"start": HALF_PAST}, seen=seen),
        here.desk.end(ana, [number()], seen=seen),
        here.desk.give_up(ana, [number()], ["name"], seen=seen),
    ):
        with pytest.raises(MeetingChanged):
            await deed
    seen = mark([(await here.sheet()).meeting])
    assert (await here.desk.change(ana, [number()], {"start": HALF_PAST}, seen=seen)).changed


async def test_what_a_meeting_is_and_what_its_list_says_stand_on_one_sheet(here: Editing) -> None:
    ana = await here.open(row(), row(slug="wed", day=3), row(slug="two", name="Two"))
    await here.desk.change(ana, [number()], {"start": HALF_PAST})
    await here.desk.checked(ana, number())
    sheet = await here.desk.one(ana, number())
    assert (sheet.meeting.start, sheet.listed and sheet.listed.start, list(sheet.edits)) == (
        HALF_PAST,
        1140,
        ["start"],
    )
    assert [one.key for one in sheet.others] == ["wed"]
    assert sheet.checked_on == date(2026, 11, 24)
    assert sheet.about == Scope(frozenset({"aa"}), frozenset({"US/CO"}), frozenset({AA}))
    with pytest.raises(MeetingGone):
        await here.desk.one(ana, 5)


# Who may


@pytest.mark.parametrize(
    ("role", "name"),
    [
        (role, name)
        for role in Role
        for name in (*IN_AA, *NOT_IN_AA)
        if role is not Role.OWNER or name == "everything"
    ],
)
async def test_a_meeting_is_changed_by_whoever_looks_after_it(quick: Editing, role: Role, name: str) -> None:
    await quick.open()
    scope = {**IN_AA, **NOT_IN_AA}[name]
    who = await quick.helper(role, scope)
    in_scope = name in IN_AA
    deeds: list[Any] = [
        lambda: quick.desk.change(who, [number()], {"start": HALF_PAST}),
        lambda: quick.desk.give_up(who, [number()], ["start"]),
        lambda: quick.desk.end(who, [number()]),
        lambda: quick.desk.restore(who, [number()]),
        lambda: quick.desk.checked(who, number()),
    ]
    for deed in deeds:
        if in_scope and Deed.EDIT_MEETING in PERMISSIONS[role]:
            await deed()
        else:
            with pytest.raises(NotPermitted):
                await deed()
    if in_scope:
        assert (await quick.desk.one(who, number())).meeting.id == number()
    else:
        with pytest.raises(NotPermitted):
            await quick.desk.one(who, number())
        assert await quick.desk.find(who, "early") == []


async def test_nobody_moves_a_meeting_out_of_what_they_look_after(here: Editing) -> None:
    await here.open()
    local = await here.helper(scope=Scope(areas=frozenset({"US/CO"})))
    with pytest.raises(NotPermitted):
        await here.desk.change(local, [number()], {"country": "GB", "region": "England", "city": "Leeds"})
    with pytest.raises(NotPermitted):
        await here.desk.change(local, [number(), number("online")], {"region": "Utah"})
    both = await here.helper(scope=Scope(areas=frozenset({"US/CO", "US/Utah"})))
    assert (await here.desk.change(both, [number()], {"region": "Utah"})).changed
    assert (await here.shown())["early-birds"].region == "Utah"


async def test_one_meeting_outside_and_none_is_changed(here: Editing) -> None:
    await here.open(row(), row(slug="leeds", name="Leeds", formatted_address="1 Example St, Leeds, UK"))
    local = await here.helper(scope=Scope(areas=frozenset({"US"})))
    with pytest.raises(NotPermitted):
        await here.desk.change(local, [number(), number("leeds")], {"start": HALF_PAST})
    assert (await here.shown())["early-birds"].start == 1140


async def test_a_role_that_was_taken_meanwhile_changes_nothing(here: Editing) -> None:
    ana = await here.open()
    await here.world.admins.revoke(None, ana.id)
    with pytest.raises(NotPermitted):
        await here.desk.change(ana, [number()], {"start": HALF_PAST})
    assert (await here.shown())["early-birds"].start == 1140


# Finding


async def test_a_meeting_is_found_by_words_in_any_order_and_without_accents(here: Editing) -> None:
    rows = [
        row(slug="one", name="Reunión de la Mañana", location="Iglesia Peña"),
        row(slug="two", name="Morning Group", location="Example Church"),
        row(slug="three", name="Утренняя группа", location="Hall"),
    ]
    ana = await here.open(*rows)
    for text, slugs in {
        "manana reunion": ["one"], "PENA": ["one"], "mañana": ["one"], "church morning": ["two"],
        "80202 morning": ["two"], "группа": ["three"], "утренняя": ["three"], "example st": ["one", "two", "three"],
        "morning iglesia": [], "100%": [], "_": [], "": [], "'; drop table": [],
    }.items():  # fmt: skip
        found = await here.desk.find(ana, text)
        assert sorted(one.meeting.key for one in found) == sorted(slugs), text


async def test_a_meeting_is_found_by_its_digits_and_ended_ones_are_marked_and_last(here: Editing) -> None:
    ana = await here.open(row(), row(slug="two", name="Early Two"))
    await here.desk.end(ana, [number()])
    assert [(one.meeting.id, one.ended) for one in await here.desk.find(ana, id_text(number()))] == [(number(), True)]
    assert [(one.meeting.key, one.ended) for one in await here.desk.find(ana, "early")] == [
        ("two", False), ("early-birds", True)
    ]  # fmt: skip
    assert len(await here.desk.find(ana, "early", limit=1)) == 1


# Another door


async def test_a_new_address_does_not_keep_the_old_point_on_the_map(here: Editing) -> None:
    ana = await here.open(row(longitude=-104.5))
    await here.desk.change(ana, [number()], {"address": "99 Other St"})
    sheet = await here.sheet()
    assert (sheet.meeting.latitude, sheet.meeting.longitude) == DENVER
    assert not sheet.meeting.approximate
    assert sheet.edits["longitude"].derived
    await here.sync(formatted_address="99 Other St, Denver, CO 80202, USA")
    await here.desk.change(ana, [number()], {"address": (await here.sheet()).edits["address"].listed})
    after = (await here.sheet()).meeting
    assert (after.latitude, after.longitude, (await here.sheet()).edits) == (39.74, -104.5, {})


async def test_another_spelling_of_the_same_door_keeps_its_point(quick: Editing) -> None:
    ana = await quick.open(row(longitude=-104.5))
    await quick.desk.change(ana, [number()], {"address": "12 Example Street"})
    assert list((await quick.sheet()).edits) == ["address"]


async def test_another_town_brings_its_own_zone_and_an_unknown_one_no_point(here: Editing) -> None:
    ana = await here.open()
    there = {"address": "1 Example St", "city": "Leeds", "region": "England", "country": "GB", "postal_code": ""}
    await here.desk.change(ana, [number()], there)
    meeting = (await here.sheet()).meeting
    assert ((meeting.latitude, meeting.longitude), meeting.zone) == (LEEDS, "Europe/London")
    await here.desk.change(ana, [number()], {"city": "Nowhere", "address": "the old mill"})
    meeting = (await here.sheet()).meeting
    assert (meeting.latitude, meeting.longitude, meeting.approximate) == (None, None, True)


async def test_a_point_that_was_typed_is_taken(quick: Editing) -> None:
    ana = await quick.open()
    await quick.desk.change(ana, [number()], {"address": "9 Other St", "latitude": 39.7, "longitude": -105.0})
    meeting = (await quick.sheet()).meeting
    assert (meeting.latitude, meeting.longitude) == (39.7, -105.0)


async def test_a_length_that_was_typed_is_not_assumed_any_more(quick: Editing) -> None:
    ana = await quick.open(row(end_time=None))
    assert (await quick.shown())["early-birds"].duration_assumed
    await quick.desk.change(ana, [number()], {"duration": 75})
    assert not (await quick.shown())["early-birds"].duration_assumed
    await quick.desk.give_up(ana, [number()], ["duration"])
    assert (await quick.shown())["early-birds"].duration_assumed


# Without a list


async def test_a_meeting_is_added_by_hand_changed_ended_and_restored(here: Editing) -> None:
    ana = await here.open()
    done = await here.desk.add(ana, {**NEW, "address": "5 Example St", "tags": frozenset({"open"})})
    (new,) = done.changed
    sheet = await here.desk.one(ana, new)
    meeting = sheet.meeting
    assert (meeting.feed, meeting.zone, meeting.in_person, meeting.online) == (BY_HAND, "America/Denver", True, False)
    assert (meeting.latitude, meeting.longitude, sheet.listed) == (*DENVER, None)
    await here.desk.change(ana, [new], {"start": 400})
    sheet = await here.desk.one(ana, new)
    assert (sheet.meeting.start, sheet.edits, sheet.ended) == (400, {}, False)
    await here.desk.end(ana, [new])
    assert (await here.desk.one(ana, new)).ended
    assert await here.world.meetings(BY_HAND) == {}
    await here.desk.restore(ana, [new])
    assert list(await here.world.meetings(BY_HAND)) == ["Dawn"]


async def test_what_is_missing_of_a_new_meeting_is_named(quick: Editing) -> None:
    ana = await quick.open()
    assert reasons(await quick.desk.add(ana, {})) == {("name", "empty"), ("fellowship", "empty")}
    done = await quick.desk.add(ana, {"name": "Dawn", "fellowship": "aa", "weekday": 1})
    assert reasons(done) == {("start", "day_and_time"), ("in_person", "nowhere"), ("zone", "empty")}
    assert await quick.world.meetings(BY_HAND) == {}
    made = await quick.desk.drafted(NEW)
    assert not isinstance(made, tuple)
    assert await quick.world.meetings(BY_HAND) == {}


async def test_a_meeting_is_added_only_where_somebody_looks_after(quick: Editing) -> None:
    await quick.open()
    local = await quick.helper(scope=Scope(areas=frozenset({"GB"})))
    with pytest.raises(NotPermitted):
        await quick.desk.add(local, NEW)


async def test_a_copy_of_a_meeting_is_another_one_by_hand(here: Editing) -> None:
    ana = await here.open()
    done = await here.desk.duplicate(ana, number(), {"weekday": 4})
    (new,) = done.changed
    meeting, original = (await here.desk.one(ana, new)).meeting, (await here.shown())["early-birds"]
    assert (meeting.weekday, meeting.start, meeting.address) == (4, original.start, original.address)
    assert (meeting.latitude, meeting.feed, meeting.id == original.id) == (original.latitude, BY_HAND, False)


async def test_a_meeting_that_its_list_dropped_can_only_be_copied(here: Editing) -> None:
    ana = await here.open(row(), *(row(slug=f"s{one}", name=f"Group {one}", day=2) for one in range(6)))
    here.listed.pop("early-birds")
    await here.sync()
    for deed in (
        here.desk.change(ana, [number()], {"start": 600}), here.desk.restore(ana, [number()]),
        here.desk.end(ana, [number()]), here.desk.checked(ana, number()), here.desk.change(ana, [1], {"start": 600}),
    ):  # fmt: skip
        with pytest.raises(MeetingGone):
            await deed
    assert (await here.desk.duplicate(ana, number(), {})).changed


async def test_different_values_new_ones_and_a_note_are_one_deed(here: Editing) -> None:
    ana = await here.open()
    noted: list[Done] = []

    async def note(_connection: Connection, done: Done) -> None:
        noted.append(done)
        if len(noted) == 2:
            raise RuntimeError

    changes = {number(): {"start": 600}, number("online"): {"name": "Larks"}}
    done = await here.desk.change_each(ana, changes, added=[NEW], note=note, deed=Deed.BULK)
    assert (len(done.changed), noted) == (3, [done])
    assert {change.deed for change in await here.world.history() if change.id in done.changes} == {Deed.BULK}
    with pytest.raises(RuntimeError):
        await here.desk.change_each(ana, {number(): {"start": 700}}, note=note)
    shown = await here.shown()
    assert (shown["early-birds"].start, shown["online"].name) == (600, "Larks")
    done = await here.desk.change_each(ana, {number(): {"start": 800}}, added=[{"name": "X"}], note=note)
    assert (reasons(done), len(noted)) == ({("fellowship", "empty")}, 2)


async def test_a_button_that_is_pressed_twice_adds_one_meeting_and_asks_one_second_person(here: Editing) -> None:
    ana = await here.open(row(), WOMEN)
    first, again = [await here.desk.add(ana, NEW | {"address": "5 Example St"}) for _ in range(2)]
    assert (again.changed, again.changes, again.unchanged) == ((), (), first.changed)
    copied, twice = [await here.desk.duplicate(ana, number(), {"weekday": 4}) for _ in range(2)]
    assert (twice.changed, twice.unchanged) == ((), copied.changed)
    for_women = NEW | {"address": "5 Example St", "tags": frozenset({"women"})}
    for deed in (
        lambda: here.desk.add(ana, for_women),
        lambda: here.desk.change(ana, [number("women")], {"join_url": "https://zoom.us/j/5550109999"}),
    ):
        one, other = await deed(), await deed()
        assert one.proposed == other.proposed
    assert len(await here.desk.proposals(ana)) == 2
    await here.desk.end(ana, first.changed)
    assert (await here.desk.add(ana, NEW | {"address": "5 Example St"})).changed


# The same meeting in two lists


async def test_a_meeting_of_two_lists_is_corrected_in_both(here: Editing) -> None:
    ana = await here.open()
    await here.file(
        OTHER,
        row(slug="77", name="Early Birds Group", notes="Bring a cup"),
        row(slug="78", name="Noon", time="12:00"),
    )
    twin = number("77", OTHER)
    done = await here.desk.change(ana, [number()], {"weekday": 2, "start": HALF_PAST})
    assert (set(done.changed), done.also, done.elsewhere) == ({number(), twin}, (twin,), ())
    other = await here.shown(OTHER)
    assert {slug: (one.weekday, one.start) for slug, one in other.items()} == {"77": (2, HALF_PAST), "78": (1, 720)}
    assert other["77"].notes == "Bring a cup"
    await here.desk.give_up(ana, [number()], ["start"])
    both = (await here.shown(OTHER))["77"], (await here.shown())["early-birds"]
    assert {(one.weekday, one.start) for one in both} == {(2, 1140)}
    await here.desk.end(ana, [number()])
    assert "77" not in await here.shown(OTHER)
    await here.desk.restore(ana, [number()])
    assert "77" in await here.shown(OTHER)


async def test_another_lists_row_outside_ones_scope_is_left_and_told(here: Editing) -> None:
    await here.open()
    await here.file(OTHER, row(slug="77", name="Early Birds"))
    local = await here.helper(scope=Scope(feeds=frozenset({AA})))
    done = await here.desk.change(local, [number()], {"start": HALF_PAST})
    assert (done.changed, done.elsewhere) == ((number(),), (number("77", OTHER),))
    assert (await here.shown(OTHER))["77"].start == 1140


# Two people


async def test_what_another_list_calls_a_womens_meeting_takes_two_in_every_list(here: Editing) -> None:
    """One list says that it is for women, the other does not: people are shown one meeting, with either's door."""
    await here.open(row(types=["W"]))
    await here.file(OTHER, row(slug="77", name="Early Birds"))
    twin, ana = number("77", OTHER), await here.helper(scope=Scope(feeds=frozenset({OTHER})))
    done = await here.desk.change(ana, [twin], {"address": "5 Example St, Denver, CO 80202"})
    assert (len(done.proposed), done.changed) == (1, ())
    assert {one.address for one in (await here.shown(OTHER)).values()} == {(await here.sheet()).meeting.address}
    assert (await here.desk.change(ana, [twin], {"notes": "Bring a cup"})).changed == (twin,)
    whole = await here.helper()
    assert len((await here.desk.change(whole, [number()], {"tags": frozenset({"open"})})).proposed) == 1


async def test_a_link_of_a_womens_meeting_waits_for_a_second_person(here: Editing) -> None:
    ana = await here.open(row(), WOMEN)
    ben = await here.helper(name="Ben")
    women = number("women")
    done = await here.desk.change(ana, [women, number()], {"join_url": MEET, "start": 600}, why="They moved")
    assert (done.changed, len(done.proposed)) == ((number(),), 1)
    assert (await here.shown())["women"].join_url == ZOOM
    (waiting,) = await here.desk.proposals(ben)
    assert (waiting.kind, waiting.author.name, waiting.why) == ("change", "Ana", "They moved")
    assert (waiting.before["join_url"], waiting.after["join_url"]) == (ZOOM, MEET)
    assert (await here.desk.one(ana, women)).proposals == (waiting,)
    with pytest.raises(NeedsTwo):
        await here.desk.decide(ana, waiting.id, accept=True)
    assert (await here.desk.decide(ben, waiting.id, accept=True)).changed == (women,)
    shown = (await here.shown())["women"]
    assert (shown.join_url, shown.start) == (MEET, 600)
    assert (await here.desk.one(ana, women)).edits["join_url"].author.name == "Ana"
    assert (await here.world.history())[0].who.name == "Ben"
    assert await here.desk.proposals(ben) == []
    with pytest.raises(OutdatedButton):
        await here.desk.decide(ben, waiting.id, accept=True)


async def test_taking_a_link_down_takes_one_and_putting_it_back_takes_two(here: Editing) -> None:
    ana = await here.open(WOMEN)
    await here.desk.change(ana, [number("women")], {"join_url": "", "join_id": ""})
    assert (await here.shown())["women"].join_url == ""
    done = await here.desk.give_up(ana, [number("women")], ["join_url", "join_id"])
    assert (done.changed, len(done.proposed)) == ((), 1)
    ben = await here.helper()
    await here.desk.decide(ben, done.proposed[0], accept=True)
    assert (await here.shown())["women"].join_url == ZOOM
    assert (await here.sheet("women")).edits == {}


async def test_ending_takes_one_and_restoring_or_adding_takes_two(here: Editing) -> None:
    ana = await here.open(WOMEN)
    ben = await here.helper()
    await here.desk.end(ana, [number("women")])
    done = await here.desk.change(ana, [number("women")], {"join_url": MEET})
    assert (done.changed, len(done.proposed)) == ((), 1)
    await here.desk.decide(ana, done.proposed[0], accept=False)
    done = await here.desk.restore(ana, [number("women")])
    assert (await here.shown(), len(done.proposed)) == ({}, 1)
    await here.desk.decide(ben, done.proposed[0], accept=True)
    assert "women" in await here.shown()
    for done in (
        await here.desk.add(ana, {**NEW, "fellowship": "alateen"}),
        await here.desk.duplicate(ana, number("women"), {"weekday": 5}),
    ):
        assert done.changed == ()
        (new,) = (await here.desk.decide(ben, done.proposed[0], accept=True)).changed
        assert not (await here.desk.one(ana, new)).ended
    assert len(await here.world.meetings(BY_HAND)) == 2


async def test_an_owner_may_agree_with_themselves_after_a_day(here: Editing) -> None:
    await here.open(WOMEN)
    owner, admin = await here.helper(Role.OWNER), await here.helper(Role.ADMIN)
    for who in (owner, None, admin):
        done = await here.desk.change(who, [number("women")], {"passcode": f"55501{who.id if who else 0}"})
        here.world.now += timedelta(hours=23)
        with pytest.raises(NeedsTwo):
            await here.desk.decide(who, done.proposed[0], accept=True)
        here.world.now += timedelta(hours=1)
        if who is admin:
            with pytest.raises(NeedsTwo):
                await here.desk.decide(who, done.proposed[0], accept=True)
        else:
            assert (await here.desk.decide(who, done.proposed[0], accept=True)).changed


async def test_whoever_lost_the_role_is_no_second_person(here: Editing) -> None:
    ana = await here.open(WOMEN)
    done = await here.desk.change(ana, [number("women")], {"join_url": MEET})
    await here.world.admins.revoke(None, ana.id)
    ben = await here.helper()
    with pytest.raises(NeedsTwo):
        await here.desk.decide(ben, done.proposed[0], accept=True)
    assert (await here.desk.decide(ben, done.proposed[0], accept=False, reason="Who was that?")).changes
    change = (await here.world.history())[0]
    assert (change.before, change.after) == ({"state": "open"}, {"state": "rejected", "why": "Who was that?"})
    assert await here.desk.proposals(ben) == []


async def test_a_proposal_is_decided_by_whoever_looks_after_the_meeting(quick: Editing) -> None:
    ana = await quick.open(WOMEN)
    (number_,) = (await quick.desk.change(ana, [number("women")], {"join_url": MEET})).proposed
    stranger = await quick.helper(Role.ADMIN, Scope(areas=frozenset({"GB"})))
    assert await quick.desk.proposals(stranger) == []
    for accept in (True, False):
        with pytest.raises(NotPermitted):
            await quick.desk.decide(stranger, number_, accept=accept)
    reviewer = await quick.helper(Role.REVIEWER)
    assert (await quick.desk.decide(reviewer, number_, accept=True)).changed


async def test_the_tag_that_guards_a_meeting_is_guarded_itself(quick: Editing) -> None:
    ana = await quick.open(row(), WOMEN)
    for slug, tags in (("women", frozenset({"open"})), ("early-birds", frozenset({"open", "women"}))):
        done = await quick.desk.change(ana, [number(slug)], {"tags": tags})
        assert (done.changed, len(done.proposed)) == ((), 1)


async def test_a_meeting_that_pauses_is_still_there(quick: Editing) -> None:
    ana = await quick.open()
    await quick.desk.change(ana, [number()], {"status": Status.SUSPENDED})
    await quick.sync()
    assert (await quick.shown())["early-birds"].status is Status.SUSPENDED


# People who asked to be reminded


async def _reminded(database: Database) -> tuple[datetime | None, list[int]]:
    """When the one reminder's meeting begins, and what waits to be sent."""
    async with database.read() as connection:
        begins = (await connection.execute(select(reminders.c.starts_at))).scalar_one()
        return begins, list(await connection.scalars(select(outbox.c.kind).order_by(outbox.c.id)))


async def test_whoever_is_reminded_is_told_of_the_new_hour_and_of_an_end(here: Editing) -> None:
    ana = await here.open()
    people = People(here.database, now=here.world.now)
    await people.wanted((await here.shown())["early-birds"])
    next_monday = datetime(2026, 12, 1, 2, 0, tzinfo=UTC)
    await here.desk.change(ana, [number()], {"start": HALF_PAST, "zone": "Nowhere/Else"})
    assert await _reminded(here.database) == (next_monday, [])
    done = await here.desk.change(ana, [number()], {"start": HALF_PAST})
    assert await _reminded(here.database) == (next_monday + timedelta(minutes=30), [Kind.NOTICE])
    await here.world.desk.audit.undo(done.changes[0], ana)
    assert (await _reminded(here.database))[0] == next_monday
    await here.desk.end(ana, [number()])
    assert (await _reminded(here.database))[0] is None


async def test_what_was_answered_is_forgotten_after_a_season_and_what_waits_is_not(here: Editing) -> None:
    ana = await here.open(row(), WOMEN)
    link = {"join_url": "https://zoom.us/j/5550109999"}
    (answered,) = (await here.desk.change(ana, [number("women")], link)).proposed
    await here.desk.decide(ana, answered, accept=False)
    (waits,) = (await here.desk.change(ana, [number("women")], link)).proposed
    for days, left in ((89, {answered, waits}), (91, {waits})):
        await Upkeep(here.database).run(here.world.now + timedelta(days=days))
        async with here.database.read() as connection:
            assert {one for one in (answered, waits) if await proposals.by_id(connection, one)} == left
