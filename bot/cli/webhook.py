"""`webhook`: where Telegram brings this bot's updates, and taking that away."""

from typing import Annotated, Any
from urllib.parse import urlsplit

import aiohttp
import typer

from bot.cli.shared import as_json, complete, ready
from bot.domain.errors import OperatorError
from bot.settings import Settings

app = typer.Typer(no_args_is_help=True)
_WAIT_S = 10.0


@app.callback()
def _family() -> None:
    """The webhook."""


@app.command()
def show(json: Annotated[bool, typer.Option("--json", help="Print as JSON.")] = False) -> None:
    """Where updates are brought, how many wait at Telegram, and what last went wrong."""
    info = complete(_ask(ready(), "getWebhookInfo"))
    host, waiting = urlsplit(info.get("url", "")).hostname, int(info.get("pending_update_count", 0))
    trouble = str(info.get("last_error_message", ""))
    if json:
        print(as_json({"host": host, "waiting": waiting, "trouble": trouble}))
        return
    brought = f"Updates are brought to {host}." if host else "No webhook is set: updates are fetched."
    print(f"{brought} {waiting} wait at Telegram." + (f" Last trouble: {trouble}." if trouble else ""))


@app.command()
def remove() -> None:
    """Have no updates brought any more; what waits at Telegram stays for whoever fetches it."""
    complete(_ask(ready(), "deleteWebhook"))
    print("The webhook is gone. With OPENCHAIR_WEBHOOK=0 a bot that starts now fetches its updates.")


async def _ask(settings: Settings, method: str) -> Any:
    """The answer of the Bot API; asked directly, the chat's library belongs to the chat. Raises OperatorError."""
    if settings.token is None:
        raise OperatorError("OPENCHAIR_TOKEN is unset: there is no bot to ask Telegram about.")
    address = f"{settings.api_url}/bot{settings.token.get_secret_value()}/{method}"
    try:
        timeout = aiohttp.ClientTimeout(total=_WAIT_S)
        async with aiohttp.ClientSession(timeout=timeout) as session, session.post(address) as answer:
            said = await answer.json(content_type=None)
    except (aiohttp.ClientError, TimeoutError, ValueError):
        raise OperatorError(
            f"{settings.api_url} cannot be reached; check the network and OPENCHAIR_API_URL."
        ) from None
    if not isinstance(said, dict) or not said.get("ok"):
        raise OperatorError("Telegram refused; is OPENCHAIR_TOKEN the one from @BotFather?")
    return said["result"]
