"""What came by itself was pressed: open, hide, later, not this week, stop; and the list of all reminders."""

from collections.abc import Iterable
from datetime import date

from bot.chat.context import Visit
from bot.domain.errors import MeetingGone, OutdatedButton
from bot.domain.found import Row
from bot.domain.reminder import Reminder, numbered_day
from bot.views import notices, remind, tough_times
from bot.views import reminders as views
from bot.views.moments import date_of, day_of, wall_of
from bot.views.screen import Screen


async def opened(visit: Visit) -> Screen:
    """The details of one occurrence, as they are now."""
    identity, on = _occasion(visit)
    kept, row = await _touched(visit, identity)
    if row is None:
        return notices.opened(visit.frame(), None, notices.UNKNOWN, kept)
    return views.opened(visit.frame(), row, on, kept.zone if kept else None)


async def hidden(visit: Visit) -> Screen:
    """The discreet line again."""
    identity, on = _occasion(visit)
    kept, row = await _touched(visit, identity)
    return _resting(visit, identity, on, kept, row, edits=True)


async def later(visit: Visit) -> Screen:
    """Once more in ten minutes, as long as it has not begun."""
    identity, on = _occasion(visit)
    kept, row = await _touched(visit, identity)
    if kept is None:
        return remind.gone(visit.frame(), identity)
    again = await visit.rooms.reminders.later(visit.chat, identity, on)
    shown = _resting(visit, identity, on, kept, row)
    wall = wall_of(visit.frame(), row.meeting if row else None, kept.zone)
    return views.put_off(visit.frame(), shown, again, wall, began=_began(visit, row, on))


async def skip(visit: Visit) -> Screen:
    """Leave one date out, and see what else there is."""
    identity, on = _occasion(visit)
    kept, row = await _touched(visit, identity)
    if kept is None:
        return remind.gone(visit.frame(), identity)
    frame, began = visit.frame(), _began(visit, row, on)
    if not began:
        kept = await visit.rooms.reminders.skip(visit.chat, identity, on) or kept
    meeting = row.meeting if row else None
    wall = wall_of(frame, meeting, kept.zone)
    start = kept.next_start if kept.fires_at else None
    coming = f"{day_of(frame, start, wall, inline=True)}, {wall.time(start)}" if start else ""
    shown = _resting(visit, identity, on, kept, row)
    said = date_of(frame, on, wall.country)
    return views.left_out(frame, shown, meeting, coming, on=said, began=began)


async def stop(visit: Visit) -> Screen:
    """One reminder, erased."""
    identity = _meeting(visit)
    if await visit.rooms.reminders.stop(visit.chat, identity):
        return remind.stopped(visit.frame(), identity)
    return remind.gone(visit.frame(), identity)


async def stop_all(visit: Visit) -> Screen:
    """/stop: everything that would come by itself, at once, whatever else is going on."""
    visit.rooms.hints.forget(visit.chat)
    anything = await visit.rooms.reminders.stop_all(visit.chat) > 0
    plan = await visit.rooms.plans.get(visit.chat) is not None
    kept = await visit.rooms.people.has_anything(visit.chat)
    return remind.all_stopped(visit.frame(), anything=anything, plan=plan, kept=kept)


async def keep(visit: Visit) -> Screen:
    """The answer to "keep it?": yes."""
    if visit.press is None:
        raise OutdatedButton
    if visit.press.meeting is None:
        await visit.rooms.reminders.opened_tough_time(visit.chat, visit.press.number)
        return await listed(visit)
    kept = await visit.rooms.reminders.keep(visit.chat, visit.press.meeting)
    if kept is None:
        return remind.gone(visit.frame(), visit.press.meeting)
    return remind.reminder(visit.frame(), await _row(visit, kept.meeting), kept)


