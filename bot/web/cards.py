"""Hand-offs without Telegram at /card: the page, the printed card, and calendar files.

Opening one writes nothing, counts nothing and is kept nowhere, neither here nor by whatever lies between: the
address holds what was picked.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from http import HTTPStatus
from zlib import crc32

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.domain.clock import Clock
from bot.domain.errors import BrokenHandoff, MeetingGone
from bot.domain.handoff import Handed
from bot.domain.meeting import ID_BITS
from bot.domain.urgent import UrgentCountry
from bot.services.handoffs import Handoffs
from bot.services.meetings import Meetings
from bot.services.places import Places
from bot.texts.site import Addresses, Site
from bot.views import handoff_card
from bot.views.frame import Frame, Frames
from bot.views.handoff import SHEETS, sheet_for
from bot.views.meeting import calendar
from bot.views.paper import SIZES
from bot.views.qr import qr_svg
from bot.web.articles import wanted

log = logging.getLogger(__name__)

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",  # a map or a publisher does not learn the address
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex, nofollow",
}
HTML = "text/html; charset=utf-8"
ARTICLES = ("first-meeting", "kinds", "worries", "medicines", "treatment")
MOST_PRINTING = 8  # cards being made or waiting for it; each takes a processor for a quarter of a second
_BESIDE, _BELOW = Addresses("../read/", as_files=False), Addresses("../../read/", as_files=False)


@dataclass(frozen=True, slots=True)
class CardDesk:
    """What the pages are made of."""

    handoffs: Handoffs
    meetings: Meetings
    places: Places
    frames: Frames
    urgent: Mapping[str, UrgentCountry]
    site: Site
    clock: Clock


@dataclass(frozen=True, slots=True)
class _Opened:
    """One request: the link it names, as it stands today, in the reader's language."""

    payload: str
    frame: Frame
    handed: Handed
    large: bool

    @property
    def country(self) -> str:
        """Where the reader is, as far as is known."""
        place = self.handed.search.place
        return (place.country if place else "") or self.frame.operator.country

    def query(self, language: str, *, large: bool) -> str:
        """The same page in a language, with larger letters or without."""
        return f"?lang={language}&size=large" if large else f"?lang={language}"


class _Busy(Exception):
    """More cards are asked for than can be made soon."""


def card_routes(desk: CardDesk) -> list[Route]:
    """/card/<payload>, its .pdf, and /card/<payload>/<meeting>.ics."""
    printing = asyncio.Semaphore()
    waiting = 0

    async def page(request: Request) -> Response:
        opened = await _opened(desk, request)
        html = await asyncio.to_thread(_page, desk, opened)
        return Response(html, media_type=HTML, headers=HEADERS)

    async def sheet(request: Request) -> Response:
        nonlocal waiting
        opened = await _opened(desk, request)
        if waiting >= MOST_PRINTING:
            raise _Busy
        waiting += 1
        try:
            async with printing:
                made = await asyncio.to_thread(_sheet, desk, opened, request.query_params.get("size", ""))
        finally:
            waiting -= 1
        return Response(made, media_type="application/pdf", headers=HEADERS | _named(handoff_card.FILE, "inline"))

    async def appointment(request: Request) -> Response:
        opened = await _opened(desk, request)
        row = (await desk.meetings.open(_meeting_of(request), None, now=desk.clock())).row
        made = (await asyncio.to_thread(calendar, opened.frame, row)).document
        if made is None or row.next is None:
            raise MeetingGone
        return Response(made.data, media_type=made.mime, headers=HEADERS | _named(made.name, "attachment"))

    return [
        Route("/card/{payload}.pdf", _kindly(desk, _BESIDE, sheet)),
        Route("/card/{payload}/{meeting}.ics", _kindly(desk, _BELOW, appointment)),
        Route("/card/{payload}", _kindly(desk, _BESIDE, page)),
    ]


Answer = Callable[[Request], Awaitable[Response]]


