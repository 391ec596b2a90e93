"""Days on which a meeting is not as every week: from a choice of dates to what is kept."""

from dataclasses import replace

from bot.chat.context import Visit
from bot.chat.editing import opened
from bot.domain.admin import Admin
from bot.domain.errors import OutdatedButton
from bot.domain.exceptions import BadDays
from bot.views import admin_days as views
from bot.views import admin_edit
from bot.views.admin_dates import read_span
from bot.views.admin_draft import Draft, Form
from bot.views.admin_edit import Plan, Step
from bot.views.screen import Screen


async def form(visit: Visit, who: Admin, draft: Draft, number: int) -> Screen:
    """Which days, in buttons; or a question."""
    sheet, frame = await opened(visit, who, draft), visit.frame(visit.blank())
    if draft.form is Form.SUSPEND and number == admin_edit.ASK:
        return views.question(frame, sheet.meeting, draft)
    days = await visit.rooms.desk.days.of(draft.meeting)
    return views.choose(frame, sheet, days, draft, number)


async def typed(visit: Visit, who: Admin, draft: Draft) -> Screen:
    """From when to when, in words. The dates fit into the button, so that the words are not asked for again."""
    sheet, frame = await opened(visit, who, draft), visit.frame(visit.blank())
    today = views.today_at(sheet.meeting, visit.now)
    span = read_span(visit.text, visit.language, sheet.meeting.country, today)
    if span is None:
        reason = views.bad(frame, "unreadable")
        return views.question(frame, sheet.meeting, draft, typed=visit.text, reason=reason)
    try:
        drafted = views.spanned(draft, *span)
    except OverflowError:
        return views.question(frame, sheet.meeting, draft, typed=visit.text, reason=views.bad(frame, "far"))
    return views.confirm(frame, sheet, drafted, views.what_of(drafted, sheet.meeting))


async def draft(visit: Visit, who: Admin, drafted: Draft, number: int) -> Screen:
    """What it would say; or which other meetings of the group it is about."""
    sheet, frame = await opened(visit, who, drafted), visit.frame(visit.blank())
    if number == Step.OTHERS:
        return admin_edit.choose_others(frame, Plan(sheet, drafted, {}))
    if not drafted.value:
        raise OutdatedButton
    return views.confirm(frame, sheet, drafted, views.what_of(drafted, sheet.meeting))


async def save(visit: Visit, who: Admin, drafted: Draft) -> Screen:
    """Keep it, or say why it makes no sense."""
    sheet, frame = await opened(visit, who, drafted), visit.frame(visit.blank())
    if not drafted.value:
        raise OutdatedButton
    what = views.what_of(drafted, sheet.meeting)
    ids = [drafted.meeting, *(one.id for one in drafted.chosen(sheet.others))]
    try:
        done = await visit.rooms.desk.days.put(who, ids, what)
    except BadDays as bad:
        return views.refused(frame, sheet.meeting, replace(drafted, others=0), bad.reason)
    return views.saved(frame, sheet, what, done)
