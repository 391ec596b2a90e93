"""The key outside the database: chat ids are sealed with it, and found again by a keyed hash.

One secret of 32 bytes; what each purpose uses is derived from it. After `keys rotate` older secrets stay readable
until the last thing made with them has run out.
"""

import base64
import binascii
import hmac
import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from bot.domain.errors import SettingsError
from bot.store import admins, people
from bot.store.database import Database

SECRET_BYTES = 32
NONCE_BYTES = 12
MARK_BYTES = 16
OLD_KEPT_DAYS = 400  # links and backups made with an older secret are void by then
_NUMBER_BYTES = 8


class UnknownKeyError(Exception):
    """Something was sealed with a key that is not here, or was altered."""


@dataclass(frozen=True, slots=True, repr=False)
class Key:
    """What is derived from one secret. `id` names it and tells nothing about it."""

    id: int
    sealing: bytes
    lookup: bytes
    link: bytes
    backup: bytes
    desk: bytes

    @classmethod
    def of(cls, secret: bytes) -> "Key":
        """Derive everything; ValueError for a secret of another length."""
        if len(secret) != SECRET_BYTES:
            raise ValueError("a key has 32 bytes")
        derived = partial(_derive, secret)
        identity = int.from_bytes(derived("id")[:4], "big")
        link, backup, desk = derived("link"), derived("backup"), derived("desk")
        return cls(identity, derived("sealing"), derived("look-up"), link, backup, desk)

    def mark(self, chat: int) -> bytes:
        """The keyed hash by which a chat is found: 128 bits."""
        return hmac.digest(self.lookup, _number(chat), "sha256")[:MARK_BYTES]

    def seal(self, chat: int, purpose: str = "chat") -> bytes:
        """The chat id, encrypted for one purpose; never twice the same."""
        nonce = os.urandom(NONCE_BYTES)
        return nonce + AESGCM(self.sealing).encrypt(nonce, _number(chat), purpose.encode())

    def unseal(self, sealed: bytes, purpose: str = "chat") -> int:
        """The reverse of seal; raises UnknownKeyError."""
        nonce, data = sealed[:NONCE_BYTES], sealed[NONCE_BYTES:]
        try:
            return int.from_bytes(AESGCM(self.sealing).decrypt(nonce, data, purpose.encode()), "big", signed=True)
        except (InvalidTag, ValueError):
            raise UnknownKeyError("sealed with another key") from None


@dataclass(frozen=True, slots=True, repr=False)
class Keys:
    """The primary key first, then older ones that are still readable."""

    every: tuple[Key, ...]

    @property
    def primary(self) -> Key:
        """With it everything new is made."""
        return self.every[0]

    def marks(self, chat: int) -> list[bytes]:
        """Every hash under which a chat may be found, the primary one first."""
        return [key.mark(chat) for key in self.every]

    def named(self, key: int) -> Key | None:
        """The key of that id, if it is here."""
        return next((one for one in self.every if one.id == key), None)

    def unseal(self, key: int, sealed: bytes) -> int:
        """The chat id behind a row; raises UnknownKeyError."""
        one = self.named(key)
        if one is None:
            raise UnknownKeyError("sealed with a key that is not here")
        return one.unseal(sealed)


