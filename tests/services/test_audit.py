"""Every deed of people who help is written down with it, and taken back field by field."""

import csv
import io
import json
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from bot.domain.admin import COMMAND_LINE, EVERYTHING, Deed, Role, Scope
from bot.domain.audit import Conflict, Subject, Values
from bot.domain.errors import FeedError, HeldChanged, NotPermitted, OutdatedButton
from bot.domain.feed_state import OtherHost
from bot.domain.meeting import id_text
from bot.services.audit import record
from bot.store.database import Connection, Database
from tests.helping import AA, IN_AA, MEET, NA, NOT_IN_AA, ZOOM, World

STRANGE = '=cmd|"<b>{{ 7*7 }}</b>" &amp;'
THREE = ("Night Lamp", "Early Birds", "Third Room")


async def joined_at(world: World) -> dict[str, str]:
    return {name: one.join_url for name, one in (await world.meetings()).items()}


async def test_turning_on_and_off_is_written_down_and_can_be_taken_back(db: Database) -> None:
    world = World(db)
    owner = await world.helper(Role.OWNER, name="Ana")
    assert await world.desk.feeds.enable(owner, AA) is True
    (change, *_) = await world.history()
    assert (change.who, change.deed, change.subject.kind, change.subject.id) == (
        owner.author, Deed.MANAGE_FEEDS, "feed", AA,
    )  # fmt: skip
    assert (change.at, change.subject.title, change.before, change.after) == (
        world.now, "Denver AA", {"on": False}, {"on": True},
    )  # fmt: skip
    result = await world.desk.audit.undo(change.id, owner)
    assert (result.fields, result.conflicts) == (("on",), ())
    assert await world.state() == "off"
    (undo, first, *_) = await world.history()
    assert (undo.before, undo.after, first.undone_by) == ({"on": True}, {"on": False}, undo.id)
    await world.desk.audit.undo(undo.id, owner)
    assert await world.state() == "never"


async def test_what_the_command_line_does_is_written_down_as_such(sqlite_db: Database) -> None:
    world = World(sqlite_db)
    await world.desk.feeds.enable(None, AA)
    await world.desk.feeds.disable(None, AA)
    told = [(one.who, one.after["on"]) for one in await world.history()]
    assert told == [(COMMAND_LINE, False), (COMMAND_LINE, True)]


async def test_a_list_that_was_turned_off_comes_back_with_the_next_reading(db: Database) -> None:
    world = World(db)
    owner = await world.helper(Role.OWNER)
    await world.listed(*THREE)
    before = await world.meetings()
    assert await world.desk.feeds.disable(owner, AA) == 3
    assert await world.meetings() == {}
    (change, *_) = await world.history()
    assert (change.before, change.after) == ({"on": True}, {"on": False, "meetings": 3})
    await world.desk.audit.undo(change.id, owner)
    assert await world.sync.claim() == AA
    await world.sync.sync(AA)
    assert await world.meetings() == before


async def test_what_is_held_is_shown_in_numbers_and_taken_only_as_it_was_seen(db: Database) -> None:
    world = World(db)
    owner = await world.helper(Role.OWNER)
    await world.listed(*THREE)
    await world.listed("Night Lamp", "Newcomer", url=MEET)
    waiting = await world.desk.feeds.waiting(owner, AA)
    assert waiting.reason == "It holds 2 meetings where there were 3: more than 20% are gone."
    assert (waiting.added, waiting.changed, waiting.gone, waiting.hosts) == (1, 0, 2, ())
    await world.listed("Night Lamp")
    for decide in (world.desk.feeds.accept, world.desk.feeds.refuse):
        with pytest.raises(HeldChanged):
            await decide(owner, AA, waiting.mark)
    assert (await world.meetings()).keys() == set(THREE)
    now = await world.desk.feeds.waiting(owner, AA)
    assert (await world.desk.feeds.accept(owner, AA, now.mark)).vanished == 2
    (change, *_) = await world.history()
    assert (change.subject.kind, change.before, change.can_be_undone) == ("held", {}, False)
    assert change.after == {"answer": "taken", "added": 0, "changed": 0, "gone": 2}
    assert (await world.desk.audit.undo(change.id, owner)).fields == ()
    assert not await world.desk.feeds.waiting(owner, AA)


async def test_a_held_answer_that_cannot_be_read_says_so_and_changes_nothing(sqlite_db: Database) -> None:
    world = World(sqlite_db)
    owner = await world.helper(Role.OWNER)
    await world.listed(*THREE)
    world.answers[AA] = []
    await world.sync.sync(AA)
    waiting = await world.desk.feeds.waiting(owner, AA)
    assert (waiting.answer, waiting.gone) == (True, 0)
    assert waiting.unreadable == "This list holds no meetings."
    with pytest.raises(FeedError):
        await world.desk.feeds.accept(owner, AA, waiting.mark)
    assert len(await world.meetings()) == 3


