"""The stand-in as a web server: inside the process of a bot, or alone."""

from __future__ import annotations

import asyncio
import errno
import logging
import re
from collections.abc import Awaitable, Callable
from types import TracebackType

from aiohttp import web

from bot.sandbox import api, control, pages
from bot.sandbox.keys import HOOKS, STATE
from bot.sandbox.params import MAX_UPLOAD
from bot.sandbox.state import SandboxState
from bot.sandbox.webhook import Webhooks

DEFAULT_LISTEN = "127.0.0.1:8700"
_LOCAL = {"127.0.0.1", "localhost", "[::1]", "::1"}
_ROOM = 2 * 1024 * 1024  # bytes of a request beside its file
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
_log = logging.getLogger(__name__)


def create_app(state: SandboxState, *, allowed_hosts: frozenset[str] = frozenset(_LOCAL)) -> web.Application:
    """The application: Bot API, control API and chat page over one state."""

    @web.middleware
    async def known_host(request: web.Request, handler: Handler) -> web.StreamResponse:
        # A page elsewhere could point its own name at this computer; only our names are answered.
        host = re.sub(r":\d+$", "", request.host)
        if host not in allowed_hosts:
            return web.json_response({"error": f"This sandbox does not answer to {host!r}."}, status=421)
        return await handler(request)

    app = web.Application(middlewares=[known_host], client_max_size=MAX_UPLOAD + _ROOM)
    app[STATE] = state
    app[HOOKS] = Webhooks()
    app.add_routes([*api.routes(), *control.routes(), *pages.routes()])
    app.on_shutdown.append(_let_go)
    return app


async def _let_go(app: web.Application) -> None:
    for bot in app[STATE].all():
        bot.updates.close()
        bot.broadcast.end()
    await app[HOOKS].close(app[STATE].all())


class Sandbox:
    """A running stand-in. `async with Sandbox("127.0.0.1:0") as sandbox: sandbox.api_url`."""

    def __init__(self, listen: str = DEFAULT_LISTEN, *, bot_token: str | None = None) -> None:
        self.state = SandboxState(bot_token)
        self.token = self.state.default_token
        self._host, self._port = split_listen(listen)
        self._runner: web.AppRunner | None = None

    @property
    def url(self) -> str:
        """Address of the chat page, with a slash at the end."""
        return f"http://{self._host}:{self._port}/"

    @property
    def api_url(self) -> str:
        """The Bot API root, what OPENCHAIR_API_URL expects."""
        return self.url.rstrip("/")

    async def start(self) -> None:
        """Listen. Raises OSError with a plain sentence when the address cannot be had."""
        hosts = frozenset(_LOCAL | {self._host})
        runner = web.AppRunner(
            create_app(self.state, allowed_hosts=hosts), access_log=None, handle_signals=False, shutdown_timeout=2.0
        )
        await runner.setup()
        try:
            await web.TCPSite(runner, self._host.strip("[]"), self._port).start()
        except OSError as error:
            await runner.cleanup()
            raise OSError(error.errno, _why_not(error, self._host, self._port)) from error
        self._runner = runner
        self._port = int(runner.addresses[0][1])

    async def stop(self) -> None:
        """Stop listening; open polls and pages are let go."""
        if self._runner:
            runner, self._runner = self._runner, None
            await runner.cleanup()

    async def __aenter__(self) -> Sandbox:
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.stop()


def split_listen(listen: str) -> tuple[str, int]:
    """("127.0.0.1", 8700) of "127.0.0.1:8700". Raises ValueError with a plain sentence."""
    host, colon, port = listen.strip().rpartition(":")
    if not colon or not host or not port.isdigit() or int(port) > 65535:
        raise ValueError(f"Cannot listen on {listen!r}: write HOST:PORT, such as {DEFAULT_LISTEN}.")
    return host, int(port)


def _why_not(error: OSError, host: str, port: int) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"Cannot listen on {host}:{port}: another program uses this port. Choose another one."
    return f"Cannot listen on {host}:{port}: {error.strerror or error}."


async def run_sandbox(listen: str = DEFAULT_LISTEN, *, bot_token: str | None = None) -> None:
    """Serve until cancelled. Raises OSError when the address cannot be had, ValueError when it is none."""
    async with Sandbox(listen, bot_token=bot_token) as sandbox:
        _log.info("sandbox ready", extra={"address": sandbox.url})
        await asyncio.Event().wait()
