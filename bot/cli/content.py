"""`content`: what an editor runs."""

from collections import Counter
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from bot.cli.served import served
from bot.cli.shared import as_json, complete, ready
from bot.cli.suggestions import suggestions
from bot.texts.check import SEVERITIES
from bot.texts.check import check as check_folder
from bot.texts.export import export_site
from bot.texts.library import Library
from bot.texts.pages import load_pages
from bot.texts.parity import measure
from bot.texts.site import Site
from bot.texts.sources import load_evidence

app = typer.Typer(no_args_is_help=True)
app.command()(suggestions)
Json = Annotated[bool, typer.Option("--json", help="Print the report as JSON.")]


@app.callback()
def _family() -> None:
    """The words that people read."""


@app.command()
def check(
    strict: Annotated[bool, typer.Option(help="Warnings count as errors.")] = False,
    json: Json = False,
) -> None:
    """Check every word a person reads: files, languages, values, markup, wording, claims, dates."""
    settings = ready()
    problems = check_folder(settings.content_dir, date.today(), complete(served(settings)))
    counts = Counter(problem.severity for problem in problems)
    if json:
        told = {"problems": [asdict(one) for one in problems]}
        print(as_json(told | {"counts": {name: counts[name] for name in SEVERITIES}}))
    else:
        for problem in problems:
            print(f"{problem.severity}: {problem}")
        print(f"{counts['error']} errors, {counts['warning']} warnings, {counts['note']} notes.")
    if counts["error"] or (strict and counts["warning"]):
        raise typer.Exit(1)


@app.command()
def parity(json: Json = False) -> None:
    """Measure whether every kind of group is told in the same fields, room, words and order; fails on drift."""
    rows = measure(ready().content_dir, date.today())
    drifted = sum(row.verdict == "fail" for row in rows)
    if json:
        print(as_json({"rows": [asdict(row) for row in rows], "failed": drifted}))
    else:
        heads = ("metric", "language", "about", "verdict")
        widths = [max(len(head), *(len(getattr(row, head)) for row in rows)) for head in heads]
        print("  ".join(head.ljust(width) for head, width in zip(heads, widths, strict=True)), " rule: measured")
        for row in rows:
            cells = (getattr(row, head).ljust(width) for head, width in zip(heads, widths, strict=True))
            print("  ".join(cells), f" {row.rule}: {row.measured}")
        print(f"{len(rows)} rows, {drifted} failed.")
    if drifted:
        raise typer.Exit(1)


@app.command()
def export(
    folder: Annotated[Path, typer.Argument(help="An empty folder, a new one, or one of an earlier export.")],
    bot: Annotated[str, typer.Option(help="The bot's name at Telegram, for links into the chat.")] = "",
    json: Json = False,
) -> None:
    """Write the articles as a web site of plain files, with an index for each language."""
    root = ready().content_dir
    library = Library.load(root)
    articles = load_pages(root, tuple(library.languages), load_evidence(root))
    done = export_site(Site(library, articles, bot_name=bot.removeprefix("@")), folder)
    if json:
        print(as_json({"folder": str(folder), **asdict(done)}))
        return
    names = library.languages
    counted = ", ".join(f"{count} articles in {names[code].name}" for code, count in done.articles.items())
    print(f"{counted}: {done.files} files in {folder}.")
