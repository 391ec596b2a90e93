"""`doctor`: is everything there that the bot needs? Each line is ok, or says what to do."""

from datetime import date
from typing import Annotated

import typer

from bot.cli.checkup import kept, machine, telegram
from bot.cli.checkup.line import Line
from bot.cli.served import served
from bot.cli.shared import as_json, complete, ready
from bot.domain.errors import ContentError
from bot.settings import Settings, unknown_settings
from bot.texts.check import check as check_content
from bot.texts.checks.problem import Problem
from bot.texts.urgent import load_urgent


def doctor(json: Annotated[bool, typer.Option("--json", help="Print as JSON.")] = False) -> None:
    """Look at settings, database, key, words, feeds, machine and Telegram; exit 1 if something needs doing."""
    lines = complete(_lines(ready()))
    if json:
        print(as_json([{"name": line.name, "ok": line.ok, "says": line.says} for line in lines]))
    else:
        for line in lines:
            print(f"{'ok  ' if line.ok else 'DO  '} {line.name}: {line.says}")
    if not all(line.ok for line in lines):
        raise typer.Exit(1)


async def _lines(settings: Settings) -> list[Line]:
    unknown = unknown_settings()
    lines = [Line("settings", not unknown, " ".join(unknown) or "every variable is known")]
    lines += [line async for line in kept.look(settings)]
    lines.append(_country(settings))
    problems = check_content(settings.content_dir, date.today(), await served(settings))
    lines += [_urgent(problems), _content(problems)]
    lines += machine.look(settings)
    lines += [line async for line in telegram.look(settings)]
    return lines


def _country(settings: Settings) -> Line:
    """Whether there are urgent numbers for the country that the bot is run for."""
    if settings.country is None:
        return Line(
            "country", False, "OPENCHAIR_COUNTRY is unset: urgent help names three countries and guesses none"
        )
    try:
        known = settings.country in load_urgent(settings.content_dir)
    except ContentError as error:
        return Line("country", False, str(error))
    if not known:
        return Line(
            "country", False, f"there are no urgent numbers for {settings.country}; add a file to content/urgent/"
        )
    return Line("country", True, f"urgent numbers of {settings.country}")


def _urgent(problems: list[Problem]) -> Line:
    """Whether somebody has looked lately at the urgent numbers of the countries that this bot serves."""
    old = [
        problem.file for problem in problems if problem.rule == "stale_date" and problem.file.startswith("urgent/")
    ]
    if not old:
        return Line("urgent numbers", True, "checked not long ago, in every country that is served")
    return Line(
        "urgent numbers",
        False,
        f"{', '.join(old)}: read the publisher's page again and set checked_on; people still see these numbers",
    )


def _content(problems: list[Problem]) -> Line:
    errors = [problem for problem in problems if problem.error]
    if not errors:
        return Line("content", True, "every file is well")
    count = "one error" if len(errors) == 1 else f"{len(errors)} errors, the first"
    return Line("content", False, f"{count} in {errors[0].file}: `openchair content check` says what to mend")
