"""Small things that all processes of a bot remember together."""

from bot.store import facts
from bot.store.database import Database


class Memory:
    """Words by name, in the database. Nothing about people belongs here. Raises StoreError."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @property
    def alone(self) -> bool:
        """Whether no other process shares it."""
        return self._database.is_sqlite

    async def recall(self, name: str) -> str:
        """What is remembered under a name; "" for nothing."""
        async with self._database.read() as connection:
            return await facts.read(connection, name) or ""

    async def keep(self, name: str, value: str) -> None:
        """Remember this in the place of what was before; "" forgets it."""
        async with self._database.begin() as connection:
            if value:
                await facts.write(connection, name, value)
            else:
                await facts.forget(connection, name)
