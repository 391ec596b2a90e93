"""`feeds`: lists of meetings."""

from pathlib import Path
from typing import Annotated
from zoneinfo import available_timezones

import typer
from rich.console import Console
from rich.progress import Progress

from bot.app import open_work
from bot.cli.shared import as_json, complete, ready
from bot.domain.errors import FeedError
from bot.domain.report import FeedResult
from bot.feeds.reasons import COMPLAINTS, NOTES
from bot.services.feeds import Extra, FeedState
from bot.settings import Settings

app = typer.Typer(no_args_is_help=True)
LARGEST = 100 * 1024 * 1024  # bytes of a feed file


@app.command("import")
def import_file(
    file: Annotated[Path, typer.Argument(help="The list: Meeting Guide JSON or BMLT JSON.")],
    format: Annotated[str, typer.Option(help="meeting_guide or bmlt.")],
    fellowship: Annotated[str, typer.Option(help="Whose meetings these are, such as aa.")],
    feed: Annotated[str, typer.Option(help="The feed's id; default: fellowship and file name.")] = "",
    zone: Annotated[str, typer.Option(help="Time zone of rows that carry none, such as America/New_York.")] = "",
    formats: Annotated[Path | None, typer.Option(help="BMLT: the answer to GetFormats.")] = None,
    service_bodies: Annotated[Path | None, typer.Option(help="BMLT: the answer to GetServiceBodies.")] = None,
    json: Annotated[bool, typer.Option("--json", help="Print the report as JSON.")] = False,
) -> None:
    """Put the meetings of a file in the place of all the feed had; an unreadable file changes nothing."""
    settings = ready()
    if zone and zone not in available_timezones():
        raise typer.BadParameter(f"{zone} is not a time zone; write it like America/New_York.", param_hint="--zone")
    feed = feed or f"{fellowship}-{file.stem}"
    extra = Extra(_bytes(formats), _bytes(service_bodies))
    result = complete(_import(settings, _bytes(file) or b"", feed, format, fellowship, zone or None, extra))
    if json:
        print(as_json(report(feed, result)))
    else:
        _tell(feed, result)


def _bytes(path: Path | None) -> bytes | None:
    if path is None:
        return None
    try:
        if path.stat().st_size > LARGEST:
            raise FeedError(f"{path.name} is larger than {LARGEST // 1024 // 1024} MB: that is no list of meetings.")
        return path.read_bytes()
    except OSError as error:
        raise FeedError(f"{path} cannot be read: {error.strerror}.") from error


async def _import(
    settings: Settings, data: bytes, feed: str, format: str, fellowship: str, zone: str | None, extra: Extra
) -> FeedResult:
    async with open_work(settings) as work:
        if fellowship not in work.fellowships:
            known = ", ".join(sorted(work.fellowships))
            raise FeedError(f"There is no fellowship {fellowship}. Known: {known}.")
        await work.places.refresh()
        console = Console(stderr=True)
        with Progress(console=console, transient=True, disable=not console.is_terminal) as bar:
            task = bar.add_task("Importing", total=None)
            return await work.feeds.import_bytes(
                data,
                feed=feed,
                format=format,
                fellowship=fellowship,
                zone=zone,
                extra=extra,
                progress=lambda done, of: bar.update(task, completed=done, total=of),
            )


def report(feed: str, result: FeedResult) -> dict[str, object]:
    """What came of an import, as `--json` prints it."""
    return {
        "feed": feed,
        "rows": result.rows,
        "taken": result.taken,
        "refused": result.refused,
        "meetings": len(result.meetings),
        "complaints": dict(result.complaints),
        "notes": dict(result.notes),
    }


def _tell(feed: str, result: FeedResult) -> None:
    print(f"{feed}: {result.taken} of {result.rows} rows taken, {len(result.meetings)} meetings.")
    for title, counts, reasons in (("Refused", result.complaints, COMPLAINTS), ("Mended", result.notes, NOTES)):
        for reason, count in counts.most_common():
            examples = ", ".join(result.examples.get(reason, [])[:3])
            print(f"  {title}: {count} × {reasons.get(reason, reason)}{f' ({examples})' if examples else ''}")


@app.command("list")
def list_feeds(json: Annotated[bool, typer.Option("--json", help="Print as JSON.")] = False) -> None:
    """Every feed, how many meetings it has, and when it was last read."""
    states = complete(_list(ready()))
    if json:
        print(as_json([state.report() for state in states]))
    elif not states:
        print("No feeds yet. `openchair feeds import FILE --format meeting_guide --fellowship aa` brings the first.")
    else:
        for state in states:
            last = state.last_success.strftime("%Y-%m-%d %H:%M UTC") if state.last_success else "never"
            print(f"{state.id}: {state.state}, {state.meetings} meetings, last read {last}")


async def _list(settings: Settings) -> list[FeedState]:
    async with open_work(settings) as work:
        return await work.feeds.listing()
