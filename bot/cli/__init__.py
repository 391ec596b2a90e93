"""The command line: one file for each family of commands; failures are one plain sentence and exit 1."""

import sys
from collections.abc import Iterator, Mapping
from importlib import import_module
from typing import Any

import typer
from typer.core import TyperGroup
from typer.main import get_group

from bot.domain.errors import OperatorError

COMMANDS = {
    "run": "running",
    "sandbox": "running",
    "setup": "setup",
    "find": "search",
    "understand": "search",
    "doctor": "doctor",
}
"""A command and the module that has a function of its name."""
FAMILIES = {
    "feeds": ("feeds", "Lists of meetings: import them, see how they are."),
    "meetings": ("meetings", "Meetings: all of them as a sheet, and back."),
    "places": ("places", "Places: bring a country's postal codes."),
    "content": ("content", "The words that people read."),
    "db": ("database", "The database."),
    "admins": ("admins", "People who help, and what they may do."),
    "audit": ("audit", "What people who help changed."),
    "keys": ("keys", "The key that seals what people asked to keep."),
    "webhook": ("webhook", "Where Telegram brings updates."),
}
"""A family of commands, the module that has them as its `app`, and its line of help."""


class _Read(Mapping[str, Any]):
    """Every command by its name; its module is read when it is asked for: `run` waits for no other."""

    def __getitem__(self, name: str) -> Any:
        whole = typer.Typer()
        if name in COMMANDS:
            whole.command(name)(getattr(import_module(f"bot.cli.{COMMANDS[name]}"), name))
        else:
            module, line = FAMILIES[name]
            whole.add_typer(import_module(f"bot.cli.{module}").app, name=name, help=line)
        return get_group(whole).commands[name]

    def __iter__(self) -> Iterator[str]:
        return iter((*COMMANDS, *FAMILIES))

    def __len__(self) -> int:
        return len(COMMANDS) + len(FAMILIES)


class _Every(TyperGroup):
    """All commands."""

    def __init__(self, **given: Any) -> None:
        super().__init__(**given)
        self.commands = _Read()  # type: ignore[assignment]  # nobody adds any


app = typer.Typer(
    cls=_Every,
    name="openchair",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.callback(help="Open Chair: a Telegram bot that helps people find mutual-help meetings.")(lambda: None)


def main() -> None:
    """Run one command. Exit 0 on success, 1 on a clear failure, 2 on wrong usage."""
    try:
        app()
    except OperatorError as error:
        print(f"openchair: {error}", file=sys.stderr)
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)
