"""The methods of the Bot API that the stand-in knows, one table."""

from __future__ import annotations

from bot.sandbox.methods import answering, editing, profile, receiving, sending, uploading
from bot.sandbox.methods.call import Call, Method

METHODS: dict[str, Method] = {
    name.lower(): method
    for room in (receiving, sending, uploading, editing, answering, profile)
    for name, method in room.METHODS.items()
}

__all__ = ["METHODS", "Call", "Method"]
