"""`places`: what the operator adds to the places that are known."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import Progress

from bot.cli.shared import as_json, complete, ready
from bot.domain.errors import OperatorError
from bot.services.postal_codes import PostalReport, import_codes
from bot.settings import Settings
from bot.store.database import Database

app = typer.Typer(no_args_is_help=True)


@app.callback()
def _family() -> None:
    """Places."""


@app.command("import")
def import_file(
    file: Annotated[Path, typer.Argument(help="A .txt of download.geonames.org/export/zip, unpacked.")],
    json: Annotated[bool, typer.Option("--json", help="Print the report as JSON.")] = False,
) -> None:
    """Put the postal codes of a GeoNames file in the place of all that its countries had."""
    report = complete(_import(ready(), file))
    if json:
        print(as_json(report.report()))
        return
    print(f"{report.taken} of {report.rows} rows taken, {report.refused} refused: {', '.join(report.countries)}.")


async def _import(settings: Settings, path: Path) -> PostalReport:
    database = Database(settings.database_url)
    await database.open()
    try:
        if database.is_sqlite:
            await database.upgrade()
        return await _read(database, path)
    finally:
        await database.close()


async def _read(database: Database, path: Path) -> PostalReport:
    console = Console(stderr=True)
    try:
        with (
            path.open("rb") as file,
            Progress(console=console, transient=True, disable=not console.is_terminal) as bar,
        ):
            task = bar.add_task("Importing", total=path.stat().st_size)
            return await import_codes(
                database, file, name=path.name, progress=lambda done: bar.update(task, completed=done)
            )
    except OSError as error:
        raise OperatorError(f"{path} cannot be read: {error.strerror}.") from error
