"""Meetings behind /admin: finding one, and its sheet: what stands, what was corrected here, what waits."""

from collections.abc import Sequence
from datetime import date, datetime
from enum import IntEnum

from bot.domain import fields
from bot.domain.admin import Admin, Deed, does, key_of, may
from bot.domain.buttons import Action, Press
from bot.domain.edits import Edit, Found, Proposal, Sheet
from bot.domain.exceptions import DatedException
from bot.domain.meeting import Meeting
from bot.views import days as day_words
from bot.views.admin import called as author_called
from bot.views.admin import home_row, moment, stacked
from bot.views.admin_draft import Draft, Form, button
from bot.views.admin_fields import called, shown
from bot.views.formatting import cut, date_with_year, listed, weekday_name, zone_name
from bot.views.frame import Frame
from bot.views.moments import hour_of
from bot.views.screen import Ask, Button, Screen, pairs

NAME_LENGTH, LINE_LENGTH, NOTE_LENGTH = 80, 90, 160
BUTTON_LENGTH = 40
OTHERS_SHOWN, DAYS_SHOWN, WAITING_SHOWN, TYPED_SHOWN = 7, 5, 3, 200
_HEADLINE = ("name", "fellowship")


class Part(IntEnum):
    """What a button of one meeting opens or does."""

    SHEET = 0
    MORE = 1
    LISTED = 2
    CHECKED = 3
    DAYS = 4


def ask(frame: Frame, *, typed: str = "", unknown: bool = False) -> Screen:
    """Which meeting. `unknown`: nothing was found for what was typed."""
    link = frame.start_link(Press(Action.ADMIN_FIND, frame.blank()))
    text = frame.texts.render("admin/meeting_ask", link=link, typed=cut(typed, TYPED_SHOWN), unknown=unknown)
    return Screen(text, ask=Ask(frame.texts.label("admin.meeting_placeholder")))


def found(frame: Frame, typed: str, some: Sequence[Found]) -> Screen:
    """Which of those that were found."""
    told = [
        {"title": title(frame, one.meeting), "place": _place(frame, one.meeting), "ended": one.ended} for one in some
    ]
    text = frame.texts.render("admin/meeting_found", typed=cut(typed, TYPED_SHOWN), meetings=told)
    buttons = [(opens(frame, one.meeting.id, cut(title(frame, one.meeting), BUTTON_LENGTH)),) for one in some]
    again = frame.button("admin.another_meeting", Action.ADMIN_FIND, frame.blank())
    return Screen(text, stacked(*buttons, (again,), home_row(frame)))


def title(frame: Frame, meeting: Meeting) -> str:
    """Name, day and time of a meeting, short."""
    return f"{cut(meeting.name, NAME_LENGTH)}, {when(frame, meeting)}"


def when(frame: Frame, meeting: Meeting) -> str:
    """Day and time: "Tuesday 19:00"."""
    if meeting.weekday is None or meeting.start is None:
        return frame.texts.label("by_appointment")
    return f"{weekday_name(frame.texts, meeting.weekday)} {hour_of(meeting.start, meeting.country)}"


def opens(frame: Frame, meeting: int, label: str, part: Part = Part.SHEET) -> Button:
    """A button to a meeting's sheet, or a part of it."""
    return Button(label, data=frame.data(Action.ADMIN_MEETING, frame.blank(), meeting, part))


def back(frame: Frame, meeting: int) -> Button:
    """The way back to the sheet."""
    return opens(frame, meeting, frame.texts.label("admin.the_meeting"))


