"""`db`: the database itself."""

import typer

from bot.cli.shared import complete, ready
from bot.settings import Settings
from bot.store.database import Database

app = typer.Typer(no_args_is_help=True)


@app.callback()
def _family() -> None:
    """The database."""


@app.command()
def upgrade() -> None:
    """Bring the tables to the newest form. Safe to repeat."""
    complete(_upgrade(ready()))
    print("The database is up to date.")


async def _upgrade(settings: Settings) -> None:
    database = Database(settings.database_url)
    await database.open()
    try:
        await database.upgrade()
    finally:
        await database.close()
