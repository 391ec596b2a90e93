"""Where Telegram brings updates, if anywhere: it is told once, and again only when something changed.

| OPENCHAIR_WEBHOOK | what Telegram has | what follows |
|---|---|---|
| 1 | our address, kinds and secret | nothing |
| 1 | anything else, when a process starts | it is told |
| 1 | nothing, later on | it is told again: somebody who should not took it away |
| 1 | another address, later on | an error in the log, and nothing else: two bots with one token do not fight |
| 0 | nothing | updates are fetched |
| 0 | our address | it is taken away, unless a process with OPENCHAIR_WEBHOOK=1 still lives: then this one stops |
| 0 | another address | this process stops with a sentence: whoever is served there would hear nothing any more |

Telegram never tells the secret back, so what was told is remembered as a hash keyed with the token. While a secret is
changed, every process knows both words, and it does not matter which of them Telegram says.
"""

import hmac
import logging
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from telegram import Bot, WebhookInfo
from telegram.error import TelegramError

from bot.chat.errors import Trouble, for_operator, trouble
from bot.chat.intake import KINDS
from bot.domain.clock import Clock, system_clock
from bot.domain.errors import OperatorError
from bot.domain.metrics import Metrics, NoMetrics
from bot.services.memory import Memory

log = logging.getLogger(__name__)

MOST_AT_ONCE = 100  # updates that Telegram brings before the first is answered; it allows no more
FRESH = timedelta(seconds=150)  # longer than two looks: a process that was seen within it lives
TOLD, SEEN = "webhook told", "webhook seen"
PATH = "/telegram"


class Webhook:
    """Keeps Telegram and the settings in agreement about where updates go."""

    def __init__(
        self,
        bot: Bot,
        memory: Memory,
        public_url: str | None,
        secrets: Sequence[str] = (),
        *,
        clock: Clock = system_clock,
        metrics: Metrics | None = None,
        kinds: Sequence[str] = KINDS,
    ) -> None:
        """`secrets`: the first is told to Telegram."""
        self._bot, self._memory, self._clock = bot, memory, clock
        self._address = f"{public_url}{PATH}" if public_url else ""
        self._secret = secrets[0] if secrets else ""
        self._metrics = metrics or NoMetrics()
        self._kinds = tuple(kinds)

    async def begin(self) -> None:
        """Have updates brought from now on. Raises OperatorError."""
        try:
            info = await self._bot.get_webhook_info()
        except TelegramError as error:
            raise for_operator(error) from None
        if not self._agrees(info) or await self._memory.recall(TOLD) != self._mark():
            await self._tell()
        await self._seen()

    async def look(self) -> None:
        """Whether it is still so; for now and then. Raises OperatorError."""
        try:
            info = await self._bot.get_webhook_info()
        except TelegramError as error:
            log.warning("where Telegram brings updates is not known", extra={"problem": trouble(error)})
            return
        self._metrics.put("webhook_pending", info.pending_update_count)
        self._metrics.put("webhook_ours", float(info.url == self._address))
        if not info.url:
            log.warning("the webhook was taken away by somebody; it is set again")
            await self._tell()
        elif info.url != self._address:
            log.error("another bot has set its webhook with this token; only one may use it")
            return
        await self._seen()

    async def end(self) -> None:
        """This process is here no longer; the webhook stays, for others and for the next start."""
        try:
            await self._memory.keep(SEEN, "")
        except OperatorError as error:
            log.warning("the end could not be noted", extra={"reason": type(error).__name__})

    async def make_way(self) -> None:
        """Before updates are fetched: take our own webhook away. Raises OperatorError where that would be a fight."""
        try:
            info = await self._bot.get_webhook_info()
        except TelegramError as error:
            log.warning("where Telegram brings updates is not known", extra={"problem": trouble(error)})
            return
        if not info.url:
            return
        if info.url not in (self._address, (await self._memory.recall(TOLD)).partition(" ")[2]):
            raise OperatorError(
                f"Telegram brings the updates of this bot to {_host(info.url)}: stop this process, or, if nobody is "
                "served there any more, run `openchair webhook remove` and start again."
            )
        if not self._memory.alone and (age := await self._age()) is not None and age < FRESH:
            raise OperatorError(
                "A process with OPENCHAIR_WEBHOOK=1 still serves this bot (it was seen "
                f"{max(0, age.seconds)} seconds ago): stop all of those first, or set OPENCHAIR_WEBHOOK=1 here too."
            )
        try:
            await self._bot.delete_webhook(drop_pending_updates=False)
        except TelegramError as error:
            raise for_operator(error) from None
        await self._memory.keep(TOLD, "")
        log.info("the webhook is gone; updates are fetched from now on")

    def _agrees(self, info: WebhookInfo) -> bool:
        same = (info.url, info.max_connections) == (self._address, MOST_AT_ONCE)
        refused = "403" in (info.last_error_message or "")  # somebody told it another secret
        return same and set(info.allowed_updates or ()) == set(self._kinds) and not refused

    async def _tell(self) -> None:
        try:
            await self._bot.set_webhook(
                self._address,
                secret_token=self._secret,
                allowed_updates=list(self._kinds),
                max_connections=MOST_AT_ONCE,
                drop_pending_updates=False,
            )
        except TelegramError as error:
            if trouble(error) is Trouble.REFUSED:
                raise OperatorError(
                    "Telegram does not accept OPENCHAIR_PUBLIC_URL as a webhook; use https on port 443, 80, 88 or "
                    "8443."
                ) from None
            raise for_operator(error) from None
        await self._memory.keep(TOLD, self._mark())
        log.info("Telegram was told where to bring updates")

    def _mark(self) -> str:
        """What Telegram was told, with the secret as a hash."""
        key, said = self._bot.token.encode(), f"{self._address} {self._secret}".encode()
        return f"{hmac.digest(key, said, 'sha256').hex()} {self._address}"

    async def _seen(self) -> None:
        await self._memory.keep(SEEN, self._clock().astimezone(UTC).isoformat(timespec="seconds"))

    async def _age(self) -> timedelta | None:
        """How long ago a process that is brought updates was seen."""
        said = await self._memory.recall(SEEN)
        return abs(self._clock() - datetime.fromisoformat(said)) if said else None


def _host(url: str) -> str:
    return urlsplit(url).hostname or "another address"
