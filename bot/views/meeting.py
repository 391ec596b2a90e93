"""One meeting: its card, and what one can do with it."""

import re
from datetime import date, datetime
from itertools import accumulate
from urllib.parse import quote
from zoneinfo import ZoneInfo

from bot.domain.buttons import Action, Press
from bot.domain.found import Row
from bot.domain.meeting import SAMPLES, Meeting, Status
from bot.domain.search import Search
from bot.domain.standing import NOTHING, Standing
from bot.views import rows as lines
from bot.views.calendar import calendar_file
from bot.views.days import all_said
from bot.views.formatting import (
    clock,
    cut,
    date_short,
    date_with_year,
    day,
    language_name,
    listed,
    weekday_name,
    zone_name,
)
from bot.views.frame import Frame
from bot.views.screen import Button, Document, Screen, pairs

CARD_LENGTH = 900
MOST_BUTTONS = 8  # beside navigation
SOURCE_LENGTH, SOURCES_LENGTH = 80, 120  # one body's name, all of them
_TAG = re.compile(r"<[^>]+>")
_SHOWN_TAGS = (
    "women men lgbtq young seniors poc indigenous newcomers secular wheelchair child_friendly sign_language "
    "speaker discussion step_study meditation dual"
).split()


def card(frame: Frame, row: Row, *, reminded: bool | None = None, standing: Standing = NOTHING) -> Screen:
    """Everything the list says about one meeting and what it does not say, at most 900 characters.

    `reminded`: whether the person has a reminder of it; None where none can be had. `standing`: what is known
    beside the list.
    """
    values = _values(frame, row) | _standing(frame, row, standing)
    text = _fitted(frame, values, row.meeting.notes)
    back = frame.button("back_to_list", Action.LIST)
    if not frame.search.says_something:  # opened from a link: there is no list behind it
        back = frame.button("find_a_meeting", Action.ASK_PLACE)
    return Screen(text, (*_actions(frame, row, reminded), (back, frame.urgent())))


def _fitted(frame: Frame, values: dict[str, object], notes: str) -> str:
    """The card's text: the notes give way to its length, after them the way to the door."""
    text = frame.texts.render("meeting/card", **values, notes=notes)
    while (over := len(_TAG.sub("", text)) - CARD_LENGTH) > 0 and notes:
        notes = cut(notes, max(0, len(notes) - over - 1)) if len(notes) > 40 else ""
        text = frame.texts.render("meeting/card", **values, notes=notes)
    directions = str(values["directions"])
    if over > 0 and directions:
        shorter = cut(directions, len(directions) - over - 1) if len(directions) - over > 20 else ""
        text = frame.texts.render("meeting/card", **values | {"directions": shorter}, notes=notes)
    return text


def _values(frame: Frame, row: Row) -> dict[str, object]:
    meeting, texts = row.meeting, frame.texts
    country = lines.country_of(frame, frame.search, row)
    return {
        "kind": frame.kind(meeting.fellowship).name,
        "when": span(frame, row, country),
        "yours": _yours(frame, row),
        "days": all_said(frame, row, country),
        "weekly": weekday_name(texts, meeting.weekday) if meeting.weekday else "",
        **place_values(frame, row),
        "who": _who(frame, meeting),
        "tags": [texts.label(f"filter.{tag}") for tag in _SHOWN_TAGS if tag in meeting.tags and tag != "wheelchair"],
        "languages": [language_name(texts, code) for code in meeting.languages],
        "step_free": meeting.has_tag("wheelchair"),
        "round_the_clock": meeting.has_tag("round_the_clock"),
        "sources": sources_said(frame, row),
        "cost": _short_cost(frame, meeting),
        "updated": meeting.updated and date_with_year(texts, meeting.updated, country),
        "samples": meeting.feed == SAMPLES,
        "online_for_now": meeting.status == Status.ONLINE_FOR_NOW,
    }


