"""Texts that leave the bot by somebody's own hand: a letter to a publisher, and a change of words to commit."""

import re

from bot.domain.buttons import Action
from bot.domain.feed import FeedCard
from bot.domain.meeting import Meeting
from bot.domain.queue import Item, Kind
from bot.domain.suggestion import Suggestion
from bot.views import admin_queue as lists
from bot.views.admin import home_row, stacked
from bot.views.admin_fields import called, shown
from bot.views.admin_item import Case, when_said
from bot.views.formatting import cut
from bot.views.frame import Frame
from bot.views.screen import Button, Document, Screen

COPIED = 256  # characters that Telegram puts on the clipboard
LETTER_NAMES = 20


def send_on(frame: Frame, case: Case, names: list[str]) -> Screen:
    """Whom to write to, and a text that is ready. `names`: of the meetings that an item holds together."""
    item, card = case.item, case.card or FeedCard("", "", "", "", "", 0, 0, 0)
    letter = _letter(frame, case, names[:LETTER_NAMES])
    text = frame.texts.render(
        "admin/queue_send_on",
        title=lists.title(frame, item),
        publisher=cut(card.publisher, lists.NAME_LENGTH),
        feedback=card.feedback,
        contact=card.contact,
        letter=letter,
        whole=len(letter) <= COPIED,
    )
    copy = Button(frame.texts.label("admin.queue.copy"), copy=_on_clipboard(letter))
    page = card.feedback if card.feedback.startswith("https://") else card.contact
    ways = (copy, Button(frame.texts.label("admin.queue.their_page"), url=page)) if page else (copy,)
    return Screen(text, stacked(ways, (lists.to_item(frame, item), lists.to_list(frame)), home_row(frame)))


def _on_clipboard(letter: str) -> str:
    return letter if len(letter) <= COPIED else f"{letter[: COPIED - 1].rstrip()}…"


def _letter(frame: Frame, case: Case, names: list[str]) -> str:
    item, meeting = case.item, case.meeting
    label = frame.texts.label
    if item.kind is Kind.HELD:
        return label("admin.queue.letter.held", day=lists.day_said(frame, item.since))
    if item.kind is Kind.VANISHED:
        return "\n".join([label("admin.queue.letter.vanished"), *names])
    if item.kind is Kind.OLD:
        return "\n".join([label("admin.queue.letter.old"), *names])
    which = _which(frame, item, meeting)
    if item.kind is Kind.CONFLICT:
        return label("admin.queue.letter.conflict", None, meeting=which, **_difference(frame, case))
    said = "\n".join([lists.reports_said(frame, item.what), *item.what.texts])
    return label("admin.queue.letter.report", meeting=which, what=said)


def _difference(frame: Frame, case: Case) -> dict[str, str]:
    edit, country = case.item.what, case.meeting.country if case.meeting else ""
    told = {"list": edit.listed, "ours": edit.value}
    values = {name: shown(frame, edit.field, value, country, lists.NAME_LENGTH) for name, value in told.items()}
    return {"field": called(frame, edit.field), **values}


def _which(frame: Frame, item: Item, meeting: Meeting | None) -> str:
    if meeting is None:
        return item.title
    place = meeting.city if meeting.in_person else ""
    return ", ".join(
        part for part in (cut(meeting.name, lists.NAME_LENGTH), when_said(frame, meeting), place) if part
    )


def to_commit(frame: Frame, found: Suggestion, path: str, present: str, *, used: bool) -> Screen:
    """The file that somebody with the repository works from. Nothing changes by itself. `used`: it was decided on."""
    title = lists.subject_title(frame, found.subject)
    text = frame.texts.render("admin/queue_commit", title=title, path=path, number=found.id, used=used)
    written = _commit_file(frame, found, title, path, present)
    document = Document(f"suggestion-{found.id}.md", written.encode(), "text/markdown")
    back = frame.button("admin.queue.all", Action.ADMIN_QUEUE, frame.blank())
    return Screen(text, ((back,), home_row(frame)), document=document)


def _commit_file(frame: Frame, found: Suggestion, title: str, path: str, present: str) -> str:
    label = frame.texts.label
    heading = label("admin.queue.commit.suggested", number=found.id, day=found.received_on.isoformat())
    message = label("admin.queue.commit.message", title=title, path=path, number=found.id)
    rules = label(f"admin.queue.commit.rules.{found.subject.kind.value}")
    return commit_file(frame, path, present, heading, found.text, message, rules)


def commit_file(frame: Frame, path: str, present: str, heading: str, wanted: str, message: str, rules: str) -> str:
    """What somebody wants of a file, a commit message, what else changes with it, and the file: as Markdown."""
    label = frame.texts.label
    fence = "`" * max(3, _longest_run(present, wanted, message) + 1)
    parts = (
        f"# {path}",
        f"## {heading}",
        f"{fence}\n{wanted}\n{fence}",
        f"## {label('admin.queue.commit.ready')}",
        f"{fence}\n{message}\n{fence}",
        f"## {label('admin.queue.commit.remember')}",
        rules,
        f"## {label('admin.queue.commit.present')}",
        f"{fence}\n{present.rstrip()}\n{fence}",
    )
    return "\n\n".join(parts) + "\n"


def _longest_run(*texts: str) -> int:
    return max((len(run) for text in texts for run in re.findall("`+", text)), default=0)
