"""Takes back what was done to people who help, and invitations that nobody used."""

from contextlib import AbstractAsyncContextManager, nullcontext
from datetime import datetime
from typing import Any

from bot.domain.admin import Admin, Deed, Role, scope_as_json, scope_of_json
from bot.domain.audit import Subject, Values
from bot.domain.errors import NotPermitted
from bot.services.admins import Admins
from bot.services.audit import permit
from bot.store import admins as store
from bot.store.database import Connection


class UndoAdmins:
    """Roles, scopes and names."""

    def __init__(self, admins: Admins) -> None:
        self._admins = admins

    def turn(self, subject: Subject) -> AbstractAsyncContextManager[object]:
        """Nothing has to be waited for: rows are locked in the transaction."""
        return nullcontext()

    async def now(self, connection: Connection, subject: Subject, fields: tuple[str, ...]) -> Values:
        """Whether they help, as what, with which name. Somebody whose id is gone is not active again."""
        await store.listed(connection, lock=True)
        row = await store.by_id(connection, int(subject.id), lock=True)
        if row is None:
            return {}
        values: Values = {"role": row.role.value, "scope": scope_as_json(row.scope), "name": row.name}
        return {**values, "active": row.revoked_at is None if row.sealed else None}

    async def put(
        self, connection: Connection, subject: Subject, values: Values, who: Admin | None, at: datetime
    ) -> None:
        """Raises NotPermitted where a role is higher than one's own, LastOwner, OwnerBySettings."""
        row = await store.by_id(connection, int(subject.id), lock=True)
        if row is None or not row.sealed:
            raise NotPermitted
        role = Role(values.get("role", row.role))
        scope = scope_of_json(values["scope"]) if "scope" in values else row.scope
        for one, about in ((row.role, row.scope), (role, scope)):
            await permit(connection, who, Deed.MANAGE_ADMINS, about, one)
        active = values.get("active", row.revoked_at is None)
        if row.revoked_at is None:
            await self._admins.can_lose(connection, row, role if active else None)
        changed: dict[str, Any] = {"role": role, "scope": scope, "name": values.get("name", row.name)}
        await store.change(connection, row.id, {**changed, "revoked_at": None if active else row.revoked_at or at})


class UndoInvitations:
    """Takes back an invitation that nobody used."""

    def turn(self, subject: Subject) -> AbstractAsyncContextManager[object]:
        """As above."""
        return nullcontext()

    async def now(self, connection: Connection, subject: Subject, fields: tuple[str, ...]) -> Values:
        """Whether its code can still be used."""
        found = await store.invitation(connection, bytes.fromhex(subject.id))
        return {"open": found is not None}

    async def put(
        self, connection: Connection, subject: Subject, values: Values, who: Admin | None, at: datetime
    ) -> None:
        """Withdraw it; a withdrawn one stays withdrawn: NotPermitted."""
        if values.get("open"):
            raise NotPermitted
        await store.use(connection, bytes.fromhex(subject.id))
