"""One request of somebody who is signed in to the desk: who it is, what was sent, and how to answer.

`seated` stands before every page. Who is nobody gets the page that says how to come in; a form that does not come
from a page of this very session is not looked at.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from urllib.parse import urlencode, urlsplit

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from bot.domain.admin import Admin, Deed, does
from bot.domain.clock import Clock
from bot.domain.desk_session import Session
from bot.domain.errors import (
    LastOwner,
    MeetingChanged,
    MeetingGone,
    NeedsTwo,
    NotPermitted,
    OperatorError,
    OutdatedButton,
    OwnerBySettings,
    PersonError,
)
from bot.domain.search import Search
from bot.domain.urgent import UrgentCountry
from bot.services.desk import Desk
from bot.services.meetings import Meetings
from bot.services.places import Places
from bot.services.standing import Standings
from bot.services.understand import Understand
from bot.texts.site import Addresses, Site
from bot.views.admin import called, role_name, scope_said
from bot.views.frame import Frame, Frames
from bot.web.articles import wanted
from bot.web.desk.body import Form, TooMuch, read_form
from bot.web.desk.proofs import ProofReader
from bot.web.strict import BODY_S

log = logging.getLogger(__name__)

HTML = "text/html; charset=utf-8"
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    ),
    "Cache-Control": "no-store",
    # Not none at all: a browser that tells nobody where a form comes from could not tell us either.
    "Referrer-Policy": "same-origin",
}
ROOT = "admin"
_HERE = Addresses("", as_files=False)
_PARTS = {"": "queue", "commit": "queue", "undo": "history"} | {
    name: name
    for name in ("queue", "meetings", "lists", "upload", "preview", "words", "numbers", "people", "history")
}
FIRST = ("queue", "meetings", "lists", "upload")  # the ways that stand open on a phone, too
_STATUS: dict[type[PersonError], HTTPStatus] = {
    NotPermitted: HTTPStatus.FORBIDDEN,
    NeedsTwo: HTTPStatus.FORBIDDEN,
    MeetingChanged: HTTPStatus.CONFLICT,
    MeetingGone: HTTPStatus.NOT_FOUND,
    OutdatedButton: HTTPStatus.NOT_FOUND,
    LastOwner: HTTPStatus.CONFLICT,
    OwnerBySettings: HTTPStatus.CONFLICT,
}


@dataclass(frozen=True, slots=True)
class WebDesk:
    """What the pages of the desk are made of. `origin`: the bot's own address as the world sees it, or ""."""

    desk: Desk
    frames: Frames
    site: Site
    meetings: Meetings
    places: Places
    understand: Understand
    standings: Standings
    clock: Clock
    urgent: Mapping[str, UrgentCountry]
    proofs: ProofReader
    origin: str = ""

    @property
    def https(self) -> bool:
        """Whether the world reaches it so."""
        return self.origin.startswith("https:")

    @property
    def cookie(self) -> str:
        """The name of the cookie. A browser takes one with this prefix from nobody but this very host, by https."""
        return "__Host-openchair_desk" if self.https else "openchair_desk"

    def page(self, request: Request, name: str, language: str, status: int = 200, /, **values: object) -> Response:
        """A page of content/web/desk/."""
        below = request.url.path.partition(f"/{ROOT}")[2]
        up = "../" * below.count("/") + ROOT
        usual: dict[str, object] = {"to": lambda path: f"{up}/{path}" if path else up, "session": None}
        text = self.site.page(f"desk/{name}", language, _HERE, languages={}, **usual | values)
        return Response(text, status_code=status, media_type=HTML, headers=HEADERS)

    def language(self, request: Request) -> str:
        """The language to speak to somebody who is not signed in."""
        asked = request.query_params.get("lang", "")
        return asked if asked in self.site.articles else wanted(request, self.site)


