"""`content`: what an editor runs."""

from datetime import date
from typing import Annotated

import typer

from bot.cli.shared import ready
from bot.texts.check import check as check_folder

app = typer.Typer(no_args_is_help=True)


@app.callback()
def _family() -> None:
    """The words that people read."""


@app.command()
def check(strict: Annotated[bool, typer.Option(help="Warnings count as errors.")] = False) -> None:
    """Check every word a person reads: files, languages, values, markup, wording."""
    settings = ready()
    problems = check_folder(settings.content_dir, date.today())
    for problem in problems:
        print(f"{'error' if problem.error else 'warning'}: {problem}")
    errors = sum(problem.error for problem in problems)
    print(f"{errors} errors, {len(problems) - errors} warnings.")
    if errors or (strict and problems):
        raise typer.Exit(1)
