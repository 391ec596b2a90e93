"""Sheets of meetings for views, every part with a default."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from bot.domain.admin import Admin, Author, Role
from bot.domain.edits import Edit, Proposal, Sheet
from bot.domain.meeting import Meeting
from tests.builders import make_meeting
from tests.views.frames import NOW

JOAN = Author(7, "Joan", Role.EDITOR)
OWNER = Admin(1, Role.OWNER, name="First")
NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)


def make_edit(meeting: Meeting, field: str, listed: Any, **changes: Any) -> Edit:
    """A correction by Joan; the list has not changed since."""
    values = {"based_on": listed, "author": JOAN, "at": NOON} | changes
    return Edit(meeting.id, field, meeting.feed, getattr(meeting, field), listed, **values)


def make_sheet(meeting: Meeting | None = None, *edits: Edit, **more: Any) -> Sheet:
    """A meeting as its list has it, but for these corrections."""
    one = meeting or make_meeting()
    listed = replace(one, **{edit.field: edit.listed for edit in edits})
    return Sheet(one, listed, {edit.field: edit for edit in edits}, **more)


def full_sheet(text: str) -> Sheet:
    """A sheet with something in every place that a text can stand in."""
    words = dict.fromkeys(
        "name venue address city region directions notes group join_notes join_id passcode dial_in_notes contact "
        "entity".split(),
        text,
    )
    meeting = make_meeting(**words, online=True, join_url="https://zoom.us/j/5550100", dial_in="+1 555-0100")
    edits = [
        replace(make_edit(meeting, field, text), author=Author(7, text, Role.EDITOR), why=text, based_on="other")
        for field in ("venue", "notes")
    ]
    others = tuple(replace(meeting, id=number, weekday=day) for number, day in ((11, 3), (12, 5)))
    proposal = Proposal(
        3,
        meeting.id,
        "change",
        text,
        Sheet(meeting, None).about,
        {"name": text},
        {"name": text},
        edits[0].author,
        NOON,
    )
    return make_sheet(
        meeting,
        *edits,
        proposals=(proposal,),
        others=others,
        checked_on=date(2026, 11, 22),
        vanished_at=NOW - timedelta(days=1),
        ended=True,
    )
