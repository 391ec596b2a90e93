"""What the stand-in remembers, in memory only: bots, people, chats, messages, files."""

from __future__ import annotations

import asyncio
import itertools
import re
import secrets
import time
from collections import OrderedDict, deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from bot.sandbox.errors import ApiError, Json, bad_request, forbidden
from bot.sandbox.faults import Fault
from bot.sandbox.live import Bell, Broadcast
from bot.sandbox.updates import UpdateQueue

SANDBOX_TOKEN = "7000000001:sandbox"  # noqa: S105 - opens nothing but the local stand-in
MAX_BOTS = 50
MAX_CHATS = 2000
MAX_MESSAGES = 1000  # kept per chat
MAX_FILES = 200 * 1024 * 1024  # bytes kept per bot
MAX_CALLS = 1000
_TOKEN = re.compile(r"\d{1,20}:[A-Za-z0-9_-]{1,100}")


@dataclass
class Settings:
    """What a test may set: how long a press and an inline query may wait, and how the bot is set up."""

    callback_expiry_s: float = 150.0
    inline_expiry_s: float = 30.0
    webhook_backoff_s: float = 1.0
    privacy_mode: bool = True


@dataclass
class Person:
    """Someone who writes to the bot."""

    id: int
    first_name: str
    language_code: str = "en"
    last_name: str = ""
    username: str = ""

    def as_user(self) -> Json:
        """As Telegram's User object."""
        user: Json = {"id": self.id, "is_bot": False, "first_name": self.first_name}
        extra = {"last_name": self.last_name, "username": self.username, "language_code": self.language_code}
        return {**user, **{name: value for name, value in extra.items() if value}}

    def as_chat(self) -> Json:
        """As the private chat with this person."""
        chat: Json = {"id": self.id, "type": "private", "first_name": self.first_name}
        extra = {"last_name": self.last_name, "username": self.username}
        return {**chat, **{name: value for name, value in extra.items() if value}}


@dataclass
class Message:
    """One message: `raw` as the Bot API returns it, and what only the page and tests see."""

    raw: Json
    from_bot: bool
    keyboard: Json | None = None  # a reply keyboard, its removal, or a force reply
    silent: bool = False
    edits: list[Json] = field(default_factory=list)  # earlier text and buttons, oldest first
    deleted: bool = False
    changed: int = 0  # rises with every message sent or edited, over all chats of the bot
    answers: list[Json] = field(default_factory=list)  # answers to presses of its buttons

    @property
    def id(self) -> int:
        """The message's number in its chat."""
        return int(self.raw["message_id"])


@dataclass
class Chat:
    """A private chat (its id is the person's) or a group (negative id)."""

    id: int
    title: str = ""
    members: set[int] = field(default_factory=set)
    started: bool = False
    refusal: str = ""  # why the bot may not write here: the text after "Forbidden: "
    messages: OrderedDict[int, Message] = field(default_factory=OrderedDict)
    keyboard: Json | None = None  # what stands below the chat now
    menu_button: Json | None = None
    acted_at: float = 0.0  # loop time of the bot's last deed here
    asked_at: float = 0.0  # loop time of the last person's deed here

    @property
    def private(self) -> bool:
        """Whether this is a chat of one person with the bot."""
        return self.id > 0

    def add(self, message: Message) -> None:
        """Keep a message; the oldest goes when there are too many."""
        self.messages[message.id] = message
        while len(self.messages) > MAX_MESSAGES:
            self.messages.popitem(last=False)

    def live(self) -> Iterator[Message]:
        """The messages that are still there, oldest first."""
        return (message for message in self.messages.values() if not message.deleted)


@dataclass
class Query:
    """A press or an inline query that waits for its answer."""

    id: str
    chat_id: int
    message_id: int
    expires_at: float
    answer: Json | None = None


@dataclass(frozen=True)
class StoredFile:
    """A file someone sent."""

    file_id: str
    name: str
    media_type: str
    content: bytes
    path: str


@dataclass
class Webhook:
    """Where updates are pushed to, and how it went."""

    url: str
    secret: str = ""
    max_connections: int = 40
    last_error_date: int = 0
    last_error_message: str = ""


