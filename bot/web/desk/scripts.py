"""The two scripts of the table: htmx, and the keys. Every page works without them.

Only the pages that name them may run them: all others of the desk keep a policy that allows no script at all.
"""

from importlib import resources
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.web.desk.sitting import HEADERS, ROOT, Sitting

HTMX = "htmx-2.0.10.js"  # a name of its own for each version: a browser may keep it
_FILES = {HTMX: "htmx.min.js", "desk.js": "desk.js"}
_KEPT = {"Cache-Control": "public, max-age=31536000, immutable"}
_POLICY = HEADERS["Content-Security-Policy"].replace(
    "style-src 'self';", "style-src 'self'; script-src 'self'; connect-src 'self';"
)


def script_routes() -> list[Route]:
    """/admin/htmx-<version>.js and /admin/desk.js."""

    async def script(request: Request) -> Response:
        name = request.url.path.rpartition("/")[2]
        text = resources.files("bot.web.desk").joinpath("page", _FILES[name]).read_text("utf-8")
        headers = HEADERS | (_KEPT if name == HTMX else {})
        return Response(text, media_type="text/javascript; charset=utf-8", headers=headers)

    return [Route(f"/{ROOT}/{name}", script, methods=["GET"]) for name in _FILES]


def scripted(response: Response) -> Response:
    """A page that may run the scripts of this very place, and ask it for parts of a page."""
    response.headers["Content-Security-Policy"] = _POLICY
    return response


def is_part(at: Sitting) -> bool:
    """Whether a page that stands already asks, for a part of itself."""
    return at.request.headers.get("HX-Request") == "true"


def up_from_page(at: Sitting) -> str:
    """The way from the page that stands in the browser to the desk: a part of it lies where that page lies."""
    below = urlsplit(at.request.headers.get("HX-Current-URL", "")).path.partition(f"/{ROOT}")[2]
    return "../" * min(below.count("/"), 9) + ROOT
