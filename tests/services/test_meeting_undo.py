"""What was done to meetings by hand is taken back: exactly, field by field, also after other changes."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.domain.admin import Admin, Scope
from bot.domain.audit import Undone
from bot.domain.edits import ENDED, Sheet
from bot.domain.errors import MeetingGone, NeedsTwo, NotPermitted
from bot.domain.meeting import BY_HAND
from bot.store.database import Database
from tests.feeds.rows import online_row, row
from tests.helping import AA, MEET, ZOOM
from tests.services.editing import OTHER, Editing, number

HALF_PAST = 19 * 60 + 30
WOMEN = online_row(slug="women", name="Women Online", types=["O", "ONL", "W"])


@pytest.fixture
async def here(db: Database) -> Editing:
    return Editing(db)


async def undo(here: Editing, who: Admin | None, change: int, *, despite_conflicts: bool = False) -> Undone:
    return await here.world.desk.audit.undo(change, who, despite_conflicts=despite_conflicts)


def state(sheet: Sheet) -> tuple[Any, ...]:
    """Everything of a meeting that an undo has to bring back."""
    return sheet.meeting, sheet.listed, dict(sheet.edits), sheet.ended, sheet.vanished_at is None, sheet.checked_on


async def test_every_kind_of_change_is_taken_back_exactly_and_brought_back_again(here: Editing) -> None:
    ana = await here.open(row(end_time=None, longitude=-104.5))
    until = here.world.now + timedelta(days=9)
    await here.desk.change(None, [number()], {"notes": "Back door"}, why="As asked", until=until)
    there = {"address": "1 Example St", "city": "Leeds", "country": "GB", "region": "", "postal_code": ""}
    deeds: list[Any] = [
        lambda: here.desk.change(ana, [number()], {"start": HALF_PAST, "tags": frozenset({"closed"})}, why="Told"),
        lambda: here.desk.change(ana, [number()], {"notes": "Front door"}),
        lambda: here.desk.change(ana, [number()], {"notes": "Back door"}, until=until + timedelta(days=1)),
        lambda: here.desk.change(ana, [number()], there),
        lambda: here.desk.change(ana, [number()], {"duration": 90, "languages": ("es",)}),
        lambda: here.desk.give_up(ana, [number()], ["notes"]),
        lambda: here.desk.end(ana, [number()]),
        lambda: here.desk.change(ana, [number()], {ENDED: True}, until=until),
    ]
    for deed in deeds:
        before = state(await here.sheet())
        (change,) = (await deed()).changes
        after = state(await here.sheet())
        assert after != before
        here.world.now += timedelta(minutes=1)
        assert (await undo(here, ana, change)).fields
        assert state(await here.sheet()) == before
        await undo(here, ana, (await here.world.history())[0].id)
        assert state(await here.sheet()) == after
        await undo(here, ana, (await here.world.history())[0].id)
        assert state(await here.sheet()) == before


async def test_a_restored_an_added_and_a_checked_meeting_are_taken_back(here: Editing) -> None:
    ana = await here.open()
    await here.desk.end(ana, [number()])
    before = state(await here.sheet())
    (change,) = (await here.desk.restore(ana, [number()])).changes
    await undo(here, ana, change)
    assert state(await here.sheet()) == before
    done = await here.desk.duplicate(ana, number("online"), {"weekday": 4})
    await undo(here, ana, done.changes[0])
    assert await here.world.meetings(BY_HAND) == {}
    assert (await here.desk.one(ana, done.changed[0])).ended
    await here.desk.restore(ana, done.changed)
    changed = await here.desk.change(ana, done.changed, {"weekday": 5})
    await undo(here, ana, changed.changes[0])
    assert (await here.desk.one(ana, done.changed[0])).meeting.weekday == 4
    await here.desk.checked(ana, number("online"))
    await undo(here, ana, (await here.world.history())[0].id)
    assert (await here.sheet("online")).checked_on is None


async def test_other_changes_of_the_same_meeting_stay(here: Editing) -> None:
    ana = await here.open()
    first = await here.desk.change(ana, [number()], {"start": HALF_PAST, "name": "Larks"})
    await here.desk.change(ana, [number()], {"notes": "Back door"})
    await here.sync(postal_code="80203", group="Group One")
    await undo(here, ana, first.changes[0])
    sheet = await here.sheet()
    assert (sheet.meeting.start, sheet.meeting.name, sheet.meeting.notes) == (1140, "Early Birds", "Back door")
    assert set(sheet.edits) == {"notes"}


async def test_a_field_that_was_changed_again_is_a_conflict_and_the_rest_can_be_set_back(here: Editing) -> None:
    ana = await here.open()
    first = await here.desk.change(ana, [number()], {"start": HALF_PAST, "name": "Larks"})
    here.world.now += timedelta(minutes=1)
    await here.desk.change(ana, [number()], {"start": 600})
    found = await undo(here, ana, first.changes[0])
    assert (found.fields, {one.field for one in found.conflicts}) == ((), {"start", "edit:start"})
    assert (await here.sheet()).meeting.name == "Larks"
    found = await undo(here, ana, first.changes[0], despite_conflicts=True)
    assert set(found.fields) == {"name", "edit:name"}
    assert ((await here.sheet()).meeting.start, (await here.sheet()).meeting.name) == (600, "Early Birds")


async def test_after_the_list_has_caught_up_what_was_before_is_held_against_it(here: Editing) -> None:
    ana = await here.open()
    (change,) = (await here.desk.change(ana, [number()], {"start": HALF_PAST})).changes
    await here.sync(time="19:30", end_time="20:30")
    await undo(here, ana, change)
    assert (await here.shown())["early-birds"].start == 1140
    assert [one.listed for one in await here.desk.conflicts(ana)] == [HALF_PAST]


async def test_an_undo_alone_does_not_put_up_what_takes_two(here: Editing) -> None:
    ana = await here.open(WOMEN)
    ben = await here.helper()
    down = await here.desk.change(ana, [number("women")], {"join_url": ""})
    with pytest.raises(NeedsTwo):
        await undo(here, ana, down.changes[0])
    assert (await here.shown())["women"].join_url == ""
    (waiting,) = (await here.desk.change(ana, [number("women")], {"join_url": MEET})).proposed
    up = await here.desk.decide(ben, waiting, accept=True)
    await undo(here, ana, up.changes[0])
    assert (await here.shown())["women"].join_url == ""
    ended = await here.desk.end(ana, [number("women")])
    with pytest.raises(NeedsTwo):
        await undo(here, ben, ended.changes[0])
    assert await here.shown() == {}


async def test_nor_does_it_where_another_list_says_for_whom_it_is(here: Editing) -> None:
    await here.open(row(types=["W"], venue="Hall"))
    await here.file(OTHER, row(slug="77", name="Early Birds", notes="Side door, ring"))
    local = await here.helper(scope=Scope(feeds=frozenset({OTHER})))
    down = await here.desk.change(local, [number("77", OTHER)], {"notes": ""})
    assert down.changed
    with pytest.raises(NeedsTwo):
        await undo(here, local, down.changes[0])


async def test_a_proposal_is_withdrawn_and_one_turned_down_waits_again(here: Editing) -> None:
    ana = await here.open(WOMEN)
    (waiting,) = (await here.desk.change(ana, [number("women")], {"join_url": MEET})).proposed
    asked = (await here.world.history())[0]
    await undo(here, ana, asked.id)
    assert await here.desk.proposals(ana) == []
    (waiting,) = (await here.desk.change(ana, [number("women")], {"join_url": MEET})).proposed
    done = await here.desk.decide(ana, waiting, accept=False)
    await undo(here, ana, done.changes[0])
    assert [one.id for one in await here.desk.proposals(ana)] == [waiting]
    assert (await here.shown())["women"].join_url == ZOOM


async def test_a_meeting_of_two_lists_is_taken_back_in_both(here: Editing) -> None:
    ana = await here.open()
    await here.file(OTHER, row(slug="77", name="Early Birds"))
    before = state(await here.sheet()), state(await here.sheet("77", OTHER))
    for deed in (
        lambda: here.desk.change(ana, [number()], {"start": HALF_PAST}),
        lambda: here.desk.end(ana, [number()]),
    ):
        here.world.now += timedelta(minutes=1)
        done = await deed()
        assert len(done.changed) == 2
        first = done.changes[done.changed.index(number())]
        await undo(here, ana, first)
        assert (state(await here.sheet()), state(await here.sheet("77", OTHER))) == before
        other = next(one for one in done.changes if one != first)
        assert (await undo(here, ana, other)).fields == ()


async def test_who_does_not_look_after_it_takes_nothing_back(here: Editing) -> None:
    ana = await here.open()
    (change,) = (await here.desk.change(ana, [number()], {"region": "Utah"})).changes
    utah = await here.helper(scope=Scope(areas=frozenset({"US/Utah"})))
    for who in (utah, await here.helper(scope=Scope(areas=frozenset({"US/CO"})))):
        with pytest.raises(NotPermitted):
            await undo(here, who, change)
    assert (await here.sheet()).meeting.region == "Utah"


async def test_what_its_list_dropped_is_not_brought_back_by_an_undo(here: Editing) -> None:
    ana = await here.open(row(), *(row(slug=f"s{one}", name=f"Group {one}", day=2) for one in range(6)))
    (change,) = (await here.desk.change(ana, [number()], {"start": HALF_PAST})).changes
    here.listed.pop("early-birds")
    await here.sync()
    with pytest.raises(MeetingGone):
        await undo(here, ana, change)


# A model: the list, the corrections on top, and a history of both.


@dataclass
class Model:
    """What one field of one meeting should be: `listed`, and the correction over it."""

    listed: int = 1140
    edit: int | None = None
    ended: bool = False
    history: list[tuple[str, Any, Any]] = field(default_factory=list)  # of each change: what, before, after

    @property
    def shown(self) -> int | None:
        return None if self.ended else self.listed if self.edit is None else self.edit

    def read(self, says: int) -> None:
        self.listed = says
        if self.edit == says:
            self.edit = None

    def set(self, value: int | None) -> bool:
        """Whether that is a change."""
        new = None if value in (None, self.listed) else value
        changed = new != self.edit
        if changed:
            self.edit = new
        return changed


HOURS = (1140, 1170, 1200)
STEPS = st.one_of(
    st.tuples(st.just("read"), st.sampled_from(HOURS)),
    st.tuples(st.just("set"), st.sampled_from(HOURS)),
    st.tuples(st.just("give_up"), st.just(0)),
    st.tuples(st.just("end"), st.booleans()),
    st.tuples(st.just("undo"), st.integers(0, 3)),
)


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(st.lists(STEPS, max_size=8))
async def test_whatever_happens_the_meeting_is_what_a_model_says(
    sqlite_db: Database, steps: Sequence[tuple[str, int]]
) -> None:
    here, model = Editing(sqlite_db), Model()
    await here.world.sync.disable(AA)
    await here.open()
    await _clean(here)
    made: list[tuple[int, Any]] = []
    for what, value in steps:
        here.world.now += timedelta(minutes=1)
        before = await here.sheet()
        if what == "read":
            await here.sync(time=f"{value // 60}:{value % 60:02d}", end_time=f"{value // 60 + 1}:{value % 60:02d}")
            model.read(value)
        elif what == "undo":
            if value < len(made):
                change, was = made[-1 - value]
                found = await undo(here, None, change)
                if found.fields:
                    _apply(model, was)
                    made.pop(-1 - value)
        else:
            done = await _deed(here, what, value)
            model.ended = bool(value) if what == "end" else model.ended
            if what != "end":
                model.set(value or None)
            if done.changes:
                made.append((done.changes[0], (what, before)))
        sheet = await here.sheet()
        shown = sheet.meeting.start if sheet.vanished_at is None else None
        assert (shown, sheet.listed and sheet.listed.start) == (model.shown, model.listed)
        assert ("start" in sheet.edits) == (model.edit is not None)


def _apply(model: Model, was: tuple[str, Sheet]) -> None:
    what, before = was
    if what == "end":
        model.ended = before.ended
    else:
        model.set(before.meeting.start)


async def _deed(here: Editing, what: str, value: int) -> Any:
    if what == "set":
        return await here.desk.change(None, [number()], {"start": value})
    if what == "give_up":
        return await here.desk.give_up(None, [number()], ["start"])
    return await (here.desk.end if value else here.desk.restore)(None, [number()])


async def _clean(here: Editing) -> None:
    await here.desk.restore(None, [number()])
    await here.desk.give_up(None, [number()], ["start"])
