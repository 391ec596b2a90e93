"""Changing the fields of a meeting: from a form to a difference to what is kept.

Nothing is remembered between the screens: small values stand in the buttons, what was typed in the message that
they are answers to.
"""

import zlib
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from bot.chat.context import Visit
from bot.domain.admin import Admin, Deed, may
from bot.domain.edits import Done, Sheet
from bot.domain.errors import MeetingChanged, NotPermitted, OutdatedButton
from bot.domain.meeting import bits_to_tags, tags_to_bits
from bot.views import admin_add, admin_form
from bot.views import admin_edit as views
from bot.views.admin_draft import Draft, Form
from bot.views.admin_edit import Plan, Step
from bot.views.admin_form import IN_ROOM, ONLINE, Typed
from bot.views.frame import Frame
from bot.views.screen import Screen

TYPED = frozenset({Form.TIME, Form.LENGTH, Form.PLACE, Form.LINK, Form.NAME, Form.DETAILS})
_CHOSEN = {
    Form.TIME: views.choose_time,
    Form.DAY: views.choose_day,
    Form.LENGTH: views.choose_length,
    Form.JOINING: views.choose_joining,
}
_STANDS = frozenset({Form.END, Form.RESTORE})


async def opened(visit: Visit, who: Admin, draft: Draft) -> Sheet:
    """The sheet of a meeting that somebody may change; raises NotPermitted, MeetingGone."""
    sheet: Sheet = await visit.rooms.desk.meetings.one(who, draft.meeting)
    if not may(who, Deed.EDIT_MEETING, sheet.about):
        raise NotPermitted
    return sheet


async def form(visit: Visit, who: Admin, draft: Draft, number: int) -> Screen:
    """Buttons for the new value, or a question; what was typed before stands in it."""
    sheet, frame = await opened(visit, who, draft), visit.frame(visit.blank())
    if draft.form in TYPED and (number == views.ASK or draft.typed or draft.form not in _CHOSEN):
        typed = visit.quoted if draft.typed else ""
        return views.question(frame, replace(draft, typed=False, value=0), sheet.meeting, typed=typed)
    if draft.form is Form.WHO:
        started = draft if number >= views.PAGE else replace(draft, value=tags_to_bits(sheet.meeting.tags))
        return views.choose_tags(frame, sheet, started, max(0, number - views.PAGE))
    if draft.form is Form.DUPLICATE:
        choose = admin_add.choose_other_time if number >= views.PAGE else admin_add.choose_other_day
        return choose(frame, sheet, draft)
    if draft.form not in _CHOSEN:
        raise OutdatedButton
    return _CHOSEN[draft.form](frame, sheet, draft)


async def typed(visit: Visit, who: Admin, draft: Draft) -> Screen:
    """The reply to a question: the difference that it would make, or what is wrong with it."""
    if draft.form not in TYPED:
        raise OutdatedButton
    return await confirm(visit, who, replace(draft, typed=True), visit.text)


async def draft(visit: Visit, who: Admin, drafted: Draft, number: int) -> Screen:
    """The difference once more, or one of the things that can be said about it."""
    if number == Step.CONFIRM:
        return await confirm(visit, who, drafted, visit.quoted)
    sheet, frame = await opened(visit, who, drafted), visit.frame(visit.blank())
    plan = Plan(sheet, drafted, {})
    choices = {
        Step.OTHERS: views.choose_others,
        Step.WEEKS: views.choose_weeks,
        Step.REASON: views.choose_reason,
    }
    if number not in choices:
        raise OutdatedButton
    return choices[Step(number)](frame, plan)


async def confirm(visit: Visit, who: Admin, drafted: Draft, text: str) -> Screen:
    """Before and after; or what is wrong with what was typed."""
    sheet, frame = await opened(visit, who, drafted), visit.frame(visit.blank())
    found = values_of(frame, drafted, text, sheet)
    if found.faults:
        return _again(frame, drafted, sheet, found, text)
    return _confirm(frame, Plan(sheet, _sealed(drafted, text), found.values))


