"""Days on which meetings are not as every week, on the web: closed, closed for a while, moved once.

The same page serves one meeting and several: those that do not meet in these days stay as they are.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from http import HTTPStatus

from starlette.responses import Response
from starlette.routing import Route

from bot.domain import exceptions as rules
from bot.domain import fields
from bot.domain.admin import Deed, may
from bot.domain.edits import scope_of
from bot.domain.errors import NotPermitted, OutdatedButton
from bot.domain.exceptions import BadDays, DatedException, closed, moved_once
from bot.domain.fields import BadField
from bot.domain.guarded import is_guarded
from bot.domain.meeting import Meeting, id_text
from bot.views import days as day_words
from bot.views.admin_days import bad, coming, dated, today_at
from bot.views.admin_meetings import when
from bot.web.desk.asked import identity
from bot.web.desk.dates import day_read
from bot.web.desk.sitting import ROOT, Sitting, WebDesk, seated

MOST = 200  # meetings that can be ticked at once; the service takes fewer, and says so
WHATS = ("closed", "suspend", "moved")


@dataclass(frozen=True, slots=True)
class DayForms:
    """What stands in the three forms. `bad`: which of them, and what is wrong with it."""

    first: str = ""  # the day that is likely meant
    last: str = ""
    to: str = ""
    start: str = ""
    note: str = ""
    open: bool = False
    bad: tuple[str, str] = ("", "")


@dataclass(frozen=True, slots=True)
class Ahead:
    """One exception of a meeting: what it says, and the day by which it is taken away."""

    said: str
    day: str
    label: str


@dataclass(frozen=True, slots=True)
class _Asked:
    what: str
    day: DatedException
    rows: list[tuple[str, str, str, bool]] = field(default_factory=list)


def day_routes(room: WebDesk) -> list[Route]:
    """/admin/meetings/days, for one meeting or several."""
    return [Route(f"/{ROOT}/meetings/days", seated(room, _do), methods=["POST"])]


async def ticked(at: Sitting) -> list[Meeting]:
    """The meetings that a form names, for somebody who may change all of them."""
    ids = list(dict.fromkeys(identity(one) for one in at.form.all("m")[:MOST]))
    found = await at.desk.table.these(at.who, ids)
    if len(found) != len(ids) or not all(may(at.who, Deed.EDIT_MEETING, scope_of(one)) for one in found):
        raise NotPermitted  # one that lies outside was not ticked on a page of ours
    return found


async def ahead_of(at: Sitting, meeting: Meeting) -> list[Ahead]:
    """What is known of the days to come."""
    frame = at.frame
    return [
        Ahead(
            day_words.said(frame, meeting, one, meeting.country),
            one.first_day.isoformat(),
            at.label("admin.as_every_week", None, day=dated(frame, one.first_day, meeting)),
        )
        for one in await at.desk.days.of(meeting.id)
    ]


async def forms_of(at: Sitting, meeting: Meeting) -> DayForms:
    """The forms of one meeting, with its next day in them."""
    next_days = coming(meeting, await at.desk.days.of(meeting.id), at.frame.now)
    return DayForms(first=next_days[0].isoformat() if next_days else "")


def choose(at: Sitting, found: Sequence[Meeting], forms: DayForms = DayForms(), status: int = 200) -> Response:
    """The three forms, for these meetings."""
    return at.show("meetings_days", status, rows=[_named(at, one) for one in found], forms=forms)


def _named(at: Sitting, one: Meeting) -> tuple[str, str, str]:
    return id_text(one.id), one.name, when(at.frame, one)


async def _do(at: Sitting) -> Response:
    found = await ticked(at)
    if not found:
        return at.go("meetings", "none_ticked")
    do = at.form.get("do")
    if do == "remove":
        return await _remove(at, found)
    if do == "again":
        return choose(at, found, _typed(at))
    if do not in ("look", "save"):
        raise OutdatedButton
    try:
        asked = _asked(at, found)
        if do == "look":
            return _sure(at, found, asked)
        done = await at.desk.days.put(at.who, [one.id for one in found], asked.day)
    except BadDays as fault:
        reason = at.label("desk.days.no_end") if fault.reason == "no_end" else bad(at.frame, fault.reason)
        return _refused(at, found, reason)
    except BadField as fault:
        return _refused(at, found, at.label(f"admin.bad.{fault.reason}"))
    count = len(done.changed)
    return at.go(_home(found), "days" if count else "same", undo=done.changes, count=count or None)


def _refused(at: Sitting, found: Sequence[Meeting], reason: str) -> Response:
    typed = _typed(at, (at.form.get("what"), reason))
    return choose(at, found, typed, HTTPStatus.UNPROCESSABLE_ENTITY)


def _typed(at: Sitting, fault: tuple[str, str] = ("", "")) -> DayForms:
    first, last, to, start, note = (at.form.get(name) for name in ("first", "last", "to", "start", "note"))
    return DayForms(first, last, to, start, note, open=bool(at.form.get("open")), bad=fault)


def _home(found: Sequence[Meeting]) -> str:
    return f"meetings/{id_text(found[0].id)}" if len(found) == 1 else "meetings"


async def _remove(at: Sitting, found: Sequence[Meeting]) -> Response:
    try:
        day = date.fromisoformat(at.form.get("first"))
    except ValueError:
        raise OutdatedButton from None
    done = await at.desk.days.remove(at.who, [one.id for one in found], day)
    return at.go(_home(found), "as_every_week" if done.changed else "same", undo=done.changes)


def _asked(at: Sitting, found: Sequence[Meeting]) -> _Asked:
    """What was filled in, and which meetings it is about. Raises BadDays, BadField."""
    what = at.form.get("what")
    if what not in WHATS:
        raise OutdatedButton
    asked = _Asked(what, _meant(at, what, found))
    for one in found:
        try:
            rules.checked(asked.day, one.weekday, today_at(one, at.frame.now), ())
        except BadDays as fault:
            if fault.reason != "no_meeting":
                raise
            asked.rows.append((*_named(at, one), False))
        else:
            asked.rows.append((*_named(at, one), True))
    if not any(meets for *_, meets in asked.rows):
        raise BadDays("no_meeting")
    if asked.day.note and any(is_guarded(one, at.desk.meetings.kinds) for one in found):
        raise BadDays("guarded")
    return asked


def _meant(at: Sitting, what: str, found: Sequence[Meeting]) -> DatedException:
    """The exception, its dates read as the country of the meetings writes them."""
    first, last, to = (day_read(at.frame, at.form.get(name), found[0]) for name in ("first", "last", "to"))
    note = " ".join(at.form.get("note").split())
    if first is None:
        raise BadDays("unreadable")
    if what == "closed":
        return closed(first, first, note)
    if what == "suspend":
        forever = bool(at.form.get("open"))
        if last is None and not forever:
            raise BadDays("no_end")
        return closed(first, None if forever else last, note)
    start = fields.read("start", at.form.get("start"))
    usual = all(one.start == start for one in found)
    return moved_once(first, to or first, None if usual else start, note)


def _sure(at: Sitting, found: Sequence[Meeting], asked: _Asked) -> Response:
    """What it will say, and for which meetings."""
    only = found[0] if len(found) == 1 else None
    given = ("what", "first", "last", "to", "start", "note", "open")
    return at.show(
        "meetings_days_sure",
        said=day_words.said(at.frame, only, asked.day, found[0].country),
        rows=asked.rows,
        count=sum(meets for *_, meets in asked.rows),
        hidden=[(name, at.form.get(name)) for name in given if at.form.get(name)],
        leave=_home(found),
    )
