"""Hours that tend to be hard: naming one, and what is on then, here and online, with a number to call."""

from dataclasses import replace

from bot.domain.buttons import Action, Press
from bot.domain.found import Found
from bot.domain.place import Place
from bot.domain.reminder import ToughTime
from bot.domain.search import Search
from bot.domain.urgent import UrgentCountry
from bot.domain.when import Day, When
from bot.views import rows as lines
from bot.views.formatting import weekday_name, zone_name
from bot.views.frame import Frame
from bot.views.moments import before, hour_of
from bot.views.preferences import town
from bot.views.said import place_name
from bot.views.screen import Ask, Button, Screen, pairs
from bot.views.zones import ASK, country_of_zone, zone_number

HOURS = (12, 15, 17, 18, 19, 20, 21, 22)
SHOWN = 3  # meetings near, and as many online
LASTS = 120  # minutes after the hour whose meetings are shown
TYPED = 1  # number of the button that asks for words
PLACE = 2  # of the one that asks for a place


def at(weekday: int, minute: int) -> When:
    """An hour of the week as a button carries it, in steps of a quarter."""
    return When(Day(weekday), minute // 15 * 15)


def ask_day(frame: Frame) -> Screen:
    """Which day of the week; or the whole in words."""
    blank = frame.blank()
    days = [
        Button(
            _upper(weekday_name(frame.texts, weekday)),
            data=frame.data(Action.TOUGH_TIME, frame.near(blank, when=When(Day(weekday)))),
        )
        for weekday in range(1, 8)
    ]
    written = frame.button("write_it", Action.TOUGH_TIME, blank, number=TYPED)
    last = (frame.button("my_reminders", Action.REMINDERS, blank), frame.urgent())
    return Screen(frame.texts.render("tough_times/ask_day"), (*pairs([*days, written]), last))


def ask_hour(frame: Frame, search: Search) -> Screen:
    """Which hour of that day."""
    hours = [
        Button(
            hour_of(hour * 60, frame.operator.country),
            data=frame.data(Action.TOUGH_TIME, replace(search, when=at(search.when.day, hour * 60))),
        )
        for hour in HOURS
    ]
    day = weekday_name(frame.texts, int(search.when.day))
    back = (frame.button("back", Action.TOUGH_TIME, frame.blank()), frame.urgent())
    rows = tuple(tuple(hours[first : first + 4]) for first in range(0, len(hours), 4))
    return Screen(frame.texts.render("tough_times/ask_hour", day=day), (*rows, back), edits=True)


def ask_words(frame: Frame, *, again: bool = False) -> Screen:
    """Asks for day and hour in words."""
    link = frame.start_link(Press(Action.TOUGH_TIME, frame.blank()))
    text = frame.texts.render("tough_times/ask_words", link=link, again=again)
    return Screen(text, ask=Ask(frame.texts.label("tough_time.placeholder")))


def ask_zone(frame: Frame, search: Search, guess: str) -> Screen:
    """Whose clock the hour is meant by: a guess to confirm."""
    city = zone_name(frame.texts.language, guess)
    yes = frame.button("yes_city", Action.ZONE, search, number=zone_number(guess), city=city)
    other = frame.button("another_zone", Action.ZONE, search, number=ASK)
    text = frame.texts.render("tough_times/ask_zone", hour=_words(frame, search.when, guess), city=city)
    return Screen(text, ((yes, other), (frame.urgent(),)))


def ask_place(frame: Frame, search: Search, *, unknown: bool = False) -> Screen:
    """Asks for a place to look near. `unknown`: the last text was no place."""
    link = frame.start_link(Press(Action.TOUGH_TIME, search))
    text = frame.texts.render("tough_times/ask_place", link=link, unknown=unknown)
    return Screen(text, ask=Ask(frame.texts.label("where.placeholder")))


def choose_place(frame: Frame, search: Search, places: tuple[Place, ...]) -> Screen:
    """Several places of that name."""
    named = {town(frame, place): place for place in reversed(places[:6])}
    buttons = [
        (Button(label, data=frame.data(Action.TOUGH_TIME, replace(search, place=place))),)
        for label, place in reversed(named.items())
    ]
    return Screen(frame.texts.render("preferences/choose_zone"), (*buttons, (frame.urgent(),)))


def added(frame: Frame, hour: ToughTime, zone: str, search: Search) -> Screen:
    """It is set: when the message comes, what is in it, what is kept."""
    when = at(hour.weekday, hour.minute)
    place = place_name(search) if hour.cell is not None else ""
    text = frame.texts.render(
        "tough_times/added",
        hour=_words(frame, when, zone),
        time=hour_of(hour.minute, country_of_zone(zone) or frame.operator.country),
        before=before(frame, hour.lead_s),
        place=place,
    )
    carried = frame.near(frame.blank(), when=when)
    near = frame.button("near_a_place", Action.TOUGH_TIME, carried, number=PLACE)
    stop = frame.button("stop_this", Action.TOUGH_TIME_STOP, frame.blank(), number=hour.number)
    last = (frame.button("my_reminders", Action.REMINDERS, frame.blank()), frame.urgent())
    return Screen(text, ((stop,) if place else (near, stop), last))


def opened(
    frame: Frame,
    number: int,
    zone: str,
    near: Found | None,
    online: Found,
    country: UrgentCountry | None,
) -> Screen:
    """What is on around that hour, near there and online, and whom one can call, as it is now."""
    here = near.rows[:SHOWN] if near else ()
    afar = online.rows[:SHOWN]
    lists = [(near.search, here)] if near else []
    lists.append((online.search, afar))
    numbered = [(search, row) for search, found in lists for row in found]
    said = [lines.line(frame, search, place, row) for place, (search, row) in enumerate(numbered, start=1)]
    openers = [lines.opener(frame, search, place, row) for place, (search, row) in enumerate(numbered, start=1)]
    text = frame.texts.render(
        "tough_times/opened",
        hour=_words(frame, at(number // 1440 + 1, number % 1440), zone),
        place=place_name(near.search) if near else "",
        here=said[: len(here)],
        afar=said[len(here) :],
        **_call(country),
    )
    wider = [frame.button("more_online", Action.LIST, frame.near(online.search))]
    if near:
        wider.insert(0, frame.button("more_near", Action.LIST, frame.near(near.search)))
    hide = frame.button("hide_again", Action.TOUGH_TIME_HIDE, frame.blank(), number=number)
    stop = frame.button("stop_this", Action.TOUGH_TIME_STOP, frame.blank(), number=number)
    return Screen(text, (*pairs(openers), *pairs(wider), (stop,), (hide, frame.urgent())), edits=True)


def _call(country: UrgentCountry | None) -> dict[str, object]:
    """The emergency number and one line to talk to; no line where its numbers are in doubt."""
    if country is None:
        return {"emergency": "", "helpline": None}
    sure = [line for line in country.lines if "crisis" in line.topics and "call" in line.ways]
    line = sure[0] if sure and country.confidence != "?" else None
    return {
        "emergency": country.emergency[0] if country.emergency else "",
        "helpline": line and {"name": line.name, "number": line.number, "always": line.hours == "always"},
    }


def _words(frame: Frame, when: When, zone: str) -> str:
    country = country_of_zone(zone) or frame.operator.country
    return f"{weekday_name(frame.texts, int(when.day))} {hour_of(when.start or 0, country)}"


def _upper(text: str) -> str:
    return text[:1].upper() + text[1:]


def stopped(frame: Frame) -> Screen:
    """That hour is not kept any more."""
    blank = frame.blank()
    rows = ((frame.button("my_reminders", Action.REMINDERS, blank), frame.urgent()),)
    return Screen(frame.texts.render("remind/stopped"), rows, edits=True)