class BotAccount:
    """Everything one bot token sees; another token sees nothing of it."""

    def __init__(self, token: str) -> None:
        self.token = token
        self.id = int(token.split(":")[0])
        self.username = "open_chair_sandbox_bot" if token == SANDBOX_TOKEN else f"sandbox_{self.id}_bot"
        self.settings = Settings()
        self.people: dict[int, Person] = {}
        self.chats: dict[int, Chat] = {}
        self.queries: OrderedDict[str, Query] = OrderedDict()
        self.files: OrderedDict[str, StoredFile] = OrderedDict()
        self.profile: dict[tuple[str, str], str] = {}  # (name|description|short_description, language)
        self.commands: dict[tuple[str, str], list[Json]] = {}  # (scope as JSON, language)
        self.menu_button: Json = {"type": "default"}
        self.webhook: Webhook | None = None
        self.faults: list[Fault] = []
        self.calls: deque[Json] = deque(maxlen=MAX_CALLS)
        self.in_flight = 0  # calls being handled, long polls not counted
        self.bell = Bell()
        self.broadcast = Broadcast()
        self.updates = UpdateQueue(self.bell)
        self._changes = itertools.count(1)
        self._message_ids = itertools.count(1)
        self._person_ids = itertools.count(5550101)
        self._group_ids = itertools.count(1005550101)

    # -- the bot itself

    @property
    def name(self) -> str:
        """The display name, as setMyName left it."""
        return self.profile.get(("name", ""), "Open Chair")

    def as_user(self) -> Json:
        """The bot as Telegram's User object."""
        return {"id": self.id, "is_bot": True, "first_name": self.name, "username": self.username}

    # -- people and chats

    def add_person(self, person: Person) -> Person:
        """Keep a person and their (unstarted) private chat; an id used before is renewed."""
        self.people[person.id] = person
        self.chats.setdefault(person.id, Chat(person.id))
        self._bound(self.chats, MAX_CHATS)
        return person

    def next_person_id(self) -> int:
        """An id nobody has."""
        return next(number for number in self._person_ids if number not in self.people)

    def add_group(self, title: str, members: list[int]) -> Chat:
        """Keep a new group that the bot is a member of."""
        chat = Chat(-1000000000000 - next(self._group_ids), title, set(members), started=True)
        self.chats[chat.id] = chat
        return chat

    def chat_json(self, chat: Chat) -> Json:
        """As Telegram's Chat object."""
        if chat.private:
            return self.people[chat.id].as_chat()
        return {"id": chat.id, "type": "supergroup", "title": chat.title}

    def reachable(self, chat_id: str) -> Chat:
        """The chat the bot may write to. Raises ApiError: empty, not found, blocked."""
        if not chat_id.strip():
            raise bad_request("chat_id is empty")
        chat = self.chats.get(int(chat_id)) if re.fullmatch(r"-?\d{1,20}", chat_id.strip()) else None
        if chat is None or not chat.started:
            raise bad_request("chat not found")
        if chat.refusal:
            raise forbidden(chat.refusal)
        return chat

    # -- messages

    def new_message(self, chat: Chat, content: Json, sender: Json) -> Json:
        """The raw message object with a fresh number and the time of now."""
        return {
            "message_id": next(self._message_ids),
            "from": sender,
            "chat": self.chat_json(chat),
            "date": int(time.time()),
            **content,
        }

    def next_change(self) -> int:
        """The number of a message's next appearance."""
        return next(self._changes)

    def acted(self, chat: Chat | None = None) -> None:
        """Note that the bot did something (in this chat) and wake who waits for it."""
        if chat is not None:
            chat.acted_at = asyncio.get_running_loop().time()
        self.bell.ring()

    def forget(self) -> None:
        """Forget people, chats, files, queries, faults and waiting updates; what the bot set about itself stays."""
        for kept in (self.people, self.chats, self.queries, self.files):
            kept.clear()
        self.faults.clear()
        self.calls.clear()
        self.settings = Settings()
        self.updates.clear()
        self.broadcast.end()

    # -- queries and files

    def open_query(self, chat_id: int, message_id: int, lives_s: float) -> Query:
        """A press or inline query that can be answered until it expires."""
        query = Query(str(secrets.randbits(62)), chat_id, message_id, time.time() + lives_s)
        self.queries[query.id] = query
        self._bound(self.queries, MAX_CALLS)
        return query

    def answer_query(self, query_id: str, answer: Json) -> Query:
        """Answer a query once. Raises ApiError for an unknown, answered or expired one."""
        query = self.queries.get(query_id)
        if query is None or query.answer is not None or query.expires_at < time.time():
            raise bad_request("query is too old and response timeout expired or query ID is invalid")
        query.answer = answer
        return query

    def keep_file(self, name: str, media_type: str, content: bytes, folder: str) -> StoredFile:
        """Keep a file in memory; the oldest go when there is too much."""
        number = len(self.files) + 1
        suffix = name[name.rfind(".") :] if "." in name else ""
        clean = re.sub(r"[^A-Za-z0-9.]", "", suffix)[:12]
        file_id = f"sandbox-{folder}-{secrets.token_urlsafe(12)}"
        stored = StoredFile(file_id, name, media_type, content, f"{folder}/file_{number}_{file_id[-4:]}{clean}")
        self.files[file_id] = stored
        while len(self.files) > 1 and sum(len(one.content) for one in self.files.values()) > MAX_FILES:
            self.files.popitem(last=False)
        return stored

    @staticmethod
    def _bound(kept: dict[Any, Any], limit: int) -> None:
        while len(kept) > limit:
            del kept[next(iter(kept))]


class SandboxState:
    """All bots of one sandbox."""

    def __init__(self, bot_token: str | None = None) -> None:
        self._bots: OrderedDict[str, BotAccount] = OrderedDict()
        self.default_token = bot_token or SANDBOX_TOKEN
        self.bot(self.default_token)

    def bot(self, token: str) -> BotAccount:
        """The account of a token, made at its first use. Raises ApiError 401 for what is no token."""
        if not _TOKEN.fullmatch(token):
            raise ApiError(401, "Unauthorized")
        if token not in self._bots:
            if len(self._bots) >= MAX_BOTS:
                raise ApiError(401, "Unauthorized")
            self._bots[token] = BotAccount(token)
        return self._bots[token]

    def all(self) -> list[BotAccount]:
        """Every bot known."""
        return list(self._bots.values())
