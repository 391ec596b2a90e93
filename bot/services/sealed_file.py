"""A file that only the key opens, written and read in pieces.

Header: 16 bytes of name, a version, the id of the key (4 bytes), 16 random bytes. Then pieces of 64 KiB, each sealed
with AES-GCM under a key of this file alone. A piece's number and whether it is the last are part of its nonce, the
header is part of every seal: pieces cannot be altered, left out, put in another order or taken from another file,
and an end that is missing is noticed. Inside is a zlib stream of lines.
"""

import os
import zlib
from collections.abc import Iterator
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from bot.domain.errors import BackupError
from bot.services.keys import SECRET_BYTES, Key, Keys

NAME = b"openchair backup"
VERSION = 1
PIECE = 64 * 1024
_SALT, _KEY_ID, _TAG, _COUNTER = 16, 4, 16, 11
_HEADER = len(NAME) + 1 + _KEY_ID + _SALT


class SealedWriter:
    """Lines into a file; it counts only once `close` was called."""

    def __init__(self, out: BinaryIO, key: Key) -> None:
        self._out = out
        self._header = NAME + bytes([VERSION]) + key.id.to_bytes(_KEY_ID, "big") + os.urandom(_SALT)
        self._cipher = _cipher(key, self._header)
        self._packing = zlib.compressobj(level=3)
        self._held = bytearray()
        self._count = 0
        out.write(self._header)

    def line(self, text: bytes) -> None:
        """One more line, without its end."""
        self._held += self._packing.compress(text + b"\n")
        while len(self._held) > PIECE:  # never the last one: that is known at the end
            self._piece(bytes(self._held[:PIECE]), last=False)
            del self._held[:PIECE]

    def close(self) -> None:
        """The last piece."""
        self._held += self._packing.flush()
        while len(self._held) > PIECE:
            self._piece(bytes(self._held[:PIECE]), last=False)
            del self._held[:PIECE]
        self._piece(bytes(self._held), last=True)

    def _piece(self, data: bytes, *, last: bool) -> None:
        self._out.write(self._cipher.encrypt(_nonce(self._count, last), data, self._header))
        self._count += 1


def read_lines(file: BinaryIO, keys: Keys) -> Iterator[bytes]:
    """The lines of a file, some time after each other; BackupError as soon as anything is not as it was written.

    What came before an error was written by us, but may not be all: act on nothing before the end.
    """
    unpacking, rest = zlib.decompressobj(), b""
    for piece in _pieces(file, keys):
        full = False  # a full answer may leave more behind, even when all that came is used up
        while piece or full:
            data = unpacking.decompress(piece, PIECE)
            *lines, rest = (rest + data).split(b"\n")
            yield from lines
            piece, full = unpacking.unconsumed_tail, len(data) == PIECE
    if rest or not unpacking.eof:
        raise BackupError("The backup does not end as it should: take another one.")


def _pieces(file: BinaryIO, keys: Keys) -> Iterator[bytes]:
    header = file.read(_HEADER)
    cipher = _cipher(_key_of(header, keys), header)
    sealed, count = file.read(PIECE + _TAG), 0
    while True:
        following = file.read(PIECE + _TAG)
        try:
            yield cipher.decrypt(_nonce(count, not following), sealed, header)
        except InvalidTag:
            raise BackupError("The backup was cut short or altered: take another one.") from None
        if not following:
            return
        sealed, count = following, count + 1


def _key_of(header: bytes, keys: Keys) -> Key:
    if len(header) < _HEADER or not header.startswith(NAME):
        raise BackupError("This file is no backup of Open Chair.")
    if header[len(NAME)] != VERSION:
        raise BackupError("This backup was made by a newer version of Open Chair: install that version.")
    key = keys.named(int.from_bytes(header[len(NAME) + 1 :][:_KEY_ID], "big"))
    if key is None:
        raise BackupError(
            "This backup was made with another key: put that one into OPENCHAIR_KEY (behind the present one, with a "
            "comma between) or its file to where OPENCHAIR_KEY_FILE points, then try again."
        )
    return key


def _cipher(key: Key, header: bytes) -> AESGCM:
    salt = header[-_SALT:]
    return AESGCM(HKDF(SHA256(), SECRET_BYTES, salt=salt, info=b"openchair backup file").derive(key.backup))


def _nonce(count: int, last: bool) -> bytes:
    return count.to_bytes(_COUNTER, "big") + bytes([last])
