"""Telegram inside this process: every request of the bot is judged by the sandbox's own rules, without a network."""

import json
import time
from typing import Any
from urllib.parse import parse_qsl, urlencode

from telegram import Bot
from telegram.request import BaseRequest, RequestData

from bot.chat.backend import Plain
from bot.sandbox.errors import ApiError
from bot.sandbox.methods import METHODS, Call
from bot.sandbox.params import Params, Upload
from bot.sandbox.state import BotAccount, Chat, Message, Person, Query, StoredFile
from bot.sandbox.webhook import Webhooks
from tests.soak.fuzzing.known import BOT_ID
from tests.soak.fuzzing.mutate import Json

TOKEN = f"{BOT_ID}:fuzzing"
FILES = "/file/bot"


class StandIn(BaseRequest):
    """Answers the library's requests. `refused`: what was wrong with requests, since it was last looked at."""

    def __init__(self) -> None:
        self.account = BotAccount(TOKEN)
        self.refused: list[str] = []
        self.sent: list[Json] = []  # parameters of all that was sent in this case
        self._hooks = Webhooks()

    @property
    def read_timeout(self) -> float:
        return 5.0

    async def initialize(self) -> None:
        """Nothing to open."""

    async def shutdown(self) -> None:
        """Nothing to close."""

    async def do_request(
        self, url: str, method: str, request_data: RequestData | Plain | None = None, *_: Any, **__: Any
    ) -> tuple[int, bytes]:
        if FILES in url:
            path = url.partition(f"{FILES}{TOKEN}/")[2]
            found = [one.content for one in self.account.files.values() if one.path == path]
            return (200, found[0]) if found else (404, json.dumps(ApiError(404, "Not Found").body()).encode())
        name = url.rpartition("/")[2]
        params = Params(*_read(request_data))
        self.sent.append({"method": name, **params.values})
        try:
            result = await METHODS[name.lower()](Call(self.account, name, params, self._hooks))
        except ApiError as error:
            self.refused.append(f"{name}: {error.description}")
            return error.code, json.dumps(error.body()).encode()
        return 200, json.dumps({"ok": True, "result": result}).encode()

    def lay_out(self, update: Any, files: dict[str, bytes]) -> None:
        """Everybody in the update is there, with the message that a button stands under, and the files."""
        for number, content in files.items():
            self.account.files[number] = StoredFile(number, "x", "text/csv", content, f"documents/{number}")
        self._people(update)
        pressed = update.get("callback_query") if isinstance(update, dict) else None
        message = pressed.get("message") if isinstance(pressed, dict) else None
        if isinstance(pressed, dict):
            name = str(pressed.get("id"))
            self.account.queries[name] = Query(name, 0, 0, time.time() + 60)
        if isinstance(message, dict) and isinstance(chat := message.get("chat"), dict):
            there = self.account.chats.get(chat.get("id")) if isinstance(chat.get("id"), int) else None
            if there is not None and isinstance(number := message.get("message_id"), int):
                sent = self.account.new_message(there, {"text": "x"}, self.account.as_user())
                there.add(Message(sent | {"message_id": number}, from_bot=True))

    def _people(self, value: Any) -> None:
        if isinstance(value, list):
            for inner in value:
                self._people(inner)
        if not isinstance(value, dict):
            return
        for name, inner in value.items():
            self._people(inner)
            number = inner.get("id") if isinstance(inner, dict) and name in ("chat", "from") else None
            if type(number) is int:
                self.account.people[number] = Person(number, "x")
                self.account.chats[number] = Chat(number, "x", started=True)

    def clear_up(self) -> None:
        """The end of a case."""
        for kept in (self.account.people, self.account.chats, self.account.queries, self.account.files, self.refused):
            kept.clear()
        self.account.calls.clear()
        self.sent.clear()


def bot_on(standin: StandIn) -> Bot:
    """The library's Bot over it."""
    base = "https://api.example.org"
    return Bot(
        TOKEN, base_url=f"{base}/bot", base_file_url=f"{base}{FILES}", request=standin, get_updates_request=standin
    )


def _read(data: RequestData | Plain | None) -> tuple[Json, dict[str, Upload]]:
    """The parameters and files as they would arrive; raises what writing them would raise."""
    if data is None:
        return {}, {}
    if isinstance(data, Plain):
        return dict(parse_qsl(data.encoded().decode(), keep_blank_values=True)), {}
    values = dict(parse_qsl(urlencode(data.json_parameters), keep_blank_values=True))
    files = {}
    for name, (filename, content, mime) in (data.multipart_data or {}).items():
        files[name] = Upload(filename, mime, content if isinstance(content, bytes) else content.read())
    return values, files
