"""News for people who help: what they want to be told, the digest at their hour, a report that concerns today."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from enum import IntEnum

from bot.domain import queue
from bot.domain.buttons import Action, Press
from bot.domain.news import Alert, Wanted
from bot.domain.place import Place
from bot.domain.search import Search
from bot.domain.when import When
from bot.views.admin import home_row, stacked
from bot.views.formatting import listed, zone_name
from bot.views.frame import Frame
from bot.views.moments import hour_of
from bot.views.preferences import town
from bot.views.screen import Ask, Button, Screen
from bot.views.zones import country_of_zone, zone_number

HOURS = (7, 8, 12, 18, 20, 21)
ASK = 1  # number of the button that asks for a town
KINDS = tuple(kind.name.lower() for kind in queue.Kind)  # of what waits, in the order of the queue
_QUARTER = 15
_SHOWN = 6  # towns of one name


class Choice(IntEnum):
    """What a button sets; it stands in the search's page."""

    HOUR = 1  # number: the quarter of the day plus one; 0: no digest
    ALERTS = 2  # number: 1 for yes
    ZONE = 3  # number: see bot.views.zones.zone_number(); with an hour in the search, that is set too


def numbered_minute(number: int) -> int | None:
    """The minute of the day that a button sets; None for none, and for a number that is none."""
    return (number - 1) * _QUARTER if 1 <= number <= 24 * 60 // _QUARTER else None


def news(frame: Frame, wanted: Wanted, *, edits: bool = False) -> Screen:
    """What somebody is told by itself, and how to change it."""
    country = country_of_zone(wanted.zone) or frame.operator.country
    on = wanted.minute is not None
    text = frame.texts.render(
        "admin/news",
        hour=hour_of(wanted.minute or 0, country) if on else "",
        city=zone_name(frame.texts.language, wanted.zone) if on and wanted.zone else "",
        alerts=wanted.alerts,
    )
    hours = [_choice(frame, hour_of(hour * 60, country), Choice.HOUR, hour * 60 // _QUARTER + 1) for hour in HOURS]
    clock = []
    if on:
        clock.append(_choice(frame, frame.texts.label("admin.news.no_digest"), Choice.HOUR, 0))
        clock.append(frame.button("another_zone", Action.ADMIN_NEWS, frame.blank(), number=ASK))
    name = frame.texts.label("admin.news.alerts")
    label = frame.texts.label("switch_on" if wanted.alerts else "switch_off", name=name)
    alerts = _choice(frame, label, Choice.ALERTS, 0 if wanted.alerts else 1)
    rows = stacked(tuple(hours[:3]), tuple(hours[3:]), tuple(clock), (alerts,), home_row(frame))
    return Screen(text, rows, edits=edits)


def ask_zone(frame: Frame, minute: int | None, *, unknown: bool = False) -> Screen:
    """Asks for a town whose clock is theirs; `minute`: the hour that waits for it."""
    link = frame.start_link(Press(Action.ADMIN_NEWS, _carrying(frame, minute), number=ASK))
    text = frame.texts.render("preferences/ask_zone", link=link, unknown=unknown)
    return Screen(text, ask=Ask(frame.texts.label("where.placeholder")))


def choose_zone(frame: Frame, minute: int | None, places: Sequence[Place]) -> Screen:
    """Several towns of that name, each with its clock."""
    named = {place.zone: place for place in reversed(places[:_SHOWN]) if place.zone}
    buttons = [
        (_choice(frame, town(frame, place), Choice.ZONE, zone_number(zone), minute),)
        for zone, place in reversed(named.items())
    ]
    return Screen(frame.texts.render("preferences/choose_zone"), (*buttons, home_row(frame)))


def digest(frame: Frame, counts: Mapping[str, int]) -> Screen:
    """How much waits, by kind. No word in it tells what it is about: it shows on a lock screen."""
    known = [kind for kind in KINDS if counts.get(kind)]
    said = [frame.texts.label(f"admin.news.kind.{kind}", count=counts[kind]) for kind in known]
    look = frame.button("admin.news.look", Action.ADMIN_QUEUE, frame.blank())
    text = frame.texts.render("admin/digest", waiting=listed(frame.texts, said))
    return Screen(text, ((look,), (_settings(frame), frame.urgent())))


def alert(frame: Frame, one: Alert) -> Screen:
    """A report on something that is held today; likewise."""
    meeting = one.meeting
    country = meeting.country or country_of_zone(meeting.zone) or frame.operator.country
    text = frame.texts.render(
        "admin/alert",
        time=hour_of(meeting.start, country) if meeting.start is not None else "",
        kind=frame.texts.label(f"report.kind.{one.kind}"),
    )
    look = frame.button("admin.news.look", Action.ADMIN_QUEUE, frame.blank(), number=queue.Kind.REPORT)
    return Screen(text, ((look,), (_settings(frame), frame.urgent())))


def _settings(frame: Frame) -> Button:
    return frame.button("admin.news.title", Action.ADMIN_NEWS, frame.blank())


def _choice(frame: Frame, label: str, choice: Choice, number: int, minute: int | None = None) -> Button:
    search = replace(_carrying(frame, minute), page=int(choice))
    return Button(label, data=frame.data(Action.ADMIN_NEWS_SET, search, number=number))


def _carrying(frame: Frame, minute: int | None) -> Search:
    return frame.blank() if minute is None else replace(frame.blank(), when=When(start=minute))
