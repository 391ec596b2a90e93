"""Changing a meeting: buttons or a question for the new value, the difference, and what came of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import IntEnum
from typing import Any

from bot.domain import fields, guarded
from bot.domain.audit import Undone
from bot.domain.buttons import Action, Press
from bot.domain.edits import Done, Sheet
from bot.domain.fields import BadField
from bot.domain.meeting import MINUTES_A_DAY, TAGS, Meeting, bits_to_tags, tags_to_bits
from bot.views.admin import home_row, stacked
from bot.views.admin_draft import MOST_OTHERS, Draft, Form, Reason, button, changes_packed, press_of
from bot.views.admin_fields import called, different, shown, tag_called
from bot.views.admin_form import BOTH, IN_ROOM, ONLINE, lines
from bot.views.admin_meetings import back, title, when
from bot.views.formatting import cut, date_with_year, weekday_name
from bot.views.frame import Frame
from bot.views.meeting import map_link
from bot.views.moments import hour_of
from bot.views.screen import Ask, Button, Screen, pairs

NEARBY = (-60, -30, -15, 15, 30, 60)  # minutes from the time as it is
USUAL = 19 * 60  # for a meeting without a time
LENGTHS = (30, 45, 60, 75, 90, 120)  # minutes
WEEKS = (0, 1, 2, 4, 8, 13, 26)  # how long a change may count
TAGS_A_PAGE = 6
TAGS_SHOWN = tuple(
    "open closed women men lgbtq young newcomers wheelchair seniors child_friendly secular speaker discussion "
    "step_study meditation medication dual sign_language listen_only signs_slips nonbinary poc indigenous "
    "families_welcome beginners_only parents adult_children professionals mental_health goal_stop goal_less goal_own "
    "literature big_book tradition_study crosstalk candlelight fragrance_free smoking outdoor birthday food captions "
    "service round_the_clock".split()
)
_APART = ({"open", "closed"}, {"women", "men"})  # a meeting is not both
FIELD_LENGTH, TYPED_SHOWN, FAULTS_SHOWN, MEETINGS_SHOWN = 160, 1200, 5, 8


class Step(IntEnum):
    """What a button of a draft opens."""

    CONFIRM = 0
    OTHERS = 1
    WEEKS = 2
    REASON = 3


ASK = 1  # number of the button that asks for words
PAGE = 2  # from here on: the page of the tags, or the step after the day


@dataclass(frozen=True, slots=True)
class Plan:
    """What a draft would do: `values` by field, to the sheet's meeting and those of the others that were chosen."""

    sheet: Sheet
    draft: Draft
    values: Mapping[str, Any]

    @property
    def is_as_seen(self) -> bool:
        """Whether the meetings are still what they were when the button was made."""
        return self.draft.mark == marked(self.sheet, self.draft).mark

    @property
    def meetings(self) -> list[Meeting]:
        """All that it is about, the opened one first."""
        return [self.sheet.meeting, *self.draft.chosen(self.sheet.others)]


def marked(sheet: Sheet, draft: Draft) -> Draft:
    """The draft with the mark of what its meetings are now."""
    return replace(draft, mark=fields.mark([sheet.meeting, *draft.chosen(sheet.others)]))


def choose_time(frame: Frame, one: Sheet, draft: Draft) -> Screen:
    """Times near to the present one; any other in words."""
    meeting = one.meeting
    start = USUAL if meeting.start is None else meeting.start
    buttons = [
        button(frame, hour_of(minute, meeting.country), Action.ADMIN_DRAFT, replace(draft, value=minute))
        for minute in ((start + step) % MINUTES_A_DAY for step in NEARBY)
    ]
    return _choose(frame, "time", one, [*buttons, _written(frame, draft)])


def choose_day(frame: Frame, one: Sheet, draft: Draft) -> Screen:
    """Which day of the week."""
    buttons = [
        button(frame, weekday_name(frame.texts, day), Action.ADMIN_DRAFT, replace(draft, value=day))
        for day in range(1, 8)
    ]
    return _choose(frame, "day", one, buttons)


def choose_length(frame: Frame, one: Sheet, draft: Draft) -> Screen:
    """How long it lasts."""
    buttons = [
        button(frame, frame.texts.label("admin.minutes", length), Action.ADMIN_DRAFT, replace(draft, value=length))
        for length in LENGTHS
    ]
    return _choose(frame, "length", one, [*buttons, _written(frame, draft)])


