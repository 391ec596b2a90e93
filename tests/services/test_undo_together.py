"""Changes that were made together are taken back together, and what cannot be does not keep the others."""

from datetime import timedelta

import pytest

from bot.domain.admin import Role, Scope
from bot.domain.audit import Undone
from bot.domain.errors import OutdatedButton
from bot.services.audit import Stuck
from bot.store.database import Database
from tests.feeds.rows import online_row, row
from tests.helping import AA
from tests.services.editing import OTHER, Editing, number

NAMES = tuple("abcdefghijkl")


@pytest.fixture
async def here(db: Database) -> Editing:
    return Editing(db)


async def test_changes_of_one_deed_are_taken_back_at_once_and_brought_back_again(here: Editing) -> None:
    ana = await here.open(*(online_row(slug=name, name=name.title()) for name in NAMES))
    before = await here.shown()
    done = await here.desk.change(ana, [number(name) for name in NAMES], {"notes": "Back door"}, why="Told")
    assert [one.notes for one in (await here.shown()).values()] == ["Back door"] * len(NAMES)
    here.world.now += timedelta(minutes=1)
    results = await here.world.desk.audit.undo_together(done.changes, ana)
    assert [isinstance(one, Undone) and one.change.id for one in results] == list(done.changes)
    assert await here.shown() == before
    history = await here.world.history()
    assert {one.undone_by for one in history if one.id in done.changes} == {one.id for one in history[: len(NAMES)]}
    again = [one.id for one in history[: len(NAMES)]]
    await here.world.desk.audit.undo_together(again, ana)
    assert [one.notes for one in (await here.shown()).values()] == ["Back door"] * len(NAMES)


async def test_one_that_was_changed_again_or_is_gone_stays_and_the_others_go_back(here: Editing) -> None:
    ana = await here.open(*(online_row(slug=name, name=name.title()) for name in NAMES))
    done = await here.desk.change(ana, [number(name) for name in NAMES], {"notes": "Back door"})
    await here.desk.change(None, [number("b")], {"notes": "Side door"})
    del here.listed["c"]
    await here.sync()
    results = await here.world.desk.audit.undo_together(done.changes, ana)
    by_name = {one.change.subject.title: one for one in results}
    assert isinstance(by_name["C"], Stuck)
    assert isinstance(by_name["B"], Undone)
    assert [one.field for one in by_name["B"].conflicts][:1] == ["notes"]
    shown = await here.shown()
    assert (shown["a"].notes, shown["b"].notes, shown["d"].notes) == (before_of("a"), "Side door", before_of("d"))


def before_of(slug: str) -> str:
    notes: str = online_row(slug=slug).get("notes", "")
    return notes


async def test_two_changes_of_one_meeting_go_back_one_after_the_other(here: Editing) -> None:
    ana = await here.open(row())
    before = await here.shown()
    (first,) = (await here.desk.change(ana, [number()], {"notes": "Back door"})).changes
    here.world.now += timedelta(minutes=1)
    (second,) = (await here.desk.change(ana, [number()], {"notes": "Side door", "venue": "Hall"})).changes
    await here.desk.checked(ana, number())
    looked = (await here.world.history())[0].id
    results = await here.world.desk.audit.undo_together([second, first, looked], ana)
    assert all(isinstance(one, Undone) and one.fields for one in results)
    assert await here.shown() == before
    assert (await here.sheet()).checked_on is None


async def test_a_meeting_of_two_lists_goes_back_in_both_whichever_change_is_named_first(here: Editing) -> None:
    ana = await here.open(row())
    await here.file(OTHER, row())
    before = await here.shown(), await here.shown(OTHER)
    done = await here.desk.change(ana, [number()], {"notes": "Back door"})
    assert len(done.changes) == 2
    assert (await here.shown(OTHER))["early-birds"].notes == "Back door"
    await here.world.desk.audit.undo_together(done.changes[::-1], ana)
    assert (await here.shown(), await here.shown(OTHER)) == before


async def test_changes_that_lie_outside_or_are_none_are_not_taken_back(here: Editing) -> None:
    ana = await here.open(row())
    done = await here.desk.change(ana, [number()], {"notes": "Back door"})
    ben = await here.helper(Role.EDITOR, Scope(feeds=frozenset({"na-spain"})))
    for who, numbers in ((ben, done.changes), (ana, [*done.changes, 999])):
        with pytest.raises(OutdatedButton):
            await here.world.desk.audit.undo_together(numbers, who)
    assert (await here.shown(AA))["early-birds"].notes == "Back door"
