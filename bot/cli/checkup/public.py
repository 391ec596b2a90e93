"""The bot's web side as the world sees it: through the reverse proxy, with its certificate."""

import asyncio
import contextlib
import ssl
import time
from urllib.parse import urlsplit

import aiohttp

from bot.cli.checkup.asking import FAILED, TIMEOUT_S, ask
from bot.cli.checkup.line import Line, ill, well
from bot.settings import Settings

_DAY_S = 86_400
SOON_S = 14 * _DAY_S
LATE_PART = 5  # a proxy renews after two thirds; in the last fifth of a certificate's life something went wrong


async def look(session: aiohttp.ClientSession, settings: Settings) -> Line:
    """One line; a certificate that is about to end is named while there is time."""
    address = settings.public_url
    if address is None:
        return well("public address", "unset: no web pages are linked")
    trust = ssl.create_default_context()
    try:
        answer = await ask(session, f"{address}/health", trust=trust)
        left = await _left_s(address, trust)
    except aiohttp.ClientSSLError:
        return ill("public address", f"the certificate of {address} is not good: renew it at the reverse proxy")
    except FAILED:
        return ill(
            "public address",
            f"{address} cannot be reached: start the bot, and let the reverse proxy pass on to {settings.listen}",
        )
    if "updates" not in answer.body:
        return ill(
            "public address",
            f"{address} answers, but not with this bot: let the reverse proxy pass on to {settings.listen}",
        )
    if left is not None:
        return ill(
            "public address",
            f"the certificate of {address} ends in {left // _DAY_S:.0f} days and was not renewed: read the reverse "
            "proxy's log (with Caddy: `docker compose logs proxy`)",
        )
    return well("public address", f"{address} reaches the bot")


async def _left_s(address: str, trust: ssl.SSLContext) -> float | None:
    """Seconds until a certificate ends that should have been renewed by now; None where there is no hurry."""
    parts = urlsplit(address)
    if parts.scheme != "https":
        return None
    async with asyncio.timeout(TIMEOUT_S):
        _, writer = await asyncio.open_connection(parts.hostname, parts.port or 443, ssl=trust)
        certificate = writer.get_extra_info("peercert")
        writer.transport.abort()
        with contextlib.suppress(OSError):
            await writer.wait_closed()
    begin, end = (ssl.cert_time_to_seconds(certificate[name]) for name in ("notBefore", "notAfter"))
    left = end - time.time()
    return left if left < min(SOON_S, (end - begin) / LATE_PART) else None
