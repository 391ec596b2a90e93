"""`meetings`: all of them as a sheet, and back."""

import sys
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Annotated, Any, BinaryIO

import typer
from rich.console import Console
from rich.progress import Progress, TaskID

from bot.app import Work, open_work
from bot.cli.shared import as_json, complete, ready
from bot.domain.bulk import Applied, Changed, Difference, Gone, Part, Refused
from bot.domain.errors import MeetingGone, OperatorError, UnreadableSheet
from bot.domain.fields import FIELDS, cell
from bot.domain.meeting import id_text
from bot.services.bulk_files import KINDS, LARGEST
from bot.settings import Settings
from bot.texts.library import DEFAULT

app = typer.Typer(no_args_is_help=True)
SHOWN = 50  # lines of each kind; --json has all
VALUE = 60  # characters


@app.command()
def export(
    file: Annotated[Path, typer.Argument(help="Where to write: a name that ends in .xlsx, .csv or .json.")],
    feed: Annotated[str, typer.Option(help="Only the meetings of this feed.")] = "",
    fellowship: Annotated[str, typer.Option(help="Only the meetings of this fellowship, such as aa.")] = "",
) -> None:
    """Write every meeting, as people see it, to a sheet that `meetings import` takes back."""
    kind = KINDS.get(file.suffix.lower())
    if kind is None:
        raise typer.BadParameter("Give a name that ends in .xlsx, .csv or .json.", param_hint="FILE")
    count = complete(_export(ready(), file, kind, feed, fellowship))
    print(f"Written: {file} ({count} meetings)")


async def _export(settings: Settings, file: Path, kind: str, feed: str, fellowship: str) -> int:
    """The file appears when it is whole."""
    part = file.with_name(f".{file.name}.part")
    try:
        async with open_work(settings) as work:
            with _bar("Exporting") as told, part.open("wb") as out:
                count = await _write(work, out, kind, feed, fellowship, told)
        part.replace(file)
    except UnreadableSheet as error:
        raise OperatorError(
            f"More than {error.about} meetings are too many for a workbook: "
            "take CSV, or a part of them with --feed or --fellowship."
        ) from error
    except OSError as error:
        raise OperatorError(f"{file} cannot be written: {error.strerror}.") from error
    finally:
        part.unlink(missing_ok=True)
    return count


async def _write(
    work: Work, out: BinaryIO, kind: str, feed: str, fellowship: str, told: Callable[[int], None]
) -> int:
    total = 0

    def count(rows: int) -> None:
        nonlocal total
        total = rows
        told(rows)

    async for piece in work.desk.bulk.export(None, kind, feed=feed, fellowship=fellowship, told=count):
        out.write(piece)
    return total


@app.command("import")
def import_file(
    file: Annotated[Path, typer.Argument(help="A sheet as `meetings export` writes it: XLSX, CSV or JSON.")],
    yes: Annotated[bool, typer.Option("--yes", help="Apply what is new and changed without asking.")] = False,
    end_missing: Annotated[
        bool, typer.Option("--end-missing", help="End the meetings of the same lists that the file leaves out, too.")
    ] = False,
    older: Annotated[
        bool, typer.Option("--older", help="Apply rows whose meeting was changed here since the export, too.")
    ] = False,
    json: Annotated[bool, typer.Option("--json", help="Print the report as JSON.")] = False,
) -> None:
    """Show what a sheet would change, and apply it after a yes."""
    parts = [Part.CHANGES, *([Part.OLDER] if older else []), *([Part.GONE] if end_missing else [])]
    found, applied = complete(_import(ready(), file, parts, yes=yes, json=json))
    if json:
        print(as_json(_report(found, applied)))
    elif applied is not None:
        _tell_applied(applied)
    else:
        print("Nothing was changed.")


async def _import(
    settings: Settings, file: Path, parts: list[Part], *, yes: bool, json: bool
) -> tuple[Difference, Applied | None]:
    data = _bytes(file)
    async with open_work(settings) as work:
        why = _reasons(work)
        try:
            with _bar("Reading") as told:
                found = await work.desk.bulk.look(None, data, told)
        except UnreadableSheet as error:
            words = work.library.texts(DEFAULT).label(f"admin.bulk.bad.{error.reason}", about=error.about)
            raise OperatorError(f"{file.name}: {words}") from error
        if not json:
            _tell(found, why)
        agreed = [part for part in parts if found.count(part) and (yes or _ask(found, part))]
        if not agreed:
            return found, None
        total = Applied()
        for part in agreed:
            with _bar("Applying") as told:
                total = _together(total, await _apply(work, file.name, found, part, told))
        return found, total


async def _apply(work: Work, name: str, found: Difference, part: Part, told: Callable[[int], None]) -> Applied:
    try:
        return await work.desk.bulk.apply(None, name, found, part, told)
    except MeetingGone as error:
        raise OperatorError("A meeting went away meanwhile: import the file again to see what is left.") from error


def _bytes(file: Path) -> bytes:
    try:
        if file.stat().st_size > LARGEST:
            raise OperatorError(f"{file.name} is larger than {LARGEST // 1024 // 1024} MB.")
        return file.read_bytes()
    except OSError as error:
        raise OperatorError(f"{file} cannot be read: {error.strerror}.") from error


def _together(first: Applied, second: Applied) -> Applied:
    return Applied(
        first.changed + second.changed,
        first.added + second.added,
        first.ended + second.ended,
        first.proposed + second.proposed,
        (*first.faults, *second.faults),
    )


