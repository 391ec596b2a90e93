"""What a form of the desk sends: fields, and at most a file. Read with a limit of size and time."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qsl

from starlette.requests import Request

from bot.web.strict import body_of

MOST_FIELDS = 2_000
MOST_PLAIN = 512 * 1024  # bytes of a form without a file
_BOUNDARY = re.compile(r'multipart/form-data;.*boundary="?([^";,\s]{1,70})"?', re.IGNORECASE)
_NAME = re.compile(rb'(?i)content-disposition:[^\r\n]*?[;\s]name="([^"]*)"')
_FILE = re.compile(rb'(?i)content-disposition:[^\r\n]*?filename="([^"]*)"')


class TooMuch(Exception):
    """More was sent than is read."""


@dataclass(frozen=True, slots=True)
class Form:
    """The fields of a form, each with all its values; `file`: name and bytes of what was uploaded."""

    fields: Mapping[str, list[str]] = field(default_factory=dict)
    file: tuple[str, bytes] | None = None

    def get(self, name: str) -> str:
        """The first value of a field; "" where there is none."""
        return next(iter(self.fields.get(name, ())), "")

    def all(self, name: str) -> list[str]:
        """All values of a field."""
        return list(self.fields.get(name, ()))


async def read_form(request: Request, most: int = MOST_PLAIN) -> Form:
    """The form of a request; an empty one where it is none. Raises TooMuch."""
    body, kind = await body_of(request, most), request.headers.get("Content-Type", "")
    if body is None:
        raise TooMuch
    if match := _BOUNDARY.match(kind):
        return _parts(body, match[1].encode())
    if not kind.startswith("application/x-www-form-urlencoded"):
        return Form()
    try:
        pairs = parse_qsl(body.decode(errors="replace"), keep_blank_values=True, max_num_fields=MOST_FIELDS)
    except ValueError:
        raise TooMuch from None
    return Form(_gathered(pairs))


def _parts(body: bytes, boundary: bytes) -> Form:
    pairs: list[tuple[str, str]] = []
    file = None
    for part in (b"\r\n" + body).split(b"\r\n--" + boundary)[1:-1]:
        head, _, data = part.partition(b"\r\n\r\n")
        name, filename = _NAME.search(head), _FILE.search(head)
        if name is None:
            continue
        if filename is not None:
            file = (filename[1].decode(errors="replace"), data) if filename[1] or data else file
        elif len(pairs) < MOST_FIELDS:
            pairs.append((name[1].decode(errors="replace"), data.decode(errors="replace")))
    return Form(_gathered(pairs), file)


def _gathered(pairs: list[tuple[str, str]]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name, value in pairs:
        found.setdefault(name, []).append(value.replace("\x00", ""))
    return found
