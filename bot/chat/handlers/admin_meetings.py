"""Meetings behind /admin: find one, see its sheet, and what needs no form."""

from bot.chat import finding
from bot.chat.context import Visit
from bot.domain.admin import Admin, Deed, does, key_of, may
from bot.domain.edits import Sheet
from bot.domain.errors import NotPermitted, OutdatedButton
from bot.domain.reminder import numbered_day
from bot.views import admin_days, admin_edit
from bot.views import admin_meetings as views
from bot.views.admin_draft import Draft, Form
from bot.views.admin_edit import Plan
from bot.views.screen import Screen


async def ask(visit: Visit) -> Screen:
    """Asks which meeting."""
    await _editor(visit)
    return views.ask(visit.frame(visit.blank()))


async def found(visit: Visit) -> Screen:
    """The reply: the sheet of the one meeting that it means, or those it may mean."""
    return await finding.found(visit, await _editor(visit))


async def one(visit: Visit) -> Screen:
    """The sheet of a meeting, or a part of it."""
    who, frame = await visit.admin(), visit.frame(visit.blank())
    if visit.press is None or visit.press.meeting is None:
        raise OutdatedButton
    meeting, part = visit.press.meeting, visit.press.number
    desk = visit.rooms.desk
    if part == views.Part.CHECKED:
        await desk.meetings.checked(who, meeting)
        return await finding.sheet(visit, who, meeting, checked=True)
    if part == views.Part.SHEET:
        return await finding.sheet(visit, who, meeting)
    sheet = await desk.meetings.one(who, meeting)
    if part == views.Part.MORE:
        return views.more(frame, who, sheet, await desk.days.of(meeting))
    if part == views.Part.LISTED:
        return views.what_the_list_says(frame, who, sheet)
    if part == views.Part.DAYS:
        editable = may(who, Deed.EDIT_MEETING, sheet.about)
        return admin_days.listed(frame, sheet, await desk.days.of(meeting), editable=editable)
    raise OutdatedButton


async def give_up(visit: Visit) -> Screen:
    """Let the list count again: for one field, or for all."""
    who, frame = await visit.admin(), visit.frame(visit.blank())
    if visit.press is None or visit.press.meeting is None:
        raise OutdatedButton
    sheet: Sheet = await visit.rooms.desk.meetings.one(who, visit.press.meeting)
    wanted = visit.press.picked
    chosen = [edit.field for edit in views.set_by_hand(sheet) if not wanted or key_of(edit.field) in wanted]
    if not chosen:
        return views.what_the_list_says(frame, who, sheet)
    done = await visit.rooms.desk.meetings.give_up(who, [sheet.meeting.id], chosen)
    values = {name: sheet.edits[name].listed for name in chosen}
    draft = Draft(sheet.meeting.id, Form.DETAILS)
    if done.faults:
        return admin_edit.refused(frame, draft, done.faults)
    return admin_edit.saved(frame, Plan(sheet, draft, values), done, what="given_up")


async def day_gone(visit: Visit) -> Screen:
    """A day is as every week again."""
    who, frame = await visit.admin(), visit.frame(visit.blank())
    if visit.press is None or visit.press.meeting is None:
        raise OutdatedButton
    sheet = await visit.rooms.desk.meetings.one(who, visit.press.meeting)
    done = await visit.rooms.desk.days.remove(who, [sheet.meeting.id], numbered_day(visit.press.number))
    return admin_days.saved(frame, sheet, None, done)


async def _editor(visit: Visit) -> Admin:
    who = await visit.admin()
    if not does(who, Deed.EDIT_MEETING):
        raise NotPermitted
    return who
