"""Being signed in to the desk on the web: the link that leads in, and how long it lasts.

A link is signed, says whose it is and until when it opens, and works once: whoever uses it leaves a row, and a second
row of the same link cannot be. It is no longer than an address has to be, and holds no name.
"""

import base64
import binascii
import hmac
import os
import struct
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from bot.domain.admin import Admin
from bot.domain.errors import LinkRefused

LINK_VALID = timedelta(minutes=5)
LONGEST = timedelta(hours=8)
IDLE = timedelta(hours=1)
KEPT = timedelta(days=1)
NONCE_BYTES, MARK_BYTES = 12, 16
_FORM = struct.Struct(f">{NONCE_BYTES}sQI")


@dataclass(frozen=True, slots=True)
class Entry:
    """What a link says."""

    nonce: bytes
    admin: int
    until: datetime


@dataclass(frozen=True, slots=True)
class Session:
    """A browser in which somebody is signed in. `token` has to stand in every form that changes something."""

    who: Admin
    language: str
    token: str


def make_link(admin: int, now: datetime, key: bytes) -> str:
    """A new link for one person: 56 letters."""
    body = _FORM.pack(os.urandom(NONCE_BYTES), admin, int((now + LINK_VALID).timestamp()))
    return base64.urlsafe_b64encode(body + _mark(body, key)).decode().rstrip("=")


def read_link(text: str, now: datetime, keys: Sequence[bytes]) -> Entry:
    """What a link says; LinkRefused for one that was altered, made elsewhere, or is too old."""
    try:
        data = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        raise LinkRefused from None
    body, mark = data[: _FORM.size], data[_FORM.size :]
    if len(data) != _FORM.size + MARK_BYTES or not any([hmac.compare_digest(_mark(body, key), mark) for key in keys]):
        raise LinkRefused
    nonce, admin, until = _FORM.unpack(body)
    found = Entry(nonce, admin, datetime.fromtimestamp(until, UTC))
    if found.until <= now:
        raise LinkRefused
    return found


def _mark(body: bytes, key: bytes) -> bytes:
    return hmac.digest(key, b"desk link" + body, "sha256")[:MARK_BYTES]
