"""What waits behind /admin: look at it, answer it, put it off. What is gone by then is said."""

from collections.abc import Awaitable, Callable

from bot.chat.context import Visit
from bot.domain.admin import Admin, Deed, may
from bot.domain.buttons import Press
from bot.domain.edits import Done, scope_of
from bot.domain.errors import ContentError, MeetingChanged, MeetingGone, NotPermitted, OutdatedButton
from bot.domain.queue import DEEDS, PUT_OFF_DAYS, Item, Kind, Step, told
from bot.domain.report_kinds import ReportKind
from bot.domain.suggestion import State
from bot.services.queue import short
from bot.services.suggestions import cleaned, speaks_of_oneself
from bot.texts.present import suggested_file
from bot.views import admin_item as item_views
from bot.views import admin_item_steps as step_views
from bot.views import admin_letter, admin_queue
from bot.views.admin_item import Case
from bot.views.screen import Screen


async def listed(visit: Visit) -> Screen:
    """What waits, a page at a time; all of it, or one kind."""
    who, frame = await visit.admin(), visit.frame()
    number = visit.press.number if visit.press else 0
    only = Kind(number) if number in set(Kind) else None
    page = await visit.rooms.desk.queue.page(who, frame.search.page, only)
    return admin_queue.shown(frame, page, lines=_lines(who), edits=frame.search.page > 1)


async def one(visit: Visit) -> Screen:
    """One item with all that is known of it."""
    who = await visit.admin()
    item, _, _ = await _pressed(visit, who, visit.press)
    return await _shown(visit, who, item) if item else await _gone(visit, who)


async def do(visit: Visit) -> Screen:
    """What a button of an item does."""
    who = await visit.admin()
    item, step, choice = await _pressed(visit, who, visit.press)
    if item is None:
        return await _gone(visit, who)
    if step in _ANSWERS and not _is_as_seen(visit.press, item):
        return await _next(visit, who, "since")
    try:
        return await _STEPS.get(step, _look)(visit, who, item, choice)
    except (OutdatedButton, MeetingGone, MeetingChanged):  # somebody else was quicker
        return await _gone(visit, who)


async def ask_reason(visit: Visit) -> Screen:
    """Asks for words of one's own."""
    who = await visit.admin()
    item, _, _ = await _pressed(visit, who, visit.press)
    return step_views.ask_reason(visit.frame(visit.blank()), item) if item else await _gone(visit, who)


async def reasoned(visit: Visit) -> Screen:
    """Turns an item down for the reason that was typed."""
    who = await visit.admin()
    item, _, _ = await _pressed(visit, who, visit.replied)
    if item is None:
        return await _gone(visit, who)
    if not _is_as_seen(visit.replied, item):
        return await _next(visit, who, "since")
    if not (reason := short(visit.text)):
        return step_views.ask_reason(visit.frame(visit.blank()), item, again=True)
    try:
        return await _reject(visit, who, item, reason)
    except OutdatedButton:
        return await _gone(visit, who)


def is_surely_one(visit: Visit) -> bool:
    """Whether a text that sounds urgent is a reason after all: it does not speak of whoever wrote it."""
    return not speaks_of_oneself(cleaned(visit.text))


async def meetings(visit: Visit) -> Screen:
    """The meetings that an item holds together."""
    who = await visit.admin()
    item, _, _ = await _pressed(visit, who, visit.press)
    if item is None or item.kind not in (Kind.VANISHED, Kind.OLD):
        return await _gone(visit, who)
    every = await visit.rooms.desk.queue.meetings_of(who, item)
    return step_views.meetings(visit.frame(), item, every)


async def old(visit: Visit) -> Screen:
    """One meeting that nobody touched for long: still right?"""
    who, press, desk = await visit.admin(), visit.press, visit.rooms.desk
    kind, step, _ = told(press.number if press else 0)
    if press is None or press.meeting is None or kind is not Kind.OLD:
        raise OutdatedButton
    meeting = await desk.queue.meeting(press.meeting)
    if meeting is None:
        return await _gone(visit, who)
    if not may(who, DEEDS[Kind.OLD], scope_of(meeting)):
        raise NotPermitted
    checked = step is Step.CHECKED
    if checked:
        await desk.meetings.checked(who, meeting.id)
    source = desk.feeds.publisher(meeting.feed)
    return step_views.old(visit.frame(visit.blank()), meeting, source, checked=checked)