@dataclass(frozen=True, slots=True)
class Sitting:
    """A request, answered for one who is signed in."""

    room: WebDesk
    request: Request
    secret: str
    session: Session
    frame: Frame
    form: Form = field(default_factory=Form)

    @property
    def who(self) -> Admin:
        """Who asks, as of this very request."""
        return self.session.who

    @property
    def desk(self) -> Desk:
        """The services."""
        return self.room.desk

    def label(self, key: str, count: float | None = None, **values: object) -> str:
        """Words of the language that this session speaks."""
        return self.frame.texts.label(key, count, **values)

    def asked(self, name: str) -> str:
        """What stands in the address after the question mark."""
        return self.request.query_params.get(name, "")

    def can(self, *deeds: Deed) -> bool:
        """Whether there is anything that this person may do of that kind: for showing a way there."""
        return any(does(self.who, deed) for deed in deeds)

    def to(self, path: str) -> str:
        """The address of another page, from here."""
        below = self.request.url.path.partition(f"/{ROOT}")[2]
        up = "../" * below.count("/") + ROOT
        return f"{up}/{path}" if path else up

    def show(self, name: str, status: int = 200, /, **values: object) -> Response:
        """A page, with what stands on every page."""
        language = self.session.language
        tongues = {code: one.name for code, one in self.room.frames.library.languages.items() if code != language}
        usual: dict[str, object] = {
            "session": self.session,
            "me": called(self.frame, self.who.name, self.who.id),
            "role": role_name(self.frame, self.who.role),
            "scope": scope_said(self.frame, self.who.scope),
            "ways": self._ways(),
            "first": FIRST,
            "tongues": tongues,
            "here": _PARTS.get(self.request.url.path.partition(f"/{ROOT}/")[2].partition("/")[0], ""),
            "done": self._done(),
            "undo": [one for one in self.asked("undo").split(",") if one.isascii() and one.isdigit()][:200],
        }
        return self.room.page(self.request, name, language, status, **usual | values)

    def go(self, path: str, done: str = "", undo: Sequence[int] = (), count: int | None = None) -> Response:
        """On to another page, which says what was `done` (label desk.done) and offers to take it back."""
        told = {"done": done, "count": "" if count is None else str(count), "undo": ",".join(map(str, undo))}
        query = urlencode({name: value for name, value in told.items() if value})
        mark = "&" if "?" in path else "?"
        address = self.to(path) + (mark + query if query else "")
        return RedirectResponse(address, status_code=HTTPStatus.SEE_OTHER, headers=HEADERS)

    def said(self, words: str, status: int = 200) -> Response:
        """A page that says one thing."""
        return self.show("said", status, words=words)

    def _done(self) -> str:
        key, count = f"desk.done.{self.asked('done')}", self.asked("count")
        if not self.asked("done") or key not in self.frame.texts.labels:
            return ""
        number = int(count) if count.isascii() and count.isdigit() and len(count) < 7 else None
        return self.label(key, number)

    def _ways(self) -> list[tuple[str, str, str]]:
        every = (
            ("queue", "", self.can(Deed.REVIEW)),
            ("meetings", "meetings", self.can(Deed.EDIT_MEETING, Deed.REVIEW)),
            ("lists", "lists", self.can(Deed.SYNC_FEED, Deed.ACCEPT_HELD)),
            ("upload", "upload", self.can(Deed.BULK)),
            ("preview", "preview", True),
            ("words", "words", self.can(Deed.ANSWER_SUGGESTIONS)),
            ("numbers", "numbers", self.can(Deed.ANSWER_SUGGESTIONS)),
            ("people", "people", self.can(Deed.MANAGE_ADMINS)),
            ("history", "history", self.can(Deed.SEE_HISTORY)),
        )
        return [(name, path, self.label(f"desk.way.{name}")) for name, path, there in every if there]


Page = Callable[[Sitting], Awaitable[Response]]


def seated(room: WebDesk, page: Page, most: int | None = None) -> Callable[[Request], Awaitable[Response]]:
    """The page, for somebody who is signed in. `most`: bytes of a form with a file."""

    async def answered(request: Request) -> Response:
        secret = request.cookies.get(room.cookie, "")
        await room.places.taken_up()
        await room.meetings.taken_up()  # a deed is done to every row of a meeting: they must be known
        session = await room.desk.sessions.of(secret)
        if session is None:
            return room.page(request, "out", room.language(request), HTTPStatus.FORBIDDEN)
        frame = room.frames.frame(session.language, Search(language=session.language), room.clock())
        sitting = Sitting(room, request, secret, session, frame)
        if request.method != "POST":
            return await _kindly(sitting, page)
        if not from_here(room, request):
            return sitting.said(sitting.label("desk.elsewhere"), HTTPStatus.FORBIDDEN)
        try:
            async with asyncio.timeout(BODY_S):
                form = await (read_form(request, most) if most else read_form(request))
        except (TimeoutError, TooMuch):
            return sitting.said(sitting.label("desk.too_much"), HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        if not await room.desk.sessions.is_token(secret, form.get("token")):
            return sitting.said(sitting.label("desk.elsewhere"), HTTPStatus.FORBIDDEN)
        return await _kindly(Sitting(room, request, secret, session, frame, form), page)

    return answered


def from_here(room: WebDesk, request: Request) -> bool:
    """Whether a form was sent by a page of our own, as the browser says; one that says nothing is not believed."""
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site == "same-origin"
    origin = request.headers.get("Origin", "")
    parts = urlsplit(room.origin)
    ours = {f"{request.url.scheme}://{request.headers.get('Host', '')}", f"{parts.scheme}://{parts.netloc}"}
    return origin in ours


async def _kindly(sitting: Sitting, page: Page) -> Response:
    """The answer, or a page that says why there is none."""
    try:
        return await page(sitting)
    except PersonError as error:
        status = _STATUS.get(type(error), HTTPStatus.BAD_REQUEST)
        text = sitting.frame.texts.render(f"errors/{error.screen}")
        return sitting.show("told", status, text=text, deeds=(), links=(), title=sitting.label("desk.sorry"))
    except OperatorError as error:
        return sitting.said(str(error), HTTPStatus.CONFLICT)
    except Exception as error:  # noqa: BLE001 - whatever it is, somebody gets a page with a way on
        log.error("desk_failed", extra={"reason": type(error).__name__})
        return sitting.said(sitting.label("desk.failed"), HTTPStatus.INTERNAL_SERVER_ERROR)
