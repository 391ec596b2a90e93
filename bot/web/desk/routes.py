"""Every page of the desk."""

from starlette.routing import Route

from bot.web.desk.door import door_routes
from bot.web.desk.history import history_routes
from bot.web.desk.lists import list_routes
from bot.web.desk.meeting import meeting_routes
from bot.web.desk.meetings import meetings_routes
from bot.web.desk.preview import preview_routes
from bot.web.desk.queue import queue_routes
from bot.web.desk.sitting import WebDesk
from bot.web.desk.upload import upload_routes


def desk_routes(room: WebDesk) -> list[Route]:
    """/admin and all below it."""
    return [
        *door_routes(room),
        *queue_routes(room),
        *meetings_routes(room),
        *upload_routes(room),
        *meeting_routes(room),
        *preview_routes(room),
        *list_routes(room),
        *history_routes(room),
    ]
