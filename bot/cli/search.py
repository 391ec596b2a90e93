"""`find` and `understand`: what the chat answers, for scripts and for the curious."""

import json
import sys
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import typer

from bot.app import Work, open_work
from bot.cli.shared import as_json, complete, ready
from bot.domain.errors import OperatorError
from bot.domain.found import Found, Row
from bot.domain.meeting import id_text
from bot.domain.place import Place
from bot.domain.search import Search
from bot.domain.understood import Understood, merged, reachable
from bot.domain.when import window
from bot.settings import Settings

Text = Annotated[str, typer.Argument(help="What a person would type.")]
Lines = Annotated[bool, typer.Option("--lines", help="Read JSON objects from standard input, one a line.")]
Lang = Annotated[str, typer.Option(help="The language of the person's screens.")]
Now = Annotated[str, typer.Option(help="The present instant, ISO 8601 with offset.")]
YEARS = range(1970, 3000)  # in which weeks can be counted on either side, whatever the zone
LAST_PAGE = 1_000_000  # far beyond the last meeting of any list


@dataclass(frozen=True, slots=True)
class Query:
    """One text with its circumstances."""

    text: str
    language: str
    now: datetime | None
    seed: int = 0
    page: int = 1


def understand(
    text: Text = "",
    lang: Lang = "en",
    now: Now = "",
    lines: Lines = False,
    json: Annotated[bool, typer.Option("--json", help="Print JSON (the only form there is).")] = True,
) -> None:
    """Say what a text means, as JSON."""
    complete(_each(ready(), _queries(text, Query("", lang, _instant(now)), lines), _understand))


def find(
    text: Text = "",
    lang: Lang = "en",
    now: Now = "",
    seed: Annotated[int, typer.Option(min=0, max=65535, help="Which kind begins.")] = 0,
    page: Annotated[int, typer.Option(min=1, max=LAST_PAGE, help="Five meetings a page.")] = 1,
    lines: Lines = False,
    json: Annotated[bool, typer.Option("--json", help="Print JSON (the only form there is).")] = True,
) -> None:
    """Find meetings for a text, in the order people see them, as JSON."""
    complete(_each(ready(), _queries(text, Query("", lang, _instant(now), seed, page), lines), _find))


def _queries(text: str, defaults: Query, lines: bool) -> Iterator[Query]:
    if not lines and not text.strip():
        raise typer.BadParameter("Write a text, or --lines to read them from standard input.", param_hint="TEXT")
    if not lines:
        yield Query(text, defaults.language, defaults.now, defaults.seed, defaults.page)
        return
    for number, line in enumerate(sys.stdin, start=1):
        if line.strip():
            yield _query(line, number, defaults)


def _query(line: str, number: int, defaults: Query) -> Query:
    try:
        given: dict[str, Any] = json.loads(line)
        return Query(
            str(given["text"]),
            str(given.get("lang", defaults.language)),
            _instant(str(given["now"])) if given.get("now") else defaults.now,
            int(given.get("seed", defaults.seed)),
            min(max(1, int(given.get("page", defaults.page))), LAST_PAGE),
        )
    except (ValueError, TypeError, KeyError, AttributeError, OverflowError, RecursionError) as error:
        raise OperatorError(f'Line {number} is not a JSON object with "text".') from error


def _instant(text: str) -> datetime | None:
    if not text:
        return None
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        instant = None
    if instant is None or instant.tzinfo is None or instant.year not in YEARS:
        words = f"{text} is not an instant with offset, such as 2026-11-24T19:00:00+00:00."
        raise typer.BadParameter(words, param_hint="--now")
    return instant


async def _each(settings: Settings, queries: Iterator[Query], answer: Any) -> None:
    async with open_work(settings) as work:
        await work.places.refresh()
        async for line in _answers(work, queries, answer):
            print(line, flush=True)


async def _answers(work: Work, queries: Iterator[Query], answer: Any) -> AsyncIterator[str]:
    for query in queries:
        yield as_json(await answer(work, query))


async def _read(work: Work, query: Query, now: datetime) -> Understood:
    return await work.understand.read(
        query.text, language=query.language, now=now, country=work.settings.country or ""
    )


async def _understand(work: Work, query: Query) -> dict[str, object]:
    now = query.now or work.clock()
    heard = await _read(work, query, now)
    return {
        "urgent": work.risk.tier(query.text),
        "fellowships": list(heard.fellowships),
        "needs": list(heard.needs),
        "places": [_place(place) for place in heard.places],
        "online": heard.online,
        "when": _when(work, heard, now),
        "filters": sorted(heard.filters),
        "unknown": list(heard.unknown),
    }


def _when(work: Work, heard: Understood, now: datetime) -> dict[str, str] | None:
    if heard.when is None:
        return None
    sure = heard.places[0].zone if len(heard.places) == 1 else ""
    zone = ZoneInfo(sure) if sure else now.tzinfo or UTC
    span = window(heard.when, now, zone)
    return {"from": span.start.astimezone(zone).isoformat(), "to": span.end.astimezone(zone).isoformat()}


def _place(place: Place) -> dict[str, object]:
    return {
        "name": place.name,
        "country": place.country,
        "latitude": place.latitude,
        "longitude": place.longitude,
    }


async def _find(work: Work, query: Query) -> dict[str, object]:
    now = query.now or work.clock()
    heard = await _read(work, query, now)
    if len(heard.places) > 1 or not heard.asks_something:
        return {
            "meetings": [],
            "total": 0,
            "more": False,
            "finders": [],
            "ask": [_place(place) for place in heard.places],
        }
    base = Search(language=query.language, seed=query.seed)
    search = reachable(merged(base, heard)).with_page(query.page)
    await work.meetings.refresh()
    return _found(work, await work.meetings.search(search, now=now))


def _found(work: Work, found: Found) -> dict[str, object]:
    finders = [work.fellowships[kind] for kind in found.finder_kinds if kind in work.fellowships]
    return {
        "meetings": [_row(row) for row in found.rows],
        "total": found.total,
        "more": found.more,
        "finders": [{"fellowship": kind.id, "url": kind.finder} for kind in finders if kind.finder],
        "ask": [],
    }


def _row(row: Row) -> dict[str, object]:
    meeting = row.meeting
    return {
        "id": id_text(meeting.id),
        "name": meeting.name,
        "fellowship": meeting.fellowship,
        "weekday": meeting.weekday,
        "time": None if meeting.start is None else f"{meeting.start // 60:02d}:{meeting.start % 60:02d}",
        "zone": meeting.zone,
        "next": None if row.next is None else row.next.astimezone(ZoneInfo(meeting.zone)).isoformat(),
        "online": meeting.online,
        "in_person": meeting.in_person,
        "distance_km": None if row.distance_km is None else round(row.distance_km, 2),
        "place": meeting.place_line,
        "sources": list(row.sources),
        "instead": row.instead,
    }
