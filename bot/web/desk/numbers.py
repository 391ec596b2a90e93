"""What the bot says in an emergency, country by country, for whoever checks it line by line. It changes nothing."""

import asyncio

from starlette.responses import Response
from starlette.routing import Route

from bot.domain.admin import Deed, does
from bot.domain.errors import NotPermitted
from bot.domain.urgent import Line, UrgentCountry
from bot.texts.countries import ELSEWHERE
from bot.texts.present import urgent_path
from bot.texts.rules import load_plain
from bot.views.admin_lines import name
from bot.views.formatting import language_name, listed
from bot.views.urgent import LINES, fitting
from bot.web.desk.said import age, on
from bot.web.desk.sitting import ROOT, Sitting, WebDesk, seated


def numbers_routes(room: WebDesk) -> list[Route]:
    """/admin/numbers."""
    return [Route(f"/{ROOT}/numbers", seated(room, _numbers), methods=["GET"])]


async def _numbers(at: Sitting) -> Response:
    if not does(at.who, Deed.ANSWER_SUGGESTIONS):
        raise NotPermitted
    every = sorted(at.room.urgent.values(), key=lambda one: (one.country == ELSEWHERE, name(at.frame, one)))
    named = [(one.country.lower(), name(at.frame, one)) for one in every]
    most = (await asyncio.to_thread(load_plain, at.room.frames.library.root)).days.urgent
    asked = at.asked("country").upper()
    known = asked in at.room.urgent
    return at.show(
        "numbers",
        known=named,
        only=asked.lower() if known else "",
        most=most,
        countries=[_country(at, one, most) for one in every if not known or one.country == asked],
    )


def _country(at: Sitting, entry: UrgentCountry, most: int) -> dict[str, object]:
    shown = fitting(entry, "")[:LINES]
    return {
        "code": entry.country.lower(),
        "name": name(at.frame, entry),
        "emergency": entry.emergency,
        "languages": _languages(at, entry.languages),
        "lines": [_line(at, line, shown) for line in entry.lines],
        "checked_on": on(at, entry.checked_on),
        "age": age(at, entry.checked_on),
        "old": (at.frame.now.date() - entry.checked_on).days > most,
        "source": entry.source,
        "sure": at.label(f"desk.numbers.sure.{_SURE[entry.confidence]}"),
        "doubt": entry.confidence == "?",
        "file": urgent_path(entry.country),
    }


_SURE = {"A": "two", "B": "one", "?": "doubt"}


def _line(at: Sitting, line: Line, shown: list[Line]) -> dict[str, object]:
    return {
        "name": line.name,
        "number": line.number,
        "keyword": line.keyword,
        "ways": listed(at.frame.texts, [at.label(f"urgent.{way}") for way in line.ways]),
        "hours": at.label("urgent.all_day" if line.hours == "always" else "desk.numbers.hours_unknown"),
        "topics": listed(at.frame.texts, [at.label(f"desk.numbers.topic.{topic}") for topic in line.topics]),
        "languages": _languages(at, line.languages),
        "shown": line in shown,
    }


def _languages(at: Sitting, codes: tuple[str, ...]) -> str:
    return listed(at.frame.texts, [language_name(at.frame.texts, code) for code in codes])
