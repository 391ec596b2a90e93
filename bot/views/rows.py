"""How one meeting stands in a list: its line, and the button that opens it."""

from bot.domain.buttons import Action
from bot.domain.found import Row
from bot.domain.search import Search
from bot.views.formatting import clock, cut, day, distance, lead, short_day, zone_name
from bot.views.frame import Frame
from bot.views.said import filter_name
from bot.views.screen import Button

NAME_LENGTH = 44


def line(frame: Frame, search: Search, number: int, row: Row) -> dict[str, object]:
    """The values of one line of a list."""
    meeting = row.meeting
    return {
        "number": number,
        "kind": frame.kind(meeting.fellowship).short,
        "name": cut(meeting.name, NAME_LENGTH),
        "when": when(frame, search, row),
        "how": how(frame, search, row),
        "unsaid": [filter_name(frame, name) for name in sorted(row.unsaid)],
        "check_date": meeting.check_date,
    }


def how(frame: Frame, search: Search, row: Row) -> str:
    """In person with its distance, online, or both."""
    meeting, texts = row.meeting, frame.texts
    if meeting.in_person and row.distance_km is not None:
        away = distance(texts, row.distance_km, meeting.country or (search.place.country if search.place else ""))
        return texts.label("how.hybrid_away" if meeting.online else "how.in_person_away", distance=away)
    if meeting.in_person:
        return texts.label("how.hybrid" if meeting.online else "how.in_person")
    return texts.label("how.phone" if meeting.dial_in and not meeting.join_url else "how.online")


def country_of(frame: Frame, search: Search, row: Row) -> str:
    """Whose clock and units a row is written in: the meeting's for a room, the person's for a call."""
    if row.meeting.in_person and row.meeting.country:
        return row.meeting.country
    return (search.place.country if search.place else "") or row.meeting.country or frame.operator.country


def when(frame: Frame, search: Search, row: Row) -> str:
    """Day, date and wall time; for a call also in the person's zone or how soon it is, both labelled."""
    meeting, texts = row.meeting, frame.texts
    if row.next is None:
        return texts.label("by_appointment")
    country = country_of(frame, search, row)
    if meeting.in_person and not row.instead:
        return f"{day(texts, row.next, meeting.zone, country, frame.now)}, {clock(row.next, meeting.zone, country)}"
    theirs = search.place.zone if search.place else ""
    zone = theirs or meeting.zone
    moment = texts.label("time_in_zone", time=clock(row.next, zone, country), city=zone_name(texts.language, zone))
    words = f"{day(texts, row.next, zone, country, frame.now)}, {moment}"
    if not theirs:
        words += f", {lead(texts, row.next, frame.now)}"
    return words


def opener(frame: Frame, search: Search, number: int, row: Row) -> Button:
    """The button that opens a row and says what it opens: "1. SMART, Tue 19:00"."""
    meeting = row.meeting
    if row.next is None:
        moment = frame.texts.label("by_appointment")
    else:
        country = country_of(frame, search, row)
        theirs = search.place.zone if search.place and not meeting.in_person else ""
        zone = theirs or meeting.zone
        moment = f"{short_day(frame.texts, row.next, zone, country, frame.now)} {clock(row.next, zone, country)}"
    label = f"{number}. {frame.kind(meeting.fellowship).short}, {moment}"
    return Button(label, data=frame.data(Action.MEETING, search, meeting.id))