async def _pressed(visit: Visit, who: Admin, press: Press | None) -> tuple[Item | None, Step, int]:
    if press is None or press.meeting is None:
        raise OutdatedButton
    kind, step, choice = told(press.number)
    return await visit.rooms.desk.queue.one(who, kind, press.meeting), step, choice


def _is_as_seen(press: Press | None, item: Item) -> bool:
    """Whether no more has come to it since somebody looked; 1: a button from before these were marked."""
    return press is None or press.search.page in (1, item.seen)


async def _gone(visit: Visit, who: Admin) -> Screen:
    return await _next(visit, who, "gone")


async def _next(
    visit: Visit, who: Admin, done: str, *, change: int | None = None, elsewhere: bool = False, **values: str
) -> Screen:
    """What became of an item, how to take that back, and what waits now."""
    frame = visit.frame(visit.blank())
    page = await visit.rooms.desk.queue.page(who, 1)
    said = [frame.texts.label(f"admin.queue.done.{done}", None, **values)]
    said += [frame.texts.label("admin.queue.done.elsewhere")] if elsewhere else []
    return admin_queue.shown(frame, page, done=" ".join(said), lines=_lines(who), undo=change)


async def _done(visit: Visit, who: Admin, item: Item, done: Done, word: str) -> Screen:
    """What came of a change of meetings; or why it was not made."""
    if done.faults:
        frame = visit.frame(visit.blank())
        return step_views.not_done(frame, item, [frame.texts.label(f"admin.bad.{one.reason}") for one in done.faults])
    change = done.changes[0] if len(done.changes) == 1 else None
    word = "proposed" if done.proposed else word
    return await _next(visit, who, word, change=change, elsewhere=bool(done.elsewhere))


def _lines(who: Admin) -> bool:
    """Urgent numbers are everybody's: they are for those who look after everything."""
    return may(who, Deed.ANSWER_SUGGESTIONS)


async def _case(visit: Visit, who: Admin, item: Item) -> Case:
    desk = visit.rooms.desk
    about = item.key if item.kind is Kind.REPORT else getattr(item.what, "meeting", None)
    meeting = await desk.queue.meeting(about) if about is not None else None
    alone_from = desk.queue.alone_from(who, item.what) if item.kind is Kind.PROPOSAL else None
    return Case(item, meeting, desk.feeds.card(item.feed), alone_from)


async def _shown(visit: Visit, who: Admin, item: Item) -> Screen:
    return item_views.one(visit.frame(visit.blank()), who, await _case(visit, who, item))


async def _look(visit: Visit, who: Admin, item: Item, choice: int) -> Screen:
    return await _shown(visit, who, item)


async def _accept(visit: Visit, who: Admin, item: Item, choice: int) -> Screen:
    desk = visit.rooms.desk
    if item.kind is Kind.REPORT:
        await desk.reports.answer(who, item.key, True)
        return await _next(visit, who, "put_right")
    if item.kind is Kind.PROPOSAL:
        done = await desk.meetings.decide(who, item.key, True)
        return await _done(visit, who, item, done, "confirmed")
    if item.kind is Kind.SUGGESTION:
        screen = _text(visit, item, used=True)
        await desk.queue.answer_suggestion(who, item.key, State.USED)
        return screen
    if item.kind is Kind.VANISHED:
        _, change = await desk.queue.put_off(who, item, max(PUT_OFF_DAYS))
        return await _next(visit, who, "seen", change=change)
    raise OutdatedButton


async def _ask_reject(visit: Visit, who: Admin, item: Item, choice: int) -> Screen:
    return step_views.ask_reject(visit.frame(visit.blank()), item)


async def _reject_for(visit: Visit, who: Admin, item: Item, choice: int) -> Screen:
    reason = step_views.reason_said(visit.frame(visit.blank()), item.kind, choice)
    if not reason:
        raise OutdatedButton
    return await _reject(visit, who, item, reason)


async def _reject(visit: Visit, who: Admin, item: Item, reason: str) -> Screen:
    desk, change = visit.rooms.desk, None
    if item.kind is Kind.REPORT:
        await desk.reports.answer(who, item.key, False, reason)
    elif item.kind is Kind.PROPOSAL:
        return await _done(visit, who, item, await desk.meetings.decide(who, item.key, False, reason), "rejected")
    elif item.kind is Kind.SUGGESTION:
        change = await desk.queue.answer_suggestion(who, item.key, State.DECLINED, reason)
    else:
        raise OutdatedButton
    return await _next(visit, who, "rejected", change=change)


async def _ask_put_off(visit: Visit, who: Admin, item: Item, choice: int) -> Screen:
    return step_views.ask_put_off(visit.frame(visit.blank()), item)