async def test_an_accepted_join_link_is_taken_back_and_waits_again(db: Database) -> None:
    world = World(db)
    owner = await world.helper(Role.OWNER)
    await world.listed(*THREE)
    await world.listed(*THREE, url=MEET)
    waiting = await world.desk.feeds.waiting(owner, AA)
    assert waiting.hosts[0] == OtherHost(waiting.hosts[0].name, "zoom.us", "meet.google.com")
    assert len(waiting.hosts) == 3
    before = await world.meetings()
    await world.desk.feeds.accept(owner, AA, waiting.mark)
    assert set((await joined_at(world)).values()) == {MEET}
    (change, *_) = await world.history()
    await world.desk.audit.undo(change.id, owner)
    assert await world.meetings() == before
    assert (await world.desk.feeds.waiting(owner, AA)).hosts == waiting.hosts


async def test_a_link_that_changed_since_is_a_conflict_and_the_others_can_still_be_set_back(db: Database) -> None:
    world = World(db)
    owner = await world.helper(Role.OWNER)
    await world.listed(*THREE)
    await world.listed(*THREE, url=MEET)
    await world.desk.feeds.accept(owner, AA)
    (change, *_) = await world.history()
    lamp = (await world.meetings())["Night Lamp"]
    newest = f"{MEET}-new"
    world.answers[AA][0]["conference_url"] = newest
    await world.sync.sync(AA)
    result = await world.desk.audit.undo(change.id, owner)
    assert result.fields == ()
    assert [(one.field, one.made[0], one.now[0]) for one in result.conflicts] == [(id_text(lamp.id), MEET, newest)]
    assert (await joined_at(world))["Early Birds"] == MEET
    result = await world.desk.audit.undo(change.id, owner, despite_conflicts=True)
    assert len(result.fields) == 2
    assert await joined_at(world) == {"Night Lamp": newest, "Early Birds": ZOOM, "Third Room": ZOOM}


async def test_what_was_refused_waits_again_when_that_is_taken_back(db: Database) -> None:
    world = World(db)
    owner = await world.helper(Role.OWNER)
    await world.listed(*THREE)
    await world.listed(*THREE, url=MEET)
    links = (await world.desk.feeds.waiting(owner, AA)).hosts
    await world.listed("Night Lamp")
    assert await world.desk.feeds.refuse(owner, AA) == 4
    assert await world.state() == "fresh"
    (change, *_) = await world.history()
    assert set(change.after.values()) == {"refused"}
    await world.desk.audit.undo(change.id, owner)
    assert (await world.desk.feeds.waiting(owner, AA)).hosts == links
    assert await world.sync.claim() == AA
    await world.sync.sync(AA)
    waiting = await world.desk.feeds.waiting(owner, AA)
    assert (waiting.answer, waiting.gone) == (True, 2)


async def test_roles_names_and_invitations_are_taken_back_too(db: Database) -> None:
    world = World(db)
    owner = await world.helper(Role.OWNER)
    person = await world.helper(Role.EDITOR, Scope(feeds=frozenset({AA})), "Joan")
    await world.admins.rename(person, "Joana")
    await world.admins.change(owner, person.id, Role.REVIEWER, EVERYTHING)
    await world.admins.revoke(owner, person.id)
    revoked, changed, renamed, granted, *_ = await world.history()
    for change in (revoked, changed, renamed):
        assert (await world.desk.audit.undo(change.id, owner)).conflicts == ()
    assert await world.admins.one(person.id) == person
    assert (await world.desk.audit.undo(granted.id, owner)).fields == ("active",)
    assert [one.id for one in await world.admins.listed()] == [owner.id]
    await world.admins.invite(owner, Role.EDITOR)
    invited = (await world.history())[0]
    await world.desk.audit.undo(invited.id, owner)
    assert (await world.history())[0].after == {"open": False}


async def test_taking_back_is_for_those_who_may_do_it_and_only_once(db: Database) -> None:
    world = World(db)
    owner = await world.helper(Role.OWNER)
    editor, admin = await world.helper(Role.EDITOR), await world.helper(Role.ADMIN)
    await world.desk.feeds.enable(owner, AA)
    await world.admins.change(owner, editor.id, Role.REVIEWER, EVERYTHING)
    second = await world.helper(Role.OWNER)
    await world.admins.revoke(owner, second.id)
    revoked, _, changed, enabled, *_ = await world.history()
    with pytest.raises(NotPermitted):
        await world.desk.audit.undo(enabled.id, editor)
    with pytest.raises(NotPermitted):
        await world.desk.audit.undo(revoked.id, admin)
    await world.desk.audit.undo(changed.id, admin)
    assert (await world.desk.audit.undo(changed.id, owner)).fields == ()
    with pytest.raises(OutdatedButton):
        await world.desk.audit.undo(999, owner)


