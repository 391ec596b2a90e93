"""What stands on the card of a hand-off, for paper and for the web page alike."""

import re
from datetime import datetime
from urllib.parse import quote
from zoneinfo import ZoneInfo

from bot.domain.care import Care
from bot.domain.found import Row
from bot.domain.handoff import Handed
from bot.domain.meeting import SAMPLES, Meeting, Status, id_text
from bot.domain.urgent import Line, UrgentCountry
from bot.domain.when import next_start
from bot.views import rows as lines
from bot.views.care import care_of, spoken
from bot.views.days import all_said
from bot.views.formatting import clock, date_with_year, language_name, weekday_name, zone_name
from bot.views.frame import Frame
from bot.views.meeting import hours, map_link, sources_said
from bot.views.paper import Fact, Paper, PaperMeeting, Piece
from bot.views.screen import Document
from bot.views.urgent import said_line

FILE = "card.pdf"
URGENT_LINES = 3
ON_PAPER = 4  # meetings that one page holds; of those that nobody picked at least one stands there
_NUMBER = re.compile(r"\+?\(?\d[\d().\s/-]{1,18}\d[,;\d*#]*")
_MAIL = re.compile(r"[\w.+-]+@[\w.-]+\.\w+", re.ASCII)


def sheet(frame: Frame, handed: Handed, urgent: UrgentCountry | None, link: str, size: str, large: bool) -> Document:
    """The printed card; takes a quarter of a second, so call it in a thread."""
    from bot.views.pdf import pdf  # a second of imports that a bot without a card never needs

    room = max(1, ON_PAPER - len(handed.picked))
    return Document(
        FILE, pdf(paper(frame, handed, urgent, link, most_others=room), size, large=large), "application/pdf"
    )


def paper(frame: Frame, handed: Handed, urgent: UrgentCountry | None, link: str, most_others: int = 9) -> Paper:
    """The card in words; `link` is what its QR picture holds."""
    label = frame.texts.label
    told = spoken(care_of(frame, handed.search))
    before = Care.OPIOIDS.value in told
    after = not told.isdisjoint({Care.ALCOHOL.value, Care.SEDATIVES.value})
    return Paper(
        title=label("card.title"),
        lead=_lead(frame, handed),
        link=link,
        link_caption=label("card.scan"),
        meetings=(
            *(_meeting(frame, handed, row, label("card.picked")) for row in handed.picked),
            *(
                _meeting(frame, handed, row, label("card.another") if handed.picked else "")
                for row in handed.others[:most_others]
            ),
        ),
        urgent_title=label("urgent_help"),
        urgent=urgent_said(frame, urgent),
        about=tuple(label(f"card.{key}") for key in ("is", "is_not", "privacy", "stop", "urgent")),
        footer=_footer(frame),
        before=(frame.texts.render("locked/opioids"),) if before else (),
        after=(frame.texts.render("locked/withdrawal", care=told),) if after else (),
        language=frame.texts.language,
    )


def _lead(frame: Frame, handed: Handed) -> tuple[str, ...]:
    label = frame.texts.label
    if handed.expired:
        first = label("card.expired")
    elif handed.picked or handed.gone:
        first = label("card.lead_close" if handed.from_family else "card.lead_client")
    else:
        first = label("card.lead_none")
    gone = (label("card.gone", handed.gone),) if handed.gone else ()
    alone = () if handed.others else (label("card.other_kinds" if handed.picked else "card.none_today"),)
    return (first, f"{label('card.choose')} {label('card.not_told')}", *gone, *alone)


def urgent_said(frame: Frame, urgent: UrgentCountry | None) -> tuple[tuple[Piece, ...], ...]:
    """The emergency number and the first lines of a country; where none is known, how to find one."""
    if urgent is None:
        return ((Piece(frame.texts.label("card.urgent_unknown")),),)
    first: list[Piece] = []
    for number in urgent.emergency:
        first += [Piece(", " if first else frame.texts.label("card.emergency")), Piece(number, f"tel:{number}")]
    known = () if urgent.confidence == "?" else urgent.lines[:URGENT_LINES]
    return (tuple(first), *(_urgent_line(frame, line) for line in known))


def _urgent_line(frame: Frame, line: Line) -> tuple[Piece, ...]:
    before, number, after = said_line(frame, line).rpartition(line.number)
    if "web" in line.ways:
        link = f"https://{line.number}"
    elif "call" in line.ways:
        link = f"tel:{re.sub(r'[^0-9+]', '', line.number)}"
    else:
        link = f"sms:{line.number}"
    return Piece(before), Piece(number, link), Piece(after)


def _meeting(frame: Frame, handed: Handed, row: Row, mark: str) -> PaperMeeting:
    meeting, kind = row.meeting, frame.kind(row.meeting.fellowship)
    known = (
        (meeting.feed == SAMPLES, "sample"),
        (meeting.check_date, "check_date"),
        (meeting.approximate and meeting.in_person, "approximate"),
        (meeting.status == Status.ONLINE_FOR_NOW, "room_closed"),
    )
    return PaperMeeting(
        name=meeting.name,
        kind=Piece(kind.name, kind.site),
        facts=facts(frame, handed, row),
        mark=mark,
        notes=(
            *all_said(frame, row, lines.country_of(frame, handed.search, row)),
            *(frame.texts.label(f"card.{key}") for true, key in known if true),
        ),
        listed=_listed(frame, handed, row),
        id=id_text(meeting.id) if row.next else "",
    )


