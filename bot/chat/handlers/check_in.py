"""An answer to the question afterwards: it leads somewhere, and is kept nowhere."""

from collections.abc import Callable

from bot.chat.context import Visit
from bot.domain.errors import MeetingGone, OutdatedButton
from bot.domain.meeting import Meeting
from bot.domain.reminder import HOUR_S, can_remind
from bot.views import check_in as views
from bot.views import remind, topics
from bot.views.check_in import Answer
from bot.views.frame import Frame
from bot.views.screen import Screen

HELP: dict[int, Callable[[Frame, Meeting], Screen]] = {
    Answer.ANOTHER_KIND: views.another_kind,
    Answer.IN_THE_WAY: views.in_the_way,
    Answer.TRANSPORT: views.transport,
    Answer.NERVES: views.nerves,
    Answer.BELIEF: views.belief,
    Answer.TECHNICAL: views.technical,
}


async def answered(visit: Visit) -> Screen:
    """Where the pressed answer leads."""
    press = visit.press
    if press is None or press.meeting is None:
        raise OutdatedButton
    await visit.rooms.reminders.opened(visit.chat, press.meeting)
    if press.number == Answer.STOP_ASKING:
        await visit.rooms.reminders.ask_afterwards(visit.chat, press.meeting, False)
        return views.not_asked_again(visit.frame())
    if press.number == Answer.MEDICINES:
        return topics.answer(visit.frame(), "medicine_shamed")
    try:
        meeting = (await visit.rooms.meetings.open(press.meeting, None, now=visit.now)).row.meeting
    except MeetingGone:
        return views.unlisted(visit.frame())
    if press.number == Answer.SAME_AGAIN:
        return await _same_again(visit, meeting)
    if press.number not in HELP:
        raise OutdatedButton
    return HELP[press.number](visit.frame(), meeting)


async def _same_again(visit: Visit, meeting: Meeting) -> Screen:
    """The reminder goes on to the next time, as it was."""
    if not can_remind(meeting):
        return views.unlisted(visit.frame())
    kept = await visit.rooms.reminders.get(visit.chat, meeting.id)
    if kept is None or kept.fires_at is None:
        kept = await visit.rooms.reminders.set(
            visit.chat,
            meeting.id,
            lead_s=kept.lead_s if kept else HOUR_S,
            language=visit.language,
            weekly=kept.weekly if kept else False,
            named=kept.named if kept else False,
            silent=kept.silent if kept else False,
        )
    return remind.done(visit.frame(), meeting, kept)
