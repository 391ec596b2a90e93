"""Opting in to a reminder from a meeting's card, and changing one."""

from bot.chat.context import Visit
from bot.domain.buttons import Press
from bot.domain.errors import MeetingGone, OutdatedButton
from bot.domain.filters import room_open
from bot.domain.found import Row
from bot.domain.reminder import LEADS_S, MINUTE_S, Reminder, can_remind, leads_left
from bot.views import remind as views
from bot.views.remind import Choice, Part
from bot.views.screen import Screen
from bot.views.zones import likely_zone


async def ask(visit: Visit) -> Screen:
    """How long before."""
    row = await _opened(visit)
    if not can_remind(row.meeting) or row.next is None:
        raise MeetingGone
    frame = visit.frame(await visit.whole(visit.asked()))
    return views.ask(frame, row, leads_left(row.meeting, visit.now, row.days))


async def set_reminder(visit: Visit) -> Screen:
    """The second press: it is set, and can be changed or stopped from here."""
    press, row = _press(visit), await _opened(visit)
    lead_s = press.number * MINUTE_S
    if lead_s not in LEADS_S:
        raise OutdatedButton
    reminders, meeting = visit.rooms.reminders, row.meeting
    before = await reminders.get(visit.chat, meeting.id)
    kept = await reminders.set(
        visit.chat,
        meeting.id,
        lead_s=lead_s,
        language=visit.language,
        weekly=before.weekly if before else False,
        named=before.named if before else False,
        silent=before.silent if before else False,
    )
    frame = visit.frame(await visit.whole(visit.asked()))
    asks = kept.zone is None and not room_open(meeting.in_person, meeting.status)
    return views.done(frame, meeting, kept, guess=likely_zone(frame, meeting.zone) if asks else "")


async def one(visit: Visit) -> Screen:
    """One reminder and everything that can be changed."""
    press = _press(visit)
    if press.meeting is None or press.number not in set(Part):
        raise OutdatedButton
    await visit.rooms.reminders.opened(visit.chat, press.meeting)
    kept = await visit.rooms.reminders.get(visit.chat, press.meeting)
    return await _shown(visit, kept, press.number)


async def put(visit: Visit) -> Screen:
    """One change, shown in place."""
    press = _press(visit)
    if press.meeting is None:
        raise OutdatedButton
    choice, value = views.chosen(press.number)
    kept = await _changed(visit, press.meeting, choice, value)
    return await _shown(visit, kept, Part.BACK)


async def _changed(visit: Visit, meeting: int, choice: int, value: int) -> Reminder | None:
    """Make one change; None where there is no such reminder any more."""
    reminders, chat = visit.rooms.reminders, visit.chat
    match choice:
        case Choice.LEAD if value < len(LEADS_S):
            return await reminders.change(chat, meeting, lead_s=LEADS_S[value])
        case Choice.WEEKLY:
            return await reminders.change(chat, meeting, weekly=bool(value))
        case Choice.NAMED:
            return await reminders.change(chat, meeting, named=bool(value))
        case Choice.SILENT:
            return await reminders.change(chat, meeting, silent=bool(value))
        case Choice.CHECK_IN:
            return await reminders.ask_afterwards(chat, meeting, bool(value))
        case Choice.PAUSE if value:
            return await reminders.pause(chat, meeting, views.pause_until(value, visit.now.date()))
        case Choice.RESUME:
            return await reminders.resume(chat, meeting)
        case Choice.UNSKIP:
            return await reminders.unskip(chat, meeting)
    raise OutdatedButton


async def _shown(visit: Visit, kept: Reminder | None, part: int) -> Screen:
    assert visit.press is not None
    if kept is None:
        return views.gone(visit.frame(), visit.press.meeting)
    try:
        row: Row | None = (await visit.rooms.meetings.open(kept.meeting, None, now=visit.now)).row
    except MeetingGone:
        row = None
    return views.reminder(visit.frame(), row, kept, part)


def _press(visit: Visit) -> Press:
    if visit.press is None:
        raise OutdatedButton
    return visit.press


async def _opened(visit: Visit) -> Row:
    if visit.press is None or visit.press.meeting is None:
        raise MeetingGone
    return (await visit.rooms.meetings.open(visit.press.meeting, None, now=visit.now)).row
