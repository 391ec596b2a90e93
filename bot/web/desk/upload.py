"""Many meetings as a file on the web: taken along, sent back, and what that would change before it does.

Nothing is kept in between: the file stands, packed, in the form that says yes, and is read again then.
"""

import base64
import binascii
import zlib
from http import HTTPStatus

from starlette.responses import Response
from starlette.routing import Route

from bot.domain.admin import Deed, does
from bot.domain.bulk import Part
from bot.domain.errors import MeetingGone, NotPermitted, OutdatedButton, UnreadableSheet
from bot.views import admin_bulk as views
from bot.views.screen import Screen
from bot.web.desk import screens
from bot.web.desk.queue import number
from bot.web.desk.sitting import HEADERS, ROOT, Sitting, WebDesk, seated

MOST_FILE = 8 * 1024 * 1024  # bytes
MOST_SENT = 64 * 1024 * 1024
LONGEST_NAME = 80


def upload_routes(room: WebDesk) -> list[Route]:
    """/admin/upload, and /admin/meetings.csv and .json, of all or of one list."""
    return [
        Route(f"/{ROOT}/upload", seated(room, _home), methods=["GET"]),
        Route(f"/{ROOT}/upload", seated(room, _sent, MOST_FILE), methods=["POST"]),
        Route(f"/{ROOT}/meetings.{{kind}}", seated(room, _export), methods=["GET"]),
    ]


def _check(at: Sitting) -> None:
    if not does(at.who, Deed.BULK):
        raise NotPermitted


async def _home(at: Sitting) -> Response:
    _check(at)
    named = [(feed, at.desk.feeds.publisher(feed) or feed) for feed in at.desk.feeds.within(at.who)]
    return at.show("upload", feeds=named, megabytes=MOST_FILE // 1024 // 1024)


async def _export(at: Sitting) -> Response:
    _check(at)
    kind, feed = at.request.path_params["kind"], at.asked("feed")
    if kind not in ("csv", "json"):
        raise OutdatedButton
    data = await at.desk.bulk.exported(at.who, kind, MOST_SENT, feed=feed)
    if data is None:
        return at.said(at.label("desk.upload.in_parts"), HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
    name = f"{at.label('admin.bulk.file_name')}.{kind}"
    headers = HEADERS | {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(data, media_type="text/csv" if kind == "csv" else "application/json", headers=headers)


async def _sent(at: Sitting) -> Response:
    """What a file would change; or yes to a part of that."""
    _check(at)
    name, data = _file(at)
    if not data:
        return at.go("upload", "no_file")
    try:
        found = await at.desk.bulk.look(at.who, data)
    except UnreadableSheet as error:
        screen = views.unreadable(at.frame, error.reason, error.about)
        return screens.show(at, screen, HTTPStatus.UNPROCESSABLE_ENTITY)
    asked, _, rest = at.form.get("go").partition(":")
    mark, _, sure = rest.partition(":")
    if number(asked) not in set(Part):
        return _difference(at, views.difference(at.frame, found), name, data)
    part = Part(number(asked))
    if not found.count(part) or found.mark(part) != number(mark):
        return _difference(at, views.difference(at.frame, found, since=True), name, data, HTTPStatus.CONFLICT)
    if part is Part.GONE and sure != "1":
        return _difference(at, views.ask_end(at.frame, found), name, data)
    try:
        return screens.show(at, views.done(at.frame, await at.desk.bulk.apply(at.who, name, found, part)))
    except MeetingGone:
        again = views.difference(at.frame, await at.desk.bulk.look(at.who, data), since=True)
        return _difference(at, again, name, data, HTTPStatus.CONFLICT)


def _difference(at: Sitting, screen: Screen, name: str, data: bytes, status: int = 200) -> Response:
    """The difference, and the buttons of one form that holds the file."""
    deeds = [
        (one.label, f"{one.fields['part']}:{one.fields['mark']}:{one.fields.get('sure', '')}")
        for one in screens.ways(at, screen)
        if one.fields is not None
    ]
    packed = base64.b64encode(zlib.compress(data)).decode()
    return at.show("upload_sure", status, text=screen.text, deeds=deeds, name=name, data=packed)


def _file(at: Sitting) -> tuple[str, bytes]:
    """What was uploaded, or comes back with the form."""
    if at.form.file is not None:
        name, data = at.form.file
    else:
        name, data = at.form.get("name"), _unpacked(at.form.get("data"))
    name = "".join(letter for letter in name.replace("\\", "/").rpartition("/")[2] if letter.isprintable())
    return name[:LONGEST_NAME] or at.label("admin.bulk.file_name"), data


def _unpacked(text: str) -> bytes:
    """The file of a form; OutdatedButton for one that was altered, or unpacks to more than is taken."""
    try:
        unpacker = zlib.decompressobj()
        data = unpacker.decompress(base64.b64decode(text, validate=True), MOST_FILE)
    except (binascii.Error, ValueError, zlib.error):
        raise OutdatedButton from None
    if unpacker.unconsumed_tail or (text and not unpacker.eof):
        raise OutdatedButton
    return data