def facts(frame: Frame, handed: Handed, row: Row) -> tuple[Fact, ...]:
    """What a card says of one meeting; what the list does not say is said to be so, or left out."""
    meeting, label = row.meeting, frame.texts.label
    contact = meeting.contact or meeting.entity_phone or frame.kind(meeting.fellowship).facts.contact
    spoken_there = [language_name(frame.texts, code) for code in meeting.languages]
    unsaid = label("card.unsaid")
    rows = [
        Fact("when", _when(frame, handed, row)),
        _where(frame, meeting),
        *(_ways_in(frame, meeting) if meeting.online else ()),
        Fact("contact", contact, link_to(contact)),
        Fact(
            "who",
            next((label(f"card.{tag}") for tag in ("open", "closed") if meeting.has_tag(tag)), unsaid),
            short=True,
        ),
    ]
    if meeting.in_person:
        rows.append(Fact("step_free", label("card.yes") if meeting.has_tag("wheelchair") else unsaid, short=True))
    if frame.texts.language not in meeting.languages and spoken_there:
        rows.append(Fact("language", ", ".join(spoken_there), short=True))
    return tuple(fact._replace(what=label(f"card.{fact.what}")) for fact in rows if fact.text)


def _when(frame: Frame, handed: Handed, row: Row) -> str:
    """The weekday and its hours, and the next date: a card may be read days after it was made."""
    meeting, label = row.meeting, frame.texts.label
    if row.next is None or not meeting.weekday:
        return lines.without_time(frame, row)
    country = lines.country_of(frame, handed.search, row)
    said = label(
        "card.once" if meeting.check_date else "card.weekly",
        weekday=weekday_name(frame.texts, meeting.weekday),
        hours=hours(frame, meeting, _usual(row) or row.next, country),
        date=date_with_year(frame.texts, row.next.astimezone(ZoneInfo(meeting.zone)), country),
    )
    yours = _yours(frame, handed, meeting, _usual(row) or row.next)
    return f"{said} {yours}" if yours else said


def _usual(row: Row) -> datetime | None:
    """A start as in every week, where the next one may not be."""
    meeting = row.meeting
    if not row.days or row.next is None or meeting.weekday is None or meeting.start is None:
        return row.next
    return next_start(meeting.weekday, meeting.start, ZoneInfo(meeting.zone), row.next)


def _yours(frame: Frame, handed: Handed, meeting: Meeting, start: datetime) -> str:
    """For a call: the same start on the reader's clock, where the area is known and its clock differs."""
    place = handed.search.place
    if not meeting.online or place is None or not place.zone or place.zone == meeting.zone:
        return ""
    local = start.astimezone(ZoneInfo(place.zone))
    if local.replace(tzinfo=None) == start.astimezone(ZoneInfo(meeting.zone)).replace(tzinfo=None):
        return ""
    city = zone_name(frame.texts.language, place.zone)
    time = frame.texts.label("time_in_zone", time=clock(start, place.zone, place.country), city=city)
    return frame.texts.label("card.yours", weekday=weekday_name(frame.texts, local.isoweekday()), hours=time)


def _where(frame: Frame, meeting: Meeting) -> Fact:
    label = frame.texts.label
    if not meeting.in_person:
        return Fact("where", label("how.online" if meeting.join_url or not meeting.dial_in else "how.phone"))
    room = ", ".join(part for part in (meeting.place_line, *meeting.directions.split("\n")) if part)
    there = meeting.latitude is not None or bool(meeting.address)
    return Fact("where", room or label("card.unsaid"), map_link(meeting) if there else "", label("directions"))


def _ways_in(frame: Frame, meeting: Meeting) -> tuple[Fact, ...]:
    """The link of a known host, and whatever else the list gives, as text."""
    shown = meeting.join_url.removeprefix("https://")
    dialled = f"tel:{quote(meeting.dial_in, safe='+,;*')}" if meeting.dial_in else ""
    return (
        Fact("join", shown, meeting.join_url, frame.texts.label("join")),
        Fact("join_id", meeting.join_id, short=True),
        Fact("passcode", meeting.passcode, short=True),
        Fact("dial_in", meeting.dial_in, dialled),
        Fact("dial_in_notes", meeting.dial_in_notes),
        Fact("join_notes", meeting.join_notes),
    )


def link_to(contact: str) -> str:
    """Where a public contact leads: tel, mailto or its page; "" for words."""
    if contact.startswith("https://"):
        return contact
    if _MAIL.fullmatch(contact):
        return f"mailto:{contact}"
    return f"tel:{re.sub(r'[^0-9+]', '', contact)}" if _NUMBER.fullmatch(contact) else ""


def _listed(frame: Frame, handed: Handed, row: Row) -> str:
    label, sources = frame.texts.label, sources_said(frame, row)
    if row.meeting.updated is None:
        return label("card.listed", sources=sources)
    date = date_with_year(frame.texts, row.meeting.updated, lines.country_of(frame, handed.search, row))
    return label("card.listed_updated", sources=sources, date=date)


def _footer(frame: Frame) -> tuple[str, ...]:
    operator = frame.operator
    made = frame.texts.label("card.made", date=date_with_year(frame.texts, frame.now, operator.country))
    run_by = ", ".join(part for part in (operator.name, operator.contact) if part)
    return (made, frame.texts.label("card.run_by", who=run_by)) if run_by else (made,)
