"""Parameters of one call, the same whether they came as query, form, multipart or JSON."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from aiohttp import BodyPartReader, web

from bot.sandbox.errors import ApiError, Json, bad_request

MAX_UPLOAD = 50 * 1024 * 1024  # bytes; what a bot may send through the cloud Bot API
_CHUNK = 64 * 1024


@dataclass(frozen=True)
class Upload:
    """One uploaded file, in memory."""

    name: str
    media_type: str
    content: bytes


@dataclass
class Params:
    """The named values of a call; numbers may arrive as strings and objects as JSON text."""

    values: Json = field(default_factory=dict)
    files: dict[str, Upload] = field(default_factory=dict)

    def text(self, name: str, default: str = "") -> str:
        """The value as text; a missing or null one is the default."""
        value = self.values.get(name)
        if value is None:
            return default
        return value if isinstance(value, str) else json.dumps(value)

    def integer(self, name: str, default: int = 0) -> int:
        """The value as a whole number; what is not one counts as the default, as at Telegram."""
        try:
            return int(self.text(name).strip() or default)
        except ValueError:
            return default

    def flag(self, name: str) -> bool:
        """Whether the value says yes."""
        return self.text(name).strip().lower() in {"true", "1", "yes", "t", "y"}

    def number(self, name: str, *, required: bool = True) -> float | None:
        """The value as a decimal number; raises ApiError when it is required and missing or no number."""
        raw = self.text(name).strip()
        if not raw:
            if required:
                raise bad_request(f"{name} is empty")
            return None
        try:
            return float(raw)
        except ValueError:
            raise bad_request(f"can't parse {name} as Number") from None

    def decoded(self, name: str, error: str) -> Any:
        """The value as a JSON object or array, None when absent; raises ApiError with `error` if it is no JSON."""
        value = self.values.get(name)
        if value is None or value == "":
            return None
        if not isinstance(value, str):
            return value
        try:
            return json.loads(value)
        except ValueError:
            raise bad_request(error) from None


async def read_params(request: web.Request) -> Params:
    """Collect query and body of a request. Raises ApiError for a body that cannot be read."""
    params = Params(dict(request.query))
    if request.method != "POST" or not request.can_read_body:
        return params
    if request.content_type == "application/json":
        params.values.update(await _json_body(request))
    elif request.content_type == "multipart/form-data":
        await _multipart_body(request, params)
    else:
        params.values.update({key: str(value) for key, value in (await request.post()).items()})
    return params


async def _json_body(request: web.Request) -> Json:
    try:
        body = json.loads(await request.text() or "{}")
    except ValueError:
        raise bad_request("can't parse JSON body") from None
    if not isinstance(body, dict):
        raise bad_request("object expected as JSON body")
    return body


async def _multipart_body(request: web.Request, params: Params) -> None:
    # Read by hand: the ready-made reader of forms spools files to the disk.
    try:
        reader = await request.multipart()
        async for part in reader:
            if not isinstance(part, BodyPartReader) or not part.name:
                continue
            content = await _part_bytes(part)
            if part.filename is None:
                params.values[part.name] = content.decode("utf-8", "replace")
            else:
                kind = part.headers.get("Content-Type", "application/octet-stream")
                params.files[part.name] = Upload(part.filename, kind, content)
    except ValueError:
        raise bad_request("can't parse multipart body") from None


async def _part_bytes(part: BodyPartReader) -> bytes:
    content = bytearray()
    while chunk := await part.read_chunk(_CHUNK):
        content += chunk
        if len(content) > MAX_UPLOAD:
            raise ApiError(413, "Request Entity Too Large")
    return bytes(content)
