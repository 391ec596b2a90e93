"""The web side as one application, and its server inside the bot's own loop."""

import asyncio
import contextlib
import errno
import socket
from collections.abc import Callable, Iterator, Sequence
from types import TracebackType

import uvicorn
from starlette.applications import Starlette
from starlette.routing import BaseRoute, Route
from starlette.types import ASGIApp, Receive, Scope, Send

from bot.domain.errors import OperatorError
from bot.domain.later import Later
from bot.web.health import Probes, health_route
from bot.web.metrics import PrometheusMetrics, metrics_route
from bot.web.strict import MOST_OPEN, HurriedProtocol, Strict
from bot.web.webhook import Feed, webhook_route

CLOSE_S = 25  # open requests get this long: a handler's 20 seconds and its apology


def build_web(
    *,
    probes: Probes,
    metrics: PrometheusMetrics,
    feed: Feed | None = None,
    secrets: Sequence[str] = (),
    routes: Sequence[BaseRoute] = (),
    pages: Callable[[], Sequence[BaseRoute]] | None = None,
    https: bool = False,
) -> Strict:
    """Health, metrics, the webhook (with `feed` and its `secrets`), and other `routes`.

    `pages`: more of them, made in a thread when the first is asked for. `https`: the world reaches it that way only,
    and browsers are told to keep to it.
    """
    hook = [webhook_route(feed, secrets)] if feed is not None else []
    first = [health_route(probes), metrics_route(metrics), *hook]
    app = Starlette(routes=[*first, *routes]) if pages is None else _Growing(first, pages)
    return Strict(app, https=https)


class _Growing:
    """Answers at its first routes at once; the others are made when somebody goes elsewhere."""

    def __init__(self, first: Sequence[Route], pages: Callable[[], Sequence[BaseRoute]]) -> None:
        self._paths = frozenset(route.path for route in first)
        self._small: ASGIApp = Starlette(routes=first)
        self._whole = Later(lambda: Starlette(routes=[*first, *pages()]))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope.get("path") in self._paths:
            await self._small(scope, receive, send)
            return
        whole = self._whole() if self._whole.made else await asyncio.to_thread(self._whole)
        await whole(scope, receive, send)


class WebServer:
    """Serves an application while the `async with` block runs. Port 0 lets the system choose (see `port`)."""

    def __init__(self, app: ASGIApp, host: str, port: int) -> None:
        self._app = app
        self._host = host
        self.port = port

    async def __aenter__(self) -> "WebServer":
        """Listen. Raises OperatorError when the address cannot be had."""
        listener = _listen(self._host, self.port)
        self.port = listener.getsockname()[1]
        config = uvicorn.Config(
            self._app,
            http=HurriedProtocol,
            limit_concurrency=MOST_OPEN,
            ws="none",
            lifespan="off",
            log_config=None,
            access_log=False,
            server_header=False,
            timeout_graceful_shutdown=CLOSE_S,
        )
        self._server = _Server(config)
        self._serving = asyncio.create_task(self._server.serve([listener]))
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Take no more requests, let the open ones end, and close."""
        self._server.should_exit = True
        await self._serving


class _Server(uvicorn.Server):
    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Signals belong to the whole bot, which stops its parts in the right order."""
        yield


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen(128)
        listener.setblocking(False)
    except OSError as error:
        listener.close()
        raise OperatorError(_why_not(error, host, port)) from error
    return listener


def _why_not(error: OSError, host: str, port: int) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"Port {port} is in use by another program; stop that one or set OPENCHAIR_LISTEN to another port."
    if error.errno in (errno.EACCES, errno.EPERM):
        return f"This user may not listen on port {port}; set OPENCHAIR_LISTEN to a port above 1023."
    return f"Cannot listen on {host}:{port}; set OPENCHAIR_LISTEN to an address of this machine."
