"""Visits to the bot through the sandbox, as a person makes them.

    async with SandboxDriver(sandbox.url) as driver:
        sam = await driver.visitor("Sam", language="en")
        await sam.open("/start")
        await sam.press("Find a meeting")
        await sam.say("Leeds")
        assert "SMART" in sam.last.text

Every deed waits until the bot has dealt with it. What goes wrong shows the transcript.
"""

from __future__ import annotations

import asyncio
import base64
import re
import time
from types import TracebackType
from typing import Any
from urllib.parse import parse_qs, urlsplit

import aiohttp

from tests.sandbox_screens import Button, Json, SandboxError, Screen, read_screen, render

__all__ = ["Button", "SandboxDriver", "SandboxError", "Screen", "Visitor"]
TIMEOUT_S = 60.0  # only what never comes waits so long; a busy machine may be slow


class SandboxDriver:
    """The control API of one sandbox for one bot token."""

    def __init__(self, url: str, bot: str | None = None, *, timeout: float = TIMEOUT_S) -> None:
        self.url = url.rstrip("/")
        self.bot = bot
        self.timeout = timeout
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> SandboxDriver:
        self._session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=self.timeout + 30))
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._session:
            await self._session.close()

    async def get(self, path: str, **query: Any) -> Json:
        """GET /sandbox/<path>."""
        return await self._ask("GET", path, query=query)

    async def post(self, path: str, **body: Any) -> Json:
        """POST /sandbox/<path> with a JSON body."""
        return await self._ask("POST", path, body=body)

    async def delete(self, path: str) -> Json:
        """DELETE /sandbox/<path>."""
        return await self._ask("DELETE", path)

    async def _ask(self, verb: str, path: str, *, query: Json | None = None, body: Json | None = None) -> Json:
        assert self._session is not None, "use the driver with 'async with'"
        params = {name: str(value) for name, value in (query or {}).items()}
        if self.bot:
            params["bot"] = self.bot
        async with self._session.request(verb, f"{self.url}/sandbox/{path}", params=params, json=body) as response:
            answer: Json = await response.json()
            if response.status >= 400:
                raise SandboxError(str(answer.get("error", answer)))
            return answer

    # -- people

    async def visitor(self, name: str = "Sam", language: str = "en", id: int | None = None, **more: str) -> Visitor:
        """A new person with their own chat (more: last_name, username)."""
        person = await self.post("people", first_name=name, language_code=language, id=id, **more)
        return Visitor(self, person["id"], person)

    async def group(self, title: str, *members: Visitor) -> int:
        """A new group with the bot in it; its chat id. Visitors write there with say(..., chat=id)."""
        chat = await self.post("groups", title=title, members=[member.id for member in members])
        return int(chat["id"])

    async def transcript(self, chat: int) -> Json:
        """A chat with everything, deleted messages too."""
        return await self.get(f"chats/{chat}", deleted=1)

    # -- what goes wrong, and what was called

    async def fault(self, method: str, kind: int | str, **rule: Any) -> None:
        """Let the next call(s) of a method go wrong: fault("sendMessage", 429, retry_after=3, times=2, chat=id)."""
        await self.post("faults", method=method, kind=kind, **rule)

    async def no_faults(self) -> None:
        """Forget the rules that were not used."""
        await self.delete("faults")

    async def push(self, update: Json) -> int:
        """Queue a raw update as it is, however malformed."""
        return int((await self.post("updates", update=update))["update_id"])

    async def pending(self) -> int:
        """How many updates the bot has not confirmed."""
        return int((await self.get("updates"))["pending"])

    async def calls(self, method: str = "", chat: int | None = None) -> list[Json]:
        """The bot's calls so far, oldest first: {method, params, code, problem, at}."""
        query: Json = {"method": method, **({} if chat is None else {"chat": chat})}
        return list((await self.get("calls", **query))["calls"])

    async def settings(self, **values: Any) -> Json:
        """callback_expiry_s, inline_expiry_s, webhook_backoff_s, privacy_mode."""
        return await self.post("settings", **values)

    async def wait_connected(self, timeout: float | None = None) -> None:
        """Wait until a bot polls or has a webhook."""
        until = time.monotonic() + (timeout or self.timeout)
        while not (await self.get("status"))["connected"]:
            if time.monotonic() > until:
                raise SandboxError("No bot connected to the sandbox.")
            await asyncio.sleep(0.02)

    async def reset(self) -> None:
        """Forget people, chats, files, faults and waiting updates; the bot stays connected."""
        await self.post("reset")