def _standing(frame: Frame, row: Row, standing: Standing) -> dict[str, object]:
    """What was reported, corrected and checked here, each with its day; empty where nothing was."""
    country = lines.country_of(frame, frame.search, row)

    def said(day: date | None) -> str:
        return date_short(frame.texts, day, country, frame.now) if day else ""

    corrected_at = standing.corrected_at
    return {
        "reported": said(standing.reported_on),
        "corrected": [frame.texts.label(f"corrected.{part}") for part in standing.corrected],
        "corrected_on": said(corrected_at.astimezone(ZoneInfo(row.meeting.zone)).date() if corrected_at else None),
        "checked": said(standing.checked_on),
    }


def place_values(frame: Frame, row: Row) -> dict[str, object]:
    """Where it is and how to get in."""
    meeting = row.meeting
    return {
        "meeting": meeting,
        "how": lines.how(frame, frame.search, row),
        "place": cut(meeting.place_line, 160),
        "directions": cut(", ".join(meeting.directions.split("\n")), 120),
        "join_notes": cut(meeting.join_notes, 160),
        "way_in": bool(meeting.join_url or meeting.dial_in or meeting.join_notes),
    }


def sources_said(frame: Frame, row: Row) -> str:
    """Whose lists name the meeting, as many by name as have room; a list of nobody known is the fellowship's."""
    kind = frame.kind(row.meeting.fellowship).name
    names = list(dict.fromkeys(cut(body or kind, SOURCE_LENGTH) for body in row.listed_by or (row.meeting.entity,)))
    lengths = accumulate(len(name) for name in names)
    said = [name for name, length in zip(names, lengths, strict=True) if name == names[0] or length <= SOURCES_LENGTH]
    left = len(names) - len(said)
    return listed(frame.texts, [*said, *([frame.texts.label("more_lists", count=left)] if left else [])])


def _short_cost(frame: Frame, meeting: Meeting) -> str:
    """The first sentence of what the kind says on cost: the list itself never says."""
    return frame.cards.get(meeting.fellowship, {}).get("cost", "").partition(". ")[0].rstrip(".")


def span(frame: Frame, row: Row, country: str) -> str:
    """Day, start, end and zone in the meeting's own time."""
    if row.next is None or row.meeting.start is None:
        return lines.without_time(frame, row)
    date = day(frame.texts, row.next, row.meeting.zone, country, frame.now)
    return f"{date}, {hours(frame, row.meeting, row.next, country)}"


