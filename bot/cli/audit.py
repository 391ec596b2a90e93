"""`audit`: what people who help changed."""

from pathlib import Path
from typing import Annotated

import typer

from bot.cli.shared import complete, opened, ready
from bot.domain.errors import OperatorError
from bot.services.audit import Audit
from bot.settings import Settings

app = typer.Typer(no_args_is_help=True)
KINDS = {".csv": "csv", ".json": "json"}


@app.callback()
def _family() -> None:
    """What was changed by whom."""


@app.command()
def export(file: Annotated[Path, typer.Argument(help="Where to write: a name that ends in .csv or .json.")]) -> None:
    """Write every change with its time, name, role, before and after, oldest first. A file in the way is replaced."""
    kind = KINDS.get(file.suffix.lower())
    if kind is None:
        raise typer.BadParameter("Give a name that ends in .csv or .json.", param_hint="FILE")
    data = complete(_export(ready(), kind))
    try:
        file.write_bytes(data)
    except OSError as error:
        raise OperatorError(f"{file} cannot be written: {error.strerror}.") from error
    print(f"Written: {file}")


async def _export(settings: Settings, kind: str) -> bytes:
    async with opened(settings) as database:
        return await Audit(database, {}).export(None, kind)
