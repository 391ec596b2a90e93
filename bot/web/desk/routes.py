"""Every page of the desk."""

from starlette.routing import Route

from bot.web.desk.cells import cell_routes
from bot.web.desk.commit import commit_routes
from bot.web.desk.days import day_routes
from bot.web.desk.door import door_routes
from bot.web.desk.history import history_routes
from bot.web.desk.lists import list_routes
from bot.web.desk.meeting import meeting_routes
from bot.web.desk.meetings import meetings_routes
from bot.web.desk.numbers import numbers_routes
from bot.web.desk.people import people_routes
from bot.web.desk.preview import preview_routes
from bot.web.desk.queue import queue_routes
from bot.web.desk.scripts import script_routes
from bot.web.desk.sitting import WebDesk
from bot.web.desk.upload import upload_routes
from bot.web.desk.words import words_routes


def desk_routes(room: WebDesk) -> list[Route]:
    """/admin and all below it."""
    return [
        *door_routes(room),
        *script_routes(),
        *queue_routes(room),
        *commit_routes(room),
        *meetings_routes(room),
        *cell_routes(room),
        *day_routes(room),
        *upload_routes(room),
        *meeting_routes(room),
        *preview_routes(room),
        *list_routes(room),
        *words_routes(room),
        *numbers_routes(room),
        *people_routes(room),
        *history_routes(room),
    ]
