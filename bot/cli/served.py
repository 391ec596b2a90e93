"""Which countries a bot is run for: the operator's own, and those of the feeds that are on."""

from contextlib import suppress
from pathlib import Path

from bot.cli.shared import opened
from bot.domain.errors import ContentError, OperatorError
from bot.settings import Settings
from bot.store import syncs
from bot.texts.feeds import load_feeds
from bot.texts.fellowships import load_fellowships


async def served(settings: Settings) -> frozenset[str] | None:
    """ISO codes; None where nothing is known: then every country counts. Never makes a database, never raises."""
    found = {settings.country} if settings.country else set()
    if not _is_missing(settings.database_url):
        with suppress(ContentError, OperatorError):  # told elsewhere; the operator's own country still counts
            found |= await _of_feeds(settings)
    return frozenset(found) or None


async def _of_feeds(settings: Settings) -> set[str]:
    cards = load_feeds(settings.content_dir, {kind.id for kind in load_fellowships(settings.content_dir)})
    async with opened(settings) as database, database.read() as connection:
        on = [record.id for record in await syncs.listed(connection)]
    return {country for feed in on if feed in cards for country in cards[feed].countries}


def _is_missing(url: str) -> bool:
    """Whether it is an SQLite file that nobody has made yet."""
    kind, _, path = url.partition(":///")
    return kind.startswith("sqlite") and not Path(path).is_file()