def _kindly(desk: CardDesk, addresses: Addresses, answer: Answer) -> Answer:
    """The answer, or a page that says why there is none; the address stands in no log line."""

    async def answered(request: Request) -> Response:
        try:
            return await answer(request)
        except BrokenHandoff:
            return _sorry(desk, request, addresses, HTTPStatus.NOT_FOUND, "broken", "broken_open")
        except MeetingGone:
            return _sorry(desk, request, addresses, HTTPStatus.NOT_FOUND, "meeting_gone", "broken_open")
        except _Busy:
            return _sorry(desk, request, addresses, HTTPStatus.SERVICE_UNAVAILABLE, "busy")
        except Exception as error:  # noqa: BLE001 - whatever it is, the reader gets a page with a way on
            log.error("card_failed", extra={"reason": type(error).__name__})
            return _sorry(desk, request, addresses, HTTPStatus.INTERNAL_SERVER_ERROR, "failed", "broken_open")

    return answered


async def _opened(desk: CardDesk, request: Request) -> _Opened:
    """What the request names; raises BrokenHandoff."""
    payload, now = request.path_params["payload"], desk.clock()
    handoff = await desk.handoffs.read(payload)
    language = request.query_params.get("lang", "")
    if language not in desk.site.articles:
        language = handoff.language if handoff.language in desk.site.articles else wanted(request, desk.site)
    seed = crc32(payload.encode()) & 0xFFFF  # the same others each time it is opened on one day
    search = await desk.places.whole(replace(handoff.search(seed), language=language))
    handed = await desk.handoffs.today(handoff, search, now)
    large = request.query_params.get("size") == "large" or request.query_params.get("large") == "1"
    return _Opened(payload, desk.frames.frame(language, search, now), handed, large)


def _page(desk: CardDesk, opened: _Opened) -> str:
    """The page; a good part of its work is the picture."""
    frame, language = opened.frame, opened.frame.texts.language
    link = desk.frames.card_link(opened.payload)
    first = sheet_for(opened.country)[0]
    sizes = sorted(SHEETS, key=lambda sheet: (sheet[0] != first, sheet[1]))
    sheets = [
        (
            frame.texts.label(f"handoff.sheet_{size}{'_large' if large else ''}"),
            f"{opened.payload}.pdf{opened.query(language, large=False)}&size={size}{'&large=1' if large else ''}",
        )
        for size, large in sizes
    ]
    shelf = desk.site.articles[language]
    return desk.site.page(
        "card",
        language,
        _BESIDE,
        languages={code: opened.query(code, large=opened.large) for code in desk.site.articles},
        card=handoff_card.paper(frame, opened.handed, desk.urgent.get(opened.country), link),
        qr=qr_svg(link),
        telegram=desk.frames.start_link(opened.payload),
        payload=opened.payload,
        large=opened.large,
        other_size=opened.query(language, large=not opened.large),
        on_paper=handoff_card.ON_PAPER,
        sheets=sheets,
        articles=[shelf[slug] for slug in ARTICLES if slug in shelf],
        urgent="#urgent",
        home="",
    )


def _sheet(desk: CardDesk, opened: _Opened, size: str) -> bytes:
    size = size if size in SIZES else sheet_for(opened.country)[0]
    link, urgent = desk.frames.card_link(opened.payload), desk.urgent.get(opened.country)
    return handoff_card.sheet(opened.frame, opened.handed, urgent, link, size, opened.large).data


def _sorry(desk: CardDesk, request: Request, addresses: Addresses, status: HTTPStatus, *why: str) -> Response:
    asked = request.query_params.get("lang", "")
    language = asked if asked in desk.site.articles else wanted(request, desk.site)
    texts = desk.frames.library.texts(language)
    page = desk.site.page(
        "card_missing",
        language,
        addresses,
        languages={code: f"?lang={code}" for code in desk.site.articles},
        why=[texts.label(f"card.{one}") for one in why],
        home=addresses.index(language),
    )
    return Response(page, status_code=status, media_type=HTML, headers=HEADERS)


def _meeting_of(request: Request) -> int:
    """The id in the address; MeetingGone for what is none."""
    text = request.path_params["meeting"]
    if len(text) != ID_BITS // 4 or not set(text) <= set("0123456789abcdef"):
        raise MeetingGone
    return int(text, 16)


def _named(name: str, how: str) -> dict[str, str]:
    return {"Content-Disposition": f'{how}; filename="{name}"'}
