"""People who help: who they are, who let them in, and what they may do. Their ids are sealed like all others.

Nobody gives more than they have, one owner always stays, and whoever lost a role has lost it with the next press.
"""

import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from bot.domain import invitation as codes
from bot.domain.admin import EVERYTHING, Admin, Author, Deed, Role, Scope, clean_name, key_of, may, scope_as_json
from bot.domain.audit import Subject, Values
from bot.domain.clock import Clock, system_clock
from bot.domain.errors import CodeRefused, LastOwner, NotPermitted, OperatorError, OutdatedButton, OwnerBySettings
from bot.domain.invitation import Invitation
from bot.services.audit import permit, record
from bot.services.keys import KeyRing, UnknownKeyError
from bot.store import admins as store
from bot.store import audit
from bot.store.admins import AdminRow
from bot.store.database import Connection, Database

KIND, INVITED = "admin", "invitation"  # of subjects in the audit
VALID = timedelta(days=7)  # an invitation; and how long a role that was taken can be given back


@dataclass(frozen=True, slots=True)
class Joined:
    """What came of a code: who somebody is now, and whether that changed."""

    admin: Admin
    changed: bool


class Admins:
    """`owners`: Telegram ids of the settings; they are owners as long as they stand there."""

    def __init__(
        self, database: Database, keys: KeyRing, owners: Collection[int] = (), *, clock: Clock = system_clock
    ) -> None:
        self._database, self._keys, self._owners, self._clock = database, keys, frozenset(owners), clock

    # -- who is who

    async def of(self, chat: int) -> Admin | None:
        """Who somebody is here; None: nobody. Ask with every press anew."""
        marks = [] if chat in self._owners else await self._keys.marks(chat)
        if chat not in self._owners and not marks:
            return None
        if chat in self._owners:
            keys = await self._keys.keys()
            marks = keys.marks(chat)
        async with self._database.read() as connection:
            row = await store.find(connection, marks)
        if chat in self._owners and (row is None or not _is_owner(row)):
            row = await self._owner_of_settings(chat)
        return self._admin(row) if row and self._stands(row, chat) else None

    async def listed(self) -> list[Admin]:
        """Everybody who helps, in the order they came."""
        async with self._database.read() as connection:
            rows = await store.listed(connection)
        chats = await self._unsealed([row for row in rows if row.by_settings])
        return [self._admin(row) for row in rows if not row.by_settings or chats.get(row.id) in self._owners]

    async def one(self, number: int) -> Admin:
        """Somebody who helps; OutdatedButton for nobody."""
        found = next((admin for admin in await self.listed() if admin.id == number), None)
        if found is None:
            raise OutdatedButton
        return found

    async def chats(self) -> dict[int, bool]:
        """The chats of those who help now (true), and of those who did lately."""
        async with self._database.read() as connection:
            rows = await store.sealed_rows(connection)
        chats = await self._unsealed(rows)
        return {chats[row.id]: self._stands(row, chats[row.id]) for row in rows if row.id in chats}

    async def with_chats(self) -> list[tuple[Admin, int]]:
        """Everybody who helps, with the Telegram id: for the operator's own eyes."""
        async with self._database.read() as connection:
            rows = await store.listed(connection)
        chats = await self._unsealed(rows)
        known = [row for row in rows if row.id in chats]
        return [(self._admin(row), chats[row.id]) for row in known if self._stands(row, chats[row.id])]

    # -- invitations

    async def invite(self, who: Admin | None, role: Role, scope: Scope = EVERYTHING) -> str:
        """A code that makes one person this, once, within a week. Raises NotPermitted."""
        number, at = secrets.randbits(codes.BITS), self._clock()
        kept = Invitation(codes.kept(number), role, scope, who.id if who else None, at, at + VALID)
        async with self._database.begin() as connection:
            await store.drop_invitations(connection, before=at)
            await store.invite(connection, kept)
            subject = Subject(INVITED, kept.code.hex(), role.value, scope)
            after = {"open": True, "role": role.value, "scope": scope_as_json(scope)}
            await record(connection, who, Deed.MANAGE_ADMINS, subject, {"open": False}, after, at, role)
        return codes.written(number)

    async def first_code(self) -> str:
        """A code for the first owner, in the place of any before; OperatorError when there is an owner."""
        async with self._database.begin() as connection:
            if self._owners or await _owners(connection, lock=True):
                raise OperatorError("There is an owner already, who can invite others behind /admin.")
            await store.drop_owner_codes(connection)
        return await self.invite(None, Role.OWNER)

    async def offered(self, number: int) -> Invitation:
        """What a code is good for; raises CodeRefused."""
        async with self._database.read() as connection:
            return await self._valid(connection, number)

    async def join(self, chat: int, number: int) -> Joined:
        """Use a code. One that would give no more than there is stays unused. Raises CodeRefused, SettingsError."""
        keys, at = await self._keys.keys(), self._clock()
        async with self._database.begin() as connection:
            invitation = await self._valid(connection, number)
            row = await store.find(connection, keys.marks(chat), lock=True)
            if chat in self._owners or (row is not None and self._stands(row, chat) and _has(row, invitation)):
                return await self._nothing_new(row)
            if not await store.use(connection, invitation.code):
                raise CodeRefused
            scope = invitation.scope
            if row is not None and self._stands(row, chat) and row.role is invitation.role:
                scope = row.scope.together(scope)
            values = {"role": invitation.role, "scope": scope, "by_settings": False}
            given = {"given_by": invitation.made_by, "given_at": at, "revoked_at": None}
            admin = await self._put(connection, row, chat, {**values, **given})
            await _tell_put(connection, admin.author, row, admin, at)
        return Joined(admin, changed=True)

    async def _nothing_new(self, row: AdminRow | None) -> Joined:
        if row is None:
            raise CodeRefused  # an owner of the settings who never came in; the next /admin lets them in
        return Joined(self._admin(row), changed=False)

    async def _valid(self, connection: Connection, number: int) -> Invitation:
        """An invitation that holds: not too old, and whoever made it could still make it."""
        found = await store.invitation(connection, codes.kept(number))
        if found is None or found.until <= self._clock():
            raise CodeRefused
        if found.made_by is None:
            if found.role is Role.OWNER and (self._owners or await _owners(connection)):
                raise CodeRefused
            return found
        maker = await store.by_id(connection, found.made_by)
        if maker is None or not self._stands(maker, (await self._unsealed([maker])).get(maker.id, 0)):
            raise CodeRefused
        if not may(self._admin(maker), Deed.MANAGE_ADMINS, found.scope, found.role):
            raise CodeRefused
        return found

    async def invited(self, who: Admin) -> list[Invitation]:
        """The invitations that wait, as far as somebody could make them."""
        async with self._database.read() as connection:
            every = await store.invitations_open(connection)
        valid = [one for one in every if one.until > self._clock()]
        return [one for one in valid if may(who, Deed.MANAGE_ADMINS, one.scope, one.role)]

    # -- names and roles

    async def rename(self, who: Admin, name: str) -> Admin:
        """Take the name that others see in the list and beside changes. ValueError for an empty one."""
        name, at = clean_name(name), self._clock()
        if not name:
            raise ValueError("no name")
        async with self._database.begin() as connection:
            row = await self._locked(connection, who.id)
            await store.change(connection, row.id, {"name": name})
            if row.name != name:
                author = Author(row.id, name, row.role)
                values = {"name": row.name}, {"name": name}
                await audit.add(connection, at, author, Deed.MANAGE_ADMINS, _subject(row, name), *values)
        return await self.one(who.id)

    async def change(
        self, who: Admin | None, number: int, role: Role, scope: Scope, *, seen: int | None = None
    ) -> Admin:
        """Give somebody who helps another role or scope. Raises NotPermitted, LastOwner, OwnerBySettings.

        `seen`: mark_of() when they were looked at; OutdatedButton where they are something else by now.
        """
        at = self._clock()
        async with self._database.begin() as connection:
            row = await self._locked(connection, number, seen)
            author = await permit(connection, who, Deed.MANAGE_ADMINS, row.scope, row.role)
            await permit(connection, who, Deed.MANAGE_ADMINS, scope, role)
            if author.id == row.id:
                raise NotPermitted  # nobody decides on themselves
            await self.can_lose(connection, row, role)
            before, after = _differing(row, role, scope)
            await store.change(connection, row.id, {"role": role, "scope": scope})
            if after:
                subject = _subject(row, row.name, scope)
                await audit.add(connection, at, author, Deed.MANAGE_ADMINS, subject, before, after)
        return await self.one(number)

    async def revoke(self, who: Admin | None, number: int, *, seen: int | None = None) -> None:
        """Take somebody's role, with their next press; raises as change() does."""
        async with self._database.begin() as connection:
            row = await self._locked(connection, number, seen)
            await permit(connection, who, Deed.MANAGE_ADMINS, row.scope, row.role)
            await self._end(connection, row, who)
        await self.tidy()

    async def leave(self, who: Admin) -> None:
        """Stop helping: the id is erased at once. Raises LastOwner, OwnerBySettings."""
        at = self._clock()
        async with self._database.begin() as connection:
            row = await self._locked(connection, who.id)
            await self.can_lose(connection, row, None)
            await store.change(connection, row.id, {"revoked_at": at})
            await store.erase_id(connection, row.id)
            author = Author(row.id, row.name, row.role)
            after = {"active": False, "left": True}
            await audit.add(connection, at, author, Deed.MANAGE_ADMINS, _subject(row, row.name), {}, after)
        await self._database.scrub()

    async def forget(self, chat: int) -> bool:
        """Stop helping, whoever asks to be forgotten; whether they stay, as the last owner or by the settings."""
        who = await self.of(chat)
        if who is None:
            return False
        try:
            await self.leave(who)
        except (LastOwner, OwnerBySettings):
            return True
        return False

    async def export(self, chat: int) -> dict[str, Any]:
        """What is kept about somebody who helps, JSON-able; {} for anybody else."""
        who = await self.of(chat)
        if who is None:
            return {}
        scope = {"fellowships": who.scope.fellowships, "areas": who.scope.areas, "feeds": who.scope.feeds}
        said = {name: sorted(parts) for name, parts in scope.items() if parts}
        since = who.since.date().isoformat() if who.since else None
        return {"helps": {"role": who.role.value, "scope": said, "name": who.name, "since": since}}

    # -- by command line

    async def grant(self, chat: int, role: Role, scope: Scope = EVERYTHING, name: str = "") -> Admin:
        """Make somebody this, whatever they were. Raises LastOwner, OwnerBySettings, SettingsError."""
        if role is Role.OWNER and scope:
            raise OperatorError("An owner looks after everything: leave the scope out.")
        keys, at = await self._keys.keys(), self._clock()
        async with self._database.begin() as connection:
            row = await store.find(connection, keys.marks(chat), lock=True)
            if chat in self._owners:
                raise OwnerBySettings
            if row is not None and row.revoked_at is None:
                await self.can_lose(connection, row, role)
            values: dict[str, Any] = {"role": role, "scope": scope, "by_settings": False, "given_by": None}
            values |= {"given_at": at, "revoked_at": None}
            if clean_name(name):
                values["name"] = clean_name(name)
            admin = await self._put(connection, row, chat, values)
            await _tell_put(connection, Author(), row, admin, at)
        return admin

    async def number_of(self, chat: int) -> int:
        """The number of whoever has this Telegram id; OperatorError for nobody."""
        admin = await self.of(chat)
        if admin is None:
            raise OperatorError("Nobody with that id helps here; `openchair admins list` tells who does.")
        return admin.id

    async def tidy(self) -> None:
        """Let go of invitations that ran out, and of ids of people whose role was taken a week ago."""
        at = self._clock()
        async with self._database.read() as connection:
            old = await store.revoked_before(connection, at - VALID)
            ran_out = any(one.until <= at for one in await store.invitations_open(connection))
        if not old and not ran_out:
            return
        async with self._database.begin() as connection:
            await store.drop_invitations(connection, before=at)
            for number in old:
                await store.erase_id(connection, number)
        if old:
            await self._database.scrub()

    # -- pieces

    def _admin(self, row: AdminRow) -> Admin:
        return Admin(row.id, row.role, row.scope, row.name, row.given_at, row.by_settings)

    def _stands(self, row: AdminRow, chat: int) -> bool:
        return row.revoked_at is None and (not row.by_settings or chat in self._owners)

    async def _unsealed(self, rows: Collection[AdminRow]) -> dict[int, int]:
        """Chats by number; a row whose key is not here has none."""
        if not rows:
            return {}
        keys, found = await self._keys.keys(), {}
        for row in rows:
            try:
                found[row.id] = keys.unseal(row.key, row.sealed)
            except UnknownKeyError:
                continue
        return found

    async def _locked(self, connection: Connection, number: int, seen: int | None = None) -> AdminRow:
        """A row of somebody who helps, while nobody else changes any; OutdatedButton for nobody."""
        for row in await store.listed(connection, lock=True):
            if row.id == number and seen in (None, mark_of(self._admin(row))):
                return row
        raise OutdatedButton

    async def can_lose(self, connection: Connection, row: AdminRow, role: Role | None) -> None:
        """Raises where an owner may not become this; None: nobody."""
        if row.by_settings and row.sealed and (await self._unsealed([row])).get(row.id) in self._owners:
            raise OwnerBySettings
        steps_down = row.role is Role.OWNER and role is not Role.OWNER and not self._owners
        if steps_down and all(other == row.id for other in await _owners(connection, lock=True)):
            raise LastOwner

    async def _end(self, connection: Connection, row: AdminRow, who: Admin | None) -> None:
        await self.can_lose(connection, row, None)
        at = self._clock()
        await store.change(connection, row.id, {"revoked_at": at})
        values = {"active": True}, {"active": False}
        await record(connection, who, Deed.MANAGE_ADMINS, _subject(row, row.name), *values, at, row.role)

    async def _owner_of_settings(self, chat: int) -> AdminRow:
        """The row of an owner whom the settings name, made or raised."""
        keys, at = await self._keys.keys(), self._clock()
        values = {"role": Role.OWNER, "scope": EVERYTHING, "by_settings": True, "given_by": None}
        async with self._database.begin() as connection:
            row = await store.find(connection, keys.marks(chat), lock=True)
            admin = await self._put(connection, row, chat, {**values, "given_at": at, "revoked_at": None})
            await _tell_put(connection, Author(), row, admin, at)
            made = await store.by_id(connection, admin.id)
        assert made is not None
        return made

    async def _put(self, connection: Connection, row: AdminRow | None, chat: int, values: dict[str, Any]) -> Admin:
        """A row with these values, found or new; sealed anew."""
        key = (await self._keys.keys()).primary
        sealed = {"sealed": key.seal(chat), "key": key.id}
        if row is None:
            number = await store.add(connection, key.mark(chat), {"name": "", **sealed, **values})
        else:
            number = row.id
            await store.change(connection, number, {"mark": key.mark(chat), **sealed, **values})
        made = await store.by_id(connection, number)
        assert made is not None
        return self._admin(made)


