"""One kind of groups: in eight fields, in all its facts, and what a first visit is like."""

from datetime import datetime, time

from bot.domain.buttons import Action
from bot.domain.fellowship import Fellowship
from bot.domain.search import Search
from bot.texts.facts import FACTS, FactsText
from bot.texts.fellowships import FIELDS
from bot.views import suggest
from bot.views.find import finder_buttons
from bot.views.formatting import date_with_year
from bot.views.frame import Frame
from bot.views.screen import Button, Screen


def card(frame: Frame, fellowship: Fellowship, meeting: int | None = None) -> Screen:
    """One kind in the same eight fields, order and length as every other."""
    told = frame.facts[fellowship.id]
    text = frame.texts.render(
        "fellowship/card",
        name=fellowship.name,
        fields=[(heading(frame, name), short_text(frame, told, name)) for name in FIELDS],
        sources=", ".join(map(str, told.card_sources)),
        reviewed=told.reviewed_by_clinician,
    )
    rows = (
        (_next(frame, fellowship), _of(frame, "expect", Action.EXPECT, fellowship)),
        (compare_with(frame, fellowship, meeting),),
        (_of(frame, "all_facts", Action.ALL_FACTS, fellowship, meeting),),
        (_of(frame, "talk_first", Action.TALK_FIRST, fellowship), frame.button("other_kinds", Action.OPTIONS)),
        *finder_buttons(frame, (fellowship.id,), 1),
        (frame.article("family" if fellowship.family else "kinds"),),
    )
    last: tuple[Button, ...] = (frame.urgent(),)
    if meeting is not None:
        last = (frame.button("back_to_meeting", Action.MEETING, meeting=meeting), frame.urgent())
    return Screen(text, (*rows, last))


def all_facts(frame: Frame, fellowship: Fellowship, meeting: int | None = None) -> Screen:
    """The sixteen facts in one order, each with its marks, then what studies say, and the sources."""
    told = frame.facts[fellowship.id]
    text = frame.texts.render(
        "fellowship/all_facts",
        name=fellowship.name,
        facts=[(heading(frame, name), told.facts[name], ", ".join(told.marks[name])) for name in FACTS],
        studies=[(study.text, ", ".join(map(str, study.sources))) for study in told.studies],
        sources=told.sources,
        checked_on=_checked(frame, told),
        reviewed=told.reviewed_by_clinician,
    )
    back = frame.button("back", Action.FELLOWSHIP, number=fellowship.number, meeting=meeting)
    rows = (
        (_next(frame, fellowship), _of(frame, "expect", Action.EXPECT, fellowship)),
        (compare_with(frame, fellowship, meeting), _of(frame, "talk_first", Action.TALK_FIRST, fellowship)),
        *finder_buttons(frame, (fellowship.id,), 1),
        (frame.article("evidence"), suggest.button(frame, fellowship)),
        (back, frame.urgent()),
    )
    return Screen(text, rows)


def expect(frame: Frame, fellowship: Fellowship, meeting: int | None, online: bool, room: bool = False) -> Screen:
    """What a first visit is like: the same questions in the same order for every kind.

    `online`, `room`: which ways in it is about; both for a meeting that is held both ways.
    """
    told = frame.facts[fellowship.id]
    text = frame.texts.render(
        "fellowship/expect",
        name=fellowship.name,
        facts=told.facts,
        answers=told.answers,
        online=online,
        room=room,
    )
    ask = [frame.button("talk_first", Action.TALK_FIRST, meeting=meeting, number=fellowship.number)]
    if online:
        ask.append(frame.button("join_help", Action.JOIN_HELP, meeting=meeting, number=fellowship.number))
    article = frame.article("online-meetings" if online and not room else "first-meeting")
    return Screen(text, ((_next(frame, fellowship),), tuple(ask), (article,), _back(frame, fellowship, meeting)))


def join_help(frame: Frame, fellowship: Fellowship, meeting: int | None) -> Screen:
    """What to try when the link, the sound or the passcode does not work."""
    return Screen(frame.texts.render("fellowship/join_help"), (_back(frame, fellowship, meeting),))


def heading(frame: Frame, name: str) -> str:
    """What a fact is called."""
    return frame.texts.label(f"fact.{name}")


def short_text(frame: Frame, told: FactsText, name: str) -> str:
    """One of the eight short texts; what has none is not known."""
    return told.card.get(name) or frame.texts.label("fact_said.unknown")


def next_meetings(frame: Frame, fellowship: Fellowship) -> Search:
    """This kind's meetings: near the place that was said, else online."""
    search = frame.near(frame.blank(), fellowships=(fellowship.id,))
    place = frame.search.place
    return frame.near(search, place=place) if place else frame.near(search, online=True)


def compare_with(frame: Frame, fellowship: Fellowship, meeting: int | None) -> Button:
    """The way to another kind beside this one."""
    search = frame.near(fellowships=(fellowship.id,))
    return frame.button("compare_with", Action.COMPARE_WITH, search, meeting=meeting)


def _next(frame: Frame, fellowship: Fellowship) -> Button:
    return frame.button("next_meetings", Action.LIST, next_meetings(frame, fellowship))


def _of(frame: Frame, label: str, action: Action, fellowship: Fellowship, meeting: int | None = None) -> Button:
    return frame.button(label, action, number=fellowship.number, meeting=meeting)


def _checked(frame: Frame, told: FactsText) -> str:
    if told.checked_on is None:
        return ""
    return date_with_year(frame.texts, datetime.combine(told.checked_on, time()), frame.operator.country)


def _back(frame: Frame, fellowship: Fellowship, meeting: int | None) -> tuple[Button, ...]:
    if meeting is None:
        return (frame.button("back", Action.FELLOWSHIP, number=fellowship.number), frame.urgent())
    return (frame.button("back_to_meeting", Action.MEETING, meeting=meeting), frame.urgent())