class Visitor:
    """One person in their private chat (or, with chat=, in a group)."""

    def __init__(self, driver: SandboxDriver, id: int, person: Json) -> None:
        self.driver = driver
        self.id = id
        self.person = person
        self.chat: Json = {}
        self.toast = ""  # text of the answer to the last press
        self.alert = False  # whether that answer was an alert
        self.sent = 0  # message_id of what was sent last
        self._screens: list[Screen] = []
        self._mark = 0  # what changed after this belongs to the last deed
        self._heard = 0  # what changed after this was not returned yet
        self._latest: Screen | None = None

    # -- what there is to see

    @property
    def last(self) -> Screen:
        """What the bot sent or edited last."""
        if self._latest is None:
            raise SandboxError("The bot has said nothing yet.")
        return self._latest

    @property
    def screens(self) -> list[Screen]:
        """What the bot sent or edited since the last deed, in that order."""
        return self._screens

    @property
    def text(self) -> str:
        """The text of all those screens together."""
        return "\n\n".join(screen.text for screen in self._screens)

    @property
    def buttons(self) -> list[str]:
        """The labels under the last screen."""
        return self.last.buttons

    @property
    def keyboard(self) -> list[str]:
        """The labels of the reply keyboard that is open now."""
        rows = (self.chat.get("keyboard") or {}).get("keyboard", [])
        return [key["text"] for row in rows for key in row]

    @property
    def asked_to_reply(self) -> bool:
        """Whether a force reply is open: what is said next will be a reply."""
        return bool((self.chat.get("keyboard") or {}).get("force_reply"))

    @property
    def placeholder(self) -> str:
        """The grey words in the text field."""
        return str((self.chat.get("keyboard") or {}).get("input_field_placeholder", ""))

    @property
    def history(self) -> list[Screen]:
        """Every message of the bot still there, oldest first."""
        return [
            read_screen(one) for one in self.chat.get("messages", []) if one["from"] == "bot" and not one["deleted"]
        ]

    # -- deeds

    async def open(self, start: str = "/start") -> Screen:
        """Open the bot: "/start", "/start <payload>", or the bare payload of a link (1-64 of A-Za-z0-9_-)."""
        if not start.startswith("/") and not re.fullmatch(r"[A-Za-z0-9_-]{1,64}", start):
            raise SandboxError(f"A start link cannot carry {start!r}.")
        return await self.say(start if start.startswith("/") else f"/start {start}", plain=True)

    async def say(
        self, text: str, *, plain: bool = False, reply_to: Screen | int | None = None, chat: int | None = None,
        quiet: bool = False,
    ) -> Screen:  # fmt: skip
        """Send a text; it becomes a reply when the bot asked for one, unless `plain`. quiet: no answer is fine."""
        body: Json = {"text": text, "person": self.id}
        if plain or reply_to is not None:
            body["reply_to"] = reply_to.id if isinstance(reply_to, Screen) else reply_to
        return await self._do("say", body, chat=chat, quiet=quiet)

    async def reply(self, text: str, to: Screen | None = None) -> Screen:
        """Send a text as a reply to a screen, the last one by default."""
        return await self.say(text, reply_to=to or self.last)

    async def press(self, label: str, *, on: Screen | None = None, quiet: bool = False) -> Screen:
        """Press a button by its label (or the beginning of it, if only one begins so).

        Looked for on `on`, else on what the bot showed last, then on the open reply keyboard. A url or copy
        button raises: nothing is sent for those, read them with last.button(label).
        """
        looked = [on] if on else [*reversed(self._screens), *([self._latest] if self._latest else [])]
        for screen in looked:
            button = screen.find(label)
            if button and button.kind != "callback":
                raise SandboxError(f"{label!r} is a {button.kind} button: {button}")
            if button:
                return await self._do("press", {"message_id": screen.id, "label": button.text}, quiet=quiet)
        if label in self.keyboard and on is None:
            return await self._do("press", {"label": label}, quiet=quiet)
        shown = [screen.buttons for screen in looked] + [self.keyboard]
        raise await self._failed(f"There is no button {label!r} to press; there are {shown}.")

    async def press_data(self, data: str, *, on: Screen | None = None, quiet: bool = False) -> Screen:
        """Press with any callback data at all, as a forged or ancient button would send it."""
        message = (on or self.last).id
        return await self._do("press", {"message_id": message, "data": data, "forge": True}, quiet=quiet)

    async def tap(self, command: str) -> Screen:
        """Tap a /command that stands in the last screens' text."""
        if not any(command in screen.text for screen in [*self._screens, self.last]):
            raise await self._failed(f"There is no {command} to tap.")
        return await self.say(command, plain=True)

    async def follow(self, words: str) -> Screen:
        """Tap a link to the bot (https://t.me/…?start=…), by its visible words, its button's label, or itself."""
        address = words
        for screen in [*reversed(self._screens), self.last]:
            button = screen.find(words)
            address = screen.links.get(words) or (button.url if button else "") or address
        payload = parse_qs(urlsplit(address).query).get("start")
        if not payload:
            raise await self._failed(f"{words!r} is no link to the bot: {address}")
        return await self.open(payload[0])

    async def share_location(self, latitude: float, longitude: float) -> Screen:
        """Share a place from the keyboard."""
        return await self._do("location", {"latitude": latitude, "longitude": longitude, "person": self.id})

    async def send(self, kind: str, content: bytes = b"", name: str = "", *, quiet: bool = False) -> Screen:
        """Send a photo, voice, sticker or document; without content a tiny made-up one."""
        encoded = base64.b64encode(content).decode()
        return await self._do("file", {"kind": kind, "content": encoded, "name": name}, quiet=quiet)

    async def edit(self, message_id: int, text: str, *, quiet: bool = True) -> Screen:
        """Correct an own message."""
        return await self._do("edit", {"message_id": message_id, "text": text}, quiet=quiet)

    async def block(self, reason: str = "") -> None:
        """Block the bot; it gets 403 from now on. reason: Telegram's words after "Forbidden: "."""
        await self._do("block", {"reason": reason}, quiet=True)

    async def unblock(self) -> None:
        """Let the bot back in."""
        await self._do("unblock", {}, quiet=True)

    async def clear(self) -> None:
        """Clear the chat's history, as if never started."""
        await self.driver.post(f"chats/{self.id}/clear")
        self._latest, self._screens = None, []
        await self.look()

    async def hear(self, *, containing: str = "", timeout: float | None = None) -> Screen:
        """Wait for the next thing the bot says by itself (a reminder), each once."""
        until = time.monotonic() + (timeout or self.driver.timeout)
        while True:
            await self.look()
            for screen in self._screens:
                if screen.raw["changed"] > self._heard and containing in screen.text:
                    self._heard = screen.raw["changed"]
                    return screen
            if time.monotonic() > until:
                raise await self._failed(f"Nothing came that contains {containing!r}.")
            await asyncio.sleep(0.03)

    async def look(self, chat: int | None = None) -> Json:
        """Read the chat anew."""
        self.chat = await self.driver.transcript(chat or self.id)
        shown = [one for one in self.chat["messages"] if one["from"] == "bot" and not one["deleted"]]
        shown.sort(key=lambda one: one["changed"])
        self._screens = [read_screen(one) for one in shown if one["changed"] > self._mark]
        self._latest = read_screen(shown[-1]) if shown else None
        return self.chat

    async def download(self, screen: Screen | None = None) -> bytes:
        """The bytes of the file on a screen, the last one by default."""
        held = (screen or self.last).file
        if held is None or self.driver._session is None:
            raise await self._failed("There is no file to download.")
        query = {"bot": self.driver.bot} if self.driver.bot else {}
        async with self.driver._session.get(f"{self.driver.url}/sandbox/files/{held['id']}", params=query) as answer:
            answer.raise_for_status()
            return await answer.read()

    async def transcript(self) -> str:
        """The whole chat as readable text."""
        return render(await self.driver.transcript(self.id))

    async def _do(self, deed: str, body: Json, *, chat: int | None = None, quiet: bool = False) -> Screen:
        place = chat or self.id
        before = await self.driver.transcript(place)
        self._mark = max((one["changed"] for one in before["messages"]), default=0)
        self.toast, self.alert = "", False
        try:
            done = await self.driver.post(f"chats/{place}/{deed}", **body)
        except SandboxError as error:
            raise await self._failed(f"{deed} {body}: {error}") from None
        if "message_id" in done and deed in {"say", "location", "file"}:
            self.sent = int(done["message_id"])
        state = await self.driver.get(f"chats/{place}/quiet", timeout=self.driver.timeout)
        await self.look(place)
        self._heard = max((screen.raw["changed"] for screen in self._screens), default=self._heard)
        if query := done.get("query_id"):
            answer = (await self.driver.get(f"queries/{query}"))["answer"] or {}
            self.toast, self.alert = answer.get("text", ""), bool(answer.get("show_alert"))
        if not state["quiet"]:
            raise await self._failed(f"The bot did not finish {deed} {body} within {self.driver.timeout} s: {state}.")
        if not state["acted"] and not quiet:
            raise await self._failed(f"The bot did not answer {deed} {body}.")
        return self._latest or Screen(0, "", "", [], [], {})

    async def _failed(self, sentence: str) -> SandboxError:
        return SandboxError(f"{sentence}\n--- {self.person.get('first_name')}'s chat ---\n{await self.transcript()}")
