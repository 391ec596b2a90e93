"""What every command shares: settings with quiet logs, and reports as JSON or text."""

import asyncio
import gc
import json
import logging
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from typing import Any, TypeVar

from bot import logs
from bot.settings import Settings, load_settings
from bot.store.database import Database

T = TypeVar("T")


def ready(level: int = logging.WARNING) -> Settings:
    """The settings, with logging set up so that no secret can reach it. Raises SettingsError.

    From here on memory is looked through again for what nobody needs (see bot.__main__), but for what was imported.
    """
    if not gc.isenabled():
        gc.freeze()
        gc.enable()
    settings = load_settings()
    logs.setup(secrets=settings.secrets, level=level)
    return settings


def complete(work: Coroutine[Any, Any, T]) -> T:
    """Run a command's work to its end."""
    return asyncio.run(work)


@asynccontextmanager
async def opened(settings: Settings) -> AsyncIterator[Database]:
    """The database alone, for commands that need no more; an SQLite file is upgraded first. Raises StoreError."""
    database = Database(settings.database_url)
    await database.open()
    try:
        if database.is_sqlite:
            await database.upgrade()
        yield database
    finally:
        await database.close()


def as_json(value: object) -> str:
    """One line of JSON, letters of every script as they are."""
    return json.dumps(value, ensure_ascii=False)
