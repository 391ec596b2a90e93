"""After `keys rotate`: every row made with an older key is made anew with the primary one."""

import asyncio

from bot.services.keys import KeyRing
from bot.store import admins, people
from bot.store.database import Database

BATCH = 100


async def reseal(database: Database, ring: KeyRing) -> int:
    """Seal all rows with the primary key; how many were not. Raises UnknownKeyError for a row no key opens."""
    total = 0
    while done := await _some(database, ring):
        total += done
        await asyncio.sleep(0)
    if total:
        await database.scrub()
    return total


async def _some(database: Database, ring: KeyRing) -> int:
    keys = await ring.keys()
    new = keys.primary
    async with database.begin() as connection:
        rows = await people.made_with_others(connection, new.id, BATCH)
        for person, key, sealed in rows:
            chat = keys.unseal(key, sealed)
            await people.reseal(connection, person, mark=new.mark(chat), sealed=new.seal(chat), key=new.id)
        helpers = await admins.made_with_others(connection, new.id, BATCH)
        for admin, key, sealed in helpers:
            chat = keys.unseal(key, sealed)
            values = {"mark": new.mark(chat), "sealed": new.seal(chat), "key": new.id}
            await admins.change(connection, admin, values)
    return len(rows) + len(helpers)
