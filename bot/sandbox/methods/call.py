"""One call of a method."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from bot.sandbox.params import Params
from bot.sandbox.state import BotAccount, Chat
from bot.sandbox.webhook import Webhooks


@dataclass
class Call:
    """Who calls what with which parameters."""

    bot: BotAccount
    method: str
    params: Params
    webhooks: Webhooks

    def chat(self) -> Chat:
        """The chat the call is about. Raises ApiError when the bot may not write there."""
        return self.bot.reachable(self.params.text("chat_id"))


Method = Callable[[Call], Awaitable[Any]]
