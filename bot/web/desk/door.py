"""In and out of the desk: the link that the bot sends, the press that uses it, and signing out."""

import asyncio
from collections.abc import Awaitable, Callable
from http import HTTPStatus

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from bot.domain.desk_session import LONGEST
from bot.domain.errors import LinkRefused
from bot.domain.search import Search
from bot.views.admin import called, role_name, scope_said
from bot.web.desk.sitting import HEADERS, ROOT, Sitting, WebDesk, from_here, seated
from bot.web.strict import BODY_S


def door_routes(room: WebDesk) -> list[Route]:
    """/admin/in/<link>, /admin/out, /admin/language, and the style sheet."""

    async def style(_request: Request) -> Response:
        return Response(room.site.desk_style, media_type="text/css; charset=utf-8", headers=HEADERS)

    return [
        Route(f"/{ROOT}/desk.css", style),
        Route(f"/{ROOT}/in/{{link}}", _offer(room), methods=["GET"]),
        Route(f"/{ROOT}/in/{{link}}", _enter(room), methods=["POST"]),
        Route(f"/{ROOT}/out", seated(room, _leave), methods=["POST"]),
        Route(f"/{ROOT}/language", seated(room, _speak), methods=["POST"]),
    ]


def _offer(room: WebDesk) -> Callable[[Request], Awaitable[Response]]:
    """Says whom the link lets in. That does not use it: what looks at links before people do presses nothing."""

    async def answer(request: Request) -> Response:
        language = room.language(request)
        try:
            who = await room.desk.sessions.offered(request.path_params["link"])
        except LinkRefused:
            return room.page(request, "out", language, HTTPStatus.FORBIDDEN, refused=True)
        frame = room.frames.frame(language, Search(language=language), room.clock())
        return room.page(
            request,
            "in",
            language,
            name=called(frame, who.name, who.id),
            role=role_name(frame, who.role),
            scope=scope_said(frame, who.scope),
            action=f"{request.path_params['link']}?lang={language}",
        )

    return answer


def _enter(room: WebDesk) -> Callable[[Request], Awaitable[Response]]:
    """Uses the link."""

    async def answer(request: Request) -> Response:
        language = room.language(request)
        if not from_here(room, request):
            return room.page(request, "out", language, HTTPStatus.FORBIDDEN, refused=True)
        try:
            async with asyncio.timeout(BODY_S):
                secret = await room.desk.sessions.begin(request.path_params["link"], language)
        except LinkRefused:
            return room.page(request, "out", language, HTTPStatus.FORBIDDEN, refused=True)
        found = RedirectResponse(f"../../{ROOT}", status_code=HTTPStatus.SEE_OTHER, headers=HEADERS)
        _give(room, found, secret, int(LONGEST.total_seconds()))
        return found

    return answer


def _give(room: WebDesk, response: Response, secret: str, seconds: int) -> None:
    """Set the cookie, or (0 seconds) take it away. The prefix by which browsers guard it wants the whole host."""
    response.set_cookie(
        room.cookie,
        secret,
        max_age=seconds,
        path="/" if room.https else f"/{ROOT}",
        secure=room.https,
        httponly=True,
        samesite="strict",
    )


async def _leave(at: Sitting) -> Response:
    """Out of here, or out everywhere."""
    if at.form.get("everywhere"):
        await at.desk.sessions.end_all(at.who)
    else:
        await at.desk.sessions.end(at.secret)
    found = at.room.page(at.request, "out", at.session.language, left=True)
    _give(at.room, found, "", 0)
    return found


async def _speak(at: Sitting) -> Response:
    """Another language."""
    language = at.form.get("language")
    if language in at.room.site.articles:
        await at.desk.sessions.speak(at.secret, language)
    return at.go("")