class _bar:  # noqa: N801 - used like a function
    """A bar on a terminal; `with _bar("Reading") as told: told(rows)`."""

    def __init__(self, title: str) -> None:
        console = Console(stderr=True)
        self._bar = Progress(console=console, transient=True, disable=not console.is_terminal)
        self._task: TaskID = self._bar.add_task(title, total=None)

    def __enter__(self) -> Callable[[int], None]:
        self._bar.start()
        return lambda done: self._bar.update(self._task, completed=done)

    def __exit__(self, *_: object) -> None:
        self._bar.stop()


def _ask(found: Difference, part: Part) -> bool:
    """Asked on a terminal, or answered by what is piped in; no answer is a no."""
    questions = {
        Part.CHANGES: f"Apply {found.count(part)} changes?",
        Part.OLDER: f"Apply {found.count(part)} rows whose meeting was changed here since the export?",
        Part.GONE: f"End {found.count(part)} meetings that the file leaves out?",
    }
    print(f"{questions[part]} [y/N] ", end="", flush=True, file=sys.stderr)
    try:
        return input().strip().casefold() in ("y", "yes")
    except EOFError:
        return False


# -- what is printed


def _reasons(work: Work) -> Callable[[str], str]:
    """A reason of a refusal in words."""
    labels = work.library.texts(DEFAULT).labels

    def why(reason: str) -> str:
        found = labels.get(f"admin.bulk.why.{reason}", labels.get(f"admin.bad.{reason}", reason))
        return found if isinstance(found, str) else reason

    return why


def _tell(found: Difference, why: Callable[[str], str]) -> None:
    print(f"{found.rows} rows: {found.unchanged} as they are here, {len(found.changed)} changed, ", end="")
    print(f"{len(found.added)} new, {len(found.refused)} refused; {len(found.gone)} missing from the file.")
    if found.sheet:
        print(f"Read was the sheet {found.sheet!r}; the others were left out.")
    if found.hidden:
        print(f"{found.hidden} of the rows are hidden in a spreadsheet program; they count as well.")
    if found.second:
        print(f"{len(found.second)} of them take two people, and will wait for a second one.")
    _list("Changed", found.changed, _changed)
    _list("Changed here since the export (only with --older)", found.outdated, _changed)
    _list("New", found.added, lambda one: f"row {one.line}: {one.values.get('name', '')}")
    _list("Missing (ended only with --end-missing)", found.gone, lambda one: f"{id_text(one.id)} {one.name}")
    _list("Refused", found.refused, partial(_refused, why=why))
    if found.unsure:
        print("Some rows could not be read, so nobody can say which meetings are missing.")
    if found.ignored:
        print(f"Columns that mean nothing here: {', '.join(found.ignored)}")


def _list(title: str, some: tuple[Any, ...], said: Callable[[Any], str]) -> None:
    if some:
        print(f"{title}:")
    for one in some[:SHOWN]:
        print(f"  {said(one)}")
    if len(some) > SHOWN:
        print(f"  and {len(some) - SHOWN} more")


def _changed(one: Changed) -> str:
    before = one.before
    fields = [f"{name}: {_short(name, before[name])} -> {_short(name, value)}" for name, value in one.after.items()]
    return f"row {one.line}: {one.meeting.name} ({id_text(one.meeting.id)}): {'; '.join(fields)}"


def _short(name: str, value: Any) -> str:
    text = cell(name, value).replace("\n", " / ")
    return repr(text if len(text) <= VALUE else f"{text[:VALUE]}…")


def _refused(one: Refused, why: Callable[[str], str]) -> str:
    where = f"row {one.line}{f', {one.column}' if one.column else ''}"
    return f"{where}: {why(one.reason)}{f' ({one.text})' if one.text else ''}"


def _tell_applied(applied: Applied) -> None:
    print(f"Changed: {applied.changed}, new: {applied.added}, ended: {applied.ended}.")
    if applied.proposed:
        print(f"Waiting for a second person: {applied.proposed}")
    for bad in applied.faults:
        print(f"Not applied: {bad}")


def _report(found: Difference, applied: Applied | None) -> dict[str, object]:
    return {
        "rows": found.rows,
        "unchanged": found.unchanged,
        "changed": [_told(one) for one in found.changed],
        "older": [_told(one) for one in found.outdated],
        "added": [{"row": one.line, "values": _cells(one.values)} for one in found.added],
        "gone": [_gone(one) for one in found.gone],
        "refused": [_refusal(one) for one in found.refused],
        "ignored": list(found.ignored),
        "second": sorted(found.second),
        "sheet": found.sheet,
        "hidden": found.hidden,
        "applied": None if applied is None else _sums(applied),
    }


def _told(one: Changed) -> dict[str, object]:
    identity = {"row": one.line, "id": id_text(one.meeting.id), "name": one.meeting.name}
    return {**identity, "before": _cells(one.before), "after": _cells(one.after)}


def _gone(one: Gone) -> dict[str, object]:
    return {"id": id_text(one.id), "name": one.name}


def _refusal(one: Refused) -> dict[str, object]:
    return {"row": one.line, "column": one.column, "reason": one.reason, "text": one.text}


def _sums(applied: Applied) -> dict[str, object]:
    sums = {"changed": applied.changed, "added": applied.added, "ended": applied.ended, "proposed": applied.proposed}
    return {**sums, "faults": [{"column": bad.field, "reason": bad.reason} for bad in applied.faults]}


def _cells(values: Mapping[str, Any]) -> dict[str, str]:
    return {name: cell(name, values[name]) for name in FIELDS if name in values}
