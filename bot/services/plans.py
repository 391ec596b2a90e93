"""My plan: a person's own intention, shown when asked for. Nothing is counted, nothing is sent."""

from datetime import date

from bot.domain.reminder import Plan
from bot.services.keys import KeyRing
from bot.store import people
from bot.store.database import Database

MOST_MEETINGS = 999
MOST_KINDS = 99


class Plans:
    """One plan for each person who made one."""

    def __init__(self, database: Database, keys: KeyRing) -> None:
        self._database, self._keys = database, keys

    async def set(self, chat: int, meetings: int, until: date, kinds: int | None = None) -> Plan:
        """Keep a plan in the place of the one before. ValueError for numbers that are none to plan with."""
        if not 1 <= meetings <= MOST_MEETINGS or (kinds is not None and not 1 <= kinds <= MOST_KINDS):
            raise ValueError("no such plan")
        keys = await self._keys.keys()
        sealed = keys.primary.seal(chat)
        async with self._database.begin() as connection:
            marks = keys.marks(chat)
            person = await people.find_or_add(connection, marks, sealed=sealed, key=keys.primary.id)
            values = {"meetings": meetings, "until": until, "kinds": kinds}
            await people.put_plan(connection, person.id, values)
        return Plan(meetings, until, kinds)

    async def get(self, chat: int) -> Plan | None:
        """The plan of a person."""
        marks = await self._keys.marks(chat)
        async with self._database.read() as connection:
            person = await people.find(connection, marks)
            row = None if person is None else await people.plan(connection, person.id)
        return None if row is None else Plan(row.meetings, row.until, row.kinds)

    async def drop(self, chat: int) -> bool:
        """Erase the plan; whether there was one."""
        marks = await self._keys.marks(chat)
        async with self._database.begin() as connection:
            person = await people.find(connection, marks, lock=True)
            if person is None or not await people.drop_plan(connection, person.id):
                return False
            await people.erase_if_empty(connection, person.id)
        await self._database.scrub()
        return True
