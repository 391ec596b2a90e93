"""What is known of a message that the bot started, after each thing that Telegram may do."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from telegram.error import BadRequest, Conflict, Forbidden, InvalidToken, NetworkError, RetryAfter, TimedOut

from bot.chat.backend import NotSentError, Plain
from bot.chat.deliver import OPERATOR_S, SOON_S, Deliver
from bot.domain.reminder import Blocked, NotSent, Outcome, Rejected, Sent, Unsure
from bot.views.screen import Button, Screen


class FakeBot:
    """Takes one message, or fails as told."""

    base_url = "https://api.example.org/bot1:token"

    def __init__(self, error: Exception | None = None) -> None:
        self.error = error
        self.calls: list[tuple[str, dict[str, Any]]] = []

    @property
    def request(self) -> "FakeBot":
        """Its own way out."""
        return self

    async def post(self, url: str, request_data: Plain, **_: Any) -> dict[str, Any]:
        self.calls.append((url, dict(request_data.parameters)))
        if self.error is not None:
            raise self.error
        return {"message_id": 1}


SCREEN = Screen("Your 19:00 reminder", ((Button("Open", data="1"),),))


@pytest.mark.parametrize("silent", [True, False])
async def test_one_message_without_preview_and_without_sound_where_wanted(silent: bool) -> None:
    bot = FakeBot()
    assert await Deliver(bot)(7, SCREEN, silent) == Sent()  # type: ignore[arg-type]
    ((url, named),) = bot.calls
    assert url.endswith("/sendMessage")
    assert (named["chat_id"], named["text"]) == (7, "Your 19:00 reminder")
    assert named["disable_notification"] is silent
    assert named["link_preview_options"] == {"is_disabled": True}
    assert named["reply_markup"]["inline_keyboard"][0][0]["text"] == "Open"


@pytest.mark.parametrize(
    ("error", "outcome"),
    [
        (lambda: RetryAfter(timedelta(seconds=30)), NotSent(30, everybody=True)),
        (lambda: NotSentError("ClientConnectorError"), NotSent(SOON_S)),
        (lambda: Forbidden("bot was blocked by the user"), Blocked()),
        (lambda: BadRequest("Chat not found"), Blocked()),
        (lambda: BadRequest("can't parse entities"), Rejected()),
        (lambda: TimedOut(), Unsure()),
        (lambda: NetworkError("Bad Gateway"), Unsure()),
        (lambda: Conflict("terminated by other getUpdates request"), Unsure()),
        (lambda: InvalidToken(), NotSent(OPERATOR_S, everybody=True)),
    ],
)
async def test_nothing_is_repeated_here_and_every_failure_says_what_is_certain(
    error: Callable[[], Exception], outcome: Outcome, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PTB_TIMEDELTA", "true")
    bot = FakeBot(error())
    assert await Deliver(bot)(7, SCREEN, False) == outcome  # type: ignore[arg-type]
    assert len(bot.calls) == 1
