"""A note that a person writes about their own visit, from what they tap now; kept nowhere."""

from datetime import timedelta

from bot.domain.buttons import Action
from bot.domain.found import Row
from bot.views.formatting import date_with_year
from bot.views.frame import Frame
from bot.views.screen import Button, Screen, pairs

DAYS = 7  # how far back a visit can lie
ENDINGS = 4
"""What may be added: nothing, the same again, another kind, thinking about it."""
_COPY = 256  # characters that Telegram puts on a clipboard


def days(frame: Frame, row: Row) -> Screen:
    """On which day it was."""
    meeting = row.meeting
    buttons = [_day(frame, meeting.id, ago) for ago in range(DAYS)]
    back = (frame.button("back_to_meeting", Action.MEETING, meeting=meeting.id), frame.urgent())
    return Screen(frame.texts.render("note/days"), (*pairs(buttons), back))


def _day(frame: Frame, meeting: int, ago: int) -> Button:
    label = _date(frame, ago)
    return Button(label, data=frame.data(Action.NOTE, meeting=meeting, number=ago + 1))


def endings(frame: Frame, row: Row, ago: int) -> Screen:
    """What may be added."""
    buttons = [
        frame.button(f"note.ending_{at}", Action.NOTE_WRITTEN, meeting=row.meeting.id, number=ago * ENDINGS + at)
        for at in range(ENDINGS)
    ]
    back = (frame.button("back", Action.NOTE, meeting=row.meeting.id), frame.urgent())
    return Screen(frame.texts.render("note/endings"), (*((button,) for button in buttons), back))


def written(frame: Frame, row: Row, ago: int, ending: int) -> Screen:
    """The note as a message of its own, to copy or forward."""
    meeting = row.meeting
    kind = frame.kind(meeting.fellowship).name
    values = {"name": meeting.name, "kind": kind, "day": _date(frame, ago), "online": not meeting.in_person}
    note = frame.texts.render("note/note", **values, ending=ending)
    copy = frame.texts.label("note.copied", kind=kind, day=_date(frame, ago))[:_COPY]
    rows = (
        (Button(frame.texts.label("note.copy"), copy=copy),),
        (frame.article("told-to-go"),),
        (frame.button("back_to_meeting", Action.MEETING, meeting=meeting.id), frame.urgent()),
    )
    return Screen(note, then=(Screen(frame.texts.render("note/hint"), rows),))


def _date(frame: Frame, ago: int) -> str:
    return date_with_year(frame.texts, frame.now - timedelta(days=ago), frame.operator.country)
