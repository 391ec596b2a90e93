"""What every command shares: settings with quiet logs, and reports as JSON or text."""

import asyncio
import json
import logging
from collections.abc import Coroutine
from typing import Any, TypeVar

from bot import logs
from bot.settings import Settings, load_settings

T = TypeVar("T")


def ready(level: int = logging.WARNING) -> Settings:
    """The settings, with logging set up so that no secret can reach it. Raises SettingsError."""
    settings = load_settings()
    logs.setup(secrets=settings.secrets, level=level)
    return settings


def complete(work: Coroutine[Any, Any, T]) -> T:
    """Run a command's work to its end."""
    return asyncio.run(work)


def as_json(value: object) -> str:
    """One line of JSON, letters of every script as they are."""
    return json.dumps(value, ensure_ascii=False)
