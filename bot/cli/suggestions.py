"""`content suggestions`: suggested revisions that wait to be read, and what became of them."""

import unicodedata
from typing import Annotated, Literal

import typer

from bot.cli.shared import as_json, complete, ready
from bot.domain.clock import system_clock
from bot.domain.suggestion import State, Suggestion
from bot.services.suggestions import Suggestions
from bot.settings import Settings
from bot.store.database import Database

Answer = Literal["used", "declined"]
_UNSEEN = ("Cc", "Cf", "Cs")  # control characters, what turns or hides text, halves of characters


def suggestions(
    every: Annotated[bool, typer.Option("--all", help="Those that were answered too.")] = False,
    done: Annotated[list[int] | None, typer.Option(help="The number of one that was dealt with; repeatable.")] = None,
    answer: Annotated[Answer | None, typer.Option(help="What became of them.")] = None,
    json: Annotated[bool, typer.Option("--json", help="Print the report as JSON.")] = False,
) -> None:
    """Suggested revisions that wait to be read; with --done and --answer, say what became of them."""
    if bool(done) != bool(answer):
        raise typer.BadParameter("--done ID and --answer used|declined go together.")
    settings = ready()
    found = complete(_work(settings, done or [], answer, None if every else State.WAITING))
    if json:
        print(as_json([report(one) for one in found]))
        return
    for number in done or []:
        print(f"{number}: {answer}.")
    if not done:
        _tell(found)


async def _work(settings: Settings, done: list[int], answer: Answer | None, state: State | None) -> list[Suggestion]:
    database = Database(settings.database_url)
    await database.open()
    try:
        if database.is_sqlite:
            await database.upgrade()
        work = Suggestions(database, clock=system_clock)
        if answer:
            await work.answer(done, State(answer))
        return await work.queue(state)
    finally:
        await database.close()


def report(one: Suggestion) -> dict[str, object]:
    """A suggestion as `--json` prints it."""
    return {
        "id": one.id,
        "kind": one.subject.kind.value,
        "subject": one.subject.id,
        "language": one.subject.language,
        "version": one.subject.version,
        "text": printable(one.text),
        "received_on": one.received_on.isoformat(),
        "state": one.state.value,
        "answered_on": one.answered_on.isoformat() if one.answered_on else None,
    }


def _tell(found: list[Suggestion]) -> None:
    for one in found:
        about = one.subject
        version = f", version {about.version}" if about.version else ""
        answered = f", {one.state.value} on {one.answered_on}" if one.answered_on else ""
        print(f"{one.id}: {about.kind.value} {about.id} ({about.language}{version}), {one.received_on}{answered}")
        print("\n".join(f"    {line}" for line in printable(one.text).splitlines()))
    print(f"{len(found)} suggestions." if found else "No suggestion waits.")


def printable(text: str) -> str:
    """The text without what a terminal would obey, turn round or hide; lines stay lines."""
    lines = text.splitlines()
    return "\n".join("".join(char for char in line if unicodedata.category(char) not in _UNSEEN) for line in lines)
