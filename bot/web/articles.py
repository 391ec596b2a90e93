"""The articles at /read: each page made once, then answered from memory or with "you have it already"."""

import hashlib
from collections.abc import Callable

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from bot.texts.library import DEFAULT
from bot.texts.site import STYLE, Addresses, Site

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "Cache-Control": "public, max-age=600",
    "Referrer-Policy": "no-referrer",  # a source's publisher does not learn what was read
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "all",
}
HTML, CSS = "text/html; charset=utf-8", "text/css; charset=utf-8"


def article_routes(site: Site) -> list[Route]:
    """/read/<language>, /read/<language>/<slug>, and the style sheet; /read itself leads to the reader's language."""
    shelf = _Shelf()
    beside, below = Addresses(up="", as_files=False), Addresses(up="../", as_files=False)

    async def start(request: Request) -> Response:
        return RedirectResponse(f"read/{wanted(request, site)}", headers=HEADERS | {"Vary": "Accept-Language"})

    async def style(request: Request) -> Response:
        return shelf.answer(request, CSS, lambda: site.style)

    async def index(request: Request) -> Response:
        language = request.path_params["language"]
        if language not in site.articles:
            return _missing(request, site, beside)
        return shelf.answer(request, HTML, lambda: site.index(language, beside))

    async def article(request: Request) -> Response:
        language, slug = request.path_params["language"], request.path_params["slug"]
        found = site.articles.get(language, {}).get(slug)
        if found is None:
            return _missing(request, site, below)
        if found.language != language:
            return RedirectResponse(below.article(found), headers=HEADERS)
        return shelf.answer(request, HTML, lambda: site.article(language, slug, below))

    return [
        Route("/read", start),
        Route(f"/read/{STYLE}", style),
        Route("/read/{language}", index),
        Route("/read/{language}/{slug}", article),
    ]


class _Shelf:
    """What was made, by path: at most one entry for each page there is."""

    def __init__(self) -> None:
        self._made: dict[str, tuple[bytes, str]] = {}

    def answer(self, request: Request, kind: str, make: Callable[[], str]) -> Response:
        """The page, or 304 where the reader has it."""
        path = request.url.path
        if path not in self._made:
            body = make().encode()
            self._made[path] = body, f'"{hashlib.sha256(body).hexdigest()[:16]}"'
        body, tag = self._made[path]
        headers = HEADERS | {"ETag": tag}
        if _has(request, tag):
            return Response(status_code=304, headers=headers)
        return Response(body, media_type=kind, headers=headers)


def _has(request: Request, tag: str) -> bool:
    held = {part.strip().removeprefix("W/") for part in request.headers.get("If-None-Match", "").split(",")}
    return bool(held & {tag, "*"})


def _missing(request: Request, site: Site, addresses: Addresses) -> Response:
    language = request.path_params["language"]
    page = site.missing(language if language in site.articles else wanted(request, site), addresses)
    return Response(page, status_code=404, media_type=HTML, headers=HEADERS | {"Cache-Control": "no-store"})


def wanted(request: Request, site: Site) -> str:
    """The first language the browser asks for that is spoken here, else English."""
    for part in request.headers.get("Accept-Language", "").split(","):
        code = part.partition(";")[0].strip().partition("-")[0].lower()
        if code in site.articles:
            return code
    return DEFAULT
