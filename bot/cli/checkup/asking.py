"""Asking an address, and what it answered."""

import json
import ssl
from dataclasses import dataclass
from typing import Any

import aiohttp

TIMEOUT_S = 10
FAILED = (aiohttp.ClientError, TimeoutError, OSError, ValueError)


@dataclass(frozen=True, slots=True)
class Answer:
    """`date`: the header, as it came."""

    status: int
    date: str
    text: str

    @property
    def body(self) -> dict[str, Any]:
        """The JSON object; empty for anything else."""
        try:
            found = json.loads(self.text)
        except ValueError:
            return {}
        return found if isinstance(found, dict) else {}


async def ask(
    session: aiohttp.ClientSession, address: str, timeout_s: float = TIMEOUT_S, *, trust: ssl.SSLContext | bool = True
) -> Answer:
    """GET an address; no other one is followed. Raises what FAILED names."""
    timeout = aiohttp.ClientTimeout(total=timeout_s)
    async with session.get(address, timeout=timeout, allow_redirects=False, ssl=trust) as answer:
        return Answer(answer.status, answer.headers.get("Date", ""), await answer.text(errors="replace"))
