"""`run` and `sandbox`."""

import asyncio
import logging
import signal
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Annotated

import typer

from bot.app import open_work
from bot.cli.shared import complete, ready
from bot.domain.errors import OperatorError
from bot.serving import serve
from bot.settings import Settings, unknown_settings

logger = logging.getLogger(__name__)


def run() -> None:
    """Start the bot: with OPENCHAIR_TOKEN on Telegram, without it in a local preview with sample meetings."""
    settings = ready(logging.INFO)
    for line in unknown_settings():
        print(f"Note: {line}")
    complete(_preview(settings) if settings.token is None else _live(settings))


def sandbox(
    listen: Annotated[str, typer.Option(help="HOST:PORT of the Bot API stand-in and its chat page.")] = "",
) -> None:
    """Start the stand-in for Telegram alone; point OPENCHAIR_API_URL at it."""
    from bot.sandbox.server import run_sandbox, split_listen  # a bot on Telegram has no use for it

    settings = ready(logging.INFO)
    address = listen or str(settings.sandbox_listen)
    try:
        split_listen(address)
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint="--listen") from error
    print(f"Bot API and chat page on http://{address}/", flush=True)

    async def work() -> None:
        async with _until_told() as stop:
            server = asyncio.create_task(run_sandbox(address))
            waiting = asyncio.create_task(stop.wait())
            await asyncio.wait({server, waiting}, return_when=asyncio.FIRST_COMPLETED)
            waiting.cancel()
            server.cancel()
            await asyncio.gather(server, waiting, return_exceptions=True)
            if server.done() and not server.cancelled() and (error := server.exception()):
                raise error

    try:
        complete(work())
    except (OSError, ValueError) as error:
        raise OperatorError(str(error)) from error


async def _live(settings: Settings) -> None:
    """On Telegram. Sample meetings are taken away first: nobody may stand before an invented door."""
    token = settings.token.get_secret_value() if settings.token else ""
    async with open_work(settings) as work, _until_told() as stop:
        if await work.drop_samples():
            print("The sample meetings of the preview were removed.", flush=True)
        say = _say("The bot is running.")
        await serve(work, token=token, api_url=settings.api_url, preview=False, stop=stop, ready=say)


async def _preview(settings: Settings) -> None:
    """In the browser: the stand-in and the bot in one process, with sample meetings."""
    from bot.domain.meeting import SAMPLES
    from bot.sandbox.samples import sample_parts
    from bot.sandbox.server import Sandbox
    from bot.services.feeds import Part

    try:
        server = Sandbox(str(settings.sandbox_listen))
        await server.start()
    except OSError as error:
        raise OperatorError(str(error)) from error
    try:
        async with open_work(settings) as work, _until_told() as stop:
            parts = [Part(data, "meeting_guide", kind) for kind, data in sample_parts().items()]
            await work.feeds.import_parts(parts, feed=SAMPLES)
            say = _say(f"Open {server.url}\n(A preview with invented meetings. Ctrl+C ends it.)")
            await serve(work, token=server.token, api_url=server.api_url, preview=True, stop=stop, ready=say)
    finally:
        await server.stop()


def _say(text: str) -> Callable[[], None]:
    return lambda: print(text, flush=True)


@asynccontextmanager
async def _until_told() -> AsyncIterator[asyncio.Event]:
    """An event that is set when the operator or the machine asks the process to end."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    try:
        yield stop
    finally:
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.remove_signal_handler(number)