def sheet(
    frame: Frame, who: Admin, one: Sheet, days: Sequence[DatedException] = (), *, checked: bool = False
) -> Screen:
    """Everything about one meeting. `checked`: somebody just said that it is right."""
    meeting = one.meeting
    text = frame.texts.render(
        "admin/meeting_sheet",
        name=cut(meeting.name, NAME_LENGTH),
        kind=frame.kind(meeting.fellowship).name,
        rows=_rows(frame, one),
        ended=one.ended,
        vanished=date_with_year(frame.texts, one.vanished_at, meeting.country) if one.vanished_at else "",
        corrections=_corrections(frame, one),
        waiting=[_waiting(frame, proposal, meeting) for proposal in one.proposals[:WAITING_SHOWN]],
        others=[when(frame, other) for other in one.others[:OTHERS_SHOWN]],
        days=[day_words.said(frame, meeting, day, meeting.country) for day in days[:DAYS_SHOWN]],
        checked_on=day_name(frame, one.checked_on, meeting) if one.checked_on else "",
        checked=checked,
    )
    rows = pairs(_first_buttons(frame, one)) if may(who, Deed.EDIT_MEETING, one.about) else ()
    return Screen(text, stacked(*rows, _ways(frame, one), home_row(frame)))


def more(frame: Frame, who: Admin, one: Sheet, days: Sequence[DatedException] = ()) -> Screen:
    """What else can be changed or done."""
    meeting = one.meeting
    text = frame.texts.render("admin/meeting_more", title=title(frame, meeting), ended=one.ended)
    buttons = [_form(frame, one, form) for form in (Form.SUSPEND, Form.CLOSED, Form.MOVED, Form.DUPLICATE)]
    buttons += [_form(frame, one, form) for form in (Form.LENGTH, Form.JOINING, Form.DETAILS)]
    buttons.append(_form(frame, one, Form.RESTORE if one.ended else Form.END))
    rows = pairs(buttons) if may(who, Deed.EDIT_MEETING, one.about) else ()
    others = (opens(frame, meeting.id, frame.texts.label("admin.other_days"), Part.DAYS),) if days else ()
    return Screen(text, stacked(*rows, (*others, back(frame, meeting.id)), home_row(frame)))


def what_the_list_says(frame: Frame, who: Admin, one: Sheet) -> Screen:
    """Field by field what the list says and what stands here, and the way to let the list count again."""
    meeting = one.meeting
    edits = set_by_hand(one)
    told = [
        {
            "field": called(frame, edit.field),
            "listed": shown(frame, edit.field, edit.listed, meeting.country, LINE_LENGTH),
            "here": shown(frame, edit.field, edit.value, meeting.country, LINE_LENGTH),
            "conflict": edit.conflict,
        }
        for edit in edits
    ]
    text = frame.texts.render("admin/meeting_listed", title=title(frame, meeting), edits=told)
    buttons: list[Button] = []
    if may(who, Deed.EDIT_MEETING, one.about):
        buttons = [_give_up(frame, meeting, [edit]) for edit in edits[:7]]
        buttons += [_give_up(frame, meeting, [])] if len(edits) > 1 else []
    return Screen(text, stacked(*pairs(buttons), (back(frame, meeting.id),), home_row(frame)))


def set_by_hand(one: Sheet) -> list[Edit]:
    """The corrections that somebody made; not those that follow from another one, nor that it is ended."""
    return [edit for edit in one.edits.values() if not edit.derived and edit.field in fields.FIELDS]


def day_name(frame: Frame, day: date, meeting: Meeting) -> str:
    """A date with its year: "24 Nov 2026"."""
    return date_with_year(frame.texts, datetime(day.year, day.month, day.day), meeting.country)


def _first_buttons(frame: Frame, one: Sheet) -> list[Button]:
    forms = (Form.TIME, Form.DAY, Form.PLACE, Form.LINK, Form.NAME, Form.WHO)
    right = opens(frame, one.meeting.id, frame.texts.label("admin.it_is_right"), Part.CHECKED)
    others = opens(frame, one.meeting.id, frame.texts.label("admin.more"), Part.MORE)
    return [*(_form(frame, one, form) for form in forms), right, others]


