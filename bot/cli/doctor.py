"""`doctor`: is everything there that the bot needs? Each line is ok, or says what to do."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import date
from typing import Annotated

import aiohttp
import typer

from bot.cli.shared import as_json, complete, ready
from bot.domain.errors import OperatorError
from bot.settings import Settings, unknown_settings
from bot.store.database import Database
from bot.store.meetings import count_by_feed
from bot.texts.check import check as check_content
from bot.texts.urgent import load_urgent


@dataclass(frozen=True, slots=True)
class Line:
    """One thing looked at."""

    name: str
    ok: bool
    says: str


def doctor(json: Annotated[bool, typer.Option("--json", help="Print as JSON.")] = False) -> None:
    """Look at settings, database, words, feeds and Telegram; exit 1 if something needs doing."""
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
    lines += [line async for line in _database(settings)]
    lines.append(_country(settings))
    errors = [problem for problem in check_content(settings.content_dir, date.today()) if problem.error]
    says = f"{len(errors)} errors; `openchair content check` lists them" if errors else "every file is well"
    lines.append(Line("content", not errors, says))
    lines.append(await _telegram(settings))
    return lines


async def _database(settings: Settings) -> AsyncIterator[Line]:
    database = Database(settings.database_url)
    try:
        await database.open()
        if database.is_sqlite:
            await database.upgrade()
        async with database.read() as connection:
            counts = await count_by_feed(connection)
    except OperatorError as error:
        yield Line("database", False, str(error))
        return
    finally:
        await database.close()
    yield Line("database", True, "opened and up to date")
    total = sum(counts.values())
    yield Line(
        "meetings",
        total > 0,
        f"{total} meetings from {len(counts)} feeds" if total else "none yet; `openchair feeds import --help`",
    )


def _country(settings: Settings) -> Line:
    """Whether there are urgent numbers for the country that the bot is run for."""
    if settings.country is None:
        return Line(
            "country", False, "OPENCHAIR_COUNTRY is unset: urgent help names three countries and guesses none"
        )
    if settings.country not in load_urgent(settings.content_dir):
        return Line(
            "country", False, f"there are no urgent numbers for {settings.country}; add a file to content/urgent/"
        )
    return Line("country", True, f"urgent numbers of {settings.country}")


async def _telegram(settings: Settings) -> Line:
    """Whether the token opens the Bot API. Asked directly: the chat's library belongs to the chat."""
    if settings.token is None:
        return Line("token", True, "unset: `openchair run` starts the local preview")
    address = f"{settings.api_url}/bot{settings.token.get_secret_value()}/getMe"
    try:
        timeout = aiohttp.ClientTimeout(total=10)
        async with aiohttp.ClientSession(timeout=timeout) as session, session.get(address) as answer:
            known = answer.status == 200
    except (aiohttp.ClientError, TimeoutError):
        return Line("token", False, f"{settings.api_url} cannot be reached; check the network and OPENCHAIR_API_URL")
    says = "Telegram knows it" if known else "Telegram does not know it; copy it again from @BotFather"
    return Line("token", known, says)
