"""`feeds`: lists of meetings."""

from collections.abc import Awaitable, Callable
from contextlib import nullcontext
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Annotated, TypeVar
from zoneinfo import available_timezones

import typer
from rich.console import Console
from rich.progress import Progress, TaskID

from bot.app import Work, open_work
from bot.cli.shared import as_json, complete, ready
from bot.domain.errors import FeedError, OperatorError
from bot.domain.feed import FeedCard
from bot.domain.feed_state import FeedState, SyncReport
from bot.domain.place import Place
from bot.domain.report import FeedResult
from bot.feeds.reasons import COMPLAINTS, NOTES
from bot.feeds.registry import READERS
from bot.services.coverage import Coverage, coverage
from bot.services.feeds import Extra, Part
from bot.settings import Settings

app = typer.Typer(no_args_is_help=True)
Json = Annotated[bool, typer.Option("--json", help="Print the report as JSON.")]
FeedId = Annotated[str, typer.Argument(help="The feed's id, as `feeds list` prints it.")]
T = TypeVar("T")
LARGEST = 100 * 1024 * 1024  # bytes of a feed file


@app.command("import")
def import_file(  # noqa: PLR0913 - an argument for each option
    file: Annotated[Path, typer.Argument(help="The list: Meeting Guide or BMLT JSON, or a CSV sheet.")],
    feed: Annotated[
        str, typer.Option(help="The feed's id; one with a card needs no more. Default: fellowship and file name.")
    ] = "",
    format: Annotated[str, typer.Option(help="meeting_guide, bmlt or csv; default: as the card says.")] = "",
    fellowship: Annotated[str, typer.Option(help="Whose meetings, such as aa; default: as the card says.")] = "",
    zone: Annotated[str, typer.Option(help="Time zone of rows that carry none, such as America/New_York.")] = "",
    formats: Annotated[Path | None, typer.Option(help="BMLT: the answer to GetFormats.")] = None,
    service_bodies: Annotated[Path | None, typer.Option(help="BMLT: the answer to GetServiceBodies.")] = None,
    server_info: Annotated[Path | None, typer.Option(help="BMLT: the answer to GetServerInfo.")] = None,
    json: Json = False,
) -> None:
    """Put the meetings of a file in the place of all the feed had; an unreadable file changes nothing."""
    settings = ready()
    if zone and zone not in available_timezones():
        raise typer.BadParameter(f"{zone} is not a time zone; write it like America/New_York.", param_hint="--zone")
    if format and format not in READERS:
        raise typer.BadParameter(f"{format} is none of {', '.join(sorted(READERS))}.", param_hint="--format")
    if not feed and not (format and fellowship):
        raise typer.BadParameter("Give --feed with the id of a card, or --format and --fellowship.")
    feed = feed or f"{fellowship}-{file.stem}"
    extra = Extra(_bytes(formats), _bytes(service_bodies), server_info=_bytes(server_info))
    part = Part(_bytes(file) or b"", format, fellowship, zone or None, extra)
    result = complete(_import(settings, feed, part))
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


async def _import(settings: Settings, feed: str, given: Part) -> FeedResult:
    async with open_work(settings) as work:
        part = _by_card(work.sync.cards.get(feed), feed, given)
        if part.fellowship not in work.fellowships:
            known = ", ".join(sorted(work.fellowships))
            words = f"There is no fellowship {part.fellowship}. Known: {known}."
            raise typer.BadParameter(words, param_hint="--fellowship")
        await work.places.refresh()
        console = Console(stderr=True)
        with Progress(console=console, transient=True, disable=not console.is_terminal) as bar:
            task = bar.add_task("Importing", total=None)
            told = partial(_advance, bar, task)
            return await work.sync.import_bytes(feed, part, progress=told)


def _advance(bar: Progress, task: TaskID, done: int, of: int) -> None:
    bar.update(task, completed=done, total=of)


def _by_card(card: FeedCard | None, feed: str, given: Part) -> Part:
    """What was given, and from the card what was not."""
    if card is not None:
        return replace(
            given,
            format=given.format or card.format,
            fellowship=given.fellowship or card.fellowship,
            zone=given.zone or card.zone,
        )
    if not (given.format and given.fellowship):
        raise typer.BadParameter(f"There is no card for a feed {feed}: give --format and --fellowship too.")
    return given


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
def list_feeds(json: Json = False) -> None:
    """Every feed, how it is, how many meetings it has, and when its publisher was last heard."""
    states = complete(_work(ready(), lambda work: work.sync.listing()))
    if json:
        print(as_json([state.report() for state in states]))
    elif not states:
        print("No feeds yet. `openchair feeds import FILE --format meeting_guide --fellowship aa` brings the first.")
    else:
        for state in states:
            _tell_state(state)


def _tell_state(state: FeedState) -> None:
    print(f"{state.id}: {state.state}, {state.meetings} meetings, last read {_last(state)}")
    if state.reason:
        print(f"  {state.reason}")
    _tell_waiting(state.id, state.held)


