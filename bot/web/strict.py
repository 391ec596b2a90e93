"""What holds for every answer of the web side: strict headers, and no patience with callers who dawdle."""

import asyncio
from typing import Any

import h11
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import H11Protocol

REQUEST_S = 10.0  # until the first line and the headers of a request have come
BODY_S = 10.0  # and then its body
MOST_OPEN = 500  # connections; further ones are told to come again

HEADERS = {
    "Content-Security-Policy": "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "Cache-Control": "no-store",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "X-Robots-Tag": "noindex, nofollow",
}
HSTS = {"Strict-Transport-Security": "max-age=31536000"}


async def body_of(request: Request, most: int) -> bytes | None:
    """The body of a request, or None when it is longer than `most` bytes; no more than that is ever kept."""
    parts: list[bytes] = []
    size = 0
    async for part in request.stream():
        size += len(part)
        if size > most:
            return None
        parts.append(part)
    return b"".join(parts)


class Strict:
    """Gives every answer, errors too, the headers it does not set itself. `https`: the world reaches it so."""

    def __init__(self, app: ASGIApp, *, https: bool) -> None:
        self._app = app
        headers = HEADERS | (HSTS if https else {})
        self._headers = [(name.lower().encode(), value.encode()) for name, value in headers.items()]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                given = list(message.get("headers", ()))
                known = {name.lower() for name, _ in given}
                message = {**message, "headers": given + [one for one in self._headers if one[0] not in known]}
            await send(message)

        await self._app(scope, receive, sending)


class HurriedProtocol(H11Protocol):
    """Hangs up on a caller whose request has not come within REQUEST_S.

    The server itself waits without end for the rest of a request that was begun: a few hundred such callers would
    keep everybody else out.
    """

    _late: asyncio.TimerHandle | None = None

    def connection_made(self, transport: Any) -> None:
        """Begin to wait."""
        super().connection_made(transport)
        self._wait()

    def data_received(self, data: bytes) -> None:
        """Wait on, unless the request is whole; what comes drop by drop gains no time."""
        super().data_received(data)
        if not self._between_requests:
            self._stop_waiting()
        elif self._late is None:
            self._wait()

    def on_response_complete(self) -> None:
        """The next request on this connection: the server's own patience with silence begins, and ours with it."""
        super().on_response_complete()
        if self._between_requests and not self.transport.is_closing():
            self._wait()

    def connection_lost(self, exc: Exception | None) -> None:
        """Nobody is there any more."""
        self._stop_waiting()
        super().connection_lost(exc)

    @property
    def _between_requests(self) -> bool:
        """Whether nothing is being answered: what still comes is the next request, or a body that nobody reads."""
        return self.conn.their_state is h11.IDLE or (self.cycle is not None and self.cycle.response_complete)

    def _wait(self) -> None:
        self._stop_waiting()
        self._late = asyncio.get_running_loop().call_later(REQUEST_S, self._hang_up)

    def _stop_waiting(self) -> None:
        if self._late is not None:
            self._late.cancel()
            self._late = None

    def _hang_up(self) -> None:
        if not self.transport.is_closing():
            self.transport.close()
