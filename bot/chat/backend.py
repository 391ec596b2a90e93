"""How requests reach Telegram: the library's own HTTP client costs most of a busy bot's time, aiohttp does not."""

import io
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast
from urllib.parse import urlencode

import aiohttp
from telegram import Bot
from telegram.error import NetworkError, TelegramError, TimedOut
from telegram.request import BaseRequest, RequestData

_UNSET = BaseRequest.DEFAULT_NONE
CONNECT_S = 10.0  # waiting for a free connection included
READ_S = 20.0
_FORM = {"Content-Type": "application/x-www-form-urlencoded"}
UPLOAD_S = 60.0  # the longest a request may take beside waiting for its answer


@dataclass(frozen=True, slots=True)
class Plain:
    """Parameters of a request that holds no file."""

    parameters: Mapping[str, Any]

    def encoded(self) -> bytes:
        """As a form; what is no text is written as JSON."""
        told = {
            name: value if isinstance(value, str) else json.dumps(value) for name, value in self.parameters.items()
        }
        return urlencode(told).encode()


class NotSentError(NetworkError):
    """No connection was ever made, so Telegram knows nothing of the request and sending it again is safe."""


class Backend(BaseRequest):
    """The library's requests over aiohttp.

    `limit`: connections at once, a further request waits for one. `fresh`: a new connection for every request, for
    what must not be sent into a connection that the other side has silently closed.
    """

    __slots__ = ("_fresh", "_limit", "_session", "_trust_env")

    def __init__(self, *, limit: int = 100, fresh: bool = False, trust_env: bool = False) -> None:
        self._limit = limit
        self._fresh = fresh
        self._trust_env = trust_env
        self._session: aiohttp.ClientSession | None = None

    @property
    def read_timeout(self) -> float:
        """Seconds."""
        return READ_S

    async def initialize(self) -> None:
        """Open the pool. Must run inside the loop that uses it."""
        if self._session is None:
            pool = aiohttp.TCPConnector(limit=self._limit, force_close=self._fresh)
            headers = {"User-Agent": self.USER_AGENT}
            self._session = aiohttp.ClientSession(connector=pool, headers=headers, trust_env=self._trust_env)

    async def shutdown(self) -> None:
        """Close every connection."""
        session, self._session = self._session, None
        if session is not None:
            await session.close()

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | Plain | None = None,
        read_timeout: Any = _UNSET,
        write_timeout: Any = _UNSET,
        connect_timeout: Any = _UNSET,
        pool_timeout: Any = _UNSET,
    ) -> tuple[int, bytes]:
        """Status and body. Raises NotSentError (no connection), TimedOut or NetworkError (may have arrived)."""
        if self._session is None:
            raise NotSentError("the backend is closed")
        connect = CONNECT_S if connect_timeout is _UNSET else connect_timeout
        read = READ_S if read_timeout is _UNSET else read_timeout
        whole = (connect or CONNECT_S) + (read or READ_S) + UPLOAD_S
        timeout = aiohttp.ClientTimeout(total=whole, connect=connect, sock_connect=connect, sock_read=read)
        try:
            body, headers = _body(request_data)
            async with self._session.request(method, url, data=body, headers=headers, timeout=timeout) as answer:
                return answer.status, await answer.read()
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError) as error:
            raise NotSentError(type(error).__name__) from error
        except TimeoutError as error:
            raise TimedOut from error
        except aiohttp.ClientError as error:
            raise NetworkError(type(error).__name__) from error

    @staticmethod
    def parse_json_payload(payload: bytes) -> Any:
        """The answer as a dict. Raises TelegramError for anything else, without quoting it."""
        try:
            answer = json.loads(payload.decode(errors="replace"))
        except (ValueError, RecursionError) as error:
            raise TelegramError("not JSON") from error
        if not isinstance(answer, dict) or not (answer.get("ok") is False or "result" in answer):
            raise TelegramError("not an answer of the Bot API")
        return answer


async def ask(bot: Bot, method: str, parameters: Mapping[str, Any], *, read_timeout: float = READ_S) -> Any:
    """One method of the Bot API by its name, its parameters as JSON knows them and without files; the bare answer.

    The library's own methods make an object of every part of a message, both ways, and cost a busy bot a quarter of
    its time. Raises TelegramError.
    """
    form = cast(RequestData, Plain({name: value for name, value in parameters.items() if value is not None}))
    try:  # the library hands its request_data on to our do_request as it is
        return await bot.request.post(f"{bot.base_url}/{method}", request_data=form, read_timeout=read_timeout)
    except (AttributeError, KeyError, TypeError, ValueError) as error:  # it trips over odd answers
        raise TelegramError("not an answer of the Bot API") from error


def _body(request: RequestData | Plain | None) -> tuple[aiohttp.FormData | bytes | None, dict[str, str] | None]:
    """The body and its headers. A plain form is written here: a FormData would be made for it each time."""
    if request is None:
        return None, None
    if isinstance(request, Plain):
        return request.encoded(), _FORM
    if not request.contains_files:
        return urlencode(request.json_parameters).encode(), _FORM
    form = aiohttp.FormData(quote_fields=False)  # quoted, a file called "Café.ics" would arrive as "Caf%C3%A9.ics"
    for name, value in request.json_parameters.items():
        form.add_field(name, value)
    for name, (filename, content, mime) in request.multipart_data.items():
        stream = io.BytesIO(content) if isinstance(content, bytes) else content
        form.add_field(name, stream, filename=filename, content_type=mime)
    return form, None


def telegram_bot(token: str, api_url: str, *, fresh: bool = False) -> Bot:
    """The library's Bot over this backend; `await bot.initialize()` before use, `shutdown()` after.

    Proxy settings of the environment count only for https, so that they never stand before the local sandbox.
    """
    os.environ["PTB_TIMEDELTA"] = "true"  # the library's way of asking for time spans; without, every 429 warns
    backend = Backend(fresh=fresh, trust_env=api_url.startswith("https://"))
    return Bot(
        token,
        base_url=f"{api_url}/bot",
        base_file_url=f"{api_url}/file/bot",
        request=backend,
        get_updates_request=backend,
    )