async def notice_opened(visit: Visit) -> Screen:
    """What the list says of a changed meeting now, with other ways on."""
    number = visit.press.number if visit.press else notices.UNKNOWN
    identity = visit.press.meeting if visit.press else None
    kept, row = await _touched(visit, identity) if identity is not None else (None, None)
    search = await visit.whole(visit.asked())
    return notices.opened(visit.frame(search), row, number, kept)


async def notice_hidden(visit: Visit) -> Screen:
    """The notice's discreet line again."""
    number = visit.press.number if visit.press else notices.UNKNOWN
    identity = visit.press.meeting if visit.press else None
    kept, row = await _touched(visit, identity) if identity is not None else (None, None)
    frame, meeting = visit.frame(), row.meeting if row else None
    zone = wall_of(frame, meeting, kept.zone if kept else None).zone
    name = meeting.name if meeting and kept and kept.named else ""
    return notices.resting(frame, identity, number, zone, visit.asked(), name=name, edits=True)


async def listed(visit: Visit) -> Screen:
    """/reminders: all of them, tough times too."""
    rooms, chat = visit.rooms, visit.chat
    reminders, hours = await rooms.reminders.of(chat), await rooms.reminders.tough_times(chat)
    page, _ = remind.paged(visit.press.search.page if visit.press else 1, len(reminders) + len(hours))
    shown = reminders[(page - 1) * remind.PAGE : page * remind.PAGE]
    return remind.listed(
        visit.frame(),
        reminders,
        await _rows(visit, [one.meeting for one in shown]),
        hours,
        (await rooms.people.of(chat)).zone,
        plan=await rooms.plans.get(chat) is not None,
        page=page,
        edits=visit.press is not None and visit.press.number == 1,
    )


async def tough_time_hidden(visit: Visit) -> Screen:
    """The line of a tough time again."""
    number = visit.press.number if visit.press else 0
    zone = (await visit.rooms.people.of(visit.chat)).zone or "UTC"
    return views.tough_resting(visit.frame(), number, zone, edits=True)


async def tough_time_stopped(visit: Visit) -> Screen:
    """One tough time, erased."""
    number = visit.press.number if visit.press else 0
    if await visit.rooms.reminders.drop_tough_time(visit.chat, number):
        return tough_times.stopped(visit.frame())
    return remind.gone(visit.frame(), None)


def _meeting(visit: Visit) -> int:
    if visit.press is None or visit.press.meeting is None:
        raise OutdatedButton
    return visit.press.meeting


def _occasion(visit: Visit) -> tuple[int, date]:
    """Which meeting on which local date."""
    identity = _meeting(visit)
    assert visit.press is not None
    return identity, numbered_day(visit.press.number)


async def _touched(visit: Visit, identity: int) -> tuple[Reminder | None, Row | None]:
    """The reminder and its meeting, whichever of them there still are. Any press is a sign of life."""
    await visit.rooms.reminders.opened(visit.chat, identity)
    return await visit.rooms.reminders.get(visit.chat, identity), await _row(visit, identity)


async def _row(visit: Visit, identity: int) -> Row | None:
    try:
        return (await visit.rooms.meetings.open(identity, None, now=visit.now)).row
    except MeetingGone:
        return None


async def _rows(visit: Visit, identities: Iterable[int]) -> dict[int, Row]:
    found = {one: await _row(visit, one) for one in identities}
    return {one: row for one, row in found.items() if row is not None}


def _began(visit: Visit, row: Row | None, on: date) -> bool:
    start = views.starts(row.meeting, on, row.days) if row else None
    return start is not None and start <= visit.now


def _resting(
    visit: Visit, identity: int, on: date, kept: Reminder | None, row: Row | None, *, edits: bool = False
) -> Screen:
    return views.resting(
        visit.frame(),
        row.meeting if row else None,
        on,
        zone=kept.zone if kept else None,
        named=kept.named if kept else False,
        identity=identity,
        start=views.starts(row.meeting, on, row.days) if row else None,
        edits=edits,
    )