def mark_of(admin: Admin) -> int:
    """A number that is another one once somebody has another role or scope."""
    return key_of(f"{admin.role.value} {scope_as_json(admin.scope)}")


async def _owners(connection: Connection, *, lock: bool = False) -> list[int]:
    """Numbers of the owners that do not hang on the settings."""
    rows = await store.listed(connection, lock=lock)
    return [row.id for row in rows if row.role is Role.OWNER and not row.by_settings]


def _is_owner(row: AdminRow) -> bool:
    return row.role is Role.OWNER and row.revoked_at is None


def _has(row: AdminRow, invitation: Invitation) -> bool:
    """Whether somebody is already all that an invitation gives."""
    ranks = list(Role)
    higher = ranks.index(row.role) < ranks.index(invitation.role)
    return higher or (row.role is invitation.role and row.scope.covers(invitation.scope))


def _subject(row: AdminRow, name: str, scope: Scope | None = None) -> Subject:
    return Subject(KIND, str(row.id), name, row.scope if scope is None else scope)


def _differing(row: AdminRow, role: Role, scope: Scope) -> tuple[dict[str, object], dict[str, object]]:
    """What a change of role and scope changes: before, after."""
    before: dict[str, object] = {"role": row.role.value, "scope": scope_as_json(row.scope)}
    after: dict[str, object] = {"role": role.value, "scope": scope_as_json(scope)}
    names = [name for name in after if before[name] != after[name]]
    return {name: before[name] for name in names}, {name: after[name] for name in names}


async def _tell_put(connection: Connection, author: Author, row: AdminRow | None, admin: Admin, at: datetime) -> None:
    """Write down that somebody came, came back or became something else."""
    subject = Subject(KIND, str(admin.id), admin.name, admin.scope)
    told: Values = {"role": admin.role.value, "scope": scope_as_json(admin.scope)}
    if row is None or row.revoked_at is not None:
        before: Values = {"active": False}
        after: Values = {"active": True, **told}
    else:
        before, after = _differing(row, admin.role, admin.scope)
    if after:
        await audit.add(connection, at, author, Deed.MANAGE_ADMINS, subject, before, after)
