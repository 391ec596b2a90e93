"""Messages that the bot starts itself: one request over a fresh connection, never repeated here.

Repeating is decided where it is known whether the message may go twice; what comes back says what is certain.
"""

import logging

from telegram import Bot
from telegram.constants import ParseMode
from telegram.error import RetryAfter, TelegramError

from bot.chat.backend import ask
from bot.chat.errors import Trouble, trouble, wait_seconds
from bot.chat.own_messages import OwnMessages
from bot.chat.sender import NO_PREVIEW, markup_of
from bot.domain.metrics import Metrics, NoMetrics
from bot.domain.reminder import Blocked, NotSent, Outcome, Rejected, Sent, Unsure
from bot.views.screen import Screen

log = logging.getLogger(__name__)

SOON_S = 10.0  # until what was not sent is tried again
OPERATOR_S = 60.0  # the same when the operator has to act first


class Deliver:
    """Writes to people through one bot, made with `telegram_bot(fresh=True)`: a new connection each time."""

    def __init__(self, bot: Bot, *, metrics: Metrics | None = None, own: OwnMessages | None = None) -> None:
        """`own`: remembers for a while what was sent, so that it can be taken back."""
        self._bot = bot
        self._own = own or OwnMessages()
        self._metrics = metrics or NoMetrics()

    async def __call__(self, chat: int, screen: Screen, silent: bool) -> Outcome:
        """Send a screen of one piece, without sound if `silent`; what is known to have come of it."""
        try:
            message = {
                "chat_id": chat,
                "text": screen.text,
                "parse_mode": ParseMode.HTML,
                "link_preview_options": NO_PREVIEW,
                "disable_notification": silent,
                "reply_markup": markup_of(screen),
            }
            sent = await ask(self._bot, "sendMessage", message)
        except TelegramError as error:
            kind = trouble(error)
            self._metrics.count("sends", method="reminder", outcome=kind.value)
            return _outcome(error, kind)
        self._metrics.count("sends", method="reminder", outcome="sent")
        if isinstance(sent, dict) and isinstance(sent.get("message_id"), int):
            self._own.add(chat, sent["message_id"])
        return Sent()


def _outcome(error: TelegramError, kind: Trouble) -> Outcome:
    if isinstance(error, RetryAfter):
        return NotSent(wait_seconds(error), everybody=True)
    match kind:
        case Trouble.NOT_SENT:
            return NotSent(SOON_S)
        case Trouble.BLOCKED:
            return Blocked()
        case Trouble.TOKEN:
            log.error("Telegram does not know the token any more", extra={"outcome": kind.value})
            return NotSent(OPERATOR_S, everybody=True)
        case Trouble.UNSURE | Trouble.CONFLICT:
            return Unsure()
    log.error("a reminder was refused", extra={"outcome": kind.value})
    return Rejected()
