"""Who helps, who let them in, and how a role ends: as those who help notice it."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path

import pytest

from bot.domain import invitation
from bot.domain.admin import EVERYTHING, Admin, Role, Scope
from bot.domain.errors import (
    CodeRefused,
    LastOwner,
    NotPermitted,
    OperatorError,
    OutdatedButton,
    OwnerBySettings,
    SettingsError,
)
from bot.services.admins import VALID
from bot.services.keys import KeyRing
from bot.services.rotation import reseal
from bot.store import admins as rows
from bot.store.database import Database
from tests.helping import AA, IN_AA, KEY, NOT_IN_AA, World

CHAT, OTHER, THIRD = 7_700_123_458, 7_700_123_469, 7_700_123_470
FEED = Scope(feeds=frozenset({AA}))


def number(code: str) -> int:
    found = invitation.read(code)
    assert found is not None
    return found


async def test_somebody_who_was_granted_a_role_has_it_and_is_found_only_by_the_sealed_id(db: Database) -> None:
    world = World(db)
    await world.admins.grant(CHAT, Role.EDITOR, FEED, "Ana")
    admin = await world.admins.of(CHAT)
    assert admin is not None
    assert (admin.role, admin.scope, admin.name, admin.since) == (Role.EDITOR, FEED, "Ana", world.now)
    assert await world.admins.of(OTHER) is None
    async with db.read() as connection:
        (row,) = await rows.listed(connection)
    assert str(CHAT).encode() not in row.sealed
    assert CHAT.to_bytes(8, "big") not in row.sealed
    assert await World(db).admins.chats() == {CHAT: True}


async def test_granting_again_changes_the_role_and_keeps_number_and_name(db: Database) -> None:
    world = World(db)
    first = await world.admins.grant(CHAT, Role.REVIEWER, name="Ana")
    again = await world.admins.grant(CHAT, Role.ADMIN)
    assert (again.id, again.name, again.role) == (first.id, "Ana", Role.ADMIN)
    assert [one.id for one in await world.admins.listed()] == [first.id]


async def test_an_invitation_lets_one_person_in_once(db: Database) -> None:
    world = World(db)
    owner = await world.helper(Role.OWNER)
    code = number(await world.admins.invite(owner, Role.EDITOR, FEED))
    joined = await world.admins.join(CHAT, code)
    assert (joined.changed, joined.admin.role, joined.admin.scope) == (True, Role.EDITOR, FEED)
    with pytest.raises(CodeRefused):
        await world.admins.join(OTHER, code)
    assert await world.admins.of(OTHER) is None


async def test_of_a_code_nothing_usable_is_kept(sqlite_db: Database) -> None:
    world = World(sqlite_db)
    code = await world.admins.invite(None, Role.OWNER)
    async with sqlite_db.read() as connection:
        (kept,) = await rows.invitations_open(connection)
    assert kept.code == invitation.kept(number(code))
    assert len(kept.code) == 16
    files = b"".join(path.read_bytes() for path in Path(sqlite_db.url.database or "").parent.glob("openchair.db*"))
    assert code.encode() not in files
    assert code.replace("-", "").encode() not in files


async def test_an_invitation_ends_after_a_week_and_with_whoever_made_it(db: Database) -> None:
    world = World(db)
    owner = await world.helper(Role.OWNER)
    admin = await world.helper(Role.ADMIN)
    old = number(await world.admins.invite(owner, Role.EDITOR))
    mine = number(await world.admins.invite(admin, Role.ADMIN))
    assert (await world.admins.offered(mine)).role is Role.ADMIN
    await world.admins.change(owner, admin.id, Role.REVIEWER, EVERYTHING)
    with pytest.raises(CodeRefused):
        await world.admins.join(CHAT, mine)
    await world.admins.revoke(owner, admin.id)
    with pytest.raises(CodeRefused):
        await world.admins.offered(mine)
    world.now += VALID
    for use in (world.admins.offered(old), world.admins.join(CHAT, old)):
        with pytest.raises(CodeRefused):
            await use


async def test_a_forged_code_lets_nobody_in(sqlite_db: Database) -> None:
    world = World(sqlite_db)
    await world.admins.invite(None, Role.OWNER)
    for forged in (0, 1, (1 << 100) - 1):
        with pytest.raises(CodeRefused):
            await world.admins.join(CHAT, forged)


async def test_an_invitation_to_less_stays_for_somebody_else(sqlite_db: Database) -> None:
    world = World(sqlite_db)
    owner = await world.helper(Role.OWNER)
    code = number(await world.admins.invite(owner, Role.REVIEWER))
    await world.admins.grant(CHAT, Role.EDITOR, name="Ana")
    assert (await world.admins.join(CHAT, code)).changed is False
    assert (await world.admins.join(OTHER, code)).admin.role is Role.REVIEWER


async def test_a_second_invitation_to_the_same_role_adds_what_it_looks_after(sqlite_db: Database) -> None:
    world = World(sqlite_db)
    owner = await world.helper(Role.OWNER)
    for feed in ("one", "two"):
        code = number(await world.admins.invite(owner, Role.EDITOR, Scope(feeds=frozenset({feed}))))
        joined = await world.admins.join(CHAT, code)
    assert joined.admin.scope.feeds == {"one", "two"}


async def test_the_first_owner_comes_in_by_a_code_and_then_no_more_are_printed(sqlite_db: Database) -> None:
    world = World(sqlite_db)
    first, second = await world.admins.first_code(), await world.admins.first_code()
    with pytest.raises(CodeRefused):
        await world.admins.join(CHAT, number(first))
    assert (await world.admins.join(CHAT, number(second))).admin.role is Role.OWNER
    with pytest.raises(OperatorError, match="There is an owner already"):
        await world.admins.first_code()


async def test_a_code_for_the_first_owner_is_void_once_there_is_one(sqlite_db: Database) -> None:
    world = World(sqlite_db)
    code = number(await world.admins.first_code())
    await world.admins.grant(CHAT, Role.OWNER)
    with pytest.raises(CodeRefused):
        await world.admins.join(OTHER, code)


async def test_one_owner_always_stays(db: Database) -> None:
    world = World(db)
    owner = await world.admins.grant(CHAT, Role.OWNER)
    lose: tuple[Callable[[], Awaitable[object]], ...] = (
        lambda: world.admins.leave(owner),
        lambda: world.admins.revoke(None, owner.id),
        lambda: world.admins.grant(CHAT, Role.ADMIN),
        lambda: world.admins.change(None, owner.id, Role.EDITOR, FEED),
    )
    for deed in lose:
        with pytest.raises(LastOwner):
            await deed()
    assert await world.admins.of(CHAT) == owner
    second = await world.admins.grant(OTHER, Role.OWNER)
    await world.admins.leave(owner)
    with pytest.raises(LastOwner):
        await world.admins.leave(second)
    assert await world.admins.of(CHAT) is None


async def test_who_asks_to_be_forgotten_helps_no_longer_unless_nobody_else_could(db: Database) -> None:
    world = World(db)
    owner = await world.admins.grant(CHAT, Role.OWNER, name="Ana")
    await world.admins.grant(OTHER, Role.EDITOR, FEED, "Bo")
    kept = await world.admins.export(OTHER)
    assert kept["helps"]["role"] == "editor"
    assert (kept["helps"]["name"], kept["helps"]["scope"]) == ("Bo", {"feeds": [AA]})
    assert await world.admins.forget(OTHER) is False
    assert await world.admins.of(OTHER) is None
    assert await world.admins.export(OTHER) == {}
    assert await world.admins.forget(CHAT) is True
    assert await world.admins.of(CHAT) == owner
    assert await world.admins.forget(THIRD) is False


async def test_owners_of_the_settings_come_and_go_with_them(sqlite_db: Database) -> None:
    world = World(sqlite_db, owners=[CHAT])
    owner = await world.admins.of(CHAT)
    assert owner is not None
    assert (owner.role, owner.by_settings) == (Role.OWNER, True)
    admins = world.admins
    for deed in (admins.leave(owner), admins.revoke(None, owner.id), admins.grant(CHAT, Role.EDITOR)):
        with pytest.raises(OwnerBySettings):
            await deed
    with pytest.raises(OperatorError):
        await world.admins.first_code()
    code = number(await world.admins.invite(owner, Role.EDITOR))
    without = World(sqlite_db)
    assert await without.admins.of(CHAT) is None
    assert await without.admins.listed() == []
    assert await without.admins.chats() == {CHAT: False}
    with pytest.raises(CodeRefused):
        await without.admins.join(OTHER, code)


async def test_a_role_that_was_taken_is_gone_with_the_next_press_even_of_a_deed_under_way(db: Database) -> None:
    world = World(db)
    owner = await world.helper(Role.OWNER)
    admin = await world.admins.grant(CHAT, Role.ADMIN)
    await world.admins.revoke(owner, admin.id)
    assert await world.admins.of(CHAT) is None
    with pytest.raises(NotPermitted):
        await world.desk.feeds.enable(admin, AA)
    with pytest.raises(NotPermitted):
        await world.admins.invite(admin, Role.REVIEWER)
    assert await world.state() == "off"


async def test_an_id_is_let_go_when_somebody_leaves_or_a_week_after_their_role_was_taken(sqlite_db: Database) -> None:
    world = World(sqlite_db)
    owner = await world.helper(Role.OWNER)
    leaver, taken = await world.admins.grant(CHAT, Role.EDITOR), await world.admins.grant(OTHER, Role.EDITOR)
    await world.admins.leave(leaver)
    await world.admins.revoke(owner, taken.id)
    assert (await world.admins.chats()).keys() == {7_700_101, OTHER}
    world.now += VALID + timedelta(seconds=1)
    await world.admins.tidy()
    assert (await world.admins.chats()).keys() == {7_700_101}
    again = await world.admins.grant(CHAT, Role.EDITOR)
    assert again.id not in (leaver.id, taken.id)


@pytest.mark.parametrize("scope", [*IN_AA.values(), *NOT_IN_AA.values()], ids=[*IN_AA, *NOT_IN_AA])
@pytest.mark.parametrize("role", Role)
async def test_people_are_invited_changed_and_revoked_by_whoever_has_as_much(
    sqlite_db: Database, role: Role, scope: Scope
) -> None:
    world = World(sqlite_db)
    await world.helper(Role.OWNER)
    who = await world.helper(role, EVERYTHING if role is Role.OWNER else scope)
    about = Scope(frozenset({"aa"}), frozenset({"US"}), frozenset({AA}))
    inside = role is Role.OWNER or (role is Role.ADMIN and scope in IN_AA.values())
    for given in Role:
        person = await world.helper(given, EVERYTHING if given is Role.OWNER else about)
        allowed = inside and (given is not Role.OWNER or role is Role.OWNER)
        wanted = EVERYTHING if given is Role.OWNER else about
        deeds: tuple[Callable[[], Awaitable[object]], ...] = (
            lambda given=given, wanted=wanted: world.admins.invite(who, given, wanted),  # type: ignore[misc]
            lambda given=given, wanted=wanted, person=person: world.admins.change(  # type: ignore[misc]
                who, person.id, given, wanted
            ),
            lambda person=person: world.admins.revoke(who, person.id),  # type: ignore[misc]
        )
        for deed in deeds:
            assert await permitted(deed) is allowed, given


async def permitted(deed: Callable[[], Awaitable[object]]) -> bool:
    try:
        await deed()
    except NotPermitted:
        return False
    return True


async def test_nobody_raises_themselves_or_somebody_above_them(sqlite_db: Database) -> None:
    world = World(sqlite_db)
    owner, admin = await world.helper(Role.OWNER), await world.helper(Role.ADMIN, FEED)
    for deed in (
        world.admins.change(admin, admin.id, Role.OWNER, EVERYTHING),
        world.admins.change(admin, admin.id, Role.ADMIN, EVERYTHING),
        world.admins.change(admin, owner.id, Role.REVIEWER, FEED),
        world.admins.revoke(admin, owner.id),
        world.admins.invite(admin, Role.EDITOR, EVERYTHING),
    ):
        with pytest.raises(NotPermitted):
            await deed
    with pytest.raises(OutdatedButton):
        await world.admins.revoke(owner, 999)


async def test_without_the_key_nobody_helps_and_no_other_key_is_made(sqlite_db: Database, tmp_path: Path) -> None:
    world = World(sqlite_db)
    await world.admins.grant(CHAT, Role.OWNER)
    world.keys._setting = ""
    ring = KeyRing(sqlite_db, file=tmp_path / "openchair.key")
    for ask in (ring.check, ring.keys):
        with pytest.raises(SettingsError, match="holds people who help sealed with it"):
            await ask()
    assert not (tmp_path / "openchair.key").exists()


async def test_after_a_new_key_everybody_is_still_found(db: Database) -> None:
    world = World(db)
    await world.admins.grant(CHAT, Role.OWNER)
    new = KeyRing(db, setting=f"{'b' * 42}8=,{KEY}")
    assert await reseal(db, new) == 1
    world.keys._setting, world.keys._keys = f"{'b' * 42}8=", None
    found = await world.admins.of(CHAT)
    assert isinstance(found, Admin)
