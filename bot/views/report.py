"""Something is wrong with a meeting: what it is, in one tap or in words, and what happens next."""

from dataclasses import replace

from bot.domain.buttons import Action, Press
from bot.domain.found import Row
from bot.domain.meeting import Meeting
from bot.domain.place import Place
from bot.domain.report_kinds import NUMBERS, Kept, ReportKind, Verdict, fitting
from bot.domain.search import Search
from bot.views import rows as lines
from bot.views.frame import Frame
from bot.views.screen import Ask, Button, Screen, pairs
from bot.views.talk_first import Contact


def choose(frame: Frame, row: Row) -> Screen:
    """What can be wrong with this meeting, one button each."""
    meeting = row.meeting
    buttons = [_kind(frame, meeting, kind) for kind in fitting(meeting)]
    last = (frame.button("back_to_meeting", Action.MEETING, meeting=meeting.id), frame.urgent())
    text = frame.texts.render("report/choose", title=meeting.name, when=lines.when(frame, frame.search, row))
    return Screen(text, (*pairs(buttons), last))


def ask(frame: Frame, meeting: Meeting) -> Screen:
    """Asks for words; the link of its own words carries which meeting it is about."""
    return _asking(frame, meeting, "report/ask")


def again(frame: Frame, meeting: Meeting, kept: Kept, length: int, most: int) -> Screen:
    """Nothing was kept: says why, beside what was written, and asks once more. `length` of it, `most` allowed."""
    found = [(frame.texts.label(f"personal.{one.kind}"), one.snippet) for one in kept.found]
    message = "report/personal" if kept.verdict is Verdict.PERSONAL else "report/again"
    values = {"found": found, "verdict": kept.verdict.value, "length": length, "most": most}
    return replace(_asking(frame, meeting, message, **values), answers=True)


def thanks(frame: Frame, meeting: Meeting, kind: ReportKind) -> Screen:
    """Thanks, what happens next, and other meetings for whoever stands before a locked door."""
    contact = _contact(meeting)
    text = frame.texts.render("report/thanks", title=meeting.name, locked=kind is ReportKind.LOCKED, contact=contact)
    return Screen(text, _onward(frame, meeting, contact))


def known(frame: Frame, meeting: Meeting, *, told_today: bool) -> Screen:
    """It is known already: from this chat today, or from many."""
    text = frame.texts.render("report/known", title=meeting.name, told_today=told_today)
    return Screen(text, _onward(frame, meeting, None))


def later(frame: Frame, meeting: Meeting, minutes: int) -> Screen:
    """Enough for this hour; `minutes` until the next."""
    text = frame.texts.render("report/later", minutes=minutes)
    return Screen(text, _onward(frame, meeting, None))


def _kind(frame: Frame, meeting: Meeting, kind: ReportKind) -> Button:
    action = Action.REPORT if kind is ReportKind.OTHER else Action.REPORT_SEND
    return frame.button(f"report.kind.{kind}", action, meeting=meeting.id, number=NUMBERS[kind])


def _asking(frame: Frame, meeting: Meeting, message: str, **values: object) -> Screen:
    number = NUMBERS[ReportKind.OTHER]
    link = frame.start_link(Press(Action.REPORT, frame.near(), meeting.id, number))
    text = frame.texts.render(message, link=link, title=meeting.name, **values)
    return Screen(text, ask=Ask(frame.texts.label("report.placeholder")))


def _contact(meeting: Meeting) -> Contact | None:
    """How the group, else the body behind the list, is reached in public."""
    body = meeting.entity or meeting.name
    every = (
        Contact(meeting.group or meeting.name, meeting.contact),
        Contact(body, meeting.entity_phone),
        Contact(meeting.name, meeting.url),
        Contact(body, meeting.entity_url),
    )
    return next((one for one in every if one.value), None)


def _onward(frame: Frame, meeting: Meeting, contact: Contact | None) -> tuple[tuple[Button, ...], ...]:
    """Another meeting near there and online, the contact, and back."""
    others = [frame.button("online_now", Action.ONLINE_NOW, frame.near(place=None))]
    place = _place(frame, meeting)
    if place is not None:
        near = Search(place=place, needs=frame.search.needs, seed=frame.search.seed, language=frame.search.language)
        others.insert(0, frame.button("near_there", Action.LIST, near))
    buttons = [tuple(others)]
    if contact is not None and contact.value.startswith("https://"):
        buttons.append((Button(frame.texts.label("open_page", name=contact.name), url=contact.value),))
    elif contact is not None and not contact.is_page:
        buttons.append((Button(frame.texts.label("copy_contact", number=contact.value), copy=contact.value[:256]),))
    back = frame.button("back_to_meeting", Action.MEETING, meeting=meeting.id)
    return (*buttons, (back, frame.urgent()))


def _place(frame: Frame, meeting: Meeting) -> Place | None:
    """Where a room is; for a call the place that was asked for, if any."""
    if meeting.in_person and meeting.latitude is not None and meeting.longitude is not None:
        return Place(meeting.city, meeting.latitude, meeting.longitude, country=meeting.country, zone=meeting.zone)
    return frame.search.place
