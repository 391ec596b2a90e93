"""What an error of Telegram means for us, decided in one place.

| what Telegram says | Trouble | what follows |
|---|---|---|
| 403; 400 chat not found, user is deactivated, no rights to write here | BLOCKED | nobody is there: stop, quietly |
| 429 | WAIT | wait as long as it says |
| 400 with migrate_to_chat_id | MOVED | once more, to the new chat |
| no connection was made | NOT_SENT | safe to send again |
| time-out, broken connection, 5xx, an answer that is no JSON | UNSURE | may have arrived: only edits are repeated |
| 400 message is not modified | UNCHANGED | it is as wanted |
| 400 query is too old, query ID is invalid | STALE_PRESS | the press has expired: nothing to answer |
| 400 message to edit not found, can't be edited | GONE | send it as a new message |
| 400 message thread not found | NO_THREAD | send it outside the thread |
| 409 | CONFLICT | somebody else fetches updates with this token |
| 401, 404 | TOKEN | the operator must act |
| any other 400 | REFUSED | a fault of ours, never repeated |
"""

from enum import StrEnum

from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    EndPointNotFound,
    Forbidden,
    InvalidToken,
    RetryAfter,
    TelegramError,
)

from bot.chat.backend import NotSentError
from bot.domain.errors import OperatorError


class Trouble(StrEnum):
    """The kinds of trouble; the module's table says what follows from each."""

    BLOCKED = "blocked"
    WAIT = "wait"
    MOVED = "moved"
    NOT_SENT = "not_sent"
    UNSURE = "unsure"
    UNCHANGED = "unchanged"
    STALE_PRESS = "stale_press"
    GONE = "gone"
    NO_THREAD = "no_thread"
    CONFLICT = "conflict"
    TOKEN = "token"  # noqa: S105 - the kind of trouble, not one
    REFUSED = "refused"


_BY_WORDS = (
    ("message is not modified", Trouble.UNCHANGED),
    ("query is too old", Trouble.STALE_PRESS),
    ("query id is invalid", Trouble.STALE_PRESS),
    ("message to edit not found", Trouble.GONE),
    ("message can't be edited", Trouble.GONE),
    ("message_id_invalid", Trouble.GONE),
    ("there is no text in the message to edit", Trouble.GONE),
    ("message thread not found", Trouble.NO_THREAD),
    ("chat not found", Trouble.BLOCKED),
    ("user is deactivated", Trouble.BLOCKED),
    ("peer_id_invalid", Trouble.BLOCKED),
    ("not enough rights", Trouble.BLOCKED),
    ("have no rights to send", Trouble.BLOCKED),
    ("chat_write_forbidden", Trouble.BLOCKED),
    ("topic_closed", Trouble.BLOCKED),
)
# The order matters: in the library BadRequest is a kind of NetworkError.
_BY_CLASS: tuple[tuple[type[TelegramError], Trouble], ...] = (
    (Forbidden, Trouble.BLOCKED),
    (RetryAfter, Trouble.WAIT),
    (ChatMigrated, Trouble.MOVED),
    (NotSentError, Trouble.NOT_SENT),
    (Conflict, Trouble.CONFLICT),
    (InvalidToken, Trouble.TOKEN),
    (EndPointNotFound, Trouble.REFUSED),
)


def trouble(error: TelegramError) -> Trouble:
    """What kind of trouble this is."""
    if isinstance(error, BadRequest):
        words = error.message.lower()
        return next((kind for part, kind in _BY_WORDS if part in words), Trouble.REFUSED)
    return next((kind for cls, kind in _BY_CLASS if isinstance(error, cls)), Trouble.UNSURE)


def wait_seconds(error: RetryAfter) -> float:
    """How long Telegram wants to be left alone."""
    wait = error.retry_after
    return float(wait) if isinstance(wait, int) else wait.total_seconds()


def for_operator(error: TelegramError) -> OperatorError:
    """The sentence for a failure at start-up."""
    kind = trouble(error)
    if kind is Trouble.TOKEN:
        return OperatorError("Telegram does not know this token; copy it again from @BotFather into OPENCHAIR_TOKEN.")
    if kind in (Trouble.NOT_SENT, Trouble.UNSURE):
        return OperatorError(
            "Telegram cannot be reached; check the network, the proxy and OPENCHAIR_API_URL, then start again."
        )
    return OperatorError(f"Telegram refused to start ({kind}); check OPENCHAIR_API_URL and the bot at @BotFather.")
