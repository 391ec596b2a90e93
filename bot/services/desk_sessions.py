"""Signing in to the desk on the web, by a link that the bot sends to the helper's own chat.

Nothing here says what somebody may do: who they are is asked anew with every page.
"""

import hashlib
import hmac
import os
import secrets

from bot.domain.admin import Admin
from bot.domain.clock import Clock, system_clock
from bot.domain.desk_session import IDLE, KEPT, LINK_VALID, LONGEST, Entry, Session, make_link, read_link
from bot.domain.errors import LinkRefused, OutdatedButton
from bot.services.admins import Admins
from bot.services.keys import KeyRing
from bot.store import desk_sessions as store
from bot.store.database import Database
from bot.store.desk_sessions import SessionRow

SECRET_BYTES = 32
TOUCHED_S = 60  # so often at most it is written down that a session is in use
LONGEST_SECRET = 100  # characters of a cookie that are looked at


class DeskSessions:
    """Links and sessions. Of both only hashes are kept."""

    def __init__(self, database: Database, keys: KeyRing, admins: Admins, *, clock: Clock = system_clock) -> None:
        self._database, self._keys, self._admins, self._clock = database, keys, admins, clock

    async def link(self, who: Admin) -> str:
        """What stands at the end of a link that lets this person in, once, within minutes."""
        return make_link(who.id, self._clock(), (await self._keys.keys()).primary.desk)

    async def offered(self, text: str) -> Admin:
        """Whom a link lets in; it is not used by that. Raises LinkRefused."""
        entry = await self._read(text)
        async with self._database.read() as connection:
            if await store.closed_since(connection, entry.admin, entry.until - LINK_VALID):
                raise LinkRefused
        return await self._who(entry.admin)

    async def begin(self, text: str, language: str) -> str:
        """Use a link; the secret of the cookie. Raises LinkRefused."""
        entry, at, secret = await self._read(text), self._clock(), secrets.token_urlsafe(SECRET_BYTES)
        await self._who(entry.admin)
        used = hashlib.sha256(entry.nonce).digest()
        row = SessionRow(_hash(secret), used, entry.admin, language, at, at, at + LONGEST)
        async with self._database.begin() as connection:
            await store.drop(connection, at - KEPT)
            if await store.closed_since(connection, entry.admin, entry.until - LINK_VALID):
                raise LinkRefused
            if not await store.begin(connection, row):
                raise LinkRefused
        return secret

    async def of(self, secret: str) -> Session | None:
        """Who is signed in with this cookie; None for nobody, or nobody who still helps."""
        at = self._clock()
        row = await self._row(secret)
        if row is None or row.until <= at or row.seen_at + IDLE <= at:
            return None
        try:
            who = await self._admins.one(row.admin)
        except OutdatedButton:
            await self.end(secret)
            return None
        if who.since is not None and who.since > row.made_at:
            return None  # the role was taken and given again since
        if (at - row.seen_at).total_seconds() >= TOUCHED_S:
            await self._change(row.id, seen_at=at)
        return Session(who, row.language, await self._token(row.id))

    async def is_token(self, secret: str, token: str) -> bool:
        """Whether a form comes from a page that this session was shown."""
        every = (await self._keys.keys()).every
        return any([hmac.compare_digest(_form_token(key.desk, _hash(secret)), token.encode()) for key in every])

    async def speak(self, secret: str, language: str) -> None:
        """Another language from here on."""
        await self._change(_hash(secret), language=language)

    async def end(self, secret: str) -> None:
        """Sign out."""
        await self._change(_hash(secret), until=self._clock())

    async def end_all(self, who: Admin) -> None:
        """Sign out everywhere; links that were not used yet open nothing either."""
        at = self._clock()
        closing = SessionRow(os.urandom(32), os.urandom(32), who.id, "", at, at, at)
        async with self._database.begin() as connection:
            await store.end_all(connection, who.id, at)
            await store.begin(connection, closing)

    async def _read(self, text: str) -> Entry:
        keys = await self._keys.keys()
        return read_link(text, self._clock(), [key.desk for key in keys.every])

    async def _who(self, number: int) -> Admin:
        try:
            return await self._admins.one(number)
        except OutdatedButton:
            raise LinkRefused from None

    async def _row(self, secret: str) -> SessionRow | None:
        if not secret or len(secret) > LONGEST_SECRET:
            return None
        async with self._database.read() as connection:
            return await store.find(connection, _hash(secret))

    async def _change(self, session: bytes, **values: object) -> None:
        async with self._database.begin() as connection:
            await store.change(connection, session, values)

    async def _token(self, session: bytes) -> str:
        return _form_token((await self._keys.keys()).primary.desk, session).decode()


def _hash(secret: str) -> bytes:
    return hashlib.sha256(secret.encode(errors="replace")).digest()


def _form_token(key: bytes, session: bytes) -> bytes:
    return hmac.digest(key, b"desk form" + session, "sha256")[:16].hex().encode()
