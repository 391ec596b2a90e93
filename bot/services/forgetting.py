"""/forget: first the note that keeps backups from bringing somebody back, then every row."""

from dataclasses import dataclass

from bot.domain.clock import Clock, system_clock
from bot.domain.errors import LastOwner, OwnerBySettings
from bot.services.admins import Admins
from bot.services.forgotten import Entry, ForgottenFile
from bot.services.keys import KeyRing, Keys
from bot.services.people import People
from bot.store import admins as helpers
from bot.store.database import Database


@dataclass(frozen=True, slots=True)
class Forgot:
    """What came of it. `had`: something was kept; `stays`: they help on, as the last owner or by the settings."""

    had: bool
    stays: bool


class Forgetting:
    """Erases everything about a person, whatever they are here."""

    def __init__(
        self,
        database: Database,
        keys: KeyRing,
        people: People,
        admins: Admins,
        file: ForgottenFile,
        *,
        clock: Clock = system_clock,
    ) -> None:
        self._database, self._keys, self._people, self._admins = database, keys, people, admins
        self._file, self._clock = file, clock

    async def forget(self, chat: int) -> Forgot:
        """Erase every row about a person at once.

        The note is made for those of whom nothing is kept now, too: what ended by itself yesterday stands in the
        backup of the day before. Where nothing was ever sealed there is nobody to note.
        """
        keys = await self._keys.existing()
        if keys is not None:
            at, stays = self._clock(), await self._would_stay(keys, chat)
            await self._file.add([Entry(at, key.id, key.mark(chat), stays) for key in keys.every])
        stays = await self._admins.forget(chat)
        return Forgot(await self._people.forget(chat), stays)

    async def _would_stay(self, keys: Keys, chat: int) -> bool:
        """Whether those who help cannot do without them."""
        async with self._database.read() as connection:
            row = await helpers.find(connection, keys.marks(chat))
        if row is None or row.revoked_at is not None:
            return False
        async with self._database.begin() as connection:  # to lose a role is decided while nobody else changes one
            try:
                await self._admins.can_lose(connection, row, None)
            except (LastOwner, OwnerBySettings):
                return True
        return False