async def _put_off(visit: Visit, who: Admin, item: Item, choice: int) -> Screen:
    if choice not in PUT_OFF_DAYS:
        raise OutdatedButton
    until, change = await visit.rooms.desk.queue.put_off(who, item, choice)
    day = admin_queue.day_said(visit.frame(visit.blank()), until)
    return await _next(visit, who, "put_off", change=change, day=day)


async def _send_on(visit: Visit, who: Admin, item: Item, choice: int) -> Screen:
    case = await _case(visit, who, item)
    if case.card is None:
        raise OutdatedButton
    together = item.kind in (Kind.VANISHED, Kind.OLD)
    names = [one.name for one in await visit.rooms.desk.queue.meetings_of(who, item)] if together else []
    return admin_letter.send_on(visit.frame(visit.blank()), case, names)


async def _take_down(visit: Visit, who: Admin, item: Item, choice: int) -> Screen:
    """At once. The reports are answered with it where they spoke of nothing else."""
    desk = visit.rooms.desk
    if item.kind is not Kind.REPORT:
        raise OutdatedButton
    why = admin_queue.reports_said(visit.frame(visit.blank()), item.what)
    done = await desk.queue.take_down(who, item.key, choice, why)
    closes = not done.faults and set(item.what.counts) <= {ReportKind.LINK}
    if closes:
        await desk.reports.answer(who, item.key, True)
    return await _done(visit, who, item, done, "taken_down" if closes else "taken_down_open")


async def _ask_end(visit: Visit, who: Admin, item: Item, choice: int) -> Screen:
    if item.kind is not Kind.REPORT:
        raise OutdatedButton
    return step_views.ask_end(visit.frame(visit.blank()), item)


async def _end(visit: Visit, who: Admin, item: Item, choice: int) -> Screen:
    desk = visit.rooms.desk
    if item.kind is not Kind.REPORT:
        raise OutdatedButton
    why = admin_queue.reports_said(visit.frame(visit.blank()), item.what)
    done = await desk.meetings.end(who, [item.key], why=why)
    if not done.faults:
        await desk.reports.answer(who, item.key, True)
    return await _done(visit, who, item, done, "ended")


async def _keep(visit: Visit, who: Admin, item: Item, choice: int) -> Screen:
    """The edit counts on, now against what the list says today."""
    if item.kind is not Kind.CONFLICT:
        raise OutdatedButton
    edit = item.what
    values, desk = {edit.field: edit.value}, visit.rooms.desk.meetings
    done = await desk.change(who, [edit.meeting], values, why=edit.why, until=edit.until)
    return await _done(visit, who, item, done, "kept")


async def _give_up(visit: Visit, who: Admin, item: Item, choice: int) -> Screen:
    """What the list says counts again."""
    if item.kind is not Kind.CONFLICT:
        raise OutdatedButton
    done = await visit.rooms.desk.meetings.give_up(who, [item.what.meeting], [item.what.field])
    return await _done(visit, who, item, done, "list_counts")


async def _show_text(visit: Visit, who: Admin, item: Item, choice: int) -> Screen:
    if item.kind is not Kind.SUGGESTION:
        raise OutdatedButton
    return _text(visit, item, used=False)


def _text(visit: Visit, item: Item, *, used: bool) -> Screen:
    """Text to commit; where the article or card is gone, an empty file."""
    subject = item.what.subject
    try:
        path, words = suggested_file(visit.rooms.library.root, subject)
    except ContentError:
        path, words = subject.id, ""
    return admin_letter.to_commit(visit.frame(visit.blank()), item.what, path, words, used=used)


_ANSWERS = frozenset({Step.ACCEPT, Step.REJECT, Step.TAKE_DOWN, Step.END, Step.KEEP, Step.GIVE_UP})
_STEPS: dict[Step, Callable[[Visit, Admin, Item, int], Awaitable[Screen]]] = {
    Step.LOOK: _look,
    Step.ACCEPT: _accept,
    Step.ASK_REJECT: _ask_reject,
    Step.REJECT: _reject_for,
    Step.ASK_PUT_OFF: _ask_put_off,
    Step.PUT_OFF: _put_off,
    Step.SEND_ON: _send_on,
    Step.TAKE_DOWN: _take_down,
    Step.ASK_END: _ask_end,
    Step.END: _end,
    Step.KEEP: _keep,
    Step.GIVE_UP: _give_up,
    Step.TEXT: _show_text,
}