def _last(state: FeedState) -> str:
    return state.last_success.strftime("%Y-%m-%d %H:%M UTC") if state.last_success else "never"


def _tell_waiting(feed: str, held: int) -> None:
    if held:
        print(f"  Waiting: {held}. `openchair feeds accept {feed}` or `openchair feeds refuse {feed}`")


@app.command("coverage")
def tell_coverage(
    near: Annotated[str, typer.Option(help="A town, a postcode or coordinates, as a person would type it.")],
    json: Json = False,
) -> None:
    """Which kinds are known within 50 km of a place, from whose lists, and whom to ask about the others."""
    settings = ready()
    found = complete(_coverage(settings, near))
    if json:
        print(as_json(found.report()))
        return
    print(f"Near {_called(found.place)}:")
    for known in found.known:
        print(f"  {known.fellowship}: {known.meetings} in person, {known.online} online from anywhere")
        for state in known.feeds:
            print(f"    {state.id}, last read {_last(state)}")
    print("Not known here, ask their own finders:" if found.unknown else "No kind is unknown here.")
    for unknown in found.unknown:
        online = f" ({unknown.online} online from anywhere)" if unknown.online else ""
        print(f"  {unknown.fellowship}: {unknown.finder or 'no finder is known'}{online}")


async def _coverage(settings: Settings, near: str) -> Coverage:
    async with open_work(settings) as work:
        await work.places.refresh()
        places = await work.places.find(near, country=settings.country or "")
        if not places:
            raise OperatorError(f"No place called {near.strip() or 'nothing'} is known.")
        if len(places) > 1:
            raise OperatorError(f"{near.strip()} may be {'; '.join(map(_called, places))}: say which.")
        return await coverage(work.database, work.fellowships, await work.sync.listing(), places[0])


def _called(place: Place) -> str:
    return ", ".join(dict.fromkeys(filter(None, (place.name, place.region, place.country))))


@app.command()
def sync(
    feed: Annotated[str, typer.Argument(help="The feed's id; default: every feed that is on.")] = "",
    whole: Annotated[bool, typer.Option(help="Fetch even what the publisher says did not change.")] = False,
    json: Json = False,
) -> None:
    """Ask publishers for their lists now. A list that is not plausible is held; what was there stays."""
    reports, failures = complete(_work(ready(), lambda work: _sync(work, feed, whole)))
    if json:
        print(as_json([report.report() for report in reports]))
    else:
        for report in reports:
            _tell_sync(report)
    if failures:
        raise FeedError(" ".join(failures))


async def _sync(work: Work, feed: str, whole: bool) -> tuple[list[SyncReport], list[str]]:
    feeds = [feed] if feed else await work.sync.enabled()
    if not feeds:
        raise FeedError("No feed is on: `openchair feeds enable ID` turns one on.")
    await work.places.refresh()
    reports, failures = [], []
    console = Console(stderr=True)
    with console.status("Reading") if console.is_terminal else nullcontext():
        for one in feeds:
            try:
                reports.append(await work.sync.sync(one, whole=whole))
            except FeedError as error:
                failures.append(str(error) if feed else f"{one}: {error}")
    return reports, failures


def _tell_sync(report: SyncReport) -> None:
    told = f"{report.added} added, {report.changed} changed, {report.vanished} vanished"
    print(f"{report.feed}: {report.outcome}, {report.meetings} meetings ({told})")
    if report.reason:
        print(f"  {report.reason}")
    _tell_waiting(report.feed, report.held)


@app.command()
def enable(feed: FeedId) -> None:
    """Turn a card on: its list is read within a minute by a running bot, or now by `feeds sync`."""
    done = complete(_work(ready(), lambda work: work.desk.feeds.enable(None, feed)))
    print(f"{feed} is on." if done else f"{feed} was on already.")


@app.command()
def disable(feed: FeedId) -> None:
    """Turn a feed off and take its meetings out of the searches."""
    count = complete(_work(ready(), lambda work: work.desk.feeds.disable(None, feed)))
    print(f"{feed} was off already." if count is None else f"{feed} is off; {count} meetings were removed.")


@app.command()
def accept(feed: FeedId, json: Json = False) -> None:
    """Take what is held of a feed: a list that did not look plausible, join links to another host."""
    report = complete(_work(ready(), lambda work: work.desk.feeds.accept(None, feed)))
    if json:
        print(as_json(report.report()))
    else:
        _tell_sync(report)


@app.command()
def refuse(feed: FeedId) -> None:
    """Give up what is held of a feed; the same is not held again."""
    count = complete(_work(ready(), lambda work: work.desk.feeds.refuse(None, feed)))
    print(f"{feed}: {count} refused.")


async def _work(settings: Settings, do: Callable[[Work], Awaitable[T]]) -> T:
    async with open_work(settings) as work:
        return await do(work)
