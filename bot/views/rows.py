"""How one meeting stands in a list: its line, and the button that opens it."""

from bot.domain.buttons import Action
from bot.domain.found import Row
from bot.domain.meeting import Status
from bot.domain.search import Search
from bot.views.formatting import clock, cut, day, distance, language_name, lead, short_day, zone_name
from bot.views.frame import Frame
from bot.views.said import filter_name
from bot.views.screen import Button

NAME_LENGTH = 44


def line(frame: Frame, search: Search, number: int, row: Row) -> dict[str, object]:
    """The values of one line of a list. `unix`: the instant, where the person's own clock is not known."""
    meeting, texts = row.meeting, frame.texts
    floating = row.next is not None and is_call(search, row) and not _their_zone(search)
    spoken = [language_name(texts, code) for code in meeting.languages]
    return {
        "number": number,
        "kind": frame.kind(meeting.fellowship).short,
        "name": cut(meeting.name, NAME_LENGTH),
        "when": when(frame, search, row),
        "lead": lead(texts, row.next, frame.now) if floating and row.next else "",
        "unix": int(row.next.timestamp()) if floating and row.next else None,
        "how": how(frame, search, row),
        "spoken": spoken if texts.language not in meeting.languages else [],
        "by_kind": [
            filter_name(frame, name)
            for name in sorted(search.filters)
            if name in frame.kind(meeting.fellowship).tags and name not in meeting.tags
        ],
        "unsaid": [filter_name(frame, name) for name in sorted(row.unsaid)],
        "check_date": meeting.check_date,
    }


def is_call(search: Search, row: Row) -> bool:
    """Whether the person would join this row from where they are."""
    meeting = row.meeting
    return meeting.online and (not meeting.in_person or row.instead or search.online is True)


def _their_zone(search: Search) -> str:
    return search.place.zone if search.place else ""


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


def when(frame: Frame, search: Search, row: Row, *, inline: bool = False) -> str:
    """Day, date and wall time; for a call in the person's zone, or in the meeting's where theirs is not known."""
    texts = frame.texts
    if row.next is None:
        return without_time(frame, row)
    country = country_of(frame, search, row)
    zone = _zone(search, row)
    words = clock(row.next, zone, country)
    if is_call(search, row):
        words = texts.label("time_in_zone", time=words, city=zone_name(texts.language, zone))
    return f"{day(texts, row.next, zone, country, frame.now, inline=inline)}, {words}"


def without_time(frame: Frame, row: Row) -> str:
    """Why there is no next start: it pauses, or one has to ask."""
    pauses = row.meeting.start is not None and row.meeting.status != Status.BY_APPOINTMENT
    return frame.texts.label("paused_for_now" if pauses else "by_appointment")


def _zone(search: Search, row: Row) -> str:
    """Whose clock a row is written in: the room's for a room, the person's for a call where it is known."""
    return (_their_zone(search) if is_call(search, row) else "") or row.meeting.zone


def opener(frame: Frame, search: Search, number: int, row: Row) -> Button:
    """The button that opens a row and says what it opens."""
    return Button(opening(frame, search, number, row), data=frame.data(Action.MEETING, search, row.meeting.id))


def opening(frame: Frame, search: Search, number: int, row: Row) -> str:
    """A row in few words, as a button says it: "1. SMART, Tue 19:00", "1. SMART, in 25 minutes"."""
    texts = frame.texts
    if row.next is None:
        moment = without_time(frame, row)
    elif is_call(search, row) and not _their_zone(search):
        moment = lead(texts, row.next, frame.now)
    else:
        country, zone = country_of(frame, search, row), _zone(search, row)
        moment = f"{short_day(texts, row.next, zone, country, frame.now)} {clock(row.next, zone, country)}"
    return f"{number}. {frame.kind(row.meeting.fellowship).short}, {moment}"
