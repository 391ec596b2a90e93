"""What waits behind /admin: the list, and the ways from one item to the next."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime

from bot.domain.buttons import Action
from bot.domain.queue import Item, Kind, Page, Step, numbered
from bot.domain.report_kinds import Item as Reported
from bot.domain.search import Search
from bot.domain.suggestion import Kind as Subjects
from bot.domain.suggestion import Subject
from bot.views.admin import called, home_row, stacked
from bot.views.admin_fields import called as called_field
from bot.views.admin_history import Step as History
from bot.views.formatting import cut, date_with_year, listed, weekday_name
from bot.views.frame import Frame
from bot.views.screen import Button, Screen, pairs

NAME_LENGTH = 60
SHORT_NAME = 34  # on a button
VALUE_LENGTH = 200
UNDO = int(History.UNDO)


def shown(
    frame: Frame, page: Page, *, done: str = "", undo: int | None = None, lines: bool = False, edits: bool = False
) -> Screen:
    """One page of what waits. `lines`: with the way to urgent numbers.

    `done`: what became of the item before; `undo`: the number of that change.
    """
    text = frame.texts.render(
        "admin/queue",
        items=[line(frame, one) for one in page.items],
        count=page.counts.get(page.only, 0) if page.only else sum(page.counts.values()),
        only=kind_name(frame, page.only) if page.only else "",
        page=page.number,
        pages=page.pages,
        done=done,
    )
    buttons = [(_opener(frame, number, one),) for number, one in enumerate(page.items, 1)]
    numbers = (frame.button("admin.queue.lines", Action.ADMIN_LINE, frame.blank()),) if lines else ()
    back = (
        (frame.button("admin.undo", Action.ADMIN_CHANGE, frame.blank(), meeting=undo, number=UNDO),) if undo else ()
    )
    rows = stacked(back, *buttons, _turns(frame, page), *_kinds(frame, page), numbers, home_row(frame))
    return Screen(text, rows, edits=edits)


def kind_name(frame: Frame, kind: Kind) -> str:
    """What things of a kind are called."""
    return frame.texts.label(f"admin.queue.kind.{kind.name.lower()}")


def title(frame: Frame, item: Item) -> str:
    """What an item is about."""
    if item.kind is Kind.SUGGESTION:
        name = subject_title(frame, item.what.subject)
    else:
        name = item.title or frame.texts.label("admin.queue.by_hand")
    return cut(name, NAME_LENGTH)


def subject_title(frame: Frame, subject: Subject) -> str:
    """The article, the card or the country that a suggestion is about."""
    if subject.kind is Subjects.ARTICLE and subject.id in frame.articles:
        return frame.articles[subject.id].title
    return frame.kind(subject.id).name if subject.kind is Subjects.FELLOWSHIP else subject.id


def day_said(frame: Frame, instant: datetime) -> str:
    """The day of an instant, with its year."""
    return date_with_year(frame.texts, instant, frame.operator.country)


def reports_said(frame: Frame, found: Reported) -> str:
    """What is wrong, with how many say so where it is more than one."""
    words = [(frame.texts.label(f"admin.queue.wrong.{kind.value}"), count) for kind, count in found.counts.items()]
    return ", ".join(f"{word} ×{count}" if count > 1 else word for word, count in words)


def days_said(frame: Frame, weekday: int | None) -> str:
    """The day of the week on which a meeting is."""
    return weekday_name(frame.texts, weekday) if weekday else frame.texts.label("by_appointment")


def to_item(frame: Frame, item: Item, label: str = "admin.queue.back") -> Button:
    """Back to one item."""
    return frame.button(label, Action.ADMIN_ITEM, frame.blank(), meeting=item.key, number=numbered(item.kind))


def to_list(frame: Frame) -> Button:
    """Back to all of them."""
    return frame.button("admin.queue.all", Action.ADMIN_QUEUE, frame.blank())


def does_it(frame: Frame, item: Item, label: str, step: Step, choice: int = 0) -> Button:
    """A button that does something to an item, as it is now."""
    number = numbered(item.kind, step, choice)
    return frame.button(label, Action.ADMIN_ITEM_DO, as_seen(frame, item), meeting=item.key, number=number)


def as_seen(frame: Frame, item: Item) -> Search:
    """What a button of an item carries beside its numbers: the mark of what was looked at, as the page."""
    return replace(frame.blank(), page=item.seen)


def line(frame: Frame, item: Item) -> dict[str, object]:
    """An item in a few words, by their names in the list."""
    return {
        "kind": kind_name(frame, item.kind),
        "title": title(frame, item),
        "detail": cut(_detail(frame, item), NAME_LENGTH),
        "source": cut(item.source, NAME_LENGTH),
        "since": day_said(frame, item.since),
        "today": item.today,
    }


def _detail(frame: Frame, item: Item) -> str:
    label, what = frame.texts.label, item.what
    said: Mapping[Kind, Callable[[], str]] = {
        Kind.REPORT: lambda: reports_said(frame, what),
        Kind.PROPOSAL: lambda: label("admin.queue.by", name=called(frame, what.author.name, what.author.id)),
        Kind.HELD: lambda: label("admin.queue.decide"),
        Kind.CONFLICT: lambda: called_field(frame, what.field),
        Kind.SUGGESTION: lambda: label(f"admin.queue.about.{what.subject.kind.value}"),
        Kind.VANISHED: lambda: label("admin.queue.meetings", what.count),
        Kind.OLD: lambda: _old(frame, item),
    }
    return said[item.kind]()


def _old(frame: Frame, item: Item) -> str:
    parts = [frame.texts.label("admin.queue.late")] if item.what.late else []
    parts += [frame.texts.label("admin.queue.old_rows", item.what.count)] if item.what.count else []
    return listed(frame.texts, parts)


def _opener(frame: Frame, number: int, item: Item) -> Button:
    words = f"{number}. {kind_name(frame, item.kind)}: {cut(title(frame, item), SHORT_NAME)}"
    data = frame.data(Action.ADMIN_ITEM, frame.blank(), item.key, numbered(item.kind))
    return Button(words, data=data)


def _turns(frame: Frame, page: Page) -> tuple[Button, ...]:
    ways = (("previous", page.number - 1), ("next_page", page.number + 1))
    number = page.only or 0
    return tuple(
        frame.button(label, Action.ADMIN_QUEUE, replace(frame.blank(), page=to), number=number)
        for label, to in ways
        if 1 <= to <= page.pages
    )


def _kinds(frame: Frame, page: Page) -> tuple[tuple[Button, ...], ...]:
    """One kind alone, below the first page of several; and the way back from one."""
    if page.only:
        return ((to_list(frame),),)
    if page.pages == 1 or page.number > 1 or len(page.counts) == 1:
        return ()
    found = [
        Button(f"{kind_name(frame, kind)} ({count})", data=frame.data(Action.ADMIN_QUEUE, frame.blank(), None, kind))
        for kind, count in page.counts.items()
    ]
    return pairs(found)
