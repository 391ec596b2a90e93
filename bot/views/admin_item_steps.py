"""What is asked before an item is answered, and the meetings that an item holds together."""

from dataclasses import replace

from bot.domain.buttons import Action, Press
from bot.domain.meeting import Meeting
from bot.domain.queue import A_PAGE, PUT_OFF_DAYS, REASONS, Item, Kind, Light, Step, key_for, numbered
from bot.views import admin_queue as lists
from bot.views.admin import home_row, stacked
from bot.views.admin_item import edit_button, meeting_said
from bot.views.formatting import cut
from bot.views.frame import Frame
from bot.views.screen import Ask, Button, Screen


def ask_reject(frame: Frame, item: Item) -> Screen:
    """Why not? The usual reasons, and words of one's own."""
    name = item.kind.name.lower()
    buttons = [
        (lists.does_it(frame, item, f"admin.queue.reason.{name}.{reason}", Step.REJECT, choice),)
        for choice, reason in enumerate(REASONS.get(item.kind, ()), 1)
    ]
    other = frame.button(
        "admin.queue.other_reason",
        Action.ADMIN_ITEM_REASON,
        lists.as_seen(frame, item),
        meeting=item.key,
        number=numbered(item.kind),
    )
    text = frame.texts.render("admin/queue_reject", kind=name, title=lists.title(frame, item))
    return Screen(text, (*buttons, (other,), (lists.to_item(frame, item),), home_row(frame)))


def ask_reason(frame: Frame, item: Item, *, again: bool = False) -> Screen:
    """A question for a reason. `again`: the last answer held no words."""
    press = Press(Action.ADMIN_ITEM_REASON, lists.as_seen(frame, item), item.key, numbered(item.kind))
    text = frame.texts.render(
        "admin/queue_reason", link=frame.start_link(press), title=lists.title(frame, item), again=again
    )
    return Screen(text, ask=Ask(frame.texts.label("admin.queue.reason_placeholder")))


def reason_said(frame: Frame, kind: Kind, choice: int) -> str:
    """The words of a usual reason; "" for a number that is none."""
    reasons = REASONS.get(kind, ())
    if not 1 <= choice <= len(reasons):
        return ""
    return frame.texts.label(f"admin.queue.reason.{kind.name.lower()}.{reasons[choice - 1]}")


def ask_put_off(frame: Frame, item: Item) -> Screen:
    """Until when?"""
    days = tuple(lists.does_it(frame, item, f"admin.queue.days.d{days}", Step.PUT_OFF, days) for days in PUT_OFF_DAYS)
    text = frame.texts.render("admin/queue_put_off", title=lists.title(frame, item))
    return Screen(text, (days, (lists.to_item(frame, item),), home_row(frame)))


def ask_end(frame: Frame, item: Item) -> Screen:
    """A meeting that is over is not shown any more: sure?"""
    sure = lists.does_it(frame, item, "admin.queue.end_now", Step.END)
    text = frame.texts.render("admin/queue_end", title=lists.title(frame, item))
    return Screen(text, ((sure,), (lists.to_item(frame, item),), home_row(frame)))


def not_done(frame: Frame, item: Item, reasons: list[str]) -> Screen:
    """What speaks against a change; nothing was changed."""
    text = frame.texts.render("admin/queue_not_done", title=lists.title(frame, item), reasons=reasons)
    return Screen(text, ((lists.to_item(frame, item),), home_row(frame)))


def meetings(frame: Frame, item: Item, every: list[Light]) -> Screen:
    """The meetings that an item holds together, a page at a time."""
    pages = max(1, -(-len(every) // A_PAGE))
    page = min(max(1, frame.search.page), pages)
    some = every[(page - 1) * A_PAGE : page * A_PAGE]
    told = [(cut(one.name, lists.NAME_LENGTH), lists.day_said(frame, one.at)) for one in some]
    text = frame.texts.render(
        "admin/queue_meetings",
        title=lists.title(frame, item),
        what=item.kind.name.lower(),
        meetings=told,
        page=page,
        pages=pages,
    )
    buttons = [(_to_meeting(frame, item, number, one),) for number, one in enumerate(some, 1)]
    rows = stacked(*buttons, _turns(frame, item, page, pages), (lists.to_item(frame, item),), home_row(frame))
    return Screen(text, rows, edits=frame.search.page > 1)


def _to_meeting(frame: Frame, item: Item, number: int, one: Light) -> Button:
    words = f"{number}. {cut(one.name, lists.SHORT_NAME)}"
    if item.kind is Kind.OLD:
        return Button(words, data=frame.data(Action.ADMIN_OLD, frame.blank(), one.id, numbered(Kind.OLD)))
    return Button(words, data=frame.data(Action.ADMIN_MEETING, frame.blank(), one.id))


def _turns(frame: Frame, item: Item, page: int, pages: int) -> tuple[Button, ...]:
    ways = (("previous", page - 1), ("next_page", page + 1))
    search = frame.blank()
    return tuple(
        frame.button(
            label,
            Action.ADMIN_ITEM_MEETINGS,
            replace(search, page=to),
            meeting=item.key,
            number=numbered(item.kind),
        )
        for label, to in ways
        if 1 <= to <= pages
    )


def old(frame: Frame, meeting: Meeting, source: str, *, checked: bool) -> Screen:
    """One meeting that nobody touched for long: still right? `checked`: somebody has just said so."""
    text = frame.texts.render(
        "admin/queue_old",
        title=cut(meeting.name, lists.NAME_LENGTH),
        source=cut(source, lists.NAME_LENGTH),
        now=meeting_said(frame, meeting),
        checked=checked,
    )
    right = frame.button(
        "admin.queue.checked",
        Action.ADMIN_OLD,
        frame.blank(),
        meeting=meeting.id,
        number=numbered(Kind.OLD, Step.CHECKED),
    )
    ways = () if checked else (right, edit_button(frame, meeting.id))
    back = frame.button(
        "admin.queue.see_old",
        Action.ADMIN_ITEM_MEETINGS,
        frame.blank(),
        meeting=key_for(Kind.OLD, meeting.feed),
        number=numbered(Kind.OLD),
    )
    return Screen(text, stacked(ways, (back, lists.to_list(frame)), home_row(frame)))
