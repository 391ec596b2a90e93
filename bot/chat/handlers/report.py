"""Something is wrong with a meeting: what, kept without the person, and what happens next."""

import math

from bot.chat.context import Visit
from bot.domain.buttons import Press
from bot.domain.errors import MeetingGone, OutdatedButton
from bot.domain.found import Row
from bot.domain.report_kinds import ReportKind, Verdict, numbered_kind
from bot.domain.search import Search
from bot.services.reports import LONGEST, is_plainly_a_report
from bot.services.suggestions import cleaned
from bot.views import report as views
from bot.views.screen import Screen


async def ask(visit: Visit) -> Screen:
    """Asks what is wrong; or, for something else, for words."""
    search, row = await _opened(visit, visit.press)
    frame = visit.frame(search)
    wants_words = visit.press is not None and numbered_kind(visit.press.number) is ReportKind.OTHER
    return views.ask(frame, row.meeting) if wants_words else views.choose(frame, row)


async def send(visit: Visit) -> Screen:
    """Keeps what was pressed."""
    kind = numbered_kind(visit.press.number) if visit.press else None
    if kind is None or kind is ReportKind.OTHER:
        raise OutdatedButton
    return await _keep(visit, visit.press, kind)


async def reply(visit: Visit) -> Screen:
    """Keeps what was written, or says why not and asks once more."""
    return await _keep(visit, visit.replied, ReportKind.OTHER)


def is_surely_one(visit: Visit) -> bool:
    """Whether a text that sounds urgent speaks of a meeting's door, time or link after all, and of nobody."""
    medical = visit.alarm is not None and visit.alarm.tier == "medical"
    return medical and is_plainly_a_report(cleaned(visit.text))


async def _keep(visit: Visit, asked: Press | None, kind: ReportKind) -> Screen:
    search, row = await _opened(visit, asked)
    frame, meeting, rooms = visit.frame(search), row.meeting, visit.rooms
    about = (visit.chat, meeting.id)
    if rooms.reported_today.wait_s(about):
        return views.known(frame, meeting, told_today=True)
    if wait_s := rooms.reported.wait_s(visit.chat):
        return views.later(frame, meeting, math.ceil(wait_s / 60))
    kept = await rooms.desk.reports.keep(meeting, kind, visit.text)
    if kept.verdict is Verdict.KNOWN:
        return views.known(frame, meeting, told_today=False)
    if kept.verdict is not Verdict.KEPT:
        return views.again(frame, meeting, kept, len(cleaned(visit.text)), LONGEST)
    rooms.reported.count(visit.chat)
    rooms.reported_today.count(about)
    return views.thanks(frame, meeting, kind)


async def _opened(visit: Visit, asked: Press | None) -> tuple[Search, Row]:
    if asked is None or asked.meeting is None:
        raise MeetingGone
    search = await visit.whole(visit.asked() if asked is visit.press else visit.asked_before())
    listed = await visit.rooms.meetings.open(asked.meeting, search.place, now=visit.now)
    return search, listed.row
