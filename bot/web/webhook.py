"""Updates as Telegram brings them. The answer is 200 when the update's work is done, and never before."""

import asyncio
import hmac
from collections.abc import Awaitable, Callable, Sequence

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.web.strict import BODY_S, body_of

MAX_BODY = 1024 * 1024  # bytes; Telegram's updates are far smaller
SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - the header's name

Feed = Callable[[bytes], Awaitable[bool]]


def webhook_route(feed: Feed, secrets: Sequence[str]) -> Route:
    """POST /telegram, for callers who know one of `secrets` (at least one).

    401 without a secret, 403 with a wrong one, 408 when the body does not come in time, 413 for more than a megabyte,
    503 when the bot stopped before the work was done or has too much in hand, so that Telegram brings the update
    again. Nothing of a body is read before the secret was right.
    """
    if not secrets:
        raise ValueError("a webhook needs a secret")
    known = [secret.encode() for secret in secrets]

    async def take(request: Request) -> Response:
        given = request.headers.get(SECRET_HEADER, "").encode()
        if not given:
            return Response(status_code=401)
        # Every word is compared, so that the time tells nothing.
        if not sum(hmac.compare_digest(given, secret) for secret in known):
            return Response(status_code=403)
        try:
            async with asyncio.timeout(BODY_S):
                body = await body_of(request, MAX_BODY)
        except TimeoutError:
            return Response(status_code=408, headers={"Connection": "close"})
        if body is None:
            return Response(status_code=413)
        return Response(status_code=200 if await feed(body) else 503)

    return Route("/telegram", take, methods=["POST"])
