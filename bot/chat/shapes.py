"""Whether an update is of the shape that Telegram documents, as far as anything here reads it.

The library takes over whatever stands in a field. What is of another type than documented came from nobody's phone,
and would fall in one handler or another: it is turned away at the door, like an update that cannot be parsed.
"""

from collections.abc import Mapping
from typing import Any

_WORDS = ("text", "caption", "data", "type", "language_code", "url", "file_id", "file_name")
_NUMBERS = ("message_id", "message_thread_id", "file_size", "date")
_DEGREES = {"latitude": 90.0, "longitude": 180.0}
_READ = {
    "update": ("message", "callback_query", "my_chat_member"),
    "message": ("chat", "from", "location", "venue", "document", "reply_to_message", "entities"),
    "callback_query": ("from", "message"),
    "reply_to_message": ("chat", "from", "document", "entities"),
    "venue": ("location",),
    "my_chat_member": ("chat", "from"),
}
_NEEDED = {
    "message": ("message_id", "chat"),
    "callback_query": ("id", "from"),
    "reply_to_message": ("message_id", "chat"),
    "chat": ("id", "type"),
    "from": ("id",),
    "location": tuple(_DEGREES),
    "venue": ("location",),
    "document": ("file_id",),
}
_BITS = 63  # of a signed number in a database; Telegram promises 52


def check_shape(update: Mapping[str, Any]) -> None:
    """Raises TypeError for a field of a wrong type or none, ValueError for a number out of range."""
    _check("update", update)


def _check(name: str, part: Any) -> None:
    if name == "entities":
        for entity in part:
            _fields("entity", entity)
        return
    _fields(name, part)
    for inner in _READ.get(name, ()):
        if part.get(inner) is not None:
            _check(inner, part[inner])


def _fields(name: str, part: Any) -> None:
    if not isinstance(part, dict):
        raise TypeError(name)
    if any(part.get(field) is None for field in _NEEDED.get(name, ())):
        raise TypeError(name)
    for field in _WORDS:
        if part.get(field) is not None and not isinstance(part[field], str):
            raise TypeError(field)
    for field in _NUMBERS:
        _whole(field, part.get(field))
    if name in ("chat", "from"):
        _whole("id", part["id"])
    if name == "chat" and part["type"] == "private" and part["id"] <= 0:
        raise ValueError(name)  # that is the number of a group
    for field, most in _DEGREES.items():
        if part.get(field) is not None and not -most <= part[field] <= most:
            raise ValueError(field)


def _whole(field: str, value: Any) -> None:
    if value is None:
        return
    if type(value) is not int:
        raise TypeError(field)
    if value.bit_length() > _BITS:
        raise ValueError(field)