class KeyRing:
    """Finds the keys: those that are set, else those in the file, which is made when first something is to be sealed.

    Ask it each time anew: the keys may have been rotated.
    """

    def __init__(self, database: Database, *, setting: str = "", file: Path | None = None) -> None:
        """`setting`: base64, the primary one first, commas between. `file`: used when nothing is set."""
        self._database, self._setting, self._file = database, setting, file
        self._keys: Keys | None = None
        self._seen: tuple[int, int] | None = None

    async def keys(self) -> Keys:
        """The keys as they are now: a file that `keys rotate` changed is read again. Raises SettingsError."""
        if self._setting:
            if self._keys is None:
                self._keys = Keys(tuple(Key.of(secret) for secret in read_setting(self._setting)))
            return self._keys
        file = self._named_file()
        if not file.exists():
            await self._make(file)
        at = file.stat()
        if self._keys is None or (at.st_mtime_ns, at.st_ino) != self._seen:
            self._keys = Keys(tuple(Key.of(line.secret) for line in read_file(file)))
            self._seen = (at.st_mtime_ns, at.st_ino)
        return self._keys

    async def marks(self, chat: int) -> list[bytes]:
        """Every hash under which a chat may be found; none, and no key is made, where nothing was ever sealed."""
        keys = await self.existing()
        return [] if keys is None else keys.marks(chat)

    async def existing(self) -> Keys | None:
        """The keys; None, and no key is made, where nothing was ever sealed. Raises SettingsError."""
        if not self._setting and self._database.is_sqlite and self._file is not None and not self._file.exists():
            await self.check()
            return None
        return await self.keys()

    @property
    def present(self) -> bool:
        """Whether there is a key, without a look at what it sealed."""
        return bool(self._setting) or (self._file is not None and self._file.exists())

    async def check(self) -> None:
        """Raises SettingsError when nothing could be sealed or unsealed; makes nothing."""
        if self._setting:
            await self.keys()
            return
        file = self._named_file()
        if file.exists():
            await self.keys()
        else:
            await self._must_be_first(file)

    async def rotate(self, today: date) -> Path:
        """Put a new key first in the file; older ones stay until what they made has run out. Raises SettingsError."""
        if self._setting:
            raise SettingsError(
                "The key stands in OPENCHAIR_KEY: put a new one before it (openssl rand -base64 32), with a comma "
                "between, restart every process, then run this again with --reseal."
            )
        await self.keys()
        file = self._named_file()
        kept = [line.until(today, OLD_KEPT_DAYS) for line in read_file(file) if not line.over(today)]
        write_file(file, [Line(os.urandom(SECRET_BYTES)), *kept])
        return file

    def _named_file(self) -> Path:
        if self._file is None or not self._database.is_sqlite:
            raise SettingsError(
                "On PostgreSQL the key for what people ask to keep must be set: put the same OPENCHAIR_KEY "
                "(openssl rand -base64 32) into every process."
            )
        return self._file

    async def _make(self, file: Path) -> None:
        await self._must_be_first(file)
        write_file(file, [Line(os.urandom(SECRET_BYTES))])

    async def _must_be_first(self, file: Path) -> None:
        async with self._database.read() as connection:
            reminders, helpers = await people.any_sealed(connection), await admins.any_sealed(connection)
        if reminders or helpers:
            what = "reminders" if reminders else "people who help"
            raise SettingsError(
                f"The key file {file} is missing, and the database holds {what} sealed with it: put the file "
                "back, or set OPENCHAIR_KEY."
            )


@dataclass(frozen=True, slots=True, repr=False)
class Line:
    """One line of the key file: the secret, and until when an older one is kept."""

    secret: bytes
    kept_until: date | None = None

    def until(self, today: date, days: int) -> "Line":
        """The line of a key that is the primary one no longer."""
        return Line(self.secret, self.kept_until or date.fromordinal(today.toordinal() + days))

    def over(self, today: date) -> bool:
        """Whether nothing made with it is valid any more."""
        return self.kept_until is not None and self.kept_until < today


def read_setting(text: str) -> list[bytes]:
    """The secrets of OPENCHAIR_KEY; SettingsError, which never repeats them."""
    try:
        secrets = [_secret(part) for part in text.split(",")]
    except ValueError:
        raise SettingsError(
            "OPENCHAIR_KEY is not right: it should be 32 bytes in base64, as `openssl rand -base64 32` prints them."
        ) from None
    return secrets


def read_file(file: Path) -> list[Line]:
    """The lines of a key file; SettingsError."""
    try:
        parts = [line.split() for line in file.read_text("ascii").splitlines() if line.strip()]
        lines = [Line(_secret(part[0]), date.fromisoformat(part[1]) if len(part) > 1 else None) for part in parts]
    except OSError as error:
        raise SettingsError(f"The key file {file} cannot be read: {error.strerror}.") from None
    except ValueError:
        lines = []
    if not lines:
        raise SettingsError(f"The key file {file} is damaged: put a copy back, or set OPENCHAIR_KEY.")
    return lines


def write_file(file: Path, lines: Sequence[Line]) -> None:
    """Put the lines in the place of the file in one step, readable by its owner only; SettingsError."""
    text = "".join(
        base64.b64encode(line.secret).decode() + (f" {line.kept_until}" if line.kept_until else "") + "\n"
        for line in lines
    )
    new = file.with_name(f".{file.name}.new")
    try:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        new.unlink(missing_ok=True)
        with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
            out.write(text)
            out.flush()
            os.fsync(out.fileno())  # the rows sealed with it are worth nothing without it
        new.replace(file)
        folder = os.open(file.parent, os.O_RDONLY)
        os.fsync(folder)
        os.close(folder)
    except OSError as error:
        raise SettingsError(f"The key file {file} cannot be written: {error.strerror}.") from None


def _secret(text: str) -> bytes:
    try:
        secret = base64.b64decode(text.strip(), validate=True)
    except binascii.Error:
        raise ValueError("not base64") from None
    if len(secret) != SECRET_BYTES:
        raise ValueError("not 32 bytes")
    return secret


def _derive(secret: bytes, purpose: str) -> bytes:
    return HKDF(SHA256(), SECRET_BYTES, salt=None, info=b"openchair " + purpose.encode()).derive(secret)


def _number(chat: int) -> bytes:
    return chat.to_bytes(_NUMBER_BYTES, "big", signed=True)
