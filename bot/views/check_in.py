"""One question afterwards, for those who asked for it, and where each answer leads. No answer is kept."""

from enum import IntEnum

from bot.domain.buttons import Action
from bot.domain.filters import joins_online
from bot.domain.meeting import Meeting
from bot.domain.reminder import Due
from bot.views.fellowship import next_meetings
from bot.views.frame import Frame
from bot.views.moments import wall_of, weekday_of
from bot.views.notices import around, other_kinds, same_kind
from bot.views.screen import Button, Screen, pairs


class Answer(IntEnum):
    """What was pressed; stands in buttons: never change a number."""

    SAME_AGAIN = 1
    ANOTHER_KIND = 2
    IN_THE_WAY = 3
    STOP_ASKING = 4
    TRANSPORT = 5
    NERVES = 6
    BELIEF = 7
    MEDICINES = 8
    TECHNICAL = 9


IN_THE_WAY = (Answer.TRANSPORT, Answer.NERVES, Answer.BELIEF, Answer.MEDICINES, Answer.TECHNICAL)


def arrived(frame: Frame, due: Due) -> Screen:
    """The open question. Its words fit whoever went and whoever did not."""
    wall = wall_of(frame, due.meeting, due.zone)
    start = due.start
    text = frame.texts.render(
        "arrives/check_in",
        weekday=weekday_of(frame, start, wall) if start else "",
        time=wall.time(start) if start else "",
    )
    meeting = due.meeting.id if due.meeting else None
    rows = (
        (_answer(frame, Answer.SAME_AGAIN, meeting), _answer(frame, Answer.ANOTHER_KIND, meeting)),
        (_answer(frame, Answer.IN_THE_WAY, meeting), _answer(frame, Answer.STOP_ASKING, meeting)),
        (frame.button("stop_all", Action.STOP_ALL, frame.blank()), frame.urgent()),
    )
    return Screen(text, rows)


def _answer(frame: Frame, answer: Answer, meeting: int | None) -> Button:
    return frame.button(
        f"check_in.{answer.name.lower()}", Action.CHECK_IN, frame.blank(), meeting=meeting, number=answer
    )


def in_the_way(frame: Frame, meeting: Meeting) -> Screen:
    """What can get in the way; each leads to help."""
    buttons = [_answer(frame, answer, meeting.id) for answer in IN_THE_WAY]
    return Screen(frame.texts.render("check_in/in_the_way"), (*pairs(buttons), _last(frame, meeting)))


def another_kind(frame: Frame, meeting: Meeting) -> Screen:
    """Other kinds, near there or online, or beside this one."""
    kind, place = frame.kind(meeting.fellowship), around(meeting)
    compared = frame.near(frame.blank(), fellowships=(kind.id,))
    buttons = [frame.button("online", Action.LIST, other_kinds(frame, kind, None))]
    if place:
        buttons.insert(0, frame.button("near_there", Action.LIST, other_kinds(frame, kind, place)))
    buttons.append(frame.button("compare_with", Action.COMPARE_WITH, compared, meeting=meeting.id))
    buttons.append(frame.button("other_kinds", Action.OPTIONS, other_kinds(frame, kind, place)))
    return Screen(frame.texts.render("check_in/another_kind", kind=kind.name), (*pairs(buttons), (frame.urgent(),)))


def transport(frame: Frame, meeting: Meeting) -> Screen:
    """The way there: the same kind from home, or others nearby."""
    kind = frame.kind(meeting.fellowship)
    online = frame.near(frame.blank(), fellowships=(kind.id,), online=True)
    buttons = [frame.button("kind_online", Action.LIST, online, kind=kind.short)]
    if place := around(meeting):
        buttons.append(frame.button("near_there", Action.LIST, other_kinds(frame, kind, place)))
    buttons.append(frame.button("online", Action.LIST, other_kinds(frame, kind, None)))
    buttons.append(_of(frame, "talk_first", Action.TALK_FIRST, meeting))
    return Screen(frame.texts.render("check_in/transport"), (*pairs(buttons), _last(frame, meeting)))


def nerves(frame: Frame, meeting: Meeting) -> Screen:
    """Going is hard: a voice beforehand, what happens there, a room with the camera off."""
    kind = frame.kind(meeting.fellowship)
    buttons = [
        _of(frame, "talk_first", Action.TALK_FIRST, meeting),
        _of(frame, "expect", Action.EXPECT, meeting),
        frame.button("online", Action.LIST, other_kinds(frame, kind, None)),
        frame.article("first-meeting"),
    ]
    return Screen(frame.texts.render("check_in/nerves"), (*pairs(buttons), _last(frame, meeting)))


def belief(frame: Frame, meeting: Meeting) -> Screen:
    """Too much belief, or too little: both ways on, and the kinds side by side."""
    kind, place = frame.kind(meeting.fellowship), around(meeting)
    others = other_kinds(frame, kind, place)
    secular = frame.near(others, filters=frozenset({"secular"}))
    faiths = frame.near(others, stated_groups=True)
    compared = frame.near(frame.blank(), fellowships=(kind.id,))
    buttons = [
        frame.button("secular_groups", Action.LIST, secular),
        frame.button("stated_groups", Action.LIST, faiths),
        frame.button("compare_with", Action.COMPARE_WITH, compared, meeting=meeting.id),
        frame.article("worries"),
    ]
    return Screen(frame.texts.render("check_in/belief"), (*pairs(buttons), _last(frame, meeting)))


def technical(frame: Frame, meeting: Meeting) -> Screen:
    """The link, the sound, the passcode; or another meeting that is on."""
    kind = frame.kind(meeting.fellowship)
    buttons = [_of(frame, "join_help", Action.JOIN_HELP, meeting)]
    if joins_online(meeting.online, meeting.status):
        buttons.append(_of(frame, "talk_first", Action.TALK_FIRST, meeting))
    buttons.append(frame.button("kind_next", Action.LIST, next_meetings(frame, kind), kind=kind.short))
    buttons.append(frame.article("online-meetings"))
    return Screen(frame.texts.render("check_in/technical"), (*pairs(buttons), _last(frame, meeting)))


def not_asked_again(frame: Frame) -> Screen:
    """No further question comes."""
    rows = ((frame.button("my_reminders", Action.REMINDERS, frame.blank()), frame.urgent()),)
    return Screen(frame.texts.render("check_in/not_asked_again"), rows, edits=True)


def unlisted(frame: Frame) -> Screen:
    """The meeting is no longer listed: other ways on."""
    blank = frame.blank()
    rows = (
        (
            frame.button("find_a_meeting", Action.ASK_PLACE, blank),
            frame.button("online_now", Action.ONLINE_NOW, blank),
        ),
        (frame.button("other_kinds", Action.OPTIONS, blank), frame.urgent()),
    )
    return Screen(frame.texts.render("errors/meeting_gone"), rows)


def _of(frame: Frame, label: str, action: Action, meeting: Meeting) -> Button:
    number = frame.kind(meeting.fellowship).number
    return frame.button(label, action, frame.blank(), meeting=meeting.id, number=number)


def _last(frame: Frame, meeting: Meeting) -> tuple[Button, ...]:
    more = frame.button("other_kinds", Action.OPTIONS, frame.near(same_kind(frame, meeting), fellowships=()))
    return (more, frame.urgent())
