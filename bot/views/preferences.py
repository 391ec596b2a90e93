"""What somebody may choose once for everything: time zone, quiet hours, language."""

from zoneinfo import ZoneInfo

from bot.domain.buttons import Action, Press
from bot.domain.place import Place
from bot.domain.reminder import QUIET, Person
from bot.domain.search import Search
from bot.views.formatting import country_name, zone_name
from bot.views.frame import Frame
from bot.views.moments import hour_of
from bot.views.screen import Ask, Button, Screen, pairs
from bot.views.zones import ASK, country_of_zone, zone_number

OFFERED_QUIET = ((21, 9), (22, 8), (23, 7))  # hours, from and to
QUARTER = 15
_NUMBER_SET = 1 << 14  # stands in every number that sets quiet hours: "never" is no zero


def quiet_number(quiet: tuple[int, int]) -> int:
    """Quiet hours (minutes, from and to) as the number of a button."""
    return _NUMBER_SET | quiet[0] // QUARTER << 7 | quiet[1] // QUARTER


def numbered_quiet(number: int) -> tuple[int, int] | None:
    """The reverse of quiet_number; None for a number that sets none."""
    if not number & _NUMBER_SET:
        return None
    start, end = number >> 7 & 127, number & 127
    return (start * QUARTER, end * QUARTER) if max(start, end) < 96 else None


def quiet(frame: Frame, person: Person, *, edits: bool = False) -> Screen:
    """The quiet hours and the time zone, and how to change them."""
    country = country_of_zone(person.zone or "") or frame.operator.country
    start, end = person.quiet or QUIET
    text = frame.texts.render(
        "preferences/quiet",
        start=hour_of(start, country) if start != end else "",
        end=hour_of(end, country),
        city=zone_name(frame.texts.language, person.zone) if person.zone else "",
    )
    blank = frame.blank()

    def choice(label: str, hours: tuple[int, int]) -> Button:
        return Button(label, data=frame.data(Action.QUIET, blank, number=quiet_number(hours)))

    buttons = [
        choice(
            frame.texts.label("from_to", start=hour_of(first * 60, country), end=hour_of(last * 60, country)),
            (first * 60, last * 60),
        )
        for first, last in OFFERED_QUIET
    ]
    buttons.append(choice(frame.texts.label("never_quiet"), (0, 0)))
    zone = (frame.button("time_zone", Action.ZONE, blank, number=ASK),)
    last = (frame.button("my_reminders", Action.REMINDERS, blank), frame.urgent())
    return Screen(text, (*pairs(buttons), zone, last), edits=edits)


def ask_zone(frame: Frame, search: Search, meeting: int | None, *, unknown: bool = False) -> Screen:
    """Asks for a town whose clock is the person's. `search`, `meeting`: what it is asked for."""
    link = frame.start_link(Press(Action.ZONE, search, meeting, ASK))
    text = frame.texts.render("preferences/ask_zone", link=link, unknown=unknown)
    return Screen(text, ask=Ask(frame.texts.label("where.placeholder")))


def choose_zone(frame: Frame, search: Search, meeting: int | None, places: tuple[Place, ...]) -> Screen:
    """Several towns of that name, each with its clock."""
    named = {place.zone: place for place in reversed(places[:6]) if place.zone}
    buttons = [
        (Button(town(frame, place), data=frame.data(Action.ZONE, search, meeting, zone_number(zone))),)
        for zone, place in reversed(named.items())
    ]
    other = frame.button("another_zone", Action.ZONE, search, meeting=meeting, number=ASK)
    return Screen(frame.texts.render("preferences/choose_zone"), (*buttons, (other, frame.urgent())))


def town(frame: Frame, place: Place) -> str:
    """A town with its region and country."""
    country = country_name(frame.texts, place.country) if place.country else ""
    return ", ".join(dict.fromkeys(part for part in (place.name, place.region, country) if part))


def zone_set(frame: Frame, zone: str) -> Screen:
    """Which clock is used from now on."""
    blank = frame.blank()
    country = country_of_zone(zone) or frame.operator.country
    text = frame.texts.render(
        "preferences/zone_set",
        city=zone_name(frame.texts.language, zone),
        now=hour_of(_minute(frame, zone), country),
    )
    rows = (
        (frame.button("my_reminders", Action.REMINDERS, blank), frame.button("another_zone", Action.ZONE, blank)),
        (frame.urgent(),),
    )
    return Screen(text, rows)


def _minute(frame: Frame, zone: str) -> int:
    local = frame.now.astimezone(ZoneInfo(zone))
    return local.hour * 60 + local.minute


def language_kept(frame: Frame, *, kept: bool) -> Screen:
    """The language is remembered, or is not any more."""
    blank = frame.blank()
    text = frame.texts.render("preferences/language", kept=kept)
    undo = frame.button("let_language_go", Action.KEEP_LANGUAGE, blank, number=0)
    again = frame.button("keep_language", Action.KEEP_LANGUAGE, blank, number=1)
    rows = (
        (undo if kept else again,),
        (frame.button("find_a_meeting", Action.ASK_PLACE, blank), frame.urgent()),
    )
    return Screen(text, rows, edits=True)
