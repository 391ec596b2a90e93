"""A suggestion for a text on the web: the file, the sentence as it is, the new one, and the change to commit.

Nothing here changes a text: somebody with the repository does. A suggestion that was used can be looked at again.
"""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.domain.admin import may
from bot.domain.errors import OutdatedButton
from bot.domain.queue import DEEDS, Kind
from bot.domain.suggestion import State, Suggestion
from bot.services.queue_sources import about_subject
from bot.texts.present import suggested_file
from bot.texts.revising import Passage, closest, passages, patch, revised
from bot.views import admin_letter
from bot.views.admin_queue import subject_title
from bot.web.desk.queue import number
from bot.web.desk.sitting import HEADERS, ROOT, Sitting, WebDesk, seated

NEAREST = 5  # sentences that stand open
LONGEST = 1000  # characters of a sentence


def commit_routes(room: WebDesk) -> list[Route]:
    """/admin/commit/<suggestion>, and the same as a file."""
    one = f"/{ROOT}/commit/{{key}}"
    return [
        Route(one, seated(room, _choose), methods=["GET"]),
        Route(one, seated(room, _written), methods=["POST"]),
        Route(f"{one}/file", seated(room, _file), methods=["GET"]),
    ]


async def _suggestion(at: Sitting) -> Suggestion:
    """The suggestion of the address; OutdatedButton for none, for one of others, and for one that was turned down."""
    found = await at.desk.queue.suggestion(_key(at.request))
    about = about_subject(found.subject) if found else None
    if found is None or about is None or found.state is State.DECLINED:
        raise OutdatedButton
    if not may(at.who, DEEDS[Kind.SUGGESTION], about):
        raise OutdatedButton
    return found


def _key(request: Request) -> int:
    return number(request.path_params["key"])


async def _choose(at: Sitting) -> Response:
    """Which sentence is meant? And then: what stands there instead?"""
    found = await _suggestion(at)
    path, present = suggested_file(at.room.frames.library.root, found.subject)
    every = passages(present)
    asked = at.asked("at")
    if asked and number(asked) < len(every):
        return _form(at, found, path, every, number(asked))
    return _list(at, found, path, every)


def _usual(at: Sitting, found: Suggestion, path: str) -> dict[str, object]:
    return {
        "key": found.id,
        "title": subject_title(at.frame, found.subject),
        "path": path,
        "suggestion": found.text,
        "waits": found.state is State.WAITING,
    }


def _list(at: Sitting, found: Suggestion, path: str, every: list[Passage], status: int = 200) -> Response:
    near = closest(every, found.text, NEAREST)
    told = [{"at": place, "line": one.line, "text": one.text} for place, one in enumerate(every)]
    return at.show(
        "commit",
        status,
        **_usual(at, found, path),
        near=[told[place] for place in near],
        rest=[one for place, one in enumerate(told) if place not in near],
        moved=status != 200,
    )


def _form(
    at: Sitting, found: Suggestion, path: str, every: list[Passage], place: int, new: str = "", status: int = 200
) -> Response:
    old = every[place]
    values = {"at": place, "line": old.line, "old": old.text, "new": new or old.text, "longest": LONGEST}
    return at.show("commit_write", status, **_usual(at, found, path), **values, same=status != 200)


async def _written(at: Sitting) -> Response:
    """The change, ready to be taken along. What was looked at has to stand in the file still."""
    found = await _suggestion(at)
    path, present = suggested_file(at.room.frames.library.root, found.subject)
    every, place = passages(present), number(at.form.get("at"))
    if place >= len(every) or every[place].text != at.form.get("old"):
        return _list(at, found, path, every, 409)
    new, old = " ".join(at.form.get("new")[:LONGEST].split()), every[place]
    if not new or new == old.text:
        return _form(at, found, path, every, place, new, 422)
    after = revised(present, old, new, at.frame.now.date())
    label = at.label
    usual = _usual(at, found, path)
    message = label("admin.queue.commit.message", title=usual["title"], path=path, number=found.id)
    rules = label(f"admin.queue.commit.rules.{found.subject.kind.value}")
    values = {"line": old.line, "old": old.text, "new": new, "patch": patch(path, present, after), "at": place}
    return at.show("commit_ready", **usual, **values, message=message, rules=rules)


async def _file(at: Sitting) -> Response:
    """The suggestion, the file as it is and a commit message, as the chat gives them."""
    found = await _suggestion(at)
    path, present = suggested_file(at.room.frames.library.root, found.subject)
    document = admin_letter.to_commit(at.frame, found, path, present, used=found.state is State.USED).document
    assert document is not None
    headers = HEADERS | {"Content-Disposition": f'attachment; filename="{document.name}"'}
    return Response(document.data, media_type=f"{document.mime}; charset=utf-8", headers=headers)