def choose_joining(frame: Frame, one: Sheet, draft: Draft) -> Screen:
    """In a room, online, or both."""
    ways = ((IN_ROOM, "admin.in_room"), (ONLINE, "admin.online"), (BOTH, "admin.both"))
    buttons = [
        button(frame, frame.texts.label(label), Action.ADMIN_DRAFT, replace(draft, value=way)) for way, label in ways
    ]
    return _choose(frame, "joining", one, buttons)


def choose_tags(frame: Frame, one: Sheet, draft: Draft, page: int) -> Screen:
    """Who can come: each button says what it would make of one tag. The draft's value is what was chosen so far."""
    pages = -(-len(TAGS_SHOWN) // TAGS_A_PAGE)
    page %= pages
    chosen = bits_to_tags(draft.value)
    buttons = []
    for tag in TAGS_SHOWN[page * TAGS_A_PAGE : (page + 1) * TAGS_A_PAGE]:
        label = frame.texts.label("admin.tag_off" if tag in chosen else "admin.tag_on", tag=tag_called(frame, tag))
        turned = replace(draft, value=tags_to_bits(toggled(chosen, tag)))
        buttons.append(button(frame, cut(label, 40), Action.ADMIN_FORM, turned, number=PAGE + page))
    further = button(
        frame, frame.texts.label("admin.more_tags"), Action.ADMIN_FORM, draft, number=PAGE + (page + 1) % pages
    )
    ready = button(frame, frame.texts.label("admin.look_at_change"), Action.ADMIN_DRAFT, draft)
    text = frame.texts.render(
        "admin/meeting_tags",
        title=title(frame, one.meeting),
        chosen=[tag_called(frame, tag) for tag in TAGS if tag in chosen],
        page=page + 1,
        pages=pages,
    )
    rows = (*pairs(buttons), (further, ready), (back(frame, one.meeting.id),), home_row(frame))
    return Screen(text, rows, edits=True)


def toggled(tags: frozenset[str], tag: str) -> frozenset[str]:
    """With one tag more or fewer; of two that shut each other out the last one stays."""
    if tag in tags:
        return tags - {tag}
    shut_out = frozenset().union(*(pair for pair in _APART if tag in pair))
    return tags - shut_out | {tag}


def _choose(frame: Frame, what: str, one: Sheet, buttons: list[Button]) -> Screen:
    text = frame.texts.render("admin/meeting_choose", what=what, title=title(frame, one.meeting))
    return Screen(text, stacked(*pairs(buttons), (back(frame, one.meeting.id),), home_row(frame)))


def _written(frame: Frame, draft: Draft) -> Button:
    return button(frame, frame.texts.label("write_it"), Action.ADMIN_FORM, draft, number=ASK)


def question(
    frame: Frame, draft: Draft, meeting: Meeting | None, *, faults: Sequence[BadField] = (), typed: str = ""
) -> Screen:
    """Asks for the new words. With `faults`: what is wrong with what was `typed`, which stands there to be mended."""
    form = draft.form.name.lower()
    text = frame.texts.render(
        "admin/meeting_question",
        link=frame.start_link(press_of(frame, Action.ADMIN_FORM, draft, ASK)),
        form=form,
        title=title(frame, meeting) if meeting else "",
        faults=[fault_said(frame, fault) for fault in faults[:FAULTS_SHOWN]],
        lines=cut_lines(typed or _prefilled(frame, draft, meeting)),
        typed=bool(typed),
    )
    return Screen(text, ask=Ask(frame.texts.label(f"admin.placeholder.{form}")))


def _prefilled(frame: Frame, draft: Draft, meeting: Meeting | None) -> str:
    if draft.form in (Form.TIME, Form.LENGTH, Form.SUSPEND):
        return ""
    return lines(frame, draft, meeting)


def cut_lines(text: str) -> str:
    """What a form shows of a long text."""
    return text if len(text) <= TYPED_SHOWN else f"{text[: TYPED_SHOWN - 1]}…"


def fault_said(frame: Frame, fault: BadField) -> tuple[str, str, str]:
    """The field ("" for none), what is wrong, and what was typed."""
    key = f"admin.bad.{fault.reason}"
    reason = frame.texts.label(key if key in frame.texts.labels else "admin.bad.unreadable")
    return called(frame, fault.field) if fault.field else "", reason, cut(fault.text, FIELD_LENGTH)


def refused(frame: Frame, draft: Draft, faults: Sequence[BadField]) -> Screen:
    """What is wrong with a change that was chosen by buttons, and the ways on."""
    said = [fault_said(frame, fault) for fault in faults[:FAULTS_SHOWN]]
    text = frame.texts.render("admin/meeting_refused", faults=said)
    again = button(frame, frame.texts.label("admin.change_again"), Action.ADMIN_FORM, _anew(draft))
    return Screen(text, ((again, back(frame, draft.meeting)), home_row(frame)), answers=True)


def confirm(frame: Frame, plan: Plan, *, changed: bool = False) -> Screen:
    """Before and after, and what it is about. `changed`: the meeting is not what it was a moment ago."""
    draft, meeting = plan.draft, plan.sheet.meeting
    text = frame.texts.render("admin/meeting_confirm", **_told(frame, plan), changed=changed)
    label = frame.texts.label
    rows: list[tuple[Button, ...]] = []
    if any(different(one, plan.values) for one in plan.meetings) or draft.form in (Form.END, Form.RESTORE):
        rows.append((button(frame, label("admin.save"), Action.ADMIN_SAVE, draft),))
        rows += pairs(_options(frame, plan))
    again = button(frame, label("admin.change_again"), Action.ADMIN_FORM, _anew(draft))
    leave = Button(label("admin.leave_it"), data=back(frame, meeting.id).data)
    rows.append((leave,) if draft.form in (Form.END, Form.RESTORE) else (again, leave))
    if draft.form is Form.PLACE and meeting.in_person:
        rows.append((Button(label("admin.try_directions"), url=map_link(after(meeting, plan.values))),))
    return Screen(text, stacked(*rows, home_row(frame)), answers=True)


def _anew(draft: Draft) -> Draft:
    """What was typed, and tags that were chosen, are kept; a day or a time is chosen anew."""
    return draft if draft.typed or draft.form is Form.WHO else replace(draft, value=0)


def after(meeting: Meeting, values: Mapping[str, Any]) -> Meeting:
    """The meeting as it would be."""
    return replace(meeting, **values)


def _told(frame: Frame, plan: Plan) -> dict[str, object]:
    draft, texts, country = plan.draft, frame.texts, plan.sheet.meeting.country
    told = [{"title": title(frame, one), "changes": _changes(frame, one, plan.values)} for one in plan.meetings]
    until = draft.until(frame.now)
    kinds = guarded.kinds_of(frame.fellowships.values())
    hidden = draft.form in (Form.RESTORE, Form.DUPLICATE)  # it is put up as a whole
    waits = {
        name
        for one in plan.meetings
        for name in guarded.puts_up(None if hidden else one, after(one, plan.values), kinds)
    }
    return {
        "form": draft.form.name.lower(),
        "meetings": told[:MEETINGS_SHOWN],
        "more": max(0, len(told) - MEETINGS_SHOWN),
        "unchanged": not any(one["changes"] for one in told),
        "until": date_with_year(texts, until, country) if until else "",
        "reason": reason_said(frame, draft.reason),
        "proposed": [called(frame, name) for name in fields.FIELDS if name in waits],
        "directions": _directions(plan),
    }


def _changes(frame: Frame, meeting: Meeting, values: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    said = []
    for name, value in different(meeting, values).items():
        country = values.get("country") or meeting.country
        before = shown(frame, name, getattr(meeting, name), meeting.country, FIELD_LENGTH)
        said.append((called(frame, name), before, shown(frame, name, value, country, FIELD_LENGTH)))
    return said


def _directions(plan: Plan) -> str:
    """Where the map would be opened at."""
    meeting = after(plan.sheet.meeting, plan.values)
    if plan.draft.form is not Form.PLACE or not meeting.in_person:
        return ""
    if meeting.address and not meeting.approximate:
        return cut(", ".join(part for part in (meeting.address, meeting.city) if part), FIELD_LENGTH)
    return "" if meeting.latitude is None else f"{meeting.latitude:.5f}, {meeting.longitude:.5f}"


def reason_said(frame: Frame, reason: Reason) -> str:
    """A reason in words; empty for none."""
    return frame.texts.label(f"admin.reason.{reason.name.lower()}") if reason else ""


def _options(frame: Frame, plan: Plan) -> list[Button]:
    draft, label = plan.draft, frame.texts.label
    found: list[Button] = []
    if draft.form is Form.DUPLICATE:
        return found
    if plan.sheet.others and draft.form is not Form.DAY:
        found.append(button(frame, label("admin.several_days"), Action.ADMIN_DRAFT, draft, number=Step.OTHERS))
    if draft.form not in (Form.END, Form.RESTORE) and plan.sheet.listed is not None:
        found.append(button(frame, label("admin.only_until"), Action.ADMIN_DRAFT, draft, number=Step.WEEKS))
    if draft.form is not Form.RESTORE:
        found.append(button(frame, label("admin.say_why"), Action.ADMIN_DRAFT, draft, number=Step.REASON))
    return found


def choose_others(frame: Frame, plan: Plan) -> Screen:
    """Which other meetings of the group it is about too."""
    draft, others = plan.draft, plan.sheet.others[:MOST_OTHERS]
    chosen, label = draft.chosen(others), frame.texts.label
    buttons = []
    for bit, other in enumerate(others[:7]):
        text = label("admin.not_that_day" if other in chosen else "admin.also_that_day", day=when(frame, other))
        turned = marked(plan.sheet, replace(draft, others=draft.others ^ 1 << bit))
        buttons.append(button(frame, text, Action.ADMIN_DRAFT, turned, number=Step.OTHERS))
    every = marked(plan.sheet, replace(draft, others=(1 << len(others)) - 1))
    all_days = button(frame, label("admin.all_days"), Action.ADMIN_DRAFT, every)
    ready = button(frame, label("admin.look_at_change"), Action.ADMIN_DRAFT, draft)
    text = frame.texts.render(
        "admin/meeting_others", title=title(frame, plan.sheet.meeting), chosen=[when(frame, one) for one in chosen]
    )
    return Screen(text, (*pairs([*buttons, all_days]), (ready,), home_row(frame)), edits=True, answers=True)


def choose_weeks(frame: Frame, plan: Plan) -> Screen:
    """How long it counts."""
    draft, country = plan.draft, plan.sheet.meeting.country
    buttons = []
    for weeks in WEEKS:
        turned = replace(draft, weeks=weeks)
        until = turned.until(frame.now)
        date = date_with_year(frame.texts, until, country) if until else ""
        label = frame.texts.label("admin.until", date=date) if date else frame.texts.label("admin.for_good")
        buttons.append(button(frame, label, Action.ADMIN_DRAFT, turned))
    text = frame.texts.render("admin/meeting_choose", what="weeks", title=title(frame, plan.sheet.meeting))
    return Screen(text, (*pairs(buttons), home_row(frame)), edits=True, answers=True)


def choose_reason(frame: Frame, plan: Plan) -> Screen:
    """Why, in words that are ready."""
    draft = plan.draft
    buttons = [
        button(frame, reason_said(frame, reason), Action.ADMIN_DRAFT, replace(draft, reason=reason))
        for reason in Reason
        if reason
    ]
    unsaid = button(
        frame, frame.texts.label("admin.no_reason"), Action.ADMIN_DRAFT, replace(draft, reason=Reason.UNSAID)
    )
    text = frame.texts.render("admin/meeting_choose", what="reason", title=title(frame, plan.sheet.meeting))
    return Screen(text, (*pairs([*buttons, unsaid]), home_row(frame)), edits=True, answers=True)


def saved(frame: Frame, plan: Plan, done: Done, *, what: str = "changed") -> Screen:
    """What was changed, or waits for a second person, and the way to take it back. `what`: of the message's words."""
    text = frame.texts.render(
        "admin/meeting_saved",
        what=what,
        meetings=_told(frame, plan)["meetings"],
        changed=len(done.changed),
        proposed=len(done.proposed),
        also=len(done.also),
        elsewhere=len(done.elsewhere),
    )
    return Screen(
        text, stacked(take_back(frame, plan.sheet.meeting.id, done), *after_saving(frame, plan.sheet.meeting.id))
    )


def after_saving(frame: Frame, meeting: int) -> tuple[tuple[Button, ...], ...]:
    """Back to the meeting, or on to the next one."""
    another = frame.button("admin.another_meeting", Action.ADMIN_FIND, frame.blank())
    return (back(frame, meeting), another), home_row(frame)


def take_back(frame: Frame, meeting: int, done: Done) -> tuple[Button, ...]:
    """Undo, where something was written."""
    packed = changes_packed(done.changes)
    if not packed:
        return ()
    data = frame.pack(Press(Action.ADMIN_TAKE_BACK, frame.blank(), meeting, picked=packed))
    return (Button(frame.texts.label("admin.undo"), data=data),)


def taken_back(frame: Frame, meeting: int, results: Sequence[Undone]) -> Screen:
    """What was set back of several changes; those that something stands in the way of have a button each."""
    stuck = [one for one in results if one.conflicts]
    titles = [cut(one.change.subject.title or one.change.subject.id, 60) for one in stuck]
    text = frame.texts.render("admin/meeting_undone", count=sum(bool(one.fields) for one in results), stuck=titles)
    buttons = [
        (Button(cut(name, 40), data=frame.data(Action.ADMIN_CHANGE, frame.blank(), one.change.id)),)
        for name, one in zip(titles, stuck, strict=True)
    ]
    return Screen(text, stacked(*buttons[:MEETINGS_SHOWN], *after_saving(frame, meeting)))
