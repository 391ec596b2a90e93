"""The database and what stands in it: meetings, lists, who looks after the bot, and the key of what people kept."""

from collections.abc import AsyncIterator, Mapping
from datetime import UTC, datetime
from pathlib import Path

from bot.cli.checkup.line import Line, ill, well
from bot.domain.admin import Role
from bot.domain.errors import ContentError, OperatorError, SettingsError, StoreError
from bot.domain.feed import FeedCard
from bot.services import feed_states
from bot.services.keys import KeyRing
from bot.settings import Settings
from bot.store import admins, checkup, restored
from bot.store.database import Database
from bot.store.engines import where
from bot.store.meetings import count_by_feed
from bot.texts.feeds import load_feeds
from bot.texts.fellowships import load_fellowships

NAMED = 3  # lists in one sentence


async def look(settings: Settings) -> AsyncIterator[Line]:
    """One line for each; only the first where the database cannot be used. An SQLite file is upgraded before."""
    database = Database(settings.database_url)
    try:
        await _prepare(database)
        yield well("database", "opened, up to date, whole and writable")
        for part in (_meetings, _key, _admins, _feeds):
            yield await part(settings, database)
    except OperatorError as error:
        yield ill("database", str(error))
    finally:
        await database.close()


async def _prepare(database: Database) -> None:
    await database.open()
    if database.is_sqlite:
        await database.upgrade()
    await database.check()
    async with database.snapshot() as connection:
        if await checkup.is_damaged(connection):
            raise StoreError(f"{where(database.url)} is damaged: restore a backup.")
    await checkup.try_to_write(database)


async def _meetings(settings: Settings, database: Database) -> Line:
    async with database.read() as connection:
        counts = await count_by_feed(connection)
    if not counts:
        return ill(
            "meetings", "none yet: `openchair feeds enable ID` reads a public list, `openchair feeds import` a file"
        )
    return well("meetings", f"{sum(counts.values())} meetings from {len(counts)} feeds")


async def _key(settings: Settings, database: Database) -> Line:
    ring = KeyRing(database, setting=settings.key_text, file=settings.key_file)
    try:
        await ring.check()
        if not ring.present:
            return well("key", "made when somebody first asks for something to be kept")
        keys = await ring.keys()
    except SettingsError as error:
        return ill("key", str(error))
    async with database.read() as connection:
        sealed = await restored.key_ids(connection)
    if any(keys.named(one) is None for one in sealed):
        return ill(
            "key",
            "what people asked to keep was sealed with another key: put that one into OPENCHAIR_KEY (behind the "
            "present one, with a comma between), or its file back to where OPENCHAIR_KEY_FILE points",
        )
    if not settings.key_text and _open_to_others(settings.key_file):
        return ill("key", f"others can read it: chmod 600 {settings.key_file}")
    return well("key", "it opens all that people asked to keep; have a copy elsewhere")


async def _admins(settings: Settings, database: Database) -> Line:
    async with database.read() as connection:
        owners = [one for one in await admins.listed(connection) if one.role is Role.OWNER]
    if owners or settings.admins:
        return well("owner", "somebody looks after this bot")
    return ill("owner", "nobody may use /admin: `openchair admins code` prints a code for the first owner")


async def _feeds(settings: Settings, database: Database) -> Line:
    try:
        states = await feed_states.listing(database, _cards(settings.content_dir), datetime.now(UTC))
    except ContentError as error:
        return ill("feeds", str(error))
    found = {word: [one.id for one in states if one.state == word] for word in ("failing", "held", "late", "fresh")}
    ways = {
        "failing": "cannot be read (`openchair feeds list` says why)",
        "held": "changed more than usual (`openchair feeds accept ID` or `refuse ID`, after a look)",
        "late": "were not read for too long (`openchair feeds sync ID`, and see that the bot runs)",
    }
    told = [f"{_some(found[word])} {says}" for word, says in ways.items() if found[word]]
    if told:
        return ill("feeds", "; ".join(told))
    return well("feeds", f"{len(found['fresh'])} fresh, none that waits for anybody")


def _cards(content: Path) -> Mapping[str, FeedCard]:
    return load_feeds(content, {kind.id for kind in load_fellowships(content)})


def _some(feeds: list[str]) -> str:
    more = f" and {len(feeds) - NAMED} more" if len(feeds) > NAMED else ""
    return ", ".join(feeds[:NAMED]) + more


def _open_to_others(file: Path) -> bool:
    return bool(file.stat().st_mode & 0o077)
