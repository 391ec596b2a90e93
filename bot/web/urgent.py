"""Urgent help at /urgent: the numbers of one country as links that call and text, on a page without a script.

Opening one writes nothing, counts nothing and is kept nowhere.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.domain.urgent import Line, UrgentCountry
from bot.texts.countries import ELSEWHERE
from bot.texts.library import Library, Texts
from bot.texts.site import Addresses, Site
from bot.views.formatting import country_name
from bot.views.urgent import fitting
from bot.web.articles import HTML, wanted

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "Cache-Control": "no-store",  # nothing of it stays on a telephone that somebody else picks up
    "Referrer-Policy": "no-referrer",  # a directory does not learn where its reader came from
    "X-Content-Type-Options": "nosniff",
    "Vary": "Accept-Language",
}
_CODE = re.compile(r"[A-Za-z]{2}")
_INDEX, _COUNTRY = Addresses("read/", as_files=False), Addresses("../read/", as_files=False)


@dataclass(frozen=True, slots=True)
class UrgentDesk:
    """What the pages are made of."""

    urgent: Mapping[str, UrgentCountry]
    library: Library
    site: Site


def urgent_routes(desk: UrgentDesk) -> list[Route]:
    """/urgent names the countries, /urgent/<cc> has the numbers of one; `?lang=` or the browser says the language."""

    async def index(request: Request) -> Response:
        return _answer(_countries(desk, _language(desk, request), _INDEX, "urgent/"))

    async def country(request: Request) -> Response:
        language, code = _language(desk, request), request.path_params["country"].upper()
        if not _CODE.fullmatch(code):
            return _answer(_countries(desk, language, _COUNTRY, ""), HTTPStatus.NOT_FOUND)
        return _answer(_page(desk, language, code))

    return [Route("/urgent", index), Route("/urgent/{country}", country)]


def _answer(page: str, status: HTTPStatus = HTTPStatus.OK) -> Response:
    return Response(page, status_code=status, media_type=HTML, headers=HEADERS)


def _language(desk: UrgentDesk, request: Request) -> str:
    asked = request.query_params.get("lang", "")
    return asked if asked in desk.site.articles else wanted(request, desk.site)


def _countries(desk: UrgentDesk, language: str, addresses: Addresses, below: str) -> str:
    texts = desk.library.texts(language)
    named = sorted((country_name(texts, code), code.lower()) for code in desk.urgent if code != ELSEWHERE)
    return desk.site.page(
        "urgent_index",
        language,
        addresses,
        languages={code: f"?lang={code}" for code in desk.site.articles},
        countries=[(name, f"{below}{code}?lang={language}") for name, code in named],
        elsewhere=_country(texts, desk.urgent[ELSEWHERE]),
        home=addresses.index(language),
        urgent="",
    )


def _page(desk: UrgentDesk, language: str, code: str) -> str:
    texts = desk.library.texts(language)
    known = code in desk.urgent and code != ELSEWHERE
    entry = desk.urgent[code if known else ELSEWHERE]
    return desk.site.page(
        "urgent",
        language,
        _COUNTRY,
        languages={other: f"?lang={other}" for other in desk.site.articles},
        place=country_name(texts, code) if known else texts.label("urgent.elsewhere"),
        known=known,
        country=_country(texts, entry),
        overdose=_lines(texts, "overdose"),
        withdrawal=_lines(texts, "withdrawal"),
        index=f"../urgent?lang={language}",
        home=_COUNTRY.index(language),
        urgent="",
    )


def _country(texts: Texts, entry: UrgentCountry) -> dict[str, object]:
    """One row of content/urgent/, as a template shows it; a row of doubt has no lines."""
    return {
        "emergency": [{"number": number, "link": _tel(number)} for number in entry.emergency],
        "lines": [_line(texts, line) for line in fitting(entry, "")],
        "checked_on": entry.checked_on.isoformat(),
        "doubt": entry.confidence == "?",
    }


def _line(texts: Texts, line: Line) -> dict[str, object]:
    ways = []
    if "call" in line.ways:
        ways.append((texts.label("urgent.call_number", number=line.number), _tel(line.number)))
    if "text" in line.ways:
        words = texts.label("urgent.text_to", number=line.number)
        if line.keyword:
            words = texts.label("urgent.send", keyword=line.keyword, number=line.number)
        ways.append((words, _sms(line.number, line.keyword)))
    if "web" in line.ways:
        ways.append((texts.label("urgent.open", number=line.number), f"https://{line.number}"))
    return {
        "name": line.name,
        "ways": ways,
        "always": line.hours == "always",
        "children": line.topics == ("children",),
    }


def _tel(number: str) -> str:
    return f"tel:{_digits(number)}"


def _sms(number: str, keyword: str) -> str:
    return f"sms:{_digits(number)}?body={keyword}" if keyword else f"sms:{_digits(number)}"  # RFC 5724


def _digits(number: str) -> str:
    return "".join(char for char in number if char.isdigit())


def _lines(texts: Texts, name: str) -> list[str]:
    """The sentences of a locked card; they hold no markup."""
    return [line for line in texts.render(f"locked/urgent/{name}").splitlines() if line]
