"""Meetings are looked for by words that stand beside them; those of an older version have none until asked for."""

from bot.store import desk_words
from bot.store.database import Database


async def put_in(database: Database) -> None:
    """Give meetings their words where they have none: while a new version is put up, the old one still writes."""
    async with database.read() as connection:
        missing = await desk_words.missing(connection)
    while missing:
        async with database.begin() as connection:
            missing = bool(await desk_words.fill(connection))
