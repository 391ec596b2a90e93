"""Meetings made in great numbers are the same as meetings made one by one."""

from dataclasses import FrozenInstanceError, fields, replace

import pytest

from bot.domain.meeting import Meeting
from bot.feeds.making import meetings
from bot.feeds.reading import Slot
from tests.feeds.rows import one, row


def test_a_meeting_of_a_feed_is_like_any_other() -> None:
    made = one(row())
    usual = Meeting(**{field.name: getattr(made, field.name) for field in fields(Meeting)})
    assert type(made) is Meeting
    assert (made, hash(made), repr(made)) == (usual, hash(usual), repr(usual))
    assert replace(made, name="Other").name == "Other"


def test_a_meeting_of_a_feed_cannot_be_changed() -> None:
    with pytest.raises(FrozenInstanceError):
        one(row()).name = "Other"  # type: ignore[misc]


def test_what_is_not_told_has_its_usual_value() -> None:
    needed = ("feed", "key", "fellowship", "name", "start", "duration", "zone", "in_person", "online")
    (made,) = meetings(dict.fromkeys(needed, "x"), [Slot(1, 0, 2)])
    assert made == Meeting(id=1, position=0, weekday=2, **dict.fromkeys(needed, "x"))  # type: ignore[arg-type]
