"""One thing that waits: what it is, where from, before and after, and what can be done about it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.domain.admin import Admin, Deed, key_of, may
from bot.domain.buttons import Action
from bot.domain.edits import Proposal
from bot.domain.feed import FeedCard
from bot.domain.meeting import Meeting
from bot.domain.queue import TAKEN_DOWN, Item, Kind, Step, numbered
from bot.views import admin_queue as lists
from bot.views.admin import called, home_row, moment, stacked
from bot.views.admin_fields import called as called_field
from bot.views.admin_fields import shown
from bot.views.formatting import cut
from bot.views.frame import Frame
from bot.views.moments import hour_of
from bot.views.screen import Button, Screen, pairs

TEXTS_SHOWN = 3
TEXT_LENGTH = 300
SUGGESTION_LENGTH = 1500
FIELDS_SHOWN = 6


@dataclass(frozen=True, slots=True)
class Case:
    """All that one item's screen is made of."""

    item: Item
    meeting: Meeting | None = None  # as people see it now
    card: FeedCard | None = None  # of its list
    alone_from: datetime | None = None  # of a proposal: when an owner may confirm their own; None: they may not


def one(frame: Frame, who: Admin, case: Case) -> Screen:
    """An item. What somebody may not do has no button."""
    item = case.item
    say, buttons = {
        Kind.REPORT: (_report, _report_buttons),
        Kind.PROPOSAL: (_proposal, _proposal_buttons),
        Kind.HELD: (_group, _held_buttons),
        Kind.CONFLICT: (_conflict, _conflict_buttons),
        Kind.SUGGESTION: (_suggestion, _suggestion_buttons),
        Kind.VANISHED: (_group, _group_buttons),
        Kind.OLD: (_group, _group_buttons),
    }[item.kind]
    rows = pairs([*buttons(frame, who, case), *_common(frame, case)])
    return Screen(say(frame, who, case), stacked(*rows, (lists.to_list(frame),), home_row(frame)))


def _head(frame: Frame, case: Case) -> dict[str, object]:
    item = case.item
    return {
        "kind": lists.kind_name(frame, item.kind),
        "title": lists.title(frame, item),
        "source": cut(item.source, lists.NAME_LENGTH),
        "since": lists.day_said(frame, item.since),
        "today": item.today,
    }


def meeting_said(frame: Frame, meeting: Meeting | None) -> dict[str, object]:
    """How a meeting stands in the list now; all empty for one that is not there any more."""
    if meeting is None:
        return {"there": False}
    return {
        "there": True,
        "fellowship": frame.kind(meeting.fellowship).name,
        "when": when_said(frame, meeting),
        "place": cut(meeting.place_line, 120) if meeting.in_person else "",
        "link": cut(meeting.join_url or meeting.join_notes, 120),
        "phone": cut(meeting.dial_in, 60),
        "updated": lists.day_said(frame, meeting.updated) if meeting.updated else "",
    }


def when_said(frame: Frame, meeting: Meeting) -> str:
    """Day and wall time of a weekly meeting, as its place writes them."""
    day = lists.days_said(frame, meeting.weekday)
    if meeting.weekday is None or meeting.start is None:
        return day
    return f"{day}, {hour_of(meeting.start, meeting.country)}"


def _report(frame: Frame, who: Admin, case: Case) -> str:
    found = case.item.what
    texts = [cut(text, TEXT_LENGTH) for text in found.texts[:TEXTS_SHOWN]]
    return frame.texts.render(
        "admin/queue_report",
        **_head(frame, case),
        what=lists.reports_said(frame, found),
        count=found.count,
        texts=texts,
        more=len(found.texts) - len(texts),
        now=meeting_said(frame, case.meeting),
    )


def _report_buttons(frame: Frame, who: Admin, case: Case) -> list[Button]:
    item, meeting, found = case.item, case.meeting, list[Button]()
    if meeting is not None and may(who, Deed.EDIT_MEETING, item.about):
        found.append(edit_button(frame, meeting.id))
        there = [any(getattr(meeting, name) for name in names) for names in TAKEN_DOWN]
        labels = ("admin.queue.take_link", "admin.queue.take_phone")
        found += [
            lists.does_it(frame, item, label, Step.TAKE_DOWN, way) for way, label in enumerate(labels) if there[way]
        ]
        found.append(lists.does_it(frame, item, "admin.queue.end", Step.ASK_END))
    found.append(lists.does_it(frame, item, "admin.queue.put_right", Step.ACCEPT))
    found.append(lists.does_it(frame, item, "admin.queue.reject", Step.ASK_REJECT))
    return found


def edit_button(frame: Frame, meeting: int) -> Button:
    """To the sheet of a meeting, where it can be changed."""
    return frame.button("admin.queue.edit", Action.ADMIN_MEETING, frame.blank(), meeting=meeting)


def _proposal(frame: Frame, who: Admin, case: Case) -> str:
    found: Proposal = case.item.what
    fields = _fields(frame, found.before, found.after, _country(case))
    return frame.texts.render(
        "admin/queue_change",
        **_head(frame, case),
        by=cut(called(frame, found.author.name, found.author.id), lists.NAME_LENGTH),
        at=moment(frame, found.at),
        why=cut(found.why, TEXT_LENGTH),
        fields=fields[:FIELDS_SHOWN],
        more=max(0, len(fields) - FIELDS_SHOWN),
        proposal=True,
        mine=found.author.id == who.id,
        alone_from=moment(frame, case.alone_from) if case.alone_from else "",
        can=can_confirm(frame, who, case),
        values=(),
    )


