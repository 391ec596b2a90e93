"""What may be written down because of one update: read from the update by rules of their own, not by the bot's work.

A press may write what its button asks for, a reply what its question asked for, a few commands take things away.
Nothing else may write a word, and a button of people who help may write nothing for anybody else.
"""

import json
from contextlib import suppress
from typing import Any
from urllib.parse import parse_qs, urlsplit

from bot.chat.routes import command_labelled, command_named
from bot.domain.buttons import Action, Press, unpack
from bot.domain.errors import OutdatedButton
from bot.texts.library import Texts
from tests.soak.fuzzing.known import BOT_ID, HELPERS, Known

PERSON = frozenset({"people", "reminders", "outbox", "plans"})
LEAVING = PERSON | {"admins", "admin_changes"}  # whoever helped here helps no longer
EVERYTHING = frozenset({"*"})
NOTHING: frozenset[str] = frozenset()
_ONLY_SHOW = {Action.REMINDERS, Action.EXPORT}
PRESSES = {
    action: PERSON for action in Action if Action.REMINDER_SET <= action <= Action.EXPORT and action not in _ONLY_SHOW
} | {Action.FORGET: LEAVING, Action.REPORT_SEND: frozenset({"reports"})}
REPLIES = {
    Action.SUGGEST: frozenset({"revision_suggestions"}),
    Action.SUGGEST_CARD: frozenset({"revision_suggestions"}),
    Action.REPORT: frozenset({"reports"}),
    Action.PLAN: PERSON,
    Action.ZONE: PERSON,
    Action.TOUGH_TIME: PERSON,
}
COMMANDS = {"forget": LEAVING, "stop": PERSON, "plan": PERSON}


class Judge:
    """Knows the numbers of the fellowships and the labels that stand for commands."""

    def __init__(self, known: Known, every: tuple[Texts, ...]) -> None:
        self._kinds = {number: name for name, number in known.kinds.items()}
        self._every = every

    def may_write(self, body: bytes) -> frozenset[str]:
        """The tables that the update asks to change."""
        update: Any = None
        with suppress(ValueError, RecursionError):
            update = json.loads(body)
        if not isinstance(update, dict):
            return NOTHING
        with suppress(AttributeError, TypeError, KeyError, ValueError):
            if "callback_query" in update:
                return self._pressed(update["callback_query"])
            return self._written(update.get("message") or {})
        return NOTHING

    def _pressed(self, query: Any) -> frozenset[str]:
        press = self._press(query["data"])
        chat = query["message"]["chat"]["id"]
        if press is None:
            return NOTHING
        if press.action >= Action.ADMIN:
            return EVERYTHING if chat in HELPERS else NOTHING
        return PRESSES.get(press.action, NOTHING)

    def _written(self, message: Any) -> frozenset[str]:
        chat = message["chat"]
        if chat["type"] != "private":
            return NOTHING
        text = (message.get("text") or message.get("caption") or "").strip()
        answered = self._answered(message.get("reply_to_message") or {}, chat["id"])
        name = text[1:].partition(" ")[0].partition("@")[0].lower() if text.startswith("/") else ""
        command = command_named(name) if name else command_labelled(text, self._every)
        if text.startswith("/admin ") and chat["id"] in HELPERS:
            return EVERYTHING
        return answered | (COMMANDS.get(command.name, NOTHING) if command else NOTHING)

    def _answered(self, question: Any, chat: int) -> frozenset[str]:
        if (question.get("from") or {}).get("id") != BOT_ID:
            return NOTHING
        for entity in question.get("entities") or ():
            press = self._press(parse_qs(urlsplit(entity.get("url") or "").query).get("start", [""])[0])
            if press is not None:
                helps = press.action >= Action.ADMIN and chat in HELPERS
                return EVERYTHING if helps else REPLIES.get(press.action, NOTHING)
        return NOTHING

    def _press(self, data: Any) -> Press | None:
        try:
            return unpack(data, self._kinds)
        except OutdatedButton:
            return None