def _ways(frame: Frame, one: Sheet) -> tuple[Button, ...]:
    meeting = one.meeting
    card = frame.button("admin.the_card", Action.MEETING, frame.blank(), meeting=meeting.id)
    if one.listed is None or not set_by_hand(one):  # nothing stands here that the list does not say
        return (card,)
    return opens(frame, meeting.id, frame.texts.label("admin.what_the_list_says"), Part.LISTED), card


def _form(frame: Frame, one: Sheet, form: Form) -> Button:
    """The way into a form; what needs none is asked to be confirmed at once."""
    action = Action.ADMIN_DRAFT if form in (Form.END, Form.RESTORE) else Action.ADMIN_FORM
    label = frame.texts.label(f"admin.form.{form.name.lower()}")
    return button(frame, label, action, Draft(one.meeting.id, form, mark=fields.mark([one.meeting])))


def _give_up(frame: Frame, meeting: Meeting, edits: Sequence[Edit]) -> Button:
    keys = tuple(key_of(edit.field) for edit in edits)
    name = called(frame, edits[0].field) if edits else frame.texts.label("admin.everything")
    label = cut(frame.texts.label("admin.as_listed", field=name), BUTTON_LENGTH)
    return Button(label, data=frame.pack(Press(Action.ADMIN_GIVE_UP, frame.blank(), meeting.id, picked=keys)))


def _rows(frame: Frame, one: Sheet) -> list[tuple[str, str, str]]:
    """Name, value, and what the list says where that is something else; fields without either are left out."""
    found = []
    for name in fields.FIELDS:
        value, edit = getattr(one.meeting, name), one.edits.get(name)
        if name in _HEADLINE and edit is None:
            continue
        if edit is None and (value in ("", None, (), frozenset(), False)):
            continue
        longest = NOTE_LENGTH if name in ("notes", "directions") else LINE_LENGTH
        said = shown(frame, name, value, one.meeting.country, longest)
        instead = shown(frame, name, edit.listed, one.meeting.country, longest) if edit else ""
        found.append((called(frame, name), said, instead))
    return found


def _corrections(frame: Frame, one: Sheet) -> list[dict[str, object]]:
    """What was corrected here together, by whom and when."""
    together: dict[tuple[object, ...], list[Edit]] = {}
    for edit in set_by_hand(one):
        together.setdefault((edit.author, edit.at, edit.until, edit.why), []).append(edit)
    return [
        {
            "fields": listed(frame.texts, [called(frame, edit.field) for edit in edits]),
            "who": cut(author_called(frame, edits[0].author.name, edits[0].author.id), NAME_LENGTH),
            "at": moment(frame, edits[0].at),
            "until": moment(frame, edits[0].until) if edits[0].until else "",
            "why": cut(edits[0].why, LINE_LENGTH),
            "conflicts": listed(frame.texts, [called(frame, edit.field) for edit in edits if edit.conflict]),
        }
        for edits in together.values()
    ]


def _waiting(frame: Frame, proposal: Proposal, meeting: Meeting) -> dict[str, object]:
    changes = [
        (
            called(frame, name),
            shown(frame, name, proposal.before.get(name), meeting.country, LINE_LENGTH),
            shown(frame, name, value, meeting.country, LINE_LENGTH),
        )
        for name, value in proposal.after.items()
    ]
    who = cut(author_called(frame, proposal.author.name, proposal.author.id), NAME_LENGTH)
    return {"who": who, "at": moment(frame, proposal.at), "changes": changes[:OTHERS_SHOWN]}


def _place(frame: Frame, meeting: Meeting) -> str:
    parts = [meeting.venue, meeting.city] if meeting.in_person else [zone_name(frame.texts.language, meeting.zone)]
    kind = frame.kind(meeting.fellowship).short
    return cut(", ".join([kind, *(part for part in parts if part)]), LINE_LENGTH)


def edits_anything(who: Admin) -> bool:
    """Whether there is any meeting that somebody may change: for showing the button."""
    return does(who, Deed.EDIT_MEETING)
