"""`keys`: the key that seals what people asked to have kept."""

import asyncio
from datetime import UTC, datetime
from typing import Annotated

import typer

from bot.cli.shared import complete, ready
from bot.domain.errors import SettingsError
from bot.services.keys import KeyRing, UnknownKeyError
from bot.services.rotation import reseal
from bot.settings import Settings
from bot.store.database import Database

app = typer.Typer(no_args_is_help=True)
SETTLE_S = 2.0  # a running bot reads the file anew before its next question, and ends the one before


@app.callback()
def _family() -> None:
    """Keys."""


@app.command()
def rotate(
    only_reseal: Annotated[
        bool, typer.Option("--reseal", help="Make no new key; seal what is left with the primary one.")
    ] = False,
) -> None:
    """Make a new key and seal everything with it; the old one stays readable until its links have run out."""
    count = complete(_rotate(ready(), only_reseal))
    print(f"{'The first key' if only_reseal else 'A new key'} is in use; {count} people were sealed anew.")


async def _rotate(settings: Settings, only_reseal: bool) -> int:
    database = Database(settings.database_url)
    await database.open()
    try:
        if database.is_sqlite:
            await database.upgrade()
        ring = KeyRing(database, setting=settings.key_text, file=settings.key_file)
        if not only_reseal:
            await ring.rotate(datetime.now(UTC).date())
            await asyncio.sleep(SETTLE_S)
        return await reseal(database, ring)
    except UnknownKeyError:
        raise SettingsError(
            "Some of what is kept was sealed with a key that is not here: add it behind the others, then run again."
        ) from None
    finally:
        await database.close()