def hours(frame: Frame, meeting: Meeting, start: datetime, country: str) -> str:
    """Start, end and zone in the meeting's own time, without the day."""
    texts = frame.texts
    from_to = clock(start, meeting.zone, country)
    if meeting.start is not None and meeting.duration and not meeting.duration_assumed and meeting.duration < 1440:
        begins = start.astimezone(ZoneInfo(meeting.zone))  # once it may be at another hour
        ends = (begins.hour * 60 + begins.minute + meeting.duration) % 1440
        local = start.replace(hour=ends // 60, minute=ends % 60)
        from_to = texts.label("from_to", start=from_to, end=clock(local, "UTC", country))
    return texts.label("time_in_zone", time=from_to, city=zone_name(texts.language, meeting.zone))


def _yours(frame: Frame, row: Row) -> str:
    """For a call: the same start on the person's clock, where that is known and differs."""
    place = frame.search.place
    if row.next is None or not row.meeting.online or not place or not place.zone or place.zone == row.meeting.zone:
        return ""
    time = clock(row.next, place.zone, place.country)
    city = zone_name(frame.texts.language, place.zone)
    moment = frame.texts.label("time_in_zone", time=time, city=city)
    return f"{day(frame.texts, row.next, place.zone, place.country, frame.now)}, {moment}"


def _who(frame: Frame, meeting: Meeting) -> str:
    for tag in ("open", "closed"):
        if meeting.has_tag(tag):
            return frame.texts.label(f"who.{tag}")
    return frame.texts.label("who.unsaid")


def _actions(frame: Frame, row: Row, reminded: bool | None) -> tuple[tuple[Button, ...], ...]:
    """At most eight next steps: get there or get in, be reminded, prepare, talk, keep."""
    meeting = row.meeting
    number = frame.kind(meeting.fellowship).number
    buttons: list[Button] = []
    if reminded is not None:
        label, action = ("my_reminder", Action.REMINDER) if reminded else ("remind_me", Action.REMIND)
        buttons.append(frame.button(label, action, meeting=meeting.id))
    buttons.append(frame.button("expect", Action.EXPECT, meeting=meeting.id, number=number))
    buttons.append(frame.button("talk_first", Action.TALK_FIRST, meeting=meeting.id, number=number))
    buttons.append(
        frame.button(
            "about_kind",
            Action.FELLOWSHIP,
            meeting=meeting.id,
            number=number,
            kind=frame.kind(meeting.fellowship).short,
        )
    )
    buttons.append(frame.button("other_actions", Action.OTHER_ACTIONS, meeting=meeting.id))
    return pairs([*ways_in(frame, meeting)[: MOST_BUTTONS - len(buttons)], *buttons])


def ways_in(frame: Frame, meeting: Meeting) -> list[Button]:
    """The map, the link, and what is typed to get in, the most wanted first."""
    buttons: list[Button] = []
    if meeting.in_person and (meeting.latitude is not None or meeting.address):
        buttons.append(Button(frame.texts.label("directions"), url=map_link(meeting)))
    if meeting.online and meeting.join_url:
        buttons.append(Button(frame.texts.label("join"), url=meeting.join_url))
    if meeting.online and meeting.passcode:
        buttons.append(Button(frame.texts.label("copy_passcode"), copy=meeting.passcode[:256]))
    if meeting.online and meeting.dial_in:
        buttons.append(Button(frame.texts.label("copy_dial_in"), copy=meeting.dial_in[:256]))
    return buttons


def map_link(meeting: Meeting) -> str:
    """Opens the person's own map at the address, or at the point where the list gives no address."""
    city = "" if meeting.city in meeting.address else meeting.city
    target = ", ".join(part for part in (meeting.address, city) if part)
    if not meeting.address or meeting.approximate:
        target = f"{meeting.latitude},{meeting.longitude}" if meeting.latitude is not None else target
    return f"https://www.google.com/maps/search/?api=1&query={quote(target)}"


def other_actions(frame: Frame, row: Row, *, editable: bool = False) -> Screen:
    """Keep it or pass it on. `editable`: by somebody who helps and looks after it."""
    meeting = row.meeting
    change = (frame.button("admin.change_this_meeting", Action.ADMIN_MEETING, meeting=meeting.id),)
    rows = (
        (
            frame.button("calendar_file", Action.CALENDAR, meeting=meeting.id),
            frame.button("share", Action.SHARE, meeting=meeting.id),
        ),
        (frame.button("something_wrong", Action.REPORT, meeting=meeting.id),),
        (frame.button("note.write", Action.NOTE, meeting=meeting.id),),
        *((change,) if editable else ()),
        (frame.button("back_to_meeting", Action.MEETING, meeting=meeting.id), frame.urgent()),
    )
    return Screen(frame.texts.render("meeting/other_actions", title=meeting.name, when=_when(frame, row)), rows)


def calendar(frame: Frame, row: Row) -> Screen:
    """The meeting as a calendar file with a title that tells nothing."""
    made = calendar_file(row.meeting, row.next, frame.texts.label("calendar_title"), frame.now, row.days)
    rows = ((frame.button("back_to_meeting", Action.MEETING, meeting=row.meeting.id), frame.urgent()),)
    return Screen(
        frame.texts.render("meeting/calendar"), rows, document=Document("appointment.ics", made, "text/calendar")
    )


def share(frame: Frame, row: Row) -> Screen:
    """A message to forward: the facts, and a link that opens the same card for whoever receives it."""
    link = frame.start_link(Press(Action.MEETING, Search(language=frame.search.language), row.meeting.id))
    values = _values(frame, row)
    forward = Screen(frame.texts.render("meeting/share", **values, link=link))
    rows = ((frame.button("back_to_meeting", Action.MEETING, meeting=row.meeting.id), frame.urgent()),)
    return Screen(frame.texts.render("meeting/share_hint"), rows, then=(forward,))


def _when(frame: Frame, row: Row) -> str:
    return lines.when(frame, frame.search, row)
