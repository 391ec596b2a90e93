"""The command line: one file for each family of commands; failures are one plain sentence and exit 1."""

import gc
import sys

import typer

from bot.cli import (
    admins,
    audit,
    content,
    database,
    doctor,
    feeds,
    keys,
    meetings,
    places,
    running,
    search,
    setup,
    webhook,
)
from bot.domain.errors import OperatorError

app = typer.Typer(
    name="openchair",
    help="Open Chair: a Telegram bot that helps people find mutual-help meetings.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.command("run")(running.run)
app.command("sandbox")(running.sandbox)
app.command("setup")(setup.setup)
app.command("find")(search.find)
app.command("understand")(search.understand)
app.command("doctor")(doctor.doctor)
app.add_typer(feeds.app, name="feeds", help="Lists of meetings: import them, see how they are.")
app.add_typer(meetings.app, name="meetings", help="Meetings: all of them as a sheet, and back.")
app.add_typer(places.app, name="places", help="Places: bring a country's postal codes.")
app.add_typer(content.app, name="content", help="The words that people read.")
app.add_typer(database.app, name="db", help="The database.")
app.add_typer(admins.app, name="admins", help="People who help, and what they may do.")
app.add_typer(audit.app, name="audit", help="What people who help changed.")
app.add_typer(keys.app, name="keys", help="The key that seals what people asked to keep.")
app.add_typer(webhook.app, name="webhook", help="Where Telegram brings updates.")


def main() -> None:
    """Run one command. Exit 0 on success, 1 on a clear failure, 2 on wrong usage."""
    gc.freeze()  # what was imported stays: collections need not walk it while words and lists are taken up
    try:
        app()
    except OperatorError as error:
        print(f"openchair: {error}", file=sys.stderr)
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)
