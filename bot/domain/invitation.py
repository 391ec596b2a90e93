"""An invitation to help, and its code: twenty letters and digits that can be typed, pressed, or opened as a link."""

import base64
import hashlib
import re
from dataclasses import dataclass
from datetime import datetime

from bot.domain.admin import Role, Scope

BITS = 100
HALF = BITS // 2
_LENGTH = BITS // 5
_TYPED = str.maketrans("018", "OIB")  # the alphabet has none of the three
_CODE = re.compile(rf"[A-Z2-7]{{{_LENGTH}}}")


@dataclass(frozen=True, slots=True)
class Invitation:
    """What a code is good for, once."""

    code: bytes  # what is kept of it
    role: Role
    scope: Scope
    made_by: int | None  # an admin's number; None: by command line
    made_at: datetime
    until: datetime


def written(number: int) -> str:
    """A number of 100 bits as it is told: K7Q2M-…, in groups of five."""
    data = (number << 4).to_bytes(13, "big")
    text = base64.b32encode(data).decode()[:_LENGTH]
    return "-".join(text[at : at + 5] for at in range(0, _LENGTH, 5))


def read(text: str) -> int | None:
    """The reverse of written, however it was typed; None for what is no code at all."""
    code = re.sub(r"[\s–—_-]", "", text).upper().translate(_TYPED)
    if not _CODE.fullmatch(code):
        return None
    return int.from_bytes(base64.b32decode(code + "A" + "=" * (-(_LENGTH + 1) % 8)), "big") >> 4


def halves(number: int) -> tuple[int, int]:
    """A code as the two numbers that a button has room for."""
    return number >> HALF, number & ((1 << HALF) - 1)


def joined(first: int, second: int) -> int:
    """The reverse of halves; ValueError for what no code has."""
    if first >> HALF or second >> HALF:
        raise ValueError("no halves of a code")
    return first << HALF | second


def kept(number: int) -> bytes:
    """What is kept of a code: enough to know it again, nothing to use."""
    return hashlib.sha256(b"openchair invitation " + number.to_bytes(13, "big")).digest()[:16]