def can_confirm(frame: Frame, who: Admin, case: Case) -> bool:
    """Whether somebody is the second person, or an owner who has waited long enough."""
    if case.item.what.author.id != who.id:
        return True
    return case.alone_from is not None and frame.now >= case.alone_from


def _country(case: Case) -> str:
    return case.meeting.country if case.meeting else ""


def _proposal_buttons(frame: Frame, who: Admin, case: Case) -> list[Button]:
    found = []
    if can_confirm(frame, who, case):
        found.append(lists.does_it(frame, case.item, "admin.queue.confirm", Step.ACCEPT))
    found.append(lists.does_it(frame, case.item, "admin.queue.turn_down", Step.ASK_REJECT))
    if case.meeting is not None:
        found.append(edit_button(frame, case.meeting.id))
    return found


def _conflict(frame: Frame, who: Admin, case: Case) -> str:
    edit = case.item.what
    return frame.texts.render(
        "admin/queue_change",
        **_head(frame, case),
        by=cut(called(frame, edit.author.name, edit.author.id), lists.NAME_LENGTH),
        at=moment(frame, edit.at),
        why=cut(edit.why, TEXT_LENGTH),
        fields=(),
        more=0,
        proposal=False,
        mine=False,
        alone_from="",
        can=True,
        values=(
            called_field(frame, edit.field),
            *(_value(frame, edit.field, one, _country(case)) for one in (edit.value, edit.listed, edit.based_on)),
        ),
    )


def _conflict_buttons(frame: Frame, who: Admin, case: Case) -> list[Button]:
    ways = (("admin.queue.keep_edit", Step.KEEP), ("admin.queue.take_list", Step.GIVE_UP))
    found = [lists.does_it(frame, case.item, label, step) for label, step in ways]
    return [*found, edit_button(frame, case.item.what.meeting)]


def _suggestion(frame: Frame, who: Admin, case: Case) -> str:
    found = case.item.what
    return frame.texts.render(
        "admin/queue_suggestion",
        **_head(frame, case),
        about=frame.texts.label(f"admin.queue.about.{found.subject.kind.value}"),
        language=found.subject.language,
        version=found.subject.version,
        number=found.id,
        text=cut(found.text, SUGGESTION_LENGTH),
    )


def _suggestion_buttons(frame: Frame, who: Admin, case: Case) -> list[Button]:
    ways = (
        ("admin.queue.use", Step.ACCEPT),
        ("admin.queue.decline", Step.ASK_REJECT),
        ("admin.queue.text", Step.TEXT),
    )
    return [lists.does_it(frame, case.item, label, step) for label, step in ways]


def _group(frame: Frame, who: Admin, case: Case) -> str:
    item = case.item
    late = item.what.late if item.kind is Kind.OLD else None
    return frame.texts.render(
        "admin/queue_group",
        **_head(frame, case),
        what=item.kind.name.lower(),
        count=0 if item.kind is Kind.HELD else item.what.count,
        late=moment(frame, late) if late else "",
    )


def _held_buttons(frame: Frame, who: Admin, case: Case) -> list[Button]:
    key = key_of(case.item.feed)
    return [frame.button("admin.queue.look", Action.ADMIN_HELD, frame.blank(), meeting=key)]


def _group_buttons(frame: Frame, who: Admin, case: Case) -> list[Button]:
    item, found = case.item, list[Button]()
    if item.what.count:
        number = numbered(item.kind)
        found.append(
            frame.button(
                "admin.queue.see", Action.ADMIN_ITEM_MEETINGS, frame.blank(), meeting=item.key, number=number
            )
        )
    if item.kind is Kind.OLD and item.what.late and may(who, Deed.SYNC_FEED, item.about):
        found.append(frame.button("admin.the_feed", Action.ADMIN_FEED, frame.blank(), meeting=key_of(item.feed)))
    if item.kind is Kind.VANISHED:
        found.append(lists.does_it(frame, item, "admin.queue.all_right", Step.ACCEPT))
    return found


def _common(frame: Frame, case: Case) -> list[Button]:
    """Send on, where somebody publishes it; and put off."""
    found = []
    if case.card is not None and case.item.kind not in (Kind.PROPOSAL, Kind.SUGGESTION):
        found.append(lists.does_it(frame, case.item, "admin.queue.send_on", Step.SEND_ON))
    return [*found, lists.does_it(frame, case.item, "admin.queue.later", Step.ASK_PUT_OFF)]


def _fields(
    frame: Frame, before: Mapping[str, Any], after: Mapping[str, Any], country: str
) -> list[tuple[str, str, str]]:
    return [
        (
            called_field(frame, name),
            _value(frame, name, before.get(name), country),
            _value(frame, name, value, country),
        )
        for name, value in after.items()
        if not name.startswith("edit:")
    ]


def _value(frame: Frame, name: str, value: Any, country: str) -> str:
    return shown(frame, name, value, country, lists.VALUE_LENGTH)
