"""Many meetings as a file on the web: taken along, sent back, and what that would change before it does.

Nothing is kept in between: the file stands, packed, in the form that says yes, and is read again then.
"""

import base64
import binascii
import zlib
from functools import partial
from http import HTTPStatus

from starlette.responses import Response
from starlette.routing import Route

from bot.domain.admin import Deed, does
from bot.domain.bulk import MEDIA_TYPES, Difference, Part
from bot.domain.errors import MeetingGone, NotPermitted, OutdatedButton, UnreadableSheet
from bot.views import admin_bulk as views
from bot.views import admin_bulk_table as tables
from bot.views.screen import Document, Screen
from bot.web.desk import screens
from bot.web.desk.queue import number
from bot.web.desk.sitting import HEADERS, ROOT, Sitting, WebDesk, seated

MOST_FILE = 8 * 1024 * 1024  # bytes
MOST_FORM = MOST_FILE * 3 // 2  # of the form that holds it, as letters
MOST_SENT = 64 * 1024 * 1024
LONGEST_NAME = 80


def upload_routes(room: WebDesk) -> list[Route]:
    """/admin/upload, and /admin/meetings.xlsx, .csv and .json, of all or of one list."""
    return [
        Route(f"/{ROOT}/upload", seated(room, _home), methods=["GET"]),
        Route(f"/{ROOT}/upload", seated(room, _sent, MOST_FORM), methods=["POST"]),
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
    if kind not in MEDIA_TYPES:
        raise OutdatedButton
    data = await at.desk.bulk.exported(at.who, kind, MOST_SENT, feed=feed)
    if data is None:
        return at.said(at.label("desk.upload.in_parts"), HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
    return _download(Document(f"{at.label('admin.bulk.file_name')}.{kind}", data, MEDIA_TYPES[kind]))


def _download(file: Document) -> Response:
    headers = HEADERS | {"Content-Disposition": f'attachment; filename="{file.name}"'}
    return Response(file.data, media_type=file.mime, headers=headers)


async def _sent(at: Sitting) -> Response:
    """What a file would change; all of that, or what is to mend in it, as a file; or yes to a part of it."""
    _check(at)
    name, data = _file(at)
    if not data:
        return at.go("upload", "no_file")
    if len(data) > MOST_FILE:
        return at.said(at.label("desk.too_much"), HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
    try:
        if at.form.get("go") == "mend":
            return await _to_mend(at, data)
        found = await at.desk.bulk.look(at.who, data)
    except UnreadableSheet as error:
        screen = views.unreadable(at.frame, error.reason, error.about)
        return screens.show(at, screen, HTTPStatus.UNPROCESSABLE_ENTITY)
    if at.form.get("go") == "whole":
        return _download(views.as_file(at.frame, found))
    return await _decided(at, name, data, found)


async def _to_mend(at: Sitting, data: bytes) -> Response:
    kind, rows = await at.desk.bulk.to_mend(at.who, data, partial(tables.problem, at.frame))
    return _download(Document(f"{at.label('desk.upload.mend_name')}.{kind}", rows, MEDIA_TYPES[kind]))


async def _decided(at: Sitting, name: str, data: bytes, found: Difference) -> Response:
    asked, _, rest = at.form.get("go").partition(":")
    mark, _, sure = rest.partition(":")
    if number(asked) not in set(Part):
        return _difference(at, found, name, data)
    part = Part(number(asked))
    if not found.count(part) or found.mark(part) != number(mark):
        return _difference(at, found, name, data, since=True)
    if part is Part.GONE and sure != "1":
        screen = views.ask_end(at.frame, found)
        packed = _packed(data)
        return at.show("upload_sure", text=screen.text, deeds=_deeds(at, screen), name=name, data=packed)
    try:
        return screens.show(at, views.done(at.frame, await at.desk.bulk.apply(at.who, name, found, part)))
    except MeetingGone:
        return _difference(at, await at.desk.bulk.look(at.who, data), name, data, since=True)


def _difference(at: Sitting, found: Difference, name: str, data: bytes, *, since: bool = False) -> Response:
    """The difference as tables, and the buttons of one form that holds the file. `since`: not what was looked at."""
    values: dict[str, object] = {
        "found": found,
        "parts": tables.sections(at.frame, found),
        "deeds": _deeds(at, views.difference(at.frame, found)),
        "most_gone": len(found.gone) > found.rows,
    }
    status = HTTPStatus.CONFLICT if since else HTTPStatus.OK
    return at.show("upload_diff", status, since=since, name=name, data=_packed(data), **values)


def _deeds(at: Sitting, screen: Screen) -> list[tuple[str, str]]:
    """The buttons that say yes to a part, each with the value that says so."""
    return [
        (one.label, f"{one.fields['part']}:{one.fields['mark']}:{one.fields.get('sure', '')}")
        for one in screens.ways(at, screen)
        if one.fields is not None
    ]


def _packed(data: bytes) -> str:
    return base64.b64encode(zlib.compress(data)).decode()


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
