"""What a visitor sees: screens, their buttons, and a chat as readable text."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]


class SandboxError(AssertionError):
    """A deed that could not be done; the message tells why and shows the chat."""


@dataclass(frozen=True)
class Button:
    """One button under a message: kind is callback, url, copy or a rarer one."""

    text: str
    kind: str
    data: str = ""
    url: str = ""
    copy: str = ""
    style: str = ""


@dataclass(frozen=True)
class Screen:
    """One message as the person sees it now."""

    id: int
    text: str
    html: str
    entities: list[Json]
    rows: list[list[Button]]
    raw: Json = field(repr=False)

    @property
    def buttons(self) -> list[str]:
        """The labels, row by row."""
        return [button.text for button in self.all_buttons()]

    def all_buttons(self) -> Iterator[Button]:
        """The buttons, row by row."""
        return (button for row in self.rows for button in row)

    def find(self, label: str) -> Button | None:
        """The button with this label, else the only one whose label begins with it."""
        exact = [button for button in self.all_buttons() if button.text == label]
        begun = [button for button in self.all_buttons() if button.text.startswith(label)]
        if exact:
            return exact[0]
        return begun[0] if len(begun) == 1 else None

    def button(self, label: str) -> Button:
        """As find, and an error when there is none."""
        found = self.find(label)
        if found is None:
            raise SandboxError(f"No button {label!r} here, only {self.buttons}.\n{self.text}")
        return found

    @property
    def links(self) -> dict[str, str]:
        """Visible words → address, for links in the text."""
        raw = self.text.encode("utf-16-le")
        found = {}
        for entity in self.entities:
            if entity["type"] in {"text_link", "url"}:
                begin, end = entity["offset"] * 2, (entity["offset"] + entity["length"]) * 2
                words = raw[begin:end].decode("utf-16-le")
                found[words] = entity.get("url", words)
        return found

    @property
    def file(self) -> Json | None:
        """What is attached: {"id", "name", "size"}, or None."""
        return self.raw.get("file")

    def __contains__(self, words: str) -> bool:
        return words in self.text


def read_screen(view: Json) -> Screen:
    rows = [[Button(**_known(button)) for button in row] for row in view["buttons"]]
    return Screen(view["message_id"], view["text"], view["html"], view["entities"], rows, view)


def _known(button: Json) -> Json:
    return {name: button[name] for name in ("text", "kind", "data", "url", "copy", "style") if name in button}


def render(chat: Json, newest: int = 30) -> str:
    """A chat as readable text, for people who look for what went wrong."""
    lines = []
    for message in chat["messages"][-newest:]:
        who = "BOT " if message["from"] == "bot" else "ME  "
        mark = (
            " (deleted)" if message["deleted"] else f" (edited {len(message['edits'])}×)" if message["edits"] else ""
        )
        what = message["text"] or f"<{message['kind']}>"
        lines.append(f"{who} #{message['message_id']}{mark}: " + what.replace("\n", "\n          "))
        lines += ["          " + " ".join(f"[{button['text']}]" for button in row) for row in message["buttons"]]
        lines += [f"          toast: {answer['text']}" for answer in message["answers"] if answer["text"]]
    if chat.get("keyboard"):
        lines.append(f"KEYS  {chat['keyboard']}")
    return "\n".join(lines) or "(nothing was said)"