async def test_a_history_shows_what_lies_in_the_scope_page_by_page(sqlite_db: Database) -> None:
    world = World(sqlite_db)
    owner = await world.helper(Role.OWNER)
    editor = await world.helper(Role.EDITOR, Scope(feeds=frozenset({NA})))
    for feed in (AA, NA, AA):
        await world.desk.feeds.enable(owner, feed)
        await world.desk.feeds.disable(owner, feed)
    mine, more = await world.desk.audit.page(editor, 1)
    assert ([one.subject.id for one in mine], more) == ([NA, NA, str(editor.id)], False)
    everything = []
    for page in (1, 2, 3):
        some, more = await world.desk.audit.page(owner, page)
        everything += some
        assert more is (page == 1)
    assert everything == await world.history()
    hidden = next(one for one in everything if one.subject.id == AA)
    with pytest.raises(OutdatedButton):
        await world.desk.audit.one(editor, hidden.id)


async def test_a_deed_that_fails_leaves_no_line_and_a_line_that_fails_undoes_the_deed(db: Database) -> None:
    world = World(db)
    owner = await world.helper(Role.OWNER)
    before = await world.history()
    with pytest.raises(FeedError):
        await world.desk.feeds.enable(owner, "nowhere")
    assert await world.history() == before
    await world.listed(*THREE)
    editor = await world.helper(Role.EDITOR)
    known = await world.history()

    async def note(connection: Connection, kind: str, before: Values, after: Values) -> None:
        subject = Subject(kind, AA, "", world.desk.feeds.about(AA))
        await record(connection, editor, Deed.MANAGE_FEEDS, subject, before, after, world.now)

    with pytest.raises(NotPermitted):
        await world.sync.disable(AA, note=note)
    assert await world.history() == known
    assert len(await world.meetings()) == 3


@pytest.mark.parametrize("scope", [*IN_AA.values(), *NOT_IN_AA.values()], ids=[*IN_AA, *NOT_IN_AA])
@pytest.mark.parametrize("role", Role)
async def test_each_deed_on_a_feed_is_done_by_whom_the_table_permits_and_by_nobody_else(
    sqlite_db: Database, role: Role, scope: Scope
) -> None:
    world = World(sqlite_db)
    await world.listed(*THREE)
    who = await world.helper(role, EVERYTHING if role is Role.OWNER else scope)
    inside = role is Role.OWNER or scope in IN_AA.values()
    manages, edits = inside and role in (Role.OWNER, Role.ADMIN), inside and role is not Role.REVIEWER
    desk = world.desk.feeds
    deeds: list[tuple[Callable[[], Awaitable[Any]], bool]] = [
        (lambda: desk.sync(who, AA), edits),
        (lambda: desk.state(who, AA), inside),
        (lambda: desk.waiting(who, AA), inside),
        (lambda: desk.accept(who, AA), inside),
        (lambda: desk.refuse(who, AA), inside),
        (lambda: desk.disable(who, AA), manages),
        (lambda: desk.enable(who, AA), manages),
        (lambda: world.desk.audit.export(who, "csv"), manages and (role is Role.OWNER or not scope)),
    ]
    for deed, allowed in deeds:
        assert await done(deed) is allowed
    assert (await world.state() == "never") is manages


async def done(deed: Callable[[], Awaitable[Any]]) -> bool:
    """Whether it was let through; that nothing waits for a decision does not matter here."""
    try:
        await deed()
    except (NotPermitted, OutdatedButton):
        return False
    except FeedError:
        return True
    return True


async def test_the_export_holds_every_change_and_no_spreadsheet_reckons_with_it(db: Database) -> None:
    world = World(db)
    owner = await world.helper(Role.OWNER, name=STRANGE)
    await world.desk.feeds.enable(owner, AA)
    told = json.loads(await world.desk.audit.export(owner, "json"))
    assert [one["id"] for one in told] == [change.id for change in reversed(await world.history())]
    assert (told[-1]["name"], told[-1]["role"], told[-1]["deed"]) == (STRANGE, "owner", "manage_feeds")
    assert (told[-1]["before"], told[-1]["after"]) == ({"on": False}, {"on": True})
    assert (told[0]["role"], told[0]["by"]) == ("command_line", None)
    lines = list(csv.DictReader(io.StringIO((await world.desk.audit.export(None, "csv")).decode())))
    assert lines[-1]["name"] == f"'{STRANGE}"
    assert json.loads(lines[-1]["after"]) == {"on": True}


async def test_a_conflict_says_what_was_made_and_what_is_now(sqlite_db: Database) -> None:
    world = World(sqlite_db)
    owner = await world.helper(Role.OWNER)
    person = await world.helper(Role.EDITOR)
    await world.admins.change(owner, person.id, Role.REVIEWER, EVERYTHING)
    (change, *_) = await world.history()
    await world.admins.change(owner, person.id, Role.ADMIN, EVERYTHING)
    result = await world.desk.audit.undo(change.id, owner)
    assert result.conflicts == (Conflict("role", "reviewer", "admin"),)
    assert (await world.admins.one(person.id)).role is Role.ADMIN
