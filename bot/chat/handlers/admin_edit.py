"""Changes to meetings behind /admin: forms, what is typed into them, the difference, and keeping it."""

from types import ModuleType

from bot.chat import editing, editing_days, editing_new
from bot.chat.context import Visit
from bot.domain.errors import FeedError, OutdatedButton
from bot.views import admin as admin_views
from bot.views import admin_edit as views
from bot.views import admin_form, admin_history, admin_meetings
from bot.views.admin_days import FORMS as DAYS
from bot.views.admin_draft import Draft, Form, changes_of, draft_of
from bot.views.screen import Screen


async def form(visit: Visit) -> Screen:
    """A form of one meeting: buttons, or a question."""
    who, draft = await visit.admin(), draft_of(visit.press)
    screen: Screen = await _of(draft).form(visit, who, draft, _number(visit))
    return screen


async def typed(visit: Visit) -> Screen:
    """The reply to such a question."""
    who, draft = await visit.admin(), draft_of(visit.replied)
    screen: Screen = await _of(draft).typed(visit, who, draft)
    return screen


def is_surely_one(visit: Visit) -> bool:
    """Whether a text that sounds urgent is surely lines for a form: the notes of a meeting may speak of anything."""
    try:
        drafted = draft_of(visit.replied)
    except OutdatedButton:
        return False
    return admin_form.has_lines(visit.frame(visit.blank()), drafted, visit.text)


async def draft(visit: Visit) -> Screen:
    """What a change would do, and how far it goes."""
    who, drafted = await visit.admin(), draft_of(visit.press)
    screen: Screen = await _of(drafted).draft(visit, who, drafted, _number(visit))
    return screen


async def save(visit: Visit) -> Screen:
    """Keep it."""
    who, drafted = await visit.admin(), draft_of(visit.press)
    screen: Screen = await _of(drafted).save(visit, who, drafted)
    return screen


async def add(visit: Visit) -> Screen:
    """A new meeting: which kind, and how it is joined."""
    who = await visit.admin()
    drafted = draft_of(visit.press) if visit.press and visit.press.picked else None
    return await editing_new.begin(visit, who, drafted, _number(visit))


async def take_back(visit: Visit) -> Screen:
    """Undo what was just written, all of it."""
    who, changes, audit = await visit.admin(), changes_of(visit.press), visit.rooms.desk.audit
    frame, meeting = visit.frame(visit.blank()), (visit.press.meeting if visit.press else None) or 0
    results = []
    try:
        for number in changes:
            results.append(await audit.undo((await audit.one(who, number)).id, who))
    except FeedError as error:
        return admin_views.trouble(frame, str(error), admin_meetings.back(frame, meeting))
    except OutdatedButton:
        if not results:
            raise
    if len(results) == 1 and results[0].conflicts:
        return admin_history.undone(frame, results[0])
    return views.taken_back(frame, meeting, results)


def _of(draft: Draft) -> ModuleType:
    """Who deals with a form."""
    if draft.form is Form.ADD:
        return editing_new
    return editing_days if draft.form in DAYS else editing


def _number(visit: Visit) -> int:
    return visit.press.number if visit.press else 0