async def save(visit: Visit, who: Admin, drafted: Draft) -> Screen:
    """Keep it; shown anew where somebody else changed the meeting meanwhile."""
    sheet, frame = await opened(visit, who, drafted), visit.frame(visit.blank())
    found = values_of(frame, drafted, visit.quoted, sheet)
    plan = Plan(sheet, drafted, found.values)
    if found.faults:
        return _again(frame, drafted, sheet, found, visit.quoted)
    if not plan.is_as_seen or drafted != _sealed(drafted, visit.quoted):
        return _confirm(frame, replace(plan, draft=_sealed(drafted, visit.quoted)), changed=True)
    try:
        done = await _do(visit, who, plan)
    except MeetingChanged:
        return _confirm(frame, replace(plan, sheet=await opened(visit, who, drafted)), changed=True)
    if done.faults:
        return _again(frame, drafted, sheet, Typed(found.values, done.faults), visit.quoted)
    return views.saved(frame, plan, done)


async def _do(visit: Visit, who: Admin, plan: Plan) -> Done:
    drafted, desk = plan.draft, visit.rooms.desk.meetings
    ids = [one.id for one in plan.meetings]
    why = views.reason_said(visit.frame(), drafted.reason)
    if drafted.form is Form.END:
        done = await desk.end(who, ids, why=why, seen=drafted.mark)
    elif drafted.form is Form.RESTORE:
        done = await desk.restore(who, ids, seen=drafted.mark)
    elif drafted.form is Form.DUPLICATE:
        done = await desk.duplicate(who, drafted.meeting, plan.values)
    else:
        until = drafted.until(visit.now)
        done = await desk.change(who, ids, plan.values, why=why, until=until, seen=drafted.mark)
    return done


def values_of(frame: Frame, drafted: Draft, text: str, sheet: Sheet) -> Typed:
    """The values of a draft, from its button or from the message that was typed; OutdatedButton for none."""
    if drafted.typed:
        if drafted.form not in TYPED or not text:
            raise OutdatedButton
        return admin_form.read(frame, drafted, text, sheet.meeting)
    if drafted.form in _STANDS:
        return Typed()
    return Typed(dict(_small(drafted)))


def _small(drafted: Draft) -> Mapping[str, Any]:
    value = drafted.value
    match drafted.form:
        case Form.TIME if value < 1440:
            return {"start": value}
        case Form.DAY if 1 <= value <= 7:
            return {"weekday": value}
        case Form.LENGTH if 0 < value <= 1440:
            return {"duration": value}
        case Form.JOINING if value:
            return {"in_person": bool(value & IN_ROOM), "online": bool(value & ONLINE)}
        case Form.WHO:
            return {"tags": bits_to_tags(value)}
        case Form.DUPLICATE if value:
            return admin_add.other_day_of(drafted)
    raise OutdatedButton


def _sealed(drafted: Draft, text: str) -> Draft:
    """The draft with a mark of what was typed: a message may be edited after the difference was shown."""
    return replace(drafted, value=zlib.crc32(text.encode(errors="replace"))) if drafted.typed else drafted


def _confirm(frame: Frame, plan: Plan, *, changed: bool = False) -> Screen:
    """The difference, with the mark of what it is shown for."""
    since = changed or (bool(plan.draft.mark) and not plan.is_as_seen)
    return views.confirm(frame, replace(plan, draft=views.marked(plan.sheet, plan.draft)), changed=since)


def _again(frame: Frame, drafted: Draft, sheet: Sheet, found: Typed, text: str) -> Screen:
    """What is wrong; what was typed stands there to be mended."""
    if drafted.typed:
        plain = replace(drafted, typed=False, value=0)
        return views.question(frame, plain, sheet.meeting, faults=found.faults, typed=text)
    return views.refused(frame, drafted, found.faults)
